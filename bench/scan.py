"""A generic scanner of the web (wapiti) over a demonstration that is thrown away: `make scan`.

    python -m bench.scan [--seconds 25] [--only bureau]

The demonstration is served over TLS, as in production. wapiti lives in an environment of its own; it crawls and attacks
signed out, then signed in as each account of the demonstration. Anything above information is a failure, and so is an
internal error. Its module `ssrf` is left out: it asks a machine of its authors (our own tests try `gateways.fetching`).
"""

import argparse
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPSHandler, OpenerDirector, build_opener

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "bench" / "wapiti"
WANTED = "wapiti3==3.2.3"
MODULES = "cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,upload,xss"
DOMAIN, PASSWORD = "demo.traam.invalid", "demonstration-traam"
WHO = {  # account → where its pages begin
    "": ["/", "/recherche?q=esprit&tri=date", "/connexion", "/api/", "/oai?verb=Identify", "/donnees/", "/flux/"],
    "bureau": ["/tableau-de-bord", "/pilotage/", "/evaluation/", "/pilotage/personnes/", "/mon-compte"],
    "inspection.generale": ["/tableau-de-bord", "/evaluation/"],
    "expert": ["/tableau-de-bord", "/evaluation/", "/atelier/"],
    "dan.lyon": ["/tableau-de-bord", "/academie/", "/mes-courriels"],
    "inspecteur.lyon": ["/tableau-de-bord", "/academie/", "/evaluation/", "/atelier/"],
    "referent.lyon": ["/tableau-de-bord", "/atelier/", "/mon-calendrier"],
    "enseignante.lyon": ["/tableau-de-bord", "/atelier/"],
    "enseignant.lyon": ["/tableau-de-bord", "/academie/mes-candidatures"],
}
LEAVES = ("/deconnexion", "/mon-compte/sessions/fermer", "/mon-compte/mot-de-passe")
INFORMATION = 0


@dataclass
class Report:
    """What one scan did: pages crawled, requests sent, what it holds against the site (kind → descriptions)."""

    who: str
    crawled: int = 0
    seconds: float = 0
    found: dict[str, list[str]] = field(default_factory=dict)


