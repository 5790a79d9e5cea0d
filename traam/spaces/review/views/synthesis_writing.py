"""A synthesis being written: its sections with the palette of figures, and what it cites."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept, lists, typed
from traam.design.conflicts import two_texts
from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid
from traam.programme.catalogue.syntheses.content import Drawn, Figure
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries
from traam.programme.valorisation.syntheses import actions, figures, policies, queries, rules, sources
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.programme.valorisation.syntheses.sources import Checked, Source
from traam.spaces.review.synthesis_forms import CitationForm, SynthesisForm, initial
from traam.spaces.review.views.syntheses import trail

RETURNS_OF_A_PAGE = 10


@dataclass(frozen=True)
class Palette:
    """All that may be put in a text by a button."""

    first: list[Figure]
    others: list[tuple[str, list[Figure]]]
    tables: list[Drawn]
    citations: list[Checked]


def _palette(synthesis: Synthesis) -> Palette:
    facts = queries.facts(synthesis)
    counted = figures.figures(facts)
    groups = (
        ("Scénarios par niveau", "niveau-"),
        ("Scénarios par compétence (CRCN)", "crcn-"),
        ("Scénarios par académie", "academie-"),
    )
    return Palette(
        [one for one in counted if one.key in figures.FIRST],
        [(title, [one for one in counted if one.key.startswith(prefix)]) for title, prefix in groups],
        figures.tables(facts),
        sources.checked(queries.citations(synthesis)),
    )


@kept.keeping
@writes(find=queries.synthesis, may=policies.is_author, why="synthesis")
def edit_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    place = f"synthesis:{synthesis.pk}"
    verdict = policies.may_edit(request.user, synthesis, request.at)
    form = SynthesisForm(posted(request), initial=initial(synthesis))
    if request.method == "POST" and form.is_valid() and "resume" not in request.POST:
        if not verdict:
            return _both(request, synthesis, form, verdict.reason)
        try:
            saved = _save(request, synthesis, form)
        except actions.StaleSynthesis as stale:
            return _both(request, stale.stored, form)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            kept.forget(request)
            people_actions.drop_typing(place, actor=request.user)
            _tell(request, saved)
            return redirect("review:synthesis", synthesis.pk)
    if request.method != "POST":
        verdict.require()
    again = typed.again(request, people_queries.typing(request.user, place))
    if again:
        again.fill(form)
    context = {
        "synthesis": synthesis,
        "trail": trail(synthesis),
        "keys": list(rules.TITLES),
        "again": again,
        "place": place,
        "palette": _palette(synthesis),
    }
    return show(request, "review/syntheses/edit.html", form, **context)


def _save(request: Request, synthesis: Synthesis, form: SynthesisForm) -> Synthesis:
    given = form.cleaned_data
    return actions.save_synthesis(
        synthesis,
        form.sections(),
        title=given["title"],
        licence=given["licence"],
        nobody_named=given["nobody_named"],
        revision=given["revision"],
        actor=request.user,
        at=request.at,
    )


def _tell(request: Request, saved: Synthesis) -> None:
    """It is saved; what is no figure, and what is a figure typed by hand, is said at once."""
    messages.success(request, "Synthèse enregistrée.")
    for title, name in rules.unknown(saved.sections, queries.tokens(saved)):
        messages.warning(request, f"Dans « {title} », {{{{ {name} }}}} n'est pas dans la liste des chiffres.")
    for one in rules.typed_by_hand(saved.sections, figures.figures(queries.facts(saved)))[:5]:
        meant = " ou ".join(f"« {figure.label} »" for figure in one.figures[:3])
        messages.warning(
            request,
            f"Dans « {one.section} », {one.number} est tapé à la main. Si c'est {meant}, posez le chiffre par son "
            "bouton : il restera juste.",
        )


def _both(request: Request, stored: Synthesis, form: SynthesisForm, reason: str = "") -> HttpResponse:
    address = reverse("review:edit_synthesis", args=[stored.pk])
    mark = ("revision", str(stored.revision))
    return two_texts(request, form, initial(stored), form.cleaned_data, mark, address, trail(stored), reason)


@writes(find=queries.synthesis, may=policies.may_edit, why="synthesis")
def cite_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    """Choose extracts of the bilans and of the returns from class."""
    if request.method != "POST":
        return _sources(request, synthesis, None)
    source = sources.find(synthesis.theme_list, request.POST.get("source", ""))
    form = CitationForm(request.POST, source=source)
    if form.is_valid():
        try:
            made = actions.cite(
                synthesis,
                source.key,
                form.cleaned_data["section"],
                form.cleaned_data["words"],
                actor=request.user,
                at=request.at,
            )
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"Citation {made.number} gardée : posez-la dans le texte par son bouton.")
            return redirect("review:cite_synthesis", synthesis.pk)
    return _sources(request, synthesis, (source, form))


def _sources(request: Request, synthesis: Synthesis, refused: tuple[Source, CitationForm] | None) -> HttpResponse:
    themes = synthesis.theme_list
    bilans = [(one, CitationForm(source=one)) for one in sources.bilans(themes)]
    asked = lists.page_of(sources.returns(themes), request, RETURNS_OF_A_PAGE, "retours")
    returns = [(one, CitationForm(source=one)) for one in asked if one.parts]
    if refused:
        source, form = refused
        bilans = [(one, form if one.key == source.key else own) for one, own in bilans]
        returns = [(one, form if one.key == source.key else own) for one, own in returns]
        if source.key not in {one.key for one, _ in (*bilans, *returns)}:
            returns.insert(0, refused)
    context: dict[str, Any] = {
        "synthesis": synthesis,
        "trail": trail(synthesis),
        "bilans": bilans,
        "returns": returns,
        "page": asked,
        "refused": refused[0].key if refused else "",
        "checked": sources.checked(queries.citations(synthesis)),
    }
    return show(request, "review/syntheses/sources.html", refused[1] if refused else None, **context)


@writes(find=queries.synthesis, may=policies.may_edit, why="synthesis")
def remove_citation(request: Request, synthesis: Synthesis) -> HttpResponse:
    if request.method == "POST" and (number := request.POST.get("number", "")).isdigit():
        actions.remove_citation(synthesis, int(number[:5]), actor=request.user, at=request.at)
        messages.success(request, f"Citation {number} retirée.")
    return redirect("review:cite_synthesis", synthesis.pk)
