"""The national syntheses: listed, found by their words, cited, never stale."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from traam.design.readymade import SHELF
from traam.programme.catalogue.models import Notice, PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses import actions
from traam.programme.catalogue.syntheses.content import Block, Content, Figure, Quote, Section
from traam.programme.journal.actions import System

pytestmark = pytest.mark.django_db
SYSTEM = System()
TEXT = "Les élèves ont **réécouté** leur voix dans [3 classes](#chiffre-tests) ; le quokka n'y est pour rien."


def content(title: str, text: str = TEXT) -> Content:
    return Content(
        title=title,
        themes=(("Un thème", "2025-2026"),),
        sections=(Section("findings", "Ce que nous retenons", (Block(text=text), Block(quote=1))),),
        figures=(Figure("tests", 3, "tests en classe", "Un test compte une fois.", essential=True),),
        tables=(),
        quotes=(Quote(1, "Des ornithorynques patients.", "Test en classe", "/notices/1"),),
        counted_on="2026-06-20",
    )


def published(title: str, *themes: PublicTheme, text: str = TEXT, at: datetime | None = None) -> PublicSynthesis:
    at = at or timezone.now()
    key = f"synthesis:{title}"[:200]
    made = actions.publish(
        key, content(title, text), themes=(), version=1, licence="CC-BY-SA", names=(), actor=SYSTEM, at=at
    )
    made.themes.set(themes)
    return made


@pytest.fixture
def theme() -> PublicTheme:
    return PublicTheme.objects.create(
        source_key="x:1", years="2011-2012", title="Écouter", disciplines=["PHILO"], changed_at=timezone.now()
    )


def text_of(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&nbsp;", " ").replace("&#39;", "'")
    return re.sub(r"[\s\xa0\u202f]+", " ", plain)


# --- the list


def test_every_synthesis_is_listed_the_latest_first_and_a_withdrawn_one_is_said(
    client: Client, theme: PublicTheme
) -> None:
    first = published("Première", theme, at=timezone.now() - timedelta(days=400))
    gone = published("Deuxième", theme)
    actions.withdraw(gone, "Un chiffre était faux.", actor=SYSTEM, at=timezone.now())
    page = client.get("/syntheses/")
    titles = re.findall(r'<h2 class="result__title"><a href="/syntheses/(\d+)">', page.content.decode())
    assert titles[0] == str(gone.pk) and titles[-1] == str(first.pk)
    assert len(titles) == PublicSynthesis.objects.count() > 2
    assert "Thème : Écouter , 2011-2012" in text_of(page)
    assert "Retirée le" in text_of(page)
    assert client.get(f"/syntheses/{gone.pk}").status_code == 410


def test_it_is_filtered_by_discipline_and_by_year(client: Client, theme: PublicTheme) -> None:
    mine = published("Première", theme)

    def listed(query: str) -> list[str]:
        html = client.get(f"/syntheses/?{query}").content.decode()
        return re.findall(r'<a href="/syntheses/(\d+)">', html)

    assert listed("discipline=PHILO") == listed("annee=2011-2012") == [str(mine.pk)]
    assert listed("discipline=PHILO&annee=2011-2012") == [str(mine.pk)]
    assert str(mine.pk) not in listed("discipline=SVT")
    assert len(listed("discipline=magie&annee=x&page=y")) == PublicSynthesis.objects.count()


@pytest.mark.usefixtures("drawn_each_time")
def test_a_hundred_of_them_are_still_a_light_page(client: Client, django_assert_max_num_queries: Any) -> None:
    themes = PublicTheme.objects.order_by("pk")[:4]
    for number in range(100):
        published(f"Synthèse {number} : {'un titre de longueur ordinaire ' * 4}", *themes)
    with django_assert_max_num_queries(2):
        page = client.get("/syntheses/")
    assert len(page.content) < 50_000
    assert "et 1 autre thème" in text_of(page)
    assert 'href="?page=3"' in page.content.decode()
    found = [re.findall(r"/syntheses/(\d+)\"", client.get(f"/syntheses/?page={n}").content.decode()) for n in (1, 2, 3)]
    assert len({pk for numbers in found for pk in numbers}) == PublicSynthesis.objects.count()


@pytest.mark.parametrize("address", ["/syntheses/", "/recherche?q=quokka"])
def test_what_is_kept_is_never_stale(client: Client, theme: PublicTheme, address: str) -> None:
    made = published("Première", theme)
    client.get(address)
    assert "Première" in client.get(address).content.decode() and len(SHELF) == 1
    changes: list[tuple[Any, str]] = [
        (lambda: PublicSynthesis.objects.filter(pk=made.pk).update(title="Un autre titre"), "Un autre titre"),
        (lambda: PublicTheme.objects.filter(pk=theme.pk).update(title="Un autre thème"), "Un autre thème"),
        (lambda: made.themes.set(PublicTheme.objects.exclude(pk=theme.pk)[:1]), ""),
    ]
    for change, said in changes:
        change()
        assert said in client.get(address).content.decode()
    assert "Un autre thème" not in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/", "/themes/", "/plan-du-site"])
def test_readers_are_led_to_them(client: Client, address: str) -> None:
    assert 'href="/syntheses/"' in client.get(address).content.decode()


def test_without_any_the_page_says_what_to_read_meanwhile(client: Client) -> None:
    PublicSynthesis.objects.all().delete()
    assert "Aucune synthèse n’est encore en ligne" in client.get("/syntheses/").content.decode()


# --- beside the search


def block(client: Client, query: str, **headers: str) -> str:
    html = client.get(f"/recherche?{query}", headers=headers).content.decode()
    found = re.search(r'<section class="search__syntheses".*?</section>', html, re.DOTALL)
    return found[0].replace("\xa0", " ") if found else ""


@pytest.mark.parametrize("words", ["quokkas", "REECOUTE quokka", "ornithorynque", "écouter quokka", "quokka 2011-2012"])
def test_its_words_are_found_inflected_or_without_accents(client: Client, theme: PublicTheme, words: str) -> None:
    made = published("Première", theme)
    html = block(client, f"q={words}")
    assert f'href="/syntheses/{made.pk}"' in html and "1 synthèse nationale" in html
    assert f'href="/themes/{theme.pk}"' in html
    assert "chiffre-" not in html and "**" not in html


def test_the_words_are_marked_in_the_extract(client: Client, theme: PublicTheme) -> None:
    published("Première", theme)
    assert "<mark>quokka</mark>" in block(client, "q=quokkas")
    assert "<mark>réécouté</mark>" in block(client, "q=reecoutes")


def test_an_extract_reads_as_sentences(client: Client) -> None:
    published(
        "Première", text="- Un casque\n- Un **lieu calme**, [bien](https://x.example.org) fermé\n\nEt un wombat !"
    )
    html = re.sub(r"</?mark>", "", block(client, "q=wombat"))
    assert "Et un wombat !" in html
    html = re.sub(r"</?mark>", "", block(client, "q=casque"))
    assert "Un casque. Un lieu calme, bien fermé. Et un wombat !" in html


def test_notices_are_listed_first_and_say_that_syntheses_follow(client: Client) -> None:
    notice = Notice.objects.get(title__startswith="Enquêter sur une image")
    published("Enquêter sur une image")
    html = client.get("/recherche?q=enquêter+image").content.decode()
    assert html.index(f'href="/notices/{notice.pk}"') < html.index('id="syntheses"')
    assert '<a href="#syntheses">1 synthèse nationale</a>' in html.replace("\xa0", " ").replace("&nbsp;", " ")


def test_only_what_is_on_line_is_found_and_at_most_three_are_shown(client: Client) -> None:
    rows = [published(f"Synthèse {number}") for number in range(5)]
    html = block(client, "q=quokka")
    assert html.count('class="result__title"') == 3 and "5 synthèses nationales" in html
    assert 'href="/syntheses/"' in html
    for row in rows[:4]:
        actions.withdraw(row, "Un chiffre était faux.", actor=SYSTEM, at=timezone.now())
    html = block(client, "q=quokka")
    assert html.count('class="result__title"') == 1 and f"/syntheses/{rows[4].pk}" in html


def test_a_text_published_again_is_read_again(client: Client) -> None:
    published("Première")
    assert block(client, "q=quokka") and not block(client, "q=wombat")
    published("Première", text="Le wombat a remplacé l'autre.")
    assert block(client, "q=wombat") and not block(client, "q=quokka")


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True),
        ("&discipline=PHILO", True),
        ("&annee=2011-2012", True),
        ("&discipline=LET", False),
        ("&academie=10", False),  # a synthesis is of every academy
        ("&page=2", True),  # there is one page
    ],
)
def test_filters_that_say_something_of_it_count(client: Client, theme: PublicTheme, query: str, there: bool) -> None:
    published("Première", theme)
    assert bool(block(client, f"q=quokka{query}")) == there


def test_it_follows_what_is_typed_and_says_so(client: Client, theme: PublicTheme) -> None:
    published("Première", theme)
    typing = {"HX-Request": "true", "HX-Trigger": "recherche"}
    assert block(client, "q=quok", **typing)
    assert not block(client, "q=quok")
    told = client.get("/recherche?q=quok", headers=typing).content.decode()
    assert "Aucune notice et 1\xa0synthèse" in told or "Aucune notice et 1 synthèse" in told


def test_without_words_there_is_nothing(client: Client) -> None:
    published("Première")
    for query in ("", "q=", "q=les+des", "discipline=PHILO"):
        assert not block(client, query)


@pytest.mark.usefixtures("drawn_each_time")
def test_the_search_costs_one_query_more_and_two_for_what_it_shows(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        published(f"Synthèse {number}")
    client.get("/recherche?q=quokka")
    with django_assert_max_num_queries(1):
        client.get("/recherche?q=ornithologie")
    with django_assert_max_num_queries(3):
        client.get("/recherche?q=quokka")


# --- cited and shared


def test_the_page_says_what_it_is_to_who_shares_and_cites_it(client: Client, theme: PublicTheme) -> None:
    made = published('Écouter </script><img src="x">', theme)
    page = client.get(f"/syntheses/{made.pk}").content.decode()
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(script)
    assert (told["@type"], told["name"], told["version"]) == ("Report", made.title, 1)
    assert told["about"][0]["url"].endswith(f"/themes/{theme.pk}") and told["about"][0]["name"] == "Écouter"
    assert told["description"].startswith("Les élèves ont réécouté leur voix dans 3 classes")
    assert '<img src="x">' not in page
    for name in ("og:title", "og:description", "og:url", "og:image"):
        assert f'property="{name}"' in page
    assert f'rel="canonical" href="{told["url"]}"' in page
    assert "synthèse nationale, Travaux académiques mutualisés (TraAM), version 1" in page


def test_its_reference_and_its_card_are_given(client: Client, theme: PublicTheme) -> None:
    made = published("Écouter", theme, at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    bib, ris = (client.get(f"/syntheses/{made.pk}.{form}") for form in ("bib", "ris"))
    assert bib["Content-Type"].startswith("application/x-bibtex") and "date = {2026-07-01}" in bib.content.decode()
    assert "TI  - Écouter\r\n" in ris.content.decode()
    card = client.get(f"/syntheses/{made.pk}/carte.png")
    assert card["Content-Type"] == "image/png" and card.content[:8] == b"\x89PNG\r\n\x1a\n"
    actions.withdraw(made, "Faux.", actor=SYSTEM, at=timezone.now())
    assert client.get(f"/syntheses/{made.pk}/carte.png").status_code == 410
    assert client.get(f"/syntheses/{made.pk}.bib").status_code == 404


def test_the_page_of_a_theme_leads_to_its_synthesis(client: Client, theme: PublicTheme) -> None:
    made = published("Première", theme)
    page = client.get(f"/themes/{theme.pk}").content.decode()
    assert f'href="/syntheses/{made.pk}"' in page and 'href="/syntheses/"' in page
    assert made.published_on >= date(2020, 1, 1)
