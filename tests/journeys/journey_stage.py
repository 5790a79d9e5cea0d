"""Who lives the campaign: a browser held by one person after another, and the names they give to things."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN, PASSWORD
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.people.models import Person

TITLE = "Campagne d'essai"
THEME = "Écouter, dire, enregistrer"
RADIO, PAPER, NOTEBOOK = "La radio du collège", "Le journal parlé", "Le carnet sonore de la ville"
TEACHER = "professeure.lyon"  # invited, she writes, applies, then leads the group
COLOURS = 128
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def coming(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def day(days: int) -> str:
    return coming(days).strftime("%d/%m/%Y")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def the_campaign() -> Campaign:
    return Campaign.objects.get(title=TITLE)


def the_theme() -> Theme:
    return the_campaign().themes.get(title=THEME)


def titled(title: str) -> Application:
    return Application.objects.get(theme__campaign__title=TITLE, titles=[title])


def of_academy(code: str) -> Application:
    """The first that an academy proposed to the new theme."""
    return Application.objects.filter(theme=the_theme(), academy=code).order_by("pk")[0]


def _lighten(picture: Path) -> None:
    """Pages have few colours: a palette divides the weight of their picture by two or three, and nobody sees it."""
    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


# check(force=True): in the design system, the box one sees is drawn by the label, over the input.
class Visitor:
    """A browser held by one person after another; `look` judges the page that is shown.

    `guides` says what is kept of a page for the guides: from the top of which element, and how many pixels at most;
    `phones`, the pages kept as a phone shows them.
    """

    def __init__(
        self,
        page: Page,
        base: str,
        axe: Callable[..., list[str]],
        guides: Mapping[str, tuple[str, int]],
        phones: Collection[str],
    ) -> None:
        self.page, self.base, self.axe = page, base, axe
        self.guides, self.phones = guides, phones
        self.seen: list[str] = []
        self.sessions: dict[str, list[Any]] = {}
        page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before a text is left behind

    def go(self, path: str) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.ok, (path, answer and answer.status)

    def enter(self, name: str) -> None:
        """Sign in with a password the first time, come back with the same session the next ones."""
        self.leave()
        if name in self.sessions:
            self.page.context.add_cookies(self.sessions[name])
            return
        self.go("/connexion")
        form = self.page.locator("main form").first
        form.get_by_label("Adresse").fill(f"{name}@{DOMAIN}")
        form.get_by_label("Mot de passe").fill(PASSWORD)
        form.get_by_role("button", name="Se connecter").click()
        self.arrive(name)

    def arrive(self, name: str) -> None:
        expect(self.page).to_have_url(re.compile("/tableau-de-bord$"))
        self.look(f"bureau-de-{name}")
        self.sessions[name] = [cookie for cookie in self.page.context.cookies() if cookie.get("name") == "sessionid"]

    def forget(self) -> None:
        """Sign everybody out: their sessions have ended."""
        self.sessions.clear()

    def leave(self) -> None:
        self.page.context.clear_cookies()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("button", name=name).first.click()

    def send(self) -> None:
        """Send the first form, and wait for what it answers."""
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit]").first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def arrived(self, heading: str) -> None:
        """The page of this title is there, with the scripts that listen to it."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        self.page.wait_for_load_state("load")

    def fill(self, **answers: str) -> None:
        for name, value in answers.items():
            self.page.locator(f"main [name={name}]").first.fill(value)

    def write(self, label: str, text: str) -> None:
        """In the box of this label, which may also be that of the bar of buttons above it."""
        self.page.locator("main").get_by_role("textbox", name=re.compile(f"^{re.escape(label)}")).first.fill(text)

    def tick(self, label: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.page.locator("main").get_by_label(label, exact=exact).first.check(force=True)

    def told(self, sentence: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main, .fr-alert").filter(has_text=sentence).first).to_be_visible()

    def look(self, name: str) -> None:
        """Judge the page at the width of a desk; its colours, and a phone, are for the tests of its space."""
        self.seen.append(name)
        self.page.wait_for_load_state("load")
        if connection.vendor != "sqlite":
            return  # the same page on the other database: it is judged once
        folder = os.environ.get("TRAAM_SCREENSHOTS")
        if folder:
            self._keep(Path(folder), name)
        problems = self.axe(self.page, without=["color-contrast"])
        assert problems == [], (name, problems)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} overflows"

    def _keep(self, folder: Path, name: str) -> None:
        """Keep what the guides show of this page, if anything."""
        folder.mkdir(parents=True, exist_ok=True)
        if name in self.guides:
            self.page.screenshot(path=folder / f"{name}.png", full_page=True, clip=self._clip(*self.guides[name]))
            _lighten(folder / f"{name}.png")
        if name in self.phones:
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            self.page.screenshot(path=folder / f"{name}-telephone.png", caret="initial")
            _lighten(folder / f"{name}-telephone.png")
            self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    def _clip(self, start: str, height: int) -> Any:
        """From a little above `start`, `height` pixels at most, and not below what the page says."""
        margin = 24
        scrolled = self.page.evaluate("window.scrollY")
        first, whole = self.page.locator(start).first.bounding_box(), self.page.locator("main").bounding_box()
        assert first is not None and whole is not None
        top, end = first["y"] + scrolled - margin, whole["y"] + scrolled + whole["height"]
        return {"x": 0, "y": top, "width": DESKTOP["width"], "height": min(height, end - top)}
