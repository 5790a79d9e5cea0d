"""Acts killed in their middle. Run as a process of its own, with a database that holds the demonstration.

python killing.py import | announce | letters | issue | digests | document | visits. Standard output: a line of JSON
for each `Death`.

An act is run once to count its events (writes, commits, exchanges with the mail server); then, each time on a fresh
copy of the database, a fork runs it again and is killed (SIGKILL, by itself) just before its nth event.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
django.setup()

import psycopg  # noqa: E402
from django.apps import apps  # noqa: E402
from django.core.mail.backends.smtp import EmailBackend  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.utils import timezone  # noqa: E402

from traam.config import daily  # noqa: E402
from traam.demo.build import DOMAIN, school_number  # noqa: E402
from traam.engines.pageaudit.values import Fetched, Link  # noqa: E402
from traam.engines.workflow import Refused  # noqa: E402
from traam.gateways import storage  # noqa: E402
from traam.gateways.mail import message_id  # noqa: E402
from traam.gateways.mailing import Conversation  # noqa: E402
from traam.programme.calls import imports, queries, rules  # noqa: E402
from traam.programme.calls.models import Application, Upload  # noqa: E402
from traam.programme.campaigns.models import Campaign  # noqa: E402
from traam.programme.catalogue import actions as catalogue  # noqa: E402
from traam.programme.groups import actions as group_actions  # noqa: E402
from traam.programme.groups.models import Document, Group  # noqa: E402
from traam.programme.letters import actions as letters  # noqa: E402
from traam.programme.letters import digests  # noqa: E402
from traam.programme.letters.models import Item, Letter  # noqa: E402
from traam.programme.people.models import Person  # noqa: E402
from traam.programme.publication import halfway  # noqa: E402
from traam.programme.publication.actions import auditing  # noqa: E402
from traam.programme.publication.models import AuditRun, Contest, LinkState, Watched  # noqa: E402
from traam.programme.publication.sweeping import Sweep  # noqa: E402
from traam.programme.selection import actions as selection  # noqa: E402
from traam.programme.subscriptions import actions as subscriptions  # noqa: E402
from traam.programme.subscriptions import models as readers  # noqa: E402
from traam.programme.subscriptions.models import Delivery, Reader, Sending, Subscription  # noqa: E402
from traam.programme.subscriptions.posting import Postman  # noqa: E402

AT = timezone.localtime()
LYON = "10"
ROWS = 30
LETTERS = 3
VISITS = 4
READERS = 60


@dataclass
class Death:
    """What was found after a death before event `n` (`event`): was the database as before; what the act then did."""

    n: int
    event: str
    untouched: bool
    then: dict[str, Any] = field(default_factory=dict)


# --- the database: the one the process was given, and copies of it


def _server() -> psycopg.Connection[Any]:
    """The PostgreSQL server, by its maintenance database."""
    asked = connection.settings_dict
    return psycopg.connect(
        dbname="postgres", user=asked["USER"], host=asked["HOST"], port=asked["PORT"] or None, autocommit=True
    )


def _copy(source: str, target: str) -> None:
    """Make `target` what `source` is: files of SQLite, or databases of PostgreSQL."""
    connection.close()
    if connection.vendor == "sqlite":
        for suffix in ("-wal", "-shm", "-journal"):
            Path(target + suffix).unlink(missing_ok=True)
        shutil.copyfile(source, target)
        return
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _drop(name: str) -> None:
    connection.close()
    if connection.vendor != "sqlite":
        with _server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def digest() -> str:
    """Changes when any row of any table does."""
    told = hashlib.sha256()
    for model in apps.get_models():
        rows = model._default_manager.order_by("pk").values_list()
        told.update(repr((model._meta.label, list(rows))).encode())
    return told.hexdigest()


# --- dying


class Events:
    """Counts what an act does to the world, and kills the process just before the nth; `names` are those passed."""

    def __init__(self, fatal: int = 0) -> None:
        self.fatal = fatal
        self.names: list[str] = []

    def happens(self, name: str) -> None:
        if len(self.names) + 1 == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.names.append(name)

    def watch(self, act: Callable[[], object]) -> list[str]:
        connection.ensure_connection()
        wrapper: Any = BaseDatabaseWrapper
        backend: Any = EmailBackend
        conversation: Any = Conversation
        commit, send, give = wrapper._commit, backend.send_messages, conversation._text

        def committing(self: Any) -> Any:
            events.happens("commit")
            return commit(self)

        def sending(self: Any, messages: Any) -> Any:
            events.happens("hand over")
            sent = send(self, messages)
            events.happens("accepted")
            return sent

        def giving(self: Any, smtp: Any, text: bytes) -> None:
            events.happens("hand over")
            give(self, smtp, text)
            events.happens("accepted")

        events, wrapper._commit, backend.send_messages, conversation._text = self, committing, sending, giving
        try:
            with connection.execute_wrapper(self._writing):
                act()
        finally:
            wrapper._commit, backend.send_messages, conversation._text = commit, send, give
        return self.names

    def _writing(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.split(None, 1)[0].upper()
        if verb in {"INSERT", "UPDATE", "DELETE"}:
            self.happens(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)


def killed(act: Callable[[], object], n: int) -> None:
    """Run an act in a fork that dies before its nth event."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            Events(n).watch(act)
        finally:
            os._exit(3)  # it should have died before
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"event {n}: status {status}"


