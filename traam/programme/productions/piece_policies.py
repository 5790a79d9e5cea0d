"""Who adds, changes and reads the files and addresses of a scenario."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.people.models import Person
from traam.programme.productions import policies
from traam.programme.productions.models import Piece
from traam.programme.productions.queries.pieces import StoredFile
from traam.programme.productions.trial_policies import may_read_submitted


def may_change(person: Person, piece: Piece, at: datetime) -> Verdict:
    """Change, move or withdraw a piece: as the scenario itself, while it is being written."""
    verdict = policies.may_edit(person, piece.scenario, at)
    if not verdict:
        return verdict
    return allow_if(piece.withdrawn_at is None, f"« {piece.title} » a été retirée : ajoutez-la de nouveau.")


def may_read_file(person: Person, file: StoredFile, at: datetime) -> Verdict:
    """Who reads the scenario; of the version that was submitted, the groups of the theme too, who try it."""
    if file.submitted:
        return may_read_submitted(person, file.scenario, at)
    return policies.may_see(person, file.scenario, at)
