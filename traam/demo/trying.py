"""The scenarios of a simulated year tried in class: by their own group, and by those of other academies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from traam.demo import words
from traam.demo.company import Company
from traam.demo.judging import BATCH
from traam.demo.lessons import LEVELS
from traam.demo.reviewing import AT_ONCE, Step
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person
from traam.programme.productions.models import ClassTest, Promise, Scenario

# How many times a scenario is tried at home, by how many others it is taken, and how often.
AT_HOME = ((0, 1, 2), (3, 11, 6))
ELSEWHERE = ((0, 1, 2, 3), (4, 7, 4, 2))
WITH_THE_PARTNER = 0.6
# What became of it: noted without a word before, promised then held, promised, asked, declined.
BECAME = (("noted", "kept", "promised", "asked", "declined"), (4, 4, 2, 2, 1))
ROOM = 25  # days that it takes to ask, to promise and to hold a test


@dataclass
class Trying:
    """The tests of these scenarios; `moves` are those of each, by its number."""

    company: Company
    moves: Mapping[int, Sequence[Step]]
    promises: list[Promise] = field(default_factory=list)
    tests: list[ClassTest] = field(default_factory=list)
    told: list[tuple[str, Promise, Person, datetime]] = field(default_factory=list)

    def do(self, scenarios: Sequence[Scenario]) -> int:
        """Write the tests and the promises; how many tests."""
        teams: dict[int, list[Group]] = {}
        for group in self.company.at_work:
            teams.setdefault(group.application.theme_id, []).append(group)
        for scenario in scenarios:
            self._at_home(scenario)
            if scenario.version:
                self._elsewhere(scenario, teams[scenario.group.application.theme_id])
        Promise.objects.bulk_create(self.promises, batch_size=BATCH)
        ClassTest.objects.bulk_create(self.tests, batch_size=BATCH)
        self._tell()
        return len(self.tests)

    def _at_home(self, scenario: Scenario) -> None:
        begun = localtime(scenario.created_at).date()
        times = self.company.chance.choices(*AT_HOME)[0] if scenario.sections.get("steps") else 0
        for _ in range(times):
            self._test(scenario, scenario.group, self.company.between(begun + timedelta(days=5), self.company.last))

    def _elsewhere(self, scenario: Scenario, teams: Sequence[Group]) -> None:
        """Other groups of the theme, once they may read what was submitted."""
        company, first = self.company, self._submitted(scenario)[0]
        for group in self._takers(scenario, teams):
            room = (company.last - first).days
            became = company.chance.choices(*BECAME)[0] if room > ROOM else "asked"
            if became == "noted":
                self._test(scenario, group, company.between(first + timedelta(days=3), company.last))
            else:
                self._promise(scenario, group, became, company.between(first, company.last - timedelta(days=ROOM)))

    def _takers(self, scenario: Scenario, teams: Sequence[Group]) -> list[Group]:
        """The groups that take a scenario, each once; the next one of the theme is the partner of its authors."""
        chance, place = self.company.chance, teams.index(scenario.group)
        others = [*teams[place + 1 :], *teams[:place]]
        count = min(chance.choices(*ELSEWHERE)[0], len(others))
        partner = others[:1] if count and chance.random() < WITH_THE_PARTNER else []
        return partner + chance.sample(others[len(partner) :], k=count - len(partner))

    def _promise(self, scenario: Scenario, group: Group, became: str, asked: date) -> None:
        company = self.company
        referent = company.of_role(scenario.group, Member.Role.REFERENT)
        sent = next(step.at for step in self.moves[scenario.pk] if step.verb == "submit")
        when = max(company.moment(asked), sent + AT_ONCE)
        made = Promise(
            scenario=scenario,
            group=group,
            state=became,
            message=company.chance.choice(words.ASKING),
            asked_by=referent,
            asked_at=when,
            changed_at=when,
        )
        self.promises.append(made)
        self.told.append(("ask", made, referent, when))
        if became != "asked":
            self._answer(made, asked + timedelta(days=company.chance.randint(2, 6)))

    def _answer(self, made: Promise, day: date) -> None:
        company = self.company
        when, by = max(company.moment(day), made.asked_at + AT_ONCE), company.of_role(made.group, Member.Role.REFERENT)
        made.changed_at = when
        if made.state == "declined":
            made.answer = company.chance.choice(words.DECLINING)
            self.told.append(("decline", made, by, when))
            return
        today = localtime(company.at).date()
        days = (day, company.last) if made.state == "kept" else (today, today + timedelta(days=40))
        made.planned_on = company.between(days[0] + timedelta(days=3), days[1])
        made.person, made.level = company.writer(made.group, day), self._level(made.scenario)
        self.told.append(("promise", made, by, when))
        if made.state == "kept":
            kept = self._test(made.scenario, made.group, made.planned_on, made)
            made.changed_at = kept.recorded_at

    def _test(self, scenario: Scenario, group: Group, on: date, promise: Promise | None = None) -> ClassTest:
        chance = self.company.chance
        recorded = self.company.moment(min(on + timedelta(days=chance.randint(0, 4)), self.company.last))
        made = ClassTest(
            scenario=scenario,
            version=max(sum(day <= on for day in self._submitted(scenario)), 1),
            group=group,
            promise=promise,
            academy=group.academy,
            level=promise.level if promise else self._level(scenario),
            on=on,
            pupils=chance.randint(11, 34),
            worked=chance.choice(words.WORKED),
            resisted=chance.choice(("", *words.RESISTED)),
            advice=chance.choice(("", *words.ADVICE)),
            by=self.company.writer(group, on),
            recorded_at=recorded,
        )
        self.tests.append(made)
        return made

    def _submitted(self, scenario: Scenario) -> list[date]:
        return [localtime(step.at).date() for step in self.moves[scenario.pk] if step.verb == "submit"]

    def _level(self, scenario: Scenario) -> str:
        """One of its levels, most of the time."""
        theme = scenario.group.application.theme
        near = self.company.chance.random() < 0.1
        levels: Sequence[str] = LEVELS[theme.degree] if near else scenario.levels
        return self.company.chance.choice(levels)

    def _tell(self) -> None:
        """The journal of each scenario, once rows have their numbers."""
        for verb, made, by, when in self.told:
            data = {"promise": made.pk, "group": made.group_id, "academy": made.group.academy}
            if verb == "promise" and made.planned_on:
                data["planned_on"] = made.planned_on.isoformat()
            self.company.did(f"{verb}_trial", made.scenario, by, when, data)
        for test in self.tests:
            data = {"test": test.pk, "academy": test.academy, "level": test.level, "version": test.version}
            self.company.did("record_test", test.scenario, test.by, test.recorded_at, data)
