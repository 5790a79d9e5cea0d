"""What the pages of service fait read: constant numbers of queries, whatever the groups and the lines."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, IntegerField, JSONField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from traam import reference
from traam.engines import ledger
from traam.engines.ledger import Sealed
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign
from traam.programme.campaigns.queries import campaign as find_campaign
from traam.programme.groups.models import (
    Attendance,
    Evidence,
    Group,
    Member,
    ServiceLine,
    ServicePeriod,
    Share,
)
from traam.programme.groups.policies.service import AcademyService
from traam.programme.groups.queries.composition import group as find_group
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.people.queries import academy as find_academy

LONGEST_SAID = 300


@dataclass(frozen=True)
class GroupPeriod:
    """A group over one period of its campaign: the object of the pages where service is planned and attested."""

    group: Group
    period: ServicePeriod


@dataclass
class Totals:
    """Hundredths of the unit planned, attested and not sent yet, sent; cents sent. `waiting`: shares not attested."""

    planned: int = 0
    attested: int = 0
    sent: int = 0
    cents: int = 0
    shares: int = 0
    waiting: int = 0
    to_send: int = 0

    @classmethod
    def of(cls, several: "Iterable[Totals]") -> "Totals":
        """The sum of several totals."""
        total = cls()
        for one in several:
            for name, value in vars(one).items():
                setattr(total, name, getattr(total, name) + value)
        return total

    def add(self, share: Share) -> None:
        """Count a share with its lines."""
        sent, cents = sent_of(share)
        self.planned += share.planned
        self.sent, self.cents = self.sent + sent, self.cents + cents
        self.shares += 1
        if share.state == "planned":
            self.waiting += 1
        elif share.state == "attested":
            self.to_send += 1
            self.attested += (share.done or 0) - sent


@dataclass(frozen=True)
class Row:
    """A member over a period. `share` is None when nothing was planned for her."""

    member: Member
    share: Share | None


@dataclass
class PeriodOfGroup:
    """A period as a group lives it: a row for each person who can be paid."""

    period: ServicePeriod
    rows: list[Row] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def only(self, person: Person) -> "PeriodOfGroup":
        """The same period, with nothing but this person's own service."""
        mine = PeriodOfGroup(self.period, [row for row in self.rows if row.member.person_id == person.pk])
        for row in mine.rows:
            if row.share:
                mine.totals.add(row.share)
        return mine


def periods(campaign: Campaign) -> list[ServicePeriod]:
    return list(ServicePeriod.objects.filter(campaign=campaign).select_related("campaign").order_by("number"))


def group_period(pk: int, number: int) -> GroupPeriod:
    group = find_group(pk)
    return GroupPeriod(group, _period(group.application.theme.campaign, number))


def _period(campaign: Campaign, number: int) -> ServicePeriod:
    try:
        return ServicePeriod.objects.select_related("campaign").get(campaign=campaign, number=number)
    except ServicePeriod.DoesNotExist:
        raise Missing("Le bureau national n'a pas ouvert cette période de service.") from None


def academy_service(slug: str, campaign: int, number: int = 0) -> AcademyService:
    """An academy in a campaign, over one of its periods when its number is given."""
    found = find_campaign(campaign)
    return AcademyService(found, find_academy(slug), _period(found, number) if number else None)


def share(pk: int) -> Share:
    try:
        found = _shares().get(pk=pk)
    except Share.DoesNotExist:
        raise Missing("Ce service n'existe pas.") from None
    found.member.group = find_group(found.member.group_id)
    return found


def _shares() -> QuerySet[Share]:
    lines = Prefetch("lines", ServiceLine.objects.order_by("number"))
    evidence = Prefetch("evidence", Evidence.objects.order_by("pk"))
    rows = Share.objects.select_related("period__campaign", "member__person", "attested_by", "member__group")
    return rows.prefetch_related(lines, evidence).order_by("period__number", "member", "pk")


