"""What is known of the addresses that are visited: reads, and what keeps a scenario from being released."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from traam.engines import pageaudit as engine
from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import Finding
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, is_national
from traam.programme.productions.models import Scenario, Version
from traam.programme.publication import audit_states
from traam.programme.publication.models import AuditRun, Contest, RightsSheet, Waiver, Watched, Way

OLD = timedelta(days=31)
"""An audit older than that proves nothing of a page that is to be released."""


def _whole() -> QuerySet[Watched]:
    """With what the policies look at."""
    return Watched.objects.select_related("scenario__group__application__theme__campaign", "release").prefetch_related(
        Prefetch("scenario__group__members", Member.objects.select_related("person").order_by("pk")),
        Prefetch("scenario__group__application__theme__stewards", Steward.objects.select_related("person")),
    )


def watched(pk: int) -> Watched:
    try:
        return _whole().get(pk=pk)
    except Watched.DoesNotExist:
        raise Missing("Cette adresse n'est pas surveillée.") from None


@dataclass(frozen=True)
class SeenThere:
    """A finding of the last visit of an address."""

    watched: Watched
    finding: Finding


def seen(pk: int, finding: str) -> SeenThere:
    """By the number of the address and the key of the finding."""
    there = watched(pk)
    last = run(there)
    for one in findings(last) if last else ():
        if one.key == finding:
            return SeenThere(there, one)
    raise Missing("La dernière visite ne montre plus ce point : il n'y a plus rien à contester.")


def contest(pk: int) -> Contest:
    try:
        return Contest.objects.select_related("watched__scenario", "made_by").get(pk=pk)
    except Contest.DoesNotExist:
        raise Missing("Cette contestation n'existe pas.") from None


def runs(watched: Watched) -> list[AuditRun]:
    """The visits, latest first, without what they found."""
    return list(watched.runs.order_by("-at", "-pk").defer("findings")[:50])


def run(watched: Watched, pk: int | None = None) -> AuditRun | None:
    """The last visit, or this one."""
    rows = watched.runs.order_by("-at", "-pk")
    found = rows.filter(pk=pk).first() if pk else rows.first()
    if pk and found is None:
        raise Missing("Cette visite n'existe pas : revenez à l'audit de l'adresse.")
    return found


def before(run: AuditRun) -> AuditRun | None:
    """The visit before this one that got an answer: what a site that was away did not show has not vanished."""
    earlier = AuditRun.objects.filter(watched=run.watched_id, error="").filter(
        Q(at__lt=run.at) | Q(at=run.at, pk__lt=run.pk)
    )
    return earlier.order_by("-at", "-pk").first()


def findings(run: AuditRun) -> list[Finding]:
    """What a visit found, in the order of the report. A check that has left the list is left out."""
    return [audit_states.from_json(kept) for kept in run.findings if kept["code"] in CHECKS]


def contests(watched: Watched) -> dict[str, Contest]:
    """By the key of the finding they are about; what was contested before a release still is after it."""
    rows = Contest.objects.filter(_about_the_same(watched)).select_related("made_by", "answered_by")
    return {contest.finding: contest for contest in rows.order_by("made_at", "pk")}


def _about_the_same(watched: Watched) -> Q:
    """The contests of an address, and those of the other addresses of its scenario."""
    mine = Q(watched=watched.pk)
    return mine | Q(watched__scenario=watched.scenario_id) if watched.scenario_id else mine


def contests_to_answer() -> list[Contest]:
    """The oldest first."""
    rows = Contest.objects.filter(answer="").select_related("watched__scenario", "made_by")
    return list(rows.order_by("made_at", "pk"))


def contests_count() -> int:
    return Contest.objects.filter(answer="").count()


def contests_answered(most: int = 50) -> list[Contest]:
    """The last answered first."""
    rows = Contest.objects.exclude(answer="").select_related("watched__scenario", "made_by", "answered_by")
    return list(rows.order_by("-answered_at", "-pk")[:most])


@dataclass(frozen=True)
class Last:
    """The last visit of an address, without what it found."""

    at: datetime
    status: int
    error: str
    counts: Mapping[str, Mapping[str, int]]


def followed(person: Person, at: datetime) -> QuerySet[Watched]:
    """The published addresses that a person follows, each with its last visit: one query for all (see `last_of`)."""
    last = AuditRun.objects.filter(watched=OuterRef("pk")).order_by("-at", "-pk")
    rows = Watched.objects.filter(stopped_at=None).exclude(scenario__isnull=False, release=None)
    rows = rows.annotate(
        last_at=Subquery(last.values("at")[:1]),
        last_status=Subquery(last.values("status")[:1]),
        last_error=Subquery(last.values("error")[:1]),
        last_counts=Subquery(last.values("counts")[:1]),
    )
    return rows.filter(_scope(person, at)).select_related("scenario").order_by("address")


def faulty_count(person: Person, at: datetime) -> int:
    """How many of the published addresses that a person follows have a blocking fault."""
    rows = Watched.objects.filter(_scope(person, at), stopped_at=None, told=audit_states.FAULTY)
    return rows.distinct().count()


def _scope(person: Person, at: datetime) -> Q:
    """Everything for the national team; her academies, her themes and the groups she pilots for anybody else."""
    if is_national(person, at):
        return Q()
    themes = leading(person, at).values("theme")
    piloted = Member.objects.filter(person=person, role=Member.Role.INSPECTOR, until=None).values("group")
    mine = Q(academy__in=academies_of(person, at, Role.DAN, Role.INSPECTOR))
    return mine | Q(scenario__group__in=piloted) | Q(scenario__group__application__theme__in=themes)


def last_of(row: Watched) -> Last | None:
    """The last visit of a row that `followed` gave."""
    told: Any = row
    if told.last_at is None:
        return None
    return Last(told.last_at, told.last_status, told.last_error, told.last_counts)


# --- what still blocks


def blocking(watched: Watched, found: Iterable[Finding], at: datetime) -> list[Finding]:
    """The blocking faults that nobody excused: no contest was accepted, no waiver is in force."""
    faults = engine.blocking(found)
    if not faults:
        return []
    answered = Contest.objects.filter(_about_the_same(watched), answer=Contest.Answer.ACCEPTED)
    accepted = set(answered.values_list("finding", flat=True))
    waived = waivers(watched, at).keys()
    return [
        fault
        for fault in faults
        if fault.key not in accepted and not waived & {(fault.code, ""), (fault.code, fault.key)}
    ]


def waivers(watched: Watched, at: datetime) -> dict[tuple[str, str], date]:
    """Until when each fault is waived, by code and key of the finding ("" for all those of the code)."""
    if watched.scenario_id is None:
        return {}
    rows = Waiver.objects.filter(
        scenario=watched.scenario_id, of=Waiver.Of.AUDIT, ended_at=None, until__gte=localtime(at).date()
    )
    return {(code, finding): until for code, finding, until in rows.values_list("code", "finding", "until")}


@dataclass(frozen=True)
class Obstacle:
    """One reason why a scenario may not be released yet. `code` and `finding`: the fault it is about, to waive it."""

    sentence: str
    code: str = ""
    finding: str = ""
    watched: Watched | None = None


@dataclass(frozen=True)
class Rehearsal:
    """The audit of a scenario that is not released yet, as its pages show it."""

    watched: Watched | None
    run: AuditRun | None
    obstacles: Sequence[Obstacle]


def own_address(scenario: Scenario) -> str:
    """What stands for the page of a scenario that is not published here yet: nobody may open it."""
    return f"{settings.SITE_ADDRESS}/evaluation/scenarios/{scenario.pk}#avant-publication"


def address_to_release(scenario: Scenario) -> tuple[str, bool]:
    """Where the scenario will be read, as its rights sheet says, and whether it is here; "" when it says nothing."""
    sheet = RightsSheet.objects.filter(scenario=scenario).only("way", "address").first()
    if sheet is not None and sheet.way == Way.ELSEWHERE:
        return sheet.address, False
    return own_address(scenario), True


def to_release(scenario: Scenario) -> Watched | None:
    """The row of the page that would be released, once somebody asked for its audit."""
    address, _ = address_to_release(scenario)
    return _whole().filter(address=address).first() if address else None


def published(scenario: Scenario) -> Watched | None:
    """The address that is visited because the scenario is published there."""
    return Watched.objects.filter(scenario=scenario, release__isnull=False, stopped_at=None).first()


def rehearsal(scenario: Scenario, at: datetime) -> Rehearsal:
    address, _ = address_to_release(scenario)
    if not address:
        sentence = "Donnez, dans la fiche de droits, l'adresse de la page sur le site de l'académie."
        return Rehearsal(None, None, [Obstacle(sentence)])
    found = to_release(scenario)
    last = run(found) if found else None
    if found is None or last is None:
        sentence = "La page n'a pas encore été auditée : demandez l'audit, puis revenez."
        return Rehearsal(found, None, [Obstacle(sentence, watched=found)])
    return Rehearsal(found, last, _obstacles(scenario, found, last, at))


def obstacles(scenario: Scenario, at: datetime) -> list[Obstacle]:
    """What the audit holds against releasing this scenario now; nothing is a go."""
    return list(rehearsal(scenario, at).obstacles)


def _obstacles(scenario: Scenario, found: Watched, last: AuditRun, at: datetime) -> list[Obstacle]:
    if sentence := _too_old(scenario, last, at):
        return [Obstacle(sentence, watched=found)]
    if audit_states.is_away(last.status, last.error):
        if ("reach", "") in waivers(found, at):
            return []
        why = audit_states.why_away(last.status, last.error, last.detail)
        return [Obstacle(f"La page n'a pas pu être lue ({why}) : demandez une autre visite.", "reach", watched=found)]
    return [
        Obstacle(f"{CHECKS[fault.code].title} : {fault.message}", fault.code, fault.key, found)
        for fault in blocking(found, findings(last), at)
    ]


def _too_old(scenario: Scenario, last: AuditRun, at: datetime) -> str:
    """A sentence when the audit was not made of what would be released."""
    submitted = Version.objects.filter(review=scenario.review_id).order_by("-number").first()
    day = f"{localtime(last.at):%d/%m/%Y}"
    if submitted is not None and submitted.made_at > last.at:
        return f"L'audit du {day} est antérieur à la version {submitted.number} : demandez-le à nouveau."
    if last.at + OLD < at:
        return f"L'audit du {day} a plus d'un mois : demandez-le à nouveau."
    return ""
