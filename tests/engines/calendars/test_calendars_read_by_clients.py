"""What diaries read in our files: two clients that know nothing of us, icalendar and vobject."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.engines.calendars import Event, Party, calendar, cancellation, request
from traam.engines.calendars.lines import BREAKS

PARIS = ZoneInfo("Europe/Paris")
STAMP = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
Seen = tuple[str, str, date, date, str, str, int, str]


def local(year: int, month: int, day: int, at: int) -> datetime:
    """An hour as the clocks of Paris show it."""
    return datetime.combine(date(year, month, day), time(at))


def moment(when: date) -> date:
    """Hours are compared on the clock of Greenwich: a wrong offset shows."""
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def by_icalendar(body: bytes) -> list[Seen]:
    read = icalendar.Calendar.from_ical(body)
    return [
        (
            str(one["UID"]),
            str(one["SUMMARY"]),
            moment(one.decoded("DTSTART")),
            moment(one.decoded("DTEND")),
            str(one.get("DESCRIPTION", "")),
            str(one.get("LOCATION", "")),
            int(one["SEQUENCE"]),
            str(one["STATUS"]),
        )
        for one in read.walk("VEVENT")
    ]


def by_vobject(body: bytes) -> list[Seen]:
    read = vobject.readOne(body.decode())
    return [
        (
            one.uid.value,
            one.summary.value,
            moment(one.dtstart.value),
            moment(one.dtend.value),
            one.description.value if hasattr(one, "description") else "",
            one.location.value if hasattr(one, "location") else "",
            int(one.sequence.value),
            one.status.value,
        )
        for one in read.vevent_list
    ]


def meant(event: Event) -> Seen:
    def absolute(when: date) -> date:
        return when.replace(tzinfo=PARIS).astimezone(UTC) if isinstance(when, datetime) else when

    return (
        event.uid,
        event.title,
        absolute(event.begins),
        absolute(event.until),
        event.text,
        event.place,
        event.sequence,
        "CANCELLED" if event.cancelled else "CONFIRMED",
    )


def a_year() -> list[Event]:
    """Two hundred events over fourteen months: every week-end where clocks move is among them, both in each zone."""
    first = date(2026, 9, 1)
    events = []
    for rank in range(200):
        day = first + timedelta(days=2 * rank)
        begins: date = day if rank % 5 == 0 else datetime.combine(day, time(8 + rank % 10, 15))
        ends = begins + timedelta(days=rank % 3) if rank % 5 == 0 else begins + timedelta(hours=1, minutes=rank % 60)
        events.append(
            Event(
                uid=f"meeting-{rank}@traam.example",
                title=f"Réunion nº {rank} ; ordre du jour, « bilan » \\ suite",
                begins=begins,
                ends=ends,
                changed_at=STAMP + timedelta(minutes=rank),
                sequence=rank % 4,
                text="Été\n" * (rank % 30) + "fin",
                place=f"Salle {rank}, 1er étage ; Lyon",
                cancelled=rank % 17 == 3,
            )
        )
    return events


def clock_changes() -> list[Event]:
    """The day of each change, before and after, and the evening before."""
    days = [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)]
    hours = [time(0, 30), time(1, 30), time(3, 30), time(9), time(23)]
    moments = [datetime.combine(day - timedelta(days=back), hour) for day in days for back in (0, 1) for hour in hours]
    return [hour(f"dst-{rank}@traam.example", when) for rank, when in enumerate(moments)]


def hour(uid: str, when: datetime) -> Event:
    """Half an hour: one that ended between two and three would end, in March, at an hour that no clock shows."""
    return Event(uid, "Heure", when, STAMP, ends=when + timedelta(minutes=29))


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
def test_two_hundred_events_are_read_as_they_are_meant(read: object) -> None:
    events = [*a_year(), *clock_changes()]
    assert read(calendar("Mon calendrier", events)) == [meant(event) for event in events]  # type: ignore[operator]


def test_an_hour_is_the_hour_of_paris_on_both_sides_of_a_clock_change() -> None:
    before, after = local(2026, 10, 24, 9), local(2026, 10, 25, 9)
    body = calendar("x", [hour("a", before), hour("b", after)])
    for read in (by_icalendar, by_vobject):
        assert [seen[2] for seen in read(body)] == [
            datetime(2026, 10, 24, 7, tzinfo=UTC),
            datetime(2026, 10, 25, 8, tzinfo=UTC),
        ]


def test_the_zone_written_in_the_file_is_paris_by_itself() -> None:
    """Without the reader's own table of zones: the offsets come from our VTIMEZONE."""
    body = calendar("x", clock_changes())
    zone = icalendar.Calendar.from_ical(body).walk("VTIMEZONE")[0].to_tz()
    wrong = [
        event.begins
        for event in clock_changes()
        if isinstance(event.begins, datetime)
        and event.begins.replace(tzinfo=zone).utcoffset() != event.begins.replace(tzinfo=PARIS).utcoffset()
    ]
    assert wrong == []


