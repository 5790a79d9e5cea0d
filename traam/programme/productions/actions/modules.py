"""A training module as a whole: begun, written, kept word for word at each submission."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import module_policies as policies
from traam.programme.productions import states
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection, Review
from traam.programme.productions.queries import modules as queries

LONGEST = {
    "title": 200,
    "summary": 1_500,
    "objectives": 3_000,
    "audience": 200,
    "framing": 40_000,
    "notebook": 40_000,
    "guide": 40_000,
    "authors": 300,
}
MOST_KEYWORDS = 12
LONGEST_KEYWORD = 60
MOST_MINUTES = 600


@dataclass(frozen=True)
class ModuleContent:
    """What is typed of a module. `framing`, `notebook` and `guide` are Markdown, codes those of the vocabularies."""

    title: str
    summary: str = ""
    objectives: str = ""
    audience: str = ""
    framing: str = ""
    notebook: str = ""
    guide: str = ""
    minutes: int = 120
    disciplines: Sequence[str] = ()
    levels: Sequence[str] = ()
    competences: Sequence[str] = ()
    teacher_competences: Sequence[str] = ()
    keywords: Sequence[str] = ()
    licence: str = ""
    authors: str = ""
    terms_read: bool = False
    personal_data_checked: bool = False


class StaleModule(Exception):
    """Someone saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Module | ModuleSection | ModuleActivity) -> None:
        super().__init__("Quelqu'un d'autre a enregistré ce texte pendant que vous l'écriviez.")
        self.stored = stored


def locked(module: Module) -> Module:
    """The module, read whole, that nobody else changes before the end of the transaction."""
    Module.objects.select_for_update().get(pk=module.pk)
    return queries.module(module.pk)


def changeable(module: Module, actor: Person, at: datetime) -> Module:
    """The same, once sure that this person may change it."""
    module = locked(module)
    policies.may_edit(actor, module, at).require()
    return module


def touch(module: Module, verb: str, actor: Person, at: datetime, **data: object) -> None:
    """An act on a part is an act on its module."""
    module.changed_at = at
    module.save(update_fields=["changed_at"])
    record(verb, module, actor=actor, at=at, data=data)


@transaction.atomic
def begin_module(theme: Theme, title: str, *, group: Group | None = None, actor: Person, at: datetime) -> Module:
    """Begin a module in a group, or in the name of the national group of the theme."""
    if group is not None:
        group = find_group(group.pk)
        theme = group.application.theme
        policies.may_begin(actor, group, at).require()
    else:
        theme = find_theme(theme.pk)
        policies.may_begin_national(actor, theme, at).require()
    content = ModuleContent(title)
    _check(content)
    module = Module(theme=theme, group=group, review=Review.objects.create(opened_at=at), created_by=actor)
    module.state, module.created_at, module.changed_at = states.MODULE.initial, at, at
    _fill(module, content)
    module.disciplines = list(theme.disciplines)
    module.save()
    record("begin", module, actor=actor, at=at)
    return queries.module(module.pk)


@transaction.atomic
def save_module(module: Module, content: ModuleContent, *, revision: int, actor: Person, at: datetime) -> Module:
    """Keep the module's own texts. `revision` is the one the page was opened on: `StaleModule` when it moved since."""
    module = changeable(module, actor, at)
    if revision != module.revision:
        raise StaleModule(module)
    _check(content, module)
    _fill(module, content)
    module.revision += 1
    module.changed_at = at
    module.save()
    record("save", module, actor=actor, at=at, data={"revision": module.revision})
    return module


def _fill(module: Module, content: ModuleContent) -> None:
    for name, value in asdict(content).items():
        setattr(module, name, list(value) if isinstance(value, tuple) else value)
    module.title = module.title.strip()


def _check(content: ModuleContent, stored: Module | None = None) -> None:
    """Raise `Invalid` with every fault. A code already `stored` may stay after it left its vocabulary."""
    errors: dict[str, list[str]] = {}
    if not content.title.strip():
        errors["title"] = ["Donnez un titre au module, même provisoire."]
    for name, longest in LONGEST.items():
        length = len(getattr(content, name))
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    if not 1 <= content.minutes <= MOST_MINUTES:
        errors["minutes"] = [f"Donnez la durée annoncée en minutes, de 1 à {MOST_MINUTES}."]
    errors |= _check_keywords(content.keywords) | _check_codes(content, stored)
    if errors:
        raise Invalid(errors)


def _check_keywords(keywords: Sequence[str]) -> dict[str, list[str]]:
    if len(keywords) > MOST_KEYWORDS:
        return {"keywords": [f"Il y a {len(keywords)} mots-clés : {MOST_KEYWORDS} au plus."]}
    if any(len(word) > LONGEST_KEYWORD for word in keywords):
        return {"keywords": [f"Un mot-clé dépasse {LONGEST_KEYWORD} caractères : raccourcissez-le."]}
    return {}


def _check_codes(content: ModuleContent, stored: Module | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    teachers = reference.competences("CRCN-Édu")
    lists: tuple[tuple[str, Sequence[str], Any, str], ...] = (
        ("disciplines", content.disciplines, reference.disciplines(), "une discipline"),
        ("levels", content.levels, reference.levels(), "un niveau"),
        ("competences", content.competences, reference.competences(), "une compétence du CRCN"),
        ("teacher_competences", content.teacher_competences, teachers, "une compétence du CRCN-Édu"),
        ("licence", [content.licence] if content.licence else [], reference.licences(), "une licence"),
    )
    for name, codes, known, noun in lists:
        held = getattr(stored, name) if stored else ()
        kept = {held} if isinstance(held, str) else set(held)
        strangers = [code for code in codes if code not in known and code not in kept]
        if strangers:
            errors[name] = [f"« {strangers[0]} » n'est pas {noun} de la liste officielle : choisissez dans la liste."]
    return errors
