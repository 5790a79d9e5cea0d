"""A teacher without an account: she searches with a fault, filters, reads, prints, cites, follows, and plays a video.

On a desk and on a phone, with scripts and without. Pages with scripts pass axe and fit their screen.
With TRAAM_SCREENSHOTS=folder, those of `GUIDES` are also kept as pictures for the guides.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from journey_stage import Visitor, person
from lxml import etree
from playwright.sync_api import Page, Route, expect

from traam.design import pdf
from traam.programme.catalogue.information import actions
from traam.programme.catalogue.information.models import Content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDES = {
    "partager-et-citer": ("main #reprendre", 900),
}
TITLE = "Enquêter sur une image générée"
HOST = "tube.exemple.fr"
FRAME = f"https://{HOST}/videos/embed/12"


@pytest.fixture
def film(settings: Any, demonstration: None) -> str:
    """A page of information with its video; its title."""
    settings.VIDEO_HOSTS = [HOST]
    content = Content(
        title="Filmer une séance",
        description="Ce qu'il faut savoir avant de filmer.",
        areas=("1",),
        video=FRAME,
        download=f"https://{HOST}/download/12.mp4",
        transcript="Bonjour à tous.",
        credits="- **Production** : Une académie",
        licence="CC BY-SA 4.0",
        licence_address="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    )
    bureau, at = person("bureau"), timezone.localtime()
    actions.publish(actions.write("filmer", content, actor=bureau, at=at), actor=bureau, at=at)
    return content.title


class Teacher:
    """She holds one browser, of some width, with scripts or without."""

    def __init__(self, page: Page, base: str, look: Callable[[str], None] | None, *, phone: bool) -> None:
        self.page, self.base, self.phone = page, base, phone
        self.scripts = look is not None
        self.look = look or (lambda name: None)
        self.asked: list[str] = []
        page.route(lambda url: not url.startswith(base), self._elsewhere)

    def _elsewhere(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body="<p>La vidéo</p>")

    def search_with_a_fault(self) -> None:
        self.page.goto(f"{self.base}/")
        self.page.get_by_role("searchbox", name="Chercher un scénario").fill("enqueter imaje")
        self.page.locator("main").get_by_role("button", name="Rechercher").click()
        expect(self.page.get_by_text("Résultats pour")).to_contain_text("image")
        expect(self._result()).to_be_visible()
        self.look("recherche-corrigee")

    def _result(self) -> Any:
        return self.page.locator(".results").get_by_role("link", name=re.compile(TITLE))

    def filter(self) -> None:
        if self.phone and self.scripts:
            self.page.get_by_role("button", name="Filtrer les résultats").click()
        self.page.locator("label[for=discipline-EMI]").click()
        if not self.scripts:
            self.page.get_by_role("button", name="Appliquer les filtres").click()
        expect(self.page).to_have_url(re.compile("discipline=EMI"))
        expect(self.page.locator("#discipline-EMI")).to_be_checked()
        expect(self._result()).to_be_visible()

    def follow(self) -> None:
        """The feed of this very search has the scenario in it."""
        link = self.page.get_by_role("link", name="Suivre cette recherche")
        answer = self.page.request.get(self.base + str(link.get_attribute("href")))
        assert answer.headers["content-type"].startswith("application/atom+xml")
        titles = [one.text or "" for one in etree.fromstring(answer.body()).iter("{http://www.w3.org/2005/Atom}title")]
        assert "imaje" in titles[0] and any(title.startswith(TITLE) for title in titles[1:])

    def read(self) -> None:
        self._result().click()
        expect(self.page.get_by_role("heading", level=1, name=re.compile(TITLE))).to_be_visible()
        self.look("partager-et-citer")

    def share_and_cite(self) -> None:
        button = self.page.get_by_role("button", name="Copier l’adresse")
        if self.scripts:
            button.click()
            expect(self.page.locator("[data-copies=adresse] [role=status]")).to_have_text("Copié.")
        else:
            expect(button).to_be_hidden()
        for name, begins in (("BibTeX", b"@misc{"), ("RIS", b"TY  - ")):
            link = self.page.get_by_role("link", name=f"La référence en {name}")
            assert self.page.request.get(self.base + str(link.get_attribute("href"))).body().startswith(begins)

    def print(self) -> None:
        """On paper, the text without what is pressed; as a file, the whole notice."""
        self.page.emulate_media(media="print")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        for gone in ("header.fr-header", "footer.fr-footer", "nav.fr-breadcrumb", "#partager", ".similar"):
            expect(self.page.locator(gone)).to_be_hidden()
        assert self.page.pdf().startswith(b"%PDF")
        self.page.emulate_media(media="screen")
        if pdf.available():
            link = self.page.get_by_role("link", name="La notice entière")
            answer = self.page.request.head(self.base + str(link.get_attribute("href")))
            assert answer.headers["content-type"] == "application/pdf"

    def ask_to_reuse(self) -> None:
        self.page.get_by_role("link", name="Réutiliser ce scénario").click()
        expect(self.page).to_have_url(re.compile(r"/connexion\?next=/atelier/reprises/\d+$"))

    def play(self, title: str) -> None:
        """Nothing was asked of anybody else before the click."""
        self.page.goto(f"{self.base}/informations/")
        self.page.locator("main").get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self.look("page-avec-video")
        assert self.asked == []
        if not self.scripts:
            expect(self.page.get_by_role("link", name="Lire la vidéo")).to_have_attribute("href", FRAME)
            return
        self.page.get_by_role("button", name="Lire la vidéo").click()
        expect(self.page.frame_locator("iframe").get_by_text("La vidéo")).to_be_visible()
        assert self.asked == [FRAME]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [1280, 390])
def test_an_anonymous_teacher_finds_reads_prints_and_follows(
    film: str, live_server: Any, browser_page: Callable[..., Page], axe: Any, width: int, scripts: bool
) -> None:
    page = browser_page(width, script=scripts)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor = Visitor(page, live_server.url, axe, GUIDES if width == 1280 else {}, set())
    teacher = Teacher(page, live_server.url, visitor.look if scripts else None, phone=width == 390)
    teacher.search_with_a_fault()
    teacher.filter()
    teacher.follow()
    teacher.read()
    teacher.share_and_cite()
    teacher.print()
    teacher.ask_to_reuse()
    teacher.play(film)
