"""What a proposal says, readable: the whole in a paragraph, each theme in figures, each dossier with what it costs.

A proposal may hold 2 000 dossiers: sentences are written for those that are shown, and for no other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from traam import reference
from traam.engines import assignment
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.selection import proposals
from traam.programme.selection.models import Decision, Pin, Proposal

DECIDED = frozenset({"retained", "refused", "waiting"})


@dataclass(frozen=True)
class Line:
    """An application as the proposal and the committee see it. `why`: what the opposite would cost, in French.

    `score` is in hundredths: the lowest mark of the scale as long as nobody gave an opinion.
    """

    application: Application
    score: int
    proposed: bool
    decided: str
    pin: Pin | None
    why: str

    @property
    def differs(self) -> bool:
        """Whether the committee decided otherwise."""
        return differs(self.decided, self.proposed)


def differs(decided: str, proposed: bool) -> bool:
    return decided in DECIDED and proposed != (decided == "retained")


@dataclass(frozen=True)
class ThemeAdvice:
    """A theme in figures: its candidates, the teams proposed, those on which the committee decided otherwise."""

    theme: Theme
    candidates: int
    proposed: int
    differences: int


class Advice:
    """A finished proposal beside what was decided since. Drawn a page at a time."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.problem: Mapping[str, Any] = proposal.inputs["problem"]
        self.solution = assignment.solution_from_json(proposal.outcome["solution"])
        self.explained: Mapping[str, Any] = proposal.outcome["explanations"]
        self.feasible = self.solution.status == "optimal"
        # Without any solution, what comes nearest is shown: it decides nothing.
        self.retained = frozenset(self.solution.retained if self.feasible else self.solution.fallback)
        decided = Decision.objects.filter(application__theme__campaign=proposal.campaign_id)
        self.decided = {str(key): state for key, state in decided.values_list("application_id", "state")}
        self.themes = {theme.pk: theme for theme in Theme.objects.filter(campaign=proposal.campaign_id).order_by("pk")}
        candidates = self.problem["candidates"]
        self.candidates = sorted(
            candidates, key=lambda one: (one["id"] not in self.retained, -one["score"], int(one["id"]))
        )

    @cached_property
    def _of_whole(self) -> assignment.Names:
        """The names in the sentences about the whole."""
        told = [*self.solution.tie.without, *self.solution.tie.instead]
        told += [one.candidate for one in (*self.solution.broken, *self.solution.binding) if one.candidate]
        return self._names(_applications(told))

    @property
    def summary(self) -> str:
        return assignment.solution_sentence(self.solution, self._of_whole)

    @property
    def broken(self) -> list[str]:
        """When there is no solution, the sentences of the rules that forbid it."""
        return [assignment.sentence(one, self._of_whole) for one in self.solution.broken]

    @property
    def binding(self) -> list[str]:
        """The rules met exactly: what holds the selection back."""
        return [_bound(one, self._of_whole) for one in self.solution.binding]

    @property
    def by_theme(self) -> list[ThemeAdvice]:
        counts = {pk: [0, 0, 0] for pk in self.themes}
        for one in self.candidates:
            mine, kept = counts[int(one["theme"])], one["id"] in self.retained
            mine[0] += 1
            mine[1] += kept
            mine[2] += differs(self.decided.get(one["id"], "pending"), kept)
        return [ThemeAdvice(theme, *counts[pk]) for pk, theme in self.themes.items()]

    def listing(self, theme: str = "", kind: str = "") -> "Listing":
        """Its dossiers, the proposed first, the best first. `kind`: "oui", "non" (proposed or not) or "ecarts"."""
        wanted: dict[str, Callable[[Mapping[str, Any]], bool]] = {
            "oui": lambda one: one["id"] in self.retained,
            "non": lambda one: one["id"] not in self.retained,
            "ecarts": lambda one: differs(self.decided.get(one["id"], "pending"), one["id"] in self.retained),
        }
        rows = [one for one in self.candidates if theme in {"", one["theme"]}]
        return Listing(self, [one for one in rows if kind not in wanted or wanted[kind](one)])

    def lines(self, rows: Iterable[Mapping[str, Any]]) -> list[Line]:
        """These candidates, as they are read."""
        rows = list(rows)
        found = {
            one["id"]: assignment.explanation_from_json(self.explained[one["id"]])
            for one in rows
            if one["id"] in self.explained
        }
        named = [key for each in found.values() for key in (*each.entering, *each.leaving)]
        named += [broken.candidate for each in found.values() for broken in each.broken if broken.candidate]
        applications = _applications([*(one["id"] for one in rows), *named])
        called = self._names(applications)
        return [
            self._line(one, applications[one["id"]], found.get(one["id"]), called)
            for one in rows
            if one["id"] in applications
        ]

    def _line(
        self,
        one: Mapping[str, Any],
        application: Application,
        explanation: assignment.Explanation | None,
        called: assignment.Names,
    ) -> Line:
        application.theme = self.themes[application.theme_id]
        return Line(
            application=application,
            score=one["score"],
            proposed=one["id"] in self.retained,
            decided=self.decided.get(one["id"], "pending"),
            pin=getattr(application, "pin", None),
            why=assignment.explanation_sentence(explanation, called) if explanation else "",
        )

    def _names(self, applications: Mapping[str, Application]) -> assignment.Names:
        """How people call what the solver numbers: the academy and the project."""
        academies = reference.academies()
        return assignment.Names(
            candidates={key: f"{row.academy_name}, « {row.title} »" for key, row in applications.items()},
            themes={str(pk): theme.title for pk, theme in self.themes.items()},
            academies={code: academy.name for code, academy in academies.items()},
        )


