"""A simulated campaign year: as many dossiers as one wants, for measures and trials. Same seed, same year.

The few rows of a campaign (themes, people, public call, announcement) go through the actions of the programme; what
is numerous (applications, opinions, decisions and their journal) is written in bulk.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from traam import reference
from traam.demo import judging, words
from traam.demo.build import PASSWORD, school_number
from traam.demo.judging import BATCH, Act
from traam.demo.work import Work, Worked
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns import actions as campaign_actions
from traam.programme.campaigns.actions import ThemeValues
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.journal.actions import System
from traam.programme.people.actions import appoint, know
from traam.programme.people.models import Person, Role

EDITION = "traam-2022"
DOMAIN = "simulation.traam.invalid"
# How far the year goes: call open, opinions given, decisions taken, groups open, and a whole year of their work.
STAGES = ("call", "opinions", "decisions", "groups", "year")
DAYS_SINCE_OPENING = {"call": 20, "opinions": 80, "decisions": 100, "groups": 130}
LAUNCH = (9, 15)
LEAST_WORK = timedelta(days=150)  # of a year that is told
DAYS_TO_ANSWER, DAYS_TO_ANNOUNCE = 60, 110
APPLICATIONS_FOR_A_GROUP = 2.5
EXPERTS, GENERAL_INSPECTORS = 33, 8
MOST_GROUPS = 10_000


@dataclass(frozen=True)
class Year:
    """What was made."""

    campaign: Campaign
    applications: int
    opinions: int
    retained: int
    work: Worked | None = None


@transaction.atomic
def simulate(
    groups: int,
    seed: int,
    *,
    at: datetime,
    until: str = "groups",
    themes: int = len(words.THEMES),
    tell: Callable[[str], None] = lambda sentence: None,
) -> Year:
    """Write a campaign of about 2.5 × `groups` applications, taken as far as `until` on the day `at`.

    The same arguments give the same names, texts, marks and decisions; `tell` receives a line for each step done.
    Raises Invalid when this campaign is already there, or when the number of groups makes no sense.
    """
    if not 1 <= groups <= MOST_GROUPS:
        raise Invalid(f"Donnez un nombre de groupes entre 1 et {MOST_GROUPS} (--groups).")
    stage = Stage(groups, Random(seed), at, until, themes)  # noqa: S311 - chosen to be replayed, not to be secret
    title = stage.title(seed)
    if Campaign.objects.filter(title=title).exists():
        raise Invalid(f"« {title} » est déjà là : rien n'a été écrit. Donnez une autre graine (--seed).")
    stage.gather()
    tell(f"{len(stage.people)} personnes")
    stage.open(title)
    tell(f"{themes} thèmes, appel ouvert le {stage.opened:%d/%m/%Y}")
    dossiers = stage.apply()
    tell(f"{len(dossiers)} candidatures")
    given, retained = stage.judge(dossiers, tell) if until != "call" else (0, 0)
    return Year(stage.campaign, len(dossiers), given, retained, stage.work(tell) if until == "year" else None)


def _academies() -> list[reference.Academy]:
    return [academy for academy in reference.academies().values() if academy.current]


def email_of(name: str) -> str:
    """`bureau`, `expert1`, `inspection.generale1`, `dan.lyon`, `inspecteur.lyon` of the simulation."""
    return f"{name}@{DOMAIN}"


@dataclass
class Stage:
    """The year as it is made. `people` is keyed by the first half of their addresses."""

    groups: int
    chance: Random
    at: datetime
    until: str
    count_of_themes: int
    people: dict[str, Person] = field(default_factory=dict)
    campaign: Campaign = field(init=False)
    themes: list[Theme] = field(init=False)

    @property
    def opened(self) -> datetime:
        """The day of the call; of a whole year, the spring before the last launch that leaves enough work to tell."""
        if self.until != "year":
            return self.at - timedelta(days=DAYS_SINCE_OPENING[self.until])
        told = (self.at - LEAST_WORK).date()
        year = told.year - (told < date(told.year, *LAUNCH))
        return self.at.replace(year=year, month=3, day=15)

    def day(self, days: int) -> datetime:
        """A moment counted from the opening, never after today."""
        return min(self.opened + timedelta(days=days), self.at)

    @property
    def first_year(self) -> int:
        """The year of the first September that follows the announcement."""
        announced = (self.opened + timedelta(days=DAYS_TO_ANNOUNCE)).date()
        return announced.year + (announced > date(announced.year, 9, 15))

    def title(self, seed: int) -> str:
        year = self.first_year
        return (
            f"Campagne simulée {year}-{year + 2} ({self.groups} groupes, {self.count_of_themes} thèmes, graine {seed})"
        )

    def gather(self) -> None:
        """The national team, experts, general inspectors, and two people in each academy. Names say the role."""
        self._person("bureau", "Bureau national (simulation)", Role.NATIONAL)
        for n in range(1, EXPERTS + 1):
            self._person(f"expert{n}", f"Expert numérique {n}", Role.EXPERT)
        for n in range(1, GENERAL_INSPECTORS + 1):
            self._person(f"inspection.generale{n}", f"Inspection générale {n}", Role.GENERAL_INSPECTOR)
        for academy in _academies():
            self._person(f"dan.{academy.slug}", f"DAN {academy.of_name}", Role.DAN, academy.code)
            self._person(f"inspecteur.{academy.slug}", f"Inspecteur {academy.of_name}", Role.INSPECTOR, academy.code)
        self._open_accounts()

    def _open_accounts(self) -> None:
        """Everyone of the simulation may sign in, by the password of the demonstration."""
        closed = [p for p in Person.objects.filter(email__endswith=f"@{DOMAIN}") if not p.has_usable_password()]
        password = make_password(PASSWORD)  # once: it is slow on purpose
        Person.objects.filter(pk__in=[person.pk for person in closed]).update(password=password)

    def _person(self, key: str, name: str, role: Role, academy: str = "") -> None:
        actor, since = System(), min(self.at - timedelta(days=400), self.opened - timedelta(days=30))
        person = know(email_of(key), name, phone="01 99 00 00 00", actor=actor, at=since)
        appoint(person, role, academy=academy, actor=actor, at=since)
        self.people[key] = person

    def open(self, title: str) -> None:
        """Draft the campaign, write its themes, open the call: as the national team does."""
        bureau = self.people["bureau"]
        self.campaign = campaign_actions.draft(
            title, EDITION, self.first_year, self._calendar(), actor=bureau, at=self.opened
        )
        for n, theme in enumerate(words.THEMES[: self.count_of_themes]):
            campaign_actions.save_theme(self.campaign, self._values(n, theme), actor=bureau, at=self.opened)
        catalogue_actions.open_call(self.campaign, actor=bureau, at=self.opened)
        self.campaign.refresh_from_db()
        self.themes = list(self.campaign.themes.select_related("campaign").order_by("pk"))

    def _calendar(self) -> dict[str, date | None]:
        announced = (self.opened + timedelta(days=DAYS_TO_ANNOUNCE)).date()
        return {
            "call_opens": self.opened.date(),
            "applications_due": (self.opened + timedelta(days=DAYS_TO_ANSWER)).date(),
            "announcement": announced,
            "launch": date(self.first_year, *LAUNCH),
            "end": date(self.first_year + 2, 6, 30),
        }

    def _values(self, n: int, theme: words.ThemeWords) -> ThemeValues:
        experts = [self.people[f"expert{1 + k % EXPERTS}"] for k in (2 * n, 2 * n + 1)]
        return ThemeValues(
            title=theme.title,
            framing=words.FRAMING.format(title=theme.title),
            axes=words.AXES[: 3 + n % 3],
            disciplines=theme.disciplines,
            degree=theme.degree,
            experts=experts,
            general_inspectors=[self.people[f"inspection.generale{1 + n % GENERAL_INSPECTORS}"]],
        )

    def apply(self) -> list[Application]:
        """The applications of all the academies: some academies and some themes are busier than others."""
        places = [(theme, academy) for theme in self.themes for academy in _academies()]
        weights = [self.chance.uniform(0.3, 1) for _ in places]
        chosen = self.chance.choices(places, weights, k=round(self.groups * APPLICATIONS_FOR_A_GROUP))
        ranks = {academy.code: itertools.count(1) for academy in _academies()}
        rows = [
            self._application(n, theme, academy, next(ranks[academy.code])) for n, (theme, academy) in enumerate(chosen)
        ]
        Application.objects.bulk_create(rows, batch_size=BATCH)
        judging.journal(
            Act(verb, row, row.created_by, when)
            for row in rows
            for verb, when in (("enter", row.created_at), ("forward", row.forwarded_at))
            if when
        )
        return rows

    def _application(self, n: int, theme: Theme, academy: reference.Academy, rank: int) -> Application:
        chance, first = self.chance, n == 0
        state = (
            "forwarded" if first else chance.choices(("forwarded", "draft", "submitted", "withdrawn"), (92, 4, 2, 2))[0]
        )
        inspector, dan = self.people[f"inspecteur.{academy.slug}"], self.people[f"dan.{academy.slug}"]
        entered = self.day(chance.randint(1, 15))
        opinion = chance.choices(("", "favourable", "reserved"), (5, 4, 1))[0]
        return Application(
            theme=theme,
            academy=academy.code,
            state=state,
            degree=theme.degree,
            inspector_name=inspector.name,
            inspector_email=inspector.email,
            inspector_phone=inspector.phone,
            referent_name=f"Professeur référent {n + 1} {academy.of_name}",
            referent_school=school_number(academy.code, 1 + rank % 90),
            school_kind=chance.choice(Application.SchoolKind.values),
            referent_email=email_of(f"referent{n + 1}.{academy.slug}"),
            referent_phone="01 99 00 00 01",
            titles=[self._project() for _ in range(chance.choices((1, 2), (4, 1))[0])],
            axes=sorted(chance.sample(range(1, len(theme.axes) + 1), k=2)),
            description=" ".join(chance.sample(words.SENTENCES, k=chance.randint(3, 6))),
            dasen_agreement=theme.degree != Theme.Degree.SECOND,
            rank=min(rank, 99),
            inspector_opinion=opinion,
            inspector_comment=words.PRAISE if opinion == "favourable" else words.FAIR if opinion else "",
            inspector_opinion_by=inspector if opinion else None,
            inspector_opinion_at=entered if opinion else None,
            created_by=dan,
            created_at=entered,
            changed_at=entered,
            forwarded_at=self.day(chance.randint(16, 58)) if state == "forwarded" else None,
        )

    def _project(self) -> str:
        return " ".join(self.chance.choice(part) for part in (words.VERBS, words.OBJECTS, words.MANNERS))

    def judge(self, rows: Sequence[Application], tell: Callable[[str], None]) -> tuple[int, int]:
        """Close the call, then give opinions, decide and announce, as far as the year goes. Opinions, retained."""
        bureau = self.people["bureau"]
        self.campaign = catalogue_actions.move_call(
            self.campaign, "close", actor=bureau, at=self.day(DAYS_TO_ANSWER + 1)
        )
        committee = judging.Committee(self.campaign, self.chance, [row for row in rows if row.state == "forwarded"])
        given = committee.read([self.day(days) for days in range(62, 79)])
        tell(f"{given} avis")
        if self.until == "opinions":
            return given, 0
        retained = committee.decide(self.groups, bureau, self.day(95))
        tell(f"{retained} candidatures retenues sur {len(committee.dossiers)} remontées")
        if self.until in {"groups", "year"}:
            opened = catalogue_actions.announce(self.campaign, actor=bureau, at=self.day(DAYS_TO_ANNOUNCE))
            tell(f"résultats annoncés, {len(opened)} groupes ouverts")
        return given, retained

    def work(self, tell: Callable[[str], None]) -> Worked:
        """The year of the groups, once they are open."""
        done = Work(self.campaign, self.chance, self.at, date(self.first_year, *LAUNCH), email_of).do(tell)
        self._open_accounts()
        return done
