"""The review of what simulated groups write, whatever its kind: moves, versions and readings with their journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from traam.demo import words
from traam.demo.company import Company
from traam.demo.judging import BATCH
from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Member
from traam.programme.people.models import Person
from traam.programme.productions.models import Production, Reading, Review, Turn, Version, theme_of
from traam.programme.productions.states import SCENARIO

Snapshot = Callable[[int], dict[str, Any]]
"""What the version of this number says."""
AT_ONCE = timedelta(minutes=5)  # between two moves for which no day is left


@dataclass(frozen=True)
class Step:
    """A move of the table of states, and when it was made."""

    verb: str
    at: datetime


def state_after(verbs: Sequence[str]) -> str:
    """The state of a production once it was moved so: the table is the same for every kind."""
    return SCENARIO.move(verbs[-1]).target if verbs else SCENARIO.initial


@dataclass(frozen=True)
class Story:
    """How a production went: whose it is, from which day, by which moves."""

    author: Person
    begun: datetime
    moves: tuple[Step, ...]

    @property
    def row(self) -> dict[str, Any]:
        """The columns that every production has."""
        verbs = [step.verb for step in self.moves]
        return {
            "review": Review(opened_at=self.begun),
            "state": state_after(verbs),
            "version": verbs.count("submit"),
            "created_by": self.author,
            "created_at": self.begun,
            "changed_at": self.moves[-1].at if self.moves else self.begun,
        }


def story(
    company: Company, verbs: Sequence[str], author: Person, begun: date, last: date, gaps: tuple[int, int]
) -> Story:
    """These moves, so many days (`gaps`: fewest, most) after one another, none after that last day."""
    moves, first = [], company.moment(begun)
    when = first
    for verb in verbs:
        day = min(localtime(when).date() + timedelta(days=company.chance.randint(*gaps)), last)
        when = max(company.moment(day), when + AT_ONCE)
        moves.append(Step(verb, when))
    return Story(author, first, tuple(moves))


@dataclass
class Reviews:
    """Those of a year. `follow` tells that of a production already written; `keep` writes what was told."""

    company: Company
    versions: list[Version] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    readings: dict[tuple[int, int], Reading] = field(default_factory=dict)

    def follow(self, production: Production, moves: Sequence[Step], snapshot: Snapshot, **begun: object) -> None:
        """`begun` is what the journal says of its beginning."""
        self.company.did("begin", production, production.created_by, production.created_at, begun)
        number = 0
        for step in moves:
            by = self._by(production, step.verb)
            if step.verb == "submit":
                number += 1
                self._version(production, number, snapshot(number), by, step.at)
            self._turn(production, number, step, by)

    def _by(self, production: Production, verb: str) -> Person:
        """Who makes this move; what the national group writes is read by the general inspector."""
        group, theme = production.group, theme_of(production)
        if verb == "propose":
            return production.created_by
        if verb == "confirm":
            return self.company.steward(theme, Steward.Role.EXPERT)
        if group is None:
            role = Steward.Role.EXPERT if verb == "submit" else Steward.Role.GENERAL_INSPECTOR
            return self.company.steward(theme, role)
        return self.company.of_role(group, Member.Role.REFERENT if verb == "submit" else Member.Role.INSPECTOR)

    def _version(self, production: Production, number: int, content: dict[str, Any], by: Person, at: datetime) -> None:
        review = production.review_id
        self.versions.append(Version(review_id=review, number=number, content=content, made_at=at, made_by=by))

    def _turn(self, production: Production, number: int, step: Step, by: Person) -> None:
        review = production.review_id
        comment = self.company.chance.choice(words.BACK) if step.verb == "send_back" else ""
        self.turns.append(Turn(review_id=review, version=number, verb=step.verb, comment=comment, by=by, at=step.at))
        if step.verb not in {"propose", "submit"}:
            self.readings[review, by.pk] = Reading(review_id=review, person=by, version=number, at=step.at)
        self.company.did(step.verb, production, by, step.at, {"version": number}, comment)

    def keep(self) -> None:
        Version.objects.bulk_create(self.versions, batch_size=BATCH)
        Turn.objects.bulk_create(self.turns, batch_size=BATCH)
        Reading.objects.bulk_create(self.readings.values(), batch_size=BATCH)


def open_reviews(productions: Sequence[Production]) -> None:
    """The review of each, written before the production that refers to it."""
    Review.objects.bulk_create([one.review for one in productions], batch_size=BATCH)
