"""An address of the web as a person typed it: put in form, never fetched."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST = 500
PORTS = {"http": 80, "https": 443}
# What letters and social networks add to follow people: it says nothing of the page.
_FOLLOWERS = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid|xtor|at_\w+)$", re.IGNORECASE)
_UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069<>\"\\^`{|}]")
_HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$")


class BadAddress(ValueError):
    """Not an address one can follow; the sentence says what to do."""


def normal(typed: str) -> str:
    """The address in one form: scheme and host in small letters, no usual port, nothing that follows people.

    Only http and https, a whole host name, no name or password in it. Raises `BadAddress`.
    """
    parts = _split(typed.strip())
    query = urlencode(_kept(parts), safe="/:,@!$*'();~") if parts.query else ""
    return urlunsplit((parts.scheme.lower(), _authority(parts), parts.path or "/", query, parts.fragment))


def _split(text: str) -> SplitResult:
    if not text:
        raise BadAddress("Collez l'adresse de la page, par exemple https://eduscol.education.fr/.")
    if len(text) > LONGEST:
        raise BadAddress(f"Cette adresse compte {len(text)} caractères : {LONGEST} au plus.")
    if _UNSPEAKABLE.search(text):
        raise BadAddress("Cette adresse contient une espace ou un caractère interdit : copiez-la de nouveau.")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress("Cette adresse ne se lit pas : copiez-la de nouveau.") from None
    if parts.scheme.lower() not in PORTS or not parts.netloc:
        raise BadAddress("L'adresse commence par https:// ou http://.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("Cette adresse contient un nom ou un mot de passe : ôtez ce qui est avant le @.")
    return parts


def _authority(parts: SplitResult) -> str:
    try:
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _HOST.match(host):
        raise BadAddress("Le nom du site n'est pas complet : il ressemble à eduscol.education.fr.")
    port = "" if parts.port in {None, PORTS[parts.scheme.lower()]} else f":{parts.port}"
    return host + port


def _kept(parts: SplitResult) -> list[tuple[str, str]]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if not _FOLLOWERS.match(name)]


def likeness(address: str) -> str:
    """What two addresses of the same page share: of a `normal` one, without scheme, www., last slash and fragment."""
    parts = urlsplit(address)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{query}"
