"""Public pages are counted as they are read, given again or drawn, without anything that tells who reads."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from traam.gateways import spool
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.readings import counting
from traam.programme.catalogue.readings.models import ReadCount

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _fresh_folder(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path


def rows() -> dict[tuple[str, int], int]:
    return {(row.kind, row.number): row.times for row in ReadCount.objects.all()}


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/", ("home", 0)),
        ("/recherche", ("search", 0)),
        ("/notices/12", ("notice", 12)),
        ("/notices/12/versions/2", ("notice", 12)),
        ("/notices/12/affiche.pdf", None),
        ("/themes/", ("theme", 0)),
        ("/academies/lyon", ("academy", 0)),
        ("/annees/2024-2025", ("academy", 0)),
        ("/syntheses/3", ("report", 0)),
        ("/cahiers-des-charges/traam-2022", ("call", 0)),
        ("/pilotage/", None),
        ("/connexion", None),
        ("/notices/9999999999999999999999", None),
    ],
)
def test_what_a_public_address_shows(path: str, seen: tuple[str, int] | None) -> None:
    assert counting.kind_of(path) == seen


def test_a_page_counts_each_time_it_is_read_and_a_robot_never(client: Client) -> None:
    notice = Notice.objects.filter(state="published")[0]
    for agent in (FIREFOX, FIREFOX, "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8", ""):
        assert client.get(f"/notices/{notice.pk}", HTTP_USER_AGENT=agent).status_code == 200
    client.get("/", HTTP_USER_AGENT=FIREFOX)
    client.head("/", HTTP_USER_AGENT=FIREFOX)
    client.get("/", HTTP_USER_AGENT=FIREFOX, HTTP_HX_REQUEST="true")
    client.get("/notices/999999", HTTP_USER_AGENT=FIREFOX)
    assert ReadCount.objects.count() == 0, "reading a page writes nothing in the database"
    assert counting.gather() == 3
    assert rows() == {("notice", notice.pk): 2, ("home", 0): 1}
    assert {row.month for row in ReadCount.objects.all()} == {timezone.localdate().replace(day=1)}


def test_a_worker_that_died_while_it_counted_leaves_its_lines_to_the_next() -> None:
    counting.note("/notices/12", date(2026, 11, 22))
    assert spool.take("readings") is not None
    counting.note("/notices/12", date(2026, 11, 30))
    assert counting.gather() == 1 and counting.gather() == 1 and counting.gather() == 0
    assert rows() == {("notice", 12): 2}


def test_what_is_not_a_line_costs_nothing(settings) -> None:
    (settings.INDEX_FOLDER / "readings.log").write_text('["2026-11-01", "notice", "12"]\n["2026-1\n["x","y","z"]\n{}\n')
    assert counting.gather() == 1
    assert list(ReadCount.objects.values_list("month", "kind", "number")) == [(NOVEMBER, "notice", 12)]
