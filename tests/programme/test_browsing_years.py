"""The years of the programme since 2006, and what each academy is known for."""

from typing import Any

import pytest
from django.utils import timezone

from traam import reference
from traam.engines.workflow import Missing
from traam.programme.catalogue import browsing
from traam.programme.catalogue.models import PublicTheme
from traam.programme.catalogue.queries import Choice


@pytest.mark.parametrize(
    ("label", "years"),
    [
        ("2024-2025", ["2024-2025"]),
        ("2012-2014", ["2012-2013", "2013-2014"]),
        ("avant 2021", []),
        ("2021", []),
        ("2014-2012", []),
        ("1006-2026", []),
        ("", []),
    ],
)
def test_a_label_holds_its_school_years(label: str, years: list[str]) -> None:
    assert browsing.school_years(label) == years


def theme(years: str, *codes: str, **values: Any) -> PublicTheme:
    return PublicTheme(
        source_key=f"x:{years}:{codes}",
        title="Un thème",
        years=years,
        academies=list(codes),
        changed_at=timezone.now(),
        **values,
    )


def test_poles_are_counted_over_themes_and_notices() -> None:
    worked = [
        theme("2012-2014", disciplines=["SVT"]),
        theme("2018-2019", disciplines=["SVT", "LV"]),
        theme("avant 2021", disciplines=["EMI"]),
    ]
    facet = [Choice("SVT", "SVT", 2, False), Choice("MATH", "Maths", 3, False), Choice("LV", "LV", 0, False)]
    found = {pole.code: (pole.themes, pole.notices, pole.lasting) for pole in browsing.poles(worked, facet)}
    assert found == {
        "SVT": (2, 2, "de 2012 à 2019"),
        "EMI": (1, 0, ""),
        "LV": (1, 0, "2018-2019"),
        "MATH": (0, 3, ""),
    }
    assert next(iter(found)) == "SVT"
    assert list(found)[-1] == "MATH"


def test_academies_that_merged_count_for_their_successor() -> None:
    caen, rouen, normandy = (
        next(code for code, one in reference.academies().items() if one.slug == slug)
        for slug in ("caen", "rouen", "normandie")
    )
    assert browsing.today([caen, rouen, caen]) == {normandy: 3}


@pytest.mark.django_db
def test_a_year_gathers_the_themes_that_span_it() -> None:
    caen, rouen = (next(c for c, a in reference.academies().items() if a.slug == s) for s in ("caen", "rouen"))
    before = {line.label: line for line in browsing.years()}
    PublicTheme.objects.bulk_create([theme("2007-2009", caen, rouen), theme("2008-2009", caen)])
    after = {line.label: line for line in browsing.years()}
    grown = {label: after[label].themes - before[label].themes for label in after}
    assert {label: count for label, count in grown.items() if count} == {"2007-2008": 1, "2008-2009": 2}
    work = browsing.year("2007-2008")
    # The two academies that merged worked on one theme: Normandie worked on one.
    normandy = reference.academies()[caen].successor
    assert work.academies[normandy] == sum(bool({caen, rouen, normandy} & set(one.academies)) for one in work.themes)
    assert (work.before, work.after) == ("2006-2007", "2008-2009")
    assert browsing.year("2006-2007").before == ""


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["2005-2006", "2099-2100", "2012-2014", "2012", "avant-2021", "2012-13"])
def test_what_is_no_year_of_the_programme_is_missing(label: str) -> None:
    with pytest.raises(Missing):
        browsing.year(label)
