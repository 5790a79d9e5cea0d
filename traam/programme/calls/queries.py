from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.calls import states
from traam.programme.calls.lookalikes import Facet
from traam.programme.calls.models import Application, Upload
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import campaign as find_campaign
from traam.programme.campaigns.queries import themes as all_themes
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.people.queries import academy as find_academy

PER_PAGE = 50

# Whether whoever began it answered, that day, for the whole academy: `policies.written_by_teacher` in SQL.
_BY_THE_ACADEMY = Exists(
    Appointment.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("began_on")),
        person=OuterRef("created_by"),
        role__in=sorted(states.EDITORS),
        academy=OuterRef("academy"),
        since__lte=OuterRef("began_on"),
    )
)
_STAGE = Case(
    When(Q(state="draft") & _BY_THE_ACADEMY, then=Value("draft")),
    When(state="draft", then=Value("writing")),
    When(state="submitted", inspector_opinion="", then=Value("to_endorse")),
    When(state="submitted", then=Value("endorsed")),
    default=F("state"),
)


def staged(rows: QuerySet[Application]) -> QuerySet[Any]:
    """Applications with their `stage` (`states.STAGES`): whose turn it is."""
    return rows.annotate(began_on=TruncDate("created_at")).annotate(stage=_STAGE)


@dataclass(frozen=True)
class AcademyCall:
    """What one academy answers to one campaign: the object of its pages."""

    campaign: Campaign
    academy: reference.Academy


def academy_call(slug: str, campaign: int) -> AcademyCall:
    return AcademyCall(find_campaign(campaign), find_academy(slug))


def _applications() -> QuerySet[Application]:
    rows = Application.objects.select_related("theme__campaign", "created_by", "inspector_opinion_by")
    return rows.prefetch_related("theme__stewards", "created_by__appointments")


def application(pk: int) -> Application:
    try:
        return _applications().get(pk=pk)
    except Application.DoesNotExist:
        raise Missing("Cette candidature n'existe pas.") from None


def published_themes(campaign: Campaign) -> list[Theme]:
    """The themes of the call, those closed since included: what an application may name."""
    return [theme for theme in all_themes(campaign) if theme.state != "draft"]


def open_themes(campaign: Campaign) -> list[Theme]:
    """The themes that still take applications: what a list offers."""
    return [theme for theme in all_themes(campaign) if theme.state == "open"]


def of_academy(campaign: Campaign, academy: str) -> list[Application]:
    """The applications of an academy, withdrawn ones last, by theme then rank."""
    rows = _applications().filter(theme__campaign=campaign, academy=academy)
    return sorted(rows, key=lambda a: (a.state == "withdrawn", a.theme_id, a.rank or 99, a.pk))


@dataclass(frozen=True)
class Listing:
    """One page of the applications of an academy; `counts` are all of them, by theme then stage (`states.STAGES`)."""

    page: Page[Any]
    counts: dict[int, Counter[str]]

    def total(self, *stages: str) -> int:
        return sum(counted[stage] for counted in self.counts.values() for stage in stages or counted)


def listing(
    campaign: Campaign,
    academy: str,
    themes: Iterable[Theme],
    *,
    theme: str = "",
    stage: str = "",
    page: str | int | None = 1,
) -> Listing:
    """The applications of an academy to a call, by theme then rank, withdrawn ones last in each theme.

    `themes` are those of the call; `theme` (a key) and `stage` keep only some. What is unknown keeps all.
    """
    known = {str(one.pk): one for one in themes}
    rows = staged(Application.objects.filter(theme__campaign=campaign, academy=academy))
    counts: dict[int, Counter[str]] = {}
    for key, name, n in rows.values_list("theme_id", "stage").annotate(n=Count("pk")):
        counts.setdefault(key, Counter())[name] = n
    if theme in known:
        rows = rows.filter(theme=known[theme])
    if stage in states.STAGES:
        rows = rows.filter(stage=stage)
    rows = rows.annotate(gone=Case(When(state="withdrawn", then=1), default=0))
    rows = rows.order_by("theme_id", "gone", F("rank").asc(nulls_last=True), "pk")
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = sum(
        n
        for key, counted in counts.items()
        for name, n in counted.items()
        if theme in ("", str(key)) or theme not in known
        if stage in ("", name) or stage not in states.STAGES
    )  # counted above: one question less
    found = paginator.get_page(page)
    found.object_list = list(found.object_list)
    for one in found.object_list:
        one.theme = known[str(one.theme_id)]  # the same object for all: no join, and one edition read
    return Listing(found, counts)


def ranked(academy: str, theme: Theme, page: str | int | None = 1) -> Page[Any]:
    """What the DAN puts in order, one page: the applications to a theme that are not withdrawn."""
    rows = Application.objects.filter(theme=theme, academy=academy).exclude(state="withdrawn")
    return Paginator(staged(rows).order_by(F("rank").asc(nulls_last=True), "pk"), PER_PAGE).get_page(page)


def drafts_of(campaign: Campaign, academy: str) -> list[Application]:
    """What goes up together: the drafts of the academy itself, and what was proposed to the inspector."""
    rows = staged(_applications().filter(theme__campaign=campaign, academy=academy))
    rows = rows.filter(stage__in=["draft", "to_endorse", "endorsed"])
    return list(rows.order_by("theme_id", F("rank").asc(nulls_last=True), "pk"))


