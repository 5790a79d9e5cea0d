"""HiGHS, kept on a short lead: one thread, seed 0, no gap, canonical order, and any status but a proof refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import highspy

from .model import INFINITY, Programme, Row

NAME = f"HiGHS {version('highspy')}, modèle 1"
"""Kept with each solution: another version may find its way differently, never to another value."""
WHOLE = 1e-5
MARGIN = 0.5
"""Every value is a whole number: what is within one half of it can be told from its neighbours."""


class SolverRefused(RuntimeError):
    """HiGHS stopped without a proof. Never to be taken for an answer."""


class Machine:
    """One model in HiGHS, changed and solved again. Everything is maximised."""

    def __init__(self, programme: Programme, *, whole: bool) -> None:
        self.size = len(programme.costs)
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": MARGIN}
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(_lp(programme, whole=whole))
        self.columns = list(range(self.size))

    def solve(self) -> list[float] | None:
        """The columns of an optimum, None when there is none. Raises `SolverRefused`."""
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kNotset:  # another part of the process changed the number of threads
            highspy.Highs.resetGlobalScheduler(True)
            self.highs.run()
            status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverRefused(f"HiGHS answered « {self.highs.modelStatusToString(status)} »: refused.")
        return list(self.highs.getSolution().col_value)

    @property
    def objective(self) -> float:
        return float(self.highs.getInfo().objective_function_value)

    @property
    def reduced_costs(self) -> list[float]:
        return list(self.highs.getSolution().col_dual)

    def aim(self, costs: Sequence[int]) -> None:
        self.highs.changeColsCost(self.size, self.columns, [float(one) for one in costs])

    def bound(self, column: int, lower: int, upper: int) -> None:
        self.highs.changeColBounds(column, float(lower), float(upper))

    def row(self, row: int, lower: float, upper: float) -> None:
        self.highs.changeRowBounds(row, lower, upper)

    def add(self, row: Row) -> int:
        """Add a row; answers its number."""
        columns = [column for column, value in row.entries.items() if value]
        values = [float(row.entries[column]) for column in columns]
        self.highs.addRow(row.lower, row.upper, len(columns), columns, values)
        return int(self.highs.getNumRow()) - 1


def _lp(programme: Programme, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(programme.costs), len(programme.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = [float(one) for one in programme.costs]
    lp.col_lower_ = [float(one) for one in programme.lower]
    lp.col_upper_ = [float(one) for one in programme.upper]
    lp.row_lower_ = [row.lower for row in programme.rows]
    lp.row_upper_ = [row.upper for row in programme.rows]
    starts: list[int] = [0]
    columns: list[int] = []
    values: list[float] = []
    for row in programme.rows:
        columns.extend(row.entries)
        values.extend(float(one) for one in row.entries.values())
        starts.append(len(columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, columns, values
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp


@dataclass(frozen=True, slots=True)
class Optimum:
    """A proven value, one selection that reaches it, and for each column whether it is the same in all of them.

    `settled`: column → its value in EVERY selection of that value. A column whose reduced cost is larger than what
    separates the relaxation from the optimum cannot move without losing; the search for ties leaves it alone.
    """

    value: int
    columns: list[int]
    settled: dict[int, int]


class Search:
    """The best selection of a programme, and again after a few bounds changed: the models and the basis are kept."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.relaxed = Machine(programme, whole=False)
        self._whole: Machine | None = None

    @property
    def whole(self) -> Machine:
        """Made only if a relaxation ever comes out fractional; then always kept in step with it."""
        if self._whole is None:
            self._whole = Machine(self.programme, whole=True)
        return self._whole

    def best(self) -> Optimum | None:
        """The optimum under the bounds in force in `programme`, None when there is none."""
        found = self.relaxed.solve()
        if found is None:
            return None
        ceiling, reduced = self.relaxed.objective, self.relaxed.reduced_costs
        columns = rounded(found)
        if columns is None:
            found = self.whole.solve()
            if found is None:
                return None
            columns = rounded(found)
        if columns is None:
            raise SolverRefused("HiGHS answered a selection that is not made of whole candidates.")
        value = sum(cost * one for cost, one in zip(self.programme.costs, columns, strict=True))
        if value > ceiling + MARGIN:
            raise SolverRefused("HiGHS answered a value above its own bound.")
        slack = ceiling - value + MARGIN
        settled = {column: columns[column] for column, cost in enumerate(reduced) if abs(cost) > slack}
        return Optimum(value, columns, settled)

    def bound(self, column: int, lower: int, upper: int) -> None:
        self.programme.lower[column], self.programme.upper[column] = lower, upper
        self.relaxed.bound(column, lower, upper)
        if self._whole is not None:
            self._whole.bound(column, lower, upper)

    def floor(self, row: int, least: int) -> None:
        self.programme.rows[row].lower = least
        self.relaxed.row(row, least, self.programme.rows[row].upper)
        if self._whole is not None:
            self._whole.row(row, least, self.programme.rows[row].upper)