def test_a_whole_day_is_a_date_and_ends_the_day_after() -> None:
    body = calendar("x", [Event("a", "Remontée", date(2026, 12, 31), STAMP)])
    assert b"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in body
    assert b"VTIMEZONE" not in body


def test_a_calendar_without_events_is_one_that_clients_read() -> None:
    """Section 3.6 wants one component at least."""
    body = calendar("Rien", [])
    assert b"BEGIN:VTIMEZONE" in body
    assert by_icalendar(body) == [] and vobject.readOne(body.decode()).name == "VCALENDAR"


def test_a_calendar_says_how_often_to_come_back_and_names_nobody() -> None:
    body = calendar("Mon calendrier", a_year(), refresh=timedelta(hours=6))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT360M\r\nX-PUBLISHED-TTL:PT360M\r\n" in body
    assert b"METHOD:PUBLISH" in body
    assert b"ATTENDEE" not in body and b"ORGANIZER" not in body


PARTIES = (
    Party('Camille « L\'experte » "Martin"', "expert@traam.example"),
    [
        Party("Référent; de, Lyon", "referent@traam.example"),
        Party("É" * 60, "e@traam.example"),
    ],
)


@pytest.mark.parametrize(("write", "method", "status"), [(request, "REQUEST", "CONFIRMED"), (cancellation, "CANCEL", "CANCELLED")])  # fmt: skip # noqa: E501
def test_a_convocation_names_who_convenes_and_who_is_convened(write: object, method: str, status: str) -> None:
    organizer, invited = PARTIES
    body: bytes = write(clock_changes()[0], organizer, invited)  # type: ignore[operator]
    read = icalendar.Calendar.from_ical(body)
    [event] = read.walk("VEVENT")
    assert (str(read["METHOD"]), str(event["STATUS"])) == (method, status)
    assert str(event["ORGANIZER"]) == "mailto:expert@traam.example"
    assert event["ORGANIZER"].params["CN"] == "Camille « L'experte » 'Martin'"
    assert [(str(one), one.params["CN"]) for one in event["ATTENDEE"]] == [
        ("mailto:referent@traam.example", "Référent; de, Lyon"),
        ("mailto:e@traam.example", "É" * 60),
    ]
    assert [one.value for one in vobject.readOne(body.decode()).vevent.attendee_list] == [
        f"mailto:{one.email}" for one in invited
    ]


WORDS = st.text(max_size=200)


def as_read(words: str) -> str:
    """The text a reader gets back: line breaks are all alike, control characters are gone."""
    lines = words.replace("\r\n", "\n").splitlines()
    kept = ["".join(" " if c == "\t" else c for c in line if c == "\t" or c.isprintable() or ord(c) >= 0xA0) for line in lines]  # fmt: skip # noqa: E501
    return "\n".join(kept)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3))
def test_any_text_comes_back_and_no_line_is_longer_than_75_octets(texts: Sequence[str]) -> None:
    events = [Event(f"{rank}@x", words, date(2027, 1, 1), STAMP, text=words) for rank, words in enumerate(texts)]
    body = calendar("".join(texts), events)
    lines = body.split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)  # no character is cut
    assert b"\n" not in body.replace(b"\r\n", b"") and b"\r" not in body.replace(b"\r\n", b"")
    wanted = [as_read(words) for words in texts]
    assert [seen[1] for seen in by_icalendar(body)] == wanted
    assert [seen[1] for seen in by_vobject(body)] == wanted
    assert len(by_icalendar(body)) == len(texts)


def test_a_text_cannot_write_a_line_of_its_own() -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged"
    events = [Event("a", hostile, date(2027, 1, 1), STAMP, address=hostile, place=hostile)]
    assert [seen[0] for seen in by_icalendar(calendar(hostile, events))] == ["a"]
    sent = request(Event(hostile, "x", date(2027, 1, 1), STAMP), Party(hostile, f"a@x{BREAKS}"), [])
    assert len(by_icalendar(sent)) == 1


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (local(2027, 1, 1, 9), local(2027, 1, 1, 8)),
        (local(2027, 1, 1, 9), date(2027, 1, 2)),
        (date(2027, 1, 2), date(2027, 1, 1)),
        (datetime(2027, 1, 1, 9, tzinfo=UTC), datetime(2027, 1, 1, 10, tzinfo=UTC)),
        (local(2027, 1, 1, 9), None),
    ],
)
def test_an_event_that_makes_no_sense_is_not_made(begins: date, ends: date | None) -> None:
    with pytest.raises(ValueError, match="a:"):
        Event("a", "x", begins, STAMP, ends=ends)
