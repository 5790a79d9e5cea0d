"""What a campaign, a theme and an amendment must be before they are written. Each check answers its sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localtime

from traam import editions, reference
from traam.engines import rulebook
from traam.engines.rulebook import Finding
from traam.engines.sheets import fold
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Amendment, Campaign, Steward, Theme
from traam.programme.people.models import Person

Errors = dict[str, list[str]]

# Milestones every campaign has, whatever its edition says of them: the machines of later steps look at these dates.
CORE_MILESTONES = {
    "call_opens": "Ouverture de l'appel",
    "applications_due": "Date limite de remontée des candidatures",
    "announcement": "Annonce des résultats",
    "launch": "Lancement des travaux",
    "end": "Fin des travaux",
}
FEWEST_AXES, MOST_AXES = 3, 5
LARGEST_NUMBER = 100_000
YES, NO = "oui", "non"


def milestone_labels(edition_id: str) -> dict[str, str]:
    """Every milestone a campaign of this edition may date, in the order of its life."""
    stated = {milestone.id: milestone.label for milestone in editions.book(edition_id).milestones}
    return {**CORE_MILESTONES, **stated}


def stored(calendar: Mapping[str, date | None]) -> dict[str, str]:
    """The calendar as it is kept: ISO dates, nothing for a milestone the campaign has not."""
    return {name: day.isoformat() for name, day in calendar.items() if day}


def days(campaign: Campaign) -> dict[str, date | None]:
    return {name: campaign.on(name) for name in campaign.calendar}


def calendar_errors(edition_id: str, calendar: Mapping[str, date | None]) -> Errors:
    errors: Errors = {}
    labels = milestone_labels(edition_id)
    for name in ("applications_due", "launch"):
        if not calendar.get(name):
            errors[name] = [f"Donnez la date : {labels[name].lower()}."]
    ordered = [(name, day) for name in CORE_MILESTONES if (day := calendar.get(name))]
    for (before, first), (after, second) in zip(ordered, ordered[1:], strict=False):
        if first > second:
            errors[after] = [
                f"« {labels[after]} » ({second:%d/%m/%Y}) vient avant « {labels[before]} » ({first:%d/%m/%Y}) : "
                "corrigez l'une des deux dates."
            ]
    return errors


def title_errors(title: str, but: Campaign | None) -> Errors:
    if not title.strip():
        return {"title": ["Donnez un titre à la campagne."]}
    if Campaign.objects.filter(title=title.strip()).exclude(pk=but.pk if but else 0).exists():
        return {"title": ["Une autre campagne porte déjà ce titre."]}
    return {}


def check_campaign(
    title: str, edition_id: str, first_year: int, calendar: Mapping[str, date | None], but: Campaign | None
) -> None:
    if edition_id not in editions.books():
        raise Invalid({"edition_id": ["Choisissez un cahier des charges dans la liste."]})
    errors = title_errors(title, but)
    if not 2000 <= first_year <= 2100:
        errors["first_year"] = ["Donnez l'année de la rentrée en quatre chiffres, par exemple 2026."]
    errors |= calendar_errors(edition_id, calendar)
    if errors:
        raise Invalid(errors)


def check_only_title(campaign: Campaign, first_year: int, calendar: Mapping[str, date | None]) -> None:
    """Once its call is open, a campaign changes its dates by amendment only."""
    sentence = "L'appel est ouvert : cette date ne change plus que par un avenant, daté, signé et motivé."
    before, after = campaign.calendar, stored(calendar)
    names = {*before, *after}
    errors: Errors = {name: [sentence] for name in sorted(names) if before.get(name) != after.get(name)}
    if first_year != campaign.first_year:
        errors["first_year"] = ["L'appel est ouvert : l'année de la rentrée ne change plus."]
    if errors:
        raise Invalid(errors)


# Themes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ThemeValues:
    """What is typed of a theme. `axes` are sentences; `disciplines` codes; experts and inspectors persons.

    `year` is 2 in the second of two years; `continues` is then the theme of the first, when the platform has it.
    """

    title: str
    framing: str
    axes: Sequence[str]
    disciplines: Sequence[str]
    degree: str = Theme.Degree.SECOND
    experts: Sequence[Person] = field(default_factory=tuple)
    general_inspectors: Sequence[Person] = field(default_factory=tuple)
    constraints: str = ""
    transversal: bool = False
    year: int = 1
    continues: Theme | None = None


def check_theme(campaign: Campaign, values: ThemeValues, but: Theme | None) -> None:
    errors = _text_errors(campaign, values, but) | _reach_errors(values) | _year_errors(campaign, values, but)
    if len(values.experts) > 2:
        errors["experts"] = ["Un thème est conduit par un expert ou par un binôme : choisissez-en deux au plus."]
    if errors:
        raise Invalid(errors)


def _text_errors(campaign: Campaign, values: ThemeValues, but: Theme | None) -> Errors:
    errors: Errors = {}
    if not values.title.strip():
        errors["title"] = ["Donnez un titre au thème."]
    elif any(fold(values.title) == fold(other.title) for other in campaign.themes.exclude(pk=but.pk if but else 0)):
        # The spreadsheet of the call tells themes apart by their titles, whatever the accents and the case.
        errors["title"] = ["Un autre thème de la campagne porte déjà ce titre, aux accents ou aux majuscules près."]
    if not values.framing.strip():
        errors["framing"] = ["Écrivez le paragraphe de cadrage : il dit aux équipes ce qui est attendu."]
    axes = [axis.strip() for axis in values.axes]
    if not FEWEST_AXES <= len(axes) <= MOST_AXES or not all(axes):
        errors["axes"] = [f"Écrivez de trois à cinq axes, un par ligne ; il y en a {len([a for a in axes if a])}."]
    elif len({fold(axis) for axis in axes}) < len(axes):
        errors["axes"] = ["Deux axes disent la même chose : gardez-en un, ou distinguez-les."]
    return errors


def _reach_errors(values: ThemeValues) -> Errors:
    errors: Errors = {}
    if any(code not in reference.disciplines() for code in values.disciplines):
        errors["disciplines"] = ["Choisissez les disciplines dans la liste."]
    elif not values.disciplines and not values.transversal:
        errors["disciplines"] = ["Choisissez au moins une discipline, ou dites que le thème est transversal."]
    if values.degree not in Theme.Degree.values:
        errors["degree"] = ["Choisissez le degré d'enseignement."]
    return errors


def _year_errors(campaign: Campaign, values: ThemeValues, but: Theme | None) -> Errors:
    lasts = campaign.edition.edition.duration_years
    if not 1 <= values.year <= lasts:
        years = "un an" if lasts == 1 else f"{lasts} ans"
        return {"year": [f"Un thème de ce cahier des charges dure {years} : choisissez son année parmi celles-là."]}
    first = values.continues
    if first is None:
        return {}
    if values.year == 1:
        return {"continues": ["Un thème qui en poursuit un autre est en seconde année : choisissez la seconde année."]}
    if (first.year, first.campaign.first_year) != (1, campaign.first_year - 1) or first.state == "draft":
        return {
            "continues": [
                f"« {first} » n'a pas été proposé en première année un an plus tôt : choisissez un thème dans la liste."
            ]
        }
    other = first.carried_on.exclude(pk=but.pk if but else 0).select_related("campaign").first()
    if other:
        where = "un autre thème de cette campagne" if other.campaign_id == campaign.pk else f"« {other.campaign} »"
        return {"continues": [f"« {first} » est déjà poursuivi dans {where} : un thème n'a qu'une seconde année."]}
    return {}


def leading(theme: Theme) -> dict[str, int]:
    """How many lead a theme, as facts of its edition."""
    roles = [steward.role for steward in theme.stewards.all()]
    return {
        "experts": roles.count(Steward.Role.EXPERT),
        "general_inspectors": roles.count(Steward.Role.GENERAL_INSPECTOR),
    }


def leading_breaches(theme: Theme) -> list[Finding]:
    """What the edition asks of those who lead a theme, and that it has not."""
    led = leading(theme)
    facts = {**dict.fromkeys(rulebook.SUBJECTS["theme"]), **led}
    return [finding for finding in theme.campaign.edition.breaches("theme", facts) if finding.fact in led]


# Copying -------------------------------------------------------------------------------------------------


def shifted(day: date, years: int) -> date:
    """The same day other years; a 29 February falls on the 28th when the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def may_go_on(theme: Theme) -> bool:
    """Whether a second year may follow: the edition gives two, and the theme was proposed for the first."""
    return theme.campaign.edition.edition.duration_years == 2 and theme.year == 1 and theme.state != "draft"


