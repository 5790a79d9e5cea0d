"""The protocol of ProConnect, and nothing of our accounts: leave, come back, verify, leave for good.

What it wants beyond OpenID Connect, as read in its documentation: `state` and `nonce` of 32 characters at least, no
parameter that it does not know (so no PKCE), a userinfo that is a signed JWT, and a sign-out that carries the identity
token, a state and the address to come back to.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import jwt

from traam.gateways.fetching.partner import Answered, Silent, ask_partner

SCOPES = "openid given_name usual_name email"
ALGORITHMS = ["RS256", "ES256"]
LEEWAY = 30  # seconds between our clock and theirs
LENGTH = 32  # bytes of chance, 43 characters
STRONG = frozenset({"mfa"})  # what `amr` says when the agent gave a second factor there

AWAY = "ProConnect ne répond pas : réessayez dans un instant, ou entrez par un autre moyen."
REFUSED = "ProConnect n'a pas confirmé qui vous êtes : réessayez, ou entrez par un autre moyen."
NOT_OURS = (
    "Cette réponse de ProConnect n'est pas celle que ce navigateur attendait : recommencez depuis la page de connexion."
)
GIVEN_UP = "Vous avez interrompu l'identification chez ProConnect : recommencez, ou entrez par un autre moyen."


class NotVouched(Exception):
    """Nobody is vouched for. The sentence is for the person; `detail`, for the log, names nobody."""

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence)
        self.detail = detail


@dataclass(frozen=True)
class Site:
    """How this site is known there. `issuer` is the address under which its description is published."""

    issuer: str
    client_id: str
    client_secret: str
    acr: str = "eidas1"


@dataclass(frozen=True)
class Journey:
    """What waits in the session while the person is at ProConnect."""

    state: str
    nonce: str

    @classmethod
    def kept(cls, found: Any) -> "Journey | None":
        return cls(**found) if isinstance(found, dict) and set(found) == {"state", "nonce"} else None

    def to_keep(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Identity:
    """Who came back. `sub` is the key; the address is only what ProConnect says it is today, `verified` or not."""

    sub: str
    email: str
    verified: bool
    name: str
    strong: bool
    id_token: str


class ProConnect:
    """One conversation with ProConnect. What it publishes of itself is read once for each process."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._described: Mapping[str, Any] | None = None
        self._keys: dict[str, jwt.PyJWK] = {}

    def leave_for(self, callback: str) -> tuple[str, Journey]:
        """The address where to send the person, and what to keep until she comes back."""
        journey = Journey(secrets.token_urlsafe(LENGTH), secrets.token_urlsafe(LENGTH))
        asked = {
            "response_type": "code",
            "client_id": self.site.client_id,
            "redirect_uri": callback,
            "scope": SCOPES,
            "state": journey.state,
            "nonce": journey.nonce,
            "acr_values": self.site.acr,
        }
        return f"{self._address('authorization_endpoint')}?{urlencode(asked)}", journey

    def back_from(self, answer: Mapping[str, str], journey: Journey | None, callback: str) -> Identity:
        """Who came back with this answer. Raises `NotVouched`."""
        if journey is None or not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise NotVouched(NOT_OURS, "state")
        if "error" in answer:
            given_up = answer["error"] == "access_denied"
            raise NotVouched(GIVEN_UP if given_up else REFUSED, f"error {answer['error'][:40]}")
        if answer.get("iss", self.site.issuer) != self.site.issuer:
            raise NotVouched(NOT_OURS, "iss")
        tokens = self._exchanged(answer.get("code", ""), callback)
        id_token = str(tokens.get("id_token", ""))
        claims = self._verified(id_token, "id_token")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), journey.nonce.encode()):
            raise NotVouched(NOT_OURS, "nonce")
        told = self._userinfo(str(tokens.get("access_token", "")))
        if not told.get("sub") or told["sub"] != claims.get("sub"):
            raise NotVouched(REFUSED, "sub")
        return _identity(claims, told, id_token)

    def leave_for_good(self, id_token: str, back: str) -> str:
        """The address that ends the session there, then sends back to ours."""
        asked = {
            "id_token_hint": id_token,
            "state": secrets.token_urlsafe(LENGTH),
            "post_logout_redirect_uri": back,
        }
        return f"{self._address('end_session_endpoint')}?{urlencode(asked)}"

    def _exchanged(self, code: str, callback: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": self.site.client_id,
            "client_secret": self.site.client_secret,
        }
        return _json(_asked(self._address("token_endpoint"), form=form), "token")

    def _userinfo(self, access_token: str) -> dict[str, Any]:
        answer = _asked(self._address("userinfo_endpoint"), bearer=access_token)
        if answer.status != 200 or answer.kind != "application/jwt":
            raise NotVouched(REFUSED, f"userinfo {answer.status} {answer.kind[:40]}")
        return self._verified(answer.text.strip(), "userinfo", lasting=False)

    def _verified(self, token: str, what: str, *, lasting: bool = True) -> dict[str, Any]:
        """The claims of a token signed by ProConnect, for us. A userinfo may have no end of its own."""
        needed = ["iss", "aud", "sub", *(["exp", "iat"] if lasting else [])]
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self.site.client_id,
                issuer=self.site.issuer,
                leeway=LEEWAY,
                options={"require": needed},
            )
        except jwt.PyJWTError as problem:
            raise NotVouched(REFUSED, f"{what} {type(problem).__name__}") from problem
        return claims

    def _key(self, kid: str) -> jwt.PyJWK:
        """The published key of this name; the list is read again when a name is new: keys turn."""
        if kid not in self._keys:
            published = _json(_asked(self._address("jwks_uri")), "jwks").get("keys", [])
            self._keys = {one["kid"]: jwt.PyJWK(one) for one in published if one.get("kid") and one.get("use") != "enc"}
        if kid not in self._keys:
            raise jwt.InvalidKeyError("unknown key")
        return self._keys[kid]

    def _address(self, name: str) -> str:
        if self._described is None:
            address = f"{self.site.issuer}/.well-known/openid-configuration"
            described = _json(_asked(address), "description")
            if described.get("issuer") != self.site.issuer:
                raise NotVouched(AWAY, "issuer")
            self._described = described
        found = self._described.get(name)
        if not isinstance(found, str):
            raise NotVouched(AWAY, f"no {name}")
        return found


def _identity(claims: Mapping[str, Any], told: Mapping[str, Any], id_token: str) -> Identity:
    proofs = claims.get("amr") or []
    return Identity(
        sub=str(told["sub"]),
        email=str(told.get("email") or "").strip(),
        verified=told.get("email_verified") is True,
        name=" ".join(str(told.get(part) or "").strip() for part in ("given_name", "usual_name")).strip(),
        strong=bool(STRONG & set(proofs if isinstance(proofs, list) else [])),
        id_token=id_token,
    )


def _asked(address: str, **how: Any) -> Answered:
    try:
        return ask_partner(address, **how)
    except Silent as silence:
        raise NotVouched(AWAY, str(silence)) from silence


def _json(answer: Answered, what: str) -> dict[str, Any]:
    if answer.status != 200:
        raise NotVouched(REFUSED if what == "token" else AWAY, f"{what} {answer.status}")
    try:
        read = json.loads(answer.text)
    except ValueError as problem:
        raise NotVouched(AWAY, f"{what} is no JSON") from problem
    if not isinstance(read, dict):
        raise NotVouched(AWAY, f"{what} is no object")
    return read
