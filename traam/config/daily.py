"""What the worker does once a day, at the hour of the digests."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain

from django.db import OperationalError

from traam.gateways import signs, storage
from traam.interop.opendata import files
from traam.programme.calls.deadlines import tell_deadlines as tell_applications
from traam.programme.catalogue.deposits.actions import sweep as let_deposits_go
from traam.programme.catalogue.queries import files_wanted as public_files
from traam.programme.groups.deadlines import tell_deadlines as tell_groups
from traam.programme.groups.queries import files_wanted as files_of_groups
from traam.programme.letters import digests, privacy
from traam.programme.people import sign_ins
from traam.programme.productions.deadlines import tell_deadlines as tell_trials
from traam.programme.productions.queries.pieces import files_wanted as files_of_productions
from traam.programme.publication.queries import files_wanted as released_files
from traam.programme.publication.sheet_deadlines import tell_waivers
from traam.programme.selection.deadlines import tell_deadlines as tell_opinions
from traam.programme.subscriptions.actions import sweep as forget_readers

TELLERS: tuple[Callable[..., None], ...] = (tell_applications, tell_opinions, tell_groups, tell_trials, tell_waivers)
# Who wants which files of the storage: a step that keeps some adds its own, or they go with the others.
WANTERS: tuple[Callable[[], Iterable[str]], ...] = (
    files_of_groups,
    files_of_productions,
    released_files,
    public_files,
)
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
        _refresh(at)
        forget_readers(at=at)
        let_deposits_go(at=at)
        _forget(at)
        written = digests.compose(at=at)
        signs.leave("quotidien", at)
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


def _forget(at: datetime) -> None:
    """Whoever is to be forgotten today; what fails for one keeps no digest from leaving."""
    try:
        privacy.forget_those_due(at=at)
        privacy.propose_at_the_end(at=at)
        sign_ins.sweep(at=at)
    except OperationalError:
        raise
    except Exception:
        logger.exception("Les données personnelles à leur terme n'ont pas pu être effacées.")


def _sweep(at: datetime) -> None:
    """A lost disk keeps no digest from leaving."""
    try:
        sweep(at=at)
    except OSError:
        logger.exception("Les fichiers dont plus rien ne parle n'ont pas pu être effacés.")


def _refresh(at: datetime) -> None:
    """The open data are of the day at least; a disk that is full keeps no digest from leaving."""
    try:
        files.refresh(at=at)
    except OSError:
        logger.exception("Les fichiers des données ouvertes n'ont pas pu être refaits.")


def sweep(*, at: datetime) -> int:
    """Take away the files that nobody wants: withdrawn, or kept by an act that died. How many.

    Who wants which is read after the moment that spares: a file kept since is not lost, whatever was read.
    """
    return storage.sweep(chain.from_iterable(wanted() for wanted in WANTERS), before=at - storage.SPARED)