def check_copy(source: Campaign, first_year: int, carry_on: Sequence[Theme], keep: Sequence[Theme]) -> None:
    errors: Errors = {}
    if first_year <= source.first_year:
        errors["first_year"] = [
            f"« {source} » commence en {source.first_year} : choisissez une année de rentrée qui vient après."
        ]
    elif carry_on and first_year != source.first_year + 1:
        errors["first_year"] = [
            f"La seconde année d'un thème suit la première : choisissez {source.first_year + 1}, "
            "ou ne poursuivez aucun thème."
        ]
    refused = [_not_carried(theme, source) for theme in carry_on]
    if any(refused):
        errors["carry_on"] = [sentence for sentence in refused if sentence]
    chosen = [theme.pk for theme in (*carry_on, *keep)]
    if any(theme.campaign_id != source.pk for theme in keep) or len(set(chosen)) < len(chosen):
        errors["keep"] = ["Choisissez chaque thème une seule fois, parmi ceux de la campagne copiée."]
    if errors:
        raise Invalid(errors)


def _not_carried(theme: Theme, source: Campaign) -> str:
    """Why a theme has no second year in the copy; "" when it may."""
    if theme.campaign_id != source.pk or not may_go_on(theme):
        return f"« {theme} » ne se poursuit pas : il n'est pas dans la première de deux années."
    other = theme.carried_on.select_related("campaign").first()
    return f"« {theme} » est déjà poursuivi dans la campagne « {other.campaign} »." if other else ""


