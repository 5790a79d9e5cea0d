"""Problems and answers as plain JSON objects, so that a run is kept with its inputs and played again byte for byte."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from .pairing import Fact, Link, Pairing
from .values import Broken, Candidate, Explanation, Limits, Pins, Problem, Solution, Terms, Theme, Tie, Weights

Json = dict[str, Any]
Stored = Problem | Solution | Explanation | Pairing
T = TypeVar("T")


def to_json(value: Stored) -> Json:
    """Text, whole numbers, booleans, lists and objects only; `json.dumps(…, sort_keys=True)` of it is reproducible."""
    found = _plain(asdict(value))
    return dict(found)


def problem_from_json(data: Mapping[str, Any]) -> Problem:
    """The problem that `to_json` wrote. Raises KeyError or TypeError on anything else, `BadProblem` as ever."""
    return Problem(
        candidates=tuple(Candidate(**one) for one in data["candidates"]),
        themes=tuple(Theme(**one) for one in data["themes"]),
        limits=Limits(**data["limits"]),
        weights=Weights(**data["weights"]),
        pins=Pins(frozenset(data["pins"]["retained"]), frozenset(data["pins"]["excluded"])),
        seed=data["seed"],
    )


def solution_from_json(data: Mapping[str, Any]) -> Solution:
    """The solution that `to_json` wrote."""
    made = {**data, "terms": _made(Terms, data["terms"]), "tie": _made(Tie, data["tie"])}
    return _made(Solution, made | {name: _broken(data[name]) for name in ("binding", "broken")})


def explanation_from_json(data: Mapping[str, Any]) -> Explanation:
    """The explanation that `to_json` wrote."""
    return _made(Explanation, {**data, "broken": _broken(data["broken"])})


def pairing_from_json(data: Mapping[str, Any]) -> Pairing:
    """The pairing that `to_json` wrote."""
    links = [Link(tuple(one["academies"]), tuple(_made(Fact, fact) for fact in one["facts"])) for one in data["links"]]
    groups = [tuple(group) for group in data["groups"]]
    return _made(Pairing, {**data, "groups": groups, "links": links})


def _broken(rows: list[Json]) -> list[Broken]:
    return [Broken(**row) for row in rows]


def _made(kind: type[T], data: Mapping[str, Any]) -> T:
    """A dataclass from its fields, lists made tuples again. An unknown field is an error, never dropped."""
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    if missing := names ^ set(data):
        raise TypeError(f"{kind.__name__}: these fields do not match: {', '.join(sorted(missing))}.")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