def shares(pks: Collection[int]) -> list[Share]:
    """These shares with their lines, their evidence and their group, by group then name."""
    rows = _shares().filter(pk__in=pks).select_related("member__group__application__theme__campaign")
    theme = "member__group__application__theme__stewards"
    rows = rows.prefetch_related("member__group__members", theme)
    return list(rows.order_by("member__group", "member__person__name", "member"))


def sent_of(share: Share) -> tuple[int, int]:
    """Hundredths and cents already sent for a share, corrections included (its lines are prefetched)."""
    contents = [json.loads(line.payload) for line in share.lines.all()]
    return sum(one["done"] for one in contents), sum(one["amount_cents"] or 0 for one in contents)


def payable(group: Group, period: ServicePeriod) -> list[Member]:
    """The members whose service is counted: there at some time of the period, and not those who attest."""
    return [
        member
        for member in group.members.all()
        if member.role != Member.Role.INSPECTOR
        and member.since <= period.until
        and (member.until is None or member.until >= period.since)
    ]


def of_group(group: Group) -> list[PeriodOfGroup]:
    """Each period of the campaign with the service of every member."""
    found = [PeriodOfGroup(period) for period in periods(group.application.theme.campaign)]
    shares = {(one.period_id, one.member_id): one for one in _shares().filter(member__group=group)}
    for each in found:
        listed = {member.pk: member for member in payable(group, each.period)}
        listed |= {one.member_id: one.member for (period, _), one in shares.items() if period == each.period.pk}
        for member in sorted(listed.values(), key=lambda m: (m.person.name, m.pk)):
            share = shares.get((each.period.pk, member.pk))
            each.rows.append(Row(member, share))
            if share:
                each.totals.add(share)
    return found


@dataclass(frozen=True)
class PeriodSums:
    """A period as the front page of a group tells it: hundredths of the unit, and of how many people."""

    period: ServicePeriod
    shares: int
    planned: int
    done: int
    sent: int


def sums(group: Group, only: Person | None = None) -> list[PeriodSums]:
    """The sums of each period for a group, or for one person of it. One query: no share is read, nor its lines."""
    mine = Q(shares__member__group=group)
    lines = ServiceLine.objects.filter(share__period=OuterRef("pk"), group=group).order_by()
    if only:
        mine &= Q(shares__member__person=only)
        lines = lines.filter(share__member__person=only)
    said = Cast(KeyTextTransform("done", Cast("payload", JSONField())), IntegerField())
    rows = ServicePeriod.objects.filter(campaign=group.application.theme.campaign_id).order_by("number")
    rows = rows.annotate(
        n=Count("shares", filter=mine),
        planned=Coalesce(Sum("shares__planned", filter=mine), 0),
        done=Coalesce(Sum("shares__done", filter=mine), 0),
        sent=Coalesce(Subquery(lines.values("share__period").annotate(n=Sum(said)).values("n")), 0),
    )
    return [PeriodSums(one, one.n, one.planned, one.done, one.sent) for one in rows]


def attended(group: Group, period: ServicePeriod) -> Mapping[int, list[str]]:
    """The meetings held in the period where each person was, those of the group and of its theme; by person."""
    rows = Attendance.objects.filter(
        Q(meeting__group=group) | Q(meeting__theme=group.application.theme_id),
        state=Attendance.State.PRESENT,
        meeting__state="held",
        meeting__on__range=(period.since, period.until),
        person__memberships__group=group,
    )
    found: dict[int, list[str]] = {}
    for one in rows.select_related("meeting").distinct().order_by("meeting__on", "meeting"):
        kind = "nationale " if one.meeting.theme_id else ""
        time = f", {one.minutes} min" if one.minutes else ""
        said = f"Réunion {kind}du {one.meeting.on:%d/%m/%Y}{time} : {one.meeting.subject}"
        found.setdefault(one.person_id, []).append(said[:LONGEST_SAID])
    return found


