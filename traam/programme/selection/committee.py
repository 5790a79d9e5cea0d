"""What the national team has before its eyes when it decides: the themes counted, then a page of the dossiers.

Counted, filtered and sorted by the database, drawn a page at a time: the same few queries for 20 dossiers or 2 000.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from traam import reference
from traam.engines.rulebook import Finding
from traam.engines.sheets import fold, fold_all
from traam.engines.workflow import Missing
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import themes as find_themes
from traam.programme.selection import queries, readers, rules
from traam.programme.selection.decisions import breaches_if_retained
from traam.programme.selection.models import Decision, Opinion, Pin, Proposal
from traam.programme.selection.states import DECISION

SORTS = ("moyenne", "ecart", "academie", "rang")
PENDING = Q(decision__isnull=True) | Q(decision__state="pending")
LAST = 10_000  # the place of a dossier that its academy did not rank


@dataclass(frozen=True)
class ThemeCount:
    """A theme and how far it is decided. `academies` are retained; `limit`: the most that its edition allows."""

    theme: Theme
    forwarded: int
    little_read: int
    teams: int
    academies: int
    waiting: int
    refused: int
    dropped: int
    undecided: int
    limit: Finding | None


class Table:
    """The dossiers of a campaign as the committee counts them, and the last proposal that was computed."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.selection = campaign.edition.selection
        self.themes = {theme.pk: theme for theme in find_themes(campaign)}
        self.retained = _retained(campaign)
        self.proposal, self.proposed = latest_proposal(campaign)
        self._full: dict[tuple[int, bool], str] = {}

    @property
    def teams(self) -> int:
        return sum(mine.total() for mine in self.retained.values())

    def full(self, application: Application) -> str:
        """Which limit retaining this dossier would pass, or "": the same for every new academy of a theme."""
        known = (application.theme_id, application.academy in self.retained.get(application.theme_id, ()))
        if known not in self._full:
            breaches = breaches_if_retained(application, self.retained)
            self._full[known] = " ".join(finding.sentence for finding in breaches)
        return self._full[known]

    @property
    def forwarded(self) -> int:
        return sum(count.forwarded for count in self.counts)

    @property
    def undecided(self) -> int:
        return sum(count.undecided for count in self.counts)

    @property
    def little_read(self) -> int:
        return sum(count.little_read for count in self.counts)

    @property
    def limits(self) -> list[Finding]:
        return rules.campaign_limits(self.campaign, self.teams, len(self.themes))

    @cached_property
    def counts(self) -> tuple[ThemeCount, ...]:
        found = _counted(self.campaign, self.selection.readers_min)
        nothing = dict.fromkeys(("forwarded", "little_read", "waiting", "refused", "dropped", "undecided"), 0)
        counts = []
        for theme in self.themes.values():
            mine = self.retained.get(theme.pk, Counter())
            limit = next((finding for finding in rules.limits(theme, len(mine)) if finding.blocking), None)
            known = found.get(theme.pk, nothing)
            counts.append(ThemeCount(theme, teams=mine.total(), academies=len(mine), limit=limit, **known))
        return tuple(counts)


def _retained(campaign: Campaign) -> dict[int, Counter[str]]:
    """How many retained teams each academy has, by theme."""
    rows = Decision.objects.filter(application__theme__campaign=campaign, state="retained")
    found: dict[int, Counter[str]] = {}
    for theme, academy in rows.values_list("application__theme", "application__academy"):
        found.setdefault(theme, Counter())[academy] += 1
    return found


def _counted(campaign: Campaign, least: int) -> dict[int, dict[str, int]]:
    """One query: for each theme, how many dossiers in each state, and how many that too few have read."""
    rows: Any = _forwarded(campaign).annotate(read=readers.opinions_counted())
    counted = rows.values("theme").annotate(
        forwarded=Count("pk"),
        little_read=Count("pk", filter=Q(read__lt=least)),
        waiting=Count("pk", filter=Q(decision__state="waiting")),
        refused=Count("pk", filter=Q(decision__state="refused")),
        dropped=Count("pk", filter=Q(decision__state="dropped")),
        undecided=Count("pk", filter=PENDING),
    )
    return {row.pop("theme"): row for row in counted.order_by()}


