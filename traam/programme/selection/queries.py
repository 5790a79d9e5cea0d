from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.queries import campaigns
from traam.programme.people.models import Person
from traam.programme.people.policies import appointments
from traam.programme.selection.models import Announcement, Decision, Opinion


@dataclass(frozen=True)
class Dossier:
    """An application with what was thought and decided of it."""

    application: Application
    opinions: tuple[Opinion, ...]
    state: str
    reason: str

    @property
    def mean(self) -> float | None:
        """The mean of the scores, on the scale of the edition."""
        return sum(o.score for o in self.opinions) / len(self.opinions) / 100 if self.opinions else None

    def opinion_of(self, person: Person) -> Opinion | None:
        return next((o for o in self.opinions if o.reader_id == person.pk), None)


def _dossiers(condition: Q) -> list[Dossier]:
    opinions = Prefetch("opinions", Opinion.objects.select_related("reader").order_by("given_at"))
    stewards = Prefetch("theme__stewards", Steward.objects.select_related("person"))
    rows = (
        Application.objects.filter(condition)
        .select_related("theme__campaign", "decision")
        .prefetch_related(opinions, stewards)
        .order_by("theme_id", "academy", "rank", "pk")
    )
    return [_dossier(row) for row in rows]


def _dossier(row: Application) -> Dossier:
    decision: Decision | None = getattr(row, "decision", None)
    state, reason = (decision.state, decision.reason) if decision else ("pending", "")
    return Dossier(row, tuple(row.opinions.all()), state, reason)


def dossiers(theme: Theme) -> list[Dossier]:
    """The forwarded applications of a theme."""
    return _dossiers(Q(theme=theme, state="forwarded"))


def dossiers_of_campaign(campaign: Campaign) -> list[Dossier]:
    return _dossiers(Q(theme__campaign=campaign, state="forwarded"))


def dossier(application: Application) -> Dossier:
    return _dossiers(Q(pk=application.pk))[0]


def decision_state(application: Application) -> str:
    found = Decision.objects.filter(application=application).values_list("state", flat=True).first()
    return found or "pending"


def announcement(campaign: Campaign) -> Announcement | None:
    return Announcement.objects.filter(campaign=campaign).first()


def retained(campaign: Campaign) -> list[Application]:
    kept = Application.objects.filter(theme__campaign=campaign, decision__state="retained")
    return list(kept.select_related("theme__campaign").order_by("theme_id", "academy", "pk"))


def result_for_academy(application: Application) -> str:
    """The decision as the academy may know it: "" before the announcement."""
    if announcement(application.theme.campaign) is None:
        return ""
    return decision_state(application)


def announced_among(campaigns: Iterable[Campaign]) -> set[int]:
    """The keys of those whose results are announced."""
    return set(Announcement.objects.filter(campaign__in=list(campaigns)).values_list("campaign_id", flat=True))


def results_for_academy(campaign: Campaign, academy: str) -> dict[int, str]:
    """The decisions as the academy may know them, by key of application: none before the announcement."""
    if announcement(campaign) is None:
        return {}
    decided = Decision.objects.filter(application__theme__campaign=campaign, application__academy=academy)
    return dict(decided.values_list("application_id", "state"))


@dataclass(frozen=True)
class Reading:
    """A theme that a person reads: how many dossiers it has, how many she judged, how many she may not judge."""

    theme: Theme
    announced: bool
    dossiers: int
    given: int
    conflicts: int

    @property
    def without_opinion(self) -> int:
        """The dossiers that wait for her."""
        return 0 if self.announced else self.dossiers - self.given - self.conflicts


def readings(person: Person, at: datetime) -> list[Reading]:
    """The themes a person leads, of the campaigns that are not archived: those that wait for her first."""
    led = Theme.objects.filter(stewards__person=person).exclude(campaign__state__in=["draft", "archived"])
    return _readings(led.distinct(), person, at)


def all_readings(person: Person, at: datetime) -> list[Reading]:
    """Every theme of the campaigns being judged or at work, for the national team."""
    return _readings(Theme.objects.filter(campaign__state__in=["open", "closed"]), person, at)


def _readings(themes: QuerySet[Theme], person: Person, at: datetime) -> list[Reading]:
    forwarded = Q(applications__state="forwarded")
    mine = Q(applications__opinions__reader=person)
    # The same conflicts as `policies.no_conflict`, counted by the database; what was judged before stays judged.
    hers = Q(applications__academy__in={a.academy for a in appointments(person, at) if a.academy})
    hers |= Q(applications__referent_email__iexact=person.email) | Q(applications__inspector_email__iexact=person.email)
    judged = Opinion.objects.filter(reader=person).values("application")
    rows = themes.select_related("campaign", "campaign__announcement").annotate(
        forwarded=Count("applications", filter=forwarded, distinct=True),
        given=Count("applications", filter=forwarded & mine, distinct=True),
        conflicts=Count("applications", filter=forwarded & hers & ~Q(applications__in=judged), distinct=True),
    )
    found = [
        Reading(row, hasattr(row.campaign, "announcement"), row.forwarded, row.given, row.conflicts)
        for row in rows.order_by("-campaign__first_year", "pk")
    ]
    return sorted(found, key=lambda reading: reading.without_opinion == 0)


def waiting_opinions(person: Person, at: datetime) -> list[Reading]:
    """The themes of which some dossiers wait for a person's opinion."""
    return [reading for reading in readings(person, at) if reading.without_opinion > 0]


def undecided(campaign: Campaign) -> int:
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded")
    return rows.filter(Q(decision__isnull=True) | Q(decision__state="pending")).count()


@dataclass(frozen=True)
class Stand:
    """Where a campaign stands, in figures."""

    campaign: Campaign
    themes: int
    forwarded: int
    undecided: int
    announced: bool

    def step(self, today: date) -> str:
        """What the national team does next: themes, open, follow, close, decide, announce, work, archive or over."""
        campaign = self.campaign
        if campaign.state == "draft":
            return "open" if self.themes else "themes"
        if campaign.state == "open":
            return "close" if _past(campaign.on("applications_due"), today) else "follow"
        if campaign.state == "archived":
            return "over"
        if not self.announced:
            return "decide" if self.undecided or not self.forwarded else "announce"
        return "archive" if _past(campaign.on("end"), today) else "work"


def _past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def stands() -> list[Stand]:
    """Where every campaign stands, the latest first."""
    themes = dict(Theme.objects.values_list("campaign_id").annotate(n=Count("pk")))
    pending = Q(decision__isnull=True) | Q(decision__state="pending")
    rows = (
        Application.objects.filter(state="forwarded")
        .values_list("theme__campaign_id")
        .annotate(n=Count("pk"), undecided=Count("pk", filter=pending))
    )
    counted = {campaign: (n, undecided) for campaign, n, undecided in rows}
    announced = set(Announcement.objects.values_list("campaign_id", flat=True))
    return [Stand(one, themes.get(one.pk, 0), *counted.get(one.pk, (0, 0)), one.pk in announced) for one in campaigns()]


def stand(campaign: Campaign) -> Stand:
    return next(one for one in stands() if one.campaign.pk == campaign.pk)
