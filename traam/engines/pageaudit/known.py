"""Services known by their address: lists of our own, read once from the CSV files of `lists/`."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from traam.engines.pageaudit.addresses import host_of, is_state, path_of

LISTS = Path(__file__).resolve().parent / "lists"


@dataclass(frozen=True)
class Known:
    """A service. `host` covers the hosts under it; `path` is how the path must begin, "" for any."""

    host: str
    path: str
    name: str
    kind: str


@dataclass(frozen=True)
class Code:
    """How a script betrays a service: `hint` is looked for first, in lower case, because it costs nothing."""

    hint: str
    pattern: re.Pattern[str]
    name: str
    kind: str


Index = Mapping[str, tuple[Known, ...]]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (LISTS / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@cache
def listed(name: str) -> Index:
    """A list by host; a rule that gives a path comes before one that takes the whole host."""
    found: dict[str, list[Known]] = {}
    for row in _rows(f"{name}.csv"):
        host, _, path = row["adresse"].partition("/")
        kind = row.get("sorte") or row.get("certain") or ""
        found.setdefault(host, []).append(Known(host, f"/{path}" if path else "", row["nom"], kind))
    return {host: tuple(sorted(rules, key=lambda rule: -len(rule.path))) for host, rules in found.items()}


@cache
def codes() -> tuple[Code, ...]:
    return tuple(
        Code(row["indice"], re.compile(row["motif"], re.I), row["nom"], row["sorte"])
        for row in _rows("tracker_code.csv")
    )


@cache
def cookie_kinds() -> Mapping[str, str]:
    """What a cookie is for, by its name in lower case; a name that ends with a star stands for all that begin so."""
    return {row["nom"].lower(): row["sorte"] for row in _rows("sessions.csv")}


def find(name: str, address: str) -> Known | None:
    """The rule of a list that covers an address, the longest host first."""
    host = host_of(address)
    if not host:
        return None
    index = listed(name)
    labels = host.split(".")
    if len(labels) > 12:
        labels = labels[-12:]
    for first in range(len(labels) - 1):
        for rule in index.get(".".join(labels[first:]), ()):
            if not rule.path or _begins(path_of(address), rule.path):
                return rule
    return None


def _begins(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and (len(path) == len(prefix) or not path[len(prefix)].isalnum())


def kind_of_cookie(name: str) -> str:
    """session, sécurité, répartition, préférence, choix, traceur, mesure, or "" when the name tells nothing."""
    kinds, name = cookie_kinds(), name.lower()
    if name in kinds:
        return kinds[name]
    return next((kind for known, kind in kinds.items() if known[-1] == "*" and name.startswith(known[:-1])), "")


DOUBTED = ("mesure-sobre", "consentement")


def weighed(kind: str, here: str) -> tuple[str, bool]:
    """The check that a service of `trackers` falls under on a page of the host `here`, and whether it is a fault.

    Tools that the CNIL exempts when they are set so are under contract with the State: on its own sites, to be checked.
    """
    if kind == "mesure-exemptable" and is_state(here):
        return "analytics", False
    return "tracker", kind not in DOUBTED


def doubt(kind: str) -> str:
    """Why such a service is to be checked, and not a fault."""
    if kind == "consentement":
        return "est un gestionnaire de consentement : vérifiez quels traceurs il lance"
    return "peut être dispensé de consentement : vérifiez qu'il est réglé selon l'exemption de la CNIL"
