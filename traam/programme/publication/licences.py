"""What each licence lets others do with a resource, and whether a scenario that takes it up may bear its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from traam import reference

LINK = "link"
OWN = "own"
RESERVED = "reserved"


@dataclass(frozen=True)
class Terms:
    """`changes` and `sale` tell whether they are allowed; `alike`: what takes it up must bear the same licence.

    `taken` is False when nothing of the resource is taken up; `asks` when a written authorisation is needed.
    """

    code: str
    label: str
    changes: bool = True
    sale: bool = True
    alike: bool = False
    taken: bool = True
    asks: bool = False


def _of(code: str, label: str) -> Terms:
    parts = code.split("-")
    return Terms(code, label, changes="ND" not in parts, sale="NC" not in parts, alike="SA" in parts)


def known() -> Mapping[str, Terms]:
    """By code, in the order of a list: what the authors made, what is only linked, the licences, what asks a letter."""
    found = [
        Terms(OWN, "Créée par les auteurs du scénario"),
        Terms(LINK, "Lien seulement : rien n'en est repris dans le scénario", taken=False),
        *(_of(code, licence.label) for code, licence in reference.licences().items()),
        _of("CC-BY-NC-ND", "Creative Commons Attribution - Pas d'utilisation commerciale - Pas de modification 4.0"),
        Terms("public", "Domaine public"),
        Terms(RESERVED, "Tous droits réservés, avec une autorisation écrite", changes=False, sale=False, asks=True),
    ]
    return {terms.code: terms for terms in found}


def label(code: str) -> str:
    terms = known().get(code)
    return terms.label if terms else code


def contradiction(resource: str, scenario: str) -> str:
    """Why a scenario under its licence may not take up a resource under this one, "" when it may.

    A sentence without its beginning: "interdit de…, ce que permet…". Codes that are not known say nothing.
    """
    table = known()
    taken, given = table.get(resource), table.get(scenario)
    if taken is None or given is None or not taken.taken or taken.asks:
        return ""
    if not taken.changes and given.changes:
        return "ne permet pas de la modifier, alors que la licence du scénario le permet"
    if not taken.sale and given.sale:
        return "ne permet pas de s'en servir pour vendre, alors que la licence du scénario le permet"
    if taken.alike and taken.code != given.code:
        return "veut que ce qui la reprend porte la même licence, et celle du scénario est une autre"
    return ""
