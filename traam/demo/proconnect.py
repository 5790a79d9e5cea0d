"""A ProConnect that is not one, for the demonstration and the tests: as strict as the true one, and everybody invented.

It refuses what the true one refuses: a short `state` or `nonce`, a parameter it does not know, an address to come back
to that nobody declared, a code used twice or older than 30 s, a token older than 60 s, a wrong secret, a sign-out
without its identity token. `spoiled` makes it lie, for tests of those who must not believe it.
"""

import html
import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "traam-demonstration", "secret-de-la-demonstration-sans-valeur"  # noqa: S105 - known to all, opens nothing
PATH = "/api/v2"
KNOWN = {
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "acr_values",
    "claims",
    "prompt",
    "login_hint",
    "idp_hint",
}
CODE_LASTS, TOKEN_LASTS, SHORTEST = 30, 60, 32


@dataclass(frozen=True)
class Agent:
    """Someone that ProConnect knows."""

    sub: str
    email: str
    given_name: str
    usual_name: str
    verified: bool = True
    amr: tuple[str, ...] = ("pwd",)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    """What the service knows. `callbacks` and `exits` are the addresses declared by the site."""

    agents: dict[str, Agent]
    callbacks: set[str]
    exits: set[str]
    spoiled: str = ""
    address: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    codes: dict[str, tuple[dict[str, str], Agent, float]] = field(default_factory=dict)
    tokens: dict[str, tuple[dict[str, str], Agent, float]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    now: Any = time.time

    def sign(self, claims: dict[str, Any]) -> str:
        if self.spoiled == "unsigned":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})
        key = _key() if self.spoiled == "signature" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})

    def description(self) -> dict[str, Any]:
        at = self.address
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/jwks",
            "end_session_endpoint": f"{at}/session/end",
        }

    def published(self) -> dict[str, Any]:
        one = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**one, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def faults(self, asked: dict[str, str]) -> list[str]:
        """What is wrong with a request to identify somebody; the true service answers an error page too."""
        found = []
        if strangers := sorted(set(asked) - KNOWN):
            found.append(f"Y000400 : paramètres inconnus ({', '.join(strangers)})")
        for name in ("state", "nonce"):
            if len(asked.get(name, "")) < SHORTEST:
                found.append(f"{name} : {len(asked.get(name, ''))} caractères, il en faut {SHORTEST}")
        if asked.get("client_id") != CLIENT:
            found.append("client_id inconnu")
        if asked.get("redirect_uri") not in self.callbacks:
            found.append("redirect_uri non déclarée")
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            found.append("response_type ou scope")
        return found

    def code_for(self, asked: dict[str, str], agent: Agent) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = (asked, agent, self.now())
        return code

    def tokens_for(self, form: dict[str, str]) -> dict[str, Any] | None:
        """What a code is worth: once, for thirty seconds, to who knows the secret."""
        asked, agent, since = self.codes.pop(form.get("code", ""), ({}, None, 0.0))
        good = form.get("client_id") == CLIENT and form.get("client_secret") == SECRET
        same = form.get("redirect_uri") == asked.get("redirect_uri")
        if agent is None or not good or not same or self.now() - since > CODE_LASTS:
            return None
        access = secrets.token_urlsafe(24)
        self.tokens[access] = (asked, agent, self.now())
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_LASTS,
            "id_token": self.sign(self._claims(asked, agent)),
        }

    def _claims(self, asked: dict[str, str], agent: Agent) -> dict[str, Any]:
        now = int(self.now())
        claims: dict[str, Any] = {
            "sub": agent.sub,
            "aud": CLIENT,
            "iss": self.address,
            "iat": now,
            "exp": now + TOKEN_LASTS,
        }
        claims |= {"nonce": asked["nonce"], "acr": asked.get("acr_values", "eidas1"), "amr": list(agent.amr)}
        lies: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "un-autre-nonce-qui-est-assez-long-pourtant"},
            "audience": {"aud": "un-autre-site"},
            "issuer": {"iss": "https://ailleurs.invalid"},
            "expired": {"iat": now - 7200, "exp": now - 3600},
        }
        return claims | lies.get(self.spoiled, {})

    def userinfo(self, bearer: str) -> str | None:
        asked, agent, since = self.tokens.get(bearer, ({}, None, 0.0))
        if agent is None or self.now() - since > TOKEN_LASTS:
            return None
        sub = "un-autre-sub" if self.spoiled == "sub" else agent.sub
        told = {
            "sub": sub,
            "email": agent.email,
            "email_verified": agent.verified,
            "given_name": agent.given_name,
            "usual_name": agent.usual_name,
            "aud": CLIENT,
            "iss": self.address,
        }
        return json.dumps(told) if self.spoiled == "bare userinfo" else self.sign(told)

    def may_end(self, asked: dict[str, str]) -> bool:
        try:
            jwt.decode(
                asked.get("id_token_hint", ""),
                self.key.public_key(),
                algorithms=["RS256"],
                audience=CLIENT,
                options={"verify_exp": False},
            )
        except jwt.PyJWTError:
            return False
        return len(asked.get("state", "")) >= SHORTEST and asked.get("post_logout_redirect_uri") in self.exits


