"""A campaign begun from the last one: dates shifted, themes chosen one by one, second years."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns import actions
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.rules import ThemeValues, shifted
from traam.programme.journal.queries import history
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def source() -> Campaign:
    """The campaign whose groups are at work, as if nothing had been copied from it."""
    working = Campaign.objects.get(announcement__isnull=False)
    Theme.objects.filter(continues__campaign=working).update(continues=None, year=1)
    return working


def copied(source: Campaign, at: datetime, year: int = 1, title: str = "La suite", **chosen: Any) -> Campaign:
    return actions.copy(source, title, source.first_year + year, **chosen, actor=bureau(), at=at)


def refused(source: Campaign, at: datetime, **chosen: Any) -> dict[str, Sequence[str]]:
    before = (Campaign.objects.count(), Theme.objects.count())
    with pytest.raises(Invalid) as refusal:
        copied(source, at, **chosen)
    assert (Campaign.objects.count(), Theme.objects.count()) == before
    return dict(refusal.value.errors)


def test_a_day_is_the_same_other_years_and_29_february_falls_on_the_28th() -> None:
    assert shifted(date(2026, 5, 15), 1) == date(2027, 5, 15)
    assert shifted(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert shifted(date(2028, 2, 29), 4) == date(2032, 2, 29)
    assert shifted(date(2027, 2, 28), 1) == date(2028, 2, 28)


def test_the_calendar_moves_by_as_many_years_as_the_campaign(source: Campaign, at: datetime) -> None:
    made = copied(source, at, year=2)
    assert (made.state, made.edition_id, made.copied_from) == ("draft", source.edition_id, source)
    assert set(made.calendar) == set(source.calendar)
    for name in source.calendar:
        before, after = source.on(name), made.on(name)
        assert before and after and (after.year, after.month, after.day) == (before.year + 2, before.month, before.day)
    assert not made.themes.exists()
    assert history(made)[0].verb == "copy"


def test_a_theme_goes_on_in_its_second_year_and_another_begins_again(source: Campaign, at: datetime) -> None:
    first, second, third = source.themes.order_by("pk")
    made = copied(source, at, carry_on=[first], keep=[third])
    on, new = made.themes.order_by("pk")
    assert (on.title, on.year, on.continues, on.state) == (first.title, 2, first, "draft")
    assert (new.title, new.year, new.continues) == (third.title, 1, None)
    assert (on.framing, on.axes, on.disciplines, on.degree) == (
        first.framing,
        first.axes,
        first.disciplines,
        first.degree,
    )
    assert set(on.stewards.values_list("person", "role")) == set(first.stewards.values_list("person", "role"))
    assert second.title not in {theme.title for theme in made.themes.all()}


def test_what_cannot_be_copied_is_said_and_nothing_is_written(source: Campaign, at: datetime) -> None:
    first, second, _ = source.themes.order_by("pk")
    stranger = Theme.objects.exclude(campaign=source)[0]
    assert "vient après" in refused(source, at, year=0)["first_year"][0].replace("qui ", "")
    assert "suit la première" in refused(source, at, year=2, carry_on=[first])["first_year"][0]
    assert "déjà ce titre" in refused(source, at, title=source.title)["title"][0]
    assert "Donnez un titre" in refused(source, at, title=" ")["title"][0]
    assert "ne se poursuit pas" in refused(source, at, carry_on=[stranger])["carry_on"][0]
    assert "une seule fois" in refused(source, at, keep=[stranger])["keep"][0]
    assert "une seule fois" in refused(source, at, keep=[first, first])["keep"][0]
    Theme.objects.filter(pk=second.pk).update(year=2)
    second.refresh_from_db()
    assert "ne se poursuit pas" in refused(source, at, carry_on=[first, second])["carry_on"][0]


def test_a_theme_has_one_second_year(source: Campaign, at: datetime) -> None:
    first = source.themes.order_by("pk")[0]
    copied(source, at, carry_on=[first])
    errors = refused(source, at, title="Encore", carry_on=[first])
    assert "déjà poursuivi dans la campagne « La suite »" in errors["carry_on"][0]


def test_only_the_national_team_copies(source: Campaign, at: datetime) -> None:
    dan = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    with pytest.raises(Refused, match="bureau national"):
        actions.copy(source, "La suite", source.first_year + 1, actor=dan, at=at)


def test_amended_numbers_are_decided_again_unless_asked(source: Campaign, at: datetime) -> None:
    edition = source.edition.limits["teams_total"].value
    for number in (edition + 10, edition + 20):
        actions.amend(source, "limit", "teams_total", str(number), "Plus de moyens.", actor=bureau(), at=at)
    source.refresh_from_db()
    assert copied(source, at).overrides == {}
    made = copied(source, at, title="Avec les nombres", with_overrides=True)
    assert made.edition.limits["teams_total"].value == edition + 20
    (row,) = made.amendments.all()
    assert (row.before, row.after, row.signed_by) == (str(edition), str(edition + 20), bureau())
    assert row.reason == f"Repris de la campagne « {source} » : Plus de moyens."


def values_of(theme: Theme, **changes: Any) -> ThemeValues:
    same = {"title": theme.title, "framing": theme.framing, "axes": theme.axes, "disciplines": theme.disciplines}
    return ThemeValues(**{**same, "year": theme.year, "continues": theme.continues, **changes})


def test_a_second_year_typed_by_hand_follows_a_theme_proposed_a_year_before(source: Campaign, at: datetime) -> None:
    first, second, _ = source.themes.order_by("pk")
    made = copied(source, at, carry_on=[first])
    on = made.themes.get()

    def typed(**changes: Any) -> dict[str, Sequence[str]]:
        with pytest.raises(Invalid) as refusal:
            actions.save_theme(made, values_of(on, title="Autre", **changes), actor=bureau(), at=at)
        return dict(refusal.value.errors)

    assert "déjà poursuivi dans un autre thème de cette campagne" in typed()["continues"][0]
    assert "choisissez la seconde année" in typed(year=1, continues=second)["continues"][0]
    assert "un an plus tôt" in typed(continues=on)["continues"][0]
    other = actions.save_theme(made, values_of(on, title="Autre", continues=second), actor=bureau(), at=at)
    assert (other.year, other.continues) == (2, second)
    again = actions.save_theme(made, values_of(on, title="Le même, retouché"), theme=on, actor=bureau(), at=at)
    assert again.continues == first, "a theme may be corrected and still continue the same"
