"""A person is forgotten: her name is nowhere, history is whole, and what must stay stays."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.models import Change, Notice
from traam.programme.groups.models import ServiceLine
from traam.programme.journal.actions import record
from traam.programme.journal.models import Entry
from traam.programme.journal.verification import verify
from traam.programme.letters import privacy
from traam.programme.letters.models import Item, Letter
from traam.programme.people import forgetting, portability
from traam.programme.people.models import Appointment, Forgetting, Person

pytestmark = pytest.mark.django_db
NAME = "Zoé Fictïve-Durand"


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def bureau() -> Person:
    return person("bureau")


@pytest.fixture
def her(at: datetime) -> Person:
    """The référent of Lyon under a name of her own, written where people write names; her campaigns are over."""
    her = person("referent.lyon")
    Application.objects.filter(referent_email=her.email).update(referent_name=NAME, description=f"Avec {NAME.upper()}.")
    Person.objects.filter(pk=her.pk).update(name=NAME)
    her.refresh_from_db()
    record("remark", her, actor=her, at=at, reason=f"Écrire à {NAME} ou {her.email}", data={"to": [NAME]})
    return her


def commit() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def over(her: Person, at: datetime) -> None:
    Campaign.objects.update(state="archived")
    Appointment.objects.filter(person=her).update(until=at.date() - timedelta(days=1))
    her.__dict__.pop("_appointments", None)


def where_is(*words: str) -> list[str]:
    """Every field of every table that holds one of these words."""
    found = []
    for model in apps.get_models():
        texts = [
            f
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.all():
            for field in texts:
                value = getattr(row, field.attname)
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                if any(word.casefold() in text.casefold() for word in words):
                    found.append(f"{model._meta.label}.{field.name}")
    return sorted(set(found))


def forgotten(her: Person, bureau: Person, at: datetime, names: bool = False) -> Forgetting:
    over(her, at)
    row = privacy.accept(privacy.ask("Je pars.", names, actor=her, at=at), actor=bureau, at=at)
    assert privacy.forget_those_due(at=at) == 0, "seven days later, not now"
    assert privacy.forget_those_due(at=at + timedelta(days=7)) == 1
    row.refresh_from_db()
    return row


def test_her_name_and_address_are_nowhere_and_the_chain_is_whole(her: Person, bureau: Person, at: datetime) -> None:
    email, before = her.email, Entry.objects.count()
    assert len(where_is(NAME, email)) > 5
    row = forgotten(her, bureau, at)
    assert where_is(NAME, email) == []
    commit()
    verdict = verify()
    assert verdict.whole, verdict.sentence
    assert verdict.rewritten == row.counts["acts"] > 5
    assert Entry.objects.count() > before
    her.refresh_from_db()
    assert (her.name, her.is_active, her.phone) == (f"Personne n° {her.pk}", False, "")
    assert Application.objects.filter(description__contains=f"Avec Personne n° {her.pk}.").exists()
    said = Entry.objects.get(verb="remark", actor_id=her.pk, object_type="people.person")
    assert said.reason == f"Écrire à Personne n° {her.pk} ou personne-{her.pk}@efface.invalid"
    assert said.data == {"to": [f"Personne n° {her.pk}"]}


def test_a_published_name_stays_until_she_withdraws_it(her: Person, bureau: Person, at: datetime) -> None:
    notice = Notice.objects.filter(state="published").first() or Notice.objects.first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(authors=f"{NAME} et son équipe")
    kept = forgotten(her, bureau, at)
    notice.refresh_from_db()
    assert notice.authors == f"{NAME} et son équipe"
    assert "unnamed" not in kept.counts


def test_a_withdrawn_name_leaves_the_catalogue_and_the_index_learns_it(
    her: Person, bureau: Person, at: datetime
) -> None:
    notice = Notice.objects.order_by("pk").first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(authors=f"{NAME} et son équipe")
    forgotten(her, bureau, at, names=True)
    notice.refresh_from_db()
    assert notice.authors == f"Personne n° {her.pk} et son équipe"
    assert Change.objects.order_by("-number").values_list("notice", flat=True)[0] == notice.pk


def test_what_a_running_campaign_needs_is_not_forgotten(her: Person, bureau: Person, at: datetime) -> None:
    row = privacy.ask("", False, actor=her, at=at)
    with pytest.raises(Refused, match="Le programme a encore besoin"):
        privacy.accept(row, actor=bureau, at=at)
    over(her, at)
    privacy.accept(row, actor=bureau, at=at)
    Campaign.objects.update(state="open")
    assert privacy.forget_those_due(at=at + timedelta(days=8)) == 0, "needed again: it waits"


def test_the_end_of_retention_is_told_thirty_days_before_and_may_be_stopped(
    her: Person, bureau: Person, at: datetime
) -> None:
    over(her, at)
    later = at + timedelta(days=3 * 366)
    everyone = forgetting.at_their_end(later)
    assert her in everyone
    assert bureau not in everyone
    Person.objects.exclude(pk=her.pk).update(created_at=later)
    assert privacy.propose_at_the_end(at=later) == 1
    assert privacy.propose_at_the_end(at=later) == 0, "told once"
    row = Forgetting.objects.get(person=her)
    assert "seront effacées" in Letter.objects.get(key=f"forgetting:announced:{row.pk}").subject
    assert Item.objects.filter(to=bureau, address=privacy.PAGE).exists()
    with pytest.raises(Invalid):
        privacy.keep(row, " ", actor=bureau, at=later)
    privacy.keep(row, "Un contentieux est en cours.", actor=bureau, at=later)
    assert privacy.forget_those_due(at=later + timedelta(days=30)) == 0
    her.refresh_from_db()
    assert her.name == NAME
    assert her not in forgetting.at_their_end(later + timedelta(days=31)), "kept for a year at least"


def test_nobody_else_decides_nor_for_herself(her: Person, bureau: Person, at: datetime) -> None:
    row = privacy.ask("", False, actor=bureau, at=at)
    with pytest.raises(Refused, match="pour soi-même"):
        privacy.accept(row, actor=bureau, at=at)
    with pytest.raises(Refused, match="bureau national"):
        privacy.keep(row, "non", actor=her, at=at)
    with pytest.raises(Refused, match="déjà faite"):
        privacy.ask("", False, actor=bureau, at=at)


def test_a_namesake_keeps_her_name(her: Person, bureau: Person, at: datetime) -> None:
    other = person("referent.lille") if Person.objects.filter(email=f"referent.lille@{DOMAIN}") else bureau
    Person.objects.filter(pk=other.pk).update(name=NAME)
    forgotten(her, bureau, at)
    other.refresh_from_db()
    assert other.name == NAME


def test_what_would_go_is_what_goes(her: Person, bureau: Person, at: datetime) -> None:
    over(her, at)
    planned = dict(forgetting.what_would_go(her))
    row = forgotten(her, bureau, at)
    assert planned["Actes du journal : nom, adresse, téléphone remplacés"] <= row.counts["acts"]
    assert planned["Candidatures et remontées : nom, adresse, téléphone remplacés"] >= 1


def test_lines_of_pay_are_not_touched(her: Person, bureau: Person, at: datetime) -> None:
    before = list(ServiceLine.objects.values_list("payload", "digest"))
    forgotten(her, bureau, at)
    assert list(ServiceLine.objects.values_list("payload", "digest")) == before


def test_her_archive_holds_what_is_hers_and_nobody_elses_name(her: Person, at: datetime) -> None:
    out = io.BytesIO()
    portability.archive(her, out, at)
    with ZipFile(out) as made:
        told = json.loads(made.read("donnees.json"))
        page = made.read("donnees.html").decode()
    assert told["tables"]["people.Person"]["rows"][0]["adresse électronique"] == her.email
    assert {"calls.Application", "groups.Member", "journal.Entry", "letters.Letter"} <= set(told["tables"])
    assert "<script" not in page
    assert NAME in page
    secret = json.dumps(told, ensure_ascii=False)
    assert her.password not in secret
    inspector = person("inspecteur.lyon")
    assert inspector.email not in json.dumps(told["tables"]["calls.Application"], ensure_ascii=False)


def test_her_archive_costs_as_many_queries_whatever_she_did(
    her: Person, at: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(30):
        record("save", her, actor=her, at=at)
    with django_assert_max_num_queries(2 * 110):
        portability.archive(her, io.BytesIO(), at)
