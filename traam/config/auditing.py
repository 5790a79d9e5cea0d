"""`traam audit`, and the visits that the worker makes between two letters."""

import argparse
import json
import mimetypes
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from traam.engines.pageaudit import blocking, is_page
from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.documents import audit_document, is_document
from traam.engines.pageaudit.values import ANSWERS, FETCH_ERRORS, SEVERITIES, Answer, Fetched, Finding, Rendered
from traam.gateways.browser import availability
from traam.gateways.fetching import Fetcher, Polite, is_ours
from traam.programme.catalogue.rehearsal import drawn
from traam.programme.publication import audit_states, looking
from traam.programme.publication.actions import auditing
from traam.programme.publication.looking import Opened
from traam.programme.publication.models import AuditRun, Watched
from traam.programme.publication.showing import Eyes
from traam.programme.publication.sweeping import NO_BROWSER, Ourselves, Sweep

CLEAR, BLOCKED, USAGE = 0, 1, 2
SLICE = 12
"""Addresses that the worker visits before it looks at its other work again; letters leave meanwhile."""
_NOWHERE = "https://fichier.invalid/"


class Visits:
    """The visits of the worker: it keeps its politeness from one slice to the next."""

    def __init__(self) -> None:
        self._polite = Polite()

    def work(self, meanwhile: Callable[[], object]) -> int:
        """Visit a few of the addresses that are due; how many. What `meanwhile` raises stops it at once."""
        if not auditing.due(timezone.localtime()).exists():
            return 0
        with ExitStack() as stack:
            return _sweep(stack, self._polite, rendered=True).run(most=SLICE, meanwhile=meanwhile)


def _sweep(stack: ExitStack, polite: Polite, *, rendered: bool, **more: Any) -> Sweep:
    """With a browser when it is asked for and there is one."""
    machine = availability()
    eyes = stack.enter_context(Eyes(Fetcher(), machine)) if rendered and machine.ready else None
    return Sweep(
        Fetcher(polite=polite),
        timezone.localtime,
        drawn=drawn,
        see=eyes.see if eyes else None,
        blind=machine.sentence if rendered and not eyes else NO_BROWSER,
        **more,
    )


def audit(options: argparse.Namespace) -> int:
    """One address, one file, or all that is due. 0: nothing blocks; 1: a blocking fault; 2: wrong usage."""
    given = [options.address, options.local, options.due or None]
    if sum(one is not None for one in given) != 1:
        _complain("Donnez une adresse, ou --file et un fichier, ou --due : l'un des trois.")
        return USAGE
    if options.due:
        return _everything(rendered=options.rendered)
    if options.local:
        return _file(options.local, options)
    return _address(options.address, options)


# --- one address, one file


def _address(address: str, options: argparse.Namespace) -> int:
    visitor = Ourselves() if is_ours(address) else Fetcher()
    opened = looking.open_page(address, visitor)
    if opened.page.error == "refused":
        _complain(f"{address} : {opened.page.detail or FETCH_ERRORS['refused']}")
        return USAGE
    opened = looking.follow(looking.bring(opened, visitor), visitor)
    blind, shown = NO_BROWSER, None
    if options.rendered:
        shown, blind = _shown(opened)
    return _tell(opened.page, looking.judge(opened, options.licence, shown), blind, options)


def _shown(opened: Opened) -> tuple[Rendered | None, str]:
    machine = availability()
    if not machine.ready:
        return None, machine.sentence
    with Eyes(Fetcher(), machine) as eyes:
        rendered = eyes.see(opened)
    return rendered, rendered.error


def _file(path: Path, options: argparse.Namespace) -> int:
    if not path.is_file():
        _complain(f"{path} : ce fichier n'existe pas.")
        return USAGE
    body = path.read_bytes()
    address = _NOWHERE + path.name
    if is_document(path.name):
        page = Fetched(address, address, 200, body=body)
        return _tell(page, audit_document(path.name, body), "", options)
    media = mimetypes.guess_type(path.name)[0] or "text/html"
    page = Fetched(address, address, 200, (("content-type", media),), body)
    if not is_page(page):
        _complain(f"{path} : ni une page HTML, ni un document que l'audit lit (PDF, .docx, .odt, .pptx, .odp, image).")
        return USAGE
    opened = Opened(page)
    blind, shown = NO_BROWSER, None
    if options.rendered:
        shown, blind = _shown(opened)
    return _tell(page, looking.judge(opened, options.licence, shown), blind, options)


def _tell(page: Fetched, findings: list[Finding], blind: str, options: argparse.Namespace) -> int:
    stops = blocking(findings)
    if options.json:
        print_json(page, findings, blind)
    else:
        for line in _report(page, findings, blind):
            _say(line)
    return BLOCKED if stops else CLEAR


