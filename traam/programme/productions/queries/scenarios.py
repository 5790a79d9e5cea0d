from datetime import date, datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward, Theme
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.productions.models import ClassTest, Scenario, Turn
from traam.programme.productions.queries.reviews import last_version


def _scenarios() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("group__application__theme__campaign", "review").prefetch_related(
        Prefetch("group__members", Member.objects.select_related("person").order_by("pk")),
        Prefetch("group__application__theme__stewards", Steward.objects.select_related("person")),
        "pieces",
        Prefetch("tests", ClassTest.objects.select_related("by").order_by("-on", "-pk")),
    )


def scenario(pk: int) -> Scenario:
    try:
        return _scenarios().get(pk=pk)
    except Scenario.DoesNotExist:
        raise Missing("Ce scénario n'existe pas.") from None


def listed(group: Group) -> list[Scenario]:
    """The scenarios of a group, to name them: neither their members nor their tests are read."""
    return list(Scenario.objects.filter(group=group).order_by("pk"))


def of_groups(groups: list[Group]) -> list[Scenario]:
    return list(_scenarios().filter(group__in=[g.pk for g in groups]).order_by("pk"))


def counts(groups: list[Group]) -> dict[int, dict[str, int]]:
    """How many scenarios of each state each group has, by the group's number."""
    rows = Scenario.objects.filter(group__in=[g.pk for g in groups]).values("group", "state").annotate(n=Count("pk"))
    table: dict[int, dict[str, int]] = {}
    for row in rows.order_by():
        table.setdefault(row["group"], {})[row["state"]] = row["n"]
    return table


def tests(scenario: Scenario) -> list[ClassTest]:
    return list(scenario.tests.all())


def as_submitted(scenario: Scenario) -> Scenario | None:
    """The scenario as its authors last submitted it, whatever they have written since; None before that."""
    version = last_version(scenario)
    if version is None:
        return None
    content = dict(version.content)
    pieces = content.pop("pieces", [])
    found = Scenario(group=scenario.group, version=version.number, changed_at=version.made_at, **content)
    found.pieces_then = pieces
    return found


def reads_somewhere(person: Person, at: datetime) -> bool:
    """Whether the person leads a theme, or pilots a group."""
    pilots = Member.objects.filter(person=person, role=Member.Role.INSPECTOR, until__isnull=True)
    return leading(person, at).exists() or pilots.exists()


def of_theme(theme: Theme) -> QuerySet[Scenario]:
    """The scenarios of a theme that were submitted once at least, by academy. Neither members nor tests are read."""
    rows = Scenario.objects.filter(group__application__theme=theme, version__gt=0)
    return rows.select_related("group__application__theme__campaign").order_by("group__application__academy", "pk")


def of_inspector(person: Person, at: datetime) -> QuerySet[Scenario]:
    """The scenarios an inspector was asked to read: of the groups she pilots, or of her academy; last moved first.
    Neither members nor tests are read."""
    keys = Scenario.objects.filter(_inspected(person, at), version__gt=0).values("pk")
    rows = Scenario.objects.filter(pk__in=keys).select_related("group__application__theme__campaign")
    return rows.order_by("-changed_at", "-pk")


def to_review(person: Person, at: datetime) -> list[Scenario]:
    """The submitted scenarios that wait for an inspector, the oldest first."""
    keys = Scenario.objects.filter(_inspected(person, at), state="submitted").values("pk")
    return list(_scenarios().filter(pk__in=keys).order_by("changed_at"))


def in_hand(person: Person, at: datetime) -> QuerySet[Scenario]:
    """The scenarios that wait for a person, the oldest first: to publish as an inspector (`inspected`),
    to write or to mend as a member of their groups (`written`). Their members and tests are not read."""
    seats = Member.objects.filter(group=OuterRef("group"), person=person, until__isnull=True)
    pilots = Q(Exists(seats.filter(role=Member.Role.INSPECTOR)))
    pilots |= Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR))
    rows = Scenario.objects.annotate(
        inspected=ExpressionWrapper(pilots, output_field=BooleanField()), written=Exists(seats)
    ).filter(Q(inspected=True, state="validated") | Q(written=True, state__in=["draft", "returned"]))
    return rows.select_related("group__application__theme__campaign").order_by("changed_at", "pk")


def _inspected(person: Person, at: datetime) -> Q:
    condition = Q(
        group__members__person=person,
        group__members__role=Member.Role.INSPECTOR,
        group__members__until__isnull=True,
    )
    return condition | Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR))


def to_mend(person: Person) -> list[Scenario]:
    """The scenarios sent back to the groups of which the person is a member."""
    condition = Q(group__members__person=person, group__members__until__isnull=True)
    keys = Scenario.objects.filter(condition, state="returned").values("pk")
    return list(_scenarios().filter(pk__in=keys).order_by("changed_at"))


def deliverables(group: Group, since: date, until: date) -> dict[int, list[str]]:
    """What each person (by number) of a group handed over in a period: scenarios submitted or validated in it that she
    began, submitted or signs, tests in class she held in it. Sentences, the oldest first."""
    found: dict[int, list[str]] = {}
    people = {member.person for member in group.members.all()}
    turns = Turn.objects.filter(review__scenario__group=group, verb__in=["submit", "validate", "confirm"])
    latest: dict[int, Turn] = {}
    handed: dict[int, set[int]] = {}
    for turn in turns.select_related("review__scenario").order_by("at", "pk"):
        if turn.verb == "submit":
            handed.setdefault(turn.review.scenario.pk, set()).add(turn.by_id)
        if since <= localtime(turn.at).date() <= until:
            latest[turn.review.scenario.pk] = turn
    for turn in latest.values():
        scenario = turn.review.scenario
        verb = "soumis" if turn.verb == "submit" else "validé"
        said = f"Scénario {verb} le {localtime(turn.at):%d/%m/%Y}, version {turn.version} : {scenario.title}"
        hands = handed.get(scenario.pk, set()) | {scenario.created_by_id}
        for person in people:
            if person.pk in hands or person.name in scenario.authors:
                found.setdefault(person.pk, []).append(said)
    tests = ClassTest.objects.filter(group=group, on__range=(since, until)).select_related("scenario")
    for test in tests.order_by("on", "pk"):
        said = f"Test en classe du {test.on:%d/%m/%Y}, {test.pupils} élèves : {test.scenario.title}"
        found.setdefault(test.by_id, []).append(said)
    return found
