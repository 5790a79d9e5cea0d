"""The addresses of people, for the mail client of whoever writes to them: the platform sends nothing here."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

LONGEST_LINK = 1_900
"""Characters of a mailto: link that mail clients take for sure; longer ones, some cut without a word."""


@dataclass(frozen=True)
class Mailing:
    """`text`: the addresses to paste; `link`: the same as blind copies of a new message, "" when it would be cut."""

    count: int
    text: str
    link: str


def mailing(addresses: Iterable[str], subject: str) -> Mailing:
    """Each address once, whatever its case (RFC 6068)."""
    once = list({address.lower(): address for address in addresses}.values())
    copies = ",".join(quote(address, safe="@") for address in once)
    link = f"mailto:?bcc={copies}&subject={quote(subject)}"
    return Mailing(len(once), ", ".join(once), link if len(link) <= LONGEST_LINK else "")
