from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.differences import merge
from traam.engines.workflow import Invalid
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import Done
from traam.programme.groups.models import Group, ServicePeriod, Share
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import policies, queries, rules, states
from traam.programme.productions.models import Draft, Review, Scenario
from traam.programme.productions.phases import as_markdown
from traam.programme.productions.piece_rules import image_faults
from traam.programme.productions.queries.pieces import pieces_of

LONGEST = {"title": 200, "summary": 1_500, "authors": 300}
LONGEST_SECTION = 40_000
LONGEST_LINE = 500
LONGEST_PHASE = 4_000
MOST_LINES = 30
MOST_PHASES = 40
DRAFTS_KEPT = 60  # saves a page may be behind, and still be merged field by field


@dataclass(frozen=True)
class Content:
    """What is typed of a scenario. Codes are those of the vocabularies, `sections` Markdown by section key, `phases`
    objects {title, minutes, text}."""

    title: str
    summary: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    disciplines: Sequence[str] = ()
    levels: Sequence[str] = ()
    competences: Sequence[str] = ()
    licence: str = ""
    tools: Sequence[str] = ()
    duration_minutes: int | None = None
    authors: str = ""
    phases: Sequence[dict[str, Any]] = ()
    teacher_competences: Sequence[str] = ()
    terms_read: bool = False
    personal_data_checked: bool = False


class Stale(Exception):
    """Someone changed the same fields after this page was opened: show both texts.

    `stored` is what they saved; `merged` the content where each is followed for what only they changed, and `stored`
    for the `conflicts`, names of fields (sections by their key).
    """

    def __init__(self, stored: Scenario, merged: Content, conflicts: Sequence[str]) -> None:
        super().__init__("Ce scénario a été modifié pendant que vous l'écriviez.")
        self.stored, self.merged, self.conflicts = stored, merged, tuple(conflicts)


def check(content: Content, stored: Scenario | None = None) -> None:
    """Raise `Invalid` with every fault. A code already `stored` may stay after it left its vocabulary."""
    errors: dict[str, list[str]] = {}
    if not content.title.strip():
        errors["title"] = ["Donnez un titre au scénario, même provisoire."]
    for name, longest in LONGEST.items():
        length = len(getattr(content, name))
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    if content.duration_minutes is not None and not 1 <= content.duration_minutes <= 6000:
        errors["duration_minutes"] = ["Donnez la durée en minutes, de 1 à 6000."]
    errors |= _check_codes(content, stored)
    errors |= _check_lines(content)
    errors |= _check_phases(content.phases)
    errors |= _check_sections(content.sections)
    texts = {**content.sections, "phases": as_markdown(content.phases)}
    errors |= image_faults(texts, pieces_of(stored) if stored else [])
    if errors:
        raise Invalid(errors)


