"""Events told to diaries: iCalendar files (RFC 5545) and convocations (RFC 5546)."""

from traam.engines.calendars.events import Event, Party
from traam.engines.calendars.writing import calendar, cancellation, request

__all__ = ["Event", "Party", "calendar", "cancellation", "request"]
