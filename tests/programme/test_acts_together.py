"""The same act asked twice at the same moment (two people, two tabs, a finger that clicks twice) is done once, on both
databases; the others are told so in a sentence."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.core import mail
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from publication_ready import ready

from traam import reference
from traam.demo import rights
from traam.demo.build import DOMAIN
from traam.design import patience
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls import actions as calls
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue import notices
from traam.programme.catalogue.models import Notice
from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry
from traam.programme.journal.verification import verify
from traam.programme.letters import accounts
from traam.programme.letters.actions import deliver, write
from traam.programme.letters.models import Letter
from traam.programme.people.actions import know
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.actions import sheets
from traam.programme.publication.models import Release
from traam.programme.selection import actions as selection
from traam.programme.selection.models import Decision

pytestmark = pytest.mark.django_db(transaction=True)
AT = timezone.localtime()


@pytest.fixture(autouse=True)
def _chain_is_whole(demonstration: None) -> object:
    yield
    assert verify().whole


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def at_once(act: Callable[[int], object], times: int = 4) -> list[str]:
    """Do it from as many connections; "done", or the sentence of the refusal."""
    together = Barrier(times)

    def one(number: int) -> str:
        try:
            together.wait(timeout=20)
            act(number)
        except (Invalid, Refused) as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)))


def once(told: list[str]) -> list[str]:
    """One was done; the sentences of the others."""
    assert told.count("done") == 1, told
    return [sentence for sentence in told if sentence != "done"]


def acts(verb: str, about: object) -> int:
    return Entry.objects.filter(verb=verb, object_id=str(about.pk)).count()  # type: ignore[attr-defined]


def test_an_application_is_forwarded_once_and_its_letters_are_written_once() -> None:
    sent = Application.objects.filter(state="forwarded", theme__campaign__state="open").order_by("pk")[0]
    dan = person(f"dan.{reference.academies()[sent.academy].slug}")
    draft = calls.recall(sent, actor=dan, at=AT)
    letters, before = Letter.objects.count(), acts("forward", draft)
    told = once(at_once(lambda n: calls.forward(draft, actor=dan, at=AT)))
    assert all(told) and acts("forward", draft) == before + 1
    assert Letter.objects.count() - letters <= 2


def test_an_application_is_decided_once() -> None:
    campaign = catalogue.move_call(Campaign.objects.get(state="open"), "close", actor=person("bureau"), at=AT)
    dossier = Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk")[0]
    told = once(at_once(lambda n: selection.decide(dossier, "retain", actor=person("bureau"), at=AT)))
    assert len(set(told)) == 1
    assert Decision.objects.get(application=dossier).state == "retained"


def test_two_decisions_that_disagree_are_made_one_after_the_other() -> None:
    campaign = catalogue.move_call(Campaign.objects.get(state="open"), "close", actor=person("bureau"), at=AT)
    dossier = Application.objects.filter(theme__campaign=campaign, state="forwarded").order_by("pk")[0]
    verbs = ("retain", "refuse", "put_on_waiting_list", "retain")
    before = Entry.objects.count()
    done = at_once(lambda n: selection.decide(dossier, verbs[n], actor=person("bureau"), at=AT)).count("done")
    assert done >= 1 and Entry.objects.count() - before == done


def validated(at: datetime) -> Scenario:
    waiting = Scenario.objects.get(title__startswith="Réviser", group__application__academy="10")
    endorsed = productions.move(find_scenario(waiting.pk), "endorse", actor=person("inspecteur.lyon"), at=at)
    return productions.move(endorsed, "confirm", actor=person("expert"), at=at)


def test_a_sheet_is_signed_once() -> None:
    at, referent = timezone.now(), person("referent.lyon")
    made = validated(at)
    rights.fill(made, referent, at)
    told = at_once(lambda n: sheets.declare(made, actor=referent, at=at))
    assert acts("declare", made) == told.count("done") == 1


def test_a_scenario_is_released_once() -> None:
    at = timezone.now()
    made = ready(validated(at), at)
    before = Notice.objects.count()
    once(at_once(lambda n: notices.release(Scenario.objects.get(pk=made.pk), actor=person("bureau"), at=at)))
    assert Release.objects.filter(scenario=made).count() == 1
    assert Notice.objects.count() == before + 1


def test_an_invitation_opens_the_account_once() -> None:
    invited = know(f"nouvelle@{DOMAIN}", "Une invitée", actor=System(), at=AT)
    words = [f"un mot de passe tout neuf {n}" for n in range(4)]
    holders = [Person.objects.get(pk=invited.pk) for _ in words]  # each has opened her page
    told = once(at_once(lambda n: accounts.accept_invitation(holders[n], words[n], at=AT)))
    assert set(told) == {"Cette invitation a déjà servi. Si ce n'est pas vous, demandez un autre mot de passe."}
    opened = Person.objects.get(pk=invited.pk)
    assert sum(opened.check_password(word) for word in words) == 1
    assert acts("accept_invitation", invited) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a transaction of SQLite that writes is alone")
def test_a_deadlock_is_known_as_such() -> None:
    people = list(Person.objects.order_by("pk")[:2])
    held = Barrier(2)
    stopped: list[bool] = []

    def cross(number: int) -> None:
        try:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=people[number].pk)
                held.wait(timeout=20)
                Person.objects.select_for_update().get(pk=people[1 - number].pk)
        except OperationalError as problem:
            stopped.append(patience.clash(problem))

    at_once(cross, 2)
    assert stopped == [True]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="writers of PostgreSQL wait for rows, not for the file")
def test_a_writer_whose_turn_does_not_come_is_known_as_such() -> None:
    stopped: list[bool] = []

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20")
        try:
            with transaction.atomic():
                pass
        except OperationalError as problem:
            stopped.append(patience.clash(problem))
        finally:
            connections.close_all()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        pool.submit(write).result()
    assert stopped == [True]


def test_a_letter_is_sent_by_one_worker_only() -> None:
    reader = person("dan.lyon")
    Letter.objects.filter(state="waiting").update(state="dropped")
    for number in range(12):
        write(f"together:{number}", to=reader, subject=f"Lettre {number}", body="…", at=AT)
    mail.outbox.clear()
    sent: list[int] = []
    assert at_once(lambda n: sent.append(deliver(at=AT))) == ["done"] * 4
    assert sum(sent) == 12
    assert set(Counter(message.subject for message in mail.outbox).values()) == {1}
