from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.policies import national_standing
from traam.programme.campaigns.queries import leading
from traam.programme.people.models import Person
from traam.programme.people.policies import held, roles
from traam.programme.selection.models import Announcement, Assignment, Conflict, Decision, Opinion
from traam.programme.selection.states import MAY_BE_ASKED


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


def counted() -> QuerySet[Opinion]:
    """The opinions that count. That of a reader who declared a conflict since is kept, but set aside."""
    return Opinion.objects.filter(~Exists(declared_conflict("application", OuterRef("reader"))))


def declared_conflict(application: str, reader: "Person | OuterRef") -> QuerySet[Conflict]:
    """The conflict declared on the application of an outer row, by the reader of that row or by this person."""
    asked: Any = reader
    return Conflict.objects.filter(application=OuterRef(application), reader=asked)


def found_conflict(person: Person, at: datetime, prefix: str = "") -> Q:
    """As `policies.found_conflict`, for the database. `prefix` leads to the application ("applications__")."""
    academies = {a.academy for a in held(person, at) if a.academy}
    return (
        Q(**{f"{prefix}academy__in": academies})
        | Q(**{f"{prefix}referent_email__iexact": person.email})
        | Q(**{f"{prefix}inspector_email__iexact": person.email})
        | Q(**{f"{prefix}created_by": person})
        | Q(**{f"{prefix}inspector_opinion_by": person})
    )


def _dossiers(condition: Q) -> list[Dossier]:
    opinions = Prefetch("opinions", counted().select_related("reader").order_by("given_at"))
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


def forwarded_among(theme: Theme, numbers: Iterable[int]) -> list[Application]:
    """The forwarded dossiers of a theme that have these numbers, all of them; else says which has not."""
    wanted = set(numbers)
    rows = Application.objects.filter(theme=theme, state="forwarded", pk__in=wanted).select_related("theme__campaign")
    found = list(rows.order_by("pk"))
    missing = sorted(wanted - {row.pk for row in found})
    if missing:
        raise Invalid({"dossiers": [f"Le dossier n° {missing[0]} n'est pas un dossier remonté pour ce thème."]})
    return found


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
    """A theme that a person reads: how many dossiers she may know of, judged, and may not judge.

    `whole`: she leads it, rather than being asked to read some dossiers.
    """

    theme: Theme
    announced: bool
    dossiers: int
    given: int
    conflicts: int
    whole: bool = True

    @property
    def without_opinion(self) -> int:
        """The dossiers that wait for her."""
        return 0 if self.announced else self.dossiers - self.given - self.conflicts


def readings(person: Person, at: datetime) -> list[Reading]:
    """The themes a person reads, in campaigns that are not archived: those that wait for her first."""
    led = set(leading(person, at).values_list("theme_id", flat=True))
    asked: set[int] = set()
    if roles(person, at) & MAY_BE_ASKED and not national_standing(person, at):
        asked = set(Assignment.objects.filter(reader=person).values_list("application__theme_id", flat=True))
    themes = Theme.objects.filter(pk__in=led | asked).exclude(campaign__state__in=["draft", "archived"])
    return _readings(themes, person, at, led)


def all_readings(person: Person, at: datetime) -> list[Reading]:
    """Every theme of the campaigns being judged or at work, for the national team."""
    return _readings(Theme.objects.filter(campaign__state__in=["open", "closed"]), person, at, None)


def _readings(themes: QuerySet[Theme], person: Person, at: datetime, led: set[int] | None) -> list[Reading]:
    """`led`: the themes read whole; None for all of them."""
    found = []
    counts = _reading_counts(themes, person, at, led)
    national = bool(national_standing(person, at))
    for theme in themes.select_related("campaign", "campaign__announcement").order_by("-campaign__first_year", "pk"):
        announced = hasattr(theme.campaign, "announcement")
        count = counts.get(theme.pk, {"all": 0, "given": 0, "declared": 0, "found": 0, "found_given": 0})
        if theme.campaign.edition.selection.blind and not announced and not national:
            # Of her own academy: she must not even know that there is one.
            shown, given = count["all"] - count["found"], count["given"] - count["found_given"]
            conflicts = count["declared"]
        else:
            shown, given = count["all"], count["given"]
            conflicts = count["declared"] + count["found"] - count["found_given"]
        found.append(Reading(theme, announced, shown, given, conflicts, led is None or theme.pk in led))
    return sorted(found, key=lambda reading: reading.without_opinion == 0)


