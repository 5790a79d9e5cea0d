"""Signs of life: what an operator wants to know before anybody complains. Figures and dates, nothing of anyone."""

import hmac
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from traam.design.typography import datetime_fr, number_fr, plural, size_fr
from traam.engines.workflow import Verdict, allow_if
from traam.gateways import signs
from traam.programme.catalogue import index, queries
from traam.programme.letters import queries as letters
from traam.programme.people.models import Role
from traam.programme.people.policies import roles
from traam.programme.subscriptions import queries as subscriptions

LATE = timedelta(minutes=15)  # a letter that should have left
SILENT = timedelta(minutes=5)  # a worker that said nothing
DAY = timedelta(hours=26)  # what is done every day
LEAST_FREE = 1_000_000_000  # bytes
NONE_FREE = 100_000_000
MOST_LAG = 1_000  # changes that the index has not learnt


@dataclass(frozen=True)
class Sign:
    """`value` is for a program: a number in the unit of the name, or a text. `ok`: True, False, None when not known.

    When a `vital` sign is False the site cannot do its work: the answer is 503.
    """

    name: str
    label: str
    value: float | str | bool | None
    text: str
    ok: bool | None
    vital: bool = False


def signs_of_life(at: datetime) -> list[Sign]:
    """Every sign. When the database is away, the others are those that do without it."""
    there = queries.reachable()
    told = "répond" if there else "ne répond pas"
    found = [Sign("database", "Base de données", there, told, there, vital=True)]
    if there:
        found += [*_letters(at), _readers(), _index_lag()]
    return [
        *found,
        _index_version(),
        _disk("data_free_bytes", "Disque des données", Path(settings.DATA)),
        *_regular(at),
    ]


def _letters(at: datetime) -> list[Sign]:
    since = letters.due_since(at)
    late = (at - since).total_seconds() if since else 0.0
    waiting, failed, failing = letters.waiting_count(), letters.failed_count(), letters.refused_count()
    said = f"le plus ancien attend depuis {_age(late)}" if since else "aucun n'est en retard"
    failed_text = "aucun" if not failed else f"{plural(failed, 'courriel')} à regarder : Pilotage, Courriels"
    refused = "accepte" if not failing else f"a refusé {plural(failing, 'courriel')}, qui sera présenté de nouveau"
    return [
        Sign("letters_waiting", "Courriels à envoyer", waiting, number_fr(waiting), None),
        Sign("letters_late_seconds", "File des courriels", late, said, late < LATE.total_seconds()),
        Sign("letters_refused", "Serveur de courriel", failing, refused, failing == 0),
        Sign("letters_unsettled", "Courriels en échec ou en doute", failed, failed_text, failed == 0),
    ]


def _readers() -> Sign:
    waiting, stopped = subscriptions.deliveries_waiting(), len(subscriptions.troubled())
    text = f"{number_fr(waiting)} à envoyer" + (f", {plural(stopped, 'envoi')} à regarder" if stopped else "")
    return Sign("deliveries_waiting", "Lettres aux abonnés", waiting, text, stopped == 0)


def _index_lag() -> Sign:
    lag = queries.index_lag()
    text = "à jour" if not lag else f"{plural(lag, 'changement')} à apprendre"
    return Sign("index_lag", "Retard de l'index de recherche", lag, text, lag < MOST_LAG)


def _index_version() -> Sign:
    mark = index.mark()
    text = f"version {mark}" if mark else "aucun index : traam index rebuild"
    return Sign("index_version", "Index de recherche de cette machine", mark, text, mark > 0)


def _disk(name: str, label: str, folder: Path) -> Sign:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    ok = free >= LEAST_FREE
    return Sign(name, label, free, f"{size_fr(free)} libres", ok, vital=free < NONE_FREE)


def _regular(at: datetime) -> list[Sign]:
    """What comes back: the worker, its daily round, backups. Never seen is late, but on a demonstration."""
    found = []
    for name, label, longest in (
        ("travailleur", "Travailleur", SILENT),
        ("quotidien", "Travaux du jour", DAY),
        ("sauvegarde", "Sauvegarde", DAY),
    ):
        sign = signs.read(name)
        age = (at - sign.at).total_seconds() if sign else None
        text = f"{datetime_fr(sign.at.astimezone(at.tzinfo))}, il y a {_age(age or 0)}" if sign else "jamais vu ici"
        ok = age < longest.total_seconds() if age is not None else None if settings.DEMONSTRATION else False
        found.append(Sign(f"{NAMES[name]}_age_seconds", label, age, text, ok))
    return found


NAMES = {"travailleur": "worker", "quotidien": "daily", "sauvegarde": "backup"}


def _age(seconds: float) -> str:
    if seconds < 120:
        return plural(int(seconds), "seconde")
    if seconds < 7200:
        return plural(int(seconds // 60), "minute")
    if seconds < 172_800:
        return plural(int(seconds // 3600), "heure")
    return plural(int(seconds // 86_400), "jour")


def state(found: list[Sign]) -> str:
    """ "ok", "degraded" (somebody should look), "down" (the site cannot work)."""
    if any(sign.ok is False and sign.vital for sign in found):
        return "down"
    return "degraded" if any(sign.ok is False for sign in found) else "ok"


# --- who may see the details


def holds_token(request: HttpRequest) -> bool:
    """`Authorization: Bearer …` with the token of the environment; compared in a time that tells nothing."""
    wanted = settings.METRICS_TOKEN
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(wanted) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted.encode())


def may_see_details(request: HttpRequest, person: Any, at: datetime) -> bool:
    """The national team, or a supervisor that holds the token."""
    return holds_token(request) or (person is not None and Role.NATIONAL in roles(person, at))


def may_measure(request: HttpRequest) -> Verdict:
    """The token; on a demonstration that has none, the machine itself."""
    here = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "HTTP_X_FORWARDED_FOR" not in request.META
    return allow_if(
        holds_token(request) or (settings.DEMONSTRATION and not settings.METRICS_TOKEN and here),
        "Les mesures se lisent avec le jeton du réglage TRAAM_METRICS_TOKEN : « Authorization: Bearer … ».",
    )
