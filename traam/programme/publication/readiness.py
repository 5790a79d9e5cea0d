"""Whether a scenario may be released: what the text, the rights sheet, the checklist and the audit hold against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import Severity
from traam.programme.productions import rules as production_rules
from traam.programme.productions.models import Scenario
from traam.programme.publication import addresses, audit_states, rules, sheet_queries
from traam.programme.publication.models import AuditRun, Waiver, Watched
from traam.programme.publication.sheet_rules import article_of, obstacles

TEXT, SHEET, CHECKLIST, AUDIT = "text", "rights", "release", "audit"
"""The parts of the work, in their order. Those of the sheet are named as the topics of an edition."""
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Point:
    """`part` is where it is mended; `article` an anchor of the edition, "" for none; `waits` whom it waits for.

    `code` and `finding`: what a waiver would lift, "" when none would.
    """

    sentence: str
    part: str
    article: str = ""
    waits: str = ""
    code: str = ""
    finding: str = ""


@dataclass(frozen=True)
class Readiness:
    """`obstacles` keep the scenario from being released; `warnings` do not. `waivers` are those in force."""

    obstacles: tuple[Point, ...]
    warnings: tuple[Point, ...]
    waivers: tuple[Waiver, ...]
    run: AuditRun | None
    watched: Watched | None

    def of(self, part: str) -> list[Point]:
        return [point for point in self.obstacles if point.part == part]

    @property
    def sentences(self) -> list[str]:
        return [point.sentence for point in self.obstacles]

    def __bool__(self) -> bool:
        """Whether nothing keeps it from being released."""
        return not self.obstacles


def readiness(scenario: Scenario, at: datetime) -> Readiness:
    """`scenario` as `productions.queries.scenario` reads it. A constant number of queries."""
    rehearsal = addresses.rehearsal(scenario, at)
    waivers = tuple(sheet_queries.in_force(scenario, at))
    return Readiness(
        obstacles=(
            *(Point(f.sentence, TEXT, f.article, "authors") for f in production_rules.breaches(scenario)),
            *(Point(o.sentence, o.topic, o.article, o.waits, o.waivable_code) for o in obstacles(scenario, at)),
            *_out_of_order(scenario),
            *(Point(o.sentence, AUDIT, _asks(scenario, o.code), "", o.code, o.finding) for o in rehearsal.obstacles),
        ),
        warnings=tuple(_warnings(scenario, rehearsal.run, waivers, at)),
        waivers=waivers,
        run=rehearsal.run,
        watched=rehearsal.watched,
    )


def _asks(scenario: Scenario, code: str) -> str:
    """The anchor of the clause behind a check of the audit."""
    if code not in CHECKS:
        return ""
    return scenario.group.application.theme.campaign.edition.topic(CHECKS[code].topic).anchor


def _out_of_order(scenario: Scenario) -> Iterator[Point]:
    wrong = rules.out_of_order(scenario, rules.wish(scenario).dated)
    if wrong:
        yield Point(wrong, SHEET, article_of(scenario), "authors")


def _warnings(scenario: Scenario, run: AuditRun | None, waivers: tuple[Waiver, ...], at: datetime) -> Iterator[Point]:
    for finding in production_rules.findings(scenario):
        if not finding.met and finding.severity != "blocking":
            yield Point(finding.sentence, TEXT, finding.article)
    yield from _of_the_day(scenario)
    for waiver in waivers:
        if waiver.until - localtime(at).date() <= SOON:
            part = AUDIT if waiver.of == Waiver.Of.AUDIT else CHECKLIST
            what = f"La dérogation « {lifted_by(scenario, waiver)} » prend fin le {waiver.until:%d/%m/%Y}"
            yield Point(f"{what} : d'ici là, mettez-vous en règle, ou accordez-la de nouveau.", part)
    if run is not None:
        yield from _of_the_audit(run)


def lifted_by(scenario: Scenario, waiver: Waiver) -> str:
    """What a waiver lifts, in words: a question of the checklist, or a check of the audit."""
    if waiver.of == Waiver.Of.AUDIT:
        return CHECKS[waiver.code].title if waiver.code in CHECKS else waiver.code
    asked = {line.id: line.question for line in scenario.group.application.theme.campaign.edition.checklist}
    return asked.get(waiver.code, waiver.code)


def _of_the_day(scenario: Scenario) -> Iterator[Point]:
    dated, validated = rules.wish(scenario).dated, localtime(scenario.changed_at).date()
    if dated and dated < validated:
        yield Point(
            f"La page serait en ligne depuis le {dated:%d/%m/%Y}, avant la validation du {validated:%d/%m/%Y} : "
            "vérifiez qu'elle donne bien la version validée.",
            SHEET,
            article_of(scenario),
        )


def _of_the_audit(run: AuditRun) -> Iterator[Point]:
    lesser = [(Severity.MAJOR, "à mettre en règle"), (Severity.MINOR, "de moindre portée")]
    for severity, said in lesser:
        count = audit_states.faults(run.counts, severity)
        if count:
            yield Point(f"L'audit a trouvé {count} défaut{'s' if count > 1 else ''} {said}.", AUDIT)
