"""A training module: where it stands, what is missing in it, who may do what now; and the lists of modules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.forms import PageForm, apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.engines.parcours.texts import one_line
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.groups import policies as group_policies
from traam.programme.groups import queries as group_queries
from traam.programme.groups.models import Group
from traam.programme.groups.queries.front import Front
from traam.programme.people.models import Person
from traam.programme.productions import courses, module_policies, module_rules
from traam.programme.productions.actions.modules import begin_module
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection
from traam.programme.productions.queries import modules as queries
from traam.programme.productions.queries import reviews
from traam.programme.productions.states import MODULE, TURNS
from traam.spaces.workshop import duties
from traam.spaces.workshop.forms import CommentForm
from traam.spaces.workshop.module_forms import BeginModuleForm
from traam.spaces.workshop.views import moving
from traam.spaces.workshop.views import reviews as remarks

PLACES = {
    "title": "id_title",
    "summary": "id_summary",
    "licence": "id_licence",
    "rights_checked": "id_terms_read",
    "framing": "id_framing",
    "notebook": "id_notebook",
    "guide": "id_guide",
}


def trail(module: Module) -> list[tuple[str, str]]:
    """The way from the workshop to this module."""
    return [*place(module), (module.title, reverse("workshop:module", args=[module.pk]))]


def place(module: Module) -> list[tuple[str, str]]:
    """The way from the workshop to where this module is listed."""
    steps = [("Atelier", reverse("workshop:home"))]
    if module.group is not None:
        return [*steps, (f"Groupe {module.group.of_academy}", reverse("workshop:group", args=[module.group_id]))]
    return [*steps, ("Modules du thème", reverse("workshop:theme_modules", args=[module.theme_id]))]


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """The modules of the group, for its front page; nothing is read when the edition asks for none."""
    asked = module_policies.asked(front.group.application.theme)
    return {
        "asked": bool(asked),
        "modules": queries.of_group(front.group) if asked else [],
        "may_begin": module_policies.may_begin(person, front.group, at),
        "states": MODULE.states,
        "kinds": moving.BADGES,
    }


@reads(find=find_theme, may=group_policies.may_follow_theme, why="module")
def theme_modules(request: Request, theme: Theme) -> HttpResponse:
    asked = module_policies.asked(theme)
    context = {
        "theme": theme,
        "asked": asked,
        "modules": queries.of_theme(theme),
        "may_begin": module_policies.may_begin_national(request.user, theme, request.at),
        "states": MODULE.states,
        "kinds": moving.BADGES,
    }
    return render(request, "workshop/modules/theme.html", context)


@writes(find=group_queries.group, may=module_policies.may_begin, why="module")
def new_module(request: Request, group: Group) -> HttpResponse:
    address = reverse("workshop:group", args=[group.pk])
    steps = [("Atelier", reverse("workshop:home")), (f"Groupe {group.of_academy}", address)]
    return _begin(request, group.application.theme, group, address, steps)


@writes(find=find_theme, may=module_policies.may_begin_national, why="module")
def new_national_module(request: Request, theme: Theme) -> HttpResponse:
    address = reverse("workshop:theme_modules", args=[theme.pk])
    return _begin(request, theme, None, address, [("Atelier", reverse("workshop:home")), ("Modules du thème", address)])


def _begin(
    request: Request, theme: Theme, group: Group | None, address: str, steps: list[tuple[str, str]]
) -> HttpResponse:
    form = BeginModuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_module(theme, form.cleaned_data["title"], group=group, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Module commencé. Ajoutez-lui une première partie, puis ses activités.")
            return redirect("workshop:module", made.pk)
    by = f"Groupe {group.of_academy}" if group else "Groupe national"
    return show(
        request,
        "design/form.html",
        form,
        title="Commencer un module de formation",
        introduction=f"{by}, thème « {theme} ». Environ deux heures, pour des enseignants.",
        submit_label="Commencer",
        cancel=address,
        trail=steps,
    )


@reads(find=queries.module, may=module_policies.may_see, why="module")
def module(request: Request, module: Module) -> HttpResponse:
    return show_module(request, module, CommentForm())


def show_module(request: Request, module: Module, form: PageForm) -> HttpResponse:
    """The page of a module; `form` carries the message of a move and what was just refused."""
    person, at = request.user, request.at
    editable = module_policies.may_edit(person, module, at)
    lacking = _lacking(module)
    turns = reviews.turns(module)
    return show(
        request,
        "workshop/modules/module.html",
        form,
        module=module,
        group=module.group,
        theme=module.theme,
        trail=place(module),
        state=moving.state_of(module),
        sections=outline(module),
        minutes=queries.minutes(module),
        duties=_duties(module, bool(editable), at),
        lacking=lacking,
        documents=[(name, title, bool(getattr(module, name).strip())) for name, title, _ in courses.DOCUMENTS],
        leaves=not courses.faults(module),
        losses=courses.losses(module) if queries.activities(module) else [],
        editable=editable,
        moves=moving.moves(module, person, at),
        judges=moving.judges(module, person, at),
        signature=courses.signature(module),
        points=remarks.points(module, person, at),
        last_turn=turns[0] if turns else None,
        turns=turns,
        turn_labels=TURNS,
    )


@dataclass(frozen=True)
class Part:
    """A section as the page draws it."""

    section: Any
    activities: list[Any]
    minutes: int


def outline(module: Module) -> list[Part]:
    rows = [(section, list(section.activities.all())) for section in module.sections.all()]
    return [Part(section, held, sum(one.minutes for one in held)) for section, held in rows]


def _duties(module: Module, editable: bool, at: datetime) -> list[dict[str, object]]:
    edit = reverse("workshop:edit_module", args=[module.pk])
    fixes = {fact: f"{edit}#{anchor}" for fact, anchor in PLACES.items()} if editable else {}
    return duties.lines(module_rules.findings(module), module.theme.campaign, fixes, at.date())


def _lacking(module: Module) -> list[tuple[str, str]]:
    """What the platform still asks: the sentence, and the page that mends it."""
    edit = reverse("workshop:edit_module", args=[module.pk])
    empty = [finding for finding in module_rules.to_mend(module) if finding.fact in PLACES]
    lines = [(finding.message, f"{edit}#{PLACES[finding.fact]}") for finding in empty]
    pages = {one_line(section.title, 80): at_section(section) for section in module.sections.all()}
    activities = {one_line(one.title, 80): at_activity(module, one) for one in queries.activities(module)}
    for fault in [*module_rules.image_faults(module), *courses.faults(module)]:
        where = activities.get(fault.activity, "") if fault.activity else pages.get(fault.section, "")
        lines.append((str(fault), where))
    return lines


def at_section(section: ModuleSection) -> str:
    return reverse("workshop:edit_section", args=[section.module_id, section.pk])


def at_activity(module: Module, activity: ModuleActivity) -> str:
    """Where an activity is mended: a quiz, by its questions."""
    name = "workshop:quiz" if activity.kind == ModuleActivity.Kind.QUIZ else "workshop:edit_activity"
    return reverse(name, args=[module.pk, activity.pk])


move_module = moving.page("module", show_module)