# Amendments ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clause:
    """What an amendment changes: its label, the value in force as it is stored, the article that sets it."""

    kind: str
    name: str
    label: str
    value: str
    article: str


def clause(campaign: Campaign, kind: str, name: str) -> Clause:
    """`Invalid` when the edition sets no such date or number."""
    if kind == Amendment.Kind.BLIND:
        selection = campaign.edition.selection
        return Clause(kind, "", "Lecture à l'aveugle", YES if selection.blind else NO, selection.article)
    if kind == Amendment.Kind.DATE and name in (labels := milestone_labels(campaign.edition_id)):
        milestone = campaign.edition.milestone(name)
        article = milestone.article if milestone else ""
        return Clause(kind, name, labels[name], campaign.calendar.get(name, ""), article)
    limit = campaign.edition.limit(name) if kind == Amendment.Kind.LIMIT else None
    if limit:
        return Clause(kind, name, limit.label, str(limit.value), limit.article)
    raise Invalid({"name": ["Le cahier des charges ne fixe rien de tel : choisissez ce qui change dans la liste."]})


def clauses(campaign: Campaign) -> list[Clause]:
    """Everything that may be amended: the dates in their order, the numbers, the blind reading."""
    names = sorted(milestone_labels(campaign.edition_id), key=lambda name: campaign.calendar.get(name, "9999"))
    dates = [clause(campaign, Amendment.Kind.DATE, name) for name in names]
    limits = [clause(campaign, Amendment.Kind.LIMIT, name) for name in campaign.edition.limits]
    return [*dates, *limits, clause(campaign, Amendment.Kind.BLIND, "")]


@dataclass(frozen=True)
class InForce:
    """The calendar and the overrides of a campaign once amended."""

    calendar: dict[str, str]
    overrides: dict[str, object]


def amend(campaign: Campaign, changed: Clause, after: str, at: datetime) -> InForce:
    """What would be in force; `Invalid` when the value is none, the same, or leads to an impossible rule."""
    after = after.strip()
    if after == changed.value:
        raise Invalid({"after": ["C'est déjà la valeur en vigueur : il n'y a rien à amender."]})
    if changed.kind == Amendment.Kind.DATE:
        return InForce(_amended_calendar(campaign, changed, after, at), campaign.overrides)
    overrides = dict(campaign.overrides)
    if changed.kind == Amendment.Kind.LIMIT:
        overrides["limits"] = {**overrides.get("limits", {}), changed.name: _whole(after)}
    elif after in {YES, NO}:
        overrides["blind"] = after == YES
    else:
        raise Invalid({"after": ["Répondez par oui ou par non."]})
    try:
        rulebook.amended(
            editions.book(campaign.edition_id), limits=overrides.get("limits"), blind=overrides.get("blind")
        )
    except rulebook.BadAmendment as bad:
        raise Invalid({"after": [bad.sentence]}) from None
    return InForce(campaign.calendar, overrides)


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 9 or int(typed) > LARGEST_NUMBER:
        raise Invalid({"after": [f"Donnez un nombre entier, de 0 à {LARGEST_NUMBER}, en chiffres."]})
    return int(typed)


def _amended_calendar(campaign: Campaign, changed: Clause, after: str, at: datetime) -> dict[str, str]:
    try:
        day = date.fromisoformat(after)
    except ValueError:
        raise Invalid({"after": ["Donnez une date, par exemple 22/05/2027."]}) from None
    if day < localtime(at).date():
        raise Invalid({"after": [f"Le {day:%d/%m/%Y} est passé : choisissez une date à venir."]})
    calendar = {**days(campaign), changed.name: day}
    errors = calendar_errors(campaign.edition_id, calendar)
    if errors:
        # Whatever the milestone the order breaks at, the date being typed is the one to mend.
        raise Invalid({"after": [sentence for several in errors.values() for sentence in several]})
    return stored(calendar)
