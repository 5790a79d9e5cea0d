"""Service fait: planned, attested on evidence, sent once in sealed lines; what was sent is never changed."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from traam import reference
from traam.demo.build import DOMAIN
from traam.engines import ledger
from traam.engines.workflow import Invalid, Refused
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import Done, PeriodValues
from traam.programme.groups.models import Attendance, Evidence, Group, Meeting, ServiceLine, ServicePeriod, Share
from traam.programme.groups.policies.service import AcademyService
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.composition import group as find_group
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.models import Person
from traam.programme.productions import actions as production_actions
from traam.programme.productions.queries import deliverables

pytestmark = pytest.mark.django_db
RATE = 4012  # cents: an invented rate, that does not fall on whole cents
SEEN = "J'ai vu le travail du groupe lors de ma visite."


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def group() -> Group:
    theme = {"application__theme__title__startswith": "L'int"}
    return find_group(Group.objects.get(application__academy="10", **theme).pk)


@pytest.fixture
def periods(group: Group, at: datetime) -> list[ServicePeriod]:
    """Two periods around today's campaign, the first begun with it; nothing is planned yet."""
    Share.objects.all().delete()
    campaign = group.application.theme.campaign
    year = campaign.first_year
    wanted = [
        PeriodValues("Premier temps", date(year, 9, 1), date(year + 1, 1, 31), "hours", RATE),
        PeriodValues("Second temps", date(year + 1, 2, 1), date(year + 1, 7, 5), "hours", RATE),
    ]
    return service.set_periods(campaign, wanted, actor=person("bureau"), at=at)


def members(group: Group, *names: str) -> list[int]:
    wanted = [f"{name}.lyon@{DOMAIN}" for name in names]
    return [m.pk for email in wanted for m in group.members.all() if m.person.email == email and m.role != "inspector"]


def lyon(group: Group) -> AcademyService:
    return AcademyService(group.application.theme.campaign, reference.academies()["10"])


def planned(group: Group, period: ServicePeriod, at: datetime, quantity: int = 1000) -> list[int]:
    keys = members(group, "referent", "enseignante", "enseignant")
    service.plan(group, period, dict.fromkeys(keys, quantity), actor=person("inspecteur.lyon"), at=at)
    return keys


def attested(group: Group, period: ServicePeriod, at: datetime, quantity: int = 1000) -> list[int]:
    keys = planned(group, period, at)
    done = {key: Done(quantity) for key in keys}
    production_actions.attest(group, period, done, SEEN, actor=person("inspecteur.lyon"), at=at)
    return keys


def sent(group: Group, period: ServicePeriod, at: datetime) -> list[ServiceLine]:
    attested(group, period, at)
    return service.send(period, lyon(group), actor=person("dan.lyon"), at=at)


