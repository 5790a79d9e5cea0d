"""What an application must hold under its edition: the form and the spreadsheet ask the same questions here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from traam.engines.rulebook import Finding, Rulebook
from traam.engines.sheets import Column, Layout, check
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme

MOST_AXES = 5
YES, NO = "Oui", "Non"

COLUMNS = (
    Column("theme", "Thème", required=True, width=45, help="Choisissez le thème dans la liste."),
    Column("degree", "Degré", kind="choice", required=True, choices=tuple(Theme.Degree.labels), width=18),
    Column(
        "titles",
        "Intitulé(s) du ou des projets",
        kind="text",
        required=True,
        width=40,
        help="Plusieurs projets : un par ligne (Alt + Entrée), ou séparés par un point-virgule.",
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
        kind="text",
        width=60,
        help="Pour l'ensemble des projets.",
        aliases=("Description succincte", "Descriptif", "Résumé"),
    ),
    Column("inspector_name", "Inspecteur référent : nom", kind="text", aliases=("Inspecteur référent", "IA-IPR")),
    Column("inspector_email", "Inspecteur référent : courriel", kind="email", width=30),
    Column("inspector_phone", "Inspecteur référent : téléphone", kind="phone"),
    Column(
        "referent_name",
        "Professeur référent : nom",
        kind="text",
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
    Column("rank", "Rang donné par l'académie", kind="integer", aliases=("Rang", "Classement")),
)

# Which field of the form answers for a fact of the rules, where the names differ.
FIELD_OF_FACT = {"description_chars": "description", "theme_open": "theme", "submitted_on": "", "due_on": ""}


def _description_limit(book: Rulebook) -> int | None:
    limit = book.limit("description_max_chars")
    return int(limit.value) if limit else None


def columns(campaign: Campaign, themes: Iterable[Theme], *, complete: bool) -> tuple[Column, ...]:
    """The questions of a campaign: what is required is what its edition requires. A draft requires only the theme."""
    book = campaign.edition
    required = {field.id for field in book.application_fields if field.mandatory} | {
        "theme",
        "titles",
        "degree",
    }
    titles = tuple(theme.title for theme in themes)
    asked = []
    for column in COLUMNS:
        column = replace(column, required=column.key == "theme" or (complete and column.key in required))
        if column.key == "theme":
            # Without an open theme the list cannot be empty: nothing that is typed will be found in it.
            column = replace(column, kind="choice", choices=titles or ("(aucun thème ouvert)",))
        asked.append(column)
    return tuple(asked)


def layout(campaign: Campaign, themes: Iterable[Theme]) -> Layout:
    """The spreadsheet of the call, with the lists of this campaign."""
    return Layout(
        name="candidatures",
        sheet="Candidatures",
        columns=columns(campaign, themes, complete=True),
        note=f"Remontée des candidatures : {campaign.title}",
    )


def split_titles(raw: object) -> list[str]:
    lines = str(raw or "").replace(";", "\n").splitlines()
    return [line.strip() for line in lines if line.strip()]


Values = dict[str, object]


def settle(
    campaign: Campaign, themes: Iterable[Theme], parsed: Mapping[str, object]
) -> tuple[Values, dict[str, list[str]]]:
    """Turn parsed cells into the fields of an application; the axes are checked against the theme's own."""
    errors: dict[str, list[str]] = {}
    values: Values = {key: parsed.get(key) or "" for key in (column.key for column in COLUMNS)}
    theme = next((one for one in themes if one.title == parsed.get("theme")), None)
    degree_of = dict(zip(Theme.Degree.labels, Theme.Degree.values, strict=True))
    values["theme"] = theme
    values["degree"] = degree_of.get(str(parsed.get("degree") or ""), "")
    values["titles"] = split_titles(parsed.get("titles"))
    values["rank"] = parsed.get("rank")
    values["dasen_agreement"] = parsed.get("dasen_agreement") == YES
    raw_axes = parsed.get("axes") or ()
    axes = [int(str(label).removeprefix("Axe ")) for label in (raw_axes if isinstance(raw_axes, (list, tuple)) else [])]
    values["axes"] = axes
    if theme and (beyond := [n for n in axes if n > len(theme.axes)]):
        errors["axes"] = [
            f"Le thème « {theme.title} » n'a que {len(theme.axes)} axes : l'axe {beyond[0]} n'existe pas."
        ]
    too_long = _too_long(campaign, str(values["description"]))
    if too_long:
        errors["description"] = [too_long]
    return values, errors


