"""What a reader may know of the dossiers of a theme, and nothing else.

The pages of the readers receive these values, never the rows of the database: a dossier whose `identity` is None
holds nothing that says who applies, so that no page, export or order can tell it. The number of a dossier is the
key of its row: given once by the database, in the order of entry of the whole platform, it says neither the academy
nor the rank, and it is the same for every reader. Read blind, dossiers follow their numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce

from traam import reference
from traam.engines.rulebook import Selection
from traam.engines.sheets import fold, fold_all
from traam.engines.workflow import ALLOWED, Missing, Verdict, allow_if, refuse
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import national_standing
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries, readers, rules
from traam.programme.selection.models import Assignment, Conflict, Note, Opinion
from traam.programme.selection.states import DECISION, READERS

LAST = 99  # the place of a dossier that its academy did not rank
ACADEMIES = tuple(reference.academies())  # in alphabetical order
ACADEMY_NAMES = {code: academy.name for code, academy in reference.academies().items()}


@dataclass(frozen=True)
class Identity:
    """Who applies: all that a blind reader must not know."""

    academy: str
    rank: int | None
    inspector_name: str
    inspector_opinion: str  # its French label, "" when none was given
    inspector_comment: str
    referent_name: str
    referent_school: str
    dasen_agreement: bool
    forwarded_at: datetime | None
    renews: bool

    @property
    def academy_name(self) -> str:
        return reference.academies()[self.academy].name

    @property
    def region(self) -> str:
        return reference.academies()[self.academy].region


@dataclass(frozen=True)
class Judgment:
    """An opinion: `marks` maps a criterion to a value of the scale. `aside`: kept, but it does not count."""

    reader: str
    mine: bool
    marks: Mapping[str, int]
    score: int
    comment: str
    given_at: datetime
    aside: bool
    word: str  # the score in the words of the scale


@dataclass(frozen=True)
class Sheet:
    """A dossier as this reader may know it.

    `judgments` and what is drawn from them are None while she may not read the others' opinions (`sight` says why);
    `state` is "" while the decision is not hers to know. `waits`: for her opinion.
    """

    number: int
    titles: tuple[str, ...]
    axes: tuple[int, ...]
    description: str
    degree: str
    school_kind: str
    identity: Identity | None
    mine: Judgment | None
    waits: bool
    conflict: Verdict
    declared: str | None  # the reason she gave
    sight: Verdict
    judgments: tuple[Judgment, ...] | None
    state: str
    reason: str
    means: Mapping[str, int]  # by criterion, in hundredths

    @property
    def name(self) -> str:
        return self.identity.academy_name if self.identity else f"Dossier n° {self.number}"

    @property
    def title(self) -> str:
        return " ; ".join(self.titles) or "(sans intitulé)"

    @property
    def counted(self) -> tuple[Judgment, ...]:
        return tuple(judgment for judgment in self.judgments or () if not judgment.aside)

    @property
    def others(self) -> tuple[Judgment, ...] | None:
        return None if self.judgments is None else tuple(each for each in self.judgments if not each.mine)

    @property
    def mean(self) -> int | None:
        """Of the scores that count, in hundredths, a half rounded up."""
        scores = [judgment.score for judgment in self.counted]
        return (2 * sum(scores) + len(scores)) // (2 * len(scores)) if scores else None

    @property
    def spread(self) -> int | None:
        """How far apart the readers are: the highest score less the lowest, from two readers on."""
        scores = [judgment.score for judgment in self.counted]
        return max(scores) - min(scores) if len(scores) > 1 else None

    @property
    def state_label(self) -> str:
        return DECISION.states[self.state] if self.state else ""


@dataclass(frozen=True)
class Viewer:
    """A person before a theme: what she reads of it, and whether the names are hidden from her.

    `reads`: she gives opinions here; `whole`: she reads every dossier; `judging`: until the announcement.
    """

    person: Person
    theme: Theme
    at: datetime
    national: bool
    whole: bool
    reads: bool
    announced: bool
    hidden: bool

    @property
    def judging(self) -> bool:
        return self.reads and not self.announced

    @property
    def selection(self) -> Selection:
        return self.theme.campaign.edition.selection


def viewer(theme: Theme, person: Person, at: datetime) -> Viewer:
    """For a person whom `policies.may_read_theme` lets in."""
    announced = policies.announced(theme.campaign)
    held = theme_standing(person, theme, at)
    return Viewer(
        person=person,
        theme=theme,
        at=at,
        national=bool(national_standing(person, at)),
        whole=bool(held),
        reads=not held or bool(held & READERS),
        announced=announced,
        hidden=policies.names_hidden(person, theme.campaign, at, announced=announced),
    )


# --- which dossiers


def _rows(seen: Viewer) -> QuerySet[Application]:
    """The dossiers this reader may know of. Read blind, those of her own academy do not exist for her."""
    rows = Application.objects.filter(theme=seen.theme, state="forwarded")
    if not seen.whole:
        rows = rows.filter(Exists(Assignment.objects.filter(application=OuterRef("pk"), reader=seen.person)))
    return rows.exclude(queries.found_conflict(seen.person, seen.at)) if seen.hidden else rows


def _waiting(rows: QuerySet[Application], seen: Viewer) -> QuerySet[Application]:
    """Those that wait for the opinion of this reader."""
    if not seen.judging:
        return rows.none()
    mine = Opinion.objects.filter(application=OuterRef("pk"), reader=seen.person)
    free = rows.filter(~Exists(mine), ~Exists(queries.declared_conflict("pk", seen.person)))
    return free.exclude(queries.found_conflict(seen.person, seen.at))


def _sorted(rows: QuerySet[Application], seen: Viewer) -> Any:
    """In the usual order: by academy and rank or, read blind, by number."""
    return rows.order_by("pk") if seen.hidden else _placed(rows).order_by("place", "ranked", "pk")


def _placed(rows: QuerySet[Application]) -> Any:  # the annotations of a query set are lost on the type checker
    places = [When(academy=code, then=Value(place)) for place, code in enumerate(ACADEMIES)]
    return rows.annotate(
        place=Case(*places, default=Value(len(ACADEMIES)), output_field=IntegerField()),
        ranked=Coalesce("rank", Value(LAST)),
    )


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the list. `sort` is one of `sorts(viewer)`, "-" before it to go down."""

    words: str = ""
    waiting: bool = False
    little_read: bool = False
    academy: str = ""
    inspector_opinion: str = ""
    names_itself: bool = False
    sort: str = "dossier"


