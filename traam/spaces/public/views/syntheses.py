"""The national syntheses, as everyone reads them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from traam.design import pdf
from traam.design.pages import Request, anyone, reads
from traam.engines.wordprocessing import FORMATS
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
    found = queries.public_synthesis(pk)
    if form not in {"pdf", *FORMATS} or found.state == PublicSynthesis.State.WITHDRAWN:
        raise Missing("Ce document n'existe pas : la page de la synthèse donne ceux qui existent.")
    return Wanted(found, form)


@reads(find=_find, may=anyone, public=True)
def synthesis_file(request: Request, wanted: Wanted) -> HttpResponse:
    synthesis = wanted.synthesis
    name = f"synthese-{slugify(synthesis.title)[:60]}.{wanted.form}"
    if wanted.form == "pdf":
        context = _context(synthesis)
        return pdf.pdf(request, "public/synthesis_pdf.html", context, filename=name, dated=synthesis.published_on)
    write, media = FORMATS[wanted.form]
    data = write(paper(queries.content(synthesis), dated=synthesis.published_on))
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
