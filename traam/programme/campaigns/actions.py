from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.campaigns import policies, rules, states
from traam.programme.campaigns.models import Amendment, Campaign, Steward, Theme
from traam.programme.campaigns.rules import ThemeValues as ThemeValues
from traam.programme.campaigns.rules import milestone_labels as milestone_labels
from traam.programme.journal.actions import Actor, record
from traam.programme.people.models import Person


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
    rules.check_campaign(title, edition_id, first_year, calendar, None)
    campaign = Campaign.objects.create(
        title=title.strip(),
        edition_id=edition_id,
        first_year=first_year,
        calendar=rules.stored(calendar),
        state=states.CAMPAIGN.initial,
        created_at=at,
    )
    record("draft", campaign, actor=actor, at=at)
    return campaign


@transaction.atomic
def copy(
    source: Campaign,
    title: str,
    first_year: int,
    *,
    carry_on: Sequence[Theme] = (),
    keep: Sequence[Theme] = (),
    with_overrides: bool = False,
    actor: Person,
    at: datetime,
) -> Campaign:
    """Begin a campaign from another: its calendar as many years later, its themes chosen one by one.

    Those of `carry_on` come back as second years, those of `keep` as new themes. Its amended numbers are decided
    again, unless `with_overrides`: each then comes with an amendment that says where it is from.
    """
    policies.may_prepare(actor, at).require()
    source = Campaign.objects.select_for_update().get(pk=source.pk)
    rules.check_copy(source, first_year, carry_on, keep)
    years = first_year - source.first_year
    calendar = {name: rules.shifted(day, years) for name, day in rules.days(source).items() if day}
    rules.check_campaign(title, source.edition_id, first_year, calendar, None)
    made = Campaign.objects.create(
        title=title.strip(),
        edition_id=source.edition_id,
        first_year=first_year,
        calendar=rules.stored(calendar),
        overrides=source.overrides if with_overrides else {},
        copied_from=source,
        state=states.CAMPAIGN.initial,
        created_at=at,
    )
    record("copy", made, actor=actor, at=at, data={"from": source.pk, "with_overrides": with_overrides})
    if with_overrides:
        _copy_amendments(source, made, actor, at)
    for theme in sorted([*carry_on, *keep], key=lambda theme: theme.pk):
        _copy_theme(theme, made, theme in carry_on, actor, at)
    return made


def _copy_amendments(source: Campaign, made: Campaign, actor: Person, at: datetime) -> None:
    """The last amendment of each number in force, signed again by whoever copies."""
    last = {(row.kind, row.name): row for row in source.amendments.exclude(kind="date").order_by("signed_at", "pk")}
    untouched = Campaign(edition_id=made.edition_id)
    for (kind, name), row in last.items():
        Amendment.objects.create(
            campaign=made,
            kind=kind,
            name=name,
            before=rules.clause(untouched, kind, name).value,
            after=row.after,
            reason=f"Repris de la campagne « {source} » : {row.reason}",
            signed_by=actor,
            signed_at=at,
        )


def _copy_theme(theme: Theme, into: Campaign, carried: bool, actor: Person, at: datetime) -> None:
    copied = Theme.objects.create(
        campaign=into,
        title=theme.title,
        framing=theme.framing,
        axes=theme.axes,
        constraints=theme.constraints,
        disciplines=theme.disciplines,
        transversal=theme.transversal,
        degree=theme.degree,
        year=2 if carried else 1,
        continues=theme if carried else None,
        state=states.THEME.initial,
    )
    led = [(steward.person_id, steward.role) for steward in theme.stewards.all()]
    Steward.objects.bulk_create(Steward(theme=copied, person_id=person, role=role) for person, role in led)
    record("carry_on_theme" if carried else "copy_theme", copied, actor=actor, at=at, data={"from": theme.pk})


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
    """Correct a campaign; once its call is open, its title. Another cahier des charges is another campaign."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_change(actor, campaign, at).require()
    if campaign.state != "draft":
        rules.check_only_title(campaign, first_year, calendar)
    rules.check_campaign(title, campaign.edition_id, first_year, calendar, campaign)
    before = {"title": campaign.title, "first_year": campaign.first_year, "calendar": campaign.calendar}
    campaign.title, campaign.first_year, campaign.calendar = title.strip(), first_year, rules.stored(calendar)
    campaign.save()
    record("change", campaign, actor=actor, at=at, data={"before": before})
    return campaign


@transaction.atomic
def amend(
    campaign: Campaign, kind: str, name: str, after: str, reason: str, *, actor: Person, at: datetime
) -> Amendment:
    """Sign an amendment: a date put off, a number raised, the blind reading decided.

    `after` is as it is stored (`Amendment`). Public: `catalogue.actions.amend`, which says it on the call's page.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_amend(actor, campaign, kind, at).require()
    changed = rules.clause(campaign, kind, name)
    in_force = rules.amend(campaign, changed, after, at)
    if not reason.strip():
        raise Invalid({"reason": ["Donnez le motif de l'avenant : il est publié avec lui."]})
    campaign.calendar, campaign.overrides = in_force.calendar, in_force.overrides
    campaign.save(update_fields=["calendar", "overrides"])
    signed = Amendment.objects.create(
        campaign=campaign,
        kind=kind,
        name=changed.name,
        before=changed.value,
        after=after.strip(),
        reason=reason.strip(),
        signed_by=actor,
        signed_at=at,
    )
    data = {"kind": kind, "name": changed.name, "before": signed.before, "after": signed.after}
    record("amend", campaign, actor=actor, at=at, reason=signed.reason, data=data)
    return signed


@transaction.atomic
def save_theme(
    campaign: Campaign, values: ThemeValues, *, theme: Theme | None = None, actor: Person, at: datetime
) -> Theme:
    """Add a theme to a campaign, or correct one."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_change_themes(actor, campaign, at).require()
    rules.check_theme(campaign, values, theme)
    verb = "change_theme" if theme else "add_theme"
    theme = theme or Theme(campaign=campaign, state=states.THEME.initial)
    theme.title, theme.framing = values.title.strip(), values.framing.strip()
    theme.axes = [axis.strip() for axis in values.axes]
    theme.constraints, theme.transversal = values.constraints.strip(), values.transversal
    theme.disciplines, theme.degree = list(values.disciplines), values.degree
    theme.year, theme.continues = values.year, values.continues
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
    short = [theme.title for theme in themes if len(theme.axes) < rules.FEWEST_AXES]
    if short:
        raise Invalid(f"Écrivez de trois à cinq axes pour chaque thème ; il en manque pour : {', '.join(short)}.")
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
