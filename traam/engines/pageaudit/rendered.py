"""What a browser saw that the source does not show: requests, cookies, and what axe-core found in the page."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from traam.engines.pageaudit.addresses import host_of, is_foreign
from traam.engines.pageaudit.cookies import judge_cookie
from traam.engines.pageaudit.known import Known, doubt, find, weighed
from traam.engines.pageaudit.reading import Page
from traam.engines.pageaudit.report import Report
from traam.engines.pageaudit.values import Fetched, Finding, Rendered

MOST_OF_A_RULE = 3
_RGAA = re.compile(r"^RGAA-(\d{1,2}\.\d{1,2})(?:\.\d{1,2})?$", re.I)


# Rules of axe that a check of the source does too.
SAME_AS_AXE = {
    **dict.fromkeys(
        ("image-alt", "input-image-alt", "area-alt", "role-img-alt", "svg-img-alt", "object-alt"), "a11y.alt"
    ),
    **dict.fromkeys(
        ("label", "select-name", "button-name", "input-button-name", "form-field-multiple-labels"), "a11y.form"
    ),
    **dict.fromkeys(("html-has-lang", "html-lang-valid", "html-xml-lang-mismatch"), "a11y.lang"),
    **dict.fromkeys(("empty-heading", "heading-order", "page-has-heading-one", "p-as-heading"), "a11y.head"),
    "link-name": "a11y.link",
    "frame-title": "a11y.iframe",
    "document-title": "a11y.title",
    "meta-viewport": "a11y.zoom",
    "video-caption": "a11y.captions",
}


def rule_of(finding: Finding) -> str:
    """The rule of axe that a finding comes from, as its message ends."""
    found = re.search(r"\[([a-z0-9-]+)\]", finding.message)
    return found.group(1) if found else ""


def from_rendered(rendered: Rendered, page_address: str, *, at_home: Collection[str] = ()) -> list[Finding]:
    """The findings of a browser's visit; when it failed, what could not be tested because of it."""
    report = Report(Page(Fetched(page_address, page_address, 200), ""))
    if rendered.error:
        unseen(report, f"Le navigateur n'a pas pu montrer la page ({rendered.error}).")
        return report.findings()
    here = host_of(page_address)
    _requests(rendered.requests, here, report, at_home)
    for cookie in rendered.cookies:
        shown = f"{cookie.name} ({cookie.domain})"
        judge_cookie(report, cookie.name, cookie.lifetime, None, shown)
    if rendered.axe:
        _axe(rendered.axe, report)
    else:
        report.untested("a11y.axe", "axe-core n'était pas là : contrastes, rôles et ordre n'ont pas été examinés.")
    return report.findings()


def unseen(report: Report, why: str) -> None:
    """Told once each: what only a browser shows."""
    report.untested("cookie", f"{why} Les témoins que déposent les scripts n'ont pas été examinés.")
    report.untested(
        "a11y.axe", f"{why} Les contrastes et ce qui dépend des styles et des scripts n'ont pas été examinés."
    )


def _requests(requests: Sequence[str], here: str, report: Report, at_home: Collection[str]) -> None:
    told: set[str] = set()
    for address in requests:
        host = host_of(address)
        if not host or host == here:
            continue
        tracker = find("trackers", address)
        if tracker is not None:
            if tracker.name not in told:
                told.add(tracker.name)
                _tracker(tracker, address, report, here)
        elif (network := find("social", address)) is not None:
            if network.name not in told:
                told.add(network.name)
                report.fault("social", f"La page affichée appelle {network.name} ({host}).", address)
        elif is_foreign(address, here, at_home) and host not in told:
            told.add(host)
            report.fault("thirdparty", f"La page affichée appelle {host}, qui reçoit l'adresse du lecteur.", address)


def _tracker(tracker: Known, address: str, report: Report, here: str) -> None:
    host = host_of(address)
    code, sure = weighed(tracker.kind, here)
    if sure:
        report.fault(code, f"La page affichée appelle {tracker.name} ({host}) avant tout accord.", address)
    else:
        report.review(code, f"La page affichée appelle {tracker.name} ({host}), qui {doubt(tracker.kind)}.", address)


def _axe(results: Mapping[str, object], report: Report) -> None:
    for rule in _listed(results.get("violations")):
        _rule(rule, report, sure=True)
    for rule in _listed(results.get("incomplete")):
        _rule(rule, report, sure=False)


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value[:300] if isinstance(each, dict)] if isinstance(value, list) else []


def _rule(rule: Mapping[str, Any], report: Report, *, sure: bool) -> None:
    tags = rule.get("tags")
    criteria = sorted(
        {found.group(1) for tag in (tags if isinstance(tags, list) else ()) if (found := _RGAA.match(str(tag)))}
    )
    cited = f" (RGAA {', '.join(criteria)})" if criteria else ""
    said = str(rule.get("help") or rule.get("description") or rule.get("id") or "règle d'axe")
    nodes = _listed(rule.get("nodes"))
    count = rule.get("count")
    count = count if isinstance(count, int) else len(nodes)
    for place, node in enumerate(nodes[:MOST_OF_A_RULE]):
        more = f" {count} éléments sont dans ce cas." if count > 1 and not place else ""
        message = f"{said}{cited} [{rule.get('id', '')}].{more}"
        (report.fault if sure else report.review)("a11y.axe", message, str(node.get("html", "")))