def sorts(seen: Viewer) -> tuple[str, ...]:
    """By what this reader may sort: what she does not know sorts nothing."""
    known = ["dossier", "moyenne", "ecart"]
    known += ["lectures"] if seen.national else []
    known += [] if seen.hidden else ["rang", "avis"]
    return tuple(known)


def _asked(seen: Viewer, asked: Asked) -> tuple[QuerySet[Application], int | None]:
    """The rows, and how many they are when it is known without asking."""
    rows = _rows(seen)
    if asked.waiting:
        rows = _waiting(rows, seen)
    if asked.little_read and seen.national:
        least = seen.selection.readers_min
        rows = rows.annotate(opinions_counted=readers.opinions_counted()).filter(opinions_counted__lt=least)
    if asked.names_itself and seen.national:
        rows = rows.filter(pk__in=[row.pk for row in rows if rules.names_itself(row)])
    if not seen.hidden:
        named = {"academy": asked.academy, "inspector_opinion": asked.inspector_opinion}
        rows = rows.filter(**{name: value for name, value in named.items() if value})
    return _matching(rows, seen, asked.words) if fold(asked.words) else (rows, None)


def _matching(rows: QuerySet[Application], seen: Viewer, words: str) -> tuple[QuerySet[Application], int]:
    """Those that hold every word: in the titles and the number and, unless read blind, in the names."""
    wanted = fold(words).split()
    fields = ["pk", "titles"] + ([] if seen.hidden else ["academy", "referent_name", "inspector_name"])
    keys, texts = [], []
    for row in rows.values(*fields):
        names = [] if seen.hidden else [ACADEMY_NAMES[row["academy"]], row["referent_name"], row["inspector_name"]]
        keys.append(row["pk"])
        texts.append(" ".join([str(row["pk"]), *row["titles"], *names]))
    found = [key for key, text in zip(keys, fold_all(texts), strict=True) if all(word in text for word in wanted)]
    return rows.filter(pk__in=found) if len(found) < len(keys) else rows, len(found)