def _forwarded(campaign: Campaign) -> QuerySet[Application]:
    return Application.objects.filter(theme__campaign=campaign, state="forwarded")


def latest_proposal(campaign: Campaign) -> tuple[Proposal | None, frozenset[int]]:
    """The last proposal that found a solution, without what it weighs, and the keys of the dossiers it retains."""
    solved = {"state": Proposal.State.DONE, "outcome__solution__status": "optimal"}
    rows: Any = Proposal.objects.filter(campaign=campaign, **solved)
    last = rows.annotate(kept=F("outcome__solution__retained")).defer("inputs", "outcome").order_by("-pk").first()
    return (last, frozenset(map(int, last.kept))) if last else (None, frozenset())


# --- the list


@dataclass(frozen=True)
class Asked:
    """What the committee asks of the list. `sort` is one of SORTS, "-" before it to go down."""

    theme: str = ""
    state: str = ""
    academy: str = ""
    region: str = ""
    words: str = ""
    little_read: bool = False
    sort: str = "-moyenne"


@dataclass(frozen=True)
class Row:
    """A dossier with what is known of it. `mean` and `spread` are hundredths of the scale, None without opinion.

    `proposed` is None when no proposal knows the dossier; `full` says which limit retaining it would pass.
    """

    application: Application
    mean: int | None
    spread: int | None
    opinions: int
    state: str
    decision: Decision | None
    pin: Pin | None
    proposed: bool | None
    full: str

    @property
    def verbs(self) -> tuple[str, ...]:
        return tuple(move.verb for move in DECISION.available(self.state, {"national"}))


class Listing:
    """The dossiers asked for, in order: counted by the database, drawn a page at a time."""

    def __init__(self, table: Table, asked: Asked) -> None:
        self.table, self.asked = table, asked
        self.rows, self.found = _narrowed(_forwarded(table.campaign), asked)

    def __len__(self) -> int:
        return self.count()

    def count(self) -> int:
        return self.rows.count() if self.found is None else self.found

    def __getitem__(self, part: slice) -> list[Row]:
        keys = list(_ordered(self.rows, self.asked.sort).values_list("pk", flat=True)[part])
        found = {row.application.pk: row for row in drawn(self.table, keys)}
        return [found[key] for key in keys]


def _narrowed(rows: QuerySet[Application], asked: Asked) -> tuple[QuerySet[Application], int | None]:
    """The rows, and how many they are when it is known without asking."""
    if asked.theme:
        rows = rows.filter(theme=int(asked.theme))
    if asked.academy:
        rows = rows.filter(academy=asked.academy)
    if asked.region:
        known = reference.academies().values()
        rows = rows.filter(academy__in=[academy.code for academy in known if academy.region == asked.region])
    if asked.state:
        rows = rows.filter(PENDING if asked.state == "pending" else Q(decision__state=asked.state))
    return _matching(rows, fold(asked.words).split()) if asked.words else (rows, None)


def _matching(rows: QuerySet[Application], wanted: list[str]) -> tuple[QuerySet[Application], int]:
    """Those that hold every word in their titles, their number, or the names of their people. Case and accents go."""
    names = {code: academy.name for code, academy in reference.academies().items()}
    keys, texts = [], []
    for key, titles, academy, *people in rows.values_list("pk", "titles", "academy", "referent_name", "inspector_name"):
        keys.append(key)
        texts.append(" ".join([str(key), *titles, names[academy], *people]))
    found = [key for key, text in zip(keys, fold_all(texts), strict=True) if all(word in text for word in wanted)]
    return rows.filter(pk__in=found) if len(found) < len(keys) else rows, len(found)