def test_the_periods_and_the_rate_are_the_national_teams(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    campaign = group.application.theme.campaign
    assert [(p.number, p.unit, p.rate_cents) for p in periods] == [(1, "hours", RATE), (2, "hours", RATE)]
    with pytest.raises(Refused):
        service.set_periods(campaign, [], actor=person("dan.lyon"), at=at)
    overlapping = [
        PeriodValues("Un", periods[0].since, periods[0].until, "hours"),
        PeriodValues("Deux", periods[0].until, periods[1].until, "days"),
    ]
    with pytest.raises(Invalid) as refusal:
        service.set_periods(campaign, overlapping, actor=person("bureau"), at=at)
    assert set(refusal.value.errors) == {"since_2", "unit_2"}


def test_a_period_where_something_is_attested_keeps_its_rate(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    attested(group, periods[0], at)
    same = [PeriodValues(p.label, p.since, p.until, p.unit, p.rate_cents) for p in periods]
    renamed = [PeriodValues("Autre nom", *list(vars(same[0]).values())[1:]), same[1]]
    assert service.set_periods(periods[0].campaign, renamed, actor=person("bureau"), at=at)[0].label == "Autre nom"
    dearer = [PeriodValues(*[*list(vars(same[0]).values())[:4], RATE + 1]), same[1]]
    with pytest.raises(Invalid, match="sont attestés"):
        service.set_periods(periods[0].campaign, dearer, actor=person("bureau"), at=at)


def test_an_inspector_plans_for_the_members_and_totals_follow(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    keys = planned(group, periods[0], at, 1250)
    service.plan(group, periods[0], {keys[0]: 25}, actor=person("inspecteur.lyon"), at=at)
    assert queries.of_group(group)[0].totals.planned == 2 * 1250 + 25
    totals = {row.academy.code: row.periods for row in queries.by_academy(periods[0].campaign)}
    assert totals["10"][1].planned == 2525 and totals["10"][2].planned == 0 and totals["09"][1].planned == 0
    entry = Entry.objects.filter(verb="plan_service").latest("pk")
    assert (entry.data["before"], entry.data["planned"]) == (1250, 25)


def test_who_attests_is_not_paid_by_it(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    inspector = next(m for m in group.members.all() if m.role == "inspector")
    with pytest.raises(Invalid, match="n'est pas payée"):
        service.plan(group, periods[0], {inspector.pk: 100}, actor=person("inspecteur.lyon"), at=at)


def test_attendances_and_productions_are_gathered_by_themselves(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    """Present at a held meeting in the period: kept; excused, cancelled, or outside of it: not."""
    teacher = person("enseignante.lyon")
    Attendance.objects.filter(person=teacher).delete()
    inside, outside = periods[0].since + timedelta(days=20), periods[1].since
    for on, state, presence, subject in (
        (inside, "held", "present", "Atelier"),
        (inside, "held", "excused", "Excusée"),
        (inside, "cancelled", "present", "Annulée"),
        (outside, "held", "present", "Plus tard"),
    ):
        meeting = Meeting.objects.create(
            group=group, on=on, mode="remote", subject=subject, state=state, recorded_at=at
        )
        Attendance.objects.create(meeting=meeting, person=teacher, state=presence, recorded_at=at)
    keys = attested(group, periods[0], at)
    shares = {share.member_id: share for share in Share.objects.filter(period=periods[0])}
    kept = [(e.kind, e.said) for e in shares[keys[1]].evidence.order_by("pk")]
    assert [said for kind, said in kept if kind == "attendance"] == [f"Réunion du {inside:%d/%m/%Y} : Atelier"]
    assert kept[-1][0] == "statement" and SEEN in kept[-1][1] and "10,00 (heures)" in kept[-1][1]
    written = shares[keys[0]].evidence.filter(kind="production").values_list("said", flat=True)
    assert any("Enquêter sur une image" in said and "validé" in said for said in written)
    assert all(e.digest == ledger.fingerprint(e.kind, e.said) for e in Evidence.objects.all())


def test_what_was_handed_over_outside_of_the_period_is_not_its_evidence(
    group: Group, periods: list[ServicePeriod]
) -> None:
    referent = person("referent.lyon").pk
    said = deliverables(group, periods[0].since, periods[0].until)
    assert any(one.startswith("Scénario validé") for one in said[referent])
    assert any(one.startswith("Test en classe") for one in said[referent])
    assert person("enseignante.lyon").pk not in said
    assert deliverables(group, periods[1].since, periods[1].until) == {}


def test_without_attendance_nor_production_the_inspector_says_what_she_saw(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    keys = planned(group, periods[1], at - timedelta(days=0))
    later = at + timedelta(days=(periods[1].since - at.date()).days + 30)
    with pytest.raises(Invalid, match="écrivez ce que vous avez constaté"):
        service.attest(
            group, periods[1], {keys[1]: Done(500)}, "Vu.", deliverables={}, actor=person("inspecteur.lyon"), at=later
        )
    assert not Evidence.objects.exists()


def test_more_than_planned_is_explained(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    keys = planned(group, periods[0], at)
    inspector = person("inspecteur.lyon")
    with pytest.raises(Invalid, match="dépasse le prévu"):
        production_actions.attest(group, periods[0], {keys[0]: Done(1001)}, SEEN, actor=inspector, at=at)
    done = {keys[0]: Done(1001, "Un atelier de plus")}
    assert production_actions.attest(group, periods[0], done, SEEN, actor=inspector, at=at)[0].done == 1001


def test_service_is_not_attested_before_it_begins(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    keys = planned(group, periods[1], at)
    early = at - timedelta(days=(at.date() - periods[1].since).days + 1)
    with pytest.raises(Invalid, match="La période commence"):
        production_actions.attest(
            group, periods[1], {keys[0]: Done(100)}, SEEN, actor=person("inspecteur.lyon"), at=early
        )


def test_lines_are_numbered_sealed_and_rest_on_their_evidence(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    lines = sent(group, periods[0], at)
    assert [line.number for line in lines] == [1, 2, 3]
    previous = ledger.FIRST
    for line in lines:
        said = json.loads(line.payload)
        assert line.payload == ledger.canonical(said) and line.digest == ledger.digest(previous, line.payload)
        assert said["evidence"] and (said["done"], said["amount_cents"]) == (1000, ledger.amount(1000, RATE))
        previous = line.digest
    assert queries.proof(periods[0].campaign) == queries.Proof(3)
    assert set(Share.objects.filter(period=periods[0]).values_list("state", flat=True)) == {"sent"}
    with pytest.raises(Invalid, match="Rien n'est attesté"):
        service.send(periods[0], lyon(group), actor=person("dan.lyon"), at=at)


def test_the_next_sending_goes_on_the_chain(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    last = sent(group, periods[0], at)[-1]
    later = at + timedelta(days=(periods[1].until - at.date()).days)
    first = sent(group, periods[1], later)[0]
    assert first.number == 4 and first.digest == ledger.digest(last.digest, first.payload)
    assert json.loads(first.payload)["rank"] == 4


def test_the_dan_is_told_once_a_day_and_no_more_once_it_is_sent(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    keys = attested(group, periods[0], at)
    told = Item.objects.filter(to=person("dan.lyon"), key__startswith="service:")
    assert [resolve(item.address).view_name for item in told] == ["academy:service"]
    share = queries.share(Share.objects.get(member=keys[0]).pk)
    service.correct(share, 800, "Une séance annulée.", actor=person("inspecteur.lyon"), at=at)
    assert told.filter(settled_at=None).count() == 1
    service.send(periods[0], lyon(group), actor=person("dan.lyon"), at=at)
    assert not told.filter(settled_at=None).exists()


def test_no_line_without_evidence(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    """Even a row put in the table by hand is not sent."""
    keys = planned(group, periods[0], at)
    inspector = person("inspecteur.lyon")
    Share.objects.filter(member=keys[0]).update(state="attested", done=1000, attested_by=inspector, attested_at=at)
    with pytest.raises(Invalid, match="ne repose sur aucune pièce"):
        service.send(periods[0], lyon(group), actor=person("dan.lyon"), at=at)
    assert not ServiceLine.objects.exists()


def test_a_correction_before_sending_is_traced(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    keys = attested(group, periods[0], at)
    share = queries.share(Share.objects.get(member=keys[0]).pk)
    with pytest.raises(Invalid, match="Dites pourquoi"):
        service.correct(share, 800, " ", actor=person("inspecteur.lyon"), at=at)
    service.correct(share, 800, "Une séance annulée.", actor=person("inspecteur.lyon"), at=at)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.reason, entry.data) == ("correct", "Une séance annulée.", {"before": 1000, "done": 800})
    assert share.evidence.filter(kind="statement").count() == 2


def test_what_was_sent_is_mended_by_a_line_more(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    first = sent(group, periods[0], at)[0]
    share = queries.share(first.share_id)
    service.compensate(share, 875, "Une séance comptée deux fois.", actor=person("inspecteur.lyon"), at=at)
    more = service.send(periods[0], lyon(group), actor=person("dan.lyon"), at=at)
    said = json.loads(more[0].payload)
    assert (len(more), more[0].number, said["done"], said["state"]) == (1, 4, -125, "rectifie la ligne 1")
    assert said["amount_cents"] == ledger.amount(875, RATE) - ledger.amount(1000, RATE)
    assert ServiceLine.objects.get(pk=first.pk).payload == first.payload
    assert queries.proof(periods[0].campaign).fault == ""
    report = ledger.verify(ledger.to_csv(queries.sealed(periods[0].campaign)))
    assert report.totals[("Lyon", 1, "Heures")] == [2875, 2 * ledger.amount(1000, RATE) + ledger.amount(875, RATE)]


def test_the_totals_of_an_academy_are_those_of_its_groups(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    """Summed by the database or share by share, with a line sent, one to send for a difference, one to attest."""
    first = sent(group, periods[0], at)[0]
    inspector = person("inspecteur.lyon")
    service.compensate(queries.share(first.share_id), 875, "Une erreur.", actor=inspector, at=at)
    service.plan(group, periods[0], dict.fromkeys(members(group, "cardie"), 500), actor=inspector, at=at)
    summed = next(row for row in queries.by_academy(periods[0].campaign) if row.academy.code == "10").periods[1]
    one_by_one = queries.Totals.of(row.periods[1] for row in queries.of_academy(lyon(group)))
    assert vars(summed) == vars(one_by_one)
    wanted = {"planned": 3500, "attested": -125, "sent": 3000, "cents": 3 * ledger.amount(1000, RATE)}
    assert vars(summed) == wanted | {"shares": 4, "waiting": 1, "to_send": 1}


def test_the_front_page_sums_what_the_shares_say(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    """In one query, without reading a share: after a planning, a sending, and a correction of what was sent."""
    sent(group, periods[0], at)
    share = queries.shares(list(Share.objects.values_list("pk", flat=True)))[0]
    service.compensate(share, 700, "Une absence", actor=person("inspecteur.lyon"), at=at)
    planned(group, periods[1], at)
    for only in (None, share.member.person):
        with CaptureQueriesContext(connection) as asked:
            told = queries.sums(group, only)
        assert len(asked) == 1
        for one, read in zip(told, queries.of_group(group), strict=True):
            totals = (read.only(only) if only else read).totals
            said = (totals.shares, totals.planned, totals.attested + totals.sent, totals.sent)
            assert (one.shares, one.planned, one.done, one.sent) == said
    assert (told[0].done, told[0].sent) == (700, 1000)


def test_corrected_then_corrected_back_sends_nothing_more(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    share = queries.share(sent(group, periods[0], at)[0].share_id)
    inspector = person("inspecteur.lyon")
    service.compensate(share, 500, "Une erreur.", actor=inspector, at=at)
    service.correct(share, 1000, "Il n'y avait pas d'erreur.", actor=inspector, at=at)
    assert service.send(periods[0], lyon(group), actor=person("dan.lyon"), at=at) == []
    assert Share.objects.get(pk=share.pk).state == "sent"


def test_what_changed_since_the_page_is_not_sent(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    keys = attested(group, periods[0], at)
    seen = queries.stamp(queries.to_send(lyon(group), periods[0]))
    share = queries.share(Share.objects.get(member=keys[0]).pk)
    service.correct(share, 800, "Une séance annulée.", actor=person("inspecteur.lyon"), at=at)
    with pytest.raises(Invalid, match="depuis l'affichage"):
        service.send(periods[0], lyon(group), stamp=seen, actor=person("dan.lyon"), at=at)


def test_nobody_attests_her_own_service(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    keys = planned(group, periods[0], at)
    share = Share.objects.get(member=keys[0])
    pilot = person("inspecteur.lyon")
    group.members.filter(pk=keys[0]).update(person=pilot)
    with pytest.raises(Refused, match="son propre service"):
        production_actions.attest(group, periods[0], {share.member_id: Done(1000)}, SEEN, actor=pilot, at=at)


def test_sent_lines_and_evidence_are_never_changed(group: Group, periods: list[ServicePeriod], at: datetime) -> None:
    line = sent(group, periods[0], at)[0]
    for row in (line, Evidence.objects.all()[0]):
        kind: Any = type(row)
        for change in (row.save, row.delete, kind.objects.all().delete, lambda k=kind: k.objects.update(digest="")):
            with pytest.raises(TypeError, match="append-only"):
                change()
        with pytest.raises(TypeError, match="append-only"):
            kind.objects.bulk_update([row], ["digest"])
        with pytest.raises(TypeError, match="append-only"):
            kind.objects.bulk_create([row], update_conflicts=True, update_fields=["digest"], unique_fields=["id"])


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE groups_serviceline SET payload = replace(payload, '1000', '9000') WHERE number = 2", "chaîne"),
        ("UPDATE groups_evidence SET said = 'Réunion inventée'", "pièce"),
    ],
)
def test_a_change_behind_the_platform_is_seen(
    group: Group, periods: list[ServicePeriod], at: datetime, statement: str, fault: str
) -> None:
    sent(group, periods[0], at)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert fault in queries.proof(periods[0].campaign).fault


def test_every_read_takes_a_constant_number_of_queries(
    group: Group, periods: list[ServicePeriod], at: datetime
) -> None:
    reads = (
        lambda: queries.of_group(find_group(group.pk)),
        lambda: queries.by_academy(periods[0].campaign),
        lambda: queries.of_academy(lyon(group)),
        lambda: queries.of_inspector(person("inspecteur.lyon"), at),
        lambda: queries.to_send(lyon(group), periods[0]),
        lambda: queries.proof(periods[0].campaign),
    )
    keys = members(group, "referent", "enseignante", "enseignant")
    inspector = person("inspecteur.lyon")
    counts: list[list[int]] = []
    for key in (keys[:1], keys[1:]):
        service.plan(group, periods[0], dict.fromkeys(key, 1000), actor=inspector, at=at)
        done = {one: Done(1000) for one in key}
        production_actions.attest(group, periods[0], done, SEEN, actor=inspector, at=at)
        counts.append([])
        for read in reads:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                read()
            counts[-1].append(len(seen))
    assert counts[0] == counts[1] and max(counts[0]) <= 10


def test_no_bank_nor_social_security_number_is_asked_anywhere() -> None:
    from django.apps import apps

    words = {"iban", "rib", "nir", "securite_sociale", "numero_securite_sociale", "bic"}
    fields = {f.name for model in apps.get_models() for f in model._meta.get_fields()}
    assert fields & words == set()
    forms = [path for path in Path(settings.PACKAGE).rglob("*.py") if "migrations" not in path.parts]
    asking = [
        f"{path.name}: {line.strip()}"
        for path in forms
        for line in path.read_text(encoding="utf-8").splitlines()
        if "forms." in line and "=" in line and words & set(line.partition("=")[0].lower().strip().split("_"))
    ]
    assert asking == [] and len(forms) > 100
