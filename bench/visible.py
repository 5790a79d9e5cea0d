"""How long until what is released is found, by other processes: `python -m bench.visible [releases]`.

A site with 20 000 notices, served by gunicorn, and its worker, each in a process of its own. A notice is changed with
its change noted, in one transaction, as a release does; the clock starts when it is committed and stops when the page
of results that the site serves, kept pages included, shows it. The same page is asked for all along.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

SIZE, RELEASES, MOST_S, PORT = 20_000, 20, 2.0, 8797
ROOT = Path(__file__).resolve().parents[1]
SITE = f"http://127.0.0.1:{PORT}"


@contextmanager
def _running(*command: str) -> Iterator[Any]:
    process = subprocess.Popen([sys.executable, "-W", "ignore", *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it makes the files of the day
            process.kill()
            process.wait()


def _page(text: str) -> str:
    with urllib.request.urlopen(f"{SITE}/recherche?q={text}", timeout=20) as answer:
        return str(answer.read().decode())


def _ready() -> None:
    for _ in range(200):
        try:
            _page("rien")
            return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("Le site n'a pas répondu en une minute.")


def _released(number: int) -> tuple[str, int, float]:
    """A word that no notice held, the notice that now holds it, and when it was committed."""
    from django.db import transaction
    from django.utils import timezone

    from traam.programme.catalogue.models import Notice
    from traam.programme.catalogue.notices import note_changes

    word = f"zyg{'abcdefghijklmnopqrstuvwxyz'[number % 26]}xo{number}"
    with transaction.atomic():
        notice = Notice.objects.filter(state=Notice.State.PUBLISHED).order_by("pk")[number * 37]
        notice.title, notice.datestamp = f"Un {word} en classe", timezone.now().replace(microsecond=0)
        notice.save()
        note_changes([notice])
    return word, notice.pk, time.monotonic()


def measure(releases: int) -> list[float]:
    """Seconds from each commit to the page that shows it."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench.harvesters import fill
    from traam.programme.catalogue import index

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    fill(SIZE)
    index.rebuild()
    spent = []
    with ExitStack() as running:
        running.enter_context(_running("-m", "traam", "serve", "--port", str(PORT)))
        running.enter_context(_running("-m", "traam", "work"))
        _ready()
        for number in range(releases):
            time.sleep(0.15 * (number % 8))  # anywhere in the second that the worker sleeps
            word, pk, begin = _released(number)
            while f'href="/notices/{pk}"' not in _page(word):
                if time.monotonic() - begin > 30:
                    raise SystemExit(f"« {word} » n'est pas trouvé au bout de 30 s.")
                time.sleep(0.02)
            spent.append(time.monotonic() - begin)
    return spent


def main() -> int:
    releases = int(sys.argv[1]) if sys.argv[1:] else RELEASES
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        for name in [name for name in os.environ if name.startswith(("DATABASE_", "TRAAM_"))]:
            del os.environ[name]
        os.environ |= {"TRAAM_DATA": data, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        spent = sorted(measure(releases))
    worst = spent[-1]
    print(f"{releases} publications parmi {SIZE} notices, lues par la page de résultats d'un autre processus :")
    print(f"- médiane {median(spent):.2f} s, la plus longue {worst:.2f} s")
    print(f"- {'tenu' if worst < MOST_S else 'NON TENU'} : vue en moins de {MOST_S:.0f} s")
    return 0 if worst < MOST_S else 1


if __name__ == "__main__":
    sys.exit(main())
