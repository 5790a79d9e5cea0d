"""What simulated groups produce in their year, and a few notices on line.

Every group that is not late writes one or two scenarios, in every state of the review: drafts, proposed, submitted,
sent back, with the expert, validated. Each has its levels, its competences, and tests in class, at home and in other
groups of the theme, noted or still promised; some have none. Some groups have a support and a bilan académique, each
theme a module of its national group. All of it is written in bulk, as the actions would, with their journal.

Only the notices go through the actions (rights sheet, signature, checklist, audit, release): they cost a hundred
times more, and a year has `MOST_NOTICES` at most, one for each theme.
"""

from dataclasses import dataclass
from datetime import timedelta

from traam.demo import rights
from traam.demo.company import Company
from traam.demo.lessons import Lessons
from traam.demo.reporting import Reports
from traam.demo.reviewing import Reviews
from traam.demo.trying import Trying
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.groups.models import Member
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario

MOST_NOTICES = 8
RELEASED = timedelta(days=3)  # after the last day of the work


@dataclass(frozen=True)
class Produced:
    """How many of each were written."""

    scenarios: int
    tests: int
    supports: int
    modules: int
    bilans: int


def produce(company: Company) -> Produced:
    """Write it all; the journal of it is in `company.acts`. The bilans come last: they count what is before them."""
    reviews, lessons = Reviews(company), Lessons(company)
    scenarios = lessons.write(reviews)
    tests = Trying(company, lessons.moves).do(scenarios)
    reports = Reports(company, reviews)
    supports, modules, bilans = reports.supports(), reports.modules(), reports.bilans()
    reviews.keep()
    return Produced(len(scenarios), tests, supports, modules, bilans)


def publish(company: Company) -> int:
    """Put on line the first validated and tried scenario of some themes; how many."""
    rows = Scenario.objects.filter(group__in=company.groups, state="validated", tests__isnull=False).distinct()
    first: dict[int, int] = {}
    for scenario, theme in rows.order_by("pk").values_list("pk", "group__application__theme"):
        first.setdefault(theme, scenario)
    chosen = list(first.values())[:MOST_NOTICES]
    for key in chosen:
        _release(find_scenario(key), company)
    return len(chosen)


def _release(scenario: Scenario, company: Company) -> None:
    referent = company.of_role(scenario.group, Member.Role.REFERENT)
    inspector = company.of_role(scenario.group, Member.Role.INSPECTOR)
    at = company.moment(company.last + RELEASED)
    rights.fill(scenario, referent, at)
    rights.sign(scenario, referent, at)
    rights.check(scenario, inspector, at)
    rights.audit(scenario, inspector, at)
    catalogue_actions.release(scenario, actor=inspector, at=at)
