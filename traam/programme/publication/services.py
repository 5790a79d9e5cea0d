"""A few services that a teacher meets through her ministry, so that a sheet may propose what is known of them.

What is proposed is to be checked by whoever signs: a service may change its terms, or be opened in another way.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Service:
    """`hosts` are ends of host names; `framework` and `place` codes of `Resource.Framework` and `Resource.Place`."""

    name: str
    hosts: tuple[str, ...]
    framework: str
    place: str = ""


SERVICES = (
    Service("apps.education.fr", ("apps.education.fr",), "apps", "france"),
    Service("Pix", ("pix.fr", "pix.org"), "gar", "france"),
    Service("Lumni Enseignement", ("enseignants.lumni.fr",), "gar", "france"),
    Service("Capytale", ("capytale.fr", "capytale2.ac-paris.fr"), "ent", "france"),
)


def of_address(address: str) -> Service | None:
    """The service that answers at this address, None when it is not one of ours."""
    host = (urlsplit(address).hostname or "").lower()
    for service in SERVICES:
        if any(host == end or host.endswith(f".{end}") for end in service.hosts):
            return service
    return None


def of_text(text: str) -> Service | None:
    """The service that a line of tools names ("Nuage d'apps.education.fr")."""
    words = f" {text.casefold()} "
    for service in SERVICES:
        if any(end in words for end in service.hosts):
            return service
    return None
