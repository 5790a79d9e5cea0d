"""Calendars as files. Everything that changes with time is given: the same events make the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from traam.engines.calendars.events import Event, Party
from traam.engines.calendars.lines import bare, joined, parameter, text

PRODUCT = "-//TraAM//Calendrier//FR"
ZONE = "Europe/Paris"
# The European rule in force since 1996 (directive 2000/84/EC): clocks move on the last Sundays of March and October.
PARIS = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    f"X-LIC-LOCATION:{ZONE}",
    "BEGIN:DAYLIGHT",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def calendar(name: str, events: Iterable[Event], *, refresh: timedelta | None = None) -> bytes:
    """A calendar to read or to subscribe to; `refresh` tells subscribers how often to come back. Nobody is named."""
    events = list(events)
    return joined(_calendar("PUBLISH", _heading(name, refresh), events, ()))


def request(event: Event, organizer: Party, invited: Sequence[Party]) -> bytes:
    """The convocation to one event, for a letter: who convenes, who is convened."""
    return joined(_calendar("REQUEST", (), [event], tuple(_parties(organizer, invited))))


def cancellation(event: Event, organizer: Party, invited: Sequence[Party]) -> bytes:
    """The event of a convocation does not take place: `event.cancelled` is taken for said."""
    return joined(_calendar("CANCEL", (), [event], tuple(_parties(organizer, invited))))


def _calendar(method: str, heading: Iterable[str], events: Sequence[Event], parties: Sequence[str]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}")
    yield from heading
    if not events or any(event.timed for event in events):  # section 3.6: a calendar is never empty
        yield from PARIS
    for event in events:
        yield from _event(event, parties, cancelled=event.cancelled or method == "CANCEL")
    yield "END:VCALENDAR"


def _heading(name: str, refresh: timedelta | None) -> Iterator[str]:
    yield f"NAME:{text(name)}"
    yield f"X-WR-CALNAME:{text(name)}"
    yield f"X-WR-TIMEZONE:{ZONE}"
    if refresh is not None:
        every = f"PT{int(refresh.total_seconds()) // 60}M"
        yield f"REFRESH-INTERVAL;VALUE=DURATION:{every}"  # RFC 7986
        yield f"X-PUBLISHED-TTL:{every}"  # what Outlook reads


def _event(event: Event, parties: Iterable[str], *, cancelled: bool) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{bare(event.uid)}"
    yield f"DTSTAMP:{event.stamp:%Y%m%dT%H%M%SZ}"
    yield f"LAST-MODIFIED:{event.stamp:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART{_when(event.begins)}"
    yield f"DTEND{_when(event.until)}"
    yield f"SUMMARY:{text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{text(event.text)}"
    if event.place:
        yield f"LOCATION:{text(event.place)}"
    if event.address:
        yield f"URL:{bare(event.address)}"
    yield f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if event.timed and not cancelled else 'TRANSPARENT'}"
    yield from parties
    yield "END:VEVENT"


def _when(moment: date) -> str:
    if isinstance(moment, datetime):
        return f";TZID={ZONE}:{moment:%Y%m%dT%H%M%S}"
    return f";VALUE=DATE:{moment:%Y%m%d}"


def _parties(organizer: Party, invited: Iterable[Party]) -> Iterator[str]:
    yield f"ORGANIZER;CN={parameter(organizer.name)}:mailto:{bare(organizer.email)}"
    for one in invited:
        yield (
            f"ATTENDEE;CN={parameter(one.name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;"
            f"RSVP=FALSE:mailto:{bare(one.email)}"
        )
