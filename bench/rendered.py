"""Pages shown in a browser for the audit: how many a second, and how much memory they take.

    python -m bench.rendered [200]

The pages are those of a school's site, made here: titles, tables, forms, pictures, style sheets, a few scripts and
trackers, with the faults that such pages have. They are given from memory: the network would be measured with them.
"""

import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

COUNT = 200
SITE = "https://ecole.exemple"
GOAL = 1.0  # pages a second
SAMPLE = 0.5  # seconds between two weighings
TEXT = """
    les élèves comparent leurs réponses puis défendent une hypothèse devant la classe en s'appuyant sur des documents
    choisis par le professeur documentaliste qui propose une grille de lecture de l'image et de son contexte de
    publication afin de distinguer un fait d'une opinion
"""
WORDS = TEXT.split()
TRACKERS = ("https://mesure.exemple/stat.js", "https://pub.exemple/tag.js", "https://partage.exemple/boutons.js")


def pages(count: int, seed: int = 7) -> dict[str, bytes]:
    """Address → HTML. The same each time."""
    draw = random.Random(seed)
    return {f"{SITE}/page-{number}": _page(number, draw).encode() for number in range(count)}


def _page(number: int, draw: random.Random) -> str:
    sections = "".join(_section(place, draw) for place in range(draw.randint(4, 12)))
    tracker = f'<script async src="{draw.choice(TRACKERS)}"></script>' if draw.random() < 0.4 else ""
    lang = ' lang="fr"' if draw.random() < 0.9 else ""
    menu = "".join(f'<li><a href="/rubrique-{n}">{_words(draw, 3)}</a></li>' for n in range(draw.randint(8, 40)))
    return f"""<!doctype html><html{lang}><head><meta charset="utf-8"><title>{_words(draw, 5)} ({number})</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css">
<script defer src="/site.js"></script>{tracker}</head><body><header role="banner"><p>Académie d'exemple</p>
<nav aria-label="Menu"><ul>{menu}</ul></nav></header><main id="contenu"><h1>{_words(draw, 6)}</h1>{sections}</main>
<footer><a href="/mentions-legales">Mentions légales</a> <a href="/accessibilite">Accessibilité : non conforme</a>
</footer></body></html>"""


def _section(place: int, draw: random.Random) -> str:
    level = 2 if draw.random() < 0.9 else 4
    parts = [f"<h{level}>{_words(draw, 5)}</h{level}>"]
    parts += [f"<p>{_words(draw, draw.randint(30, 120))}.</p>" for _ in range(draw.randint(1, 5))]
    if draw.random() < 0.5:
        alt = f' alt="{_words(draw, 6)}"' if draw.random() < 0.8 else ""
        parts.append(f'<figure><img src="/image-{place}.svg"{alt} width="640" height="360"></figure>')
    if draw.random() < 0.3:
        parts.append(_table(draw))
    if draw.random() < 0.2:
        label = f'<label for="champ-{place}">Rechercher</label>' if draw.random() < 0.7 else ""
        parts.append(f'<form>{label}<input id="champ-{place}" type="search"><button>Envoyer</button></form>')
    if draw.random() < 0.15:
        title = ' title="Vidéo de la séance"' if draw.random() < 0.6 else ""
        parts.append(f'<iframe src="/lecteur"{title} width="560" height="315"></iframe>')
    return f"<section>{''.join(parts)}</section>"


def _table(draw: random.Random) -> str:
    head = "".join(f'<th scope="col">{_words(draw, 2)}</th>' for _ in range(5))
    rows = "".join(f"<tr>{''.join(f'<td>{_words(draw, 3)}</td>' for _ in range(5))}</tr>" for _ in range(20))
    return f"<table><caption>{_words(draw, 4)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count)).capitalize()