def written_by(person: Person, at: datetime) -> list[Application]:
    """The applications a teacher wrote, or whose référent she is: the latest campaign first."""
    hers = Q(created_by=person) | Q(referent_email__iexact=person.email)
    rows = _applications().filter(hers, academy__in=academies_of(person, at, Role.TEACHER))
    return list(staged(rows).order_by("-theme__campaign__first_year", "-changed_at", "-pk"))


def drafts_written_by(person: Person, at: datetime) -> list[tuple[Campaign, int]]:
    """How many drafts a teacher has in each open call, in two queries."""
    hers = Q(created_by=person) | Q(referent_email__iexact=person.email)
    rows = Application.objects.filter(hers, state="draft", theme__campaign__state="open")
    rows = rows.filter(academy__in=academies_of(person, at, Role.TEACHER))
    counted = dict(rows.values_list("theme__campaign_id").annotate(n=Count("pk")))
    calls = Campaign.objects.filter(pk__in=counted).order_by("-first_year", "-pk") if counted else ()
    return [(campaign, counted[campaign.pk]) for campaign in calls]


def with_rank(campaign: Campaign, academy: str, applications: Iterable[Application]) -> list[Application]:
    """The applications that hold the rank of one of these in the same theme: forwarded ones, and these."""
    given = list(applications)
    rows = Application.objects.filter(theme__campaign=campaign, academy=academy, rank__isnull=False)
    return list(rows.filter(Q(state="forwarded") | Q(pk__in=[one.pk for one in given])).order_by("pk"))


def facets(campaign: Campaign, academy: str) -> list[Facet]:
    """What tells the teams of an academy apart, for all that is not withdrawn."""
    rows = Application.objects.filter(theme__campaign=campaign, academy=academy).exclude(state="withdrawn")
    names = ("pk", "theme__title", "titles", "referent_name", "referent_email")
    return [Facet(*row) for row in rows.order_by("pk").values_list(*names)]


def forwarded(theme: Theme) -> list[Application]:
    """What the experts of a theme read."""
    return list(_applications().filter(theme=theme, state="forwarded").order_by("academy", "rank", "pk"))


def all_forwarded(campaign: Campaign) -> list[Application]:
    """What went up in a whole campaign, by academy, theme, then rank."""
    rows = _applications().filter(theme__campaign=campaign, state="forwarded")
    return list(rows.order_by("academy", "theme_id", F("rank").asc(nulls_last=True), "pk"))


def counts(campaign: Campaign) -> dict[tuple[str, int], int]:
    """How many applications were forwarded, by (academy, theme)."""
    rows = (
        Application.objects.filter(theme__campaign=campaign, state="forwarded")
        .values_list("academy", "theme_id")
        .annotate(n=Count("pk"))
    )
    return {(academy, theme): n for academy, theme, n in rows}


@dataclass(frozen=True)
class Answer:
    """What an academy answers to a call: how many applications by (key of theme, stage)."""

    academy: reference.Academy
    counts: Mapping[tuple[int, str], int]

    def number(self, *stages: str, theme: int | None = None) -> int:
        """How many at these stages (`states.STAGES`), in one theme or in all."""
        return sum(n for (key, stage), n in self.counts.items() if stage in stages and theme in {None, key})

    @property
    def forwarded(self) -> int:
        return self.number("forwarded")

    @property
    def begun(self) -> int:
        """What is entered and not gone up yet."""
        return self.number("draft", "writing", "to_endorse", "endorsed")


def answers(campaign: Campaign) -> list[Answer]:
    """What every academy answers, by name; those that merged, only when they answered. One query."""
    rows = staged(Application.objects.filter(theme__campaign=campaign)).values_list("academy", "theme_id", "stage")
    counted: dict[str, dict[tuple[int, str], int]] = {}
    for academy, theme, stage, n in rows.annotate(n=Count("pk")):
        counted.setdefault(academy, {})[theme, stage] = n
    known = reference.academies().items()
    return [Answer(one, counted.get(code, {})) for code, one in known if one.current or code in counted]


def counts_by_stage(campaigns: Iterable[Campaign], academies: Iterable[str]) -> dict[tuple[int, str], Counter[str]]:
    """How many applications there are at each stage (`states.STAGES`), by (key of campaign, academy), in one query."""
    rows = (
        staged(Application.objects.filter(theme__campaign__in=list(campaigns), academy__in=list(academies)))
        .values_list("theme__campaign_id", "academy", "stage")
        .annotate(n=Count("pk"))
    )
    counted: dict[tuple[int, str], Counter[str]] = {}
    for campaign, academy, stage, n in rows:
        counted.setdefault((campaign, academy), Counter())[stage] = n
    return counted


def upload(pk: int) -> Upload:
    try:
        return Upload.objects.select_related("campaign", "sent_by").get(pk=pk)
    except Upload.DoesNotExist:
        raise Missing(
            "Ce dépôt n'existe plus : il a été écrit, remplacé par un autre, ou il date de plus d'une semaine."
        ) from None


def lock(campaign: Campaign, academy: str) -> None:
    """Hold the applications of an academy until the end of the transaction."""
    rows = Application.objects.filter(theme__campaign=campaign, academy=academy)
    list(rows.select_for_update(of=("self",)).order_by("pk"))
