"""What the interface tells, field by field."""

from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from traam import reference
from traam.interop.api.fields import (
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    URI,
    YES_OR_NO,
    Field,
    Thing,
    const,
    maybe,
    several,
)
from traam.programme.catalogue.models import Notice, PublicCall
from traam.programme.catalogue.records import identifier


def site(name: str, *arguments: object) -> str:
    """The whole address of a page of the site."""
    return f"{settings.SITE_ADDRESS}{reverse(name, args=arguments)}"


def moment(at: datetime) -> str:
    """To the microsecond when there are some, always in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


TERM = Thing(
    "Term",
    "Un terme d'un vocabulaire : son code, stable, et son libellé.",
    (
        Field("code", TEXT, "Code stable, celui des filtres de l'interface.", "SVT", lambda t: t.code),
        Field("label", TEXT, "Libellé en français.", "Sciences de la vie et de la Terre", lambda t: t.label),
    ),
)
ENTRY = Thing(
    "VocabularyEntry",
    "Un terme, avec sa place dans son vocabulaire et son URI public quand il en a un.",
    (
        *TERM.fields,
        Field("parent", maybe(TEXT), "Code du terme qui le contient, null au sommet.", None, lambda t: t.parent),
        Field("uri", maybe(TEXT), "URI du terme (ScoLOMFR, licence), null s'il n'en a pas.", None, lambda t: t.uri),
    ),
)
ACADEMY_REF = Thing(
    "AcademyRef",
    "Une académie ou une collectivité, en bref.",
    (
        Field("slug", TEXT, "Identifiant dans les adresses et les filtres.", "lyon", lambda a: a.slug),
        Field("name", TEXT, "Nom.", "Lyon", lambda a: a.name),
    ),
)
ACADEMY = Thing(
    "Academy",
    "Une académie ou une collectivité d'outre-mer, celles d'avant les fusions comprises.",
    (
        *ACADEMY_REF.fields,
        Field(
            "url",
            URI,
            "Page sur ce site.",
            "https://exemple.fr/academies/lyon",
            lambda a: site("public:academy", a.slug),
        ),
        Field(
            "kind",
            {"type": "string", "enum": ["academie", "collectivite", "historique"]},
            "academie, collectivite, ou historique pour celles qui ont fusionné.",
            "academie",
            lambda a: a.kind,
        ),
        Field("region", TEXT, "Région académique.", "Auvergne-Rhône-Alpes", lambda a: a.region),
        Field("departments", TEXTS, "Codes des départements.", ["001", "042", "069"], lambda a: list(a.departments)),
        Field(
            "since", maybe(DAY), "Depuis quand elle existe sous ce nom, si c'est connu.", None, lambda a: _iso(a.since)
        ),
        Field("until", maybe(DAY), "Jusqu'à quand elle a existé ; null si elle existe.", None, lambda a: _iso(a.until)),
        Field(
            "successor",
            maybe(ACADEMY_REF.ref),
            "Celle qui lui a succédé, null si elle existe.",
            None,
            lambda a: ACADEMY_REF.told(reference.academies()[a.successor]) if a.successor else None,
        ),
    ),
)


def academies(codes: list[str]) -> list[dict[str, Any]]:
    return [ACADEMY_REF.told(reference.academies()[code]) for code in codes]


def terms(rows: list[Any]) -> list[dict[str, Any]]:
    return [TERM.told(row) for row in rows]


LICENCE = Thing(
    "Licence",
    "La licence d'une ressource (celle des données de cette interface est la Licence Ouverte 2.0).",
    (
        *TERM.fields,
        Field(
            "url",
            TEXT,
            "Texte de la licence.",
            "https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
            lambda row: row.url,
        ),
    ),
)
THEME_REF = Thing(
    "ThemeRef",
    "Un thème, en bref.",
    (
        Field("id", NUMBER, "Numéro du thème.", 12, lambda t: t.pk),
        Field("title", TEXT, "Intitulé.", "L'intelligence artificielle en classe", lambda t: t.title),
        Field("url", URI, "Page sur ce site.", "https://exemple.fr/themes/12", lambda t: site("public:theme", t.pk)),
    ),
)
_EXAMPLE = "https://exemple.fr/notices/345"
_IDENTITY = (
    Field("id", NUMBER, "Numéro de la notice : il ne change jamais et n'est jamais repris.", 345, lambda n: n.pk),
    Field("oai", TEXT, "Identifiant dans le dépôt OAI-PMH.", "oai:exemple.fr:notice/345", identifier),
    Field("url", URI, "Page de la notice.", _EXAMPLE, lambda n: site("public:notice", n.pk)),
    Field(
        "datestamp",
        MOMENT,
        "Dernier changement de la notice, en UTC.",
        "2026-05-04T09:30:00Z",
        lambda n: moment(n.datestamp),
    ),
)
_LISTED = (
    *_IDENTITY,
    Field("state", const("published"), "published : la notice est en ligne.", "published", lambda n: n.state),
    Field(
        "api_url",
        URI,
        "La notice entière dans cette interface.",
        "https://exemple.fr/api/v1/notices/345",
        lambda n: site("interop:api_notice", n.pk),
    ),
    Field(
        "archived",
        YES_OR_NO,
        "Vrai pour un travail antérieur à la plateforme, tiré de sources publiques.",
        False,
        lambda n: n.archived,
    ),
    Field(
        "version",
        maybe(NUMBER),
        "Version publiée ; null pour une archive.",
        2,
        lambda n: None if n.archived else n.version,
    ),
    Field("title", TEXT, "Titre.", "Débattre avec un robot", lambda n: n.title),
    Field("summary", TEXT, "Résumé, en texte simple.", "Les élèves préparent un débat…", lambda n: n.summary),
    Field(
        "theme",
        maybe(THEME_REF.ref),
        "Thème de travail, s'il est connu.",
        THEME_REF.example,
        lambda n: THEME_REF.told(n.theme) if n.theme else None,
    ),
    Field(
        "years", TEXT, "Année ou années du travail ; vide si personne ne les a notées.", "2025-2026", lambda n: n.years
    ),
    Field(
        "academies",
        several(ACADEMY_REF),
        "Académies qui l'ont produit.",
        [ACADEMY_REF.example],
        lambda n: academies(n.academies),
    ),
    Field(
        "disciplines",
        several(TERM),
        "Disciplines.",
        [TERM.example],
        lambda n: terms([reference.disciplines()[code] for code in n.disciplines]),
    ),
    Field(
        "levels",
        several(TERM),
        "Niveaux de classe (ScoLOMFR).",
        [],
        lambda n: terms([reference.levels()[code] for code in n.levels]),
    ),
    Field(
        "level_text",
        TEXT,
        "Niveau tel qu'une source ancienne l'écrit, quand il n'a pas de code.",
        "",
        lambda n: n.level_text,
    ),
    Field(
        "competences",
        several(TERM),
        "Compétences du CRCN travaillées.",
        [{"code": "2.3", "label": "Collaborer"}],
        lambda n: terms(n.competence_list),
    ),
    Field("tools", TEXTS, "Outils et services employés.", ["BRNE"], lambda n: list(n.tools)),
    Field("duration_minutes", maybe(NUMBER), "Durée en minutes, si elle est dite.", 55, lambda n: n.duration_minutes),
    Field(
        "authors",
        TEXT,
        "Auteurs, comme ils souhaitent être nommés.",
        "Groupe TraAM lettres, académie de Lyon",
        lambda n: n.authors,
    ),
    Field(
        "licence",
        maybe(LICENCE.ref),
        "Licence de la ressource ; null si elle n'est pas précisée : rien n'est alors permis d'office.",
        LICENCE.example,
        lambda n: LICENCE.told(n.licence_known) if n.licence_known else None,
    ),
    Field(
        "source_url",
        maybe(TEXT),
        "Où le travail lui-même est publié.",
        "https://lettres.exemple.fr/debattre",
        lambda n: n.source_url or None,
    ),
    Field(
        "edubase_number", maybe(NUMBER), "Numéro de la fiche Édubase, si elle existe.", None, lambda n: n.edubase_number
    ),
    Field(
        "edubase_url",
        maybe(TEXT),
        "Adresse de la fiche Édubase, si elle existe.",
        None,
        lambda n: n.edubase_address or None,
    ),
    Field(
        "tested_by", several(ACADEMY_REF), "Académies qui l'ont testé en classe.", [], lambda n: academies(n.tested_by)
    ),
    Field(
        "uncertain",
        TEXTS,
        "Noms des informations déduites ou non vérifiées (archives).",
        [],
        lambda n: list(n.uncertain),
    ),
    Field(
        "published_on",
        maybe(DAY),
        "Jour de la publication ; null pour une archive.",
        "2026-05-04",
        lambda n: _iso(n.published_on),
    ),
)
NOTICE = Thing("NoticeSummary", "Une notice publiée, sans son texte.", _LISTED)
WITHDRAWN = Thing(
    "WithdrawnNotice",
    "Une notice retirée : supprimez votre copie. Son numéro et son adresse ne servent plus à rien d'autre.",
    (
        *_IDENTITY,
        Field("state", const("withdrawn"), "withdrawn : la notice est retirée.", "withdrawn", lambda n: n.state),
    ),
)
SECTION = Thing(
    "Section",
    "Une partie du texte.",
    (
        Field("title", TEXT, "Titre de la partie.", "Déroulé", lambda row: row[0]),
        Field("markdown", TEXT, "Texte, en Markdown (CommonMark).", "1. Présenter le débat…", lambda row: row[1]),
    ),
)
TRIAL = Thing(
    "ClassTest",
    "Un test en classe, et ce qu'il a appris. Personne n'y est nommé.",
    (
        Field(
            "academy",
            ACADEMY_REF.ref,
            "Académie de la classe.",
            ACADEMY_REF.example,
            lambda t: ACADEMY_REF.told(reference.academies()[t["academy"]]),
        ),
        Field(
            "level",
            TERM.ref,
            "Niveau de la classe.",
            {"code": "023", "label": "3e"},
            lambda t: TERM.told(reference.levels()[t["level"]]),
        ),
        Field("on", DAY, "Jour du test.", "2026-03-12", lambda t: t["on"]),
        Field("pupils", maybe(NUMBER), "Nombre d'élèves, s'il est dit.", 27, lambda t: t.get("pupils")),
        Field("worked", TEXT, "Ce qui a marché.", "Les rôles tournants.", lambda t: t.get("worked") or ""),
        Field("resisted", TEXT, "Ce qui a résisté.", "Le réseau du collège.", lambda t: t.get("resisted") or ""),
        Field("advice", TEXT, "Conseil à qui le reprend.", "Prévoir deux séances.", lambda t: t.get("advice") or ""),
    ),
)
ERRATUM = Thing(
    "Erratum",
    "Une correction signalée après la publication.",
    (
        Field("on", DAY, "Jour du signalement.", "2026-06-01", lambda row: row["on"]),
        Field("text", TEXT, "Ce qu'il faut lire.", "Lire « 2nde » au lieu de « 1re ».", lambda row: row["text"]),
    ),
)


def _piece_address(row: tuple[Notice, Any]) -> str:
    notice, piece = row
    if piece["file"]:
        return site("public:notice_file", notice.pk, piece["file"], piece["filename"])
    return str(piece["address"])


PIECE = Thing(
    "Piece",
    "Un fichier de la notice, ou une page d'un autre site qui va avec elle.",
    (
        Field("title", TEXT, "Titre.", "Fiche élève", lambda row: row[1]["title"]),
        Field("url", TEXT, "Adresse du fichier ou de la page.", f"{_EXAMPLE}/fichiers/0a1b/fiche.odt", _piece_address),
        Field(
            "filename",
            maybe(TEXT),
            "Nom du fichier ; null pour une page.",
            "fiche.odt",
            lambda row: row[1]["filename"] or None,
        ),
        Field(
            "size",
            maybe(NUMBER),
            "Taille en octets ; null pour une page.",
            20480,
            lambda row: row[1]["size"] if row[1]["file"] else None,
        ),
        Field(
            "licence",
            maybe(TEXT),
            "Code de sa licence, si elle est dite.",
            "CC-BY-SA",
            lambda row: row[1]["licence"] or None,
        ),
    ),
)
WHOLE_NOTICE = Thing(
    "Notice",
    "Une notice publiée, entière.",
    (
        *_LISTED,
        Field(
            "sections",
            several(SECTION),
            "Texte, partie par partie.",
            [SECTION.example],
            lambda n: [SECTION.told(row) for row in n.sections],
        ),
        Field(
            "tests", several(TRIAL), "Tests en classe.", [TRIAL.example], lambda n: [TRIAL.told(row) for row in n.tests]
        ),
        Field(
            "pieces",
            several(PIECE),
            "Fichiers et pages qui vont avec.",
            [PIECE.example],
            lambda n: [PIECE.told((n, row)) for row in n.pieces],
        ),
        Field(
            "errata",
            several(ERRATUM),
            "Corrections, de la plus ancienne à la plus récente.",
            [],
            lambda n: [ERRATUM.told(row) for row in n.errata],
        ),
        Field("links", TEXTS, "Adresses citées.", [], lambda n: list(n.links)),
    ),
)
RESEARCH = Thing(
    "Research",
    "Un groupe de recherche (GTnum) relié à un thème.",
    (
        Field("name", TEXT, "Nom du groupe.", "GTnum Esprit critique", lambda row: row["name"]),
        Field("laboratory", TEXT, "Laboratoire.", "Laboratoire EXEMPLE", lambda row: row["laboratory"]),
        Field("url", TEXT, "Page du groupe.", "https://exemple.fr/gtnum", lambda row: row["address"]),
        Field("brings", TEXT, "Ce qu'il apporte au thème.", "Des observations en classe.", lambda row: row["brings"]),
    ),
)
THEME = Thing(
    "Theme",
    "Un thème de travail, depuis 2006.",
    (
        *THEME_REF.fields,
        Field("years", TEXT, "Année ou années.", "2025-2026", lambda t: t.years),
        Field(
            "call_id",
            maybe(NUMBER),
            "Numéro de l'appel dont il vient ; null pour un thème de l'archive.",
            3,
            lambda t: t.call_id,
        ),
        Field("framing", TEXT, "Cadrage.", "", lambda t: t.framing),
        Field("axes", TEXTS, "Axes de travail.", [], lambda t: [str(axis) for axis in t.axes]),
        Field("degree", TEXT, "Degré d'enseignement, vide s'il n'est pas connu.", "", lambda t: t.degree_label),
        Field("disciplines", TEXTS, "Libellés des disciplines.", ["Lettres"], lambda t: list(t.discipline_labels)),
        Field(
            "academies",
            several(ACADEMY_REF),
            "Académies retenues ou connues.",
            [ACADEMY_REF.example],
            lambda t: academies(t.academies),
        ),
        Field(
            "continues_id",
            maybe(NUMBER),
            "Pour une seconde année, numéro du thème de la première.",
            None,
            lambda t: t.continues_id,
        ),
        Field(
            "research",
            several(RESEARCH),
            "Groupes de recherche reliés au thème.",
            [RESEARCH.example],
            lambda t: [RESEARCH.told(row) for row in t.research],
        ),
        Field(
            "changed_at", MOMENT, "Dernier changement, en UTC.", "2026-05-04T09:30:00Z", lambda t: moment(t.changed_at)
        ),
    ),
)
MILESTONE = Thing(
    "Milestone",
    "Une date d'un appel.",
    (
        Field("label", TEXT, "Ce qui est attendu.", "Remontée des candidatures", lambda row: row[0]),
        Field("on", DAY, "Le jour.", "2026-06-05", lambda row: row[1]),
    ),
)
CALL = Thing(
    "Call",
    "Un appel à candidatures (une campagne).",
    (
        Field("id", NUMBER, "Numéro de l'appel.", 3, lambda c: c.pk),
        Field("url", URI, "Page sur ce site.", "https://exemple.fr/campagnes/3", lambda c: site("public:call", c.pk)),
        Field("title", TEXT, "Intitulé.", "TraAM 2026-2027", lambda c: c.title),
        Field("edition", TEXT, "Cahier des charges en vigueur.", "traam-2022", lambda c: c.edition_id),
        Field("years", TEXT, "Années de travail.", "2026-2027", lambda c: c.years),
        Field(
            "state",
            {"type": "string", "enum": ["open", "closed", "announced", "archived"]},
            "open : ouvert aux candidatures ; closed : clos ; announced : résultats annoncés ; archived : terminé.",
            "open",
            lambda c: c.state,
        ),
        Field(
            "calendar",
            several(MILESTONE),
            "Calendrier, dans l'ordre.",
            [MILESTONE.example],
            lambda c: [MILESTONE.told(row) for row in c.calendar],
        ),
        Field("opened_at", MOMENT, "Ouverture, en UTC.", "2026-04-01T08:00:00Z", lambda c: moment(c.opened_at)),
        Field(
            "changed_at", MOMENT, "Dernier changement, en UTC.", "2026-04-01T08:00:00Z", lambda c: moment(c.changed_at)
        ),
    ),
)
EVERY = (
    NOTICE, WHOLE_NOTICE, WITHDRAWN, THEME, THEME_REF, RESEARCH, ACADEMY, ACADEMY_REF, CALL, MILESTONE, TERM, ENTRY,
    LICENCE, SECTION, TRIAL, PIECE, ERRATUM,
)  # fmt: skip


def listed(notice: Notice) -> dict[str, Any]:
    """A notice in a list: what is withdrawn tells nothing else."""
    return (WITHDRAWN if notice.state == Notice.State.WITHDRAWN else NOTICE).told(notice)


def call(row: PublicCall) -> dict[str, Any]:
    return CALL.told(row)
