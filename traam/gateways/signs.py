"""Signs of life: when something regular was last done. Small files beside those that people share, so that every
machine of the site sees them, and so that they can be read when the database is away.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Sign:
    """`facts` are plain JSON, and name nobody."""

    at: datetime
    facts: dict[str, Any]


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "signes"


def leave(name: str, at: datetime, **facts: Any) -> None:
    """Say that it was done. A disk that refuses is the business of who watches, not of who works."""
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=_folder(), prefix="aside-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"at": at.isoformat(), **facts}, file)
        Path(aside).replace(_folder() / f"{name}.json")
    except OSError:
        return


class Pulse:
    """Leaves its sign every half minute, however often it is asked to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._last: datetime | None = None

    def __call__(self, at: datetime) -> None:
        if self._last is None or at - self._last >= timedelta(seconds=30):
            self._last = at
            leave(self.name, at)


def read(name: str) -> Sign | None:
    """The last time; None when it was never done."""
    try:
        facts = json.loads((_folder() / f"{name}.json").read_text(encoding="utf-8"))
        return Sign(datetime.fromisoformat(facts.pop("at")), facts)
    except (OSError, ValueError, KeyError):
        return None
