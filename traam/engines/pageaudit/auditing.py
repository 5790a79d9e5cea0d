"""The static audit of one page: every check, in an order that lets a wall silence the others."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from traam.engines.pageaudit import (
    accounts,
    anchors,
    cookies,
    forms,
    media,
    mentions,
    openness,
    pictures,
    privacy,
    rights,
    social,
    structure,
    tables,
    walls,
)
from traam.engines.pageaudit.addresses import host_of
from traam.engines.pageaudit.photographs import photographs
from traam.engines.pageaudit.reading import Page, is_page, read
from traam.engines.pageaudit.rendered import SAME_AS_AXE, from_rendered, rule_of, unseen
from traam.engines.pageaudit.report import Report
from traam.engines.pageaudit.values import Answer, Fetched, Finding, Link, Rendered

NO_BROWSER = "Aucun navigateur n'a montré cette page."


def audit_page(
    fetched: Fetched,
    *,
    links: Mapping[str, Link] = {},
    images: Mapping[str, bytes] = {},
    expected_licence: str = "",
    at_home: Collection[str] = frozenset(),
    rendered: Rendered | None = None,
) -> list[Finding]:
    """What is found wrong, or doubtful, in a page as it was fetched; in the order of `CHECKS`. Never raises.

    `links` and `images` are what was answered for the addresses of `wanted(fetched)`. `expected_licence` is the licence
    that the production declares: a code ("CC-BY-SA"), a name or an address. `at_home` are hosts or domains that count
    as the page's own. With `rendered`, what a browser saw is added; without, what only a browser sees is told as
    untested.
    """
    page = read(fetched) if is_page(fetched) else Page(fetched, "")
    report = Report(page)
    if not openness.reach(page, report) or walls.wall(page, report):
        return report.findings()
    if not is_page(fetched):  # a document: its own engine judges what it holds
        openness.secure(page, report)
        return report.findings()
    if walls.elsewhere(page, report):
        return report.findings()
    if is_shell(page):
        return _of_shell(fetched, page, report, rendered, at_home, links, images, expected_licence)
    _checks(page, report, links, expected_licence, at_home)
    photographs(page, report, images)
    if fetched.truncated or page.cut:
        report.untested("reach", "La page est très grande : seul son début a été lu.")
    if rendered is None:
        unseen(report, NO_BROWSER)
        return report.findings()
    return together(report.findings(), from_rendered(rendered, page.address, at_home=at_home))


WORDS_OF_A_SHELL = 80  # characters of text under which a page with scripts has everything still to be written


def is_shell(page: Page) -> bool:
    """Does the page hold nothing until its scripts have run? Its source then tells nothing of its content."""
    if page.all("frame", "object", "embed") or not page.all("script"):
        return False
    if page.seen("img", "iframe", "video", "h1", "h2", "main", "article"):
        return False
    return len("".join(page.text.split())) < WORDS_OF_A_SHELL


def _of_shell(
    fetched: Fetched,
    page: Page,
    report: Report,
    rendered: Rendered | None,
    at_home: Collection[str],
    links: Mapping[str, Link],
    images: Mapping[str, bytes],
    expected_licence: str,
) -> list[Finding]:
    """The audit of what the scripts wrote, if a browser saw it; otherwise of the little that the source shows."""
    if rendered is not None and rendered.html and not rendered.error:
        written = replace(fetched, body=rendered.html.encode("utf-8", "replace"), headers=_as_utf8(fetched))
        if not is_shell(read(written)):
            return audit_page(
                written,
                links=links,
                images=images,
                expected_licence=expected_licence,
                at_home=at_home,
                rendered=rendered,
            )
    _loaded(page, report, at_home)
    report.untested(
        "reach",
        "La page est vide tant que ses scripts n'ont pas écrit son contenu : sans navigateur, seul ce qu'elle charge a "
        "été examiné.",
    )
    unseen(report, NO_BROWSER)
    return report.findings()


def _as_utf8(fetched: Fetched) -> list[tuple[str, str]]:
    kept = [(key, value) for key, value in fetched.headers if key.lower() != "content-type"]
    return [*kept, ("content-type", "text/html; charset=utf-8")]


def _checks(
    page: Page, report: Report, links: Mapping[str, Link], expected_licence: str, at_home: Collection[str]
) -> None:
    _loaded(page, report, at_home)
    walls.part(page, report)
    openness.dead_links(page, report, links)
    accounts.pupil_accounts(page, report)
    rights.licence(page, report, expected_licence)
    mentions.legal(page, report)
    mentions.statement(page, report)
    for check in (structure.language, structure.title, structure.headings, structure.zoom, pictures.alternatives,
                  forms.labels, anchors.texts, media.frames, media.captions, tables.tables):  # fmt: skip
        check(page, report)


def _loaded(page: Page, report: Report, at_home: Collection[str]) -> None:
    """What does not depend on the content."""
    openness.secure(page, report)
    openness.mixed(page, report)
    told = privacy.trackers(page, report, at_home)
    privacy.third_parties(page, report, told, at_home)
    cookies.cookies(page, report)
    social.social(page, report)


def together(static: list[Finding], seen: list[Finding]) -> list[Finding]:
    """The two passes as one: what the source already told is not told again, nor is called untested what was tested."""
    kept = [finding for finding in seen if not _told(finding, static)]
    tested = {finding.code for finding in kept if finding.answer is not Answer.UNTESTED}
    return [f for f in static if f.answer is not Answer.UNTESTED or f.code not in tested] + kept


def _told(finding: Finding, static: list[Finding]) -> bool:
    """Has the source told it: the same check, for the same site, or by the check that does what a rule of axe does?"""
    if finding.code == "a11y.axe":
        code = SAME_AS_AXE.get(rule_of(finding), "")
        return any(f.code == code and f.answer is finding.answer for f in static)
    host = host_of(finding.element)
    return bool(host) and any(f.code == finding.code and (host in f.element or host in f.message) for f in static)
