"""What readers of a production do, whatever it is: remark on a part, decide, see only what changed."""

import re

from journey_stage import Visitor
from playwright.sync_api import Locator


def judge(path: str) -> str:
    """The page of the readers of what is written at this address of the workshop."""
    return path.replace("/atelier/", "/evaluation/")


def part(v: Visitor, title: str) -> Locator:
    """A part of the text on the page of the readers."""
    return v.page.locator("main section.part").filter(has=v.page.get_by_role("heading", name=title, exact=True))


def remark(v: Visitor, title: str, text: str, quote: str = "") -> None:
    here = part(v, title)
    here.get_by_text("Faire une remarque").click()
    here.locator("[name=text]").fill(text)
    if quote:
        here.locator("[name=quote]").fill(quote)
    here.get_by_role("button", name="Enregistrer la remarque").click()
    v.told("Remarque enregistrée")


def decide(v: Visitor, who: str, path: str, button: str, said: str, comment: str = "") -> None:
    """Somebody opens the page of the readers, and presses one of its buttons."""
    v.enter(who)
    v.go(path)
    if comment:
        v.fill(comment=comment)
    v.page.locator("main form").get_by_role("button", name=re.compile(f"^{button}$")).click()
    v.told(said)
