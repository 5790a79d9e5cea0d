from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.forms import attempt
from traam.design.pages import Request, reads, signed_in, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid, Missing, UnknownMove, Verdict
from traam.programme.catalogue.queries import public_of
from traam.programme.groups import actions, policies, queries, rules, states
from traam.programme.groups.models import Group
from traam.programme.groups.queries import service as service_queries
from traam.programme.groups.queries.front import front as read_front
from traam.programme.people.models import Person
from traam.programme.productions import kinds
from traam.programme.productions import policies as production_policies
from traam.programme.productions import queries as production_queries
from traam.programme.productions.queries.drawing import in_group
from traam.programme.productions.states import SCENARIO
from traam.programme.publication.states import RELEASE
from traam.spaces.workshop import duties, forms
from traam.spaces.workshop.views import moving
from traam.spaces.workshop.views.composition import by_role, form_page
from traam.spaces.workshop.views.parts import summaries

PAGE_SIZE = 40
GROUP_KINDS = {"forming": "new", "working": "info", "ended": ""}
SHOWN = 12  # scenarios on the page of their group: all of them have a page of their own


@dataclass(frozen=True)
class Row:
    """A group in a list: how many of its obligations are unmet, and its scenarios by state."""

    group: Group
    missing: int
    scenarios: int
    validated: int


