"""The bilans académiques, as everyone reads them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from traam.design import papers
from traam.design.pages import Request, anyone, reads
from traam.engines.workflow import Missing
from traam.programme.catalogue import bilans
from traam.programme.catalogue.models import PublicBilan


@reads(find=bilans.public_bilan, may=anyone, public=True)
def bilan(request: Request, bilan: PublicBilan) -> HttpResponse:
    if bilan.state == PublicBilan.State.WITHDRAWN:
        return render(request, "public/bilan_withdrawn.html", {"bilan": bilan}, status=410)
    return render(request, "public/bilan.html", _context(bilan))


def _context(bilan: PublicBilan) -> dict[str, object]:
    return {"bilan": bilan, "figures": bilans.figures(bilan), "tables": bilans.tables(bilan)}


@dataclass(frozen=True)
class Wanted:
    bilan: PublicBilan
    form: str


def _find(pk: int, form: str) -> Wanted:
    papers.check_extension(form)
    found = bilans.public_bilan(pk)
    if found.state == PublicBilan.State.WITHDRAWN:
        raise Missing("Ce document n'existe pas : la page du bilan donne ceux qui existent.")
    return Wanted(found, form)


@reads(find=_find, may=anyone, public=True)
def bilan_file(request: Request, wanted: Wanted) -> HttpResponse:
    bilan = wanted.bilan
    return papers.give(
        request,
        wanted.form,
        "public/bilan_pdf.html",
        _context(bilan),
        lambda: bilans.paper(bilan),
        name=f"bilan-{bilan.academy_known.slug}-{slugify(bilan.theme.years)}",
        dated=bilan.published_on,
    )
