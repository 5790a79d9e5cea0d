"""The addresses of the interface as a table: what the document and the page of the API say of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from traam import reference
from traam.interop.api import parameters as ask
from traam.interop.api import reports, things
from traam.interop.api.fields import TEXT, URI, Schema, Thing

ROOT = "/api/v1/"
COLLECTIONS = ("notices", "themes", "syntheses", "results", "academies", "calls", "vocabularies")


@dataclass(frozen=True)
class Place:
    """A part of the path. `example` is one that may exist."""

    name: str
    says: str
    schema: Schema
    example: Any


@dataclass(frozen=True)
class Operation:
    """One address. `answer` is the schema of its body, `example` a body."""

    id: str
    path: str
    title: str
    says: str
    answer: Schema
    example: Any
    parameters: Sequence[ask.Parameter] = ()
    place: Place | None = None
    gone: bool = False  # may answer 410


TOTAL = (
    "Nombre d'éléments que donnent ces filtres, toutes pages comprises ; null pour changed_since ou withdrawn croisés "
    "avec une discipline, un niveau, une académie ou une compétence."
)


def _collection(thing: Schema, example: Any, *, paged: bool) -> tuple[Schema, Any]:
    properties: dict[str, Any] = {"items": {"type": "array", "items": thing, "description": "Les éléments."}}
    if paged:
        says = "Adresse de la page suivante ; null à la dernière."
        properties["next"] = {"type": ["string", "null"], "format": "uri", "description": says}
        properties["total"] = {"type": ["integer", "null"], "minimum": 0, "description": TOTAL}
    schema = {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }
    return schema, {"items": [example]} | ({"next": None, "total": 1} if paged else {})


def _list(id: str, title: str, says: str, thing: Thing, *asked: ask.Parameter) -> Operation:
    schema, example = _collection(thing.ref, thing.example, paged=bool(asked))
    return Operation(id, f"{ROOT}{id}", title, says, schema, example, asked)


def _one(id: str, path: str, title: str, thing: Thing, place: Place, *, gone: bool = False) -> Operation:
    return Operation(id, ROOT + path, title, thing.says, thing.ref, thing.example, place=place, gone=gone)


@dataclass(frozen=True)
class Vocabulary:
    title: str
    rows: Callable[[], Iterable[Any]]


@dataclass(frozen=True)
class Entry:
    code: str
    label: str
    parent: str | None
    uri: str | None


def _disciplines() -> Iterable[Entry]:
    return (Entry(row.code, row.label, None, row.uri or None) for row in reference.disciplines().values())


def _levels() -> Iterable[Entry]:
    codes = {level.path: level.code for level in reference.levels().values()}
    for level in reference.levels().values():
        yield Entry(level.code, level.label, codes.get(level.path.rpartition(" > ")[0]), level.uri or None)


def _competences() -> Iterable[Entry]:
    rows = reference.frameworks()["CRCN"].values()
    return (Entry(row.code, row.label, row.domain or None, row.uri or None) for row in rows)


def _licences() -> Iterable[Entry]:
    return (Entry(row.code, row.label, None, row.url or None) for row in reference.licences().values())


VOCABULARIES = {
    "disciplines": Vocabulary("Disciplines", _disciplines),
    "levels": Vocabulary("Niveaux de classe (ScoLOMFR)", _levels),
    "competences": Vocabulary("Compétences du CRCN et leurs domaines", _competences),
    "licences": Vocabulary("Licences des ressources", _licences),
}


def vocabularies() -> list[dict[str, str]]:
    return [
        {"name": name, "title": one.title, "url": things.site("interop:api_vocabulary", name)}
        for name, one in VOCABULARIES.items()
    ]


def entries(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [things.ENTRY.told(row) for row in rows]


_PAGED = (ask.CHANGED_SINCE, ask.LIMIT, ask.CURSOR)
_NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
_ORDER = (
    "Dans l'ordre du dernier changement : ce qui change pendant la lecture passe à la fin, rien n'est perdu. Suivez "
    "« next » jusqu'à null ; pour revenir plus tard, redonnez à changed_since la date du dernier élément lu."
)
NOTICES = _list(
    "notices",
    "Lister les notices",
    f"Les notices en ligne, sans leur texte. {_ORDER} Avec withdrawn=true, les notices retirées sont dites aussi.",
    things.NOTICE,
    ask.DISCIPLINE,
    ask.LEVEL,
    ask.ACADEMY,
    ask.YEARS,
    ask.THEME,
    ask.COMPETENCE,
    ask.WITHDRAWN,
    *_PAGED,
)
_ITEM: Schema = {"anyOf": [things.NOTICE.ref, things.WITHDRAWN.ref]}
NOTICES.answer["properties"]["items"]["items"] = _ITEM
NOTICE = _one(
    "notice", "notices/{id}", "Lire une notice", things.WHOLE_NOTICE,
    Place("id", "Numéro de la notice.", _NUMBER, 345), gone=True,
)  # fmt: skip
THEMES = _list(
    "themes", "Lister les thèmes", f"Les thèmes de travail depuis 2006. {_ORDER}", things.THEME,
    ask.DISCIPLINE, ask.ACADEMY, ask.YEARS, *_PAGED,
)  # fmt: skip
THEME = _one("theme", "themes/{id}", "Lire un thème", things.THEME, Place("id", "Numéro du thème.", _NUMBER, 12))
SYNTHESES = _list(
    "syntheses",
    "Lister les synthèses nationales",
    f"Les synthèses nationales en ligne, sans leur texte. {_ORDER} Les filtres portent sur leurs thèmes. Avec "
    "withdrawn=true, les synthèses retirées sont dites aussi.",
    reports.SYNTHESIS,
    ask.DISCIPLINE,
    ask.YEARS,
    ask.THEME,
    ask.WITHDRAWN,
    *_PAGED,
)
SYNTHESES.answer["properties"]["items"]["items"] = {"anyOf": [reports.SYNTHESIS.ref, reports.WITHDRAWN_SYNTHESIS.ref]}
SYNTHESIS = _one(
    "synthesis", "syntheses/{id}", "Lire une synthèse nationale", reports.WHOLE_SYNTHESIS,
    Place("id", "Numéro de la synthèse.", _NUMBER, 7), gone=True,
)  # fmt: skip
RESULTS = _list(
    "results",
    "Lister les résultats des années passées",
    "Ce que les pages de l'époque disent des résultats d'une année, pour la nation ou une académie : combien de "
    f"productions et de tests, quelles difficultés. {_ORDER}",
    reports.RESULT,
    ask.DISCIPLINE,
    ask.ACADEMY,
    ask.YEARS,
    *_PAGED,
)
ACADEMIES = _list(
    "academies", "Lister les académies", "Les académies, collectivités et anciennes académies.", things.ACADEMY
)
_SLUG = Place("slug", "Identifiant de l'académie.", {"type": "string", "pattern": "^[a-z-]{2,40}$"}, "lyon")
ACADEMY = _one("academy", "academies/{slug}", "Lire une académie", things.ACADEMY, _SLUG)
CALLS = _list("calls", "Lister les appels", "Les appels à candidatures, le plus récent d'abord.", things.CALL)
CALL = _one("call", "calls/{id}", "Lire un appel", things.CALL, Place("id", "Numéro de l'appel.", _NUMBER, 3))
_NAMED: Schema = {
    "type": "object",
    "required": ["name", "title", "url"],
    "additionalProperties": False,
    "properties": {
        "name": {**TEXT, "description": "Nom dans l'adresse.", "examples": ["disciplines"]},
        "title": {**TEXT, "description": "Intitulé.", "examples": ["Disciplines"]},
        "url": {**URI, "description": "Adresse du vocabulaire."},
    },
}
VOCABULARY_LIST = Operation(
    "vocabularies",
    f"{ROOT}vocabularies",
    "Lister les vocabulaires",
    "Les vocabulaires dont les codes servent dans les notices et les filtres.",
    *_collection(
        _NAMED,
        {"name": "disciplines", "title": "Disciplines", "url": f"https://exemple.fr{ROOT}vocabularies/disciplines"},
        paged=False,
    ),
)
VOCABULARY = Operation(
    "vocabulary",
    f"{ROOT}vocabularies/{{name}}",
    "Lire un vocabulaire",
    "Tous les termes d'un vocabulaire, dans l'ordre de sa source.",
    *_collection(things.ENTRY.ref, things.ENTRY.example, paged=False),
    place=Place("name", "Nom du vocabulaire.", {"type": "string", "enum": list(VOCABULARIES)}, "disciplines"),
)
EVERY = (
    NOTICES, NOTICE, THEMES, THEME, SYNTHESES, SYNTHESIS, RESULTS, ACADEMIES, ACADEMY, CALLS, CALL, VOCABULARY_LIST,
    VOCABULARY,
)  # fmt: skip
THINGS = (*things.EVERY, *reports.EVERY)
"""All that the interface tells."""
