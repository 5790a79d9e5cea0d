from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.policies import may_see, standing
from traam.programme.publication import states
from traam.programme.publication.queries import latest, state

ENTERING = states.PUBLISHERS | {"referent", "dan"}
"""Who may enter a scenario in Édubase, and bring its number back."""


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


def may_follow_release(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """See where a publication stands: whoever reads the scenario, once it was public."""
    verdict = may_see(person, scenario, at)
    return verdict and allow_if(state(scenario) != "absent", "Ce scénario n'a pas encore été publié.")


def may_add_erratum(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Say a mistake beside what is published: those who publish."""
    if not standing(person, scenario, at) & states.PUBLISHERS:
        return refuse("Un erratum est signé par l'inspecteur du groupe ou par le bureau national.")
    return _published(scenario, "un erratum accompagne une version publiée")


def may_note_edubase(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Bring back the number of the sheet: whoever may have entered it."""
    if not standing(person, scenario, at) & ENTERING:
        return refuse(
            "Le numéro de la fiche Édubase est rapporté par le professeur référent, l'inspecteur du groupe, le DAN de "
            "l'académie ou le bureau national."
        )
    return _published(scenario, "sa fiche Édubase attend qu'il le soit")


def _published(scenario: Scenario, consequence: str) -> Verdict:
    return allow_if(state(scenario) == "released", f"Ce scénario n'est pas publié : {consequence}.")
