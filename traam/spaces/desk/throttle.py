"""The door slows down whoever guesses: failures are counted for each account tried from each address."""

from hashlib import sha256

from django.core.cache import cache

MOST_FAILURES = 5
WINDOW = 10 * 60  # seconds, from the first failure


def _key(email: str, address: str) -> str:
    return "desk:failures:" + sha256(f"{email.strip().lower()}\n{address}".encode()).hexdigest()


def too_many(email: str, address: str) -> bool:
    """Whether this account was missed too often from this address to try again now."""
    return int(cache.get(_key(email, address), 0)) >= MOST_FAILURES


def failed(email: str, address: str) -> None:
    """Count one failure."""
    key = _key(email, address)
    if cache.add(key, 1, WINDOW):
        return
    try:
        cache.incr(key)
    except ValueError:  # the window closed in between
        cache.set(key, 1, WINDOW)


def forget(email: str, address: str) -> None:
    """The right password was given: nothing is held against this address."""
    cache.delete_many([_key(email, address)])
