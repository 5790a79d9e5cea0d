import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """Two changes of one thing, field by field: what both agree on, and the fields that somebody must settle."""

    fields: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    same: Callable[[Any, Any], bool] = operator.eq,
) -> Merged:
    """Join `theirs` and `mine`, both written from `base`: whoever changed a field alone is followed.

    A field both changed, to different things, is a conflict: `fields` then holds `theirs` until it is settled.
    A field absent from `base` counts as changed by both. `same` says what is no change.
    """
    fields, conflicts = {}, []
    for name, stored in theirs.items():
        wanted = mine.get(name, stored)
        fields[name] = stored
        if same(wanted, stored):
            continue
        if name in base and same(base[name], stored):
            fields[name] = wanted
        elif name not in base or not same(base[name], wanted):
            conflicts.append(name)
    return Merged(fields, tuple(conflicts))
