"""Amendments: what changes in the rules and dates of one campaign, signed, explained, published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam import editions
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns import rules
from traam.programme.campaigns.models import Amendment, Campaign
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue.models import PublicCall
from traam.programme.catalogue.rules import effect
from traam.programme.journal.queries import history
from traam.programme.letters.models import Letter
from traam.programme.people.models import Appointment, Person
from traam.programme.selection.models import Decision

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def call() -> Campaign:
    return Campaign.objects.get(state="open")


def later(call: Campaign, days: int = 4, name: str = "applications_due") -> str:
    day = call.on(name)
    assert day
    return (day + timedelta(days=days)).isoformat()


def amend(call: Campaign, at: datetime, **changes: Any) -> Amendment:
    asked: dict[str, Any] = {"kind": "date", "name": "applications_due", "after": later(call), "reason": "Vacances."}
    return catalogue.amend(call, **{**asked, **changes}, actor=person("bureau"), at=at)


def refused(call: Campaign, at: datetime, **changes: Any) -> dict[str, str]:
    before = (call.calendar, call.overrides, Amendment.objects.count())
    with pytest.raises(Invalid) as refusal:
        amend(call, at, **changes)
    call.refresh_from_db()
    assert (call.calendar, call.overrides, Amendment.objects.count()) == before
    return {name: sentences[0] for name, sentences in refusal.value.errors.items()}


def test_a_date_put_off_is_in_force_signed_published_and_told_once(call: Campaign, at: datetime) -> None:
    Letter.objects.all().delete()
    before, after = call.calendar["applications_due"], later(call)
    signed = amend(call, at)
    call.refresh_from_db()
    assert call.calendar["applications_due"] == after
    assert (signed.before, signed.after, signed.reason, signed.signed_by) == (
        before,
        after,
        "Vacances.",
        person("bureau"),
    )
    public = PublicCall.objects.get(pk=call.pk)
    assert after in [day for _, day in public.calendar]
    said = public.amended[0]
    assert (said.before, said.after, said.reason, said.day) == (before, after, "Vacances.", at.date())
    assert said.article == call.edition.milestone("applications_due").article  # type: ignore[union-attr]
    told = list(Letter.objects.filter(key__startswith=f"amendment:{signed.pk}:").values_list("to__email", flat=True))
    assert sorted(told) == sorted(Appointment.objects.filter(role="dan").values_list("person__email", flat=True))
    body = Letter.objects.get(to=person("dan.lyon")).body
    assert all(word in body for word in ("Vacances.", f"/campagnes/{call.pk}", "-".join(after.split("-")[::-1])[:2]))
    entry = history(call)[0]
    assert (entry.verb, entry.reason, entry.data["after"]) == ("amend", "Vacances.", after)


def test_a_number_is_raised_for_this_campaign_alone(call: Campaign, at: datetime) -> None:
    Letter.objects.all().delete()
    edition = editions.book(call.edition_id).limits["teams_total"].value
    amend(call, at, kind="limit", name="teams_total", after="130")
    call.refresh_from_db()
    assert call.edition.limits["teams_total"].value == 130
    assert editions.book(call.edition_id).limits["teams_total"].value == edition
    assert PublicCall.objects.get(pk=call.pk).edition.limits["teams_total"].value == 130
    assert not Letter.objects.exists(), "only a date that moves is told by letter"
    second = amend(call, at, kind="limit", name="teams_total", after="120")
    assert second.before == "130"


def test_blind_reading_is_decided_by_amendment(call: Campaign, at: datetime) -> None:
    was = call.edition.selection.blind
    amend(call, at, kind="blind", name="", after="non" if was else "oui")
    call.refresh_from_db()
    assert call.edition.selection.blind is not was


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"reason": " "}, "reason", "motif"),
        ({"name": "goûter"}, "name", "ne fixe rien de tel"),
        ({"kind": "limit", "name": "gâteaux", "after": "3"}, "name", "ne fixe rien de tel"),
        ({"kind": "couleur"}, "name", "ne fixe rien de tel"),
        ({"after": "demain"}, "after", "Donnez une date"),
        ({"after": "2001-01-01"}, "after", "est passé"),
        ({"after": "2090-01-01"}, "after", "corrigez l'une des deux dates"),
        ({"kind": "limit", "name": "teams_total", "after": "beaucoup"}, "after", "nombre entier"),
        ({"kind": "limit", "name": "teams_total", "after": "-3"}, "after", "nombre entier"),
        ({"kind": "limit", "name": "teams_total", "after": "12,5"}, "after", "nombre entier"),
        ({"kind": "limit", "name": "teams_total", "after": "9" * 30}, "after", "nombre entier"),
        ({"kind": "limit", "name": "experts_min", "after": "9"}, "after", "plus que"),
        ({"kind": "blind", "name": "", "after": "peut-être"}, "after", "oui ou par non"),
    ],
)
def test_an_amendment_says_what_is_wrong_and_writes_nothing(
    call: Campaign, at: datetime, changes: dict[str, Any], field: str, sentence: str
) -> None:
    errors = refused(call, at, **changes)
    assert list(errors) == [field]
    assert sentence in errors[field]


def test_what_is_already_in_force_is_no_amendment(call: Campaign, at: datetime) -> None:
    number = str(call.edition.limits["teams_total"].value)
    for same in (
        {"after": call.calendar["applications_due"]},
        {"kind": "limit", "name": "teams_total", "after": number},
        {"kind": "blind", "name": "", "after": "oui" if call.edition.selection.blind else "non"},
    ):
        assert "rien à amender" in refused(call, at, **same)["after"]


def test_who_may_sign_and_until_when(call: Campaign, at: datetime) -> None:
    with pytest.raises(Refused, match="bureau national"):
        catalogue.amend(call, "date", "applications_due", later(call), "Parce que.", actor=person("dan.lyon"), at=at)
    announced = Campaign.objects.get(announcement__isnull=False)
    with pytest.raises(Refused, match="annoncés"):
        amend(announced, at, after=later(call))
    with pytest.raises(Refused, match="annoncés"):
        amend(announced, at, kind="limit", name="teams_total", after="90")
    assert amend(announced, at, name="end", after=later(announced, 10, "end")).name == "end"
    Campaign.objects.filter(pk=call.pk).update(state="archived")
    with pytest.raises(Refused, match="archivée"):
        amend(call, at)


def test_before_the_call_opens_dates_are_typed_and_numbers_amended(call: Campaign, at: datetime) -> None:
    Campaign.objects.filter(pk=call.pk).update(state="draft")
    with pytest.raises(Refused, match="sans avenant"):
        amend(call, at)
    amend(call, at, kind="limit", name="teams_total", after="130")
    assert PublicCall.objects.get(pk=call.pk).amendments == [] or not any(
        row["after"] == "130" for row in PublicCall.objects.get(pk=call.pk).amendments
    )


def test_once_open_a_call_changes_its_title_and_nothing_else(call: Campaign, at: datetime) -> None:
    days = rules.days(call)
    moved = {**days, "applications_due": days["applications_due"] + timedelta(days=1)}  # type: ignore[operator]
    with pytest.raises(Invalid, match="avenant") as refusal:
        catalogue.change_call(call, "Autre", call.first_year, moved, actor=person("bureau"), at=at)
    assert list(refusal.value.errors) == ["applications_due"]
    without = {name: day for name, day in days.items() if name != "end"}
    with pytest.raises(Invalid) as refusal:
        catalogue.change_call(call, "Autre", call.first_year + 1, without, actor=person("bureau"), at=at)
    assert sorted(refusal.value.errors) == ["end", "first_year"]
    catalogue.change_call(call, "Un autre titre", call.first_year, days, actor=person("bureau"), at=at)
    assert PublicCall.objects.get(pk=call.pk).title == "Un autre titre"


def test_the_effect_of_a_lowered_number_is_shown_before_it_is_signed(call: Campaign, at: datetime) -> None:
    theme = call.themes.order_by("pk")[0]
    Campaign.objects.filter(pk=call.pk).update(state="closed")
    call.refresh_from_db()
    for application in theme.applications.filter(state="forwarded"):
        Decision.objects.update_or_create(
            application=application,
            defaults={"state": "retained", "decided_by": person("bureau"), "decided_at": at},
        )
    retained = theme.applications.filter(decision__state="retained").values("academy").distinct().count()
    assert retained > 1
    amend(call, at, kind="limit", name="continuing_academies_min", after="1")
    call.refresh_from_db()
    clause = rules.clause(call, "limit", "academies_per_theme_max")
    shown = effect(call, clause, "1", at)
    assert shown.rules and all(rule.before != rule.after and rule.article for rule in shown.rules)
    assert f"Thème « {theme} »" in [whose for whose, _ in shown.breaches]
    assert all("article" in sentence for _, sentence in shown.breaches)
    assert effect(call, clause, str(retained + 20), at).breaches == ()
    call.refresh_from_db()
    assert call.edition.limits["academies_per_theme_max"].value == int(clause.value), "looking changes nothing"


def test_a_shorter_description_says_how_many_applications_pass_it(call: Campaign, at: datetime) -> None:
    shown = effect(call, rules.clause(call, "limit", "description_max_chars"), "10", at)
    assert any("candidatures déjà saisies" in whose for whose, _ in shown.breaches)
    with pytest.raises(Invalid):
        effect(call, rules.clause(call, "limit", "description_max_chars"), "dix", at)
