"""What changed between two runs, and what keeps a production from being released."""

from collections.abc import Iterable
from dataclasses import dataclass

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import Answer, Finding, Severity


@dataclass(frozen=True)
class Differences:
    """Findings by what became of them; `remained` are those of the second run."""

    appeared: tuple[Finding, ...] = ()
    vanished: tuple[Finding, ...] = ()
    remained: tuple[Finding, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.appeared or self.vanished)


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Differences:
    """By `Finding.key`, each key once: the same thing seen twice in a run is one thing."""
    old = {finding.key: finding for finding in before}
    new = {finding.key: finding for finding in after}
    return Differences(
        tuple(finding for key, finding in new.items() if key not in old),
        tuple(finding for key, finding in old.items() if key not in new),
        tuple(finding for key, finding in new.items() if key in old),
    )


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The faults (not what is to be checked, nor what was not tested) of the checks that block."""
    return [
        finding
        for finding in findings
        if finding.answer is Answer.FAULT
        and finding.code in CHECKS
        and CHECKS[finding.code].severity is Severity.BLOCKING
    ]