def _ordered(rows: QuerySet[Application], seen: Viewer, asked: str) -> Any:
    """Sorted as asked. A number that this reader may not read yet sorts as if there were none."""
    key, down = asked.removeprefix("-"), asked.startswith("-")
    if key not in sorts(seen) or key == "dossier":
        usual = _sorted(rows, seen)
        return usual.reverse() if down else usual
    field: Any
    if key == "rang":
        rows, field = _placed(rows), F("ranked")
    elif key == "avis":
        rows, field = rows.annotate(opinion_place=_opinion_place()), F("opinion_place")
    else:
        rows, field = rows.annotate(sorting=_number(seen, key)), F("sorting")
    return rows.order_by(field.desc(nulls_last=True) if down else field.asc(nulls_last=True), "pk")


def _opinion_place() -> Case:
    """The opinion of the inspector, the least favourable first."""
    places = reversed(Application.InspectorOpinion.values)
    return Case(*(When(inspector_opinion=each, then=Value(place)) for place, each in enumerate(places)), default=None)


def _number(seen: Viewer, key: str) -> Any:
    """The mean of a dossier, how far apart its readers are, or how many they are: where this reader may read them."""
    mine = queries.counted().filter(application=OuterRef("pk")).order_by().values("application")
    measures = {"moyenne": Avg("score"), "ecart": Max("score") - Min("score")}
    if key == "lectures":
        number: Any = readers.opinions_counted()
    else:
        number = Subquery(mine.annotate(n=measures[key]).values("n"))
    if seen.national:
        return number
    given = Exists(Opinion.objects.filter(application=OuterRef("pk"), reader=seen.person))
    declared = Exists(queries.declared_conflict("pk", seen.person))
    readable = Q(given) & ~Q(declared) & ~queries.found_conflict(seen.person, seen.at)
    return Case(When(readable, then=number), default=None)


# --- the values


class Listing:
    """The dossiers that a reader asks for, in order: counted by the database, drawn a page at a time."""

    def __init__(self, seen: Viewer, asked: Asked) -> None:
        self.seen = seen
        self.rows, self.found = _asked(seen, asked)
        self.sort = asked.sort

    def __len__(self) -> int:
        return self.count()

    def count(self) -> int:
        return self.rows.count() if self.found is None else self.found

    def __getitem__(self, part: slice) -> list[Sheet]:
        return self._drawn(list(_ordered(self.rows, self.seen, self.sort).values_list("pk", flat=True)[part]))

    def all(self) -> list[Sheet]:
        return self._drawn(list(_ordered(self.rows, self.seen, self.sort).values_list("pk", flat=True)))

    def _drawn(self, keys: list[int]) -> list[Sheet]:
        sheets = {sheet.number: sheet for sheet in _sheets(self.seen, keys)}
        return [sheets[key] for key in keys]


def dossier(pk: int) -> Application:
    """The row of a dossier with all that its page reads of it: `sheet_of` says what a reader may know."""
    rows = _with_opinions(Application.objects.select_related("theme__campaign")).prefetch_related("theme__stewards")
    try:
        return rows.get(pk=pk)
    except Application.DoesNotExist:
        raise Missing("Cette candidature n'existe pas.") from None


