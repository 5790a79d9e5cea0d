from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.policies import standing
from traam.programme.publication import states
from traam.programme.publication.queries import latest, state


def may_release(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    verdict = states.RELEASE.check("release", state(scenario), standing(person, scenario, at))
    if not verdict:
        return verdict
    if scenario.state != "validated":
        return allow_if(False, "Le scénario n'est pas validé : il ne peut pas être publié.")
    release = latest(scenario)
    return allow_if(
        release is None or release.state == "withdrawn" or release.version < scenario.version,
        "Cette version du scénario est déjà publiée.",
    )


def may_withdraw(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    return states.RELEASE.check("withdraw", state(scenario), standing(person, scenario, at))
