"""Addresses that are visited: claimed once, visited again in time, told only when something changes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.pageaudit.values import Answer, Fetched, Finding
from traam.engines.workflow import Invalid, Refused
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario, Version
from traam.programme.publication import addresses, audit_policies
from traam.programme.publication.actions import auditing
from traam.programme.publication.actions.auditing import Seen
from traam.programme.publication.models import AuditRun, Contest, Release, RightsSheet, Waiver, Watched, Way

pytestmark = pytest.mark.django_db

ADDRESS = "https://pedagogie.ac-exemple.fr/scenario"
SOCIAL = Finding("social", Answer.FAULT, "Un lien mène à un réseau social.", '<a href="https://reseau.exemple/">')
MINOR = Finding("deadlink", Answer.FAULT, "Ce lien ne répond pas.", '<a href="/vieux">')
TO_CHECK = Finding("pupil_account", Answer.REVIEW, "Un compte est demandé ?", "Créez votre compte")


def at() -> datetime:
    return timezone.localtime()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def seen(*findings: Finding, status: int = 200, error: str = "", detail: str = "") -> Seen:
    return Seen(Fetched(ADDRESS, ADDRESS, status=0 if error else status, error=error, detail=detail), findings)


AWAY = seen(error="connection", detail="Le site ne répond pas.")


def forget() -> None:
    """The addresses of the demonstration are not those of these tests."""
    for model in (AuditRun, Contest, Watched):
        model.objects.all().delete()


@pytest.fixture
def scenario() -> Scenario:
    """One of Lyon's, whatever its state."""
    found = Scenario.objects.filter(group__application__academy="10", version__gt=0).order_by("pk").first()
    assert found is not None
    return found


@pytest.fixture
def watched(scenario: Scenario) -> Watched:
    """A published address of Lyon, just added."""
    release, _ = Release.objects.get_or_create(
        scenario=scenario,
        version=scenario.version,
        defaults={"content": {}, "released_by": person("bureau"), "released_at": at()},
    )
    Item.objects.all().delete()
    forget()
    return auditing.watch(ADDRESS, release=release, academy="10", at=at())


def visited(watched: Watched, found: Seen, when: datetime) -> AuditRun:
    run = auditing.visit(Watched.objects.get(pk=watched.pk), found, at=when)
    assert run is not None
    watched.refresh_from_db()
    return run


def told() -> list[str]:
    return [item.text for item in Item.objects.filter(settled_at=None, key__startswith="audit:").order_by("pk")]


def test_what_is_due_is_claimed_once_and_given_back_when_the_lease_ends() -> None:
    now = at()
    forget()
    for n in range(5):
        auditing.watch(f"https://a{n % 2}.exemple.fr/{n}", at=now)
    Watched.objects.filter(address__endswith="/4").update(next_at=now + timedelta(days=1))
    first = auditing.claim(3, at=now)
    others = auditing.claim(3, at=now)
    assert [len(first), len(others)] == [3, 1]
    assert not {one.pk for one in first} & {one.pk for one in others}
    later = now + auditing.LEASE / 2
    auditing.renew(first[:1], at=later)
    dead = auditing.claim(9, at=now + auditing.LEASE * 1.2)
    assert {one.pk for one in dead} == {one.pk for one in first[1:] + others}
    assert auditing.visit(first[1], seen(), at=later) is None, "another worker has it"
    assert auditing.visit(first[0], seen(), at=later) is not None
    assert AuditRun.objects.filter(watched__in=first).count() == 1


def test_a_host_that_has_enough_is_left_out_of_the_claim() -> None:
    now = at()
    forget()
    for host in ("a.fr", "a.fr", "b.fr"):
        auditing.watch(f"https://{host}/{Watched.objects.count()}", at=now)
    assert [one.address for one in auditing.claim(9, but_hosts={"a.fr"}, at=now)] == ["https://b.fr/2"]


def test_what_is_let_go_is_free_at_once(watched: Watched) -> None:
    now = at()
    held = auditing.claim(1, at=now)
    auditing.let_go(held, at=now)
    assert auditing.claim(1, at=now) == [watched]


def test_a_page_is_visited_every_month_and_sooner_when_it_is_away(watched: Watched) -> None:
    now = at()
    visited(watched, seen(), now)
    assert timedelta(days=27) <= watched.next_at - now <= timedelta(days=33)
    for days in (1, 3, 7):
        now += timedelta(days=20)
        visited(watched, AWAY, now)
        assert watched.next_at - now == timedelta(days=days)
    now += timedelta(days=20)
    visited(watched, AWAY, now)
    assert watched.next_at - now >= timedelta(days=27), "the fourth time, as the others"
    visited(watched, seen(MINOR, status=404), now + timedelta(days=1))
    visited(watched, AWAY, now + timedelta(days=2))
    assert watched.next_at - now == timedelta(days=3), "an answer, even an error, begins the count again"


