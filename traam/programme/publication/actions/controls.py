"""The inspector's answers to the checklist, and the waivers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import sheet_policies, sheet_queries, sheet_telling
from traam.programme.publication.models import Control, RightsSheet, Waiver
from traam.programme.publication.sheet_rules import Line, checklist

LONGEST_REASON = 2_000
LONGEST_WAIVER = timedelta(days=366)
Answers = Mapping[str, tuple[str, str]]
"""(answer, reason) by the id of the line."""


def answer(sheet: RightsSheet, item: str, answer: str, reason: str = "", *, actor: Person, at: datetime) -> Control:
    """Answer one line of the checklist about the signed version."""
    return answer_all(sheet, {item: (answer, reason)}, actor=actor, at=at)[0]


@transaction.atomic
def answer_all(sheet: RightsSheet, answers: Answers, *, shown: str = "", actor: Person, at: datetime) -> list[Control]:
    """Answer several lines at once, all or nothing.

    Errors are by `<item>` for the answer, `<item>_reason` for the reason. A reason
    is needed for "no", for "not concerned", and for a "yes" in spite of an alert. `shown` is the signature of the sheet
    that the page showed: nothing is answered about what was not read.
    """
    Scenario.objects.select_for_update().get(pk=sheet.scenario_id)
    scenario = find_scenario(sheet.scenario_id)
    sheet_policies.may_answer(actor, scenario, at).require()
    found = sheet_queries.sheet(scenario)
    assert found is not None  # noqa: S101 - the policy has just seen it
    if shown and shown != found.declared:
        raise Invalid({"": ["La fiche a changé depuis que vous avez ouvert cette page : relisez-la, puis répondez."]})
    lines = {line.question.id: line for line in checklist(found, [], localtime(at).date())}
    _check(answers, lines)
    made = [_kept(found, item, *answers[item], actor, at) for item in answers]
    said = {item: {"answer": given, "reason": reason.strip()} for item, (given, reason) in answers.items()}
    record("answer_checklist", scenario, actor=actor, at=at, data={"version": scenario.version, "answers": said})
    sheet_telling.tell_answers(found, [one for one in made if one.answer == Control.Answer.NO], lines, actor, at)
    return made


def _kept(sheet: RightsSheet, item: str, answer: str, reason: str, actor: Person, at: datetime) -> Control:
    values = {
        "version": sheet.scenario.version,
        "answer": answer,
        "reason": reason.strip(),
        "answered_by": actor,
        "answered_at": at,
    }
    return Control.objects.update_or_create(sheet=sheet, item=item, defaults=values)[0]


def _check(answers: Answers, lines: Mapping[str, Line]) -> None:
    errors: dict[str, list[str]] = {}
    if not answers:
        errors[""] = ["Répondez à une ligne au moins."]
    for item, (given, reason) in answers.items():
        if item not in lines:
            errors[""] = ["Une ligne ne fait pas partie du contrôle de cette campagne : rechargez la page."]
        elif given not in Control.Answer.values:
            errors[item] = ["Choisissez oui, non ou sans objet."]
        elif wrong := _wrong_reason(given, reason.strip(), lines[item]):
            errors[f"{item}_reason"] = [wrong]
    if errors:
        raise Invalid(errors)


def _wrong_reason(given: str, reason: str, line: Line) -> str:
    if len(reason) > LONGEST_REASON:
        return f"Ce texte compte {len(reason)} caractères : {LONGEST_REASON} au plus."
    if reason:
        return ""
    if given == Control.Answer.NO:
        return "Dites ce qui ne va pas : les auteurs le liront pour corriger."
    if given == Control.Answer.NOT_CONCERNED:
        return "Dites pourquoi la question est sans objet."
    if line.alerts:
        return "La fiche signale un point ici : dites pourquoi vous répondez oui."
    return ""


@transaction.atomic
def grant(
    scenario: Scenario, of: str, code: str, finding: str, reason: str, until: date, *, actor: Person, at: datetime
) -> Waiver:
    """Let a scenario be published in spite of a line answered no ("control") or of a fault of the audit ("audit").

    `finding` is the key of one finding of the audit, "" for all those of the code. A year at most.
    """
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    scenario = find_scenario(scenario.pk)
    sheet_policies.may_grant(actor, scenario, at).require()
    _check_waiver(scenario, of, code, finding, reason, until, at)
    made = Waiver.objects.create(
        scenario=scenario,
        of=of,
        code=code,
        finding=finding,
        reason=reason.strip(),
        until=until,
        granted_by=actor,
        granted_at=at,
    )
    data = {"waiver": made.pk, "of": of, "code": code, "finding": finding, "until": until.isoformat()}
    record("grant_waiver", scenario, actor=actor, at=at, reason=made.reason, data=data)
    sheet_telling.tell_waiver(made, actor, at)
    return made


def _check_waiver(scenario: Scenario, of: str, code: str, finding: str, reason: str, until: date, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    today = localtime(at).date()
    if of not in Waiver.Of.values or code not in _codes(scenario, of):
        errors["code"] = ["Choisissez dans la liste ce qui est admis par dérogation."]
    elif (code, finding) in sheet_queries.lifted(scenario, of, at):
        errors["code"] = ["Une dérogation est déjà en cours pour ce point : mettez-y fin pour en accorder une autre."]
    if not reason.strip():
        errors["reason"] = ["Dites pourquoi : la dérogation est signée et motivée."]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [f"Ce texte compte {len(reason)} caractères : {LONGEST_REASON} au plus."]
    if not today < until <= today + LONGEST_WAIVER:
        latest = f"{today + LONGEST_WAIVER:%d/%m/%Y}"
        errors["until"] = [
            f"Une dérogation dure un an au plus : donnez un jour après aujourd'hui, le {latest} au plus."
        ]
    if errors:
        raise Invalid(errors)


def _codes(scenario: Scenario, of: str) -> set[str]:
    if of == Waiver.Of.AUDIT:
        return set(CHECKS)
    return {question.id for question in scenario.group.application.theme.campaign.edition.checklist}


@transaction.atomic
def end_waiver(waiver: Waiver, reason: str, *, actor: Person, at: datetime) -> Waiver:
    """End a waiver before its day."""
    Scenario.objects.select_for_update().get(pk=waiver.scenario_id)
    stored = sheet_queries.waiver(waiver.pk)
    sheet_policies.may_end(actor, stored, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi la dérogation prend fin."]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"Ce texte compte {len(reason)} caractères : {LONGEST_REASON} au plus."]})
    stored.ended_at, stored.ended_by, stored.ended_reason = at, actor, reason.strip()
    stored.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    record("end_waiver", stored.scenario, actor=actor, at=at, reason=stored.ended_reason, data={"waiver": stored.pk})
    return stored