def sheet_of(seen: Viewer, row: Application) -> Sheet:
    """One dossier, as `dossier` read it, whom `policies.may_read` lets this reader read."""
    return _drawn(seen, row)


def sheet(seen: Viewer, number: int) -> Sheet:
    """The same, by its number."""
    return _sheets(seen, [number])[0]


def may_judge(seen: Viewer, sheet: Sheet) -> Verdict:
    """As `policies.may_give_opinion`, of a dossier she may read: nothing is read again."""
    if not seen.reads:
        return refuse(policies.NOT_A_JUDGE)
    return sheet.conflict and allow_if(not seen.announced, policies.KNOWN)


def _sheets(seen: Viewer, keys: Iterable[int]) -> list[Sheet]:
    return [_drawn(seen, row) for row in _with_opinions(Application.objects.filter(pk__in=list(keys)))]


def _with_opinions(rows: QuerySet[Application]) -> QuerySet[Application]:
    opinions = Prefetch("opinions", Opinion.objects.select_related("reader").order_by("given_at", "pk"))
    return rows.select_related("decision").prefetch_related(opinions, Prefetch("conflicts", Conflict.objects.all()))


def _drawn(seen: Viewer, row: Application) -> Sheet:
    declared = {conflict.reader_id: conflict.reason for conflict in row.conflicts.all()}
    conflict = policies.found_conflict(seen.person, row, seen.at)
    if conflict and seen.person.pk in declared:
        conflict = refuse(policies.DECLARED)
    judgments = tuple(_judgment(seen, opinion, declared) for opinion in row.opinions.all())
    mine = next((judgment for judgment in judgments if judgment.mine), None)
    sight = _sight(seen, conflict, mine)
    # That another reader's opinion is set aside says that she has to do with the dossier.
    visible = tuple(each for each in judgments if seen.national or each.mine or not each.aside) if sight else None
    decision = getattr(row, "decision", None)
    knows = seen.announced or seen.national
    return Sheet(
        number=row.pk,
        titles=tuple(row.titles),
        axes=tuple(row.axes),
        description=row.description,
        degree=row.degree_label,
        school_kind=row.get_school_kind_display(),
        identity=None if seen.hidden else _identity(row),
        mine=mine,
        waits=seen.judging and mine is None and bool(conflict),
        conflict=conflict,
        declared=declared.get(seen.person.pk),
        sight=sight,
        judgments=visible,
        state=(decision.state if decision else "pending") if knows else "",
        reason=decision.reason if decision and knows else "",
        means=_means(seen.selection, visible or ()),
    )


def _sight(seen: Viewer, conflict: Verdict, mine: Judgment | None) -> Verdict:
    """As `policies.may_see_opinions`."""
    if seen.national:
        return ALLOWED
    if not conflict:
        return conflict
    return ALLOWED if mine else refuse(policies.AFTER_ONES_OWN)


def _identity(row: Application) -> Identity:
    return Identity(
        academy=row.academy,
        rank=row.rank,
        inspector_name=row.inspector_name,
        inspector_opinion=row.get_inspector_opinion_display() if row.inspector_opinion else "",
        inspector_comment=row.inspector_comment,
        referent_name=row.referent_name,
        referent_school=row.referent_school,
        dasen_agreement=row.dasen_agreement,
        forwarded_at=row.forwarded_at,
        renews=row.renews_id is not None,
    )


def _judgment(seen: Viewer, opinion: Opinion, declared: Mapping[int, str]) -> Judgment:
    return Judgment(
        reader=opinion.reader.name,
        mine=opinion.reader_id == seen.person.pk,
        marks=opinion.marks,
        score=opinion.score,
        comment=opinion.comment,
        given_at=opinion.given_at,
        aside=opinion.reader_id in declared,
        word=word(seen.selection, opinion.score),
    )


def word(selection: Selection, score: int) -> str:
    """A score in the words of the scale: the nearest mark, the higher of two as near."""
    return min(reversed(selection.marks), key=lambda mark: abs(100 * mark.value - score)).label


