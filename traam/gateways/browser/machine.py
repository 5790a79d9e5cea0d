"""What this machine offers: a Chromium, an axe-core, and how far the browser can be shut in."""

import importlib.util
import json
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

# The shell is Chromium without its windows: the same pages for two thirds of the time.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
AXES = (
    Path("/usr/share/javascript/axe-core/axe.min.js"),
    Path("/usr/share/nodejs/axe-core/axe.min.js"),
    Path("/usr/lib/node_modules/axe-core/axe.min.js"),
    Path("/usr/local/lib/node_modules/axe-core/axe.min.js"),
    settings.ROOT / "node_modules/axe-core/axe.min.js",
)
CARRIER = "axe_playwright_python"  # a package for tests that holds the file
NEW_USERS = ("unshare", "--user", "--map-root-user", "true")  # what Chromium's sandbox asks of the kernel
NO_NETWORK = ("unshare", "--user", "--net", "--map-current-user")
_NO_CHROMIUM = (
    "Les pages ne sont pas affichées dans un navigateur, car Chromium n'est pas installé : installez le paquet "
    "chromium-headless-shell (apt install chromium-headless-shell), ou dites où il est par le réglage TRAAM_CHROMIUM."
)
_NO_AXE = (
    "L'accessibilité des pages affichées n'est pas vérifiée, car axe-core n'est pas installé : installez-le (npm "
    "install axe-core), puis dites où est axe.min.js par le réglage TRAAM_AXE."
)
_NO_SANDBOX = (
    "Chromium tourne sans son bac à sable, sous l'utilisateur {user} : pour le remettre, nommez par le réglage "
    "TRAAM_CHROMIUM_USER un utilisateur sans droits, et autorisez les espaces de noms aux utilisateurs ordinaires "
    "(sysctl kernel.unprivileged_userns_clone=1)."
)
_NO_WAY = (
    "Les pages ne sont pas affichées dans un navigateur, car le bac à sable de Chromium ne marche pas ici : autorisez "
    "les espaces de noms aux utilisateurs ordinaires (sysctl kernel.unprivileged_userns_clone=1)."
)


@dataclass(frozen=True)
class Way:
    """How Chromium is started: under which user ("" for our own), within its sandbox, without any network device."""

    user: str
    sandbox: bool
    alone: bool


@dataclass(frozen=True)
class Availability:
    """What a rendered pass can count on. `sentence` says in French what lacks and how to get it, "" when nothing does.

    Without Chromium (`ready` is False) nothing is rendered; without axe the rest is: requests, cookies, final HTML.
    """

    chromium: str
    axe: str
    way: Way | None
    sentence: str

    @property
    def ready(self) -> bool:
        return bool(self.chromium) and self.way is not None


def availability() -> Availability:
    """Look again at each call: a package may have been installed since."""
    chromium, axe = find_chromium(), find_axe()
    way = find_way(settings.CHROMIUM_USER)
    lacks = []
    if not chromium:
        lacks.append(_NO_CHROMIUM)
    elif way is None:
        lacks.append(_NO_WAY)
    elif not way.sandbox:
        lacks.append(_NO_SANDBOX.format(user=way.user or "root"))
    if not axe:
        lacks.append(_NO_AXE)
    return Availability(chromium, axe, way, " ".join(lacks))


def find_chromium() -> str:
    """Its path, "" without one."""
    if settings.CHROMIUM:
        return shutil.which(settings.CHROMIUM) or ""
    return next((path for path in map(shutil.which, CHROMIUMS) if path), "")


def find_axe() -> str:
    """The path of axe.min.js, "" without one."""
    if settings.AXE:
        return settings.AXE if Path(settings.AXE).is_file() else ""
    spec = importlib.util.find_spec(CARRIER)
    carried = (Path(spec.origin).with_name("axe.min.js"),) if spec and spec.origin else ()
    return next((str(path.resolve()) for path in (*AXES, *carried) if path.is_file()), "")


@cache
def axe_source(path: str) -> str:
    """axe-core, told to speak French when its own translation is beside it (as npm lays it out)."""
    file = Path(path)
    source = file.read_text(encoding="utf-8")
    locale = file.parent / "locales" / "fr.json"
    if not locale.is_file():
        return source
    words = json.dumps(json.loads(locale.read_text(encoding="utf-8")))
    # A translation of another version names rules that this one lacks: it then speaks English.
    return f"{source}\n;try {{ axe.configure({{locale: {words}}}) }} catch (e) {{}}"


@cache
def find_way(user: str) -> Way | None:
    """The best way to shut the browser in on this machine; None when there is no safe one."""
    root = os.geteuid() == 0
    other = user if root and _exists(user) and _succeeds(["true"], user) else ""
    # Chromium refuses its sandbox to root. Where there is none, being root says that this is a throw-away container.
    sandbox = (bool(other) or not root) and _succeeds(NEW_USERS, other)
    if not sandbox and not root:
        return None
    alone = _succeeds([*NO_NETWORK, *(NEW_USERS if sandbox else ["true"])], other)
    return Way(other, sandbox, alone)


def _exists(user: str) -> bool:
    try:
        return bool(user) and pwd.getpwnam(user).pw_uid != 0
    except KeyError:
        return False


def _succeeds(command: Sequence[str], user: str) -> bool:
    try:
        who = Identity.of(user)
        done = subprocess.run(  # noqa: S603 - commands of ours
            command,
            capture_output=True,
            timeout=5,
            check=False,
            user=who.user,
            group=who.group,
            extra_groups=who.extra_groups,
        )
    except (OSError, KeyError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


@dataclass(frozen=True)
class Identity:
    """What makes `subprocess` drop every right of root for those of a user; the defaults change nothing."""

    user: int | None = None
    group: int | None = None
    extra_groups: Sequence[int] | None = None

    @classmethod
    def of(cls, user: str) -> "Identity":
        """Raises `KeyError` when the machine does not know that user; "" is our own."""
        if not user:
            return cls()
        known = pwd.getpwnam(user)
        return cls(known.pw_uid, known.pw_gid, ())
