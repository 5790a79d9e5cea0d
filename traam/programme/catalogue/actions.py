"""Everything that becomes public becomes so here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Unpack

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.campaigns import actions as campaign_actions
from traam.programme.campaigns import rules as campaign_rules
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.campaigns.rules import ThemeValues, milestone_labels
from traam.programme.catalogue.models import Change, ChangeCounter, Notice, PublicAmendment, PublicCall, PublicTheme
from traam.programme.groups.actions import announcing
from traam.programme.groups.models import Group
from traam.programme.letters.actions import write
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import holders
from traam.programme.productions.actions import trials
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.productions.rules import read
from traam.programme.publication import actions as publication_actions
from traam.programme.publication.models import Release
from traam.programme.selection import policies as selection_policies
from traam.programme.selection import queries as selection_queries


def note_changes(notices: Iterable[Notice]) -> None:
    """Tell the index that these notices changed, in the transaction of the change."""
    notices = list(notices)
    counter, _ = ChangeCounter.objects.select_for_update().get_or_create(pk=1)
    first = counter.last + 1
    Change.objects.bulk_create(Change(number=first + i, notice=notice) for i, notice in enumerate(notices))
    counter.last += len(notices)
    counter.save(update_fields=["last"])


@transaction.atomic
def open_call(campaign: Campaign, *, actor: Person, at: datetime) -> PublicCall:
    """Open the call of a campaign, and its public page."""
    campaign = campaign_actions.open_call(campaign, actor=actor, at=at)
    call = _publish_call(campaign, "open", at)
    _tell_academies(call, actor, at)
    return call


def _tell_academies(call: PublicCall, actor: Person, at: datetime) -> None:
    """A letter to every DAN: the call is open, where it is read, until when it is answered."""
    dates = "\n".join(f"- {label} : {day:%d/%m/%Y}" for label, day in call.dates)
    themes = "\n".join(f"- {theme.title}" for theme in call.themes.order_by("pk"))
    address = f"{settings.SITE_ADDRESS}/campagnes/{call.pk}"
    for dan in holders(Role.DAN, at):
        write(
            f"call:{call.pk}:{dan.pk}",
            to=dan,
            subject=f"TraAM : l'appel à candidatures {call} est ouvert"[:200],
            body=(
                f"Bonjour {dan.name},\n\nL'appel est ouvert : {address}\n\nThèmes :\n{themes}\n\nCalendrier :\n{dates}"
                f"\n\nLes candidatures de votre académie se saisissent sur la plateforme, ou par le tableur qu'on y "
                f"télécharge.\n\n{actor.name}"
            ),
            at=at,
        )


@transaction.atomic
def move_call(campaign: Campaign, verb: str, *, actor: Person, at: datetime) -> Campaign:
    """Close, reopen or archive a campaign, and say so on its public page."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    selection_policies.may_move_call(verb, actor, campaign, at).require()
    campaign = campaign_actions.move(campaign, verb, actor=actor, at=at)
    _publish_call(campaign, _public_state(campaign), at)
    return campaign


def _public_state(campaign: Campaign) -> str:
    return "announced" if selection_queries.announcement(campaign) is not None else campaign.state


@transaction.atomic
def change_call(
    campaign: Campaign,
    title: str,
    first_year: int,
    calendar: Mapping[str, date | None],
    *,
    actor: Person,
    at: datetime,
) -> Campaign:
    """Correct a campaign and, once its call is open, its public page."""
    selection_policies.may_change_call(actor, campaign, at).require()
    campaign = campaign_actions.change(campaign, title, first_year, calendar, actor=actor, at=at)
    if campaign.state != "draft":
        _publish_call(campaign, _public_state(campaign), at)
    return campaign


