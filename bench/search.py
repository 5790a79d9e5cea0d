"""Our search beside PostgreSQL's full text, SQLite FTS5 and `modelsearch`, on the same notices and the same searches.

    python -m bench.search [--size N]… [--engine NAME]…     (20 000, 200 000, 1 000 000; ours and the three others)

A full page of results each time: 20 hits, exact total, the counts of 8 facets where each ignores its own choice, marked
extracts. CPU of the process, and of the PostgreSQL backend that serves it (a private server, thrown away, without
parallel workers). Then searches for notices that exist, with a fault each: the mean of 1/rank within ten (MRR@10).
Each engine has a process of its own. `modelsearch` is installed from PyPI under the folder of measures, once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from bench.corpus import FAULTS, TYPED, Asked, Made, known_items, notices, searches

ROOT = Path(__file__).resolve().parents[1]
SIZES = (20_000, 200_000, 1_000_000)
ENGINES = ("ours", "postgresql", "fts5", "modelsearch")
INDEXING_S = 1_800
"""What one engine is given to make its index: past that, it is said and left."""
ASKING_S = 600
"""And to answer: twice `PATIENCE_S` and its warming up, unless one page takes minutes."""
MOST_P95_MS, TIMES_LESS, LEAST_MRR, MOST_MB = 50.0, 10.0, 0.95, 300.0
PATIENCE_S = 60
"""What one engine is given for all its searches: a slow one is measured on fewer."""
SEEN = 20_000
"""Searches are drawn from the first notices, so that they are the same at every size."""


# --- In the process of one engine


def _corpus(size: int) -> tuple[Iterator[Made], list[Asked], list[Asked]]:
    """The notices, the searches of a day, the known items: the same for every engine."""
    drawn = list(islice(notices(size), SEEN))
    known, changed = known_items(drawn)
    every = (changed.get(notice.id, notice) for notice in notices(size))
    return every, searches(drawn), known


def _engine(name: str, folder: Path) -> Any:
    from bench.peers import fulltext, modelsearch

    if name == "postgresql":
        return fulltext.PostgreSQL(os.environ["DATABASE_URL"])
    made = {"ours": fulltext.Ours, "fts5": fulltext.Fts5, "modelsearch": modelsearch.ModelSearch}
    return made[name](folder)


def load(name: str, size: int, folder: Path) -> None:
    every, _, _ = _corpus(size)
    _engine(name, folder).load(every)


def ask(name: str, size: int, folder: Path) -> dict[str, Any]:
    """In a process that has indexed nothing: its memory is that of a reader."""
    drawn = list(islice(notices(size), SEEN))
    known, _ = known_items(drawn)
    asked = searches(drawn)
    del drawn
    engine = _engine(name, folder)
    if name == "ours":
        engine.open()
    before = _memory()
    for one in asked[::10]:  # caches are warm on a site that serves
        engine.page(one)
    spent, until = [], time.monotonic() + PATIENCE_S
    for one in asked:
        begin = engine.cpu()
        engine.page(one)
        spent.append((engine.cpu() - begin) * 1000)
        if time.monotonic() > until:
            break
    ranks: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + PATIENCE_S
    for one in _in_turn(known):
        if time.monotonic() > until:
            break
        ids = engine.page(one).ids[:10]
        ranks[one.kind].append(1 / (ids.index(one.meant) + 1) if one.meant in ids else 0.0)
    cuts = quantiles(spent, n=100)
    return {
        "p50": cuts[49],
        "p95": cuts[94],
        "worst": max(spent),
        "asked": len(spent),
        "mrr": mean(rank for found in ranks.values() for rank in found),
        "by_fault": {kind: mean(found) for kind, found in ranks.items()},
        "memory": _memory(),
        "before": before,
        "size": engine.size(),
    }


def _in_turn(known: list[Asked]) -> list[Asked]:
    """One of each kind of fault, then another: cut short, every kind has been asked as often."""
    each = len(known) // len(FAULTS)
    return [known[kind * each + turn] for turn in range(each) for kind in range(len(FAULTS))]


def _memory() -> float:
    """Resident megabytes of this process, mapped files included."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


# --- Beside one another


