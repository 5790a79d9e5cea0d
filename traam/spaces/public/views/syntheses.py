"""The national syntheses, as everyone reads them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from traam.design import papers
from traam.design.pages import Request, anyone, reads
from traam.engines.workflow import Missing
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries
from traam.programme.catalogue.syntheses.papers import paper


@reads(find=queries.public_synthesis, may=anyone, public=True)
def synthesis(request: Request, synthesis: PublicSynthesis) -> HttpResponse:
    if synthesis.state == PublicSynthesis.State.WITHDRAWN:
        return render(request, "public/synthesis_withdrawn.html", {"synthesis": synthesis}, status=410)
    return render(request, "public/synthesis.html", _context(synthesis))


def _context(synthesis: PublicSynthesis) -> dict[str, object]:
    themes = sorted(synthesis.themes.all(), key=lambda theme: theme.pk)
    return {"synthesis": synthesis, "content": queries.content(synthesis), "themes": themes}


@dataclass(frozen=True)
class Wanted:
    synthesis: PublicSynthesis
    form: str


def _find(pk: int, form: str) -> Wanted:
    papers.check_extension(form)
    found = queries.public_synthesis(pk)
    if found.state == PublicSynthesis.State.WITHDRAWN:
        raise Missing("Ce document n'existe pas : la page de la synthèse donne ceux qui existent.")
    return Wanted(found, form)


@reads(find=_find, may=anyone, public=True)
def synthesis_file(request: Request, wanted: Wanted) -> HttpResponse:
    synthesis = wanted.synthesis
    return papers.give(
        request,
        wanted.form,
        "public/synthesis_pdf.html",
        _context(synthesis),
        lambda: paper(queries.content(synthesis), dated=synthesis.published_on),
        name=f"synthese-{slugify(synthesis.title)[:60]}",
        dated=synthesis.published_on,
    )