def print_json(page: Fetched, findings: list[Finding], blind: str) -> None:
    """One object: what was visited, and each finding with what its check says."""
    told = {
        "address": "" if page.address.startswith(_NOWHERE) else page.address,
        "final": "" if page.address.startswith(_NOWHERE) else page.final,
        "status": page.status,
        "error": page.error,
        "detail": page.detail,
        "static_only": blind,
        "counts": audit_states.count(findings),
        "blocking": len(blocking(findings)),
        "findings": [_object(finding) for finding in findings],
    }
    _say(json.dumps(told, ensure_ascii=False, indent=1))


def _object(finding: Finding) -> dict[str, object]:
    check = CHECKS[finding.code]
    return {
        **audit_states.to_json(finding),
        "key": finding.key,
        "title": check.title,
        "severity": check.severity.value,
        "topic": check.topic,
        "rgaa": list(check.rgaa),
        "mend": check.mend,
        "libreoffice": check.libreoffice,
        "word": check.word,
    }


def _report(page: Fetched, findings: list[Finding], blind: str) -> Iterable[str]:
    where = page.address.removeprefix(_NOWHERE)
    yield where if page.final in {"", page.address} else f"{where}, qui mène à {page.final}"
    if page.error:
        yield f"Pas de réponse : {page.detail or FETCH_ERRORS.get(page.error, page.error)}"
    if blind:
        yield blind
    for answer in Answer:
        mine = [finding for finding in findings if finding.answer == answer]
        if mine:
            yield f"\n{ANSWERS[answer].upper()} ({len(mine)})"
        for finding in mine:
            yield from _lines(finding)
    if not any(finding.answer == Answer.FAULT for finding in findings):
        yield "\nAucun défaut constaté. Une machine ne voit pas tout : ce qui est « à vérifier » reste à lire."


def _lines(finding: Finding) -> Iterable[str]:
    check = CHECKS[finding.code]
    where = f" ({finding.where})" if finding.where else ""
    yield f"- {check.title} [{SEVERITIES[check.severity]}]{where} : {finding.message}"
    if finding.element:
        yield f"    {finding.element}"
    if finding.answer == Answer.FAULT:
        yield f"    Pour corriger : {check.mend}"


# --- all that is due


class Progress:
    """On a terminal, one line that changes; in a log, a line for each hundred visits and each blocking fault."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.blocked = total, 0, 0
        self._live = sys.stderr.isatty()

    def visited(self, watched: Watched, run: AuditRun) -> None:
        self.done += 1
        if blocks := run.counts.get("fault", {}).get("blocking", 0):
            self.blocked += 1
            if not self._live:
                _complain(f"{watched.address} : {blocks} défaut(s) bloquant(s)")
        if self._live:
            sys.stderr.write(f"\r{self.done}/{self.total} adresses, {self.blocked} avec un défaut bloquant ")
            sys.stderr.flush()
        elif self.done % 100 == 0:
            _complain(f"{self.done}/{self.total} adresses")

    def end(self) -> None:
        if self._live:
            sys.stderr.write("\n")


def _everything(*, rendered: bool, at: datetime | None = None) -> int:
    progress = Progress(auditing.due(at or timezone.localtime()).count())
    if not progress.total:
        _say("Aucune adresse n'est à visiter.")
        return CLEAR
    with ExitStack() as stack:
        sweep = _sweep(stack, Polite(), rendered=rendered, told=progress.visited)
        try:
            sweep.run()
        except KeyboardInterrupt:
            progress.end()
            _complain("Arrêté : ce qui reste sera visité la prochaine fois.")
            return BLOCKED
    progress.end()
    many = "adresse visitée" if progress.done == 1 else "adresses visitées"
    _say(f"{progress.done} {many}, {progress.blocked} avec un défaut bloquant.")
    return BLOCKED if progress.blocked else CLEAR


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `traam audit`."""
    parser.add_argument("address", nargs="?", metavar="ADRESSE", help="une page publique, en http:// ou https://")
    parser.add_argument("--file", dest="local", type=Path, metavar="FICHIER", help="une page HTML ou un document")
    parser.add_argument("--due", action="store_true", help="visite toutes les adresses surveillées qui sont à visiter")
    parser.add_argument("--licence", default="", metavar="CODE", help="la licence qui devrait être dite")
    parser.add_argument("--rendered", action="store_true", help="affiche aussi la page dans Chromium, s'il est là")
    parser.add_argument("--json", action="store_true", help="le rapport en JSON")
