"""The dossiers of a theme as one reader may see them: what she thinks, and what she may know of the rest."""

from dataclasses import dataclass
from datetime import datetime

from traam import reference
from traam.engines.workflow import Verdict
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries
from traam.programme.selection.models import Opinion
from traam.programme.selection.queries import Dossier
from traam.programme.selection.states import DECISION, READERS

STATE_KINDS = {"pending": "info", "retained": "success", "waiting": "warning", "refused": "error"}


@dataclass(frozen=True)
class Row:
    """One dossier. `others` and `mean` are None, and `state` "", when they may not be known yet."""

    dossier: Dossier
    mine: Opinion | None
    waits: bool  # for the opinion of this reader
    conflict: Verdict
    sight: Verdict  # of the others' opinions
    others: tuple[Opinion, ...] | None
    mean: float | None
    state: str

    @property
    def application(self) -> Application:
        return self.dossier.application

    @property
    def state_label(self) -> str:
        return DECISION.states[self.state]

    @property
    def state_kind(self) -> str:
        return STATE_KINDS[self.state]


@dataclass(frozen=True)
class Table:
    """The forwarded dossiers of a theme, for one reader. `reads`: whether she gives opinions here."""

    theme: Theme
    reads: bool
    announced: bool
    rows: tuple[Row, ...]

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if row.waits]

    @property
    def given(self) -> int:
        return sum(row.mine is not None for row in self.rows)

    def around(self, application: Application) -> tuple[Row | None, Row | None]:
        """The dossiers before and after this one."""
        place = self._place(application)
        before = self.rows[place - 1] if place > 0 else None
        return before, self.rows[place + 1] if place + 1 < len(self.rows) else None

    def next_waiting(self, application: Application) -> Row | None:
        """The next dossier without my opinion, from this one on and round to it."""
        place = self._place(application)
        turned = (*self.rows[place + 1 :], *self.rows[:place])
        return next((row for row in turned if row.waits), None)

    def row(self, application: Application) -> Row:
        return self.rows[self._place(application)]

    def _place(self, application: Application) -> int:
        return [row.application.pk for row in self.rows].index(application.pk)


def table(theme: Theme, person: Person, at: datetime) -> Table:
    announced = queries.announcement(theme.campaign) is not None
    reads = bool(standing(person, theme, at) & READERS)
    knows = policies.may_see_decision(person, theme.campaign, announced=announced, at=at)
    rows = [_row(dossier, person, at, reads and not announced, bool(knows)) for dossier in queries.dossiers(theme)]
    alphabetical = list(reference.academies())
    rows.sort(key=lambda row: (alphabetical.index(row.application.academy), row.application.rank or 99))
    return Table(theme, reads, announced, tuple(rows))


def _row(dossier: Dossier, person: Person, at: datetime, judging: bool, knows: bool) -> Row:
    mine = dossier.opinion_of(person)
    conflict = policies.no_conflict(person, dossier.application, at)
    sight = policies.may_see_opinions(person, dossier.application, given=mine is not None, at=at)
    return Row(
        dossier=dossier,
        mine=mine,
        waits=judging and mine is None and bool(conflict),
        conflict=conflict,
        sight=sight,
        others=tuple(o for o in dossier.opinions if o is not mine) if sight else None,
        mean=dossier.mean if sight else None,
        state=dossier.state if knows else "",
    )
