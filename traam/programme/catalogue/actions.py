"""Everything that becomes public becomes so here."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from traam.programme.calls.models import Application
from traam.programme.campaigns import actions as campaign_actions
from traam.programme.campaigns import research
from traam.programme.campaigns import rules as campaign_rules
from traam.programme.campaigns.models import Amendment, Campaign, ResearchLink, Theme
from traam.programme.campaigns.queries import research as linked_research
from traam.programme.campaigns.research import ResearchValues
from traam.programme.campaigns.rules import ThemeValues, milestone_labels
from traam.programme.catalogue.models import PublicAmendment, PublicCall, PublicTheme
from traam.programme.catalogue.notices import (
    add_erratum,
    correct_test,
    note_changes,
    note_edubase,
    record_test,
    release,
    withdraw,
    withdraw_test,
)
from traam.programme.groups.actions import announcing
from traam.programme.groups.models import Group
from traam.programme.letters.actions import write
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import holders
from traam.programme.selection import policies as selection_policies
from traam.programme.selection import queries as selection_queries

__all__ = [
    "add_erratum",
    "amend",
    "announce",
    "call_up",
    "change_call",
    "correct_test",
    "give_up",
    "link_research",
    "move_call",
    "move_theme",
    "note_changes",
    "note_edubase",
    "open_call",
    "record_test",
    "release",
    "save_theme",
    "unlink_research",
    "withdraw",
    "withdraw_test",
]


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


@transaction.atomic
def link_research(theme: Theme, values: ResearchValues, *, actor: Person, at: datetime) -> ResearchLink:
    """Link a theme with a research group and, once the theme is proposed, say so on its public page."""
    link = research.link_research(theme, values, actor=actor, at=at)
    _publish_research(link.theme, at)
    return link


@transaction.atomic
def unlink_research(link: ResearchLink, *, actor: Person, at: datetime) -> None:
    """Take away a research group, from the public page too."""
    research.unlink_research(link, actor=actor, at=at)
    _publish_research(link.theme, at)


def _publish_research(theme: Theme, at: datetime) -> None:
    if theme.campaign.state != "draft" and theme.state != "draft":
        _publish_call(theme.campaign, _public_state(theme.campaign), at)


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
            "research": [{name: getattr(link, name) for name in research.LONGEST} for link in linked_research(theme)],
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