def _scores(measure: Any) -> Subquery:
    """A measure of the opinions that count on each dossier."""
    mine = queries.counted().filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(mine.annotate(measured=measure).values("measured"))


def _ordered(rows: Any, sort: str) -> Any:
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key == "academie":
        names = [academy.code for academy in sorted(reference.academies().values(), key=lambda one: fold(one.name))]
        return rows.order_by(*(_by_name(names, down)), "pk")
    if key == "rang":
        field: Any = F("rank")
    else:
        rows = rows.annotate(sorting=_scores(Avg("score") if key == "moyenne" else Max("score") - Min("score")))
        field = F("sorting")
    return rows.order_by(field.desc(nulls_last=True) if down else field.asc(nulls_last=True), "pk")


def _by_name(codes: list[str], down: bool) -> list[Any]:
    place = Case(
        *(When(academy=code, then=Value(n)) for n, code in enumerate(codes)), default=LAST, output_field=IntegerField()
    )
    return [place.desc() if down else place.asc(), F("rank").asc(nulls_last=True)]


def drawn(table: Table, keys: Iterable[int]) -> list[Row]:
    """These dossiers, in no particular order. Two queries."""
    rows: Any = Application.objects.filter(pk__in=list(keys)).select_related("decision", "pin").defer("description")
    measured = {
        each["application"]: each
        for each in queries.counted()
        .filter(application__in=list(keys))
        .order_by()
        .values("application")
        .annotate(n=Count("pk"), total=Sum("score"), most=Max("score"), least=Min("score"))
    }
    return [_row(table, row, measured.get(row.pk)) for row in rows]


def _row(table: Table, application: Application, measured: Any) -> Row:
    application.theme = table.themes[application.theme_id]
    decision: Decision | None = getattr(application, "decision", None)
    state = decision.state if decision else "pending"
    full = table.full(application) if state != "retained" else ""
    return Row(
        application=application,
        mean=(2 * measured["total"] + measured["n"]) // (2 * measured["n"]) if measured else None,
        spread=measured["most"] - measured["least"] if measured else None,
        opinions=measured["n"] if measured else 0,
        state=state,
        decision=decision,
        pin=getattr(application, "pin", None),
        proposed=application.pk in table.proposed if table.proposal else None,
        full=full,
    )


def row(application: Application) -> Row:
    """One dossier, as the committee sees it."""
    found = drawn(Table(application.theme.campaign), [application.pk])
    if not found:
        raise Missing("Cette candidature n'existe pas.")
    return found[0]


def opinions(application: Application) -> list[Opinion]:
    """The opinions that count on a dossier, with who gave them."""
    rows = queries.counted().filter(application=application).select_related("reader")
    return list(rows.order_by("given_at", "pk"))


def chosen(campaign: Campaign, keys: Iterable[str]) -> list[Application]:
    """The dossiers of a campaign that a page says were ticked: never more than what is there."""
    wanted = {int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 10}
    return list(_forwarded(campaign).filter(pk__in=wanted).select_related("theme__campaign").order_by("pk"))


@dataclass(frozen=True)
class Waiting:
    """A dossier of a waiting list, and its place in it."""

    application: Application
    rank: int
    reason: str


class WaitingList:
    """The waiting list of a theme, in its order: counted by the database, drawn a page at a time."""

    def __init__(self, theme: Theme) -> None:
        rows = Decision.objects.filter(application__theme=theme, state="waiting")
        self.rows = rows.order_by(F("waiting_rank").asc(nulls_last=True), "pk")

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Waiting]:
        first = (part.start or 0) + 1
        rows = self.rows.select_related("application").defer("application__description")[part]
        return [Waiting(row.application, n, row.reason) for n, row in enumerate(rows, first)]

    def numbers(self) -> list[int]:
        return list(self.rows.values_list("application_id", flat=True))