@reads(may=signed_in)
def home(request: Request) -> HttpResponse:
    mine = queries.of_person(request.user)
    own = {group.pk for group in mine}
    others = queries.visible_to(request.user, request.at).exclude(pk__in=own)
    page = Paginator(others, PAGE_SIZE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    rows = _rows([*mine, *listed], request.at)
    context = {
        "todo": _todo(request.user, rows[: len(mine)], request.at),
        "mine": rows[: len(mine)],
        "themes": _by_theme(rows[len(mine) :]),
        "nationals": queries.national_themes(request.user, request.at),
        "page": page,
        "labels": states.GROUP.states,
        "kinds": GROUP_KINDS,
    }
    return render(request, "workshop/home.html", context)


def _rows(groups: Sequence[Group], at: datetime) -> list[Row]:
    counts = production_queries.counts(list(groups))
    return [
        Row(
            group,
            sum(not finding.met for finding in rules.findings(group, at.date())),
            sum(counts.get(group.pk, {}).values()),
            counts.get(group.pk, {}).get("validated", 0),
        )
        for group in groups
    ]


def _by_theme(rows: Sequence[Row]) -> list[tuple[str, str, list[Row]]]:
    """Title of the theme, campaign, rows; in the order of the rows."""
    themes: dict[int, tuple[str, str, list[Row]]] = {}
    for row in rows:
        theme = row.group.application.theme
        themes.setdefault(theme.pk, (theme.title, theme.campaign.title, []))[2].append(row)
    return list(themes.values())


def _todo(person: Person, mine: Sequence[Row], at: datetime) -> list[dict[str, object]]:
    items: list[dict[str, object]] = [
        {
            "label": f"Reprendre « {scenario} »",
            "href": reverse("workshop:scenario", args=[scenario.pk]),
            "detail": "Renvoyé : les remarques sont sur la page.",
        }
        for scenario in production_queries.to_mend(person)
    ]
    items += [
        {
            "label": f"Reprendre {kinds.KINDS[one.kind].noun} : {one.title}",
            "href": f"{kinds.KINDS[one.kind].workshop}/{one.pk}",
            "detail": "Renvoyé : les remarques sont sur la page.",
        }
        for one in production_queries.sent_back(person)
    ]
    items += [
        {
            "label": f"Relire {kinds.KINDS[one.kind].noun} : {one.name}",
            "href": f"{kinds.KINDS[one.kind].review}/{one.pk}",
            "detail": f"{one.written_by}, {SCENARIO.states[one.state]}.",
        }
        for one in production_queries.to_read(person, at)
    ]
    items += [
        {
            "label": f"Compléter le groupe « {row.group} »",
            "href": reverse("workshop:group", args=[row.group.pk]),
            "count": row.missing,
            "detail": f"{plural(row.missing, 'exigence')} du cahier des charges à remplir.",
        }
        for row in mine
        if row.missing and policies.may_compose(person, row.group, at)
    ]
    waiting = service_queries.to_attest(person, at)
    if waiting:
        items.append({"label": "Attester le service fait", "href": reverse("workshop:services"), "count": waiting})
    return items


@reads(find=queries.group_alone, may=policies.may_see, why="group")
def group(request: Request, group: Group) -> HttpResponse:
    return _show(request, group)


def _show(request: Request, group: Group, refusal: Invalid | None = None) -> HttpResponse:
    """The page of a group; with the sentences of what was just refused (422)."""
    today = request.at.date()
    theme = group.application.theme
    front = read_front(group, today)
    scenarios = list(in_group(group)[:SHOWN])
    public = public_of(theme.pk, [scenario.pk for scenario in scenarios])
    may_compose = policies.may_compose(request.user, group, request.at)
    held = policies.standing(request.user, group, request.at)
    findings = rules.findings(group, today, front.modes)
    members = [m for m in by_role(group) if m.until is None]
    context = {
        "group": group,
        "theme": theme,
        "public_theme": public.theme,
        "state": (states.GROUP.states[group.state], GROUP_KINDS[group.state]),
        "refusals": [sentence for several in refusal.errors.values() for sentence in several] if refusal else [],
        "duties": duties.lines(findings, theme.campaign, duties.group_fixes(group) if may_compose else {}, today),
        "moves": _moves(request.user, group, request.at),
        "may_compose": may_compose,
        "may_write": production_policies.may_write(request.user, group, request.at),
        "members": members,
        "may_see_national": "referent" in held or policies.may_see_national(request.user, theme, request.at),
        "parts": summaries(front, request.user, request.at),
        "needs_agreement": rules.needs_dasen_agreement(group),
        "agreement": getattr(group, "dasen_agreement", None),
        "scenarios": scenarios,
        "scenario_states": SCENARIO.states,
        "scenario_kinds": moving.BADGES,
        "releases": public.scenarios,
        "release_states": RELEASE.states,
    }
    return render(request, "workshop/group.html", context, status=422 if refusal else 200)


def _moves(person: Person, group: Group, at: datetime) -> list[dict[str, object]]:
    """The moves open to the person; the reason, when not "", is why a group cannot be started yet."""
    shown: list[dict[str, object]] = []
    for move in states.GROUP.available(group.state, policies.standing(person, group, at)):
        reason = ""
        if move.verb == "start" and (lacking := rules.composition_breaches(group, at.date())):
            reason = f"Complétez d'abord {duties.articles(lacking)}, ci-dessous."
        shown.append({"verb": move.verb, "label": move.label, "reason": reason, "asks": move.verb in ASKED})
    return shown


@writes(find=queries.group, may=policies.may_compose, why="meeting")
def add_meeting(request: Request, group: Group) -> HttpResponse:
    form = forms.MeetingForm(request.POST or None)
    if done := attempt(request, form, lambda given: actions.record_meeting(group, **given)):
        meeting = done.made
        held = "tenue" if meeting.on <= request.at.date() else "prévue"
        messages.success(request, f"Réunion {held} le {meeting.on:%d/%m/%Y} enregistrée.")
        return redirect("workshop:group", group.pk)
    words = {
        "title": "Noter une réunion",
        "submit_label": "Enregistrer la réunion",
        "introduction": "Une réunion à venir est notée comme prévue ; elle compte une fois tenue.",
    }
    return form_page(request, group, form, words)


@dataclass(frozen=True)
class Step:
    group: Group
    verb: str


def _find_step(pk: int, verb: str) -> Step:
    try:
        states.GROUP.move(verb)
    except UnknownMove:
        raise Missing("Cette action n'existe pas pour un groupe.") from None
    return Step(queries.group(pk), verb)


def _may_step(person: Person, step: Step, at: datetime) -> Verdict:
    return policies.may_move(step.verb, person, step.group, at)


DONE = {
    "start": "Le groupe est déclaré constitué : il est au travail.",
    "end": "Le groupe est clos.",
    "dissolve": "Le groupe est dissous.",
    "resume": "Le groupe est rouvert.",
}
# What is not undone by who did it asks first.
ASKED = {
    "end": "Le travail du groupe est fini : ses pages restent lisibles, plus rien n'y change. "
    "Seul le bureau national peut le rouvrir.",
    "dissolve": "Le groupe ne travaille plus : ses pages restent lisibles, plus rien n'y change. Si une équipe se "
    "désiste, notez plutôt le désistement sur la page de sa candidature : la liste d'attente peut alors avancer.",
}


@writes(find=_find_step, may=_may_step, why="group")
def move_group(request: Request, step: Step) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.move(step.group, step.verb, actor=request.user, at=request.at)
        except Invalid as invalid:
            return _show(request, step.group, invalid)
        messages.success(request, DONE[step.verb])
    elif step.verb in ASKED:
        label = states.GROUP.move(step.verb).label
        address = reverse("workshop:group", args=[step.group.pk])
        context = {
            "title": f"{label} ?",
            "submit_label": label,
            "introduction": ASKED[step.verb],
            "cancel": address,
            "trail": [("Atelier", reverse("workshop:home")), (f"Groupe {step.group.of_academy}", address)],
        }
        return render(request, "workshop/confirm.html", context)
    return redirect("workshop:group", step.group.pk)
