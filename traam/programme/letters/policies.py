from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles

UNSETTLED = frozenset({Letter.State.UNSURE, Letter.State.FAILED})


def may_settle(person: Person, letter: Letter, at: datetime) -> Verdict:
    """Decide of a letter that failed, or of which nobody knows whether it left."""
    national = allow_if(Role.NATIONAL in roles(person, at), "Les courriels sont suivis par le bureau national.")
    return national and allow_if(
        letter.state in UNSETTLED, "Ce courriel est parti, ou va partir : il n'y a rien à décider pour lui."
    )
