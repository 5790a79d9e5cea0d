"""What is public names functions only: no person of the group, no electronic address."""

import re
from collections.abc import Iterable

from traam.engines.workflow import Invalid

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def check_nobody_named(what: str, text: str, names: Iterable[str], *, name_away: str, address_away: str) -> None:
    """Raise `Invalid` when the text names one of them or gives an address; the sentences end by what to do about it.

    `what` opens them: "Le bilan".
    """
    sentences = [
        f"{what} va paraître et nomme {name} : {name_away}"
        for name in dict.fromkeys(names)
        if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)
    ]
    sentences += [
        f"{what} va paraître et donne l'adresse {address} : {address_away}"
        for address in dict.fromkeys(ADDRESS.findall(text))
    ]
    if sentences:
        raise Invalid({"": sentences})
