"""Service fait as a group lives it: what is planned, what the inspector attests and on what, what was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design import lists
from traam.design.forms import PageForm, apply_invalid, show
from traam.design.hundredths import written
from traam.design.pages import Request, reads, signed_in, writes
from traam.design.typography import agree, date_fr, plural
from traam.engines.workflow import Invalid, Verdict
from traam.programme.groups import states
from traam.programme.groups.actions import service as actions
from traam.programme.groups.models import Group, ServicePeriod, Share
from traam.programme.groups.policies import service as policies
from traam.programme.groups.queries import composition as group_queries
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.envelopes import taken
from traam.programme.groups.queries.front import Front
from traam.programme.groups.queries.service import GroupPeriod, PeriodOfGroup
from traam.programme.people.models import Person
from traam.programme.productions.actions import attest as attest_with_productions
from traam.programme.productions.queries import deliverables
from traam.spaces.workshop.service_forms import AttestForm, CorrectionForm, PlanForm

KINDS = {"planned": "new", "attested": "info", "sent": "success"}
UNITS = {"hours": "h", "imp": "part d'IMP"}


def quantity(hundredths: int | None, period: ServicePeriod) -> str:
    """ "12,50 h"; a dash for None."""
    unit = UNITS[period.unit].replace("part ", "parts " if abs(hundredths or 0) >= 200 else "part ")
    return f"{written(hundredths)} {unit}" if hundredths is not None else "—"


@reads(find=group_queries.group, may=policies.may_see, why="service")
def service(request: Request, group: Group) -> HttpResponse:
    periods = _seen_by(request.user, group, request.at)
    attests = policies.may_attest_group(request.user, group, request.at)
    context = {
        "group": group,
        "periods": periods,
        "quantity": quantity,
        "all": policies.sees_all(request.user, group, request.at),
        "attests": bool(attests),
        "states": states.SHARE.states,
        "kinds": KINDS,
        "today": request.at.date(),
    }
    return render(request, "workshop/service.html", context)


def _seen_by(person: Person, group: Group, at: datetime) -> list[PeriodOfGroup]:
    """The periods with what the person may see of them: a member, her own service."""
    periods = queries.of_group(group)
    if policies.sees_all(person, group, at):
        return periods
    return [one.only(person) for one in periods]


def summary(front: Front, person: Person, at: datetime) -> Mapping[str, Any]:
    """What the front page of a group says of its service fait: to a member, of her own."""
    group = front.group
    seen = bool(policies.may_see(person, group, at))
    only = None if policies.sees_all(person, group, at) else person
    return {"seen": seen, "periods": queries.sums(group, only) if seen else [], "quantity": quantity}


def _trail(group: Group, service: bool = True) -> list[tuple[str, str]]:
    trail = [
        ("Atelier", reverse("workshop:home")),
        (f"Groupe {group.of_academy}", reverse("workshop:group", args=[group.pk])),
    ]
    return [*trail, ("Service fait", reverse("workshop:service", args=[group.pk]))] if service else trail


def _may_attest(person: Person, found: GroupPeriod, at: datetime) -> Verdict:
    return policies.may_attest_group(person, found.group, at)


def _rows(found: GroupPeriod) -> PeriodOfGroup:
    return next(one for one in queries.of_group(found.group) if one.period == found.period)


@writes(find=queries.group_period, may=_may_attest, why="service")
def plan_service(request: Request, found: GroupPeriod) -> HttpResponse:
    period = found.period
    form = PlanForm(_rows(found).rows, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.plan(found.group, period, form.quantities(), actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            total = _rows(found).totals.planned
            said = f"{plural(len(changed), 'service changé', 'services changés')}, {quantity(total, period)} en tout."
            messages.success(request, f"Service prévu pour « {period.label} » : {said}")
            _tell_excess(request, found)
            return redirect("workshop:service", found.group.pk)
    introduction = (
        f"{period.label}, du {date_fr(period.since)} au {date_fr(period.until)}, en "
        f"{period.get_unit_display().lower()}. Laissez vide pour qui n'a rien de prévu.{_envelope(found)}"
    )
    return _form(request, found.group, form, "Prévoir le service", "Enregistrer", introduction)


def _envelope(found: GroupPeriod) -> str:
    """What is left of the envelope of the academy, in a sentence; "" when it has none."""
    period, one = found.period, taken(found.period, found.group.academy)
    if one.envelope is None or one.left is None:
        return ""
    said = f" L'enveloppe de l'académie est de {quantity(one.envelope, period)}, tous groupes compris :"
    if one.over:
        return f"{said} elle est dépassée de {quantity(one.over, period)}."
    return f"{said} il en reste {quantity(one.left, period)}."


def _tell_excess(request: Request, found: GroupPeriod) -> None:
    """Say that the groups of the academy take more than its envelope: it was not refused."""
    one = taken(found.period, found.group.academy)
    if one.over:
        messages.warning(
            request,
            f"L'enveloppe de l'académie est dépassée de {quantity(one.over, found.period)}, tous groupes compris : "
            "réduisez ce qui est prévu, ou prévenez le DAN.",
        )


@writes(find=queries.group_period, may=_may_attest, why="service")
def attest_service(request: Request, found: GroupPeriod) -> HttpResponse:
    """Each member with what was found for her; the inspector writes what she attests."""
    group, period = found.group, found.period
    evidence = _found(found)
    form = AttestForm(_rows(found).rows, evidence, request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = form.done()
        try:
            if not done:
                raise Invalid("Écrivez ce qui a été fait par un membre au moins.")
            statement = form.cleaned_data["statement"]
            shares = attest_with_productions(group, period, done, statement, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, _attested(shares, period))
            return redirect("workshop:service", group.pk)
    context = {"group": group, "period": period, "evidence": evidence, "quantity": quantity}
    return show(request, "workshop/service_attest.html", form, **context)


def _found(found: GroupPeriod) -> dict[int, list[str]]:
    """What the platform knows of each person over the period: attendances, then productions."""
    period = found.period
    seen = {person: list(said) for person, said in queries.attended(found.group, period).items()}
    for person, said in deliverables(found.group, period.since, period.until).items():
        seen.setdefault(person, []).extend(said)
    return seen


def _attested(shares: list[Share], period: ServicePeriod) -> str:
    total = quantity(sum(share.done or 0 for share in shares), period)
    return (
        f"{plural(len(shares), 'service')} {agree(len(shares), 'attesté', 'attestés')}, {total}. Le DAN peut "
        "l'envoyer au service de paye."
    )


@writes(find=queries.share, may=policies.may_change, why="service")
def correct_service(request: Request, share: Share) -> HttpResponse:
    """Change what was attested. What was sent stays: the difference is sent in its turn."""
    group, sent = share.member.group, share.state == "sent"
    form = CorrectionForm(request.POST or None, initial={"quantity": share.done})
    if request.method == "POST" and form.is_valid():
        change = actions.compensate if sent else actions.correct
        try:
            change(share, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            said = "La différence partira au prochain envoi." if sent else "Le motif est gardé."
            messages.success(request, f"Le service de {share.member.person.name} est corrigé. {said}")
            return redirect("workshop:service", group.pk)
    introduction = f"{share.period.label} : {quantity(share.done, share.period)} attestées."
    if sent:
        introduction += " Ce service est déjà envoyé : sa ligne reste, une ligne de plus portera la différence."
    title = f"Corriger le service de {share.member.person.name}"
    return _form(request, group, form, title, "Corriger", introduction)


def _form(
    request: Request, group: Group, form: PageForm, title: str, submit_label: str, introduction: str
) -> HttpResponse:
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        introduction=introduction,
        submit_label=submit_label,
        cancel=reverse("workshop:service", args=[group.pk]),
        trail=_trail(group),
    )


@reads(may=signed_in)
def services(request: Request) -> HttpResponse:
    """The groups whose service an inspector attests, those that wait for her first."""
    rows = sorted(queries.of_inspector(request.user, request.at), key=lambda row: not row.waiting)
    context = {
        "page": lists.page_of(rows, request),
        "waiting": sum(bool(row.waiting) for row in rows),
    }
    return render(request, "workshop/services.html", context)
