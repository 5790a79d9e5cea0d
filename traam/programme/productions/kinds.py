"""What the review needs to know of each kind of production. A kind that has more to say changes its line of `KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from traam.engines.rulebook import Finding
from traam.engines.workflow import Machine
from traam.programme.productions import (
    bilan_rules,
    module_rules,
    module_versions,
    parts,
    queries,
    rules,
    states,
    support_rules,
)
from traam.programme.productions.models import Production
from traam.programme.productions.parts import Content, Part
from traam.programme.productions.queries import bilans, supports
from traam.programme.productions.queries import modules as module_queries


@dataclass(frozen=True)
class Kind:
    """One kind. `find` raises `Missing`; `snapshot` is plain JSON, kept word for word at each submission.

    `breaches` is what must be mended before it is submitted; `parts` cuts a snapshot in the order it is read.
    `workshop` and `review` are the beginnings of the addresses of its pages: its number ends them.
    """

    name: str
    machine: Machine
    find: Callable[[int], Any]
    snapshot: Callable[[Any], dict[str, Any]]
    breaches: Callable[[Any], list[Finding]]
    parts: Callable[[Content], list[Part]]
    workshop: str
    review: str

    @property
    def noun(self) -> str:
        """With its article: "le scénario"."""
        return self.machine.noun

    @property
    def title(self) -> str:
        """Without its article: "Scénario"."""
        return self.machine.noun.removeprefix("le ").capitalize()


def of(production: Production) -> Kind:
    return KINDS[str(production._meta.model_name)]


def read(production: Production) -> list[Part]:
    """What its readers have before them: the text itself while the référent reads it, then the last version."""
    kind, version = of(production), queries.last_version(production)
    if version is not None and production.state != "proposed":
        return kind.parts(version.content)
    return kind.parts(kind.snapshot(production))


# What is said of the row and not of the work: no part of a version.
_ROW = {"id", "group", "theme", "review", "state", "revision", "version", "created_by", "created_at", "changed_at"}


def plain_snapshot(production: Production) -> dict[str, Any]:
    """The columns of a production that hold its content."""
    return {f.name: getattr(production, f.name) for f in production._meta.concrete_fields if f.name not in _ROW}


def by_actions(module: str) -> Callable[[Any], dict[str, Any]]:
    """The `snapshot` of a module of the actions, read when it is asked for: the actions ask the kinds."""

    def snapshot(production: Any) -> dict[str, Any]:
        taken: dict[str, Any] = import_module(f"traam.programme.productions.actions.{module}").snapshot(production)
        return taken

    return snapshot


SCENARIO = Kind(
    name="scenario",
    machine=states.SCENARIO,
    find=queries.scenario,
    snapshot=by_actions("scenarios"),
    breaches=rules.breaches,
    parts=parts.of_scenario,
    workshop="/atelier/scenarios",
    review="/evaluation/scenarios",
)
MODULE = Kind(
    name="module",
    machine=states.MODULE,
    find=module_queries.module,
    snapshot=module_versions.snapshot,
    breaches=module_rules.breaches,
    parts=module_versions.parts,
    workshop="/atelier/modules",
    review="/evaluation/modules",
)
KINDS: dict[str, Kind] = {
    "scenario": SCENARIO,
    "module": MODULE,
    "bilan": Kind(
        name="bilan",
        machine=states.BILAN,
        find=bilans.bilan,
        snapshot=by_actions("bilans"),
        breaches=bilan_rules.breaches,
        parts=parts.texts(bilan_rules.TITLES),
        workshop="/atelier/bilans",
        review="/evaluation/bilans",
    ),
    "support": Kind(
        name="support",
        machine=states.SUPPORT,
        find=supports.support,
        snapshot=plain_snapshot,
        breaches=support_rules.breaches,
        parts=support_rules.parts,
        workshop="/atelier/supports",
        review="/evaluation/supports",
    ),
}