def _measured(name: str, size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as folder:
        mine = [sys.executable, "-m", "bench.search", "--in", name, str(size), folder]
        if name == "postgresql":
            mine = [sys.executable, str(ROOT / "tests" / "on_postgresql.py"), *mine]
        done = subprocess.run(mine, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _inside(name: str, size: int, folder: Path) -> dict[str, Any]:
    """Index in a process, ask in another."""
    step = [sys.executable, "-m", "bench.search"]
    begin = time.monotonic()
    try:
        loaded = subprocess.run(
            [*step, "--load", name, str(size), str(folder)], cwd=ROOT, check=False, timeout=INDEXING_S
        )
    except subprocess.TimeoutExpired:
        return {"unavailable": f"son index n'était pas fait au bout de {INDEXING_S // 60} minutes."}
    if loaded.returncode:
        return {"unavailable": "son index n'a pas pu être fait (voyez plus haut)."}
    indexed = time.monotonic() - begin
    asking = [*step, "--ask", name, str(size), str(folder)]
    try:
        done = subprocess.run(asking, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=ASKING_S)
    except subprocess.TimeoutExpired:
        return {
            "unavailable": f"son index est fait en {indexed:.0f} s, mais ses premières pages n'étaient pas rendues "
            f"au bout de {ASKING_S // 60} minutes."
        }
    return {**json.loads(done.stdout.splitlines()[-1]), "indexed": indexed}


def _row(label: str, found: dict[str, Any]) -> str:
    cells = [label, f"{found['p50']:.1f}", f"{found['p95']:.1f}", f"{found['worst']:.1f}", f"{found['mrr']:.3f}"]
    rest = [found["memory"], found["size"] / 1e6, found["indexed"], found["asked"]]
    return f"| {' | '.join([*cells, *(str(round(one)) for one in rest)])} |"


def _mark(sentence: str, held: bool) -> bool:
    print(f"- {'tenu' if held else 'NON TENU'} : {sentence}")
    return held


LABELS = {
    "ours": "TraAM",
    "postgresql": "PostgreSQL, french + unaccent",
    "fts5": "SQLite FTS5",
    "modelsearch": "modelsearch (PyPI)",
}


def _peers(size: int, engines: Sequence[str], lost: set[str]) -> dict[str, dict[str, Any]]:
    """What each engine costs; who cannot at one size is `lost`, and is not asked again at a larger one."""
    found = {}
    for name in engines:
        if name in lost:
            print(f"{LABELS[name]} n'est plus mesuré : c'était déjà trop pour lui sur moins de notices.\n")
            continue
        print(f"  {LABELS[name]}, {size} notices…", file=sys.stderr, flush=True)
        one = _measured(name, size)
        if "unavailable" in one:
            print(f"{LABELS[name]} n'est pas mesuré : {one['unavailable']}\n")
            lost.add(name)
        else:
            found[name] = one
            print(f"  {_row(LABELS[name], one)}", file=sys.stderr, flush=True)  # a long run may be stopped
    return found


def _compare(size: int, engines: Sequence[str], lost: set[str]) -> bool:
    found = _peers(size, engines, lost)
    print(f"### {size:,} notices\n".replace(",", " "))
    print(
        "| Moteur | p50 (ms) | p95 (ms) | pire (ms) | MRR@10 | mémoire (Mo) | index (Mo) | indexé en (s) | recherches |"
    )
    print("|---" * 9 + "|")
    for name, one in found.items():
        print(_row(LABELS[name], one))
    print(
        f"\nNotices connues, cherchées par {TYPED} mots de leur titre, une faute chacune ; mots réels, phrases tirées."
    )
    print("\n| MRR@10 par faute | " + " | ".join(FAULTS) + " |")
    print("|---" * (len(FAULTS) + 1) + "|")
    for name, one in found.items():
        print(f"| {LABELS[name]} | " + " | ".join(f"{one['by_fault'][kind]:.2f}" for kind in FAULTS) + " |")
    print()
    return _judged(found, size) if "ours" in found else True


def _judged(found: dict[str, dict[str, Any]], size: int) -> bool:
    ours = found["ours"]
    peers = {name: one["p95"] for name, one in found.items() if name != "ours"}
    held = [
        _mark(
            f"une page sous {MOST_P95_MS:.0f} ms de CPU au 95e centile ({ours['p95']:.1f})", ours["p95"] < MOST_P95_MS
        )
    ]
    if peers:
        best = min(peers, key=lambda name: peers[name])
        times = peers[best] / ours["p95"]
        if size < SIZES[-1]:
            print(f"- pour mémoire : {times:.1f} fois moins que le meilleur des autres ({LABELS[best]})")
        else:
            sentence = f"{TIMES_LESS:.0f} fois moins que le meilleur des autres ({LABELS[best]} : {times:.1f} fois)"
            held.append(_mark(sentence, times >= TIMES_LESS))
    held.append(_mark(f"MRR@10 d'au moins {LEAST_MRR} ({ours['mrr']:.3f})", ours["mrr"] >= LEAST_MRR))
    held.append(_mark(f"un processus sous {MOST_MB:.0f} Mo ({ours['memory']:.0f})", ours["memory"] < MOST_MB))
    print(flush=True)
    return all(held)


def main() -> int:
    given = sys.argv[1:]
    pairs = list(zip(given, given[1:], strict=False))
    sizes = [int(value) for flag, value in pairs if flag == "--size"] or SIZES
    engines = [value for flag, value in pairs if flag == "--engine"] or ENGINES
    # Every mark is that of a million notices; a smaller size shows the way there.
    lost: set[str] = set()
    return 0 if [_compare(size, engines, lost) for size in sorted(sizes)][-1] else 1


if __name__ == "__main__":
    if sys.argv[1:2] in (["--in"], ["--load"], ["--ask"]):
        step, name, size, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
        if step == "--load":
            load(name, size, folder)
        else:
            print(json.dumps((ask if step == "--ask" else _inside)(name, size, folder)))
        sys.exit(0)
    sys.exit(main())