def _check_codes(content: Content, stored: Scenario | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    lists = (
        ("disciplines", content.disciplines, reference.disciplines(), "une discipline"),
        ("levels", content.levels, reference.levels(), "un niveau"),
        ("competences", content.competences, reference.competences(), "une compétence du CRCN"),
        (
            "teacher_competences",
            content.teacher_competences,
            reference.competences("CRCN-Édu"),
            "une compétence du CRCN-Édu",
        ),
        ("licence", [content.licence] if content.licence else [], reference.licences(), "une licence"),
    )
    for name, codes, known, noun in lists:
        kept = getattr(stored, name) if stored else ()
        kept = {kept} if isinstance(kept, str) else set(kept)
        strangers = [code for code in codes if code not in known and code not in kept]
        if strangers:
            errors[name] = [f"« {strangers[0]} » n'est pas {noun} de la liste officielle : choisissez dans la liste."]
    return errors


def _check_lines(content: Content) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(content.tools) > MOST_LINES:
        errors["tools"] = [f"Il y a {len(content.tools)} lignes : {MOST_LINES} au plus."]
    elif any(len(line) > LONGEST_LINE for line in content.tools):
        errors["tools"] = [f"Une ligne dépasse {LONGEST_LINE} caractères : raccourcissez-la."]
    return errors


def _check_phases(phases: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    sentences = []
    if len(phases) > MOST_PHASES:
        sentences.append(f"Il y a {len(phases)} étapes : {MOST_PHASES} au plus.")
    for number, phase in enumerate(phases, 1):
        if not str(phase.get("title", "")).strip():
            sentences.append(f"Étape {number} : donnez-lui un titre, ou supprimez-la.")
        elif len(str(phase["title"])) > LONGEST["title"]:
            sentences.append(f"Étape {number} : son titre dépasse {LONGEST['title']} caractères.")
        if len(str(phase.get("text", ""))) > LONGEST_PHASE:
            sentences.append(f"Étape {number} : son texte dépasse {LONGEST_PHASE} caractères.")
        minutes = phase.get("minutes")
        if minutes is not None and not (isinstance(minutes, int) and 1 <= minutes <= 6000):
            sentences.append(f"Étape {number} : donnez sa durée en minutes, de 1 à 6000, ou laissez-la vide.")
    return {"phases": sentences} if sentences else {}


def _check_sections(sections: dict[str, str]) -> dict[str, list[str]]:
    errors = {
        key: [f"Cette partie compte {len(text)} caractères : {LONGEST_SECTION} au plus."]
        for key, text in sections.items()
        if len(text) > LONGEST_SECTION
    }
    strangers = [key for key in sections if key not in rules.SECTION_TITLES]
    return errors | {key: ["Cette partie n'existe pas dans le modèle des scénarios."] for key in strangers}


def _fill(scenario: Scenario, content: Content) -> None:
    for name, value in asdict(content).items():
        setattr(scenario, name, list(value) if isinstance(value, tuple) else value)
    scenario.title = scenario.title.strip()


@transaction.atomic
def begin(group: Group, content: Content, *, actor: Person, at: datetime) -> Scenario:
    """Begin a scenario in a group."""
    group = find_group(group.pk)
    policies.may_write(actor, group, at).require()
    check(content)
    scenario = written(group, content, actor=actor, at=at)
    record("begin", scenario, actor=actor, at=at)
    return scenario


def written(group: Group, content: Content, *, actor: Person, at: datetime, **more: Any) -> Scenario:
    """The row of a new scenario. Whoever calls has asked the policy, checked the content and journals the act."""
    review = Review.objects.create(opened_at=at)
    scenario = Scenario(group=group, review=review, state=states.SCENARIO.initial, created_by=actor, **more)
    scenario.created_at = scenario.changed_at = at
    _fill(scenario, content)
    scenario.save()
    return scenario


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return queries.scenario(scenario.pk)


@transaction.atomic
def save(scenario: Scenario, content: Content, *, revision: int, actor: Person, at: datetime) -> Scenario:
    """Keep what was typed. `revision` is the one the page was opened on.

    When somebody saved since, whoever changed a field alone is followed; `Stale` when both changed the same one.
    """
    scenario = _locked(scenario)
    policies.may_edit(actor, scenario, at).require()
    if revision != scenario.revision:
        content = _joined(scenario, content, revision)
    check(content, scenario)
    _keep_draft(scenario, actor, at)
    _fill(scenario, content)
    scenario.revision += 1
    scenario.changed_at = at
    scenario.save()
    record("save", scenario, actor=actor, at=at, data={"revision": scenario.revision})
    return scenario


def _joined(stored: Scenario, mine: Content, revision: int) -> Content:
    """What both wrote, from the revision the page was opened on; `Stale` when they changed the same field."""
    base = Draft.objects.filter(scenario=stored, revision=revision).values_list("content", flat=True).first()
    ours = flat(snapshot(stored))
    merged = merge(flat(base) if base is not None else {}, ours, flat(asdict(mine)), _alike)
    content = whole(merged.fields)
    if merged.conflicts:
        raise Stale(stored, content, merged.conflicts)
    return content


def flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content field by field, each section a field of its own; what is empty is empty in one way only."""
    fields = {name: content.get(name) for name in Content.__dataclass_fields__ if name != "sections"}
    sections = content.get("sections") or {}
    fields |= {key: sections.get(key, "") for key in rules.SECTION_TITLES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _alike(one: Any, other: Any) -> bool:
    """Boxes come back in the order of the list, texts without the blank lines around them: that changes nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    if isinstance(one, list) and isinstance(other, list) and all(isinstance(each, str) for each in one + other):
        return sorted(one) == sorted(other)
    return bool(one == other)


def whole(fields: Mapping[str, Any]) -> Content:
    """The content that `flat` took apart."""
    plain = {name: value for name, value in fields.items() if name not in rules.SECTION_TITLES}
    return Content(**plain, sections={key: fields[key] for key in rules.SECTION_TITLES if fields.get(key)})


def _keep_draft(scenario: Scenario, actor: Person, at: datetime) -> None:
    """Set aside what is about to be replaced, and forget what no open page can still come from."""
    Draft.objects.create(
        scenario=scenario, revision=scenario.revision, content=snapshot(scenario), replaced_by=actor, replaced_at=at
    )
    Draft.objects.filter(scenario=scenario, revision__lte=scenario.revision - DRAFTS_KEPT).delete()


def snapshot(scenario: Scenario) -> dict[str, object]:
    """The content of a scenario, as plain JSON, and its pieces (see `queries.pieces.pieces_of`)."""
    content = {name: getattr(scenario, name) for name in Content.__dataclass_fields__}
    return {**content, "pieces": pieces_of(scenario)}


def attest(
    group: Group, period: ServicePeriod, done: Mapping[int, Done], statement: str = "", *, actor: Person, at: datetime
) -> list[Share]:
    """Attest what members did over a period: the scenarios and the tests they handed over are kept as its evidence."""
    handed = queries.deliverables(group, period.since, period.until)
    return service.attest(group, period, done, statement, deliverables=handed, actor=actor, at=at)
