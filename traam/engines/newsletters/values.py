from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


@dataclass(frozen=True)
class Piece:
    """One thing told: a work, a theme, an event, a synthesis, or words alone.

    `details` is a line under the title (« 3e · académie de Lyon »); `text` is as `prose.read` reads it; `label` are the
    words of the link to `address`. All but `kind` may be "".
    """

    kind: str
    title: str = ""
    details: str = ""
    text: str = ""
    address: str = ""
    label: str = ""


@dataclass(frozen=True)
class Issue:
    """`letter` is the name of the letter; `number` is 0 as long as it is not sent."""

    letter: str
    number: int
    title: str
    day: date
    introduction: str
    pieces: tuple[Piece, ...]

    def stored(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "day": self.day.isoformat(), "pieces": [asdict(piece) for piece in self.pieces]}

    @classmethod
    def known(cls, stored: Mapping[str, Any]) -> Self:
        """What `stored` kept."""
        pieces = tuple(Piece(**piece) for piece in stored["pieces"])
        return cls(**{**stored, "day": date.fromisoformat(stored["day"]), "pieces": pieces})

    @property
    def heading(self) -> str:
        number = f"n° {self.number}" if self.number else "numéro en préparation"
        return f"{self.letter}, {number}, {day_of(self.day)}"


@dataclass(frozen=True)
class Links:
    """Where an issue is read on line (`here`), where its letter stops, where all choices are changed, and the site."""

    here: str
    stop: str
    choices: str
    site: str


def day_of(day: date) -> str:
    """As in 1er décembre 2026."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