@transaction.atomic
def amend(
    campaign: Campaign, kind: str, name: str, after: str, reason: str, *, actor: Person, at: datetime
) -> Amendment:
    """Sign an amendment, publish it with the call and tell the DANs of a date that moves."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    known = selection_policies.announced(campaign)
    selection_policies.may_amend(actor, campaign, kind, name, at, announced=known).require()
    signed = campaign_actions.amend(campaign, kind, name, after, reason, actor=actor, at=at)
    campaign.refresh_from_db()
    if campaign.state != "draft":
        call = _publish_call(campaign, _public_state(campaign), at)
        if kind == Amendment.Kind.DATE:
            _tell_of_date(call, signed, actor, at)
    return signed


def _tell_of_date(call: PublicCall, signed: Amendment, actor: Person, at: datetime) -> None:
    """A letter to every DAN: which date of the call moves, from when to when, and why."""
    label = milestone_labels(call.edition_id)[signed.name]
    before = f"du {date.fromisoformat(signed.before):%d/%m/%Y} au" if signed.before else "au"
    for dan in holders(Role.DAN, at):
        write(
            f"amendment:{signed.pk}:{dan.pk}",
            to=dan,
            subject=f"TraAM : une date de l'appel {call} change"[:200],
            body=(
                f"Bonjour {dan.name},\n\nUne date de l'appel « {call} » est reportée par un avenant.\n\n"
                f"{label} : {before} {date.fromisoformat(signed.after):%d/%m/%Y}.\nMotif : {signed.reason}\n\n"
                f"Le calendrier à jour : {settings.SITE_ADDRESS}/campagnes/{call.pk}\n\n{actor.name}"
            ),
            at=at,
        )


@transaction.atomic
def save_theme(
    campaign: Campaign, values: ThemeValues, *, theme: Theme | None = None, actor: Person, at: datetime
) -> Theme:
    """Add a theme or correct one and, once it is proposed, its public page."""
    theme = campaign_actions.save_theme(campaign, values, theme=theme, actor=actor, at=at)
    if campaign.state != "draft" and theme.state != "draft":
        _publish_call(campaign, _public_state(campaign), at)
    return theme


@transaction.atomic
def move_theme(theme: Theme, verb: str, *, actor: Person, at: datetime) -> Theme:
    """Propose a theme or close it, and say so on the public page of the call."""
    theme = campaign_actions.move_theme(theme, verb, actor=actor, at=at)
    if theme.campaign.state != "draft":
        _publish_call(theme.campaign, _public_state(theme.campaign), at)
    return theme


def _publish_call(campaign: Campaign, state: str, at: datetime) -> PublicCall:
    labels = milestone_labels(campaign.edition_id)
    calendar = sorted(((labels.get(k, k), day) for k, day in campaign.calendar.items()), key=lambda row: row[1])
    fields = {
        "title": campaign.title,
        "edition_id": campaign.edition_id,
        "years": campaign.years,
        "calendar": [list(row) for row in calendar],
        "overrides": campaign.overrides,
        "amendments": [asdict(row) for row in _public_amendments(campaign)],
        "state": state,
        "changed_at": at,
    }
    call, _ = PublicCall.objects.update_or_create(
        pk=campaign.pk, defaults=fields, create_defaults={**fields, "opened_at": at}
    )
    for theme in campaign.themes.exclude(state="draft"):
        _publish_theme(theme, call, at)
    return call


def _public_amendments(campaign: Campaign) -> list[PublicAmendment]:
    """Latest first. The label and the article are those of the edition: they do not depend on what is in force."""
    found = []
    for row in campaign.amendments.order_by("-signed_at", "-pk"):
        clause = campaign_rules.clause(campaign, row.kind, row.name)
        day = localtime(row.signed_at).date().isoformat()
        found.append(PublicAmendment(row.kind, clause.label, clause.article, row.before, row.after, row.reason, day))
    return found


def _publish_theme(theme: Theme, call: PublicCall, at: datetime) -> PublicTheme:
    published, _ = PublicTheme.objects.update_or_create(
        source_key=f"theme:{theme.pk}",
        defaults={
            "call": call,
            "years": call.years,
            "title": theme.title,
            "framing": theme.framing,
            "axes": theme.axes,
            "constraints": theme.constraints,
            "degree": theme.degree,
            "transversal": theme.transversal,
            "year": theme.year,
            "continues": PublicTheme.objects.filter(source_key=f"theme:{theme.continues_id}").first()
            if theme.continues_id
            else None,
            "closed": theme.state == "closed",
            "disciplines": theme.disciplines,
            "changed_at": at,
        },
    )
    return published


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime, words: Mapping[str, str] | None = None) -> list[Group]:
    """Announce the results: decisions are final, groups open, the retained academies are public.

    `words` is what the letters add for an outcome ("retained", "waiting", "refused").
    """
    opened = announcing.announce(campaign, actor=actor, at=at, words=words)
    _publish_results(campaign, at)
    return opened


def _publish_results(campaign: Campaign, at: datetime) -> None:
    """The academies of each theme, as they are retained now."""
    call = _publish_call(campaign, "announced", at)
    retained = selection_queries.retained(campaign)
    for theme in call.themes.all():
        mine = {a.academy for a in retained if f"theme:{a.theme_id}" == theme.source_key}
        theme.academies = sorted(mine)
        theme.save(update_fields=["academies"])


@transaction.atomic
def give_up(application: Application, reason: str, *, actor: Person, at: datetime) -> None:
    """A retained team gives up: its group ends, and its academy leaves the public list unless it has another team."""
    announcing.give_up(application, reason, actor=actor, at=at)
    _publish_results(application.theme.campaign, at)


@transaction.atomic
def call_up(application: Application, reason: str, *, actor: Person, at: datetime) -> Group:
    """Retain a team of the waiting list: its group opens, its academy joins the public list."""
    group = announcing.call_up(application, reason, actor=actor, at=at)
    _publish_results(application.theme.campaign, at)
    return group


@transaction.atomic
def release(scenario: Scenario, *, actor: Person, at: datetime) -> Notice:
    """Publish a validated scenario: a frozen copy at an address that will not change."""
    released = publication_actions.release(scenario, actor=actor, at=at)
    notice = _publish_notice(released, at)
    note_changes([notice])
    return notice


def _publish_notice(release: Release, at: datetime) -> Notice:
    scenario, content = release.scenario, release.content
    application = scenario.group.application
    theme = PublicTheme.objects.filter(source_key=f"theme:{application.theme_id}").first()
    same = (
        "title",
        "summary",
        "disciplines",
        "levels",
        "competences",
        "licence",
        "tools",
        "duration_minutes",
        "pieces",
    )
    fields = {
        **{name: content[name] for name in same},
        "links": [piece["address"] for piece in content["pieces"] if piece["address"]],
        "authors": content["authors"]
        or f"Groupe TraAM de l'académie {reference.academies()[application.academy].of_name}",
        "sections": [list(row) for row in read(content["sections"], content.get("phases", []))],
        "state": Notice.State.PUBLISHED,
        "version": release.version,
        "theme": theme,
        "years": application.theme.campaign.years,
        "academies": [application.academy],
        "tests": _tests(scenario),
        "reason": "",
        "datestamp": at.replace(microsecond=0),
    }
    notice, _ = Notice.objects.update_or_create(
        source_key=f"scenario:{scenario.pk}",
        defaults=fields,
        create_defaults={**fields, "published_on": at.date()},
    )
    return notice


def _tests(scenario: Scenario) -> list[dict[str, object]]:
    return [
        {
            "academy": test.academy,
            "level": test.level,
            "on": test.on.isoformat(),
            "pupils": test.pupils,
            "worked": test.worked,
            "resisted": test.resisted,
            "advice": test.advice,
        }
        for test in scenario.tests.all()
    ]


@transaction.atomic
def withdraw(scenario: Scenario, *, reason: str, actor: Person, at: datetime) -> Notice:
    """Withdraw a published scenario: its address says so, harvesters see it deleted."""
    publication_actions.withdraw(scenario, reason=reason, actor=actor, at=at)
    notice = Notice.objects.select_for_update().get(source_key=f"scenario:{scenario.pk}")
    notice.state, notice.reason = Notice.State.WITHDRAWN, reason.strip()
    notice.datestamp = at.replace(microsecond=0)
    notice.save(update_fields=["state", "reason", "datestamp"])
    note_changes([notice])
    return notice


@transaction.atomic
def record_test(
    scenario: Scenario,
    *,
    group: Group | None = None,
    version: int | None = None,
    actor: Person,
    at: datetime,
    **noted: Unpack[trials.Noted],
) -> ClassTest:
    """Write down a test in class; a scenario that is public says so on its page at once."""
    test = trials.record_test(scenario, group=group, version=version, actor=actor, at=at, **noted)
    _publish_tests(test.scenario_id, at)
    return test


@transaction.atomic
def correct_test(
    test: ClassTest, *, version: int | None = None, actor: Person, at: datetime, **noted: Unpack[trials.Noted]
) -> ClassTest:
    """Mend what was noted of a test, in public too."""
    test = trials.correct_test(test, version=version, actor=actor, at=at, **noted)
    _publish_tests(test.scenario_id, at)
    return test


@transaction.atomic
def withdraw_test(test: ClassTest, reason: str, *, actor: Person, at: datetime) -> Scenario:
    """Take away a test noted by mistake, from the public page too."""
    scenario = trials.withdraw_test(test, reason, actor=actor, at=at)
    _publish_tests(scenario.pk, at)
    return scenario


def _publish_tests(scenario: int, at: datetime) -> None:
    """The tests of a public scenario, as they are noted now. A withdrawn notice says nothing more."""
    notices = Notice.objects.select_for_update().filter(source_key=f"scenario:{scenario}")
    notice = notices.filter(state=Notice.State.PUBLISHED).first()
    if notice is None:
        return
    notice.tests = _tests(find_scenario(scenario))
    notice.datestamp = at.replace(microsecond=0)
    notice.save(update_fields=["tests", "datestamp"])
    note_changes([notice])
