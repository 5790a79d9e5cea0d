"""Who names the IAN of an academy."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy


def may_name_relays(person: Person, academy: str, at: datetime) -> Verdict:
    """See, name and end the IAN of an academy: its DAN, its inspectors, the bureau."""
    return allow_if(
        standing_in_academy(person, academy, at) & {Role.DAN, Role.INSPECTOR, Role.NATIONAL},
        "Les IAN d'une académie sont nommés par son DAN, ses inspecteurs ou le bureau national.",
    )
