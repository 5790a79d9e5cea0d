"""The calendar of a call as an iCalendar file (RFC 5545): one event, a whole day, for each date."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line break (section 3.1)


def calendar(name: str, events: Iterable[tuple[str, date, str, str]], *, changed_at: datetime, version: int) -> bytes:
    """`events` are (unique name, day, title, address). `version` grows when dates move, so that diaries follow."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TraAM//Appel a candidatures//FR", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(*event, changed_at.astimezone(UTC), version)
    lines += ["END:VCALENDAR"]
    return b"".join(_folded(line) for line in lines)


def _event(uid: str, day: date, title: str, address: str, stamp: datetime, version: int) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(uid)}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{version}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(title)}"
    yield f"URL:{address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """Section 3.3.11: what separates values is escaped."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """A long line goes on after a line break and a space; a character is never cut."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > LONGEST_LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
