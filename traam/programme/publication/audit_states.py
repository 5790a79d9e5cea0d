"""What is said of an address, from what its visits found. No state says that a page is right: a machine cannot know."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import FETCH_ERRORS, Answer, Finding, Severity

CLEAR, FAULTY, AWAY, NEVER = "clear", "faulty", "away", ""

STATES: Mapping[str, str] = {
    NEVER: "pas encore visitée",
    CLEAR: "aucun défaut bloquant",
    FAULTY: "défaut bloquant",
    AWAY: "injoignable",
}

_BUSY = 429


def is_away(status: int, error: str) -> bool:
    """Whether the site did not answer for itself: a later visit may say otherwise. A 404 is an answer."""
    return bool(error and error != "refused") or status >= 500 or status == _BUSY


def why_away(status: int, error: str, detail: str) -> str:
    """The end of « … parce que », without its full stop."""
    if error:
        return (detail or FETCH_ERRORS.get(error, "le site ne répond pas")).rstrip(".")
    return f"le site répond par une erreur ({status})"


def count(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """The `counts` of a run."""
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        counts.setdefault(finding.answer, Counter())[CHECKS[finding.code].severity] += 1
        if finding.answer == Answer.FAULT:
            counts.setdefault("codes", Counter())[finding.code] += 1
    return {name: dict(counter) for name, counter in counts.items()}


def faults(counts: Mapping[str, Mapping[str, int]], severity: Severity) -> int:
    return counts.get(Answer.FAULT, {}).get(severity, 0)


def to_json(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "answer": finding.answer.value,
        "message": finding.message,
        "element": finding.element,
        "where": finding.where,
    }


def from_json(kept: Mapping[str, Any]) -> Finding:
    return Finding(**{**kept, "answer": Answer(kept["answer"])})
