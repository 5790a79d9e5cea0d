"""What happens, and when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Party:
    """Someone a convocation names."""

    name: str
    email: str


@dataclass(frozen=True)
class Event:
    """One line of a diary. `begins` and `ends` are both days (a whole day; `ends` is then the last one, included) or
    both hours of Paris, without a zone. Without `ends`: that day alone; what has an hour says when it ends.

    `uid` never changes; `sequence` grows when the date, the place or the state does; `changed_at` has its zone.
    Raises ValueError when the two ends are of two kinds, or in the wrong order.
    """

    uid: str
    title: str
    begins: date
    changed_at: datetime
    ends: date | None = None
    sequence: int = 0
    text: str = ""
    place: str = ""
    address: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        if self.changed_at.tzinfo is None:
            raise ValueError(f"{self.uid}: changed_at needs its zone")
        for end in (self.begins, self.ends):
            if isinstance(end, datetime) and end.tzinfo is not None:
                raise ValueError(f"{self.uid}: hours are those of Paris, without a zone")
        if isinstance(self.ends, datetime) != self.timed or (self.ends is not None and self.ends < self.begins):
            raise ValueError(f"{self.uid}: it ends before it begins, or a day is given for an hour")

    @property
    def timed(self) -> bool:
        """Whether it has an hour; otherwise it lasts whole days."""
        return isinstance(self.begins, datetime)

    @property
    def until(self) -> date:
        """The first moment that is no more of it: what DTEND says."""
        last = self.ends or self.begins
        return last if self.timed else last + timedelta(days=1)

    @property
    def stamp(self) -> datetime:
        return self.changed_at.astimezone(UTC)