class Listing:
    """The dossiers of a proposal that are asked for: counted at once, written in French when they are shown."""

    def __init__(self, advice: Advice, rows: list[Mapping[str, Any]]) -> None:
        self.advice, self.rows = advice, rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, part: slice) -> list[Line]:
        return self.advice.lines(self.rows[part])


def _applications(keys: Iterable[str]) -> dict[str, Application]:
    rows = Application.objects.filter(pk__in={int(key) for key in keys}).select_related("pin").defer("description")
    return {str(row.pk): row for row in rows}


def told(campaign: Campaign, given: assignment.Problem, outcome: Mapping[str, Any]) -> Iterator[str]:
    """An outcome that is kept nowhere, in French, line by line."""
    inputs = {"problem": assignment.to_json(given)}
    found = Advice(Proposal(campaign=campaign, inputs=inputs, outcome=outcome))
    yield found.summary
    yield from (f"- {sentence}" for sentence in found.binding)
    if not found.feasible:
        return
    for theme in found.by_theme:
        yield f"\n{theme.theme.title} : {theme.proposed} proposées sur {theme.candidates}"
        for line in found.listing(str(theme.theme.pk))[:]:
            yield f"  {'oui' if line.proposed else 'non'}  {line.why}"


def outdated(proposal: Proposal) -> bool:
    """Whether opinions, dossiers, pins or limits changed since the proposal was asked."""
    return bool(proposal.inputs.get("known") != proposals.known(proposal.campaign))


def _bound(one: assignment.Broken, called: assignment.Names) -> str:
    """A rule met exactly: what holds the selection back."""
    where = [called.theme(one.theme)] if one.theme else []
    where += [f"région académique {called.region(one.region)}"] if one.region else []
    where += [f"académie {called.academy(one.academy)}"] if one.academy else []
    what = {
        "places": f"les {one.wanted} places sont prises",
        "theme_most": f"{one.wanted} académies, le maximum",
        "theme_least": f"{one.wanted} académies, le minimum",
        "continuing_least": f"{one.wanted} académies qui poursuivent, le minimum",
        "region_theme": f"{one.wanted} équipes, le maximum",
        "academy_total": f"{one.wanted} équipes, le maximum",
        "academy_theme": f"{one.wanted} équipe, le maximum",
    }.get(one.rule, f"{one.wanted}, la limite")
    return f"{', '.join(where)} : {what}" if where else what[0].upper() + what[1:]
