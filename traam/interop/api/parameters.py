"""What may be asked in an address: read, checked and described from one table."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict

from traam import reference
from traam.interop.api.fields import Schema
from traam.interop.problems import Problem
from traam.programme.catalogue.listing import Key, Wanted

MOST_VALUES = 20  # of one filter
PAGE, LARGEST_PAGE = 50, 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,15})")
_YEARS = re.compile(r"[0-9A-Za-zÀ-ÿ ,.-]{1,60}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII)


class Wrong(ValueError):
    """A value that does not do, with a sentence."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of the query. `read` takes one value as typed and raises `Wrong`; `many`: it may be repeated."""

    name: str
    says: str
    schema: Schema
    example: Any
    read: Callable[[str], Any]
    many: bool = False


def _one_of(codes: Mapping[str, str], where: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in codes:
            raise Wrong(f"« {value[:60]} » n'y est pas : les valeurs possibles sont à l'adresse {where}.")
        return codes[value]

    return read


def _years(value: str) -> str:
    if not _YEARS.fullmatch(value):
        raise Wrong("Écrivez l'année comme les notices : « 2025-2026 ».")
    return value


def _number(value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise Wrong("Écrivez un numéro, en chiffres.")
    return int(value)


def _moment(value: str) -> datetime:
    """A day begins at midnight UTC."""
    sentence = "Écrivez un jour (2026-05-04) ou un instant avec son fuseau (2026-05-04T09:30:00Z ; « + » s'écrit %2B)."
    if not _MOMENT.fullmatch(value):
        raise Wrong(sentence)
    try:
        found = datetime.fromisoformat(value.upper())
    except ValueError:
        raise Wrong(sentence) from None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:  # the first and the last days that there are, seen from another zone
        return found.replace(tzinfo=UTC)


def _size(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= LARGEST_PAGE:
        raise Wrong(f"Demandez entre 1 et {LARGEST_PAGE} éléments par page.")
    return int(value)


def _key(value: str) -> Key:
    found = _CURSOR.fullmatch(value)
    if not found:
        raise Wrong("Ce repère n'est pas de nous : suivez l'adresse « next » de la page précédente.")
    since = min(int(found[1]), 253_402_300_799_000_000)
    return datetime.fromtimestamp(since // 1_000_000, UTC).replace(microsecond=since % 1_000_000), int(found[2])


def cursor(key: Key) -> str:
    """Where the next page begins. Every string of this shape is a place: none can be wrong."""
    since = key[0] - _EPOCH
    return f"{(since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds}-{key[1]}"


def _yes(value: str) -> bool:
    if value not in ("true", "false"):
        raise Wrong("Écrivez true ou false.")
    return value == "true"


def _codes(values: Mapping[str, str]) -> Schema:
    return {"type": "string", "enum": list(values)}


_DISCIPLINES = {code: code for code in reference.disciplines()}
_LEVELS = {code: code for code in reference.levels()}
_COMPETENCES = {code: code for code in reference.competences()}
_ACADEMIES = {academy.slug: academy.code for academy in reference.academies().values()}
_VOCABULARIES = "/api/v1/vocabularies/"

DISCIPLINE = Parameter(
    "discipline",
    "Code d'une discipline.",
    _codes(_DISCIPLINES),
    "SVT",
    _one_of(_DISCIPLINES, _VOCABULARIES + "disciplines"),
    True,
)
LEVEL = Parameter(
    "level",
    "Code d'un niveau, ceux qu'il contient compris (« collège » trouve la 3e).",
    _codes(_LEVELS),
    "620",
    _one_of(_LEVELS, _VOCABULARIES + "levels"),
    True,
)
ACADEMY = Parameter(
    "academy",
    "Identifiant d'une académie, celles qu'elle a remplacées comprises.",
    _codes(_ACADEMIES),
    "lyon",
    _one_of(_ACADEMIES, "/api/v1/academies"),
    True,
)
YEARS = Parameter(
    "years",
    "Année ou années du travail, écrites comme dans les notices.",
    {"type": "string", "pattern": f"^{_YEARS.pattern}$"},
    "2025-2026",
    _years,
    True,
)
THEME = Parameter(
    "theme", "Numéro d'un thème.", {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}, 12, _number, True
)
COMPETENCE = Parameter(
    "competence",
    "Code d'une compétence du CRCN.",
    _codes(_COMPETENCES),
    "2.3",
    _one_of(_COMPETENCES, _VOCABULARIES + "competences"),
    True,
)
CHANGED_SINCE = Parameter(
    "changed_since",
    "Seulement ce qui a changé à partir de ce jour (minuit UTC) ou de cet instant, compris.",
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
    "2026-05-04T00:00:00Z",
    _moment,
)
WITHDRAWN = Parameter(
    "withdrawn",
    "true : dire aussi ce qui a été retiré, pour qu'une copie le supprime.",
    {"type": "boolean", "default": False},
    True,
    _yes,
)
LIMIT = Parameter(
    "limit",
    "Nombre d'éléments de la page.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    50,
    _size,
)
CURSOR = Parameter(
    "cursor",
    "Où la page commence : ne le composez pas, suivez « next ».",
    {"type": "string", "pattern": f"^{_CURSOR.pattern}$".replace("(", "").replace(")", "")},
    "1777887000000000-345",
    _key,
)


def read(query: QueryDict, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values by name: a list for what may be repeated, absent when nothing is asked. Else a `Problem` that tells
    every fault at once."""
    known = {one.name: one for one in parameters}
    found: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for name, given in query.lists():
        try:
            found[name] = _values(known, name, [str(value) for value in given])
        except Wrong as why:
            errors.append((name[:60], str(why)))
    if errors:
        told = " ".join(f"« {name} » : {sentence}" for name, sentence in errors)
        raise Problem("parametre", told, errors)
    return found


def _values(known: Mapping[str, Parameter], name: str, given: Sequence[str]) -> Any:
    parameter = known.get(name)
    if parameter is None:
        possible = f"Ceux de cette adresse : {', '.join(known)}." if known else "Cette adresse n'en a aucun."
        raise Wrong(f"Ce paramètre n'existe pas ici. {possible}")
    if not parameter.many and len(given) > 1:
        raise Wrong("Donnez ce paramètre une seule fois.")
    if len(given) > MOST_VALUES:
        raise Wrong(f"Donnez au plus {MOST_VALUES} valeurs.")
    values = [parameter.read(value) for value in given]
    return values if parameter.many else values[0]


def wanted(values: Mapping[str, Any]) -> Wanted:
    return Wanted(
        disciplines=values.get("discipline", ()),
        levels=values.get("level", ()),
        academies=values.get("academy", ()),
        years=values.get("years", ()),
        themes=values.get("theme", ()),
        competences=values.get("competence", ()),
        since=values.get("changed_since"),
        withdrawn=values.get("withdrawn", False),
    )
