"""What an application must hold under its edition: the form and the spreadsheet ask the same questions here.

Two verdicts: `examine` and `settle` say what even a draft may not hold (an e-mail address that is none, a theme
that is closed), `lacks` says what it still lacks before it goes up to the national team.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, cast

from traam.engines.rulebook import Rulebook
from traam.engines.sheets import Column, Layout, check
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme

MOST_AXES = 5
YES, NO = "Oui", "Non"
NO_THEME = "(aucun thème ouvert)"

COLUMNS = (
    Column("theme", "Thème", width=45, help="Choisissez le thème dans la liste."),
    Column("degree", "Degré", kind="choice", choices=tuple(Theme.Degree.labels), width=18),
    Column(
        "titles",
        "Intitulé(s) du ou des projets",
        width=40,
        max_length=1000,
        help="Plusieurs projets : un par ligne, ou séparés par un point-virgule.",
        aliases=("Intitulé du projet", "Intitulés des projets", "Titre du projet", "Projet"),
    ),
    Column(
        "axes",
        "Axes traités",
        kind="choices",
        choices=tuple(f"Axe {n}" for n in range(1, MOST_AXES + 1)),
        help="Les axes du thème, par exemple : Axe 1 ; Axe 3.",
        aliases=("Axe", "Axes", "Axes du thème"),
    ),
    Column(
        "description",
        "Description",
        width=60,
        max_length=10_000,
        help="Pour l'ensemble des projets.",
        aliases=("Description succincte", "Descriptif", "Résumé"),
    ),
    Column("inspector_name", "Inspecteur référent : nom", max_length=150, aliases=("Inspecteur référent", "IA-IPR")),
    Column("inspector_email", "Inspecteur référent : courriel", kind="email", width=30),
    Column("inspector_phone", "Inspecteur référent : téléphone", kind="phone"),
    Column(
        "referent_name",
        "Professeur référent : nom",
        max_length=150,
        aliases=("Professeur référent", "Référent TraAM"),
    ),
    Column(
        "referent_school",
        "Professeur référent : établissement (UAI)",
        kind="uai",
        help="Sept chiffres et une lettre, par exemple 0750655E.",
        aliases=("UAI", "RNE", "Établissement"),
    ),
    Column("referent_email", "Professeur référent : courriel", kind="email", width=30),
    Column("referent_phone", "Professeur référent : téléphone", kind="phone"),
    Column(
        "dasen_agreement",
        "Accord du DASEN (premier degré)",
        kind="choice",
        choices=(YES, NO),
        aliases=("Accord du DASEN", "Accord DASEN"),
    ),
    Column(
        "rank",
        "Rang donné par l'académie",
        kind="integer",
        minimum=1,
        maximum=99,
        help="1 pour la candidature que l'académie soutient en premier.",
        aliases=("Rang", "Classement"),
    ),
    Column(
        "school_kind",
        "Type d'établissement",
        kind="choice",
        choices=tuple(Application.SchoolKind.labels),
        width=32,
        help="Celui du professeur référent.",
        aliases=("Type d'établissement du référent", "Nature de l'établissement"),
    ),
)
TITLES = {column.key: column.title for column in COLUMNS}

# What the academy says of an application: the teacher who writes it is not asked, and cannot change it.
OF_THE_ACADEMY = frozenset({"dasen_agreement", "rank"})
# Columns that came after the first workbooks were sent out: a sheet without them is still read.
MAY_BE_ABSENT = frozenset({"school_kind"})

# Which field of the form answers for a fact of the rules, where the names differ.
FIELD_OF_FACT = {"description_chars": "description", "theme_open": "theme", "submitted_on": "", "due_on": ""}


class Values(TypedDict):
    """The fields of an application, ready to store. `theme` is None when none was recognised."""

    theme: Theme | None
    degree: str
    titles: list[str]
    axes: list[int]
    description: str
    inspector_name: str
    inspector_email: str
    inspector_phone: str
    referent_name: str
    referent_school: str
    referent_email: str
    referent_phone: str
    dasen_agreement: bool
    rank: int | None
    school_kind: str


Errors = dict[str, list[str]]


def description_limit(book: Rulebook) -> int | None:
    """The characters of the description that the edition allows, for all the projects together."""
    limit = book.limit("description_max_chars")
    return int(limit.value) if limit else None


def demanded(book: Rulebook) -> frozenset[str]:
    """The fields without which an application does not go up."""
    return frozenset({"theme", "titles", "degree"} | {f.id for f in book.application_fields if f.mandatory})


def columns(campaign: Campaign, themes: Iterable[Theme]) -> tuple[Column, ...]:
    """The questions of a campaign. A draft may leave all of them open but the theme."""
    # Without an open theme the list cannot be empty: nothing that is typed will be found in it.
    titles = tuple(theme.title for theme in themes) or (NO_THEME,)
    theme = replace(COLUMNS[0], kind="choice", choices=titles, required=True)
    return (theme, *COLUMNS[1:])


def layout(campaign: Campaign, themes: Iterable[Theme]) -> Layout:
    """The spreadsheet of the call as it is read back: every column there, every cell free but the theme."""
    return _layout(campaign, _present(columns(campaign, themes)))


def _present(asked: Iterable[Column]) -> Iterable[Column]:
    return (replace(column, present=column.key not in MAY_BE_ABSENT) for column in asked)


def layout_to_fill(campaign: Campaign, themes: Iterable[Theme]) -> Layout:
    """The spreadsheet of the call as it is sent out: it marks what the application needs to go up."""
    book = campaign.edition
    limits = {"description": description_limit(book)}
    marked = (
        replace(column, required=column.key in demanded(book), max_length=limits.get(column.key) or column.max_length)
        for column in columns(campaign, themes)
    )
    return _layout(campaign, marked)


def _layout(campaign: Campaign, asked: Iterable[Column]) -> Layout:
    note = f"Remontée des candidatures : {campaign.title}"
    return Layout(name="candidatures", sheet="Candidatures", columns=tuple(asked), note=note)


def split_titles(raw: object) -> list[str]:
    lines = str(raw or "").replace(";", "\n").splitlines()
    return [line.strip() for line in lines if line.strip()]


def settle(campaign: Campaign, themes: Iterable[Theme], parsed: Mapping[str, object]) -> tuple[Values, Errors]:
    """Turn parsed cells into the fields of an application, with what even a draft may not hold."""
    degrees = dict(zip(Theme.Degree.labels, Theme.Degree.values, strict=True))
    kinds = dict(zip(Application.SchoolKind.labels, Application.SchoolKind.values, strict=True))
    axes, rank = parsed.get("axes"), parsed.get("rank")

    def text(name: str) -> str:
        return str(parsed.get(name) or "")

    values = Values(
        theme=next((one for one in themes if one.title == parsed.get("theme")), None),
        degree=degrees.get(text("degree"), ""),
        titles=split_titles(parsed.get("titles")),
        axes=sorted(int(str(label).removeprefix("Axe ")) for label in (axes if isinstance(axes, tuple) else ())),
        description=text("description"),
        inspector_name=text("inspector_name"),
        inspector_email=text("inspector_email"),
        inspector_phone=text("inspector_phone"),
        referent_name=text("referent_name"),
        referent_school=text("referent_school"),
        referent_email=text("referent_email"),
        referent_phone=text("referent_phone"),
        dasen_agreement=parsed.get("dasen_agreement") == YES,
        rank=rank if isinstance(rank, int) else None,
        school_kind=kinds.get(text("school_kind"), ""),
    )
    return values, faults(values, campaign)


def faults(values: Values, campaign: Campaign) -> Errors:
    """What even a draft may not hold: a closed theme, an axis the theme has not, a description too long."""
    found: Errors = {}
    theme = values["theme"]
    if theme is not None and theme.state != "open":
        found["theme"] = [
            f"Le thème « {theme.title} » est fermé aux candidatures : choisissez un autre thème de l'appel."
        ]
    if theme is not None and (beyond := [n for n in values["axes"] if n > len(theme.axes)]):
        found["axes"] = [
            f"L'axe {beyond[0]} n'existe pas : le thème « {theme.title} » a {_count_axes(theme)}. "
            "Gardez les axes de ce thème."
        ]
    if values["description"] and (sentence := _too_long(values, campaign)):
        found["description"] = [sentence]
    return found


def _count_axes(theme: Theme) -> str:
    return "un seul axe" if len(theme.axes) == 1 else f"{len(theme.axes)} axes"


def _too_long(values: Values, campaign: Campaign) -> str:
    """The sentence for a description that passes the limit, said even of a draft: the rest would be lost."""
    breaches = campaign.edition.breaches("application", facts_of(values, campaign))
    return next((f"{b.sentence} {b.todo}" for b in breaches if b.fact == "description_chars"), "")


def facts_of(values: Values, campaign: Campaign) -> dict[str, object]:
    """The facts of an application, as the rules know them."""
    theme = values["theme"]
    aside = {"theme", "description", "rank", "school_kind"}
    given = {name: value for name, value in values.items() if name not in aside}
    return {
        **given,
        "description_chars": len(values["description"]),
        "submitted_on": None,  # the deadline is the policy's: nothing goes up after it
        "due_on": campaign.on("applications_due"),
        "theme_open": theme is not None and theme.state == "open",
    }


@dataclass(frozen=True)
class Lack:
    """What an application still lacks before it goes up, at the field that mends it.

    `article` is an anchor of the edition ("" when no clause asks). What is not `blocking` is only expected.
    """

    field: str
    message: str
    todo: str
    article: str
    blocking: bool

    @property
    def sentence(self) -> str:
        clause = f" (article {self.article})" if self.article else ""
        return f"{self.message.rstrip('. ')}{clause}."


def lacks(values: Values, campaign: Campaign) -> tuple[Lack, ...]:
    """All that an application still lacks under its edition, what blocks it first."""
    book = campaign.edition
    found = [
        Lack(FIELD_OF_FACT.get(f.fact, f.fact), f.message, f.todo, f.article, f.blocking)
        for f in book.breaches("application", facts_of(values, campaign))
    ]
    found += [
        Lack(name, sentence, "", "", blocking=True)
        for name, sentences in faults(values, campaign).items()
        for sentence in sentences
        if name == "axes"  # of the limit and of the closed theme, the edition's own rules tell
    ]
    told = {lack.field for lack in found if lack.blocking}
    articles = {field.id: field.article for field in book.application_fields}
    found += [
        Lack(name, f"« {title} » n'est pas rempli", "", articles.get(name, ""), blocking=True)
        for name, title in TITLES.items()
        if name in demanded(book) - told and not dict(values)[name]
    ]
    return tuple(sorted(found, key=lambda lack: not lack.blocking))


def examine(campaign: Campaign, themes: Iterable[Theme], raw: Mapping[str, object]) -> tuple[Values, Errors]:
    """Judge what was typed in the form: values ready to store, and the sentences for each field at fault."""
    themes = list(themes)
    parsed, errors = check(columns(campaign, themes), raw)
    values, more = settle(campaign, themes, parsed)
    for name, sentences in more.items():
        errors.setdefault(name, []).extend(sentences)
    return values, errors


def stored(application: Application) -> Values:
    """The values of an application already entered."""
    return cast(Values, {name: getattr(application, name) for name in TITLES})


def cells(values: Values) -> dict[str, object]:
    """Values as the cells of a row, or as the answers of the form: what `settle` undoes."""
    return {
        **values,
        "theme": values["theme"].title if values["theme"] else "",
        "degree": dict(Theme.Degree.choices).get(values["degree"], ""),
        "titles": "\n".join(values["titles"]),
        "axes": tuple(f"Axe {n}" for n in values["axes"]),
        "dasen_agreement": YES if values["dasen_agreement"] else NO,
        "school_kind": dict(Application.SchoolKind.choices).get(values["school_kind"], ""),
    }


def as_cells(application: Application) -> dict[str, object]:
    """An application already entered, as the cells of its row."""
    return cells(stored(application))


@dataclass(frozen=True)
class Difference:
    """One answer that is not the same in two versions of an application, as people read both."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Difference, ...]:
    """What differs between two rows of cells (`cells`), in the order of the columns."""
    pairs = ((title, _read(before.get(key)), _read(after.get(key))) for key, title in TITLES.items())
    return tuple(Difference(title, old, new) for title, old, new in pairs if old != new)


def _read(cell: object) -> str:
    if isinstance(cell, (list, tuple)):
        return " ; ".join(str(one) for one in cell)
    return "" if cell is None else "\n".join(str(cell).strip().splitlines())