def test_the_visits_of_a_month_are_spread() -> None:
    now = at()
    days = set()
    for n in range(12):
        one = auditing.watch(f"https://a.exemple.fr/{n}", at=now)
        visited(one, seen(), now)
        days.add((one.next_at - now).days)
    assert len(days) > 3


def test_people_are_told_when_the_state_changes_and_only_then(watched: Watched) -> None:
    now = at()
    visited(watched, seen(MINOR), now)
    assert told() == [], "nothing blocks: nothing to tell"
    visited(watched, seen(SOCIAL), now + timedelta(days=30))
    readers = len(told())
    assert readers >= 2, "the référent and the inspector"
    assert "réseaux sociaux" in told()[0]
    Item.objects.update(settled_at=now)  # the digest left
    visited(watched, seen(SOCIAL, MINOR), now + timedelta(days=60))
    assert told() == [], "still the same state"
    visited(watched, seen(), now + timedelta(days=90))
    assert len(told()) == readers
    assert "n'a plus de défaut bloquant constaté" in told()[0]


def test_a_site_away_for_one_night_is_told_to_nobody(watched: Watched) -> None:
    now = at()
    visited(watched, seen(), now)
    visited(watched, AWAY, now + timedelta(days=30))
    assert told() == []
    visited(watched, AWAY, now + timedelta(days=31))
    assert "Le site ne répond pas)" in told()[0]
    visited(watched, seen(), now + timedelta(days=34))
    assert told() == [], "mended before the digest left: neither line is of any use"


def test_a_waiver_or_an_accepted_contest_keeps_a_fault_from_counting(watched: Watched, scenario: Scenario) -> None:
    now = at()
    visited(watched, seen(SOCIAL), now)
    last = addresses.run(watched)
    assert last is not None and addresses.blocking(watched, addresses.findings(last), now) == [SOCIAL]
    given = {"scenario": scenario, "of": Waiver.Of.AUDIT, "code": "social", "granted_by": person("bureau")}
    waiver = Waiver.objects.create(**given, reason="Le lien est un sujet d'étude.", until=now.date(), granted_at=now)
    assert addresses.blocking(watched, [SOCIAL], now) == []
    assert addresses.blocking(watched, [SOCIAL], now + timedelta(days=1)) == [SOCIAL], "it has expired"
    waiver.finding = "another"
    waiver.save()
    assert addresses.blocking(watched, [SOCIAL], now) == [SOCIAL], "it is about another element"


def test_a_contest_is_made_once_answered_by_the_national_team_and_told(watched: Watched) -> None:
    now, referent, bureau = at(), person("referent.lyon"), person("bureau")
    visited(watched, seen(SOCIAL, MINOR), now)
    with pytest.raises(Invalid, match="quelqu'un ira voir"):
        auditing.contest(watched, SOCIAL.key, "  ", actor=referent, at=now)
    with pytest.raises(Invalid, match="ne montre plus"):
        auditing.contest(watched, "unknown", "Non.", actor=referent, at=now)
    made = auditing.contest(watched, SOCIAL.key, "C'est un musée.", actor=referent, at=now)
    with pytest.raises(Invalid, match="déjà été contesté"):
        auditing.contest(watched, SOCIAL.key, "Encore.", actor=referent, at=now)
    with pytest.raises(Refused, match="bureau national"):
        auditing.answer_contest(made, "accepted", "Oui.", actor=referent, at=now)
    with pytest.raises(Invalid, match="Choisissez"):
        auditing.answer_contest(made, "peut-être", "Oui.", actor=bureau, at=now)
    assert addresses.blocking(watched, [SOCIAL], now) == [SOCIAL], "a contest that waits excuses nothing"
    auditing.answer_contest(made, "accepted", "Un musée n'est pas un réseau.", actor=bureau, at=now)
    assert addresses.blocking(watched, [SOCIAL], now) == []
    watched.refresh_from_db()
    assert (watched.told, told()) == ("clear", []), "what was told of it no longer waits"
    line = Item.objects.get(key=f"contest:{made.pk}")
    assert line.to == referent and "Un musée n'est pas un réseau." in line.text
    with pytest.raises(Refused, match="déjà reçu"):
        auditing.answer_contest(made, "refused", "Non.", actor=bureau, at=now)
    assert {"contest", "answer_contest"} <= set(Entry.objects.values_list("verb", flat=True))


def test_what_was_accepted_before_a_release_still_is_after_it(watched: Watched, scenario: Scenario) -> None:
    now, referent, bureau = at(), person("referent.lyon"), person("bureau")
    draft = auditing.ask_audit(scenario, actor=referent, at=now)
    visited(draft, seen(SOCIAL), now)
    made = auditing.contest(draft, SOCIAL.key, "C'est un musée.", actor=referent, at=now)
    auditing.answer_contest(made, "accepted", "Vu.", actor=bureau, at=now)
    visited(watched, seen(SOCIAL), now)
    assert (watched.told, told()) == ("clear", [])
    with pytest.raises(Invalid, match="déjà été contesté"):
        auditing.contest(watched, SOCIAL.key, "Encore.", actor=referent, at=now)


