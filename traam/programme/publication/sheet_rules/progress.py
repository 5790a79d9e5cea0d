"""How far a scenario is on the way of its rights: one state, in words, and for whom it waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from traam.programme.publication.models import RightsSheet
from traam.programme.publication.sheet_rules.obstacles import AUTHORS, INSPECTOR, REFERENT, Obstacle

LABELS = {
    "absent": "fiche à commencer",
    "lacking": "fiche à compléter",
    "early": "fiche complète, à signer après la validation",
    "unsigned": "fiche à signer",
    "refused": "à corriger, après le contrôle",
    "unchecked": "fiche signée, contrôle en attente",
    "ready": "droits vérifiés",
}


@dataclass(frozen=True)
class Progress:
    """`code` is a key of `LABELS`; `waits` is "authors", "referent", "inspector", or "" when nothing waits."""

    code: str
    waits: str
    obstacles: tuple[Obstacle, ...]

    @property
    def label(self) -> str:
        return LABELS[self.code]


def progress(sheet: RightsSheet | None, obstacles: Sequence[Obstacle]) -> Progress:
    """Drawn from what still keeps it from the public (`obstacles`)."""
    code, waits = _where(sheet, obstacles)
    return Progress(code, waits, tuple(obstacles))


def _where(sheet: RightsSheet | None, obstacles: Sequence[Obstacle]) -> tuple[str, str]:
    waiting = {obstacle.waits for obstacle in obstacles if obstacle.topic == "rights"}
    if sheet is None:
        return "absent", AUTHORS
    if AUTHORS in waiting:
        return "lacking", AUTHORS
    if INSPECTOR in waiting:
        return "early", INSPECTOR
    if REFERENT in waiting:
        return "unsigned", REFERENT
    if any(obstacle.waivable_code for obstacle in obstacles):
        return "refused", AUTHORS
    return ("unchecked", INSPECTOR) if obstacles else ("ready", "")
