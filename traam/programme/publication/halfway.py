"""The page of a visit under way, kept on the disk: a worker killed in the middle does not ask its site for it twice."""

import json
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from traam.engines.pageaudit.values import Fetched

FRESH = 3600.0
"""Seconds after which the page may have changed: it is asked for again."""


def _place(number: int) -> Path:
    return Path(settings.DATA) / "visites" / f"{number}.json"


def keep(number: int, page: Fetched) -> None:
    """Keep the page of the address of this number. A full disk keeps nothing, and stops nothing."""
    place = _place(number)
    told = {**asdict(page), "body": b64encode(page.body).decode("ascii")}
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        begun = place.with_suffix(".begun")
        begun.write_text(json.dumps(told))
        begun.replace(place)


def found(number: int, address: str) -> Fetched | None:
    """The page that a worker fetched a moment ago and had no time to audit."""
    place = _place(number)
    try:
        if time.time() - place.stat().st_mtime > FRESH:
            return None
        told = json.loads(place.read_text())
        headers = tuple((name, value) for name, value in told["headers"])
        page = Fetched(**{**told, "body": b64decode(told["body"]), "headers": headers})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return page if page.address == address else None


def forget(number: int) -> None:
    with suppress(OSError):
        _place(number).unlink(missing_ok=True)
