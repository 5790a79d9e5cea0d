"""The journal: nobody changes it, and whoever does is seen."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from traam.engines import chain
from traam.engines.chain import Anchor
from traam.programme.journal import guards
from traam.programme.journal.actions import System, record
from traam.programme.journal.models import Entry, Link
from traam.programme.journal.verification import verify
from traam.programme.people.models import Person

TABLES = ["journal_entry", "journal_link"]


def write(*verbs: str) -> list[Entry]:
    person = Person.objects.order_by("pk").first()
    assert person is not None
    made = [
        record(verb, person, actor=System(), at=timezone.now(), reason="é « ok »", data={"n": 1.0, "list": (1, 2)})
        for verb in verbs
    ]
    commit()
    return made


def commit() -> None:
    """What a commit would check and chain, in a test that undoes everything."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_guards_are_those_of_the_code() -> None:
    assert guards.names(connection) == guards.EXPECTED[connection.vendor]


@pytest.mark.django_db
def test_the_demonstration_is_chained() -> None:
    commit()
    verdict = verify()
    assert verdict.whole, verdict.sentence
    assert verdict.end.number == Entry.objects.count() > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET verb = 'forgive'",
        "UPDATE journal_entry SET reason = 'another'",
        "UPDATE journal_entry SET actor_label = 'Personne n° 1', redacted_by = 999999999",
        "DELETE FROM journal_entry",
        "UPDATE journal_link SET number = number + 100000",
        "UPDATE journal_link SET link = ''",
        "DELETE FROM journal_link",
    ],
)
def test_the_database_refuses_in_a_sentence(statement: str) -> None:
    write("look")
    with pytest.raises(IntegrityError, match="Le journal ne se change pas"), transaction.atomic():
        execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_empty_it(table: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    write("look")
    with pytest.raises(IntegrityError, match="Le journal ne se change pas"), transaction.atomic():
        execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_acts_written_in_bulk_are_chained_in_their_order() -> None:
    before = write("look")[0]
    rows = [
        Entry(at=before.at, verb=verb, object_type="a.b", object_id="1", object_label="", actor_label="")
        for verb in ("one", "two", "three")
    ]
    Entry.objects.bulk_create(rows)
    commit()
    last = list(Link.objects.order_by("-number").values_list("entry__verb", flat=True)[:4])
    assert last == ["three", "two", "one", "look"]
    assert verify().whole


def swap(one: Entry, other: Entry) -> None:
    a, b = one.link.number, other.link.number
    execute(f"UPDATE journal_link SET number = -1 WHERE entry_id = {one.pk}")
    execute(f"UPDATE journal_link SET number = {a} WHERE entry_id = {other.pk}")
    execute(f"UPDATE journal_link SET number = {b} WHERE entry_id = {one.pk}")


def forge(one: Entry, two: Entry) -> None:
    """A changed act, with the digest that goes with it: only the chain knows."""
    one.verb = "forge"
    content = chain.content_of(one.at, one.actor_id, one.verb, one.object_type, one.object_id, one.words)
    execute(f"UPDATE journal_entry SET verb = 'forge', content = '{content}' WHERE id = {one.pk}")


def slip(one: Entry, two: Entry) -> None:
    Entry.objects.bulk_create([Entry(at=one.at, verb="slip", object_type="", object_id="", object_label="")])


def cut(one: Entry, two: Entry) -> None:
    execute(f"DELETE FROM journal_link WHERE entry_id >= {one.pk}")
    execute(f"DELETE FROM journal_entry WHERE id >= {one.pk}")


def rechain(one: Entry, two: Entry) -> None:
    """The whole chain made again after a change: only the anchor knows."""
    forge(one, two)
    numbers = list(Link.objects.filter(number__gte=one.link.number).select_related("entry").order_by("number"))
    tied = Link.objects.get(number=numbers[0].number - 1).link
    for link in numbers:
        tied = chain.link_of(tied, link.number, link.entry.content)
        execute(f"UPDATE journal_link SET link = '{tied}' WHERE entry_id = {link.entry_id}")


CRIMES: dict[str, Callable[[Entry, Entry], None]] = {
    "n° {n} a été changé : sa date": lambda a, b: execute(f"UPDATE journal_entry SET verb = 'x' WHERE id = {a.pk}"),
    "les mots de l'acte n° {n}": lambda a, b: execute(f"UPDATE journal_entry SET reason = '' WHERE id = {a.pk}"),
    "n° {n} manque : il a été retiré": lambda a, b: execute(f"DELETE FROM journal_entry WHERE id = {a.pk}"),
    "n° {n} ne suit pas": forge,
    "n° {n} n'est pas à sa place": swap,
    "hors de la chaîne": slip,
    "la fin du journal a été coupée": cut,
    "n° {n} n'est pas celui que dit l'ancre": rechain,
}


@pytest.mark.django_db
@pytest.mark.parametrize("sentence", CRIMES)
def test_what_was_done_behind_the_guards_is_told(sentence: str) -> None:
    one, two, last = write("one", "two", "three")
    number = one.link.number
    anchor = verify().end
    with guards.lifted(connection):
        CRIMES[sentence](one, two)
    verdict = verify(anchor)
    told = anchor.number if "ancre" in sentence else number
    assert sentence.format(n=told) in verdict.sentence, verdict.sentence


@pytest.mark.django_db
def test_verifying_costs_the_same_for_each_batch(
    django_assert_num_queries: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(*(["look"] * 10))
    rows = Entry.objects.count()
    monkeypatch.setattr("traam.programme.journal.verification.BATCH", rows // 2 + 1)
    with django_assert_num_queries(2 + 1 + 1):  # two batches, an empty one, what is outside
        assert verify().whole


def test_an_anchor_is_read_as_it_is_written() -> None:
    anchor = Anchor(12, "ab" * 32)
    assert Anchor.read(f" {anchor} ") == anchor
    for wrong in ("", "12", "x:" + "ab" * 32, "12:" + "zz" * 32):
        with pytest.raises(ValueError):
            Anchor.read(wrong)


@pytest.mark.django_db(transaction=True)
def test_acts_written_together_make_one_chain(demonstration: None) -> None:
    """Threads that lock rows in any order, before and after they record: all of them finish."""
    people = list(Person.objects.order_by("pk")[:4])
    wrong: list[Exception] = []

    def act(mine: list[Person]) -> None:
        try:
            for _ in range(4):
                with transaction.atomic():
                    for person in mine:
                        record("look", person, actor=System(), at=timezone.now())
                        Entry.objects.order_by("-pk").first()
        except Exception as problem:  # noqa: BLE001 - told by the test
            wrong.append(problem)
        finally:
            connections.close_all()

    before = verify().end.number
    threads = [Thread(target=act, args=[people[shift:] + people[:shift]]) for shift in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    verdict = verify()
    assert (verdict.whole, verdict.end.number) == (True, before + 4 * 4 * 4), verdict.sentence
