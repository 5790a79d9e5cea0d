"""The service fait of simulated groups: a first period planned, attested and sent, a second one planned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from traam.demo.judging import BATCH, Act
from traam.engines import ledger
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import PeriodValues
from traam.programme.groups.models import Evidence, Group, Member, ServicePeriod, Share
from traam.programme.groups.queries import service as queries
from traam.programme.people.models import Person
from traam.reference import academies

RATE_CENTS = 4_012  # invented, and not round: what is rounded shows
USUAL = (600, 800, 1_000, 1_250)
STATEMENT = "Travail constaté en réunion et lors d'une visite de classe."


@dataclass
class Serving:
    """What it takes to write the service of a campaign: its groups with their members, chance, days and the journal."""

    campaign: Campaign
    members: Mapping[int, Sequence[Member]]
    late: set[int]
    chance: Random
    launch: date
    person: Callable[[str], Person]
    moment: Callable[[date], datetime]
    acts: list[Act]

    def do(self, groups: Sequence[Group]) -> int:
        """Write it; the number of services planned."""
        first, second = self._periods()
        shares = [share for group in groups for share in self._shares(group, first, second)]
        Share.objects.bulk_create(shares, batch_size=BATCH)
        for share in shares:
            self.acts.append(Act("plan_service", share, self._pilot(share), self.moment(self.launch)))
        Evidence.objects.bulk_create(self._evidence(groups, first, shares), batch_size=BATCH)
        self._send(groups, first)
        return len(shares)

    def _periods(self) -> list[ServicePeriod]:
        year = self.launch.year
        wanted = [
            PeriodValues("Premier temps", self.launch, date(year, 12, 31), "hours", RATE_CENTS),
            PeriodValues("Second temps", date(year + 1, 1, 1), date(year + 1, 7, 5), "hours", RATE_CENTS),
        ]
        return service.set_periods(self.campaign, wanted, actor=self.person("bureau"), at=self.moment(self.launch))

    def _pilot(self, share: Share) -> Person:
        return self._inspector(share.member.group_id) or self.person("bureau")

    def _inspector(self, group: int) -> Person | None:
        return next((m.person for m in self.members[group] if m.role == Member.Role.INSPECTOR), None)

    def _shares(self, group: Group, first: ServicePeriod, second: ServicePeriod) -> Iterator[Share]:
        """The first period of a late group is still to attest."""
        inspector = self._inspector(group.pk)
        attested = inspector is not None and group.pk not in self.late
        for member in self.members[group.pk]:
            if member.role == Member.Role.INSPECTOR:
                continue
            planned = self.chance.choice(USUAL)
            share = Share(period=first, member=member, planned=planned)
            if attested:
                share.done = planned - self.chance.choice((0, 0, 0, 100, 225))
                share.state, share.attested_by = "attested", inspector
                share.attested_at = self.moment(first.until)
            yield share
            if member.until is None:
                yield Share(period=second, member=member, planned=self.chance.choice(USUAL))

    def _evidence(self, groups: Sequence[Group], period: ServicePeriod, shares: Sequence[Share]) -> list[Evidence]:
        seen = {group.pk: queries.attended(group, period) for group in groups}
        rows = []
        for share in (share for share in shares if share.state == "attested"):
            self.acts.append(Act("attest", share, self._pilot(share), self.moment(period.until)))
            attended = seen[share.member.group_id].get(share.member.person_id, [])
            said = [(Evidence.Kind.ATTENDANCE, one) for one in attended]
            for kind, text in (*said, (Evidence.Kind.STATEMENT, STATEMENT)):
                digest = ledger.fingerprint(kind, text)
                rows.append(Evidence(share=share, kind=kind, said=text, digest=digest))
        return rows

    def _send(self, groups: Sequence[Group], period: ServicePeriod) -> None:
        """Every academy sends what is attested, by its DAN, as on the page."""
        when = self.moment(date(period.until.year + 1, 1, 20))
        for code in sorted({group.academy for group in groups}):
            academy = academies()[code]
            found = queries.academy_service(academy.slug, self.campaign.pk)
            if queries.to_send(found, period):
                service.send(period, found, actor=self.person(f"dan.{academy.slug}"), at=when)
