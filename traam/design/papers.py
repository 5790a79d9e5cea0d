"""A text that a page shows, given as a file: a PDF, or one that a word processor goes on writing (.docx, .odt)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from traam.design import pdf
from traam.engines.wordprocessing import FORMATS, Paper
from traam.engines.workflow import Missing

EXTENSIONS = ("pdf", *FORMATS)


def check_extension(extension: str) -> None:
    """Raise `Missing` for a file that nobody makes."""
    if extension not in EXTENSIONS:
        raise Missing("Ce format n'existe pas : choisissez .pdf, .docx ou .odt.")


def give(
    request: HttpRequest,
    extension: str,
    template: str,
    context: Mapping[str, Any],
    paper: Callable[[], Paper],
    *,
    name: str,
    dated: date,
) -> HttpResponse:
    """The file `name`.`extension`: the template drawn as a PDF, or the paper written.

    `dated` is when what it says was decided, as `traam.design.pdf` asks.
    """
    filename = f"{name}.{extension}"
    if extension == "pdf":
        return pdf.pdf(request, template, context, filename=filename, dated=dated)
    write, media = FORMATS[extension]
    disposition = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return HttpResponse(write(paper()), content_type=media, headers={"Content-Disposition": disposition})
