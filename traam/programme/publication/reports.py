"""The audit of an address as people read it: by check, the worst first, with what was answered to it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from traam import reference
from traam.engines.pageaudit import Differences, compare
from traam.engines.pageaudit.checks import CHECKS, Check
from traam.engines.pageaudit.values import ANSWERS, SEVERITIES, Answer, Finding, Severity
from traam.engines.workflow import Verdict
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.publication import addresses, audit_policies, audit_states
from traam.programme.publication.addresses import Rehearsal
from traam.programme.publication.models import AuditRun, Contest, Watched

_ANSWERS = tuple(Answer)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True)
class Line:
    """One finding, and what people said of it. `excused` says in French why it does not count, "" when it does."""

    finding: Finding
    contest: Contest | None = None
    excused: str = ""


@dataclass
class Section:
    """What one check found with one answer. `article` is the anchor of the clause that asks for it, "" without one."""

    check: Check
    answer: Answer
    article: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"{self.check.code.replace('.', '-')}-{self.answer}"

    @property
    def of_document(self) -> bool:
        return self.check.code.startswith("doc.")


@dataclass(frozen=True)
class Report:
    """One visit. `sections` are those asked for, `counts` those of the whole visit: (answer, number)."""

    run: AuditRun
    sections: Sequence[Section]
    counts: Sequence[tuple[Answer, int]]
    changes: Differences | None
    state: str

    @property
    def away(self) -> str:
        """Why the site did not answer, "" when it did."""
        run = self.run
        away = audit_states.is_away(run.status, run.error) or run.error
        return audit_states.why_away(run.status, run.error, run.detail) if away else ""


def report(watched: Watched, run: AuditRun, at: datetime, *, answer: str = "", severity: str = "") -> Report:
    """A visit, filtered by answer ("fault") and severity ("blocking"); what changed since the one before."""
    found = addresses.findings(run)
    earlier = addresses.before(run)
    changes = compare(addresses.findings(earlier), found) if earlier is not None and not run.error else None
    kept = [f for f in found if answer in {"", f.answer} and severity in {"", CHECKS[f.code].severity}]
    counts = [(one, sum(finding.answer == one for finding in found)) for one in _ANSWERS]
    return Report(run, _sections(watched, kept, at), counts, changes, state_of(watched, run, found, at))


def state_of(watched: Watched, run: AuditRun, found: Iterable[Finding], at: datetime) -> str:
    if audit_states.is_away(run.status, run.error):
        return audit_states.AWAY
    return audit_states.FAULTY if addresses.blocking(watched, found, at) else audit_states.CLEAR


def _sections(watched: Watched, found: Iterable[Finding], at: datetime) -> list[Section]:
    contests, waived = addresses.contests(watched), addresses.waivers(watched, at)
    articles = _articles(watched)
    sections: dict[tuple[Answer, str], Section] = {}
    for finding in found:
        check = CHECKS[finding.code]
        section = sections.setdefault(
            (finding.answer, finding.code), Section(check, finding.answer, articles.get(check.topic, ""))
        )
        contest = contests.get(finding.key)
        section.lines.append(Line(finding, contest, _excuse(finding, contest, waived)))
    return sorted(sections.values(), key=_weight)


def _weight(section: Section) -> tuple[int, int]:
    """Faults, the worst first; then what is to be checked; then what was not tested."""
    return _ANSWERS.index(section.answer), _SEVERITIES.index(section.check.severity)


def _excuse(finding: Finding, contest: Contest | None, waived: Mapping[tuple[str, str], date]) -> str:
    if finding.answer != Answer.FAULT:
        return ""
    if contest is not None and contest.answer == Contest.Answer.ACCEPTED:
        return "Contestation acceptée : ce point ne compte plus."
    until = waived.get((finding.code, finding.key)) or waived.get((finding.code, ""))
    return f"Dérogation en vigueur jusqu'au {until:%d/%m/%Y} : ce point n'empêche pas la publication." if until else ""


def campaign_of(watched: Watched) -> Campaign | None:
    return watched.scenario.group.application.theme.campaign if watched.scenario else None


def licence_of(watched: Watched) -> str:
    """The name of the licence that the page should say, "" when it may be any."""
    known = reference.licences().get(watched.licence)
    return known.label if known else watched.licence


def _articles(watched: Watched) -> dict[str, str]:
    """The anchors of the clauses that ask for what the checks look at, by topic, in the edition of the campaign."""
    campaign = campaign_of(watched)
    if campaign is None:
        return {}
    return {topic: campaign.edition.topic(topic).anchor for topic in {check.topic for check in CHECKS.values()}}


@dataclass(frozen=True)
class Progress:
    """Where the visit that was asked for is: `waiting` its turn, or `under_way`."""

    waiting: bool
    under_way: bool

    def __bool__(self) -> bool:
        return self.waiting or self.under_way


def progress(watched: Watched, at: datetime) -> Progress:
    under_way = watched.claimed_until is not None and watched.claimed_until > at
    return Progress(watched.stopped_at is None and watched.next_at <= at and not under_way, under_way)


@dataclass(frozen=True)
class BeforeRelease:
    """The audit of a scenario on the page where it is released: what was found, what still holds it, what may be
    done. `published`: the address where it is read already."""

    scenario: Scenario
    rehearsal: Rehearsal
    progress: Progress | None
    may_audit: Verdict
    published: Watched | None = None
    counts: Sequence[tuple[Answer, int]] = ()

    @property
    def ready(self) -> bool:
        return not self.rehearsal.obstacles


def before_release(scenario: Scenario, person: Person, at: datetime) -> BeforeRelease:
    found = addresses.rehearsal(scenario, at)
    verdict = audit_policies.may_audit(person, scenario, at)
    if verdict and found.watched is not None:
        verdict = audit_policies.may_visit(person, found.watched, at)
    run = found.run
    counts = [(one, sum(run.counts.get(one, {}).values())) for one in _ANSWERS] if run else ()
    under_way = progress(found.watched, at) if found.watched else None
    return BeforeRelease(scenario, found, under_way, verdict, addresses.published(scenario), counts)


# --- the grid of RGAA, as those who audit by hand fill it

CRITERIA = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
"""How many criteria each of the thirteen themes of RGAA 4.1 has: 106 in all."""


def criteria() -> Iterator[str]:
    """ "1.1", "1.2"… "13.12"."""
    for theme, count in enumerate(CRITERIA, start=1):
        yield from (f"{theme}.{number}" for number in range(1, count + 1))


def rgaa_rows(run: AuditRun) -> Iterator[tuple[str, str, str, str]]:
    """(criterion, status, element, remark): a row for each finding that bears on a criterion, and one for each
    criterion on which a machine saw nothing. No status says that a criterion is met."""
    looked = {criterion for check in CHECKS.values() for criterion in check.rgaa}
    by_criterion: dict[str, list[Finding]] = {}
    for finding in addresses.findings(run):
        for criterion in criteria_of(finding):
            by_criterion.setdefault(criterion, []).append(finding)
    for criterion in criteria():
        for finding in by_criterion.get(criterion, ()):
            place = f"{finding.where} : " if finding.where else ""
            yield criterion, ANSWERS[finding.answer], finding.element, place + finding.message
        if criterion not in by_criterion:
            seen = criterion in looked and not run.error
            remark = "La machine n'y a vu aucun défaut." if seen else ""
            yield criterion, ANSWERS[Answer.REVIEW if seen else Answer.UNTESTED], "", remark


def criteria_of(finding: Finding) -> Sequence[str]:
    """Those of its check; those that axe names in its message."""
    known = CHECKS[finding.code].rgaa
    cited = re.search(r"\(RGAA ([0-9., ]+)\)", finding.message)
    return cited[1].split(", ") if cited and not known else known


# --- the list of addresses


@dataclass(frozen=True)
class Row:
    """An address in a list. `state` of its last visit, "" before the first."""

    watched: Watched
    state: str
    counts: Mapping[str, Mapping[str, int]]
    visited_at: datetime | None

    @property
    def academy(self) -> str:
        known = reference.academies().get(self.watched.academy)
        return known.name if known else ""

    @property
    def label(self) -> str:
        return self.watched.scenario.title if self.watched.scenario else self.watched.address

    def of(self, severity: str) -> int:
        return audit_states.faults(self.counts, Severity(severity))

    @property
    def to_check(self) -> int:
        return sum(self.counts.get(Answer.REVIEW, {}).values())

    @property
    def codes(self) -> Mapping[str, int]:
        return self.counts.get("codes", {})

    @property
    def worst_first(self) -> tuple[int, int, int, int, str]:
        away = self.state == audit_states.AWAY
        return (
            -(self.state == audit_states.FAULTY),
            -away,
            -self.of("blocking"),
            -self.of("major"),
            self.watched.address,
        )


def rows(person: Person, at: datetime) -> list[Row]:
    """The addresses that are visited every month and that this person follows, the worst first: one query."""
    found = [_row(watched, at) for watched in addresses.followed(person, at)]
    return sorted(found, key=lambda row: row.worst_first)


def _row(watched: Watched, at: datetime) -> Row:
    """What is told of an address is its state; one that was visited but once, and was away, is away too."""
    last = addresses.last_of(watched)
    if last is None:
        return Row(watched, audit_states.NEVER, {}, None)
    away = audit_states.is_away(last.status, last.error)
    return Row(watched, audit_states.AWAY if away else watched.told, last.counts, last.at)


@dataclass(frozen=True)
class Counted:
    """Figures of a list: (label, number) by state, and by check with at least one fault, the most frequent first."""

    states: Sequence[tuple[str, int]]
    checks: Sequence[tuple[str, int]]


def count(shown: Sequence[Row]) -> Counted:
    states = [
        (label.capitalize(), sum(row.state == name for row in shown)) for name, label in audit_states.STATES.items()
    ]
    checks = [(check.title, sum(code in row.codes for row in shown)) for code, check in CHECKS.items()]
    return Counted(states, sorted((one for one in checks if one[1]), key=lambda one: -one[1]))


def said(finding: Finding) -> str:
    """« défaut constaté, bloquant »."""
    severity = SEVERITIES[CHECKS[finding.code].severity]
    return f"{ANSWERS[finding.answer]}, {severity}" if finding.answer == Answer.FAULT else ANSWERS[finding.answer]
