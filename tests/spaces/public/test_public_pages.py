"""Every public page, without an account: what it says, and what it costs."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from traam import editions
from traam.programme.catalogue import actions, posters, queries
from traam.programme.catalogue.models import Notice, PublicCall, PublicTheme
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.spaces.public import wording
from traam.spaces.public.views.editions import _calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path / "index"


@pytest.fixture
def says(client):
    """`says(address, status=200)`: the text of a page, without tags and with plain spaces."""

    def read(address, status=200):
        response = client.get(address)
        assert response.status_code == status, address
        plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", response.content.decode(), flags=re.S)
        plain = plain.replace("&#39;", "'").replace("&amp;", "&")
        return re.sub(r"[\s\xa0\u202f]+", " ", plain)

    return read


def _released():
    return Notice.objects.get(title__startswith="Enquêter sur une image")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/recherche",
        "/themes/",
        "/academies/",
        "/campagnes/",
        "/cahiers-des-charges/",
        "/plan-du-site",
        "/accessibilite",
        "/mentions-legales",
        "/donnees-personnelles",
    ],
)
def test_a_page_is_open_to_all_and_has_one_heading(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert len(re.findall(r"<h1", response.content.decode())) == 1
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/notices/99999", "/themes/99999", "/campagnes/99999"])
def test_what_does_not_exist_is_said(says, address):
    assert "n'existe pas" in says(address, 404)
    assert "n'existe pas" in says("/academies/atlantide", 404)
    assert "n'existe pas" in says("/cahiers-des-charges/traam-1999", 404)


def test_the_home_page_says_the_call_the_last_notices_and_the_figures(says):
    said = says("/")
    call = PublicCall.objects.get(state="open")
    assert f"Appel ouvert : {call.title}" in said
    assert "au plus tard le" in said
    assert _released().title in said
    assert re.search(r"\d+ notices", said)


def test_without_an_open_call_the_home_page_says_when_the_next_comes(says):
    PublicCall.objects.update(state="closed")
    assert "Pas d’appel ouvert" in says("/")


def test_a_notice_says_all_that_was_released(client, says):
    notice = _released()
    said = says(f"/notices/{notice.pk}")
    for part in (
        notice.title,
        "Déroulement",
        "2 h 20",
        "Groupe TraAM documentation",
        "Académie de Lyon, 3e, ",
        "26 élèves",
        "Ce qui a résisté",
        "Creative Commons",
        f"http://127.0.0.1:8000/notices/{notice.pk}",
    ):
        assert part in said, part
    html = client.get(f"/notices/{notice.pk}").content.decode()
    assert '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.fr">' in html
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/notices/{notice.pk}">' in html
    assert "<td>journal de recherche</td>" in html


def test_a_notice_of_the_history_says_where_it_stood_and_what_was_deduced(says):
    notice = next(n for n in Notice.objects.all() if "years" in n.uncertain)
    said = says(f"/notices/{notice.pk}")
    assert "Publié sur" in said
    assert "peut être rompu" in said
    assert "(année déduite)" in said
    assert "Non précisée" in said


def test_a_withdrawn_notice_answers_gone_with_the_date_and_the_reason(says):
    notice = _released()
    actor = Person.objects.get(email="inspecteur.lyon@demo.traam.invalid")
    at = timezone.now() + timedelta(hours=1)
    scenario = Scenario.objects.get(title=notice.title)
    actions.withdraw(scenario, reason="Un visage d'élève était visible.", actor=actor, at=at)
    said = says(f"/notices/{notice.pk}", 410)
    assert "Cette notice a été retirée" in said
    assert "Un visage d'élève était visible." in said
    assert wording.date_fr(at).replace("\xa0", " ") in said
    assert "Déroulement" not in said
    assert notice.title not in says(f"/themes/{notice.theme_id}")


def test_markup_typed_by_an_author_is_shown_not_run(client):
    notice = _released()
    notice.title, notice.sections = "<b>Gras</b>", [["Contexte", "<script>alert(1)</script>"]]
    notice.links = ["javascript:alert(1)", "https://exemple.invalid/a"]
    notice.save()
    html = client.get(f"/notices/{notice.pk}").content.decode()
    assert "<b>Gras</b>" not in html
    assert "<script>alert" not in html
    assert "javascript:" not in html
    assert 'href="https://exemple.invalid/a"' in html


def test_themes_are_filtered_by_discipline_and_counted(says):
    every, some = says("/themes/"), says("/themes/?discipline=SVT")
    assert f"{PublicTheme.objects.count()} thèmes" in every
    assert f"{sum('SVT' in t.disciplines for t in PublicTheme.objects.all())} thèmes" in some
    assert says("/themes/?discipline=zzz").count("thèmes") > 0


def test_a_theme_says_its_axes_its_academies_and_its_notices(says):
    notice = _released()
    said = says(f"/themes/{notice.theme_id}")
    for part in (notice.theme.axes[0], "Lyon", notice.title, "Académies retenues annoncées"):
        assert part in said
    old = PublicTheme.objects.filter(years="avant 2021").first()
    assert "Année déduite" in says(f"/themes/{old.pk}")


def test_a_former_academy_points_to_its_successor_which_takes_its_work(client, says):
    assert "Elle a existé jusqu’au 31 décembre 2019" in says("/academies/caen")
    assert 'href="/academies/normandie"' in client.get("/academies/caen").content.decode()
    normandy = says("/academies/normandie")
    assert "Elle réunit les anciennes académies : Caen, Rouen" in normandy
    assert "Dire et écrire en histoire" in normandy
    listed = says("/academies/").split("la liste dit les mêmes nombres.")[1]
    assert "Caen, jusqu’au 31 décembre 2019" in listed
    assert listed.index("Île-de-France") < listed.index("La Réunion") < listed.index("Collectivités d'outre-mer")


def test_an_open_call_says_how_to_take_part_and_links_each_date_to_its_clause(client, says):
    call = PublicCall.objects.get(state="open")
    said = says(f"/campagnes/{call.pk}")
    assert "Comment participer" in said
    assert "Appel ouvert" in said
    html = client.get(f"/campagnes/{call.pk}").content.decode()
    assert f'href="/cahiers-des-charges/{call.edition_id}#B.2"' in html


def test_an_announced_call_says_who_was_retained(says):
    call = PublicCall.objects.get(state="announced")
    said = says(f"/campagnes/{call.pk}")
    assert "Académies retenues :" in said
    assert "Lyon" in said
    assert "Comment participer" not in said


@pytest.mark.parametrize("state", ["open", "closed", "announced", "archived"])
def test_every_state_of_a_call_has_its_words(says, state):
    PublicCall.objects.update(state=state)
    for address in ("/campagnes/", f"/campagnes/{PublicCall.objects.first().pk}", "/themes/"):
        says(address)


@pytest.mark.parametrize("edition_id", list(editions.books()))
def test_every_clause_has_its_anchor_and_every_rule_its_clause(client, edition_id):
    book = editions.book(edition_id)
    html = client.get(f"/cahiers-des-charges/{edition_id}").content.decode()
    for article in book.articles:
        assert html.count(f'id="{article.anchor}"') == 1
        assert f'href="#{article.anchor}"' in html
    assert html.count("<li><strong>") == len(book.rules)


@pytest.mark.parametrize("edition_id", list(editions.books()))
def test_how_the_dossiers_are_read_is_public(client, edition_id):
    selection = editions.book(edition_id).selection
    html = client.get(f"/cahiers-des-charges/{edition_id}").content.decode()
    article, reading = re.split(r'<h2 id="lecture"', html)
    assert f'href="#{selection.article}"' in reading and article.count('href="#lecture"') == 2
    for criterion in selection.criteria:
        row = reading.split(f'id="critere-{criterion.id}"')[1].split("</tr>")[0]
        assert f">{criterion.weight}<" in row and f'href="#{criterion.article}"' in row
    assert all(mark.label in reading for mark in selection.marks)
    assert reading.count("article\u00a0") + reading.count("article&nbsp;") == (
        1 + len(selection.criteria) + len(selection.proposal.settings)
    )


def test_a_day_chosen_by_the_platform_is_said():
    lines = {label: when for label, when, _ in _calendar(editions.book("traam-2022"))}
    assert lines["Appel à candidatures"] == "mi-mars"
    assert lines["Annonce des académies retenues"] == "30 juin (jour choisi par la plateforme)"


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 5),
        ("/themes/", 1),
        ("/academies/lyon", 5),  # and the titles of the themes of its notices
        ("/campagnes/", 1),
        ("/notices/{notice}", 4),  # its versions, those like it, those begun from it
        ("/academies/", 0),
    ],
)
@pytest.mark.usefixtures("drawn_each_time")
def test_a_page_costs_few_queries_whatever_the_number_of_rows(client, django_assert_max_num_queries, address, most):
    address = address.format(notice=_released().pk)
    client.get(address)
    PublicTheme.objects.bulk_create(
        PublicTheme(source_key=f"x{n}", years="2020-2021", title="T", academies=["10"], changed_at=timezone.now())
        for n in range(20)
    )
    with django_assert_max_num_queries(most):
        client.get(address)


@pytest.mark.parametrize(
    ("minutes", "said"), [(None, ""), (0, ""), (45, "45 min"), (60, "1 h"), (140, "2 h 20"), (65, "1 h 05")]
)
def test_a_duration_is_said_in_hours(minutes, said):
    assert posters.lasting(minutes) == said


def test_the_addresses_of_a_text_are_told_apart():
    text = "https://a.fr/x?y=1 ; http://b.fr ; note ; javascript:alert(1) ; ftp://c.fr"
    assert wording.addresses(text) == [("a.fr", "https://a.fr/x?y=1"), ("b.fr", "http://b.fr")]


def test_a_citation_says_who_what_where_and_when():
    notice = Notice(
        title="Titre", authors="Groupe", academies=["10", "20"], published_on=date(2026, 10, 20), years="2026-2028"
    )
    said = wording.citation(notice, "https://x/notices/1").replace("\xa0", " ")
    assert said == (
        "Groupe, « Titre », Travaux académiques mutualisés (TraAM), académie de Lyon, académie d'Amiens, "
        "20 octobre 2026. https://x/notices/1"
    )


def test_the_works_of_a_theme_begin_with_the_latest_and_end_with_those_of_no_known_day():
    theme = PublicTheme.objects.create(source_key="x", years="2020-2021", title="T", changed_at=timezone.now())
    days = [None, date(2021, 1, 2), None, date(2021, 3, 4)]
    for n, day in enumerate(days):
        Notice.objects.create(
            source_key=f"x{n}", title=f"N{n}", theme=theme, published_on=day, datestamp=timezone.now()
        )
    assert [notice.title for notice in queries.notices_of_theme(theme)] == ["N3", "N1", "N2", "N0"]
