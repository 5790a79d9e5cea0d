"""A notice on paper, and in bibliographies."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.utils.text import slugify

from traam.design import cards, pdf
from traam.design.pages import Request, anyone, reads
from traam.engines.notices import Notice as Told
from traam.engines.notices import bibtex, ris
from traam.gateways import storage
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.records import as_notice
from traam.spaces.public.views.notices import address_of, gone, shown


def _name(notice: Notice, extension: str) -> str:
    return f"notice-{notice.pk}-{slugify(notice.title)[:50].strip('-')}.{extension}"


@reads(find=queries.notice, may=anyone, public=True)
def notice_pdf(request: Request, notice: Notice) -> HttpResponse:
    """The whole notice, with its images."""
    if notice.state == Notice.State.WITHDRAWN:
        return gone(request, notice)
    files = {
        address_of(notice, piece): partial(_bytes, piece["file"])
        for piece in notice.pieces
        if piece["file"] and piece["filename"].lower().endswith(PICTURES)
    }
    answer = pdf.pdf(
        request,
        "public/notice_pdf.html",
        shown(notice, None),
        filename=_name(notice, "pdf"),
        dated=notice.datestamp,
        files=files,
    )
    if answer.status_code == 200:
        answer["Cache-Control"] = cards.PUBLIC
    return answer


PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")


def _bytes(digest: str) -> bytes:
    with storage.reading(digest) as file:
        return bytes(file.read())


@reads(find=queries.notice, may=anyone, public=True)
def notice_bibtex(request: Request, notice: Notice) -> HttpResponse:
    return _cited(request, notice, bibtex, "application/x-bibtex", "bib")


@reads(find=queries.notice, may=anyone, public=True)
def notice_ris(request: Request, notice: Notice) -> HttpResponse:
    return _cited(request, notice, ris, "application/x-research-info-systems", "ris")


def _cited(request: Request, notice: Notice, write: Callable[[Told], str], media: str, extension: str) -> HttpResponse:
    if notice.state == Notice.State.WITHDRAWN:
        return gone(request, notice)
    head = {"Content-Disposition": f'attachment; filename="{_name(notice, extension)}"'}
    return HttpResponse(write(as_notice(notice)), content_type=f"{media}; charset=utf-8", headers=head)
