"""What keeps a scenario from being published, as far as its sheet, the signature and the checklist go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from traam.engines.rulebook import Control as Question
from traam.programme.productions.models import Scenario
from traam.programme.publication import sheet_queries
from traam.programme.publication.models import Control, RightsSheet, Waiver
from traam.programme.publication.sheet_rules.facts import Fact, facts
from traam.programme.publication.sheet_rules.lacking import campaign_of, lacks
from traam.programme.publication.sheet_rules.signing import is_signed

AUTHORS, REFERENT, INSPECTOR = "authors", "referent", "inspector"


@dataclass(frozen=True)
class Obstacle:
    """`sentence` says what, and what to do; `article` is an anchor of the edition ("B.14"), `topic` a part of the work.

    `waivable_code` is the code of the waiver that would lift it, "" when none would. `waits` says for whom it waits:
    "authors", "referent" or "inspector".
    """

    sentence: str
    article: str
    topic: str
    waivable_code: str = ""
    waits: str = AUTHORS


@dataclass(frozen=True)
class Line:
    """A line of the checklist: its question, what was answered to it, what the sheet says about it.

    `stale`: the answer is about another version, or about a sheet that changed since; it is to be confirmed.
    `waiver` is the one in force, `expired` the last one that ended by its date.
    """

    question: Question
    control: Control | None
    stale: bool
    facts: tuple[Fact, ...]
    waiver: Waiver | None = None
    expired: Waiver | None = None

    @property
    def alerts(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.alert]

    @property
    def settled(self) -> bool:
        """Whether nothing waits for it any more."""
        if self.control is None or self.stale:
            return False
        return self.control.answer != Control.Answer.NO or self.waiver is not None


def obstacles(scenario: Scenario, at: datetime) -> list[Obstacle]:
    """What keeps a scenario from being published, in the order to mend it; waivers in force lift what they lift.

    `scenario` as `productions.queries.scenario` reads it. Six queries at most, whatever the sheet holds.
    """
    sheet = sheet_queries.sheet(scenario)
    return obstacles_of(scenario, sheet, sheet_queries.waivers_at_stake(scenario, sheet), at)


def obstacles_of(scenario: Scenario, sheet: RightsSheet | None, waivers: list[Waiver], at: datetime) -> list[Obstacle]:
    """As `obstacles`, of what was read already."""
    article = article_of(scenario)
    if sheet is None:
        what = (
            "La fiche de droits n'est pas commencée : ouvrez-la dans l'atelier, elle propose ce que le scénario cite."
        )
        return [Obstacle(what, article, "rights")]
    today = localtime(at).date()
    found = [Obstacle(f"Fiche de droits. {lack.sentence}", article, "rights") for lack in lacks(sheet, today)]
    if not found:
        found += _unsigned(sheet, article)
    return found + list(_unsettled(checklist(sheet, waivers, today), article))


def article_of(scenario: Scenario) -> str:
    """The anchor of the clause about rights, in the edition of the scenario."""
    return scenario.group.application.theme.campaign.edition.topic("rights").anchor


def checklist(sheet: RightsSheet, waivers: list[Waiver], today: date) -> list[Line]:
    """The lines of the edition, in their order, each with its last answer. No query."""
    answers = sheet_queries.controls(sheet)
    lines = []
    for question in campaign_of(sheet).edition.checklist:
        control = answers.get(question.id)
        mine = [one for one in waivers if one.of == Waiver.Of.CONTROL and one.code == question.id and not one.ended_at]
        lines.append(
            Line(
                question,
                control,
                stale=control is not None and _stale(control, sheet),
                facts=tuple(facts(question.id, sheet)),
                waiver=next((one for one in mine if one.until >= today), None),
                expired=next((one for one in mine if one.until < today), None),
            )
        )
    return lines


def _stale(control: Control, sheet: RightsSheet) -> bool:
    return control.version != sheet.scenario.version or control.answered_at < sheet.changed_at


def _unsigned(sheet: RightsSheet, article: str) -> Iterator[Obstacle]:
    if sheet.scenario.state != "validated":
        yield Obstacle("Le scénario n'est pas validé : la fiche se signe ensuite.", article, "rights", waits=INSPECTOR)
    elif not sheet.declared:
        what = "La fiche de droits est complète : le professeur référent la signe, dans l'atelier."
        yield Obstacle(what, article, "rights", waits=REFERENT)
    elif not is_signed(sheet):
        what = "La fiche ou le scénario a changé depuis la signature : le professeur référent signe de nouveau."
        yield Obstacle(what, article, "rights", waits=REFERENT)


def _unsettled(lines: list[Line], article: str) -> Iterator[Obstacle]:
    for line in lines:
        if line.control is not None and not line.stale and not line.settled:
            yield _refused(line, line.control)
    waiting = [line for line in lines if line.control is None]
    stale = [line for line in lines if line.control is not None and line.stale]
    if waiting:
        yield Obstacle(_counted(waiting, "attend", "attendent"), article, "release", waits=INSPECTOR)
    if stale:
        changed = "le scénario ou la fiche a changé depuis"
        yield Obstacle(
            f"{_counted(stale, 'est', 'sont', ' à confirmer')} : {changed}.", article, "release", "", INSPECTOR
        )


def _counted(lines: list[Line], one: str, many: str, then: str = " la réponse de l'inspecteur.") -> str:
    verb = one if len(lines) == 1 else many
    noun = "ligne du contrôle" if len(lines) == 1 else "lignes du contrôle"
    return f"{len(lines)} {noun} {verb}{then}"


def _refused(line: Line, control: Control) -> Obstacle:
    ended = ""
    if line.expired:
        ended = f" La dérogation du {line.expired.granted_at:%d/%m/%Y} a pris fin le {line.expired.until:%d/%m/%Y}."
    return Obstacle(
        f"L'inspecteur a répondu non : « {line.question.question} » {_sentence(control.reason)}{ended}",
        line.question.article,
        "release",
        line.question.id,
    )


def _sentence(text: str) -> str:
    kept = text.strip()
    return kept if kept.endswith((".", "!", "?", "…")) else f"{kept}."
