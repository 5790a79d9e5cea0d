"""The table of the pages measured: what each takes, whether it holds its numbers. Knows nothing of Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_QUERIES, MOST_CPU_MS, MOST_KB = 15, 60, 120


@dataclass(frozen=True)
class Page:
    """A page to measure. In `args`, "open" stands for the key of that campaign, "open.theme" for its first theme,
    "open.dossier" for the first application forwarded to that theme (of "announced", for one that was retained),
    "open.academy" for the short name of its academy; the rest is literal. `account` is one of the simulation ("" for
    the public), `{open}` standing for that same academy; `peer` is pretalx's page for the same need.
    """

    label: str
    name: str
    args: tuple[str, ...] = ()
    account: str = ""
    query: str = ""
    peer: str = ""


def page_row(page: Page, rows: list[dict[str, Any]], peer: dict[str, Any] | None) -> tuple[str, bool]:
    """The line of a page, and whether it holds all its numbers."""
    failed = next((row["failure"] for row in rows if "failure" in row), "")
    if failed:
        return f"| {page.label} | {failed} | | | | | | | |", False
    queries, cpu, kb = ([row[key] for row in rows] for key in ("queries", "cpu_ms", "bytes"))
    held = (
        len(set(queries)) == 1,
        max(queries) <= MOST_QUERIES,
        max(cpu) < MOST_CPU_MS,
        max(kb) < MOST_KB * 1000,
    )
    cells = [
        page.label,
        " / ".join(map(str, queries)),
        " / ".join(f"{ms:.0f}" for ms in cpu),
        " / ".join(f"{size / 1000:.0f}" for size in kb),
        *("oui" if one else "**non**" for one in held),
        figures_of(peer),
    ]
    return f"| {' | '.join(cells)} |", all(held)


def figures_of(peer: dict[str, Any] | None) -> str:
    if peer is None:
        return ""
    if "failure" in peer:
        return str(peer["failure"])
    return f"{peer['queries']} req., {peer['cpu_ms']:.0f} ms, {peer['bytes'] / 1000:.0f} ko ({peer['page']})"


def print_table(
    pages: Sequence[Page],
    sizes: Sequence[dict[str, Any]],
    peers: Mapping[str, dict[str, Any]] | None = None,
    last: str = "",
) -> None:
    """The table in Markdown, then how many pages hold everything. `last` names the column of the peer."""
    heads = ("Page", "Requêtes", "CPU ms", "ko", "Constant ?", f"≤ {MOST_QUERIES} ?")
    print(f"| {' | '.join(heads)} | < {MOST_CPU_MS} ms ? | < {MOST_KB} ko ? | {last} |")
    print("|---|---|---|---|---|---|---|---|---|")
    broken = []
    for page in pages:
        line, held = page_row(page, [rows[page.label] for rows in sizes], (peers or {}).get(page.peer))
        print(line)
        broken += [] if held else [page.label]
    print(f"\n{len(pages) - len(broken)} pages sur {len(pages)} tiennent tous leurs nombres.", end=" ")
    print(f"Pas : {', '.join(broken)}." if broken else "")
