"""New scenarios drawn from another: for other levels, for the second year of a theme, from a text of elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from traam.engines.sharing.pictures import OURS
from traam.engines.workflow import Invalid
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import drawing_policies as policies
from traam.programme.productions import queries
from traam.programme.productions.actions.scenarios import LONGEST, Content, check, snapshot, written
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing
from traam.programme.productions.queries.pieces import pieces_of

_NAMED = re.compile(rf"{re.escape(OURS)}(\d+)\b")


@transaction.atomic
def decline(scenario: Scenario, levels: Sequence[str], *, title: str = "", actor: Person, at: datetime) -> Scenario:
    """Begin the same scenario for other levels, in the same group. Its tests stay with the one that was tested."""
    scenario = queries.scenario(scenario.pk)
    policies.may_decline(actor, scenario, at).require()
    content = replace(_content(snapshot(scenario)), levels=list(levels), title=title.strip() or scenario.title)
    if not levels:
        raise Invalid({"levels": ["Choisissez au moins un niveau : c'est lui qui change."]})
    if set(levels) <= set(scenario.levels):
        raise Invalid({"levels": ["Ce niveau est déjà celui du scénario de départ : choisissez-en un autre."]})
    check(content, scenario)
    kind = Scenario.OriginKind.LEVEL
    made = written(scenario.group, content, actor=actor, at=at, origin=scenario, origin_kind=kind)
    _with_pieces(made, pieces_of(scenario), actor=actor, at=at)
    record("decline", made, actor=actor, at=at, data={"origin": scenario.pk, "levels": list(levels)})
    return made


@transaction.atomic
def carry_on(scenario: Scenario, group: Group, *, actor: Person, at: datetime) -> Scenario:
    """Begin the second year of a scenario of the theme that the group continues: from what was validated of it."""
    scenario, group = queries.scenario(scenario.pk), find_group(group.pk)
    policies.may_carry_on(actor, scenario, group, at).require()
    first = drawing.validated_version(scenario)
    stored: Mapping[str, Any] = first.content if first else snapshot(scenario)
    content = _content(stored)
    credit = content.authors or f"groupe {scenario.group.of_academy}"
    # Each group answers for what it publishes: it reads the terms of what is cited again.
    content = replace(
        content, authors=f"D'après {credit}"[: LONGEST["authors"]], terms_read=False, personal_data_checked=False
    )
    kind = Scenario.OriginKind.YEAR
    made = written(group, content, actor=actor, at=at, origin=scenario, origin_kind=kind)
    unread = [{**piece, "terms_read_on": ""} for piece in stored.get("pieces", [])]
    _with_pieces(made, unread, actor=actor, at=at)
    record("carry_on", made, actor=actor, at=at, data={"origin": scenario.pk})
    return made


@transaction.atomic
def take_in(group: Group, content: Content, *, source: str, address: str = "", actor: Person, at: datetime) -> Scenario:
    """Take a scenario written before the platform into a group, to be corrected there. `source` is where it comes from,
    and may come into a group once; `address` is where the work itself stands."""
    group = find_group(group.pk)
    policies.may_take_in(actor, group, at).require()
    _once(group, source)
    check(content)
    made = written(group, content, actor=actor, at=at, source=source)
    if address:
        made.pieces.create(title="Le travail d'origine", address=address, added_by=actor, added_at=at)
    record("take_in", made, actor=actor, at=at, data={"source": source})
    return made


@transaction.atomic
def reuse(
    group: Group, stored: Mapping[str, Any], *, source: str, credit: str, actor: Person, at: datetime
) -> Scenario:
    """Begin a scenario of a group from what was published of another. `source` is its notice, and may come into a group
    once; `stored` is the released content; `credit` names who wrote it."""
    group = find_group(group.pk)
    policies.may_reuse(actor, group, at).require()
    _once(group, source)
    # Each group answers for what it publishes: it reads the terms of what is cited again.
    authors = f"D'après {credit}"[: LONGEST["authors"]]
    content = replace(_content(stored), authors=authors, terms_read=False, personal_data_checked=False)
    check(content)
    made = written(group, content, actor=actor, at=at, source=source)
    unread = [{**piece, "terms_read_on": ""} for piece in stored.get("pieces", [])]
    _with_pieces(made, unread, actor=actor, at=at)
    record("reuse", made, actor=actor, at=at, data={"source": source})
    return made


def _once(group: Group, source: str) -> None:
    if Scenario.objects.filter(group=group, source=source).exists():
        raise Invalid("Ce scénario est déjà dans l'atelier de ce groupe : ouvrez-le depuis la liste de ses scénarios.")


def _content(stored: Mapping[str, Any]) -> Content:
    """What was stored as a content: fields added since then keep their default."""
    return Content(**{name: value for name, value in stored.items() if name in Content.__dataclass_fields__})


def _with_pieces(made: Scenario, pieces: Iterable[Mapping[str, Any]], *, actor: Person, at: datetime) -> None:
    """Give the new scenario the pieces of the first one, and lead its texts to them. The files are kept once."""
    numbers = {}
    for position, piece in enumerate(pieces, 1):
        told = {name: value for name, value in piece.items() if name != "id"}
        told["terms_read_on"] = told.get("terms_read_on") or None
        copy = made.pieces.create(**told, position=position, added_by=actor, added_at=at)
        numbers[str(piece["id"])] = str(copy.pk)

    def led(text: str) -> str:
        return _NAMED.sub(lambda found: f"{OURS}{numbers.get(found[1], found[1])}", text)

    if numbers:
        made.sections = {key: led(text) for key, text in made.sections.items()}
        made.phases = [{**phase, "text": led(phase.get("text", ""))} for phase in made.phases]
        made.save(update_fields=["sections", "phases"])
