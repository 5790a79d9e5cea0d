"""A ProConnect that is not one, for the demonstration and the tests: as strict as the true one, and everybody invented.

It refuses what the true one refuses: a short `state` or `nonce`, a parameter it does not know, an address to come back
to that nobody declared, a code used twice or older than 30 s, a token older than 60 s, a wrong secret, a sign-out
without its identity token. `spoiled` makes it lie, for tests of those who must not believe it.
"""

import html
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
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
SETTINGS = ("TRAAM_PROCONNECT_ISSUER", "TRAAM_PROCONNECT_CLIENT_ID", "TRAAM_PROCONNECT_SECRET")
CODE_LASTS, TOKEN_LASTS, SHORTEST = 30, 60, 32


BESIDE = "--beside"
TRIAL = (
    "<p class=trial><strong>Ceci n'est pas ProConnect.</strong> C'est un service d'essai, qui l'imite pour la "
    "démonstration : les personnes sont inventées, aucun mot de passe n'est demandé, rien ne sort d'ici.</p>"
)
STYLE = (
    ":root { color-scheme: light dark } body { font: 1.125rem/1.6 system-ui, sans-serif; margin: 0 }"
    "main { overflow-wrap: anywhere; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }"
    ".trial { border: 3px solid; padding: 1rem } ul { list-style: none; padding: 0 } li { margin: 1.5rem 0 }"
    "button { font: inherit; padding: .5rem 1rem; min-height: 2.75rem }"
)


@dataclass(frozen=True)
class Agent:
    """Someone that ProConnect knows."""

    sub: str
    email: str
    given_name: str
    usual_name: str
    verified: bool = True
    amr: tuple[str, ...] = ("pwd",)
    about: str = ""  # what happens when one continues as her


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
            f'<li><button name="agent" value="{name}">Continuer comme {html.escape(f"{a.given_name} {a.usual_name}")}'
            f"</button><br>{html.escape(a.email)}{f'<br>{html.escape(a.about)}' if a.about else ''}</li>"
            for name, a in self.issuer.agents.items()
        )
        refuse = '<p><button name="agent" value="">Refuser, et revenir au site</button></p>'
        self._page(
            200,
            "Faux ProConnect, pour essayer",
            f'{TRIAL}<form action="{PATH}/identify">{hidden}<ul>{choices}</ul>{refuse}</form>',
        )

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
        head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
        page = (
            f'<!doctype html><html lang="fr"><head>{head}<style>{STYLE}</style></head>'
            f"<body><main><h1>{title}</h1>{body}</main></body></html>"
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


def server(issuer: Issuer, port: int = 0, door: socket.socket | None = None) -> ThreadingHTTPServer:
    """The service on loopback, ready to `serve_forever`; its address is then known to the issuer. `door` is a socket
    that already listens."""
    handler = type("Handler", (Handler,), {"issuer": issuer})
    made = ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=door is None)
    if door is not None:
        made.socket.close()
        made.socket, made.server_address = door, door.getsockname()
    issuer.address = _at(made.server_address[1])
    return made


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}{PATH}"


def issuer_for(site: str) -> Issuer:
    """The service, as the demonstration served at this address is declared to it."""
    sites = {site, site.replace("127.0.0.1", "localhost")}
    agents = {
        "dan": Agent(
            "faux-sub-dan-lyon",
            "dan.lyon@demo.traam.invalid",
            "Dan",
            "De Lyon",
            about="A déjà un compte : la première fois, le site demande d'y entrer une fois et de le relier.",
        ),
        "autre": Agent(
            "faux-sub-autre",
            "personne.inconnue@demo.traam.invalid",
            "Personne",
            "Inconnue",
            amr=("pwd", "mfa"),
            about="N'a pas de compte : le site dit comment en avoir un.",
        ),
    }
    return Issuer(agents, {f"{one}/connexion/proconnect/retour" for one in sites}, {f"{one}/" for one in sites})


@contextmanager
def beside(site: str) -> Iterator[dict[str, str]]:
    """Serve it on a free port, in a process that ends with this one, however this one ends; gives the settings of the
    site. Whoever comes before it is ready waits at its door."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        told = dict(zip(SETTINGS, (_at(door.getsockname()[1]), CLIENT, SECRET), strict=True))
        command = [sys.executable, "-m", "traam.demo.proconnect", BESIDE, str(door.fileno()), site]
        # A session of its own: Ctrl+C in the terminal is for the site, and this ends after it.
        child = subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=subprocess.PIPE, pass_fds=[door.fileno()], start_new_session=True
        )
    try:
        yield told
    finally:
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _serve_beside(door: int, site: str) -> int:
    """Until the process that asked for it closes the pipe, or dies: its end closes it too."""
    made = server(issuer_for(site), door=socket.socket(fileno=door))
    Thread(target=made.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    return 0


def main() -> int:
    """Serve it for a demonstration: `python -m traam.demo.proconnect [PORT [ADDRESS OF THE SITE]]`."""
    given = sys.argv[1:]
    if given[:1] == [BESIDE]:
        return _serve_beside(int(given[1]), given[2])
    port = int(given[0]) if given else 8900
    issuer = issuer_for(given[1].rstrip("/") if len(given) > 1 else "http://127.0.0.1:8000")
    made = server(issuer, port)
    exports = "".join(
        f"  export {name}={value}\n" for name, value in zip(SETTINGS, (issuer.address, CLIENT, SECRET), strict=True)
    )
    sys.stdout.write(
        f"Faux ProConnect : {issuer.address}\nDonnez au site, avant de le démarrer :\n{exports}Ctrl+C pour arrêter.\n"
    )
    sys.stdout.flush()
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
