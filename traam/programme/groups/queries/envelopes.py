"""What each academy may share out among its groups over a period, what is taken of it, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, Sum, When

from traam import reference
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Envelope, Group, ServicePeriod, Share


@dataclass
class Allotment:
    """The envelopes of a period, in hundredths of its unit: `own` by academy, `default` for the others."""

    default: int | None = None
    own: dict[str, int] = field(default_factory=dict)

    def of(self, academy: str) -> int | None:
        """None when nobody said how much."""
        return self.own.get(academy, self.default)


def allotments(campaign: Campaign) -> dict[int, Allotment]:
    """The envelopes of each period, by its number; a period without any is not there. One query."""
    rows = Envelope.objects.filter(period__campaign=campaign).values_list("period__number", "academy", "quantity")
    found: dict[int, Allotment] = {}
    for number, academy, quantity in rows:
        one = found.setdefault(number, Allotment())
        if academy:
            one.own[academy] = quantity
        else:
            one.default = quantity
    return found


@dataclass(frozen=True)
class Taken:
    """What the groups of an academy take of its envelope, in hundredths of the unit.

    `quantity` counts what is done and, of what is not attested yet, what is planned.
    """

    envelope: int | None
    quantity: int

    @property
    def left(self) -> int | None:
        """Negative when the envelope is exceeded."""
        return None if self.envelope is None else self.envelope - self.quantity

    @property
    def over(self) -> int:
        """How much is taken beyond the envelope."""
        return max(0, -(self.left or 0))


TAKEN = Sum(Case(When(state="planned", then=F("planned")), default=F("done")))


@dataclass(frozen=True)
class Envelopes:
    """The envelopes of a campaign, and what is taken of them, by number of period."""

    given: Mapping[int, Allotment]
    quantities: Mapping[tuple[int, str], int]

    def of(self, number: int, academy: str) -> Taken:
        """What an academy takes over a period."""
        given = self.given.get(number, Allotment())
        return Taken(given.of(academy), self.quantities.get((number, academy), 0))


def of_campaign(campaign: Campaign) -> Envelopes:
    """Two queries, whatever the academies."""
    rows = Share.objects.filter(period__campaign=campaign).order_by()
    sums = rows.values_list("period__number", "member__group__application__academy").annotate(n=TAKEN)
    return Envelopes(allotments(campaign), {(number, academy): n for number, academy, n in sums})


def taken(period: ServicePeriod, academy: str) -> Taken:
    """What one academy takes over a period. Two queries."""
    rows = Envelope.objects.filter(period=period, academy__in=["", academy]).values_list("academy", "quantity")
    given = dict(rows)
    shares = Share.objects.filter(period=period, member__group__application__academy=academy)
    return Taken(given.get(academy, given.get("")), shares.aggregate(n=TAKEN)["n"] or 0)


def academies_of(campaign: Campaign) -> list[reference.Academy]:
    """Those that may have an envelope of their own: they have a group in the campaign, or had one set. By name."""
    codes = Group.objects.filter(application__theme__campaign=campaign).order_by()
    groups = codes.values_list("application__academy").annotate(n=Count("pk")).values_list("application__academy")
    own = Envelope.objects.filter(period__campaign=campaign).exclude(academy="").values_list("academy").order_by()
    found = {code for (code,) in groups.union(own)}
    return [academy for code, academy in reference.academies().items() if code in found]
