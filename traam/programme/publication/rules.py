"""Where and when a scenario is said to be published, and its sheet in Édubase: what cannot be is refused.

The address and the day of a page elsewhere are judged with the sheet that gives them (`sheet_rules.lacking`).
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.utils.timezone import localtime

from traam.engines.workflow import Invalid
from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Release, RightsSheet, Way

EDUBASE = "edubase.eduscol.education.fr"
MOST_NUMBER = 2_000_000_000


@dataclass(frozen=True)
class Wish:
    """Where the authors want their scenario to be read. Elsewhere: its address, and the day it was put on line."""

    way: str = Way.HERE
    address: str = ""
    dated: date | None = None


def wish(scenario: Scenario) -> Wish:
    """What the rights sheet says; without a sheet, here."""
    sheet = RightsSheet.objects.filter(scenario=scenario).first()
    if sheet is None or sheet.way == Way.HERE:
        return Wish()
    return Wish(sheet.way, sheet.address, sheet.dated)


def out_of_order(scenario: Scenario, dated: date | None) -> str:
    """Why this version cannot have been put on line that day, before the one whose place it takes; "" when it can."""
    before = Release.objects.filter(scenario=scenario, version__lt=scenario.version).order_by("-version").first()
    if before is None or dated is None:
        return ""
    then = before.dated or localtime(before.released_at).date()
    if dated >= then:
        return ""
    return (
        f"La page serait en ligne le {dated:%d/%m/%Y}, avant la version {before.version}, publiée le {then:%d/%m/%Y} : "
        "donnez le jour où la nouvelle version a pris sa place."
    )


def edubase_entry(number: int | None, address: str) -> tuple[int, str]:
    """The number and the address of a sheet, one drawn from the other when one only is given.

    `Invalid` (`number`, `address`) when they are not those of one sheet of Édubase.
    """
    said = _number_in(address)
    if number is not None and not 0 < number < MOST_NUMBER:
        raise Invalid({"number": ["Le numéro d'une fiche Édubase est un nombre entier, par exemple 24254."]})
    if said is None and number is None:
        raise Invalid({"number": ["Donnez le numéro de la fiche, ou son adresse."]})
    if said is not None and number is not None and said != number:
        raise Invalid({"number": [f"L'adresse est celle de la fiche {said}, pas de la fiche {number} : vérifiez."]})
    known = said if said is not None else number
    assert known is not None  # noqa: S101 - one of the two was given
    return known, f"https://{EDUBASE}/fiche/{known}"


def _number_in(address: str) -> int | None:
    """The number at the end of an address such as https://edubase.eduscol.education.fr/fiche/24254."""
    if not address.strip():
        return None
    parts = urlsplit(address.strip())
    steps = parts.path.strip("/").split("/")
    right = parts.scheme == "https" and parts.netloc == EDUBASE and len(steps) == 2 and steps[0] == "fiche"
    if not right or not (steps[1].isascii() and steps[1].isdigit() and 0 < int(steps[1][:11]) < MOST_NUMBER):
        raise Invalid({"address": [f"L'adresse d'une fiche s'écrit https://{EDUBASE}/fiche/ suivi de son numéro."]})
    return int(steps[1])
