# ruff: noqa: E501 - patterns and sentences, each on its line
"""Cookies set on arrival: those that a visit needs, those that follow the reader, those that somebody must explain."""

import re
from email.utils import parsedate_to_datetime

from traam.engines.pageaudit.known import kind_of_cookie
from traam.engines.pageaudit.reading import Page
from traam.engines.pageaudit.report import Report

DAY = 86_400


def cookies(page: Page, report: Report) -> None:
    """Those of the answer's headers: what scripts set, only a browser sees."""
    for header, value in page.fetched.headers:
        if header.lower() == "set-cookie":
            _judge_cookie(page, value, report)


def _judge_cookie(page: Page, value: str, report: Report) -> None:
    name, _, rest = value.partition("=")
    name = name.strip()
    _, _, options = rest.partition(";")
    lifetime = _lifetime(options, page.fetched.header("date"))
    http_only = any(option.strip().lower() == "httponly" for option in options.split(";"))
    shown = f"Set-Cookie: {name}=…" + ("; HttpOnly" if http_only else "")  # a date would change at each visit
    judge_cookie(report, name, lifetime, http_only, shown)


def judge_cookie(report: Report, name: str, lifetime: int | None, http_only: bool | None, shown: str) -> None:
    """`lifetime` in seconds, None for the session; `http_only` None when it is not known."""
    if not name or (lifetime is not None and lifetime <= 0):
        return
    kind = kind_of_cookie(name)
    lasting = "" if lifetime is None else f", gardé {_duration(lifetime)}"
    if kind == "traceur":
        report.fault("cookie", f"Le témoin {name} suit le lecteur{lasting}.", shown)
    elif kind == "mesure":
        report.review(
            "cookie", f"Le témoin {name} est celui d'une mesure d'audience{lasting} : est-elle exemptée ?", shown
        )
    elif kind in ("sécurité", "répartition", "préférence", "choix"):
        if lifetime is not None and lifetime > 400 * DAY:
            report.review("cookie", f"Le témoin {name} est gardé {_duration(lifetime)}.", shown)
    elif kind == "session":
        _session(report, name, lifetime, http_only, shown)
    elif lifetime is None or lifetime <= DAY:
        if not (http_only and lifetime is None and _SESSION_LIKE.search(name)):
            report.review("cookie", f"Le témoin {name} est déposé à l'arrivée : est-il nécessaire ?", shown)
    else:
        report.fault("cookie", f"Le témoin {name} est déposé à l'arrivée{lasting}, sans accord.", shown)


def _session(report: Report, name: str, lifetime: int | None, http_only: bool | None, shown: str) -> None:
    if lifetime is not None and lifetime > 31 * DAY:
        report.review("cookie", f"Le témoin de session {name} est gardé {_duration(lifetime)}.", shown)
    elif http_only is False:
        report.review("cookie", f"Le témoin de session {name} se laisse lire par les scripts (sans HttpOnly).", shown)


_SESSION_LIKE = re.compile(r"sess|sid$|^sid|token|auth", re.I)


def _duration(seconds: int) -> str:
    days = seconds // DAY
    if days >= 60:
        return f"{days // 30} mois"
    if days:
        return f"{days} jour{'s' if days > 1 else ''}"
    return f"{max(1, seconds // 60)} min"


def _lifetime(options: str, date: str) -> int | None:
    """In seconds, None for the session. A date of expiry counts from the date of the answer."""
    said = {
        key.strip().lower(): value.strip() for key, _, value in (part.partition("=") for part in options.split(";"))
    }
    if "max-age" in said:
        try:
            return int(said["max-age"].strip('"'))
        except ValueError:
            return None
    if "expires" not in said:
        return None
    try:
        until = parsedate_to_datetime(said["expires"].strip('"').replace("-", " "))
    except (ValueError, TypeError, IndexError):
        return None
    if until.year < 2015:
        return 0  # how a cookie is erased
    try:
        return int((until - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError, IndexError):
        return 400 * DAY  # a date to come, how far is not known
