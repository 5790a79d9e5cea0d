"""The door slows down whoever guesses, and lets in whoever was let in before (docs/decisions/0020).

Tries are counted for each account from each address; for each address; for each account. The last two do not hold
against a device, or a network, from which that person signed in before: nobody shuts another out by missing her
password, and a school behind one address stays open. Proving a password is slow on purpose: strangers queue for it in
a lane of their own, and a try that is refused costs no proof at all.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase

from traam.design.clients import client, network
from traam.programme.people import attempts, sign_ins
from traam.programme.people.attempts import Limit
from traam.programme.people.models import Person
from traam.programme.people.queries import by_email

MOST_FAILURES = 5
PAIR = Limit("account from address", MOST_FAILURES, 10)
DEVICE = Limit("account from a known device", 10, 10)
ADDRESS = Limit("address", 30, 10)
ACCOUNT = Limit("account", 100, 60)
LETTERS = (Limit("letters to account from address", 5, 60), Limit("letters to account", 20, 60))
LETTERS_FROM = Limit("letters from address", 60, 60)
CODES = (Limit("codes of account from address", 10, 15), Limit("codes of account", 60, 60))

COOKIE = "traam_appareil"
COOKIE_AGE = 180 * 24 * 3600
SIGNER = TimestampSigner(salt="traam.desk.device")
MOST_PEOPLE = 5  # remembered by one browser


@dataclass(frozen=True)
class Guard:
    """What a try counts against. `known`: this person came from here before."""

    counted: tuple[attempts.Counted, ...]
    known: bool
    at: datetime

    def admits(self) -> bool:
        return attempts.reserve(self.counted, at=self.at)

    def succeeded(self) -> None:
        """Nothing is held against this account here; elsewhere, one try less."""
        attempts.forget(self.counted[:1])
        attempts.give_back(self.counted[1:])


def password(request: HttpRequest, email: str, at: datetime) -> Guard | None:
    """The guard of a password tried for this address, whoever it is of; None when it is one too many.

    What costs least is looked at first: a flood is refused by one read.
    """
    account, place = email.strip().lower(), network(client(request))
    pair = (PAIR, PAIR.key(account, place))
    mark, people = _device(request)
    if not mark and attempts.full([pair], at=at):
        return None
    person = by_email(email)
    if person is not None and person.pk in people:
        guard = Guard(((DEVICE, DEVICE.key(account, mark)),), True, at)
    elif person is not None and sign_ins.came_from(person, place, at):
        guard = Guard((pair,), True, at)
    else:
        guard = Guard((pair, (ADDRESS, ADDRESS.key(place)), (ACCOUNT, ACCOUNT.key(account))), False, at)
    return None if attempts.full(guard.counted, at=at) else guard


def letter(request: HttpRequest, email: str, at: datetime) -> Guard:
    """The guard of a letter asked for this address: a code, a new password."""
    account, place = email.strip().lower(), network(client(request))
    here, everywhere = LETTERS
    counted = ((here, here.key(account, place)), (everywhere, everywhere.key(account)))
    return Guard((*counted, (LETTERS_FROM, LETTERS_FROM.key(place))), False, at)


def code(request: HttpRequest, person: Person, at: datetime) -> Guard:
    """The guard of a code, or of a recovery code, tried once the password was right."""
    here, everywhere = CODES
    place = network(client(request))
    return Guard(((here, here.key(person.pk, place)), (everywhere, everywhere.key(person.pk))), False, at)


def _device(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        told = SIGNER.unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_AGE)
        mark, _, people = told.partition(".")
        return mark, [int(pk) for pk in people.split("-") if pk]
    except (BadSignature, ValueError):
        return "", []


def remember_device(request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
    """A mark in this browser: it opens nothing, it only keeps the door from being shut by others."""
    mark, people = _device(request)
    people = [person.pk, *(pk for pk in people if pk != person.pk)][:MOST_PEOPLE]
    value = SIGNER.sign(f"{mark or secrets.token_hex(12)}.{'-'.join(map(str, people))}")
    response.set_cookie(
        COOKIE,
        value,
        max_age=COOKIE_AGE,
        path="/connexion",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class TooMany(Exception):
    """This account, or this address, was tried too often."""


class Busy(Exception):
    """Too many strangers are proving their passwords at this moment."""


LANES = max(1, (os.cpu_count() or 2) - 1)  # one processor is left for everything else
BENCH = 1  # how many may wait for a lane: who waits keeps a thread of the site from serving others
PATIENCE = 3.0  # seconds


@contextmanager
def trying(guard: Guard) -> Iterator[None]:
    """Count the try, then prove the password inside. Raises `Busy`, or `TooMany`.

    Strangers prove one after the other, all processes together; those who are known do not wait. A stranger who finds
    no place is counted against the address alone: a flood from many addresses ends by being told from people.
    """
    held = None
    if not guard.known:
        try:
            held = _lane()
        except Busy:
            attempts.reserve(guard.counted[1:2], at=guard.at)
            raise
    try:
        if not guard.admits():
            raise TooMany
        yield
    finally:
        if held is not None:
            os.close(held)  # which gives the lane back


def _lane() -> int:
    free = _first_free("file", LANES)
    if free is not None:
        return free
    seat = _first_free("banc", BENCH)
    if seat is None:
        raise Busy
    end = time.monotonic() + PATIENCE
    try:
        while free is None:
            if time.monotonic() > end:
                raise Busy
            time.sleep(0.02)
            free = _first_free("file", LANES)
        return free
    finally:
        os.close(seat)


def _first_free(what: str, number: int) -> int | None:
    """Take one of these places, which closing the file gives back: a process that dies keeps none."""
    folder = Path(settings.DATA) / "porte"
    folder.mkdir(parents=True, exist_ok=True)
    for one in range(number):
        door = os.open(folder / f"{what}-{one}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(door)
        else:
            return door
    return None