def test_strangers_neither_read_nor_contest(watched: Watched) -> None:
    now = at()
    visited(watched, seen(SOCIAL), now)
    whole = addresses.watched(watched.pk)
    assert audit_policies.may_see(person("dan.lyon"), whole, now)
    stranger = Person.objects.filter(appointments__role="dan").exclude(email__startswith="dan.lyon").first()
    assert stranger is not None
    assert not audit_policies.may_see(stranger, whole, now)
    with pytest.raises(Refused):
        auditing.contest(watched, SOCIAL.key, "Non.", actor=stranger, at=now)
    assert not Contest.objects.exists()


def test_a_visit_is_asked_for_but_not_every_minute(watched: Watched) -> None:
    now, referent = at(), person("referent.lyon")
    with pytest.raises(Refused, match="attend son tour"):
        auditing.ask_visit(watched, actor=referent, at=now)
    visited(watched, seen(), now)
    with pytest.raises(Refused, match="dans 9 minutes"):
        auditing.ask_visit(watched, actor=referent, at=now + timedelta(minutes=1))
    later = now + timedelta(minutes=11)
    auditing.ask_visit(watched, actor=referent, at=later)
    assert auditing.claim(9, at=later) == [watched]
    with pytest.raises(Refused, match="en cours"):
        auditing.ask_visit(watched, actor=referent, at=later)


def test_a_scenario_is_held_until_its_page_was_audited_without_a_blocking_fault(scenario: Scenario) -> None:
    now, referent = at(), person("referent.lyon")
    forget()
    RightsSheet.objects.filter(scenario=scenario).update(way=Way.HERE)

    def sentences(when: datetime = now) -> str:
        return " ".join(obstacle.sentence for obstacle in addresses.obstacles(scenario, when))

    assert "pas encore été auditée" in sentences()
    watched = auditing.ask_audit(scenario, actor=referent, at=now)
    assert watched.ours and watched.before_release
    assert "pas encore été auditée" in sentences()
    visited(watched, seen(SOCIAL, MINOR, TO_CHECK), now)
    (obstacle,) = addresses.obstacles(scenario, now)
    assert (obstacle.code, obstacle.finding) == ("social", SOCIAL.key)
    assert auditing.claim(9, at=now + timedelta(days=60)) == [], "it is not published: nobody visits it by itself"
    assert told() == []
    later = now + timedelta(minutes=11)
    auditing.ask_audit(scenario, actor=referent, at=later)
    visited(watched, seen(MINOR), later)
    assert addresses.obstacles(scenario, later) == []
    assert "plus d'un mois" in sentences(later + timedelta(days=32))
    version = Version.objects.get(review=scenario.review_id, number=scenario.version)
    version.made_at = later + timedelta(seconds=1)
    version.save()
    assert "antérieur à la version" in sentences(later)


def test_the_page_of_the_academys_site_is_the_one_that_is_audited(scenario: Scenario) -> None:
    now, referent = at(), person("referent.lyon")
    forget()
    values = {"way": Way.ELSEWHERE, "address": "", "changed_at": now}
    sheet, _ = RightsSheet.objects.update_or_create(scenario=scenario, defaults=values)
    assert "l'adresse de la page" in addresses.obstacles(scenario, now)[0].sentence
    with pytest.raises(Invalid, match="fiche de droits"):
        auditing.ask_audit(scenario, actor=referent, at=now)
    sheet.address = ADDRESS
    sheet.save()
    watched = auditing.ask_audit(scenario, actor=referent, at=now)
    assert (watched.address, watched.ours) == (ADDRESS, False)
    visited(watched, AWAY, now)
    held = addresses.obstacles(scenario, now)
    assert "n'a pas pu être lue (Le site ne répond pas)" in held[0].sentence and held[0].code == "reach"
    Waiver.objects.create(
        scenario=scenario,
        of=Waiver.Of.AUDIT,
        code="reach",
        reason="Le site refuse les visites des machines ; lu par une personne.",
        until=(now + timedelta(days=30)).date(),
        granted_by=person("inspecteur.lyon"),
        granted_at=now,
    )
    assert addresses.obstacles(scenario, now) == []


def test_what_is_withdrawn_is_visited_no_more(watched: Watched) -> None:
    release = watched.release
    assert release is not None
    assert auditing.stop_watching(release, at=at()) == 1
    assert auditing.claim(9, at=at() + timedelta(days=1)) == []
    auditing.watch(ADDRESS, release=release, at=at())
    assert auditing.claim(9, at=at()) == [watched], "released again, it is visited again, with its history"
