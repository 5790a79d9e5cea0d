"""An address that a person gave, read once and in one way: what is checked here is what is asked for later.

A host is written in one form only before anything else looks at it. Libraries of names still read `0x7f.1`,
`2130706433` and `０１７７.1` as 127.0.0.1, so these are read here as they would read them, then judged as addresses.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
import idna

from traam.gateways.fetching.refusals import refused

PORTS = frozenset({80, 443})
LONGEST = 4096  # characters of an address
_USUAL = {"http": 80, "https": 443}
_ADDRESS = re.compile(r"([a-z]+)://([^/?#]+)([^#]*)(?:#.*)?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Place:
    """Where to go. `host` is a name in ASCII or an IP address, `target` what is asked there ("/page?a=1")."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header Host says: the port only when it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def place_of(address: str, ports: frozenset[int] = PORTS) -> Place:
    """Where this address leads. Raises `Failed` ("refused") when the platform does not go there."""
    match = _ADDRESS.fullmatch(_clean(address))
    scheme = match[1].lower() if match else ""
    if match is None or scheme not in _USUAL:
        raise refused("Seules les adresses complètes en http:// ou https:// sont visitées : corrigez l'adresse.")
    host, port = _authority(match[2], scheme)
    if port not in ports:
        raise refused(
            f"L'adresse demande le port {port} : seuls ceux du web (80 et 443) sont visités. Donnez l'adresse que voit "
            "un lecteur."
        )
    return Place(scheme, host, port, _target(match[3]))


def _clean(address: str) -> str:
    """Spaces around are a slip of the hand; a space inside belongs to the path, and is encoded there."""
    address = address.strip()
    if len(address) > LONGEST:
        raise refused(f"L'adresse est trop longue (plus de {LONGEST} caractères) : donnez celle de la page elle-même.")
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in address):
        raise refused("L'adresse contient un caractère interdit : recopiez-la depuis le navigateur.")
    return address


def _authority(text: str, scheme: str) -> tuple[str, int]:
    if "@" in text:
        raise refused("L'adresse contient un nom d'utilisateur ou un mot de passe, devant « @ » : retirez-le.")
    bracketed = re.fullmatch(r"(\[[^\]]*\])(?::([0-9]*))?", text)
    plain = re.fullmatch(r"([^\[\]:]+)(?::([0-9]*))?", text)
    match = bracketed or plain
    if match is None or len(match[2] or "") > 5:
        raise refused("Le nom du site ou son port ne se lit pas dans l'adresse : recopiez-la depuis le navigateur.")
    return host_of(match[1]), int(match[2] or _USUAL[scheme])


def host_of(text: str) -> str:
    """The one form of a host: a name in ASCII, lowered, without its last dot, or an IP address. Raises `Failed`."""
    if text.startswith("["):
        return str(_literal(text[1:-1]))
    host = _ascii(text).removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # a name whose last part is a number is an address (WHATWG URL, 3.5)
        return str(_numbers(labels))
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise refused("Le nom du site contient un caractère interdit : recopiez l'adresse depuis le navigateur.")
    if len(labels) == 1:
        raise refused("Le nom du site est celui d'une machine d'un réseau interne : donnez son nom public.")
    return host


def _literal(text: str) -> IPAddress:
    try:
        return ip_address(text if "%" not in text else "")  # no zone: it names a card of this very machine
    except ValueError:
        raise refused("L'adresse IP ne se lit pas : donnez le nom du site.") from None


def _ascii(text: str) -> str:
    text = text.lower()
    if text.isascii():
        return text
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise refused("Le nom du site contient un caractère interdit : recopiez l'adresse du navigateur.") from None


def _numbers(labels: list[str]) -> IPv4Address:
    """One to four numbers, decimal, octal or hexadecimal, the last one filling what is left of the address."""
    try:
        values = [_number(label) for label in labels]
        *first, last = values
        if len(values) > 4 or any(value > 255 for value in first) or last >= 256 ** (5 - len(values)):
            raise ValueError(labels)
    except ValueError:
        raise refused("L'adresse IP ne se lit pas : donnez le nom du site.") from None
    return IPv4Address(sum(value << (8 * (3 - place)) for place, value in enumerate(first)) + last)


def _number(label: str) -> int:
    if not _NUMBER.fullmatch(label):  # int() alone would take "1_0" and "-1"
        raise ValueError(label)
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8) if len(label) > 1 and label.startswith("0") else int(label, 10)


def _target(text: str) -> str:
    """The path and what follows, encoded as a browser would; a fragment never leaves the browser."""
    path, mark, query = text.partition("?")
    path = path.replace("\\", "/")
    if not path.startswith("/"):
        path = "/" + path
    try:
        return httpx.URL("http://site.invalid" + path + mark + query).raw_path.decode("ascii")
    except httpx.InvalidURL:
        raise refused("L'adresse ne se lit pas : recopiez-la depuis le navigateur.") from None
