"""States and moves as tables: what may be done, by whom, from which state; and why not."""

from traam.engines.workflow.machine import Machine, Move, UnknownMove
from traam.engines.workflow.verdict import ALLOWED, Invalid, Missing, Refused, Verdict, allow_if, refuse

__all__ = [
    "ALLOWED",
    "Invalid",
    "Machine",
    "Missing",
    "Move",
    "Refused",
    "UnknownMove",
    "Verdict",
    "allow_if",
    "refuse",
]
