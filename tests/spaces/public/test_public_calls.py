"""The public page of a call, its PDF and its calendar for a diary."""

import re

import pytest
from django.utils import timezone

from traam import reference
from traam.demo.build import DOMAIN
from traam.design import pdf
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import actions
from traam.programme.catalogue.models import PublicCall, PublicTheme
from traam.programme.people.models import AcademyContact, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> PublicCall:
    return PublicCall.objects.get(state="open")


@pytest.fixture
def says(client):
    def read(address):
        response = client.get(address)
        assert response.status_code == 200, address
        plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", response.content.decode(), flags=re.S)
        return re.sub(r"[\s\xa0\u202f]+", " ", plain.replace("&#39;", "'").replace("&nbsp;", " "))

    return read


def test_the_page_says_all_of_each_theme(says, call):
    said = says(f"/campagnes/{call.pk}")
    for theme in call.themes.all():
        for part in (theme.title, theme.framing, *theme.axes, theme.constraints):
            assert part.replace("'", "’") in said.replace("'", "’").replace("&amp;", "&")
        assert theme.degree_label in said
    on = call.themes.get(year=2)
    assert "Thème poursuivi" in said
    assert all(academy.name in said for academy in on.continues.academy_list)


def test_the_page_says_how_to_take_part_and_how_it_is_judged(says, call):
    said = says(f"/campagnes/{call.pk}")
    for step in (
        "L’équipe choisit un thème",
        "L’inspecteur donne son avis",
        "classe les candidatures",
        "Le bureau nat",
    ):
        assert step in said
    for field in call.edition.application_fields:
        assert field.label.replace("'", "’") in said.replace("'", "’")
    for criterion in call.edition.selection.criteria:
        assert criterion.label in said


def test_an_amendment_is_marked_in_the_calendar_explained_and_signed_by_no_person(client, says, call):
    (moved,) = call.amended
    said = says(f"/campagnes/{call.pk}")
    assert "changée par avenant" in said
    assert moved.reason in said
    assert "Signé par le bureau national" in said
    at = timezone.localtime()
    actions.amend(
        Campaign.objects.get(pk=call.pk),
        "limit",
        "teams_total",
        "130",
        "Le budget le permet.",
        actor=Person.objects.get(email=f"bureau@{DOMAIN}"),
        at=at,
    )
    assert "Le budget le permet." in says(f"/campagnes/{call.pk}")
    edition = says(f"/cahiers-des-charges/{call.edition_id}")
    html = client.get(f"/cahiers-des-charges/{call.edition_id}").content.decode()
    for anchor, told in (("B.3", True), ("B.4", True), ("B.5", False)):
        article = html.split(f'id="{anchor}"')[1].split("</section>")[0]
        assert ("Changé" in article and call.title in article) is told, "said beside the article too"
    assert "Avenants de la campagne" in edition and "Le budget le permet." in edition
    assert "Avenants de la campagne" not in says("/cahiers-des-charges/aam-2008")


def test_a_theme_closed_or_transversal_says_so(says, call):
    theme = call.themes.order_by("pk")[0]
    PublicTheme.objects.filter(pk=theme.pk).update(transversal=True, disciplines=[], closed=True)
    said = says(f"/campagnes/{call.pk}")
    assert "Transversal ·" in said and "Fermé aux candidatures" in said
    assert "Transversal ·" in says(f"/themes/{theme.pk}")


def test_every_academy_has_its_line_and_those_without_a_contact_say_so(client, says, call):
    AcademyContact.objects.exclude(academy="10").delete()
    said, html = says(f"/campagnes/{call.pk}"), client.get(f"/campagnes/{call.pk}").content.decode()
    current = [academy for academy in reference.academies().values() if academy.current]
    assert said.count("non renseigné") == len(current) - 1
    assert f"mailto:{AcademyContact.objects.get(academy='10').email}" in html
    assert all(f'/academies/{academy.slug}"' in html for academy in current)


@pytest.mark.usefixtures("drawn_each_time")
def test_the_page_costs_the_same_whatever_its_rows(client, call, django_assert_max_num_queries):
    PublicTheme.objects.bulk_create(
        PublicTheme(
            source_key=f"x{n}", call=call, years=call.years, title=f"Thème {n}", framing="Cadrage. " * 60,
            axes=["Un axe de travail"] * 5, disciplines=["MATH"], changed_at=timezone.now(),
        )
        for n in range(16)
    )  # fmt: skip
    for code, academy in reference.academies().items():
        AcademyContact.objects.get_or_create(
            academy=code,
            defaults={"service": f"Service {academy.of_name}", "phone": "01 99 00 00 00", "changed_at": timezone.now()},
        )
    with django_assert_max_num_queries(3):
        answer = client.get(f"/campagnes/{call.pk}")
    assert len(answer.content) < 120_000


def test_the_calendar_is_read_by_a_diary(client, call):
    answer = client.get(f"/campagnes/{call.pk}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"].endswith('.ics"')
    lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    days = [line.partition(":")[2] for line in lines if line.startswith("DTSTART")]
    assert days == [f"{on:%Y%m%d}" for _, on in call.dates]
    assert len({line for line in lines if line.startswith("UID")}) == len(days)
    assert "SEQUENCE:1" in lines, "one amendment: diaries take the new date"
    assert client.get("/campagnes/99999.ics").status_code == 404


def test_without_what_draws_a_pdf_the_link_is_hidden_and_the_address_says_why(client, call, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: False)
    answer = client.get(f"/campagnes/{call.pk}.pdf")
    assert answer.status_code == 503
    assert "PDF" in answer.content.decode()


def test_the_pdf_says_the_whole_call(client, call, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "draw", lambda html, files: html.encode())
    for public in PublicCall.objects.all():
        said = client.get(f"/campagnes/{public.pk}.pdf").content.decode()
        for word in ("Critères de lecture", "Contacts dans les académies", f"/campagnes/{public.pk}</a>"):
            assert word in said
        assert all(theme.framing.replace("'", "’")[:30] in said.replace("&#39;", "’") for theme in public.themes.all())
    opened = client.get(f"/campagnes/{call.pk}.pdf").content.decode()
    assert "Comment participer" in opened and "par avenant" in opened and "Thème poursuivi." in opened


@pytest.mark.skipif(not pdf.available(), reason="this machine draws no PDF")
def test_the_pdf_is_drawn_and_is_the_same_twice(client, call):
    assert f"/campagnes/{call.pk}.pdf" in client.get(f"/campagnes/{call.pk}").content.decode()
    first, second = (client.get(f"/campagnes/{call.pk}.pdf") for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-") and first.content == second.content