@dataclass
class AcademyTotals:
    """What an academy has planned, attested and sent: the totals of each period, by its number."""

    academy: reference.Academy
    periods: dict[int, Totals]


def by_academy(campaign: Campaign) -> list[AcademyTotals]:
    """The totals of each academy that has a group, by name."""
    numbers = [period.number for period in periods(campaign)]
    codes = Group.objects.filter(application__theme__campaign=campaign).values_list("application__academy", flat=True)
    found = {
        code: AcademyTotals(reference.academies()[code], {number: Totals() for number in numbers})
        for code in set(codes.order_by())
    }
    shares = Share.objects.filter(period__campaign=campaign).values(
        "member__group__application__academy", "period__number", "state"
    )
    # Summed by the database: a campaign has thousands of shares, an academy a few rows.
    for row in shares.annotate(planned=Sum("planned"), done=Sum("done"), n=Count("pk")).order_by():
        totals = found[row["member__group__application__academy"]].periods[row["period__number"]]
        totals.planned, totals.shares = totals.planned + row["planned"], totals.shares + row["n"]
        if row["state"] == "planned":
            totals.waiting = row["n"]
        elif row["state"] == "attested":
            totals.to_send, totals.attested = row["n"], row["done"]
    lines = ServiceLine.objects.filter(campaign=campaign).order_by("number")
    for academy, state, payload in lines.values_list("group__application__academy", "share__state", "payload"):
        said = json.loads(payload)
        totals = found[academy].periods[said["period"]]
        totals.sent, totals.cents = totals.sent + said["done"], totals.cents + (said["amount_cents"] or 0)
        if state == "attested":
            totals.attested -= said["done"]
    return sorted(found.values(), key=lambda row: row.academy.slug)


@dataclass
class GroupTotals:
    """A group in a list: the totals of each period, by its number."""

    group: Group
    periods: dict[int, Totals]

    @property
    def waiting(self) -> int:
        """How many shares are planned and not attested."""
        return sum(totals.waiting for totals in self.periods.values())


def of_academy(service: AcademyService) -> list[GroupTotals]:
    """The groups of an academy with their totals, by theme."""
    rows = Group.objects.filter(
        application__theme__campaign=service.campaign, application__academy=service.academy.code
    )
    return _totals(rows.order_by("application__theme", "pk"))


def of_inspector(person: Person, at: datetime) -> list[GroupTotals]:
    """The groups whose service she attests, of the campaigns that have periods: she pilots them, or their academy."""
    pilots = Member.objects.filter(person=person, role=Member.Role.INSPECTOR, until__isnull=True).values("group")
    hers = Q(pk__in=pilots) | Q(application__academy__in=academies_of(person, at, Role.INSPECTOR))
    rows = Group.objects.filter(hers, application__theme__campaign__service_periods__isnull=False).distinct()
    return _totals(rows.order_by("-application__theme__campaign__first_year", "application__theme", "pk"))


def to_attest(person: Person, at: datetime) -> int:
    """How many services of begun periods wait for her attestation. One query."""
    pilots = Member.objects.filter(person=person, role=Member.Role.INSPECTOR, until__isnull=True).values("group")
    hers = Q(member__group__in=pilots)
    hers |= Q(member__group__application__academy__in=academies_of(person, at, Role.INSPECTOR))
    return Share.objects.filter(hers, state="planned", period__since__lte=at.date()).count()


def waiting_to_be_sent(academies: Collection[str]) -> list[tuple[int, str, int]]:
    """Campaign, academy and how many services are attested there and not sent. One query."""
    rows = Share.objects.filter(state="attested", member__group__application__academy__in=academies)
    rows_by = rows.values_list("period__campaign", "member__group__application__academy")
    return list(rows_by.annotate(n=Count("pk")).order_by("period__campaign", "member__group__application__academy"))


