"""What the templates and the filters draw."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import Client
from jinja2 import UndefinedError
from markupsafe import Markup

from traam.design import assets, typography
from traam.design.paging import pages_around
from traam.design.prose import markdown

NB, THIN = "\u00a0", "\u202f"


def _draw(source: str, **context: Any) -> str:
    return str(engines["jinja2"].env.from_string(source).render(**context))  # type: ignore[attr-defined]


def test_an_unknown_variable_is_an_error_and_values_are_escaped() -> None:
    with pytest.raises(UndefinedError):
        _draw("{{ nobody }}")
    assert _draw("{{ value }}", value="<b>") == "&lt;b&gt;"


@pytest.mark.django_db
def test_nothing_typed_becomes_markup(trial: Any) -> None:
    page = Client().get("/style").content.decode()
    assert "onerror=alert(1)" in page
    assert "<img src=x" not in page


@pytest.mark.django_db
def test_pages_carry_nothing_inline(trial: Any) -> None:
    for address in ("/style", "/formulaire"):
        page = Client().get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=\"", page)


@pytest.mark.django_db
def test_marks_of_the_state_come_with_its_dress_only(trial: Any) -> None:
    trial.STATE_DRESS = False
    plain = Client().get("/formulaire").content.decode()
    trial.STATE_DRESS = True
    dressed = Client().get("/formulaire").content.decode()
    assert "fr-logo" not in plain and "neutral.css" in plain
    assert "République<br>Française" in dressed and "neutral.css" not in dressed


def test_dates_are_those_of_paris() -> None:
    night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert typography.date_fr(night) == f"23{NB}novembre{NB}2026"
    assert typography.datetime_fr(night) == f"23{NB}novembre{NB}2026 à 0{NB}h{NB}30"
    assert typography.date_iso(night) == "2026-11-23T00:30+01:00"
    assert typography.date_fr(date(2027, 3, 1), weekday=True) == f"lundi 1er{NB}mars{NB}2027"
    assert typography.date_fr(None) == typography.datetime_fr(None) == "—"
    assert typography.time_tag(date(2027, 3, 1)) == f'<time datetime="2027-03-01">1er{NB}mars{NB}2027</time>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (12345, f"12{THIN}345"),
        (1200.0, f"1{THIN}200"),
        (12345.6, f"12{THIN}345,6"),
        (Decimal("0.25"), "0,25"),
        (-3, "\u22123"),
        (None, "—"),
    ],
)
def test_numbers(value: Any, shown: str) -> None:
    assert typography.number_fr(value) == shown


def test_agreement_and_units() -> None:
    assert [typography.plural(n, "équipe") for n in (0, 1, 2)] == [f"0{NB}équipe", f"1{NB}équipe", f"2{NB}équipes"]
    assert typography.plural(3, "travail", "travaux") == f"3{NB}travaux"
    assert typography.agree(1.5, "retenue") == "retenue"
    assert typography.percent_fr(0.425, 1) == f"42,5{NB}%"
    assert [typography.size_fr(n) for n in (900, 2_400_000)] == [f"900{NB}o", f"2,4{NB}Mo"]


def test_spaces_do_not_break_and_markup_stays_markup() -> None:
    assert typography.typo("« Oui » : non ; 12 000 !") == f"«{NB}Oui{NB}»{NB}: non{THIN}; 12{THIN}000{THIN}!"
    assert typography.typo("https://a.fr") == "https://a.fr"
    assert isinstance(typography.typo(Markup("<b>ok !</b>")), Markup)
    assert not isinstance(typography.typo("<b>"), Markup)


def test_typed_text_keeps_its_lines() -> None:
    assert typography.paragraphs("a\nb\n\n<c>") == "<p>a<br>b</p>\n<p>&lt;c&gt;</p>"


def test_markdown_fits_in_the_page_and_runs_nothing() -> None:
    html = markdown(
        "# Un\n\n<script>x</script> [a](javascript:x) [b](https://b.fr) ![i](/i.png)\n\n|A|B|\n|-|-:|\n|1|2|", base=3
    )
    assert "<h3>Un</h3>" in html
    assert "<script" not in html and 'href="javascript' not in html and "<img" not in html
    assert '<a href="https://b.fr" rel="noopener noreferrer">b</a>' in html
    assert '<th scope="col">A</th>' in html and '<td class="fr-cell--right">2</td>' in html
    assert 'role="region"' in html and "style=" not in html
    assert markdown(None) == '<div class="prose"></div>'


def test_headings_stop_at_six() -> None:
    assert "<h6>d</h6>" in markdown("# a\n\n## b\n\n### c\n\n#### d", base=4)


def test_headings_leave_no_hole_whatever_was_typed() -> None:
    """A text that begins at `##`, goes too deep at once, then comes back above where it began."""
    levels = re.findall(r"<(h\d)>", markdown("## a\n\n#### b\n\n### c\n\n## d\n\n# e", base=3))
    assert levels == ["h3", "h4", "h4", "h3", "h3"]


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (3, 5, [1, 2, 3, 4, 5]),
        (6, 20, [1, None, 5, 6, 7, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_a_gap_of_one_page_is_shown(page: int, last: int, shown: list[int | None]) -> None:
    assert pages_around(page, last) == shown


@pytest.mark.django_db
def test_pagination_keeps_the_search(trial: Any) -> None:
    page = Client().get("/style?q=robot&q=lego&page=6").content.decode()
    assert 'href="?q=robot&amp;q=lego&amp;page=7"' in page
    assert 'aria-current="page" href="?q=robot&amp;q=lego&amp;page=6"' in page


def test_only_what_pages_need_is_served() -> None:
    files = assets.state_design_files()
    assert finders.find("dsfr/dsfr.min.css") and finders.find("htmx/htmx.min.js")
    assert finders.find("dsfr/icons/system/logout-box-r-line.svg")
    assert finders.find("dsfr/dsfr.nomodule.min.js") is None
    assert len(files) < 160
    assert sum(file.stat().st_size for file in files.values()) < 3_000_000


def test_our_style_names_only_files_that_exist() -> None:
    served = assets.state_design_files()
    for sheet in assets.OWN.glob("*.css"):
        for address in assets.addresses(sheet.read_text(encoding="utf-8")):
            assert address.removeprefix("../") in served


def test_collected_files_have_hashed_names(settings: Any, tmp_path: Path) -> None:
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("dsfr/dsfr.min.*.css")) and list(tmp_path.glob("design/site.*.css"))