def _means(selection: Selection, judgments: Iterable[Judgment]) -> dict[str, int]:
    """The mean of each criterion over the opinions that count, in hundredths."""
    counted = [judgment for judgment in judgments if not judgment.aside]
    means = {}
    for criterion in selection.criteria:
        mean = selection.mean(100 * each.marks[criterion.id] for each in counted if criterion.id in each.marks)
        if mean is not None:
            means[criterion.id] = mean
    return means


# --- from one dossier to the next


@dataclass(frozen=True)
class Neighbour:
    """A dossier one may go to."""

    number: int
    name: str


@dataclass(frozen=True)
class Around:
    """What surrounds a dossier, in the usual order. `waiting`: how many others wait for this reader."""

    before: Neighbour | None
    after: Neighbour | None
    next_waiting: Neighbour | None
    waiting: int


def around(seen: Viewer, sheet: Sheet) -> Around:
    """Three queries, none of which reads the list."""
    before, after = _sides(sheet)
    rows = _sorted(_rows(seen), seen)
    following = _following(seen, sheet.number, after)
    return Around(
        before=_neighbour(seen, rows.filter(before).last()),
        after=_neighbour(seen, rows.filter(after).first()),
        next_waiting=_neighbour(seen, following),
        waiting=following.waiting if following else 0,
    )


def _following(seen: Viewer, number: int, after: Q) -> Any:
    """The next dossier that waits for this reader, those before it coming last; `waiting` counts them all."""
    rows = _waiting(_rows(seen).exclude(pk=number), seen)
    usual: Any = _sorted(rows, seen)
    turned = usual.annotate(turn=Case(When(after, then=Value(0)), default=Value(1)), waiting=Window(Count("pk")))
    return turned.order_by("turn", *usual.query.order_by).first()


def _sides(sheet: Sheet) -> tuple[Q, Q]:
    """What comes before a dossier in the usual order, and what comes after it."""
    number, who = sheet.number, sheet.identity
    if who is None:  # read blind
        return Q(pk__lt=number), Q(pk__gt=number)
    place, rank = ACADEMIES.index(who.academy), LAST if who.rank is None else who.rank
    same_place, same_rank = Q(place=place), Q(ranked=rank)
    before = Q(place__lt=place) | same_place & (Q(ranked__lt=rank) | same_rank & Q(pk__lt=number))
    after = Q(place__gt=place) | same_place & (Q(ranked__gt=rank) | same_rank & Q(pk__gt=number))
    return before, after


def _neighbour(seen: Viewer, row: Application | None) -> Neighbour | None:
    if row is None:
        return None
    return Neighbour(row.pk, f"Dossier n° {row.pk}" if seen.hidden else row.academy_name)


def first_waiting(seen: Viewer) -> Neighbour | None:
    return _neighbour(seen, _sorted(_waiting(_rows(seen), seen), seen).first())


@dataclass(frozen=True)
class Tally:
    """How far this reader is in a theme."""

    dossiers: int
    given: int
    waiting: int


def tally(seen: Viewer) -> Tally:
    """One query."""
    rows: Any = _rows(seen).annotate(
        given=Exists(Opinion.objects.filter(application=OuterRef("pk"), reader=seen.person)),
        declared=Exists(queries.declared_conflict("pk", seen.person)),
    )
    found = queries.found_conflict(seen.person, seen.at)
    counts = rows.aggregate(
        dossiers=Count("pk"),
        n_given=Count("pk", filter=Q(given=True, declared=False)),
        waiting=Count("pk", filter=Q(given=False, declared=False) & ~found),
    )
    return Tally(counts["dossiers"], counts["n_given"], counts["waiting"] if seen.judging else 0)


def note(person: Person, number: int) -> str:
    """What this person wrote down for herself about a dossier."""
    found = Note.objects.filter(application=number, author=person).values_list("text", flat=True).first()
    return found or ""
