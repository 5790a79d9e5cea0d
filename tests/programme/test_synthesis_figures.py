"""Every figure of a synthesis and every cell of its tables, one by one, against independent questions."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from synthesis_questions import QUESTIONS, Cells, figures_of, rows, tables_of

from traam.demo.simulate import simulate
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue.syntheses.content import Content, Drawn
from traam.programme.groups.models import Group, Meeting
from traam.programme.productions.models import ClassTest, Review, Scenario
from traam.programme.valorisation.syntheses import counting, figures, queries, sources
from traam.programme.valorisation.syntheses.models import Synthesis

pytestmark = pytest.mark.django_db

DAY = datetime(2027, 3, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def demonstrated(at: datetime) -> list[Theme]:
    """The themes at work of the demonstration, where a scenario of Lyon was tried in Lille by somebody of both."""
    lyon = Group.objects.filter(application__academy="10", scenarios__tests__isnull=False).order_by("pk")[0]
    theme = lyon.application.theme
    lille = Group.objects.get(application__theme=theme, application__academy="09")
    member = lyon.members.filter(role="teacher").order_by("pk")[0]
    lille.members.create(person=member.person, role="teacher", since=at.date())
    Meeting.objects.create(theme=theme, on=at.date(), mode="remote", subject="Point", state="held", recorded_at=at)
    ClassTest.objects.create(
        scenario=Scenario.objects.filter(group=lyon).order_by("pk")[0],
        version=1,
        group=lille,
        academy="09",
        level="021",
        on=at.date(),
        pupils=31,
        worked="Les élèves ont su dire d'où venait chaque image.",
        by=member.person,
        recorded_at=at,
    )
    return queries.themes_at_work()


@pytest.fixture
def simulated() -> list[Theme]:
    campaign: Campaign = simulate(10, 6, at=DAY, until="year", themes=2).campaign
    return [theme for theme in queries.themes_at_work() if theme.campaign_id == campaign.pk]


def cells(table: Drawn) -> Cells:
    return {
        (str(row[0]), column): int(value)
        for row in table.rows
        for column, value in zip(table.columns[1:], row[1:], strict=True)
    }


def hold(themes: Sequence[Theme]) -> tuple[dict[str, int], dict[str, Cells]]:
    """Counted and asked, the same; what was asked."""
    facts = counting.facts(themes)
    expected, expected_cells = figures_of(themes), tables_of(themes)
    assert {one.key: one.value for one in figures.figures(facts)} == expected
    assert {one.title: cells(one) for one in figures.tables(facts)} == expected_cells
    return expected, expected_cells


def test_every_figure_has_an_independent_question() -> None:
    assert set(QUESTIONS) == set(figures.FIRST)


def test_the_demonstration_says_what_is_there(demonstrated: list[Theme]) -> None:
    alone = [hold([theme]) for theme in demonstrated]
    assert all(len(tables) >= 2 and expected["equipes"] for expected, tables in alone)
    assert 0 in {expected.get("niveau-021") for expected, _ in alone}, "a class of a level for which nothing is written"
    expected, tables = hold(demonstrated)
    assert expected["tests-croises"] and expected["reunions-nationales"] and expected["scenarios-en-ligne"]
    assert tables["Qui a essayé les scénarios de qui"]["Lyon", "Lille"] == 1


def test_a_simulated_year_says_what_is_there(simulated: list[Theme]) -> None:
    """And every one of its figures is above nought: nothing is proved by comparing nothing."""
    assert len(simulated) == 2
    for themes in (simulated, *([theme] for theme in simulated)):
        hold(themes)
    expected, tables = hold(simulated)
    assert all(expected[key] for key in QUESTIONS), expected
    assert len(tables) == 6
    matrix = tables["Qui a essayé les scénarios de qui"]
    crossed = {pair: n for pair, n in matrix.items() if pair[0] != pair[1]}
    assert sum(matrix.values()) == expected["tests"] > sum(crossed.values()) == expected["tests-croises"]
    assert {0, 1, 2} <= set(crossed.values()), "what one does for the other is not what the other does for it"


def opened(themes: list[Theme], at: datetime, text: str) -> Content:
    """What a synthesis of these themes shows with this text."""
    expert = themes[0].stewards.filter(role="expert")[0].person
    made = Synthesis.objects.create(
        review=Review.objects.create(opened_at=at),
        title="Essai",
        sections={"work": text},
        created_by=expert,
        created_at=at,
        changed_at=at,
    )
    made.themes.set(themes)
    return queries.live(queries.synthesis(made.pk), at.date())


def test_each_figure_cited_in_a_text_is_the_one_asked_of_the_database(simulated: list[Theme], at: datetime) -> None:
    expected = figures_of(simulated)
    content = opened(simulated, at, "\n".join(f"{key} = {{{{ {key} }}}}." for key in expected))
    (block,) = content.sections[0].blocks
    said = dict(line.split(" = ") for line in block.text.split("\n"))
    assert said == {key: f"[{f'{n:,}'.replace(',', chr(0x202F))}](#chiffre-{key})." for key, n in expected.items()}
    assert {one.key: one.value for one in content.figures} == expected


def test_what_may_be_cited_is_what_was_written(simulated: list[Theme], at: datetime) -> None:
    """Each return from class, each bilan that was submitted: once, with the words that the database has."""
    for theme in simulated:
        told = rows(
            "SELECT t.id, t.worked, t.resisted, t.advice FROM productions_classtest t"
            " JOIN productions_scenario s ON s.id = t.scenario_id JOIN groups_group g ON g.id = s.group_id"
            " JOIN calls_application a ON a.id = g.application_id WHERE a.theme_id IN ({themes})",
            [theme],
        )
        returns = {one.key: [part.text for part in one.parts] for one in sources.returns([theme])}
        assert returns == {f"test:{key}": [text for text in texts if text] for key, *texts in told} != {}
        submitted = rows(
            "SELECT b.id, b.state FROM productions_bilan b JOIN groups_group g ON g.id = b.group_id"
            " JOIN calls_application a ON a.id = g.application_id WHERE a.theme_id IN ({themes}) AND b.version > 0",
            [theme],
        )
        bilans = {one.key: one.validated for one in sources.bilans([theme])}
        assert bilans == {f"bilan:{key}": state == "validated" for key, state in submitted}
    assert any(one.validated for one in sources.bilans(simulated))