def deaths(
    act: Callable[[], object],
    then: Callable[[], dict[str, Any]],
    chosen: Callable[[int], list[int]],
    clear: Callable[[], object] = lambda: None,
) -> Iterator[Death]:
    """Count the events of an act, then kill it before each of those chosen, and see what comes after.

    `clear` forgets, before each death, what the database does not hold.
    """
    work = str(connection.settings_dict["NAME"])
    pristine = f"{work}_pristine"
    _copy(work, pristine)
    before = digest()
    names = Events().watch(act)
    try:
        for n in chosen(len(names)):
            _copy(pristine, work)
            clear()
            killed(act, n)
            yield Death(n, names[n - 1], digest() == before, then())
    finally:
        _drop(pristine)


def some(count: int) -> list[int]:
    """The first events, some in the middle, the last ones."""
    return sorted({1, 2, count // 3, count // 2, count - 2, count - 1, count})


# --- the acts


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def _spreadsheet(campaign: Campaign) -> bytes:
    theme = queries.open_themes(campaign)[1]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(rules.TITLES.values())
    for n in range(ROWS):
        answers = {
            "theme": theme.title,
            "titles": f"Projet {n}",
            "referent_school": school_number(LYON),
            "referent_email": f"kill{n}@ac-exemple.fr",
        }
        writer.writerow(answers.get(key, "") for key in rules.TITLES)
    return stream.getvalue().encode()


def import_rows() -> Iterator[Death]:
    campaign, dan = Campaign.objects.get(state="open"), person("dan.lyon")
    data = _spreadsheet(campaign)
    leaving = [a.pk for a in Application.objects.filter(academy=LYON, state="draft", theme__campaign=campaign)]
    imports.receive(campaign, LYON, data, filename="c.csv", actor=dan, at=AT)

    def act() -> None:
        upload = Upload.objects.get()
        done = imports.accept(upload, stamp=imports.preview(upload).stamp, leaving=leaving, actor=dan, at=AT)
        assert done.count("new") == ROWS, done.problems

    def then() -> dict[str, Any]:
        act()
        twice = imports.apply(campaign, LYON, data, filename="c.csv", actor=dan, at=AT)
        return {
            "written": Application.objects.filter(referent_email__startswith="kill").count(),
            "withdrawn": Application.objects.filter(pk__in=leaving, state="withdrawn").count() == len(leaving),
            "kept": Upload.objects.count(),
            "twice": twice.count("unchanged"),
        }

    yield from deaths(act, then, some)


def announce() -> Iterator[Death]:
    bureau = person("bureau")
    campaign = catalogue.move_call(Campaign.objects.get(state="open"), "close", actor=bureau, at=AT)
    dossiers = list(Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk"))
    for place, dossier in enumerate(dossiers):
        selection.decide(dossier, "retain" if place else "refuse", actor=bureau, at=AT)
    groups, written = Group.objects.count(), Letter.objects.count()

    def act() -> None:
        catalogue.announce(Campaign.objects.get(pk=campaign.pk), actor=bureau, at=AT)

    def then() -> dict[str, Any]:
        act()
        told: dict[str, Any] = {
            "groups": Group.objects.count() - groups,
            "letters": Letter.objects.count() - written,
        }
        try:
            act()
        except Refused as refused:
            told["twice"] = str(refused)
        return {**told, "expected": len(dossiers) - 1, "after": Letter.objects.count() - written}

    yield from deaths(act, then, some)


def deliver_letters() -> Iterator[Death]:
    """Every event of the worker, one death each; then a worker an hour later, then somebody who settles what is left.

    The doubt is settled with what the server's log says: the file named by TRAAM_KILL_LOG, a Message-ID for each line.
    """
    Letter.objects.exclude(pk__in=Letter.objects.order_by("pk")[:LETTERS]).delete()
    Letter.objects.update(state="waiting", attempts=0, next_attempt_at=AT)
    log, bureau = Path(os.environ["TRAAM_KILL_LOG"]), person("bureau")

    def act() -> None:
        letters.deliver(at=AT)

    def then() -> dict[str, Any]:
        letters.deliver(at=AT + timedelta(hours=1))
        letters.deliver(at=AT + timedelta(hours=2))
        states = list(Letter.objects.order_by("pk").values_list("state", flat=True))
        received = _received(log)
        for letter in Letter.objects.filter(state="unsure"):
            settle = letters.leave if message_id(letter.reference) in received else letters.send_again
            settle(letter, actor=bureau, at=AT)
        letters.deliver(at=AT + timedelta(hours=3))
        known = {message_id(letter.reference): letter.state for letter in Letter.objects.all()}
        return {
            "states": states,
            "before": {identifier: received.count(identifier) for identifier in known},
            "after": {identifier: _received(log).count(identifier) for identifier in known},
            "settled": sorted(known.values()),
        }

    yield from deaths(
        act, then, lambda count: list(range(1, count + 1)), clear=lambda: log.write_text("", encoding="ascii")
    )


def send_issue() -> Iterator[Death]:
    """The four events of one message in the middle of the sending of an issue, one death each; then another worker,
    once the doubt is sure, and somebody who settles it with what the server's log says."""
    bureau, log = person("bureau"), Path(os.environ["TRAAM_KILL_LOG"])
    Sending.objects.update(state="done")
    readers.SubscriptionRequest.objects.all().delete()
    newsletter = readers.Newsletter.objects.create(slug="tuee", title="Tuée", about="…", changed_at=AT)
    people = Reader.objects.bulk_create(
        Reader(key=f"k{n}", secret="s", email=f"kill{n}@exemple.fr", asked_at=AT, confirmed_at=AT)
        for n in range(READERS)
    )
    Subscription.objects.bulk_create(Subscription(reader=one, newsletter=newsletter, since=AT) for one in people)
    finished = subscriptions.Finished("Titre", "", {}, "<p>", "…")
    sending = subscriptions.publish(newsletter, 1, finished, actor=bureau, at=AT).sending
    settings.LETTERS_RATE = 0

    def work(at: datetime) -> None:
        Postman(lambda: at).work(60)

    def then() -> dict[str, Any]:
        work(AT + timedelta(minutes=1))
        work(AT + timedelta(hours=1))
        received = _received(log)
        mine = Delivery.objects.filter(sending=sending)
        unsure = list(mine.filter(state="unsure"))
        for one in unsure:
            settle = subscriptions.leave if message_id(one.reference) in received else subscriptions.send_again
            settle(one, actor=bureau, at=AT + timedelta(hours=1))
        work(AT + timedelta(hours=2))
        after = _received(log)
        return {
            "unsure": len(unsure),
            "received": len(after),
            "once": len(set(after)),
            "states": sorted(set(mine.values_list("state", flat=True))),
            "deliveries": mine.count(),
            "sending": Sending.objects.get(pk=sending.pk).state,
        }

    def chosen(count: int) -> list[int]:
        return list(range(count // 2, count // 2 + 4))

    yield from deaths(lambda: work(AT), then, chosen, clear=lambda: log.write_text("", encoding="ascii"))


class Sites:
    """Stand for the sites of the academies: the pages they were asked for are lines of a file."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def fetch(self, address: str, **_: Any) -> Fetched:
        with self.log.open("a", encoding="ascii") as log:
            log.write(f"{address}\n")
        links = '<a href="https://ailleurs.fr/">Ailleurs</a>'
        return Fetched(address, address, 200, (("content-type", "text/html"),), f"<h1>Une page</h1>{links}".encode())

    def ask(self, address: str, **_: Any) -> Link:
        return Link(address, 200)


def visit_addresses() -> Iterator[Death]:
    """A few events of a visitor, one death each; then another, once its leases have ended."""
    for model in (AuditRun, Contest, Watched, LinkState):
        model._default_manager.all().delete()
    rows = [auditing.watch(f"https://site.fr/{n}", at=AT) for n in range(VISITS)]
    log = Path(os.environ["TRAAM_KILL_LOG"])

    def sweep(at: datetime) -> int:
        return Sweep(Sites(log), lambda: at, threads=1, held=2).run()

    def clear() -> None:
        log.write_text("", encoding="ascii")
        for row in rows:
            halfway.forget(row.pk)

    def then() -> dict[str, Any]:
        left = AuditRun.objects.count()
        again = sweep(AT + 2 * auditing.LEASE)
        return {
            "left": left,
            "again": again,
            "asked": sorted(log.read_text(encoding="ascii").split()),
            "runs": sorted(AuditRun.objects.values_list("watched__address", flat=True)),
            "held": Watched.objects.exclude(claimed_until=None).count(),
        }

    clear()
    yield from deaths(lambda: sweep(AT), then, lambda count: [2, count // 2, count], clear=clear)


def compose_digests() -> Iterator[Death]:
    """Every event of the preparation of the digests of five people, two by two; then a worker that begins again."""
    Item.objects.all().delete()
    people = list(Person.objects.filter(is_active=True).order_by("pk")[:5])
    lines = [letters.Line(f"{n}:{one.pk}", one.pk, "Une chose", "Voir", "/x") for one in people for n in range(2)]
    letters.tell_all(lines, at=AT - timedelta(days=2))
    digests.BATCH = 2

    def act() -> None:
        digests.compose(at=AT)

    def then() -> dict[str, Any]:
        written = Letter.objects.filter(key__startswith=digests.PREFIX)
        left = {"letters": written.count(), "told": Item.objects.filter(letter__isnull=False).count()}
        act()
        act()
        return {
            "left": left,
            "letters": sorted(written.values_list("to", flat=True)),
            "people": sorted(one.pk for one in people),
            "lines": [letter.items.count() for letter in written],
            "waiting": Item.objects.filter(letter=None).count(),
        }

    yield from deaths(act, then, lambda count: list(range(1, count + 1)))


def share_document() -> Iterator[Death]:
    """Every event of the sharing of a file; then the sweep of the next days, and the same file shared again."""
    group = Group.objects.filter(application__academy=LYON).order_by("pk")[0]
    referent, data = person("referent.lyon"), b"%PDF-1.7\nkilled\nstartxref\n9\n%%EOF\n"

    def act() -> None:
        given = {"title": "Grille", "file": ("grille.pdf", data), "personal_data": "none"}
        group_actions.share_document(group, **given, actor=referent, at=AT)

    def then() -> dict[str, Any]:
        left = {"rows": _rows(data).count(), "files": len(_files())}
        early = daily.sweep(at=AT)
        swept = daily.sweep(at=AT + timedelta(days=2))
        gone = len(_files())
        act()
        daily.sweep(at=AT + timedelta(days=2))
        with storage.reading(_rows(data).get().file) as file:
            return {"left": left, "early": early, "swept": swept, "gone": gone, "again": file.read() == data}

    yield from deaths(act, then, lambda count: list(range(1, count + 1)), clear=_no_files)


def _rows(data: bytes) -> Any:
    return Document.objects.filter(file=hashlib.sha256(data).hexdigest())


def _files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("documents/??/*") if path.is_file()]


def _no_files() -> None:
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def _received(log: Path) -> list[str]:
    return log.read_text(encoding="ascii").split()


if __name__ == "__main__":
    ACTS: dict[str, Callable[[], Iterator[Death]]] = {
        "import": import_rows,
        "announce": announce,
        "letters": deliver_letters,
        "issue": send_issue,
        "digests": compose_digests,
        "document": share_document,
        "visits": visit_addresses,
    }
    assert isinstance(AT, datetime)
    for one in ACTS[sys.argv[1]]():
        sys.stdout.write(json.dumps(asdict(one)) + "\n")
        sys.stdout.flush()
