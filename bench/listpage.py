"""The list page of the public site over 20 000 notices: drawn, then given again as it was; beside Django's own list.

    python -m bench.listpage [20000]

The page of results (20 notices, total, every facet, extracts) and the page of themes, asked as a server asks: through
every middleware, compressed. `drawn` keeps no page; `given again` is what a reader without a session gets. Beside it,
the list of the same notices in Django's administration (20 rows, two filters), and the list of pretalx (its own data).
CPU of the process, median of many; SQLite.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles
from typing import Any

from bench.apart import rows_of
from bench.peers import pretalx
from bench.tables import figures_of

SIZE = 20_000
MOST_DRAWN_MS, MOST_KEPT_MS, MOST_KB = 10.0, 1.5, 50.0
PAGES = (
    ("Résultats, sans texte", "/recherche"),
    ("Résultats, deux mots", "/recherche?q=production+num%C3%A9rique"),
    ("Résultats, un filtre", "/recherche?q=num%C3%A9rique&discipline=MATH"),
    ("Thèmes", "/themes/"),
    ("Accueil", "/"),
)
ADMIN = "Administration de Django, 20 notices"


# --- In the process of our site


def measure(size: int) -> list[dict[str, Any]]:
    """A row for each page, and one for the list of the administration; each in milliseconds and bytes."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.admin"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from bench.harvesters import fill
    from bench.peers import admin
    from traam.demo.build import build
    from traam.programme.catalogue import index

    call_command("migrate", verbosity=0)
    build(timezone.localtime())
    fill(size)
    index.rebuild()
    rows = []
    for label, address in PAGES:
        settings.PAGES_KEPT = 0
        drawn, octets, small = _cost(lambda address=address: _ask(address), 40)  # type: ignore[misc]
        settings.PAGES_KEPT = 32_000_000
        kept, *_ = _cost(lambda address=address: _ask(address), 400)  # type: ignore[misc]
        rows.append({"label": label, "drawn": drawn, "kept": kept, "bytes": octets, "sent": small})
    theirs, octets, _ = _cost(admin.changelist, 20)
    rows.append({"label": ADMIN, "drawn": theirs, "bytes": octets})
    return rows


def _cost(ask: Callable[[], tuple[int, int]], times: int) -> tuple[list[float], int, int]:
    """Milliseconds of CPU (median, 95th percentile), bytes of the page and bytes sent, after warming up."""
    for _ in range(3):
        octets, small = ask()
    spent = []
    for _ in range(times):
        begin = time.process_time()
        ask()
        spent.append((time.process_time() - begin) * 1000)
    return [median(spent), quantiles(spent, n=20)[-1]], octets, small


def _ask(address: str) -> tuple[int, int]:
    """The page as gunicorn asks for it; its size, and what is sent of it compressed."""
    import gzip

    from django.test import RequestFactory

    from bench.peers.admin import handler

    asked = RequestFactory().get(address, headers={"Accept-Encoding": "gzip", "Host": "localhost"})
    heard: list[Any] = []
    response = handler()(asked.environ, lambda *told: heard.append(told))
    body = b"".join(response)
    response.close()
    if not heard[0][0].startswith("200"):
        raise SystemExit(f"{address} : {heard[0][0]}")
    return len(gzip.decompress(body)), len(body)


# --- Beside one another


def _line(label: str, row: Mapping[str, Any]) -> str:
    def told(pair: Any) -> str:
        return f"{pair[0]:.2f} / {pair[1]:.2f}" if pair else "–"

    sent = f"{row['sent'] / 1000:.1f}" if "sent" in row else "–"
    cells = [label, told(row.get("drawn")), told(row.get("kept")), f"{row['bytes'] / 1000:.1f}", sent]
    return f"| {' | '.join(cells)} |"


def _mark(sentence: str, held: bool) -> bool:
    print(f"- {'tenu' if held else 'NON TENU'} : {sentence}")
    return held


def main() -> int:
    rows = rows_of("bench.listpage", int(sys.argv[1]) if sys.argv[1:] else SIZE)
    print("| Page | dessinée, p50 / p95 (ms de CPU) | rendue telle quelle, p50 / p95 | HTML (ko) | envoyé (ko) |")
    print("|---" * 5 + "|")
    for label, row in rows.items():
        print(_line(label, row))
    try:
        theirs = {row["page"]: row for row in pretalx.measure()}
        print(f"\npretalx, {figures_of(theirs['submission list'])}")
    except (pretalx.Unavailable, KeyError) as why:
        print(f"\npretalx n'a pas pu être mesuré ici : {why}")
    ours = [row for label, row in rows.items() if label != ADMIN]
    drawn, kept = max(row["drawn"][0] for row in ours), max(row["kept"][0] for row in ours)
    print()
    held = [
        _mark(f"une page dessinée sous {MOST_DRAWN_MS:.0f} ms de CPU ({drawn:.2f} au plus)", drawn < MOST_DRAWN_MS),
        _mark(f"une page rendue sous {MOST_KEPT_MS} ms de CPU ({kept:.2f} au plus)", kept < MOST_KEPT_MS),
        _mark(f"moins de {MOST_KB:.0f} ko de HTML", max(row["bytes"] for row in ours) < MOST_KB * 1000),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        for measured in measure(int(sys.argv[2])):
            print(json.dumps(measured, ensure_ascii=False))
        sys.exit(0)
    sys.exit(main())
