from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from traam import editions, reference
from traam.engines.sheets import fold
from traam.engines.workflow import Invalid
from traam.programme.campaigns import policies, states
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.journal.actions import Actor, record
from traam.programme.people.models import Person

# Milestones every campaign has, whatever its edition says of them: the machines of later steps look at these dates.
CORE_MILESTONES = {
    "call_opens": "Ouverture de l'appel",
    "applications_due": "Date limite de remontée des candidatures",
    "announcement": "Annonce des résultats",
    "launch": "Lancement des travaux",
    "end": "Fin des travaux",
}


def milestone_labels(edition_id: str) -> dict[str, str]:
    """Every milestone a campaign of this edition may date, in the order of its life."""
    stated = {milestone.id: milestone.label for milestone in editions.book(edition_id).milestones}
    return {**CORE_MILESTONES, **stated}


@dataclass(frozen=True)
class ThemeValues:
    """What is typed of a theme. `axes` are sentences; `disciplines` codes; experts and inspectors persons."""

    title: str
    framing: str
    axes: Sequence[str]
    disciplines: Sequence[str]
    degree: str = Theme.Degree.SECOND
    experts: Sequence[Person] = field(default_factory=tuple)
    general_inspectors: Sequence[Person] = field(default_factory=tuple)


def _check_calendar(edition_id: str, calendar: Mapping[str, date | None]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
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


def _check(title: str, edition_id: str, first_year: int, calendar: Mapping[str, date | None], but: int | None) -> None:
    errors: dict[str, list[str]] = {}
    if not title.strip():
        errors["title"] = ["Donnez un titre à la campagne."]
    elif Campaign.objects.filter(title=title.strip()).exclude(pk=but or 0).exists():
        errors["title"] = ["Une autre campagne porte déjà ce titre."]
    if edition_id not in editions.books():
        raise Invalid({"edition_id": ["Choisissez un cahier des charges dans la liste."]})
    if not 2000 <= first_year <= 2100:
        errors["first_year"] = ["Donnez l'année de la rentrée en quatre chiffres, par exemple 2026."]
    errors |= _check_calendar(edition_id, calendar)
    if errors:
        raise Invalid(errors)


@transaction.atomic
def draft(
    title: str,
    edition_id: str,
    first_year: int,
    calendar: Mapping[str, date | None],
    *,
    actor: Person,
    at: datetime,
) -> Campaign:
    """Begin a campaign: nobody outside the national team sees it before it opens."""
    policies.may_prepare(actor, at).require()
    _check(title, edition_id, first_year, calendar, None)
    campaign = Campaign.objects.create(
        title=title.strip(),
        edition_id=edition_id,
        first_year=first_year,
        calendar=_stored(calendar),
        state=states.CAMPAIGN.initial,
        created_at=at,
    )
    record("draft", campaign, actor=actor, at=at)
    return campaign


def _stored(calendar: Mapping[str, date | None]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in calendar.items() if day}


@transaction.atomic
def change(
    campaign: Campaign,
    title: str,
    first_year: int,
    calendar: Mapping[str, date | None],
    *,
    actor: Person,
    at: datetime,
) -> Campaign:
    """Correct a campaign. The edition stays: another cahier des charges is another campaign."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_change(actor, campaign, at).require()
    _check(title, campaign.edition_id, first_year, calendar, campaign.pk)
    before = {"title": campaign.title, "first_year": campaign.first_year, "calendar": campaign.calendar}
    campaign.title, campaign.first_year, campaign.calendar = title.strip(), first_year, _stored(calendar)
    campaign.save()
    record("change", campaign, actor=actor, at=at, data={"before": before})
    return campaign


def _check_theme(campaign: Campaign, values: ThemeValues, but: int | None) -> None:
    errors: dict[str, list[str]] = {}
    if not values.title.strip():
        errors["title"] = ["Donnez un titre au thème."]
    elif any(fold(values.title) == fold(other.title) for other in campaign.themes.exclude(pk=but or 0)):
        # The spreadsheet of the call tells themes apart by their titles, whatever the accents and the case.
        errors["title"] = ["Un autre thème de la campagne porte déjà ce titre, aux accents ou aux majuscules près."]
    if not values.framing.strip():
        errors["framing"] = ["Écrivez le paragraphe de cadrage : il dit aux équipes ce qui est attendu."]
    if not 1 <= len(values.axes) <= 5:
        errors["axes"] = ["Écrivez de un à cinq axes, un par ligne."]
    if not values.disciplines or any(code not in reference.disciplines() for code in values.disciplines):
        errors["disciplines"] = ["Choisissez au moins une discipline dans la liste."]
    if values.degree not in Theme.Degree.values:
        errors["degree"] = ["Choisissez le degré d'enseignement."]
    if len(values.experts) > 2:
        errors["experts"] = ["Un thème est conduit par un expert ou par un binôme : choisissez-en deux au plus."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def save_theme(
    campaign: Campaign, values: ThemeValues, *, theme: Theme | None = None, actor: Person, at: datetime
) -> Theme:
    """Add a theme to a campaign, or correct one."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_change_themes(actor, campaign, at).require()
    _check_theme(campaign, values, theme.pk if theme else None)
    verb = "change_theme" if theme else "add_theme"
    theme = theme or Theme(campaign=campaign, state=states.THEME.initial)
    theme.title, theme.framing = values.title.strip(), values.framing.strip()
    theme.axes = [axis.strip() for axis in values.axes]
    theme.disciplines, theme.degree = list(values.disciplines), values.degree
    theme.save()
    theme.stewards.all().delete()
    pairs = [(p, Steward.Role.EXPERT) for p in values.experts]
    pairs += [(p, Steward.Role.GENERAL_INSPECTOR) for p in values.general_inspectors]
    Steward.objects.bulk_create(Steward(theme=theme, person=person, role=role) for person, role in pairs)
    record(verb, theme, actor=actor, at=at, data={"stewards": [person.pk for person, _ in pairs]})
    return theme


@transaction.atomic
def open_call(campaign: Campaign, *, actor: Person, at: datetime) -> Campaign:
    """Open the call with the themes that are ready. Publishing it is the catalogue's: call `catalogue.actions`."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_move("open", actor, campaign, at).require()
    themes = list(campaign.themes.exclude(state="closed"))
    if not themes:
        raise Invalid("Ajoutez au moins un thème avant d'ouvrir l'appel.")
    policies.before_deadline(campaign, at).require()
    without = [theme.title for theme in themes if not theme.stewards.filter(role=Steward.Role.EXPERT).exists()]
    if without:
        raise Invalid(
            f"Désignez l'expert (ou le binôme) de chaque thème avant d'ouvrir ; il manque : {', '.join(without)}."
        )
    for theme in themes:
        if theme.state == "draft":
            _move_theme(theme, "open", actor, at)
    return _move(campaign, "open", actor, at)


@transaction.atomic
def move(campaign: Campaign, verb: str, *, actor: Person, at: datetime) -> Campaign:
    """Close, reopen or archive a campaign."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_move(verb, actor, campaign, at).require()
    if verb == "reopen":
        policies.before_deadline(campaign, at).require()
    return _move(campaign, verb, actor, at)


def _move(campaign: Campaign, verb: str, actor: Actor, at: datetime) -> Campaign:
    campaign.state = states.CAMPAIGN.move(verb).target
    campaign.save(update_fields=["state"])
    record(verb, campaign, actor=actor, at=at)
    return campaign


@transaction.atomic
def move_theme(theme: Theme, verb: str, *, actor: Person, at: datetime) -> Theme:
    """Propose a theme to the academies, or close it to applications."""
    theme = Theme.objects.select_for_update().get(pk=theme.pk)
    policies.may_move_theme(verb, actor, theme, at).require()
    _move_theme(theme, verb, actor, at)
    return theme


def _move_theme(theme: Theme, verb: str, actor: Actor, at: datetime) -> None:
    theme.state = states.THEME.move(verb).target
    theme.save(update_fields=["state"])
    record(f"theme_{verb}", theme, actor=actor, at=at)
