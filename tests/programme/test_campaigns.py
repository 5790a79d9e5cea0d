from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns import actions, queries
from traam.programme.campaigns.actions import ThemeValues
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.catalogue.models import PublicCall
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

CALENDAR = {
    "call_opens": date(2030, 3, 15),
    "applications_due": date(2030, 5, 15),
    "announcement": date(2030, 6, 15),
    "launch": date(2030, 9, 15),
    "end": date(2032, 6, 30),
}
THEME = ThemeValues(
    title="Voix et sons",
    framing="Écouter pour apprendre.",
    axes=["Écouter", "Enregistrer", "Publier"],
    disciplines=["EMUS"],
)


@pytest.fixture
def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


@pytest.fixture
def expert() -> Person:
    return Person.objects.get(email=f"expert@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def campaign(bureau: Person, at: datetime) -> Campaign:
    return actions.draft("TraAM 2030-2032", "traam-2022", 2030, CALENDAR, actor=bureau, at=at)


def faults(title: str = "TraAM 2030-2032", edition: str = "traam-2022", year: int = 2030, **dates: date | None) -> Any:
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    with pytest.raises(Invalid) as refusal:
        actions.draft(title, edition, year, {**CALENDAR, **dates}, actor=bureau, at=timezone.localtime())
    return refusal.value.errors


def test_a_campaign_needs_its_deadline_and_dates_in_order() -> None:
    assert "date limite" in faults(applications_due=None)["applications_due"][0].lower() or "remontée" in str(
        faults(applications_due=None)
    )
    assert "15/03/2029" in faults(applications_due=date(2029, 3, 15))["applications_due"][0]


def test_an_edition_that_does_not_exist_is_refused() -> None:
    assert "cahier des charges" in faults(edition="traam-1900")["edition_id"][0]


def test_two_campaigns_do_not_share_a_title(campaign: Campaign) -> None:
    assert "déjà" in faults()["title"][0]


def test_only_the_national_team_prepares_a_campaign(at: datetime) -> None:
    dan = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    with pytest.raises(Refused, match="bureau national"):
        actions.draft("Autre", "traam-2022", 2030, CALENDAR, actor=dan, at=at)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"framing": ""}, "framing"),
        ({"axes": []}, "axes"),
        ({"axes": ["un", "deux"]}, "axes"),
        ({"axes": list("abcdef")}, "axes"),
        ({"axes": ["un", "deux", "Deux"]}, "axes"),
        ({"disciplines": ["XX"]}, "disciplines"),
        ({"disciplines": []}, "disciplines"),
        ({"disciplines": ["XX"], "transversal": True}, "disciplines"),
        ({"year": 3}, "year"),
        ({"year": 0}, "year"),
        ({"degree": "tous"}, "degree"),
    ],
)
def test_a_theme_says_what_is_missing(
    campaign: Campaign, bureau: Person, at: datetime, change: dict[str, Any], field: str
) -> None:
    values = ThemeValues(**{**THEME.__dict__, **change})
    with pytest.raises(Invalid) as refusal:
        actions.save_theme(campaign, values, actor=bureau, at=at)
    assert list(refusal.value.errors) == [field]
    assert campaign.themes.count() == 0


def test_two_themes_differ_by_more_than_accents(campaign: Campaign, bureau: Person, at: datetime) -> None:
    actions.save_theme(campaign, THEME, actor=bureau, at=at)
    with pytest.raises(Invalid, match="accents"):
        actions.save_theme(campaign, ThemeValues(**{**THEME.__dict__, "title": "VOIX ET SONS"}), actor=bureau, at=at)


def test_a_transversal_theme_may_name_no_discipline(campaign: Campaign, bureau: Person, at: datetime) -> None:
    values = ThemeValues(
        **{**THEME.__dict__, "disciplines": [], "transversal": True, "constraints": " En lycée professionnel. "}
    )
    theme = actions.save_theme(campaign, values, actor=bureau, at=at)
    assert (theme.disciplines, theme.transversal, theme.constraints) == ([], True, "En lycée professionnel.")


def test_a_call_does_not_open_with_a_theme_of_too_few_axes(
    campaign: Campaign, bureau: Person, expert: Person, at: datetime
) -> None:
    theme = actions.save_theme(campaign, ThemeValues(**{**THEME.__dict__, "experts": [expert]}), actor=bureau, at=at)
    campaign.themes.filter(pk=theme.pk).update(axes=["Seul"])
    with pytest.raises(Invalid, match="de trois à cinq axes .*Voix et sons"):
        catalogue_actions.open_call(campaign, actor=bureau, at=at)


def test_a_call_opens_with_a_theme_and_its_expert(
    campaign: Campaign, bureau: Person, expert: Person, at: datetime
) -> None:
    with pytest.raises(Invalid, match="au moins un thème"):
        catalogue_actions.open_call(campaign, actor=bureau, at=at)
    theme = actions.save_theme(campaign, THEME, actor=bureau, at=at)
    with pytest.raises(Invalid, match="Voix et sons"):
        catalogue_actions.open_call(campaign, actor=bureau, at=at)
    actions.save_theme(
        campaign, ThemeValues(**{**THEME.__dict__, "experts": [expert]}), theme=theme, actor=bureau, at=at
    )
    assert not PublicCall.objects.filter(pk=campaign.pk).exists()
    call = catalogue_actions.open_call(campaign, actor=bureau, at=at)
    assert (call.state, call.years) == ("open", "2030-2032")
    assert [theme.title for theme in call.themes.all()] == ["Voix et sons"]
    assert queries.theme(theme.pk).state == "open"


def test_a_call_does_not_open_after_its_deadline(
    campaign: Campaign, bureau: Person, expert: Person, at: datetime
) -> None:
    actions.save_theme(campaign, ThemeValues(**{**THEME.__dict__, "experts": [expert]}), actor=bureau, at=at)
    with pytest.raises(Refused, match="15/05/2030") as refusal:
        catalogue_actions.open_call(campaign, actor=bureau, at=at.replace(year=2031))
    assert refusal.value.verdict.article.startswith("traam-2022#"), "the refusal cites its article"
    assert Campaign.objects.get(pk=campaign.pk).state == "draft"


def test_the_edition_gives_its_own_milestones() -> None:
    labels = actions.milestone_labels("traam-2020")
    assert "applications_due" in labels
    assert actions.milestone_labels("traam-2022") != labels
