"""The calendar of a person, as events that her diary reads: nobody else is named in it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from traam.engines.calendars import Event
from traam.programme.campaigns.models import Amendment, Campaign
from traam.programme.groups.models import Group, Meeting, Milestone
from traam.programme.groups.queries.meetings import milestones_of_work
from traam.programme.groups.queries.national import national_themes
from traam.programme.people.models import Person

NAMELESS = timedelta(hours=1)  # of a meeting whose end was not given


def event(meeting: Meeting) -> Event:
    """A meeting as diaries know it: always the same `uid`; a cancelled one says so."""
    changed_at = meeting.changed_at or meeting.recorded_at
    begins: date = meeting.on
    ends: date | None = None
    if meeting.begins is not None:
        begins = datetime.combine(meeting.on, meeting.begins)
        ends = datetime.combine(meeting.on, meeting.ends) if meeting.ends else _an_hour_after(begins)
    address = f"{settings.SITE_ADDRESS}/atelier/reunions/{meeting.pk}"
    return Event(
        uid=f"{meeting.uid or meeting.pk}@{_site()}",
        title=f"TraAM : {meeting.subject}",
        begins=begins,
        ends=ends,
        changed_at=changed_at,
        sequence=meeting.sequence,
        text=f"Réunion du {meeting.host_name}.\nOrdre du jour et compte rendu : {address}",
        place=meeting.place or meeting.link,
        address=address,
        cancelled=meeting.state == "cancelled",
    )


def _an_hour_after(begins: datetime) -> datetime:
    """Within the same day."""
    return min(begins + NAMELESS, begins.replace(hour=23, minute=59))


def _site() -> str:
    return settings.SITE_ADDRESS.partition("://")[2]


def diary(person: Person, at: datetime) -> list[Event]:
    """Everything a person has in her groups and themes: the dates of the campaigns, those of the experts, the
    meetings. Eight queries, whatever she does."""
    groups = list(
        Group.objects.filter(members__person=person, members__until__isnull=True)
        .exclude(state="ended")
        .select_related("application__theme")
        .distinct()
    )
    hers = {theme.pk for theme in national_themes(person, at)}
    themes = {group.application.theme_id for group in groups} | hers
    meetings = Meeting.objects.filter(Q(group__in=groups) | Q(theme__in=hers)).select_related(
        "group__application__theme", "theme"
    )
    proposed = Milestone.objects.filter(theme__in=themes).select_related("theme")
    events = [*_campaigns(themes), *(_milestone(one) for one in proposed), *(event(one) for one in meetings)]
    return sorted(events, key=lambda one: (f"{one.begins:%Y%m%d}", one.uid))


def _campaigns(themes: Iterable[int]) -> Iterator[Event]:
    """Each date of each campaign, once; its sequence is the number of amendments that moved it."""
    found = Campaign.objects.filter(themes__in=themes).distinct().prefetch_related("amendments")
    for campaign in found:
        moved = [one for one in campaign.amendments.all() if one.kind == Amendment.Kind.DATE]
        for one in milestones_of_work(campaign):
            on = campaign.on(one.id)
            if on is None:
                continue
            changes = [amendment.signed_at for amendment in moved if amendment.name == one.id]
            yield Event(
                uid=f"campaign-{campaign.pk}-{one.id}@{_site()}",
                title=f"TraAM : {one.label}",
                begins=on,
                changed_at=max(changes, default=campaign.created_at),
                sequence=len(changes),
                text=f"Calendrier de la campagne « {campaign} ».",
                address=f"{settings.SITE_ADDRESS}/campagnes/{campaign.pk}",
            )


def _milestone(one: Milestone) -> Event:
    """Its sequence grows with the time of its last change: it has none of its own."""
    return Event(
        uid=f"milestone-{one.pk}@{_site()}",
        title=f"TraAM : {one.label}",
        begins=one.on,
        changed_at=one.changed_at,
        sequence=int(one.changed_at.timestamp()) // 60,
        text=f"Échéance proposée au thème « {one.theme} ».\n{one.detail}".strip(),
    )