def installed() -> Path:
    """wapiti, in an environment apart, made the first time."""
    program, stamp = HOME / "venv" / "bin" / "wapiti", HOME / "installed"
    if not (stamp.exists() and stamp.read_text() == WANTED):
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True)
        made = subprocess.run([sys.executable, "-m", "venv", HOME / "venv"], check=False).returncode == 0
        pip = [HOME / "venv" / "bin" / "python", "-m", "pip", "install", "-q", WANTED]
        if not made or subprocess.run(pip, check=False).returncode:
            sys.exit(f"{WANTED} ne s'installe pas d'ici : rien n'a été parcouru.")
        stamp.write_text(WANTED)
    return program


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration served over TLS, with its errors in a file; both are thrown away."""
    with tempfile.TemporaryDirectory(prefix="traam-scan-") as name:
        folder, port = Path(name), _free_port()
        address = f"https://127.0.0.1:{port}"
        key, certificate = folder / "key.pem", folder / "cert.pem"
        asked = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
        made = ("-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate)
        subprocess.run(["openssl", "req", *made, *asked, "-days", "2"], check=True, stderr=subprocess.DEVNULL)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
        env = {**kept, "TRAAM_DATA": str(folder / "data"), "TRAAM_ADDRESS": address}
        subprocess.run(
            [sys.executable, "-m", "traam", "demo"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
        )
        serve = ("--certfile", certificate, "--keyfile", key, "--worker-class", "gthread", "--workers", "2")
        log = (folder / "log").open("wb")
        command = [sys.executable, "-m", "gunicorn", "traam.config.wsgi:application", "-b", f"127.0.0.1:{port}", *serve]
        server = subprocess.Popen([*command, "--threads", "4"], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait(address)
            yield address
        finally:
            server.terminate()
            server.wait()
            _say_errors((folder / "log").read_text(errors="replace"))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _opener() -> tuple[OpenerDirector, CookieJar]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # our own certificate, on this machine
    jar = CookieJar()
    return build_opener(HTTPSHandler(context=trusting), HTTPCookieProcessor(jar)), jar


def _wait(address: str) -> None:
    opener, _ = _opener()
    for _ in range(120):
        try:
            opener.open(f"{address}/robots.txt", timeout=5)
            return
        except OSError:
            time.sleep(0.5)
    sys.exit("La démonstration n'a pas démarré.")


def _say_errors(log: str) -> None:
    """The pages that broke, each once."""
    for broken in sorted(set(re.findall(r"Internal Server Error: (\S+)|^(\w*Error: .*)$", log, re.MULTILINE))):
        print("  erreur du site :", " ".join(part for part in broken if part))


def cookie_of(address: str, who: str) -> str:
    """The session of an account that came in by the page."""
    opener, jar = _opener()
    page = opener.open(f"{address}/connexion").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "no form on the page of sign-in"
    fields = {"csrfmiddlewaretoken": token[1], "email": f"{who}@{DOMAIN}", "password": PASSWORD}
    opener.addheaders = [("Referer", f"{address}/connexion")]
    opener.open(f"{address}/connexion", urlencode(fields).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def scan(program: Path, address: str, who: str, seconds: int, starts: Sequence[str] = ()) -> Report:
    """Crawl for `seconds`, then give each module as long at most."""
    with tempfile.TemporaryDirectory(prefix="traam-wapiti-") as folder:
        out = Path(folder) / "report.json"
        command = [program, "-u", f"{address}/", "--scope", "domain", "-m", MODULES, "-f", "json", "-o", out]
        command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds), "--flush-session"]
        command += [
            "--store-session",
            folder,
            "--no-bugreport",
            "-v",
            "0",
            "--verify-ssl",
            "0",
            "--max-links-per-page",
            "60",
        ]
        for start in starts or WHO[who]:
            command += ["-s", address + start]
        for leave in LEAVES if who else ():
            command += ["-x", address + leave]
        if who:
            command += ["-C", cookie_of(address, who)]
        began = time.monotonic()
        done = subprocess.run(["nice", "-n", "10", *command], capture_output=True, text=True, check=False)
        if not out.exists():
            sys.exit(f"wapiti n'a pas rendu de rapport : {done.stderr[-2_000:]}")
        return _read(json.loads(out.read_text()), who, time.monotonic() - began)


class _Trap(BaseHTTPRequestHandler):
    """A page that says again whatever it is asked, unescaped."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<form><input name="q"><button>x</button></form><a href="/?q=a">x</a>{asked}'.encode())

    def log_message(self, *words: object) -> None:
        """Nothing on the screen."""


def sees(program: Path) -> bool:
    """Whether the scanner finds what is there to be found: one that finds nothing anywhere proves nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Trap) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        report = scan(program, f"http://127.0.0.1:{server.server_port}", "", 10, starts=["/"])
        server.shutdown()
    return "Reflected Cross Site Scripting" in report.found


def _read(told: dict[str, Any], who: str, seconds: float) -> Report:
    report = Report(who, int(told["infos"].get("crawled_pages_nbr", 0)), seconds)
    for kind, found in {**told["vulnerabilities"], **told["anomalies"]}.items():
        for one in found:
            if int(one.get("level", 1)) > INFORMATION:
                said = (
                    f"{one.get('method', '')} {one.get('path', '')} {one.get('parameter') or ''}: {one.get('info', '')}"
                )
                report.found.setdefault(kind, []).append(" ".join(said.split()))
    return report


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=25, help="for the crawl, and for each module")
    options.add_argument("--only", choices=[*WHO, "personne"], action="append", help="these accounts alone")
    asked = options.parse_args()
    accounts = [("" if who == "personne" else who) for who in asked.only or WHO]
    program, bad = installed(), 0
    if not sees(program):
        sys.exit("Le scanneur ne voit pas la faille d'une page piégée : rien n'est prouvé.")
    with demonstration() as address:
        for who in accounts:
            report = scan(program, address, who, asked.seconds)
            found = sum(map(len, report.found.values()))
            bad += found
            print(
                f"{who or 'sans compte':22} {report.crawled:5} pages  {report.seconds:5.0f} s  {found} point(s)",
                flush=True,
            )
            for kind, said in report.found.items():
                for line in dict.fromkeys(said):
                    print(f"  {kind} : {line}", flush=True)
    print("Rien au-dessus de l'information." if not bad else f"{bad} point(s) à corriger.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
