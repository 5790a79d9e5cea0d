"""Records a second that our OAI-PMH repository gives, beside `oai_repo` from PyPI, over the same 20 000 notices.

    python -m bench.harvest [20000]

Each is asked for the whole list, page after page by its own tokens, in a process and a database of its own and without
a server. Both read the same rows by Django and draw the same Dublin Core and ScoLOMFR with our own engine: what
differs is the protocol, the order and the pages of 100. A first page warms both up.
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench.apart import rows_of
from bench.peers.fulltext import Unavailable

SIZE = 20_000
TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
Asked = Sequence[tuple[str, str]]


# --- In the process of one repository


def measure(size: int) -> list[dict[str, Any]]:
    """A row for each: by format, records, CPU seconds, seconds and bytes."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "traam.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from bench.harvesters import fill
    from bench.peers import oai_repo
    from traam.interop.repository import provider

    call_command("migrate", verbosity=0)
    fill(size)
    now, ours = timezone.now(), provider()
    rows = [{"label": "TraAM", **_both(lambda asked: ours.answer(asked, now=now))}]
    try:
        theirs = oai_repo.repository()
        rows.append({"label": "peer", **_both(lambda asked: bytes(theirs.process(dict(asked))))})
    except Unavailable as why:
        rows.append({"label": "peer", "unavailable": str(why)})
    return rows


def _both(answer: Callable[[Asked], bytes]) -> dict[str, Any]:
    return {prefix: _harvest(answer, prefix) for prefix in ("oai_dc", "lom")}


def _harvest(answer: Callable[[Asked], bytes], prefix: str) -> list[float]:
    asked: Asked = [("verb", "ListRecords"), ("metadataPrefix", prefix)]
    answer(asked)
    begin, wall, records, octets = time.process_time(), time.monotonic(), 0, 0
    while asked:
        page = answer(asked)
        records, octets = records + page.count(b"<record>"), octets + len(page)
        token = TOKEN.search(page)
        asked = [("verb", "ListRecords"), ("resumptionToken", token[1].decode())] if token else []
    return [records, time.process_time() - begin, time.monotonic() - wall, octets]


# --- Beside one another


def _line(label: str, prefix: str, found: Sequence[float]) -> str:
    records, cpu, wall, octets = found
    cells = [label, prefix, f"{records:,}", f"{cpu:.2f}", f"{wall:.2f}", f"{records / cpu:,.0f}", f"{octets / 1e6:.0f}"]
    return f"| {' | '.join(cells)} |".replace(",", " ")


def main() -> int:
    rows = rows_of("bench.harvest", int(sys.argv[1]) if sys.argv[1:] else SIZE)
    ours, theirs = rows["TraAM"], rows["peer"]
    print("| Entrepôt | format | notices | CPU (s) | durée (s) | notices par seconde de CPU | Mo |")
    print("|---" * 7 + "|")
    for prefix in ("oai_dc", "lom"):
        print(_line("TraAM", prefix, ours[prefix]))
        if "unavailable" not in theirs:
            print(_line("oai_repo (PyPI)", prefix, theirs[prefix]))
    print()
    if "unavailable" in theirs:
        print(f"oai_repo n'est pas mesuré : {theirs['unavailable']}")
        return 0
    for prefix in ("oai_dc", "lom"):
        times = (ours[prefix][0] / ours[prefix][1]) / (theirs[prefix][0] / theirs[prefix][1])
        print(f"- {prefix} : {times:.2f} fois ses notices par seconde")
    missing = ours["oai_dc"][0] - theirs["oai_dc"][0]
    print(f"- il tait {missing:.0f} notices retirées, que nous disons ; ses pages se décalent quand une notice change.")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        for row in measure(int(sys.argv[2])):
            print(json.dumps(row, ensure_ascii=False))
        sys.exit(0)
    sys.exit(main())
