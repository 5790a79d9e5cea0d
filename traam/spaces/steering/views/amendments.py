"""Amendments: what changes in the rules and dates of one campaign, looked at before it is signed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.campaigns import policies, queries, rules
from traam.programme.campaigns.models import Amendment, Campaign
from traam.programme.campaigns.rules import Clause
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue.rules import Effect, effect
from traam.programme.people.models import Person
from traam.programme.selection.policies import announced, may_amend
from traam.spaces.steering import wording
from traam.spaces.steering.forms import AmendmentForm

BLIND = "aveugle"  # the name, in addresses, of what has none


def address(campaign: Campaign, kind: str, name: str) -> str:
    return reverse("steering:amend", args=[campaign.pk, kind, name or BLIND])


@reads(find=queries.campaign, may=policies.may_steer, why="amendment")
def amendments(request: Request, campaign: Campaign) -> HttpResponse:
    known = announced(campaign)
    verdicts = {
        (clause.kind, clause.name): may_amend(
            request.user, campaign, clause.kind, clause.name, request.at, announced=known
        )
        for clause in rules.clauses(campaign)
    }
    signed = queries.amendments(campaign)
    return show(
        request,
        "steering/amendments.html",
        campaign=campaign,
        signed=[(row, wording.amended(campaign, row)) for row in signed],
        parts=_parts(campaign, {(row.kind, row.name) for row in signed}, verdicts),
    )


@dataclass(frozen=True)
class Part:
    """One of the three tables of the page. `refusal`: why none, or not all, of its lines may be amended."""

    title: str
    columns: tuple[str, str]
    lines: tuple[tuple[Clause, str, str, bool], ...]  # clause, value in words, address or "", already amended
    refusal: str

    @property
    def open(self) -> bool:
        return any(address for _, _, address, _ in self.lines)


TITLES = {
    Amendment.Kind.DATE: ("Dates", ("Échéance", "Date en vigueur")),
    Amendment.Kind.LIMIT: ("Nombres", ("Ce qui est limité", "Nombre en vigueur")),
    Amendment.Kind.BLIND: ("Lecture des candidatures", ("Règle", "En vigueur")),
}


def _parts(campaign: Campaign, signed: set[tuple[str, str]], verdicts: dict[tuple[str, str], Verdict]) -> list[Part]:
    parts = []
    for kind, (title, columns) in TITLES.items():
        lines = tuple(
            (
                one,
                wording.value(one.kind, one.value),
                address(campaign, one.kind, one.name) if verdicts[one.kind, one.name] else "",
                (kind, one.name) in signed,
            )
            for one in rules.clauses(campaign)
            if one.kind == kind
        )
        refused = [verdict for (of, _), verdict in verdicts.items() if of == kind and not verdict]
        parts.append(Part(title, columns, lines, refused[0].reason if refused else ""))
    return parts


@dataclass(frozen=True)
class Draft:
    """An amendment being written: of which campaign, of what."""

    campaign: Campaign
    clause: Clause


def _find(pk: int, kind: str, name: str) -> Draft:
    campaign = queries.campaign(pk)
    try:
        return Draft(campaign, rules.clause(campaign, kind, "" if name == BLIND else name))
    except Invalid:
        raise Missing("Cette campagne n'a rien de tel à amender. Choisissez dans la liste des avenants.") from None


def _may_amend(person: Person, draft: Draft, at: datetime) -> Verdict:
    campaign, clause = draft.campaign, draft.clause
    return may_amend(person, campaign, clause.kind, clause.name, at, announced=announced(campaign))


@writes(find=_find, may=_may_amend, why="amendment")
def amend(request: Request, draft: Draft) -> HttpResponse:
    """Two screens: what changes and why; then what comes of it, and the button that signs."""
    campaign, clause = draft.campaign, draft.clause
    form = AmendmentForm(clause, request.POST or None)
    shown: Effect | None = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = effect(campaign, clause, form.after, request.at)
            if request.POST.get("sign") == form.after:  # the very value whose effect was shown
                _sign(request, draft, form)
                return redirect("steering:amendments", campaign.pk)
        except Invalid as invalid:
            shown = None
            apply_invalid(form, invalid)
    return show(
        request,
        "steering/amend.html",
        form,
        campaign=campaign,
        clause=clause,
        now=wording.value(clause.kind, clause.value),
        later=wording.value(clause.kind, form.after) if shown else "",
        after=form.after if shown else "",
        effect=shown,
    )


def _sign(request: Request, draft: Draft, form: AmendmentForm) -> None:
    clause = draft.clause
    catalogue.amend(
        draft.campaign,
        clause.kind,
        clause.name,
        form.after,
        form.cleaned_data["reason"],
        actor=request.user,
        at=request.at,
    )
    told = " Les DAN en sont avertis par courriel." if clause.kind == Amendment.Kind.DATE else ""
    published = " L'avenant paraît sur la page publique de l'appel." if draft.campaign.state != "draft" else ""
    messages.success(request, f"L'avenant est signé : « {clause.label} » change.{published}{told}")
