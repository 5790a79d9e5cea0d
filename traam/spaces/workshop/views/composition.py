"""Who is in a group: who comes, who leaves, who replaces whom; and the agreement of the DASEN."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import date_fr
from traam.engines.workflow import Invalid, Verdict
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person
from traam.spaces.workshop import composing
from traam.spaces.workshop.forms import AgreementForm
from traam.spaces.workshop.mailing import mailing


def by_role(group: Group) -> list[Member]:
    """Everyone who was ever in the group, by role, the référent first."""
    return sorted(group.members.all(), key=lambda m: (Member.Role.values.index(m.role), m.since, m.pk))


@reads(find=queries.group, may=policies.may_see, why="group")
def composition(request: Request, group: Group) -> HttpResponse:
    """Everyone, with their roles and periods, and how to write to them."""
    members = by_role(group)
    current = [m for m in members if m.until is None]
    former = [m for m in members if m.until is not None]
    context = {
        "group": group,
        "may_compose": policies.may_compose(request.user, group, request.at),
        "members": current,
        "former": sorted(former, key=lambda m: (m.until, m.pk), reverse=True),
        "reasons": queries.reasons(group) if former else {},
        "accounts": queries.accounts(m.person for m in current),
        "mailing": mailing((m.person.email for m in current), f"TraAM : groupe {group.of_academy}"),
    }
    return render(request, "workshop/composition.html", context)


def form_page(request: Request, group: Group, form: PageForm, words: Mapping[str, str]) -> HttpResponse:
    """A page with one form, under the page of the group. `words`: title, submit_label, introduction."""
    address = reverse("workshop:group", args=[group.pk])
    trail = [("Atelier", reverse("workshop:home")), (f"Groupe {group.of_academy}", address)]
    return show(request, "design/form.html", form, **words, cancel=_composition(group), trail=trail)


def _composition(group: Group) -> str:
    return reverse("workshop:composition", args=[group.pk])


@writes(find=queries.group, may=policies.may_compose, why="group")
def add_member(request: Request, group: Group) -> HttpResponse:
    form = composing.MemberForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    if done := attempt(request, form, lambda given: actions.add_member(group, **given)):
        member = done.made
        messages.success(request, f"{member.person.name} est dans le groupe : {member.get_role_display().lower()}.")
        return redirect("workshop:group", group.pk)
    words = {
        "title": "Ajouter une personne au groupe",
        "submit_label": "Ajouter",
        "introduction": "La personne reçoit une invitation par courriel, et voit le groupe dès qu'elle a ouvert son "
        "compte.",
    }
    return form_page(request, group, form, words)


def _find_member(pk: int, member: int) -> Member:
    return queries.member(pk, member)


def _may_compose_with(person: Person, member: Member, at: datetime) -> Verdict:
    return policies.may_compose(person, member.group, at)


@writes(find=_find_member, may=_may_compose_with, why="group")
def replace_member(request: Request, member: Member) -> HttpResponse:
    form = composing.ReplaceForm(member, request.POST or None, initial={"on": request.at.date()})
    role = member.get_role_display()
    if done := attempt(request, form, lambda given: actions.replace_member(member, **given)):
        after = done.made
        said = f"{after.person.name} remplace {member.person.name} depuis le {date_fr(after.since)}."
        messages.success(request, said)
        return redirect(_after_leaving(request, member))
    words = {
        "title": f"Remplacer {member.person.name}",
        "submit_label": "Remplacer",
        "introduction": f"La personne qui arrive devient aussitôt {role.lower()}, avec les droits de ce rôle. "
        f"{member.person.name} n'a plus ces droits, et reste dans l'historique du groupe.",
    }
    return form_page(request, member.group, form, words)


@writes(find=_find_member, may=_may_compose_with, why="group")
def end_member(request: Request, member: Member) -> HttpResponse:
    form = composing.EndForm(request.POST or None, initial={"on": request.at.date()})
    if attempt(request, form, lambda given: actions.end_member(member, **given)):
        said = f"Le rôle de {member.person.name} a pris fin. Cette personne reste dans l'historique."
        messages.success(request, said)
        return redirect(_after_leaving(request, member))
    words = {
        "title": f"Mettre fin au rôle de {member.person.name}",
        "submit_label": "Mettre fin",
        "introduction": f"{member.person.name} ({member.get_role_display().lower()}) ne verra plus les pages du "
        "groupe, sauf si un autre rôle le lui permet. Ce que cette personne a écrit reste, et son passage dans le "
        "groupe aussi.",
    }
    return form_page(request, member.group, form, words)


def _after_leaving(request: Request, member: Member) -> str:
    """Back to the composition, for who may still see it: one may end or pass on one's own role."""
    fresh = queries.group(member.group_id)
    may_see = policies.may_see(request.user, fresh, request.at)
    return _composition(fresh) if may_see else reverse("workshop:home")


@writes(find=_find_member, may=_may_compose_with, why="group")
def correct_member(request: Request, member: Member) -> HttpResponse:
    initial: dict[str, Any] = {"corps": member.corps, "school": member.school}
    form = composing.CorrectForm(member, request.POST or None, initial=initial)
    if attempt(request, form, lambda given: actions.correct_member(member, **given)):
        messages.success(request, f"Fiche de {member.person.name} enregistrée.")
        return redirect("workshop:group", member.group_id)
    about = "Le cahier des charges dit quels corps pilotent un groupe." if "corps" in form.fields else ""
    words = {
        "title": f"Corriger la fiche de {member.person.name}",
        "submit_label": "Enregistrer",
        "introduction": f"{member.get_role_display()}. {about}".strip(),
    }
    return form_page(request, member.group, form, words)


@writes(find=_find_member, may=_may_compose_with, why="group")
def invite_again(request: Request, member: Member) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.invite_member_again(member, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, f"Une nouvelle invitation part vers {member.person.email}.")
    return redirect(_composition(member.group))


@writes(find=queries.group, may=policies.may_compose, why="agreement")
def agreement(request: Request, group: Group) -> HttpResponse:
    stored = getattr(group, "dasen_agreement", None)
    form = AgreementForm(request.POST or None, initial={"given_on": stored.given_on if stored else None})
    if attempt(request, form, lambda given: actions.record_dasen_agreement(group, **given)):
        messages.success(request, "Accord du DASEN enregistré.")
        return redirect("workshop:group", group.pk)
    words = {
        "title": "Accord du DASEN",
        "submit_label": "Enregistrer l'accord",
        "introduction": "Le cahier des charges le demande aux groupes qui travaillent dans le premier degré.",
    }
    return form_page(request, group, form, words)