class Handler(BaseHTTPRequestHandler):
    """The service over HTTP."""

    issuer: Issuer

    def log_message(self, *_: Any) -> None:
        """Quiet: who came is nobody's business."""

    def do_GET(self) -> None:  # noqa: N802 - its name is given by http.server
        parts = urlsplit(self.path)
        asked = _plain(parts.query)
        pages: dict[str, Callable[[], None]] = {
            "/.well-known/openid-configuration": lambda: self._json(200, self.issuer.description()),
            "/jwks": lambda: self._json(200, self.issuer.published()),
            "/authorize": lambda: self._authorize(asked),
            "/identify": lambda: self._identify(asked),
            "/userinfo": self._userinfo,
            "/session/end": lambda: self._end(asked),
        }
        pages.get(parts.path.removeprefix(PATH), lambda: self._json(404, {}))()

    def do_POST(self) -> None:  # noqa: N802
        form = _plain(self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 10_000)).decode())
        tokens = self.issuer.tokens_for(form) if self.path == f"{PATH}/token" else None
        self._json(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _authorize(self, asked: dict[str, str]) -> None:
        if faults := self.issuer.faults(asked):
            self._page(400, "ProConnect refuse", f"<p>{html.escape(' ; '.join(faults))}</p>")
            return
        hidden = "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in asked.items())
        choices = "".join(
            f'<p><button name="agent" value="{name}">Continuer comme {html.escape(f"{a.given_name} {a.usual_name}")}'
            f"</button> {html.escape(a.email)}</p>"
            for name, a in self.issuer.agents.items()
        )
        refuse = '<p><button name="agent" value="">Refuser</button></p>'
        told = "<p>Ce service imite ProConnect : les personnes sont inventées.</p>"
        self._page(200, "Faux ProConnect", f'{told}<form action="{PATH}/identify">{hidden}{choices}{refuse}</form>')

    def _identify(self, asked: dict[str, str]) -> None:
        agent = self.issuer.agents.get(asked.pop("agent", ""))
        if self.issuer.faults(asked):
            self._json(400, {})
            return
        back = {"state": asked["state"], "iss": self.issuer.address}
        given = {"code": self.issuer.code_for(asked, agent)} if agent else {"error": "access_denied"}
        self._redirect(f"{asked['redirect_uri']}?{urlencode({**given, **back})}")

    def _userinfo(self) -> None:
        told = self.issuer.userinfo(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if told is None:
            self._json(401, {"error": "invalid_token"})
        else:
            kind = "application/json" if told.startswith("{") else "application/jwt"
            self._send(200, kind, told)

    def _end(self, asked: dict[str, str]) -> None:
        if not self.issuer.may_end(asked):
            self._json(400, {"error": "invalid_request"})
            return
        self.issuer.ended.append(asked["id_token_hint"])
        self._redirect(f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}")

    def _redirect(self, address: str) -> None:
        self._send(302, "text/plain", "", Location=address)

    def _page(self, status: int, title: str, body: str) -> None:
        page = (
            f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'
        )
        self._send(status, "text/html; charset=utf-8", page)

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(told))

    def _send(self, status: int, kind: str, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _plain(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def server(issuer: Issuer, port: int = 0) -> ThreadingHTTPServer:
    """The service on loopback, ready to `serve_forever`; its address is then known to the issuer."""
    made = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (Handler,), {"issuer": issuer}))
    issuer.address = f"http://127.0.0.1:{made.server_address[1]}{PATH}"
    return made


def main() -> int:
    """Serve it for a demonstration: `python -m traam.demo.proconnect [PORT [ADDRESS OF THE SITE]]`."""
    given = sys.argv[1:]
    port = int(given[0]) if given else 8900
    site = given[1].rstrip("/") if len(given) > 1 else "http://127.0.0.1:8000"
    sites = {site, site.replace("127.0.0.1", "localhost")}
    agents = {
        "dan": Agent("faux-sub-dan-lyon", "dan.lyon@demo.traam.invalid", "Dan", "De Lyon"),
        "autre": Agent(
            "faux-sub-autre", "personne.inconnue@demo.traam.invalid", "Personne", "Inconnue", amr=("pwd", "mfa")
        ),
    }
    issuer = Issuer(agents, {f"{one}/connexion/proconnect/retour" for one in sites}, {f"{one}/" for one in sites})
    made = server(issuer, port)
    sys.stdout.write(
        f"Faux ProConnect : {issuer.address}\nDonnez au site, avant de le démarrer :\n"
        f"  export TRAAM_PROCONNECT_ISSUER={issuer.address}\n  export TRAAM_PROCONNECT_CLIENT_ID={CLIENT}\n"
        f"  export TRAAM_PROCONNECT_SECRET={SECRET}\nCtrl+C pour arrêter.\n"
    )
    sys.stdout.flush()
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