class Levels:
    """One goal after the other, each kept while the next is sought: the lexicographic optimum.

    Only the columns that are not `settled` are given to HiGHS: of thousands of candidates, tens remain.
    """

    def __init__(self, programme: Programme, settled: dict[int, int] | None = None) -> None:
        self.programme = programme
        pairs = enumerate(zip(programme.lower, programme.upper, strict=True))
        self.settled = {column: lower for column, (lower, upper) in pairs if lower == upper} | (settled or {})
        everything = range(len(programme.costs))
        self.free = [column for column in everything if column not in self.settled] or [0]  # HiGHS wants one at least
        self.settled.pop(self.free[0], None)
        self.places = {column: place for place, column in enumerate(self.free)}
        core = Programme(
            count=len(self.free),
            costs=[0] * len(self.free),
            lower=[programme.lower[column] for column in self.free],
            upper=[programme.upper[column] for column in self.free],
            rows=[small for row in programme.rows if (small := self._narrowed(row)).entries],
        )
        self.machine = Machine(core, whole=True)
        self.columns: list[int] | None = None

    def _narrowed(self, row: Row) -> Row:
        """The row over the free columns, the others counted once and for all in its bounds."""
        free = {self.places[one]: value for one, value in row.entries.items() if one in self.places}
        fixed = 0
        if len(free) < len(row.entries):
            fixed = sum(value * self.settled[one] for one, value in row.entries.items() if one in self.settled)
        return Row(row.lower - fixed, row.upper - fixed, free, row.rule)

    def keep(self, costs: Sequence[int], least: int) -> None:
        """From now on, Σ cost × column is at least `least`."""
        self.machine.add(self._narrowed(Row(least - MARGIN, INFINITY, dict(enumerate(costs)))))

    def reach(self, costs: Sequence[int]) -> None:
        """Maximise this and keep it. `columns` then holds the selection, None when nothing is possible."""
        self.columns = self._seek(costs)
        if self.columns is not None:
            self.keep(costs, sum(cost * one for cost, one in zip(costs, self.columns, strict=True)))

    def other_than(self, columns: Sequence[int]) -> list[int] | None:
        """Another selection that keeps all that was kept, None when this is the only one."""
        row = self.forbid(columns)
        found = self._seek([0] * len(self.programme.costs))
        self.machine.row(row, -INFINITY, INFINITY)
        return found

    def forbid(self, columns: Sequence[int]) -> int:
        """Never these very candidates again."""
        entries = {column: -1 if columns[column] else 1 for column in range(self.programme.count)}
        taken = sum(columns[: self.programme.count])
        return self.machine.add(self._narrowed(Row(1 - taken, INFINITY, entries)))

    def _seek(self, costs: Sequence[int]) -> list[int] | None:
        self.machine.aim([costs[column] for column in self.free])
        found = self.machine.solve()
        if found is None:
            return None
        whole = rounded(found)
        if whole is None:
            raise SolverRefused("HiGHS answered a selection that is not made of whole candidates.")
        columns = [0] * len(self.programme.costs)
        for column, value in self.settled.items():
            columns[column] = value
        for column, value in zip(self.free, whole, strict=True):
            columns[column] = value
        return columns


def rounded(columns: Sequence[float]) -> list[int] | None:
    """Whole numbers, None when one is not."""
    whole = [round(one) for one in columns]
    return whole if all(abs(a - b) < WHOLE for a, b in zip(whole, columns, strict=True)) else None