def _reading_counts(
    themes: QuerySet[Theme], person: Person, at: datetime, led: set[int] | None
) -> dict[int, dict[str, int]]:
    """What is counted over the applications that a person reads, by theme. One query."""
    rows = Application.objects.filter(theme__in=themes, state="forwarded")
    if led is not None:
        rows = rows.filter(
            Q(theme__in=led) | Exists(Assignment.objects.filter(application=OuterRef("pk"), reader=person))
        )
    given, declared, found = Q(given=True, declared=False), Q(declared=True), found_conflict(person, at)
    counted = (
        rows.annotate(
            given=Exists(Opinion.objects.filter(application=OuterRef("pk"), reader=person)),
            declared=Exists(declared_conflict("pk", person)),
        )
        .values("theme")
        .annotate(
            n=Count("pk"),
            n_given=Count("pk", filter=given),
            n_declared=Count("pk", filter=declared & ~found),
            n_found=Count("pk", filter=found),
            n_found_given=Count("pk", filter=found & given),
        )
        .order_by()
    )
    return {
        row["theme"]: {
            "all": row["n"],
            "given": row["n_given"],
            "declared": row["n_declared"],
            "found": row["n_found"],
            "found_given": row["n_found_given"],
        }
        for row in counted
    }


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
    """Where every campaign stands, the latest first. One query."""
    forwarded = Application.objects.filter(theme__campaign=OuterRef("pk"), state="forwarded")
    pending = forwarded.filter(Q(decision__isnull=True) | Q(decision__state="pending"))
    rows = Campaign.objects.annotate(
        n_themes=_number(Theme.objects.filter(campaign=OuterRef("pk")), "campaign"),
        n_forwarded=_number(forwarded, "theme__campaign"),
        n_undecided=_number(pending, "theme__campaign"),
        is_announced=Exists(Announcement.objects.filter(campaign=OuterRef("pk"))),
    )
    return [
        Stand(row, row.n_themes, row.n_forwarded, row.n_undecided, row.is_announced)
        for row in rows.order_by("-first_year", "-pk")
    ]


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of these rows there are for each outer row, which their `by` leads to."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def stand(campaign: Campaign) -> Stand:
    return next(one for one in stands() if one.campaign.pk == campaign.pk)


def results_of(applications: Iterable[Application]) -> dict[int, str]:
    """The decisions on these applications, by key, for campaigns whose results are announced."""
    decided = Decision.objects.filter(application__in=[application.pk for application in applications])
    return dict(decided.values_list("application_id", "state"))


def count_retained(campaign: Campaign, academy: str) -> int:
    """How many teams of an academy are retained, as the academy may know it: none before the announcement."""
    decided = Decision.objects.filter(application__theme__campaign=campaign, application__academy=academy)
    return decided.filter(state="retained", application__theme__campaign__announcement__isnull=False).count()


def continuation(application: Application) -> Theme | None:
    """The theme of an open call that carries on the theme of this application, when there is one."""
    carried = Theme.objects.filter(continues=application.theme_id, campaign__state="open")
    return carried.select_related("campaign").prefetch_related("stewards").order_by("-campaign__first_year").first()


def renewable(campaign: Campaign, academy: str) -> list[Application]:
    """The teams of an academy retained for a first year, that this campaign carries on and nobody renewed yet."""
    renewed = Application.objects.filter(renews__isnull=False).exclude(state="withdrawn").values("renews")
    rows = Application.objects.filter(
        academy=academy,
        decision__state="retained",
        theme__campaign__announcement__isnull=False,
        theme__carried_on__campaign=campaign,
        theme__carried_on__state="open",
    )
    return list(rows.exclude(pk__in=renewed).select_related("theme").distinct().order_by("theme_id", "pk"))
