"""A notice hung on a wall or shared: one page, one image, what is said of them; for the group before it is public."""

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from traam import reference
from traam.demo.build import DOMAIN
from traam.design import pdf
from traam.programme.catalogue import posters
from traam.programme.catalogue.models import Notice
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario

needs_pango = pytest.mark.skipif(not pdf.available(), reason=f"no Pango: apt install {pdf.PACKAGES}")


def released() -> Notice:
    found = Notice.objects.filter(state="published", published_on__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=f"{name}@{DOMAIN}"))
    return client


def everything(document: bytes) -> bytes:
    """A PDF with its streams opened."""
    opened = [document]
    for found in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            opened.append(zlib.decompress(found))
        except zlib.error:
            continue
    return b"\n".join(opened)


def pages(document: bytes) -> int:
    (count,) = set(
        re.findall(rb"/Type /Pages.{0,80}?/Count (\d+)|/Count (\d+).{0,80}?/Type /Pages", everything(document))
    )
    return int(b"".join(count))


def sentences(length: int) -> str:
    return ("Les élèves préparent le débat. " * (length // 30 + 1))[:length]


# --- what is said


def test_a_summary_is_cut_at_a_sentence() -> None:
    assert posters.shortened("Un. Deux ? Trois !", 100) == "Un. Deux ? Trois !"
    assert posters.shortened("Une première phrase. Une seconde, bien plus longue.", 30) == "Une première phrase."
    assert posters.shortened("Elle dit « Oui. » Puis rien ne vient jamais", 20) == "Elle dit « Oui. »"
    assert posters.shortened("La version 2.5 du logiciel est libre", 20) == "La version 2.5 du…"
    assert posters.shortened("x" * 50, 20) == "x" * 19 + "…"
    for most in range(1, 80):
        assert len(posters.shortened(sentences(300), most)) <= most


def test_a_list_that_does_not_hold_says_how_many_are_left() -> None:
    assert posters.listed(["Lettres", " Histoire "], 40) == "Lettres, Histoire"
    assert posters.listed(["Lettres", "Histoire", "Arts"], 23) == "Lettres, Histoire, Arts"
    assert posters.listed(["Lettres", "Histoire", "Arts"], 22) == "Lettres et 2 autres"
    assert posters.listed([], 10) == "" and len(posters.listed(["x" * 90], 20)) <= 20


@pytest.mark.django_db
def test_the_alternative_says_what_the_card_shows() -> None:
    notice = released()
    poster = posters.of_notice(notice, address="https://traam.exemple.fr/notices/1")
    card, said = posters.card(poster, "TraAM"), posters.told(poster)
    assert notice.title in said and card.title == notice.title
    assert card.foot == "traam.exemple.fr/notices/1"
    for words in (poster.disciplines, poster.levels, poster.duration, poster.academies):
        assert words in said and any(words.lower() in line.lower() for line in card.lines), words
    tested = len(notice.tested_by)
    assert poster.tests == ({0: "", 1: "Testé dans une académie"}.get(tested, f"Testé dans {tested} académies"))


# --- the card


@pytest.mark.django_db
def test_anyone_gets_the_card_of_a_notice_and_not_twice() -> None:
    notice, client = released(), Client()
    answer = client.get(f"/notices/{notice.pk}/carte.png")
    assert answer["Content-Type"] == "image/png" and answer["Cache-Control"] == "public, max-age=3600"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    again = client.get(f"/notices/{notice.pk}/carte.png", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and again.content == b""
    Notice.objects.filter(pk=notice.pk).update(title="Autre titre")
    changed = client.get(f"/notices/{notice.pk}/carte.png", headers={"if-none-match": answer["ETag"]})
    assert changed.status_code == 200 and changed.content != answer.content


@pytest.mark.django_db
def test_the_neutral_dress_does_not_borrow_the_font_of_the_state(settings: Any) -> None:
    notice, drawn = released(), []
    for settings.STATE_DRESS in (False, True):
        drawn.append(Client().get(f"/notices/{notice.pk}/carte.png").content)
    assert drawn[0] != drawn[1]


@pytest.mark.django_db
def test_the_page_of_a_notice_names_its_card(settings: Any) -> None:
    notice = released()
    page = Client().get(f"/notices/{notice.pk}").content.decode()
    card = f"{settings.SITE_ADDRESS}/notices/{notice.pk}/carte.png"
    assert f'<meta property="og:image" content="{card}">' in page
    assert re.search(r'<meta property="og:image:alt" content="Carte du scénario « [^"]+">', page)
    assert '<meta property="og:title"' in page and 'content="summary_large_image"' in page
    block = page[page.index('id="partager"') : page.index("Citer cette notice")]
    assert f"/notices/{notice.pk}/carte.png" in block and "mailto:?subject=" in block
    assert set(re.findall(r'(?:href|src)="(https?://[^"/]+)', block)) <= {settings.SITE_ADDRESS}
    assert "<script" not in block and "<iframe" not in block and "<img" not in block


# --- the poster


@needs_pango
@pytest.mark.django_db
def test_the_poster_of_a_notice_is_one_tagged_page(settings: Any) -> None:
    notice = released()
    answer = Client().get(f"/notices/{notice.pk}/affiche.pdf")
    assert answer["Content-Type"] == "application/pdf" and "affiche-" in answer["Content-Disposition"]
    assert pages(answer.content) == 1
    inside = everything(answer.content)
    for wanted in (b"/StructTreeRoot", b"/Marked true", b"pdfuaid", b"/S /H1", b"/Lang (fr)"):
        assert wanted in inside, wanted
    assert f"{settings.SITE_ADDRESS}/notices/{notice.pk}".encode() in inside
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert Client().get(f"/notices/{notice.pk}/affiche.pdf").content == answer.content


@needs_pango
@pytest.mark.django_db
@pytest.mark.parametrize("title", ["M" * 300, sentences(300), "Anticonstitutionnellement " * 11, sentences(60), "É"])
def test_the_longest_texts_hold_on_one_page(title: str) -> None:
    notice = released()
    Notice.objects.filter(pk=notice.pk).update(
        title=title[:300],
        summary="W" * 3_000 if len(title) < 100 else sentences(3_000),
        disciplines=list(reference.disciplines()),
        levels=list(reference.levels()),
        competences=list(reference.competences()),
        academies=list(reference.academies()),
        duration_minutes=999,
        authors="Nom " * 75,
        level_text="",
    )
    assert pages(Client().get(f"/notices/{notice.pk}/affiche.pdf").content) == 1
    assert_nothing_is_covered(Notice.objects.get(pk=notice.pk))


def assert_nothing_is_covered(notice: Notice) -> None:
    """The foot of the sheet begins under the last line of the card, and ends on the sheet."""
    poster = posters.of_notice(notice, address=f"https://traam.exemple.fr/notices/{notice.pk}")
    page = pdf.fitted(None, "design/poster.html", {"poster": poster, "draft": "", "dated": date(2026, 11, 22)}).pages[0]
    placed = {}
    for box in every_box(page._page_box):
        element = getattr(box, "element", None)
        if element is not None and (element.tag == "dl" or element.get("class") == "foot"):
            placed[element.tag] = box.position_y, box.position_y + box.margin_height()
    assert placed["dl"][1] <= placed["div"][0] and placed["div"][1] <= page.height


def every_box(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from every_box(child)


@pytest.mark.django_db
def test_a_withdrawn_notice_has_neither() -> None:
    notice = released()
    Notice.objects.filter(pk=notice.pk).update(state="withdrawn", reason="Une erreur.")
    for name in ("carte.png", "affiche.pdf"):
        assert Client().get(f"/notices/{notice.pk}/{name}").status_code == 410
    assert Client().get("/notices/999999/carte.png").status_code == 404


# --- for the group, before anyone may read it


@needs_pango
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("referent.lyon", 200), ("inspecteur.lyon", 200), ("bureau", 200), ("dan.lille", 403)]
)
def test_a_scenario_has_its_poster_and_its_card_for_those_who_follow_it(who: str, status: int) -> None:
    scenario = Scenario.objects.filter(group__application__academy="10", state="draft").first()
    assert scenario is not None
    client = signed_in(who)
    for name in ("affiche.pdf", "carte.png"):
        assert client.get(f"/atelier/scenarios/{scenario.pk}/{name}").status_code == status, name
    if status == 200:
        poster = client.get(f"/atelier/scenarios/{scenario.pk}/affiche.pdf")
        assert pages(poster.content) == 1 and b"/notices/" not in everything(poster.content)
        assert "no-store" in client.get(f"/atelier/scenarios/{scenario.pk}/carte.png")["Cache-Control"]


@pytest.mark.django_db
def test_the_page_of_a_scenario_gives_both_with_the_words_to_paste() -> None:
    scenario = Scenario.objects.filter(group__application__academy="10").order_by("pk").first()
    assert scenario is not None
    page = signed_in("referent.lyon").get(f"/atelier/scenarios/{scenario.pk}").content.decode()
    assert f"/atelier/scenarios/{scenario.pk}/carte.png" in page and "Texte à coller" in page
    assert page.count("Carte du scénario «") >= 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_blocks_that_share_are_readable_by_everyone(
    demonstration: None, live_server: Any, browser_page: Callable[..., Any], axe: Callable[..., list[str]]
) -> None:
    scenario = Scenario.objects.filter(group__application__academy="10").order_by("pk")[0]
    cookie = signed_in("referent.lyon").cookies["sessionid"].value
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser_page(width=width, scheme=scheme)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        for address in (f"/atelier/scenarios/{scenario.pk}", f"/notices/{released().pk}"):
            assert page.goto(live_server.url + address).status == 200
            assert axe(page) == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
        page.goto(f"{live_server.url}/atelier/scenarios/{scenario.pk}")
        card = page.locator(".card-shown")
        card.scroll_into_view_if_needed()
        assert card.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 1200
