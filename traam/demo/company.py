"""Who works in the groups of a simulated year, and on which days: what they write is drawn from it."""

import itertools
import math
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from django.db.models import Model
from django.utils.timezone import localtime

from traam.demo.judging import Act
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person

T = TypeVar("T")
WRITERS = frozenset({Member.Role.REFERENT, Member.Role.TEACHER})
# The last days of the year are those of the bilans: they count all that came before.
BILANS = timedelta(days=12)
LAST_OF_CLASSES = (6, 25)


@dataclass
class Company:
    """The groups of a campaign with their members, by the number of the group.

    `moment` gives an hour to a day, never after `at`; `acts` is the journal to be written.
    """

    campaign: Campaign
    groups: Sequence[Group]
    members: Mapping[int, Sequence[Member]]
    late: set[int]
    chance: Random
    launch: date
    at: datetime
    moment: Callable[[date], datetime]
    acts: list[Act]

    def __post_init__(self) -> None:
        stewards = Steward.objects.filter(theme__campaign=self.campaign).select_related("person").order_by("-pk")
        self._stewards = {(one.theme_id, one.role): one.person for one in stewards}

    @property
    def at_work(self) -> list[Group]:
        """Those that do what is asked of them."""
        return [group for group in self.groups if group.pk not in self.late]

    @property
    def last(self) -> date:
        """The last day on which something is written, tried or judged, bilans aside: never in the summer."""
        return min(localtime(self.at).date() - BILANS, date(self.launch.year + 1, *LAST_OF_CLASSES))

    @property
    def half(self) -> date:
        """By when what will be judged is begun."""
        return self.launch + (self.last - self.launch) / 2

    def steward(self, theme: Theme, role: str) -> Person:
        """The first expert, or the first general inspector, of a theme."""
        return self._stewards[theme.pk, role]

    def of_role(self, group: Group, role: str) -> Person:
        return next(member.person for member in self.members[group.pk] if member.role == role)

    def writer(self, group: Group, day: date) -> Person:
        """Somebody who teaches in a group that day, and stays in it."""
        there = [
            member.person
            for member in self.members[group.pk]
            if member.role in WRITERS and member.since <= day and member.until is None
        ]
        return self.chance.choice(there)

    def between(self, first: date, last: date) -> date:
        """A day of these, both included, or the Friday before; the first one when there is none."""
        day = first + timedelta(days=self.chance.randrange(max((last - first).days, 0) + 1))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def shared_out(self, weighted: Sequence[tuple[T, int]], count: int) -> list[T]:
        """So many of these, each as often as its weight says however few they are, in an order of chance."""
        whole = list(itertools.accumulate(weight for _, weight in weighted))
        places = [bisect(whole, whole[-1] * (2 * n + 1) / (2 * count)) for n in range(count)]
        found = [weighted[place][0] for place in places]
        self.chance.shuffle(found)
        return found

    def some(self, share: float) -> list[Group]:
        """That share of the groups at work, one at least."""
        chosen = set(self.chance.sample(range(len(self.at_work)), k=math.ceil(share * len(self.at_work))))
        return [group for n, group in enumerate(self.at_work) if n in chosen]

    def did(
        self,
        verb: str,
        about: Model,
        actor: Person,
        at: datetime,
        data: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> None:
        self.acts.append(Act(verb, about, actor, at, reason, data or {}))