def _too_long(campaign: Campaign, description: str) -> str:
    """The sentence for a description that passes the limit, said even of a draft: the rest would be lost."""
    if not description:
        return ""
    breaches = campaign.edition.breaches("application", facts_of({"description": description}, campaign, None))
    return next((b.sentence for b in breaches if b.fact == "description_chars"), "")


def facts_of(values: Mapping[str, object], campaign: Campaign, theme: Theme | None) -> dict[str, object]:
    """The facts of an application, as the rules know them."""
    strings = (
        "degree",
        "inspector_name",
        "inspector_email",
        "inspector_phone",
        "referent_name",
        "referent_school",
        "referent_email",
        "referent_phone",
    )
    return {
        **{name: str(values.get(name) or "") for name in strings},
        "titles": list(values.get("titles") or []),  # type: ignore[call-overload]
        "axes": list(values.get("axes") or []),  # type: ignore[call-overload]
        "description_chars": len(str(values.get("description") or "")),
        "dasen_agreement": bool(values.get("dasen_agreement")),
        "submitted_on": values.get("submitted_on"),
        "due_on": campaign.on("applications_due"),
        "theme_open": theme is not None and theme.state == "open",
    }


def findings(values: Mapping[str, object], campaign: Campaign, theme: Theme | None) -> tuple[Finding, ...]:
    return campaign.edition.judge("application", facts_of(values, campaign, theme))


def breaches_by_field(values: Mapping[str, object], campaign: Campaign, theme: Theme | None) -> dict[str, list[str]]:
    """The blocking breaches, each with its article, at the field that mends it."""
    by_field: dict[str, list[str]] = {}
    for finding in findings(values, campaign, theme):
        if not finding.met and finding.severity == "blocking":
            by_field.setdefault(FIELD_OF_FACT.get(finding.fact, finding.fact), []).append(finding.sentence)
    return by_field


def examine(
    campaign: Campaign, themes: Iterable[Theme], raw: Mapping[str, object], *, complete: bool
) -> tuple[Values, dict[str, list[str]]]:
    """Judge what was typed in the form: values ready to store, and the sentences for each field at fault."""
    themes = list(themes)
    parsed, errors = check(columns(campaign, themes, complete=complete), raw)
    values, more = settle(campaign, themes, parsed)
    merge(errors, more)
    if complete and not errors:
        theme = values["theme"]
        merge(errors, breaches_by_field(values, campaign, theme if isinstance(theme, Theme) else None))
    return values, errors


def merge(errors: dict[str, list[str]], more: Mapping[str, list[str]]) -> None:
    for name, sentences in more.items():
        kept = errors.setdefault(name, [])
        kept.extend(sentence for sentence in sentences if sentence not in kept)


def stored(application: Application) -> Values:
    """The values of an application already entered."""
    names = [column.key for column in COLUMNS]
    return {name: getattr(application, name) for name in names}


def as_cells(application: Application) -> dict[str, object]:
    """An application as the cells of its row: what `settle` undoes."""
    values = stored(application)
    return {
        **values,
        "theme": application.theme.title,
        "degree": dict(Theme.Degree.choices).get(application.degree, ""),
        "titles": "\n".join(application.titles),
        "axes": tuple(f"Axe {n}" for n in application.axes),
        "dasen_agreement": YES if application.dasen_agreement else NO,
    }
