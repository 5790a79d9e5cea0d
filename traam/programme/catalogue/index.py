"""The full-text index of the notices: a derivative of the rows, kept up to date by the change log."""

import fcntl
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import QuerySet

from traam import reference
from traam.engines import search
from traam.programme.catalogue.models import Change, ChangeCounter, Notice

FACETS = ("discipline", "niveau", "academie", "annee", "theme", "crcn", "type", "teste", "etat")
VISIBLE_FACETS = FACETS[:-1]
YES, NO = "oui", "non"
BATCH = 2_000
UNKNOWN_DAY = 20_000_101

_local = threading.local()
logger = logging.getLogger(__name__)


# Headings of the vocabulary that nobody teaches at, and the cycle each year of school belongs to.
HEADINGS = frozenset({"615", "618"})
CYCLES = {"1": "617", "2": "619", "3": "620", "4": "621"}


def _with_parents(codes: Iterable[str]) -> tuple[str, ...]:
    """Levels with the ones that contain them: a scenario for the 3e is found under "collège" and "cycle 4"."""
    by_label = {(level.parent, level.label): level.code for level in reference.levels().values()}
    found: dict[str, None] = {}
    for code in codes:
        steps = reference.levels()[code].path.split(" > ")
        for parent, label in zip(["", *steps], steps, strict=False):
            found[by_label.get((parent, label), "")] = None
        found[CYCLES.get(reference.levels()[code].cycle, "")] = None
    return tuple(code for code in found if code and code not in HEADINGS)


def _with_successors(codes: Iterable[str]) -> tuple[str, ...]:
    """Academies with the ones they became: what Caen made is found under Normandie too."""
    academies = reference.academies()
    return tuple(dict.fromkeys(found for code in codes for found in (code, academies[code].successor) if found))


def kind(notice: Notice) -> str:
    """ "scenario" for what was released here, "history" for a work that is known by its reference."""
    return "history" if notice.archived else "scenario"


def document(notice: Notice) -> search.Document:
    levels = _with_parents(notice.levels)
    names = [
        *notice.discipline_labels,
        *(reference.levels()[code].label for code in levels),
        notice.level_text,
        *(academy.name for academy in notice.academy_list),
        *(competence.full_label for competence in notice.competence_list),
        *notice.tools,
        notice.authors,
        notice.theme.title if notice.theme else "",
        notice.years,
    ]
    said = [test.get(part) or "" for test in notice.tests for part in ("worked", "resisted", "advice")]
    tested_elsewhere = bool(set(notice.tested_by) - set(notice.academies))
    return search.Document(
        id=notice.pk,
        title=notice.title,
        lead=notice.summary,
        body="\n".join([*(text for _, text in notice.sections), *said]),
        keywords="\n".join(names),
        quality=bool(notice.sections) + bool(notice.tests) + tested_elsewhere,
        facets={
            "discipline": tuple(notice.disciplines),
            "niveau": levels,
            "academie": _with_successors(notice.academies),
            "annee": (notice.years,) if notice.years else (),
            "theme": (str(notice.theme_id),) if notice.theme_id else (),
            "crcn": tuple(notice.competences),
            "type": (kind(notice),),
            "teste": (YES if tested_elsewhere else NO,),
            "etat": (notice.state,),
        },
        date=_day(notice),
    )


def _day(notice: Notice) -> int:
    """The date that orders notices: the release, else June of the last year of the work, else (unknown) the oldest."""
    if notice.published_on:
        return int(notice.published_on.strftime("%Y%m%d"))
    last = notice.years.rpartition("-")[2]
    return int(last) * 10_000 + 601 if last.isdecimal() and len(last) == 4 else UNKNOWN_DAY


def root() -> Path:
    return Path(settings.INDEX_FOLDER)


def _published() -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.PUBLISHED).select_related("theme")


def rebuild() -> int:
    """Make a new index of every notice, then switch to it; the number of notices."""
    mark = ChangeCounter.objects.filter(pk=1).values_list("last", flat=True).first() or 0
    documents = (document(n) for n in _published().iterator(BATCH))
    root().mkdir(parents=True, exist_ok=True)
    built = search.rebuild(root(), documents, FACETS, mark)
    count = built.count()
    built.close()
    return count


def _open() -> search.Index:
    """The index in force, if it counts the facets of today."""
    index = search.open_current(root())
    if index.facets != FACETS:
        index.close()
        raise search.IndexUnavailable(f"Index {index.folder}: made with other facets. Rebuild it.")
    return index


def update() -> int:
    """Apply to the index the changes it does not have yet; their number. One indexer at a time on a machine."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / "indexer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            index = _open()
        except search.IndexUnavailable:
            return rebuild()
        try:
            return _apply(index)
        finally:
            index.close()


@contextmanager
def followed(every: float = 0.3) -> Iterator[None]:
    """A thread of its own keeps the index up to date meanwhile, however long the rest of the worker takes."""
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(stop, every), name="index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _follow(stop: threading.Event, every: float) -> None:
    known: object = None
    while not stop.wait(every):
        close_old_connections()
        try:
            last = ChangeCounter.objects.values_list("last", flat=True).first()
            if known != (last, search.stamp(root())):
                update()
                known = last, search.stamp(root())  # what was noted meanwhile is for the next turn
        except Exception:  # the database away, a disk full: it is tried again, and the worker says what lasts
            logger.warning("L'index de recherche n'a pas pu suivre ; nouvel essai.", exc_info=True)
            known = None
    connection.close()


def _apply(index: search.Index) -> int:
    applied = 0
    while True:
        rows = list(
            Change.objects.filter(number__gt=index.mark).order_by("number").values_list("number", "notice_id")[:BATCH]
        )
        if not rows:
            return applied
        notices = list(Notice.objects.filter(pk__in={pk for _, pk in rows}).select_related("theme"))
        published = [n for n in notices if n.state == Notice.State.PUBLISHED]
        gone = [n.pk for n in notices if n.state != Notice.State.PUBLISHED]
        index.apply([document(n) for n in published], gone, mark=rows[-1][0])
        applied += len(rows)


def current() -> search.Index:
    """The index as this thread reads it, with the last changes; built if there is none that can be read."""
    index: search.Index | None = getattr(_local, "index", None)
    try:
        # Another process may have rebuilt it since: then another folder is in force.
        if index is None or index.folder != search.folder_in_force(root()):
            index = _open()
        index.reload()
    except search.IndexUnavailable:
        update()
        index = search.open_current(root())
    _local.index = index
    return index


def mark() -> int:
    """The number of the last change the index learnt; 0 when there is no index. Builds nothing."""
    try:
        index = search.open_current(root())
    except search.IndexUnavailable:
        return 0
    try:
        return index.mark
    finally:
        index.close()
