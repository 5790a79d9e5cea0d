"""The verbs of a bilan académique: begin it, and write the reflection. Its review is that of every production."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import bilan_policies, bilan_rules, policies
from traam.programme.productions.models import Bilan, Review
from traam.programme.productions.queries import bilans

LONGEST_SECTION = 20_000


class StaleBilan(Exception):
    """Somebody saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Bilan) -> None:
        super().__init__("Ce bilan a été modifié pendant que vous l'écriviez.")
        self.stored = stored


@transaction.atomic
def begin(group: Group, *, actor: Person, at: datetime) -> Bilan:
    """Begin the bilan of a group, or answer the one it has: a group has only one."""
    Group.objects.select_for_update().get(pk=group.pk)
    group = find_group(group.pk)
    bilan_policies.may_write_bilan(actor, group, at).require()
    if (already := bilans.of_group(group)) is not None:
        return already
    made = Bilan.objects.create(
        group=group, review=Review.objects.create(opened_at=at), created_by=actor, created_at=at, changed_at=at
    )
    record("begin", made, actor=actor, at=at)
    return made


@transaction.atomic
def save_bilan(
    bilan: Bilan,
    sections: Mapping[str, str],
    *,
    licence: str,
    nobody_named: bool,
    revision: int,
    actor: Person,
    at: datetime,
) -> Bilan:
    """Keep the reflection. `revision` is the one the page was opened on: `StaleBilan` when somebody saved since."""
    Bilan.objects.select_for_update().get(pk=bilan.pk)
    bilan = bilans.bilan(bilan.pk)
    policies.may_edit(actor, bilan, at).require()
    if revision != bilan.revision:
        raise StaleBilan(bilan)
    _check(sections, licence)
    bilan.sections = {key: sections[key].strip() for key in bilan_rules.TITLES if sections.get(key, "").strip()}
    bilan.licence, bilan.nobody_named = licence, nobody_named
    bilan.revision += 1
    bilan.changed_at = at
    bilan.save()
    record("save", bilan, actor=actor, at=at, data={"revision": bilan.revision})
    return bilan


def _check(sections: Mapping[str, str], licence: str) -> None:
    errors = {
        key: [f"Cette partie compte {len(text)} caractères : {LONGEST_SECTION} au plus."]
        for key, text in sections.items()
        if len(text) > LONGEST_SECTION
    }
    errors |= {key: ["Cette partie n'existe pas dans un bilan."] for key in sections if key not in bilan_rules.TITLES}
    if licence and licence not in reference.licences():
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if errors:
        raise Invalid(errors)


def snapshot(bilan: Bilan) -> dict[str, Any]:
    """What is submitted: the reflection, and what is counted at that moment."""
    return {
        "sections": dict(bilan.sections),
        "licence": bilan.licence,
        "nobody_named": bilan.nobody_named,
        "facts": bilans.facts(find_group(bilan.group_id)),
    }
