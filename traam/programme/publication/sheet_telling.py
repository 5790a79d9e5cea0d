"""Who is told what of a rights sheet, in the next digest."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from traam.programme.groups.models import Member
from traam.programme.letters.actions import Line as Told
from traam.programme.letters.actions import settle, tell_all
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Control, RightsSheet, Waiver
from traam.programme.publication.sheet_rules import Line


def tell_signed(sheet: RightsSheet, by: Person, at: datetime) -> None:
    """To the inspectors of the group: the checklist waits."""
    scenario = sheet.scenario
    key = f"rights:signed:{scenario.pk}"
    settle(key, at=at)
    settle(f"rights:refused:{scenario.pk}", at=at)
    _tell(
        key,
        _members(scenario, Member.Role.INSPECTOR, by),
        f"La fiche de droits de « {scenario} » est signée : le contrôle vous attend.",
        ("Répondre au contrôle", f"/evaluation/scenarios/{scenario.pk}/controle"),
        at,
    )


def tell_answers(
    sheet: RightsSheet, refused: Sequence[Control], lines: Mapping[str, Line], by: Person, at: datetime
) -> None:
    """To the référents: each line answered no, with its reason."""
    scenario = sheet.scenario
    settle(f"rights:signed:{scenario.pk}", at=at)
    for control in refused:
        key = f"rights:refused:{scenario.pk}:{control.item}"
        settle(key, at=at)
        question = lines[control.item].question.question
        _tell(
            key,
            _members(scenario, Member.Role.REFERENT, by),
            f"Contrôle de « {scenario} », réponse non. {question} {control.reason}",
            ("Corriger la fiche de droits", f"/atelier/scenarios/{scenario.pk}/droits"),
            at,
        )


def tell_waiver(waiver: Waiver, by: Person, at: datetime) -> None:
    """To the référents: what is admitted, until when."""
    scenario = waiver.scenario
    _tell(
        f"rights:waiver:{waiver.pk}",
        _members(scenario, Member.Role.REFERENT, by),
        f"Une dérogation est accordée à « {scenario} » jusqu'au {waiver.until:%d/%m/%Y} : {waiver.reason}",
        ("Lire la fiche de droits", f"/atelier/scenarios/{scenario.pk}/droits"),
        at,
    )


def _members(scenario: Scenario, role: str, by: Person) -> list[int]:
    rows = Member.objects.filter(group=scenario.group_id, role=role, until=None).exclude(person=by)
    return list(rows.order_by("pk").values_list("person", flat=True).distinct())


def _tell(key: str, people: Sequence[int], text: str, link: tuple[str, str], at: datetime) -> None:
    label, address = link
    tell_all([Told(f"{key}:{at.isoformat()}:{person}", person, text, label, address) for person in people], at=at)
