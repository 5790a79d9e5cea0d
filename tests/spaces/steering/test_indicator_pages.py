"""The pages of indicators: what the bureau reads, exports and prints, and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import html

from traam.programme.campaigns.models import Campaign
from traam.programme.indicators.definitions import INDICATORS

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def at_work() -> Campaign:
    return Campaign.objects.exclude(state="open").order_by("pk")[0]


def read(client: Client, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def test_every_indicator_is_told_with_its_definition(sign_in: SignIn) -> None:
    for path in (
        "/pilotage/indicateurs",
        "/pilotage/indicateurs/comparer",
        f"/pilotage/campagnes/{at_work().pk}/indicateurs",
    ):
        page = read(sign_in("bureau"), path)
        for one in INDICATORS.values():
            assert page.xpath(f"//dt[@id='definition-{one.id}']"), (path, one.id)
            assert page.xpath(f"//th/a[@href='#definition-{one.id}']"), (path, one.id)


@pytest.mark.parametrize("who", ["dan.lyon", "inspecteur.lyon", "expert", "inspection.generale", "referent.lyon"])
def test_they_are_the_national_teams(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for path in ("indicateurs", "indicateurs/comparer", "indicateurs.csv", f"campagnes/{at_work().pk}/rapport.pdf"):
        assert client.get(f"/pilotage/{path}").status_code == 403


def test_the_page_of_a_campaign_shows_what_to_do_first_and_draws_the_rest(sign_in: SignIn) -> None:
    page = read(sign_in("bureau"), f"/pilotage/campagnes/{at_work().pk}/indicateurs")
    titles = [title.text_content().strip() for title in page.xpath("//main//h2")]
    assert titles[0] == "Ce qui demande un geste"
    for link in page.xpath("//section[contains(@class, 'steering-alerts')]//li/a"):
        assert link.get("href").startswith("/") and link.text_content().strip()
    map_ = page.xpath("//svg[contains(@class, 'board__drawing')]")[0]
    assert map_.get("role") == "img" and map_.xpath(".//desc")[0].text_content().strip()
    drawn = {title.text_content() for title in map_.xpath(".//g/title")}
    table = page.xpath("//caption[starts-with(., 'Candidatures par académie')]/ancestor::table")[0]
    for row in table.xpath(".//tbody/tr"):
        name, _, retained = (cell.text_content().strip() for cell in row)
        if retained != "0":
            assert any(said.startswith(f"{name} : {retained}\u00a0") for said in drawn)


@pytest.mark.parametrize("form", ["csv", "ods", "xlsx"])
def test_they_leave_as_a_file(sign_in: SignIn, form: str) -> None:
    answer = sign_in("bureau").get(f"/pilotage/indicateurs.{form}")
    assert answer.status_code == 200 and answer["content-disposition"].endswith(f'.{form}"')
    if form == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + len(INDICATORS) * Campaign.objects.exclude(state="draft").count()


def test_an_unknown_form_or_campaign_is_said(sign_in: SignIn) -> None:
    client = sign_in("bureau")
    assert client.get("/pilotage/indicateurs.exe").status_code == 404
    assert client.get("/pilotage/campagnes/999999/indicateurs").status_code == 404
    # Campaigns that are not there give the two latest, as a first visit does.
    assert client.get("/pilotage/indicateurs/comparer?premiere=x&seconde=999999").status_code == 200


def test_the_two_that_are_asked_for_are_compared(sign_in: SignIn) -> None:
    first, second = Campaign.objects.exclude(state="draft").order_by("pk")[:2]
    page = read(sign_in("bureau"), f"/pilotage/indicateurs/comparer?premiere={second.pk}&seconde={first.pk}")
    heads = [head.text_content().strip() for head in page.xpath("(//thead)[1]//th")]
    assert heads[1:3] == [second.years, first.years]


def test_the_pages_cost_few_queries(sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = sign_in("bureau")
    client.get("/pilotage/indicateurs")
    with django_assert_max_num_queries(30):
        client.get("/pilotage/indicateurs")
    with django_assert_max_num_queries(40):
        client.get(f"/pilotage/campagnes/{at_work().pk}/indicateurs")


def test_the_report_is_a_pdf_in_one_click(sign_in: SignIn) -> None:
    client = sign_in("bureau")
    page = read(client, f"/pilotage/campagnes/{at_work().pk}/indicateurs")
    [link] = page.xpath("//a[contains(., 'Rapport à imprimer')]")
    answer = client.get(link.get("href"))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def test_nothing_to_count_is_said_and_not_zero(sign_in: SignIn) -> None:
    from django.utils import timezone

    empty = Campaign.objects.create(
        title="TraAM vide", edition_id=at_work().edition_id, first_year=2040, state="open", created_at=timezone.now()
    )
    page = read(sign_in("bureau"), f"/pilotage/campagnes/{empty.pk}/indicateurs")
    row = page.xpath("//th[a[@href='#definition-tested']]/following-sibling::td")[0]
    assert row.text_content().strip() == "rien encore"