def files() -> dict[str, tuple[str, bytes]]:
    """What pages load: address → media type and bytes. The weight of an ordinary site's."""
    rules = "".join(
        f".bloc-{n} > .part-{n % 9}:not(:hover) {{ margin: {n % 7}px; color: #{n % 9}{n % 7}5; padding: .{n}em }}\n"
        for n in range(2500)
    )
    script = (
        "document.querySelectorAll('section').forEach((s, n) => { s.classList.add('bloc-' + n)\n"
        "  const b = document.createElement('button'); b.textContent = 'Replier'; b.onclick = () => s.hidden = true\n"
        "  s.append(b) })\n"
        + "".join(f"function outil{n}(x) {{ return x * {n} + outil{n - 1 or 9}(x) }}\n" for n in range(1500))
    )
    drawing = "".join(f'<circle cx="{n * 13 % 640}" cy="{n * 7 % 360}" r="{n % 40}"/>' for n in range(200))
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">{drawing}</svg>'
    base = "body { font: 16px/1.5 sans-serif; color: #333; max-width: 60em; margin: auto } nav a { color: #89a }\n"
    known = {
        f"{SITE}/site.css": ("text/css", (base + rules).encode()),
        f"{SITE}/site.js": ("text/javascript", script.encode()),
        f"{SITE}/lecteur": ("text/html; charset=utf-8", b"<!doctype html><title>Lecteur</title><p>Lecture"),
    }
    known |= {f"{SITE}/image-{n}.svg": ("image/svg+xml", picture.encode()) for n in range(12)}
    tag = b"document.cookie = 'suivi=1; max-age=31536000'; new Image().src = 'https://pixel.exemple/p.gif'"
    return known | dict.fromkeys(TRACKERS, ("text/javascript", tag))


@dataclass(frozen=True)
class Run:
    """One pass over the pages: seconds of the whole and of each page, bytes at the most, sentences of what failed."""

    concurrency: int
    seconds: float
    each: list[float]
    peak: int
    failures: list[str]


@contextmanager
def peak_of_children() -> Iterator[list[int]]:
    """The weights of all the processes we started, read from time to time while the block runs."""
    from traam.gateways.browser import memory

    seen, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE):
            seen.append(sum(memory.weight(process) for process in memory.tree(os.getpid())[1:]))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def measure(count: int, concurrency: int) -> Run:
    from traam.engines.pageaudit.values import Fetched, Rendered
    from traam.gateways.browser import Browser, Care

    html = pages(count)
    given = files() | {address: ("text/html; charset=utf-8", body) for address, body in html.items()}
    each: list[float] = []

    def fetch(method: str, address: str, headers: Mapping[str, str]) -> Fetched:
        if address not in given:
            return Fetched(address, address, error="name")
        media_type, body = given[address]
        return Fetched(address, address, 200, (("content-type", media_type),), body)

    class Timed(Browser):
        def render(self, address: str, *, seconds: float | None = None) -> Rendered:
            begin = time.monotonic()
            seen = super().render(address, seconds=seconds)
            each.append(time.monotonic() - begin)
            return seen

    begin = time.monotonic()
    with peak_of_children() as weights, Timed(fetch, care=Care(concurrency=concurrency)) as browser:
        seen = list(browser.render_many(html))
    failures = [f"{one.address} : {one.error}" for one in seen if one.error or not one.axe]
    return Run(concurrency, time.monotonic() - begin, each, max(weights), failures)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "traam.config.settings")
    from traam.gateways.browser import availability

    count = int(sys.argv[1]) if sys.argv[1:] else COUNT
    machine = availability()
    if machine.sentence:
        print(machine.sentence)
    if not (machine.ready and machine.axe):
        return 0
    print(f"{count} pages affichées dans Chromium puis jugées par axe-core ; PSS de tous ses processus.\n")
    print("| À la fois | Pages par seconde | Médiane | 95 % | PSS au plus | Échecs |\n|--:|--:|--:|--:|--:|--:|")
    failures: list[str] = []
    for concurrency in (1, 2):
        run = measure(count, concurrency)
        failures += run.failures
        late = statistics.quantiles(run.each, n=20)[-1] if len(run.each) > 1 else run.each[0]
        print(
            f"| {concurrency} | {count / run.seconds:.2f} | {statistics.median(run.each):.2f} s | {late:.2f} s "
            f"| {run.peak >> 20} Mio | {len(run.failures)} |",
            flush=True,
        )
    print(f"\nBut : {GOAL:g} page par seconde, deux à la fois.")
    for line in failures[:10]:
        print(line, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
