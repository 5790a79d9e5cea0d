"""The sessions of a person: told when they open, listed for her, closed by her."""

import hmac
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from traam.engines.workflow import Missing
from traam.programme.journal.actions import record
from traam.programme.people import attempts, policies
from traam.programme.people.models import Person, SignIn

KEPT = timedelta(days=30)


def digest_of(person: Person, network: str) -> str:
    """Where she comes from, for comparison only: the same place gives another digest for another person."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{person.pk}\n{network}".encode(), "sha256").hex()


def came_from(person: Person, network: str, at: datetime) -> bool:
    """Whether she signed in from this network in the last thirty days."""
    return SignIn.objects.filter(person=person, network=digest_of(person, network), opened_at__gte=at - KEPT).exists()


@transaction.atomic
def tell(person: Person, session: str, means: str, *, device: str, network: str, at: datetime) -> SignIn:
    """Keep that she signed in, and that this session is hers."""
    SignIn.objects.filter(person=person, opened_at__lt=at - KEPT).delete()
    where = digest_of(person, network)
    return SignIn.objects.create(
        person=person, session=session, means=means, device=device[:60], network=where, opened_at=at
    )


def open_sessions(person: Person, at: datetime) -> list[SignIn]:
    """Her sessions that still work, the latest first."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return list(SignIn.objects.filter(person=person, session__in=alive).order_by("-opened_at", "-pk"))


def sign_in(pk: int) -> SignIn:
    try:
        return SignIn.objects.select_related("person").get(pk=pk)
    except SignIn.DoesNotExist:
        raise Missing("Cette session n'existe pas, ou plus.") from None


@transaction.atomic
def close(sign_in: SignIn, *, actor: Person, at: datetime) -> None:
    """End one of one's sessions, at once."""
    policies.may_close(actor, sign_in, at).require()
    _end([sign_in.session])
    record("close_sessions", actor, actor=actor, at=at, data={"sessions": 1})


@transaction.atomic
def close_others(session: str, *, actor: Person, at: datetime) -> int:
    """End all of one's sessions but this one; how many."""
    others = [each.session for each in open_sessions(actor, at) if each.session != session]
    _end(others)
    if others:
        record("close_sessions", actor, actor=actor, at=at, data={"sessions": len(others)})
    return len(others)


def renamed(before: str, after: str, *, at: datetime) -> None:
    """A session has another key since her password changed: it is still the same one."""
    SignIn.objects.filter(session=before).update(session=after)


def _end(sessions: list[str]) -> None:
    """The place they came from is kept until it is old: she is still known there."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in sessions:
        store(key).delete()


def sweep(*, at: datetime) -> int:
    """Drop what is older than thirty days, the sessions that ended and the counts of tries; how many sign-ins."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    attempts.sweep(at=at)
    return SignIn.objects.filter(opened_at__lt=at - KEPT).delete()[0]
