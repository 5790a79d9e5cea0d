"""What the worker does once a day, at the hour of the digests."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError

from traam.programme.calls.deadlines import tell_deadlines as tell_applications
from traam.programme.groups.actions import sweep
from traam.programme.groups.deadlines import tell_deadlines as tell_groups
from traam.programme.letters import digests
from traam.programme.productions.deadlines import tell_deadlines as tell_trials
from traam.programme.selection.deadlines import tell_deadlines as tell_opinions

TELLERS: tuple[Callable[..., None], ...] = (tell_applications, tell_opinions, tell_groups, tell_trials)
logger = logging.getLogger(__name__)


class Daily:
    """Remembers the last departure it prepared. Another worker, or one that died, may prepare it again: nothing is
    told twice."""

    def __init__(self) -> None:
        self.prepared: datetime | None = None

    def work(self, at: datetime) -> int:
        """Tell deadlines, clean files, write digests, once after each hour of departure; the number of digests."""
        departure = digests.departure(at)
        if departure == self.prepared:
            return 0
        for tell in TELLERS:
            _try(tell, departure)
        _sweep(at)
        written = digests.compose(at=at)
        self.prepared = departure
        return written


def _try(tell: Callable[..., None], departure: datetime) -> None:
    """What cannot be told of one step does not keep the others from leaving."""
    try:
        tell(at=departure)
    except OperationalError:  # the database is away: all of it is for later
        raise
    except Exception:
        logger.exception("Les échéances de %s n'ont pas pu être annoncées.", tell.__module__)


def _sweep(at: datetime) -> None:
    """Files of withdrawn documents go, and those that a death left alone. A lost disk keeps no digest from leaving."""
    try:
        sweep(at=at)
    except OSError:
        logger.exception("Les fichiers des documents retirés n'ont pas pu être effacés.")
