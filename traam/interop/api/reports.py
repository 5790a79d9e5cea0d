"""What the interface tells of what was learnt: the national syntheses, and the results of past years."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from traam import reference
from traam.interop.api.fields import DAY, MOMENT, NUMBER, TEXT, TEXTS, URI, Field, Schema, Thing, const, maybe, several
from traam.interop.api.things import (
    ACADEMY_REF,
    ERRATUM,
    LICENCE,
    TERM,
    THEME_REF,
    academies,
    moment,
    site,
    terms,
)
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries
from traam.programme.catalogue.syntheses.content import unlinked
from traam.programme.catalogue.syntheses.records import disciplines, years

_IDENTITY = (
    Field("id", NUMBER, "Numéro de la synthèse : il ne change jamais.", 7, lambda s: s.pk),
    Field(
        "url", URI, "Page de la synthèse.", "https://exemple.fr/syntheses/7", lambda s: site("public:synthesis", s.pk)
    ),
    Field("changed_at", MOMENT, "Dernier changement, en UTC.", "2026-07-01T09:00:00Z", lambda s: moment(s.changed_at)),
)
_LISTED = (
    *_IDENTITY,
    Field("state", const("published"), "published : la synthèse est en ligne.", "published", lambda s: s.state),
    Field(
        "api_url",
        URI,
        "La synthèse entière dans cette interface.",
        "https://exemple.fr/api/v1/syntheses/7",
        lambda s: site("interop:api_synthesis", s.pk),
    ),
    Field("title", TEXT, "Titre.", "Écrire avec une machine : ce que nous avons appris", lambda s: s.title),
    Field(
        "themes",
        several(THEME_REF),
        "Thèmes dont elle parle.",
        [THEME_REF.example],
        lambda s: [THEME_REF.told(theme) for theme in queries.themes_of(s)],
    ),
    Field("years", TEXTS, "Années de ces thèmes.", ["2025-2026"], years),
    Field(
        "disciplines",
        several(TERM),
        "Disciplines de ces thèmes.",
        [TERM.example],
        lambda s: terms(disciplines(s)),
    ),
    Field(
        "licence",
        maybe(LICENCE.ref),
        "Licence de la synthèse ; null si elle n'est pas précisée.",
        LICENCE.example,
        lambda s: LICENCE.told(s.licence_known) if s.licence_known else None,
    ),
    Field("version", NUMBER, "Version en ligne.", 1, lambda s: s.version),
    Field("published_on", DAY, "Jour de la mise en ligne.", "2026-07-01", lambda s: s.published_on.isoformat()),
    Field(
        "errata",
        several(ERRATUM),
        "Corrections, de la plus ancienne à la plus récente.",
        [],
        lambda s: [ERRATUM.told(row) for row in s.errata],
    ),
)
SYNTHESIS = Thing("SynthesisSummary", "Une synthèse nationale en ligne, sans son texte.", _LISTED)
WITHDRAWN_SYNTHESIS = Thing(
    "WithdrawnSynthesis",
    "Une synthèse retirée : supprimez votre copie.",
    (
        *_IDENTITY,
        Field("state", const("withdrawn"), "withdrawn : la synthèse est retirée.", "withdrawn", lambda s: s.state),
    ),
)
FIGURE = Thing(
    "Figure",
    "Un chiffre compté par la plateforme, tel qu'il était quand la synthèse fut soumise.",
    (
        Field("key", TEXT, "Son nom.", "tests", lambda f: f.key),
        Field("value", NUMBER, "Sa valeur.", 12, lambda f: f.value),
        Field("label", TEXT, "Ce qui est compté.", "tests en classe", lambda f: f.label),
        Field("definition", TEXT, "Comment c'est compté.", "Un test compte une fois.", lambda f: f.definition),
    ),
)
_CELL: Schema = {"type": ["string", "integer"]}
TABLE = Thing(
    "Table",
    "Un tableau compté par la plateforme.",
    (
        Field("key", TEXT, "Son nom, que les blocs du texte citent.", "niveaux", lambda t: t.key),
        Field("title", TEXT, "Titre.", "Tests par niveau", lambda t: t.title),
        Field("columns", TEXTS, "Titres des colonnes.", ["Niveau", "Tests"], lambda t: list(t.columns)),
        Field(
            "rows",
            {"type": "array", "items": {"type": "array", "items": _CELL}},
            "Lignes, dans l'ordre des colonnes.",
            [["6e", 3]],
            lambda t: [list(row) for row in t.rows],
        ),
        Field("definition", TEXT, "Comment c'est compté.", "Un test compte une fois.", lambda t: t.definition),
    ),
)
QUOTE = Thing(
    "Quote",
    "Des mots cités, et où ils ont été lus. Personne n'y est nommé.",
    (
        Field("number", NUMBER, "Son numéro, que les blocs du texte citent.", 1, lambda q: q.number),
        Field("words", TEXT, "Les mots.", "Les élèves ont réécouté deux fois.", lambda q: q.words),
        Field("source", TEXT, "D'où ils viennent.", "Test en classe, académie de Lyon", lambda q: q.source),
        Field(
            "url",
            maybe(URI),
            "Page de cette source sur ce site ; null si elle n'est pas publique.",
            "https://exemple.fr/notices/345",
            lambda q: f"{settings.SITE_ADDRESS}{q.address}" if q.address else None,
        ),
    ),
)
BLOCK = Thing(
    "SynthesisBlock",
    "Un morceau du texte : du Markdown, un tableau, ou une citation. Un seul des trois est rempli.",
    (
        Field("markdown", maybe(TEXT), "Texte, en Markdown.", "Les groupes ont…", lambda b: unlinked(b.text) or None),
        Field("table", maybe(TEXT), "Nom d'un tableau de « tables ».", None, lambda b: b.table or None),
        Field("quote", maybe(NUMBER), "Numéro d'une citation de « quotes ».", None, lambda b: b.quote or None),
    ),
)
SYNTHESIS_SECTION = Thing(
    "SynthesisSection",
    "Une partie de la synthèse.",
    (
        Field("title", TEXT, "Titre de la partie.", "Ce que nous retenons", lambda row: row.title),
        Field(
            "blocks",
            several(BLOCK),
            "Ses morceaux, dans l'ordre.",
            [BLOCK.example],
            lambda row: [BLOCK.told(block) for block in row.blocks],
        ),
    ),
)


def _content(name: str, thing: Thing) -> Callable[[PublicSynthesis], list[dict[str, Any]]]:
    """What the content of a synthesis holds under this name."""
    return lambda row: [thing.told(one) for one in getattr(queries.content(row), name)]


WHOLE_SYNTHESIS = Thing(
    "Synthesis",
    "Une synthèse nationale, entière, avec ses chiffres du jour où elle fut soumise.",
    (
        *_LISTED,
        Field(
            "counted_on", DAY, "Jour où ses chiffres ont été comptés.", "2026-06-20", lambda s: s.stored["counted_on"]
        ),
        Field(
            "sections",
            several(SYNTHESIS_SECTION),
            "Texte, partie par partie.",
            [SYNTHESIS_SECTION.example],
            _content("sections", SYNTHESIS_SECTION),
        ),
        Field("figures", several(FIGURE), "Chiffres.", [FIGURE.example], _content("figures", FIGURE)),
        Field("tables", several(TABLE), "Tableaux.", [TABLE.example], _content("tables", TABLE)),
        Field("quotes", several(QUOTE), "Citations.", [QUOTE.example], _content("quotes", QUOTE)),
        Field("notes", TEXTS, "Comment on compte sur plusieurs thèmes.", [], lambda s: list(s.stored.get("notes", []))),
    ),
)
RESULT = Thing(
    "Result",
    "Ce qu'une page de l'époque dit des résultats d'une année. Un texte vide : personne ne l'y a vu.",
    (
        Field("id", NUMBER, "Numéro.", 31, lambda r: r.pk),
        Field(
            "scope",
            {"type": "string", "enum": ["national", "academic"]},
            "national : pour toutes les académies ; academic : pour celles qui sont dites.",
            "national",
            lambda r: "national" if r.national else "academic",
        ),
        Field("years", TEXT, "Année.", "2012-2013", lambda r: r.years),
        Field(
            "disciplines",
            several(TERM),
            "Disciplines ; vide pour toutes, ou quand « discipline_text » n'a pas de code.",
            [TERM.example],
            lambda r: terms([reference.disciplines()[code] for code in r.disciplines]),
        ),
        Field(
            "discipline_text",
            TEXT,
            "Discipline, comme la page l'écrit ; vide pour toutes les disciplines.",
            "SVT",
            lambda r: r.discipline_text,
        ),
        Field(
            "academies",
            several(ACADEMY_REF),
            "Académies qui ont participé.",
            [ACADEMY_REF.example],
            lambda r: academies(r.academies),
        ),
        Field("academies_note", TEXT, "Ce que la page en dit d'autre.", "", lambda r: r.academies_note),
        Field("productions", TEXT, "Productions, comme la page le dit.", "12 scénarios", lambda r: r.productions),
        Field("production_count", maybe(NUMBER), "Leur nombre, s'il est dit.", 12, lambda r: r.production_count),
        Field("tests", TEXT, "Tests, comme la page le dit.", "", lambda r: r.tests),
        Field("test_count", maybe(NUMBER), "Leur nombre, s'il est dit.", None, lambda r: r.test_count),
        Field("difficulties", TEXT, "Difficultés dites.", "", lambda r: r.difficulties),
        Field(
            "source_url",
            TEXT,
            "La page de l'époque ; elle peut ne plus répondre.",
            "https://exemple.fr/bilans-2013",
            lambda r: r.source_url,
        ),
        Field(
            "uncertain",
            TEXTS,
            "Noms des informations qui n'ont pas été vues, ou pas en entier.",
            [],
            lambda r: list(r.uncertain),
        ),
        Field(
            "changed_at", MOMENT, "Dernier changement, en UTC.", "2026-04-01T08:00:00Z", lambda r: moment(r.changed_at)
        ),
    ),
)
EVERY = (
    SYNTHESIS, WHOLE_SYNTHESIS, WITHDRAWN_SYNTHESIS, SYNTHESIS_SECTION, BLOCK, FIGURE, TABLE, QUOTE, RESULT,
)  # fmt: skip


def synthesis(row: PublicSynthesis) -> dict[str, Any]:
    """A synthesis in a list: what is withdrawn tells nothing else."""
    return (WITHDRAWN_SYNTHESIS if row.state == PublicSynthesis.State.WITHDRAWN else SYNTHESIS).told(row)
