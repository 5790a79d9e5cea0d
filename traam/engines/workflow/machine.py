"""A state machine as a table that can be checked, listed and drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traam.engines.workflow.verdict import ALLOWED, Verdict, refuse


class UnknownMove(LookupError):
    """No move of that name: a mistake of the program, not of a person."""


@dataclass(frozen=True)
class Move:
    """One arrow: `verb` takes an object from any of `sources` to `target`, by any of `roles`.

    `label` is the French infinitive on the button ("Renvoyer à l'auteur"). A verb may have several arrows, one for
    each reader of a circuit, with one label and one target.
    """

    verb: str
    label: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Machine:
    """The states of one kind of object. `noun` is its French name with its article ("la candidature").

    `states` maps a state to its French label, in the order of a life; `roles` maps a role to its French
    name in the plural ("les DAN de l'académie"), for the sentence of a refusal.
    """

    name: str
    noun: str
    states: Mapping[str, str]
    initial: str
    moves: tuple[Move, ...]
    roles: Mapping[str, str]

    def __post_init__(self) -> None:
        known = set(self.states)
        for move in self.moves:
            strangers = (move.sources | {move.target}) - known
            if strangers:
                raise ValueError(f"{self.name}.{move.verb}: unknown states {sorted(strangers)}")
            if not move.roles or move.roles - set(self.roles):
                raise ValueError(f"{self.name}.{move.verb}: unknown roles {sorted(move.roles - set(self.roles))}")
            if (move.label, move.target) != (self.move(move.verb).label, self.move(move.verb).target):
                raise ValueError(f"{self.name}.{move.verb}: the arrows of a verb have one label and one target")
        if self.initial not in known:
            raise ValueError(f"{self.name}: unknown initial state {self.initial}")

    def move(self, verb: str) -> Move:
        for move in self.moves:
            if move.verb == verb:
                return move
        raise UnknownMove(f"{self.name}: {verb}")

    def check(self, verb: str, state: str, standing: Iterable[str]) -> Verdict:
        """May someone of this standing make this move from this state? The role is looked at first."""
        label, held = self.move(verb).label, frozenset(standing)
        arrows = [move for move in self.moves if move.verb == verb]
        mine = [move for move in arrows if move.roles & held]
        if not mine:
            takers = frozenset().union(*(move.roles for move in arrows))
            who = " ou ".join(name for role, name in self.roles.items() if role in takers)
            return refuse(f"« {label} » est réservé à : {who}.")
        sources = frozenset().union(*(move.sources for move in mine))
        if state not in sources:
            wanted = " ou ".join(f"« {name} »" for known, name in self.states.items() if known in sources)
            return refuse(
                f"« {label} » n'est pas possible : {self.noun} est à l'état « {self.states[state]} » ; "
                f"il faut l'état {wanted}."
            )
        return ALLOWED

    def available(self, state: str, standing: Iterable[str]) -> tuple[Move, ...]:
        """The moves open to someone of this standing from this state, in the table's order."""
        held = frozenset(standing)
        return tuple(m for m in self.moves if state in m.sources and m.roles & held)

    def table(self) -> list[tuple[str, str, str, str]]:
        """Rows (move, from, to, by whom) in French, for the documentation."""
        return [
            (
                move.label,
                ", ".join(self.states[s] for s in self.states if s in move.sources),
                self.states[move.target],
                ", ".join(self.roles[r] for r in self.roles if r in move.roles),
            )
            for move in self.moves
        ]

    def mermaid(self) -> str:
        """The same table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {state} : {label}" for state, label in self.states.items()]
        for move in self.moves:
            lines += [f"    {s} --> {move.target} : {move.label}" for s in self.states if s in move.sources]
        return "\n".join(lines) + "\n"
