"""The cahiers des charges in force since 2008, as data: one folder each.

To write a new edition, copy the folder nearest to it, name the copy after its id, and change the numbers in
`rules.toml`, the clauses in `text.md` and the dossiers in `examples.toml`. No code changes: `pytest
tests/editions` then says, at its place, what does not hold together.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from traam.engines.rulebook import Rulebook, load, load_all

FOLDER = Path(__file__).parent


@cache
def books() -> Mapping[str, Rulebook]:
    """Every edition by id, the oldest first."""
    return dict(sorted(load_all(FOLDER).items(), key=lambda item: item[1].edition.id.rpartition("-")[2]))


@cache
def book(edition_id: str) -> Rulebook:
    """The edition of this id ("traam-2022"); `KeyError` when there is none."""
    if not (FOLDER / edition_id / "rules.toml").is_file() or Path(edition_id).name != edition_id:
        raise KeyError(edition_id)
    return load(FOLDER / edition_id)
