"""The national syntheses, as everyone reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify

from traam.design import cards, lists, papers
from traam.design.pages import Request, anyone, reads
from traam.design.typography import date_fr
from traam.engines.notices import Notice, bibtex, ris
from traam.engines.workflow import Missing
from traam.programme.catalogue.browsing import school_years
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries, records
from traam.programme.catalogue.syntheses.papers import paper

PER_PAGE = 40
CITED: Mapping[str, tuple[Callable[[Notice], str], str]] = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
}


@reads(may=anyone, public=True)
def syntheses(request: Request) -> HttpResponse:
    """All of them, the latest first, those that were withdrawn too."""
    every = queries.every()
    disciplines = {one.code: one.label for row in every for one in records.disciplines(row)}
    years = sorted({year for row in every for year in _years(row)}, reverse=True)
    filters = lists.read_filters(
        request,
        lists.select(
            "discipline", "Discipline", sorted(disciplines.items(), key=lambda one: one[1]), "Toutes les disciplines"
        ),
        lists.select("annee", "Année", [(year, year) for year in years], "Toutes les années"),
    )
    shown = [(row, queries.themes_of(row)) for row in every if _answers(row, filters)]
    context = {"filters": filters, "page": lists.page_of(shown, request, PER_PAGE), "any": bool(every)}
    return render(request, "public/syntheses.html", context)


def _years(row: PublicSynthesis) -> set[str]:
    return {year for theme in row.themes.all() for year in school_years(theme.years)}


def _answers(row: PublicSynthesis, filters: lists.Filters) -> bool:
    discipline, year = filters["discipline"], filters["annee"]
    return (not year or year in _years(row)) and (
        not discipline or discipline in {one.code for one in records.disciplines(row)}
    )


@reads(find=queries.public_synthesis, may=anyone, public=True)
def synthesis(request: Request, synthesis: PublicSynthesis) -> HttpResponse:
    if synthesis.state == PublicSynthesis.State.WITHDRAWN:
        return _gone(request, synthesis)
    card = f"{records.address(synthesis)}/carte.png"
    told = {
        "address": records.address(synthesis),
        "summary": records.as_notice(synthesis).summary,
        "card": {"image": card, "alternative": records.card_said(synthesis)},
        "json_ld": records.json_ld(synthesis, image=card),
        "citation": records.citation(synthesis, date_fr(synthesis.published_on)),
    }
    return render(request, "public/synthesis.html", _context(synthesis) | told)


def _gone(request: Request, synthesis: PublicSynthesis) -> HttpResponse:
    return render(request, "public/synthesis_withdrawn.html", {"synthesis": synthesis}, status=410)


def _context(synthesis: PublicSynthesis) -> dict[str, object]:
    return {"synthesis": synthesis, "content": queries.content(synthesis), "themes": queries.themes_of(synthesis)}


@reads(find=queries.public_synthesis, may=anyone, public=True)
def synthesis_card(request: Request, synthesis: PublicSynthesis) -> HttpResponseBase:
    """The card of a synthesis, 1200 × 630."""
    if synthesis.state == PublicSynthesis.State.WITHDRAWN:
        return _gone(request, synthesis)
    card = records.card(synthesis, cards.site_line())
    return cards.png(request, card, filename=f"{_name(synthesis)}.png")


@dataclass(frozen=True)
class Wanted:
    synthesis: PublicSynthesis
    form: str


def _find(pk: int, form: str) -> Wanted:
    found = queries.public_synthesis(pk)
    if found.state == PublicSynthesis.State.WITHDRAWN or form not in {*papers.EXTENSIONS, *CITED}:
        raise Missing("Ce document n'existe pas : la page de la synthèse donne ceux qui existent.")
    return Wanted(found, form)


@reads(find=_find, may=anyone, public=True)
def synthesis_file(request: Request, wanted: Wanted) -> HttpResponse:
    """The text in one of its forms, or its reference for a bibliography."""
    synthesis, form = wanted.synthesis, wanted.form
    if form in CITED:
        cite, media = CITED[form]
        head = {"Content-Disposition": f'attachment; filename="{_name(synthesis)}.{form}"'}
        return HttpResponse(cite(records.as_notice(synthesis)), content_type=media, headers=head)
    context, dated = _context(synthesis), synthesis.published_on
    return papers.give(
        request,
        form,
        "public/synthesis_pdf.html",
        context,
        lambda: paper(queries.content(synthesis), dated=dated),
        name=_name(synthesis),
        dated=dated,
    )


def _name(synthesis: PublicSynthesis) -> str:
    return f"synthese-{slugify(synthesis.title)[:60]}"
