from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q

from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.people.models import Person
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
        """The mean of the marks, from 1 to 4."""
        return sum(o.mark for o in self.opinions) / len(self.opinions) if self.opinions else None

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


@dataclass(frozen=True)
class Waiting:
    """What one theme waits of a reader."""

    theme: Theme
    without_opinion: int


def waiting_opinions(person: Person, at: datetime) -> list[Waiting]:
    """The themes a person reads, with the applications she gave no opinion on yet."""
    led = (
        Theme.objects.filter(stewards__person=person, campaign__state__in=["open", "closed"])
        .filter(campaign__announcement__isnull=True)
        .annotate(
            forwarded=Count("applications", filter=Q(applications__state="forwarded"), distinct=True),
            given=Count(
                "applications",
                filter=Q(applications__opinions__reader=person, applications__state="forwarded"),
                distinct=True,
            ),
        )
        .order_by("pk")
    )
    return [Waiting(theme, theme.forwarded - theme.given) for theme in led if theme.forwarded > theme.given]


def undecided(campaign: Campaign) -> int:
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded")
    return rows.filter(Q(decision__isnull=True) | Q(decision__state="pending")).count()