def _totals(groups: QuerySet[Group]) -> list[GroupTotals]:
    found = list(groups.select_related("application__theme__campaign"))
    campaigns = {group.application.theme.campaign_id for group in found}
    numbers: dict[int, list[int]] = {}
    for campaign, number in ServicePeriod.objects.filter(campaign__in=campaigns).values_list("campaign", "number"):
        numbers.setdefault(campaign, []).append(number)
    rows = {
        group.pk: GroupTotals(
            group, {number: Totals() for number in sorted(numbers.get(group.application.theme.campaign_id, []))}
        )
        for group in found
    }
    lines = Prefetch("lines", ServiceLine.objects.order_by("number"))
    shares = Share.objects.filter(member__group__in=list(rows)).select_related("period", "member")
    for one in shares.prefetch_related(lines).order_by("pk"):
        rows[one.member.group_id].periods[one.period.number].add(one)
    return list(rows.values())


def to_send(service: AcademyService, period: ServicePeriod) -> list[Share]:
    """What is attested in an academy over a period and not sent yet, by group and member."""
    rows = Share.objects.filter(period=period, state="attested")
    rows = rows.filter(member__group__application__academy=service.academy.code)
    return shares(list(rows.values_list("pk", flat=True)))


@dataclass(frozen=True)
class Leaving:
    """What the next sending says of a share: the difference with what was sent. `cents` is None without a rate."""

    quantity: int
    cents: int | None


def to_be_sent(share: Share) -> Leaving:
    done, rate = share.done or 0, share.period.rate_cents
    sent, cents = sent_of(share)
    return Leaving(done - sent, None if rate is None else ledger.amount(done, rate) - cents)


def stamp(shares: Iterable[Share]) -> str:
    """What a page showed of the shares to send: it changes when one of them does."""
    seen = ";".join(f"{one.pk}:{one.done}" for one in sorted(shares, key=lambda one: one.pk))
    return sha256(seen.encode()).hexdigest()[:16]


def sealed(campaign: Campaign, academy: str = "") -> list[Sealed]:
    """The lines sent, in their order, each with the seal before it; those of one academy when it is given."""
    rows = ServiceLine.objects.filter(campaign=campaign).order_by("number")
    previous, found = ledger.FIRST, []
    for code, payload, seal in rows.values_list("group__application__academy", "payload", "digest"):
        if academy in {"", code}:
            found.append(Sealed(previous, payload, seal))
        previous = seal
    return found


def head(campaign: Campaign, academy: str = "") -> tuple[int, str]:
    """How many lines were sent, and the seal of the last one (`ledger.FIRST` before the first)."""
    rows = ServiceLine.objects.filter(campaign=campaign).order_by("number")
    if academy:
        rows = rows.filter(group__application__academy=academy)
    last = rows.last()
    return rows.count(), last.digest if last else ledger.FIRST


@dataclass(frozen=True)
class Proof:
    """Whether the lines of a campaign are as they were sealed, and rest on their evidence. `fault` is "" when so."""

    lines: int
    fault: str = ""


def proof(campaign: Campaign) -> Proof:
    """Prove the whole chain again, and each piece of evidence it names."""
    lines = sealed(campaign)
    try:
        ledger.verify(ledger.to_csv(lines))
    except ledger.Broken as broken:
        return Proof(len(lines), f"La chaîne est rompue, {broken}")
    kept: dict[int, set[str]] = {}
    for one in Evidence.objects.filter(share__period__campaign=campaign).order_by("pk"):
        if ledger.fingerprint(one.kind, one.said) == one.digest:
            kept.setdefault(one.share_id, set()).add(f"{one.kind}:{one.digest}")
    for line in lines:
        said = json.loads(line.payload)
        if not set(said["evidence"]) <= kept.get(said["share"], set()):
            return Proof(len(lines), f"La ligne {said['number']} repose sur une pièce qui a disparu ou changé.")
    return Proof(len(lines))
