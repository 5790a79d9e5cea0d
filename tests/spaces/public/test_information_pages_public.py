"""Pages of information as the public reads them: nothing from outside before a click, everything without scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from traam.demo.build import DOMAIN
from traam.programme.catalogue.information import actions, queries
from traam.programme.catalogue.information.models import Content
from traam.programme.people.models import Person

HOST = "tube.exemple.fr"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:09.000\nBonjour à tous.\n"
FRAME = f"https://{HOST}/videos/embed/12"
FILM = f"https://{HOST}/download/12.mp4"


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.VIDEO_HOSTS = [HOST]


def publish(slug: str, **changes: Any) -> str:
    """A page on line; its address."""
    bureau, at = Person.objects.get(email=f"bureau@{DOMAIN}"), timezone.localtime()
    values = {
        "title": f"Une page {slug}",
        "description": "Ce qu'elle dit.",
        "areas": ("1", "5"),
        "video": FRAME,
        "download": FILM,
        "transcript": "Bonjour à tous.\n\n- Un\n- Deux",
        "credits": "- **Production** : Une académie",
        "licence": "CC BY-SA 4.0",
        "licence_address": "https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
        **changes,
    }
    actions.publish(actions.write(slug, Content(**values), actor=bureau, at=at), actor=bureau, at=at)
    return f"/informations/{slug}"


def policy(answer: Any, name: str) -> str:
    rules = dict(rule.strip().partition(" ")[::2] for rule in answer["Content-Security-Policy"].split(";"))
    return str(rules.get(name, ""))


@pytest.mark.django_db
@pytest.mark.usefixtures("drawn_each_time")
def test_a_page_says_everything_without_scripts(client: Any, django_assert_max_num_queries: Any) -> None:
    address = publish("entiere", captions=CAPTIONS)
    with django_assert_max_num_queries(1):
        answer = client.get(address)
    page = answer.content.decode()
    for needed in (
        f'href="{FILM}"',
        f'href="{FRAME}"',
        'href="/informations/entiere/sous-titres.vtt"',
        "Bonjour à tous.",
        "Une académie",
        'rel="license noopener external">CC BY-SA 4.0',
        "/recherche?q=Environnement+professionnel",
        "Compétences numériques des apprenants",
    ):
        assert needed in page, needed
    assert "<iframe" not in page
    assert "<video" not in page
    assert len(answer.content) < 50_000
    captions = client.get(f"{address}/sous-titres.vtt")
    assert (captions.content.decode(), captions["Content-Type"]) == (CAPTIONS, "text/vtt; charset=utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "way", "directive"),
    [
        ({}, "frame", "frame-src"),
        ({"captions": CAPTIONS}, "file", "media-src"),
        ({"video": FILM, "download": ""}, "file", "media-src"),
        (
            {"video": f"{FRAME}?p2p=0", "download": "https://ailleurs.fr/1.mp4", "captions": CAPTIONS},
            "frame",
            "frame-src",
        ),
        ({"video": "https://ailleurs.fr/embed/1", "download": "https://ailleurs.fr/1.mp4"}, "link", ""),
        ({"video": "https://tube.exemple.fr.pirate.fr/embed/1", "download": ""}, "link", ""),
        ({"video": "https://x@tube.exemple.fr/embed/1", "download": ""}, "link", ""),
    ],
)
def test_a_page_may_load_its_video_and_nothing_else(
    client: Any, changes: dict[str, Any], way: str, directive: str
) -> None:
    answer = client.get(publish("video", **changes))
    assert f'data-player="{way}"' in answer.content.decode()
    allowed = {name: policy(answer, name) for name in ("frame-src", "media-src")}
    assert allowed == {name: f"'self' https://{HOST}" * (name == directive) for name in allowed}
    assert policy(answer, "default-src") == "'self'"


@pytest.mark.django_db
def test_drafts_are_nowhere_and_what_is_withdrawn_says_why(client: Any) -> None:
    bureau, at = Person.objects.get(email=f"bureau@{DOMAIN}"), timezone.localtime()
    actions.write("brouillon", Content(title="Un brouillon", text="Rien."), actor=bureau, at=at)
    assert client.get("/informations/brouillon").status_code == 404
    assert "Un brouillon" not in client.get("/informations/").content.decode()
    address = publish("retiree", captions=CAPTIONS)
    actions.withdraw(queries.written("retiree"), "La vidéo est fausse.", actor=bureau, at=at)
    gone = client.get(address)
    assert gone.status_code == 410
    assert "La vidéo est fausse." in gone.content.decode()
    assert "Bonjour à tous" not in gone.content.decode()
    assert client.get(f"{address}/sous-titres.vtt").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("drawn_each_time")
def test_pages_are_sorted_by_domain(client: Any, django_assert_max_num_queries: Any) -> None:
    publish("un", areas=("4",))
    publish("webinaire", areas=(), webinar=True)
    for number in range(5):
        publish(f"autre-{number}")
    with django_assert_max_num_queries(1):
        shown = client.get("/informations/?domaine=4").content.decode()
    assert "/informations/un" in shown
    assert "/informations/webinaire" not in shown
    assert "/informations/webinaire" in client.get("/informations/?domaine=webinaires").content.decode()
    assert "/informations/un" in client.get("/informations/?domaine=inconnu").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nothing_comes_from_outside_before_a_click(
    demonstration: None, sound: Any, browser_page: Any, live_server: Any, tmp_path: Path
) -> None:
    framed, filmed = publish("cadre", title="Anticonstitutionnellement" * 6), publish("film", captions=CAPTIONS)
    assert sound([("", "/informations/"), ("", framed), ("bureau", "/pilotage/informations/film")]) == {}
    page = browser_page(1280)
    asked: list[str] = []

    def elsewhere(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body="<p>La vidéo</p>")

    page.route(lambda url: not url.startswith(live_server.url), elsewhere)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url + framed)
    button = page.get_by_role("button", name="Lire la vidéo")
    expect(button).to_be_visible()
    assert asked == []
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("iframe")).to_be_focused()
    expect(page.frame_locator("iframe").get_by_text("La vidéo")).to_be_visible()
    assert asked == [FRAME]
    page.goto(live_server.url + filmed)
    page.get_by_role("button", name="Lire la vidéo").click()
    expect(page.locator("video track[kind=captions]")).to_have_attribute("src", "/informations/film/sous-titres.vtt")
    expect(page.locator("video")).to_have_js_property("src", FILM)
    page.wait_for_timeout(200)
    assert FILM in asked
    assert [one for one in complaints if "Security Policy" in one] == []
    bare = browser_page(390, script=False)
    bare.goto(live_server.url + filmed)
    expect(bare.get_by_role("link", name="Lire la vidéo")).to_have_attribute("href", FRAME)
    expect(bare.get_by_role("link", name="Télécharger la vidéo")).to_be_visible()
