"""To forget a person without breaking history: her row stays, emptied, and what she did stays under her number.

What becomes of each table is said by the register (`journal.register`): its rows are deleted, rewritten or kept. What
the programme still needs of her is said by the `needs.py` of each step; what it takes to withdraw her name from what
is published, by their `unnaming.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q

from traam.engines.workflow import Missing
from traam.programme.journal.actions import Actor, record
from traam.programme.journal.models import Entry
from traam.programme.journal.redaction import NewWords, redact
from traam.programme.journal.register import TREATMENTS, End, held
from traam.programme.people.models import Appointment, Forgetting, Person, SignIn
from traam.programme.people.rewriting import Rewriting, address_of, holding, label_of, rewrite, rewriting

RETENTION = timedelta(days=3 * 365)
# Tables that are forgotten by hand, below; names of files are where they are kept.
BY_HAND = {"people.Person", "journal.Entry", "people.Forgetting"}
NOT_REWRITTEN = {"file", "digest"}
OPEN = (Forgetting.State.ASKED, Forgetting.State.ACCEPTED)


def _of_steps(module: str, name: str) -> Iterator[Callable[..., Any]]:
    for step in settings.STEPS:
        if find_spec(f"traam.programme.{step}.{module}"):
            yield getattr(import_module(f"traam.programme.{step}.{module}"), name)


def needs(person: Person, at: datetime) -> list[str]:
    """Why she may not be forgotten yet: a sentence for each thing that the programme still needs of her."""
    return [said for needed in _of_steps("needs", "needed") for said in needed(person, at)]


def forgetting(pk: int) -> Forgetting:
    try:
        return Forgetting.objects.select_related("person", "asked_by", "decided_by").get(pk=pk)
    except Forgetting.DoesNotExist:
        raise Missing("Cette demande d'effacement n'existe pas.") from None


def open_one(person: Person) -> Forgetting | None:
    """Her request that waits, or that is accepted and not done yet."""
    return Forgetting.objects.filter(person=person, state__in=OPEN).first()


def all_of_them() -> list[Forgetting]:
    """Those that wait first, then the latest."""
    rows = Forgetting.objects.select_related("person", "decided_by")
    waiting = list(rows.filter(state__in=OPEN).order_by("due", "pk"))
    return waiting + list(rows.exclude(state__in=OPEN).order_by("-pk")[:100])


def waiting_count() -> int:
    """How many requests wait for an answer of the national team."""
    return Forgetting.objects.filter(state=Forgetting.State.ASKED).count()


def is_forgotten(person: Person) -> bool:
    return person.email == address_of(person)


def at_their_end(at: datetime, most: int = 200) -> list[Person]:
    """Whom nothing tied to the programme for three years: no role, no sign-in, no act, no account opened since."""
    limit = at - RETENTION
    role = Appointment.objects.filter(person=OuterRef("pk")).filter(Q(until=None) | Q(until__gte=limit.date()))
    act = Entry.objects.filter(actor_id=OuterRef("pk"), at__gte=limit)
    known = Forgetting.objects.filter(person=OuterRef("pk")).filter(
        Q(state__in=OPEN) | Q(decided_at__gte=at - timedelta(days=365))
    )
    old = Person.objects.filter(created_at__lt=limit).exclude(email__endswith="@efface.invalid")
    old = old.filter(Q(last_login=None) | Q(last_login__lt=limit))
    idle = old.filter(~Exists(role), ~Exists(act), ~Exists(known)).order_by("pk")
    return [person for person in idle[:most] if not needs(person, at)]


def what_would_go(person: Person) -> list[tuple[str, int]]:
    """What forgetting her would change, treatment by treatment, with the number of rows: nothing is written."""
    wanted, found = rewriting(person), Counter[str]()
    for label, row in held().items():
        if label in BY_HAND or row.end is End.KEEP:
            continue
        model, title, gone = apps.get_model(label), TREATMENTS[row.treatment].title, set()
        if row.end is End.DELETE:
            gone = set(_hers(model, person).values_list("pk", flat=True))
            found[f"{title} : effacé"] += len(gone)
        left = sum(1 for each in holding(model, _fields(row), wanted) if each.pk not in gone)
        found[f"{title} : nom, adresse, téléphone remplacés"] += left
    found["Actes du journal : nom, adresse, téléphone remplacés"] = sum(1 for _ in _acts(person, wanted))
    return [(said, count) for said, count in found.items() if count]


def _fields(row: Any) -> list[str]:
    return [name for name in row.personal if name not in NOT_REWRITTEN]


def _hers(model: type[Model], person: Person) -> Any:
    """The rows that point to her."""
    keys = [f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model is Person]
    hers = Q(pk__in=[])
    for name in keys:
        hers |= Q(**{name: person})
    return model._default_manager.filter(hers)


@transaction.atomic
def forget(row: Forgetting, *, actor: Actor, at: datetime) -> Forgetting:
    """Forget the person. What was done is counted, in the request and in the journal."""
    person = Person.objects.select_for_update().get(pk=row.person_id)
    wanted, counts = rewriting(person), {"deleted": 0, "rewritten": 0}
    _close(person)
    for label, what in held().items():
        if label in BY_HAND:
            continue
        model = apps.get_model(label)
        if what.end is End.DELETE:
            counts["deleted"] += _hers(model, person).delete()[0]
        if what.end is not End.KEEP:  # a letter to somebody else may name her
            counts["rewritten"] += len(rewrite(model, _fields(what), wanted))
    if row.names:
        counts["unnamed"] = sum(withdraw(wanted, at) for withdraw in _of_steps("unnaming", "withdraw"))
    _empty(person)
    counts["acts"] = redact(_acts(person, wanted), at=at)
    row.reason, row.answer = wanted.text(row.reason), wanted.text(row.answer)
    row.state, row.done_at, row.counts = Forgetting.State.DONE, at, counts
    row.save()
    record("forget", person, actor=actor, at=at, data=counts)
    return row


def _close(person: Person) -> None:
    keys = SignIn.objects.filter(person=person).values_list("session", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()


def _empty(person: Person) -> None:
    person.name, person.email, person.phone, person.is_active = label_of(person), address_of(person), "", False
    person.set_unusable_password()
    person.save()


def _acts(person: Person, wanted: Rewriting) -> Iterator[NewWords]:
    """The acts that name her, with the words they will have."""
    hers = Q(actor_id=person.pk) | Q(object_type="people.person", object_id=str(person.pk))
    named = [row.pk for row in holding(Entry, ("actor_label", "object_label", "reason", "data"), wanted)]
    rows = Entry.objects.filter(hers).values_list("pk", flat=True)
    keys = sorted({*named, *rows})
    for start in range(0, len(keys), 500):
        for entry in Entry.objects.filter(pk__in=keys[start : start + 500]).order_by("pk"):
            yield NewWords(entry, _words(entry, person, wanted))


def _words(entry: Entry, person: Person, wanted: Rewriting) -> dict[str, Any]:
    about_her = (entry.object_type, entry.object_id) == ("people.person", str(person.pk))
    return {
        "actor_label": wanted.label if entry.actor_id == person.pk else wanted.text(entry.actor_label),
        "object_label": wanted.label if about_her else wanted.text(entry.object_label),
        "reason": wanted.text(entry.reason),
        "data": wanted.value(entry.data),
    }
