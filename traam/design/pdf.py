"""A page as an accessible PDF (PDF/UA-1), drawn from HTML by WeasyPrint: tagged, in French, with a title.

The template extends `design/print.html`. Nothing is fetched from a network: only our own static files, from disk.
The library needs Pango on the machine; without it the site works, `available()` is False, and `pdf` answers 503.
"""

import mimetypes
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
MISSING = (
    "Il manque à la machine du site de quoi dessiner un PDF. La personne qui l'exploite l'installe ainsi sous Debian : "
    f"apt install {PACKAGES}, puis redémarre le site."
)
SIZES = ("large", "medium", "small", "smallest")
MEANWHILE = "En attendant, imprimez la page elle-même depuis votre navigateur."


@cache
def available() -> bool:
    """Whether this machine can draw a PDF: the library is loaded only when a page asks."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):  # OSError: the library is there, Pango is not
        return False
    return True


Files = Mapping[str, Callable[[], bytes]]
"""Pictures that a document may show beside our own: addresses as the template writes them, and how they are read."""


def pdf(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    filename: str,
    dated: date,
    files: Files | None = None,
) -> HttpResponse:
    """The template as a PDF, shown by the browser under this file name.

    `dated` is when what it says was decided (a date or a datetime), so that the same data give the same bytes.
    """
    if not available():
        return _unavailable(request)
    return _answer(draw(render_to_string(template, {**context, "dated": dated}, request), files), filename)


def _unavailable(request: HttpRequest) -> HttpResponse:
    sentences = {"title": "Le PDF ne peut pas être fabriqué", "sentences": [MISSING, MEANWHILE]}
    return render(request, "design/notice.html", sentences, status=503)


def _answer(drawn: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or "inline"
    return response


def one_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, filename: str, dated: date
) -> HttpResponse:
    """As `pdf`, for a template that must hold on one page: drawn at the largest of `SIZES` at which it does.

    The size is in the context, as `size`.
    """
    if not available():
        return _unavailable(request)
    document = fitted(request, template, {**context, "dated": dated})
    return _answer(document.write_pdf(pdf_variant="pdf/ua-1"), filename)


def fitted(request: HttpRequest | None, template: str, context: Mapping[str, Any]) -> Any:
    """The pages laid out, at the largest of `SIZES` at which there is only one; else at the smallest."""
    for size in SIZES:
        document = _document(render_to_string(template, {**context, "size": size}, request)).render()
        if len(document.pages) == 1:
            break
    return document


def draw(html: str, files: Files | None = None) -> bytes:
    """The bytes of the PDF. Links without a host lead to the address of the site."""
    drawn: bytes = _document(html, files).write_pdf(pdf_variant="pdf/ua-1")
    return drawn


def _document(html: str, files: Files | None = None) -> Any:
    from weasyprint import HTML

    fetcher = _fetcher()(files or {})
    return HTML(string=html, base_url=f"{settings.SITE_ADDRESS}/", url_fetcher=fetcher)


def own_file(address: str) -> Path | None:
    """The file of one of our static addresses; None for anything else, wherever it leads."""
    site, asked = urlsplit(settings.SITE_ADDRESS), urlsplit(address)
    path, prefix = unquote(asked.path), str(settings.STATIC_URL)
    if (asked.scheme, asked.netloc) != (site.scheme, site.netloc) or not path.startswith(prefix):
        return None
    name = path.removeprefix(prefix)
    try:
        found = finders.find(name) or staticfiles_storage.path(name)  # the second knows the names with a fingerprint
    except (SuspiciousFileOperation, NotImplementedError):
        return None
    return Path(found) if Path(found).is_file() else None


@cache
def _fetcher() -> Any:
    """What WeasyPrint calls for each style sheet, font or picture: a class, of the files of one document."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def __init__(self, files: Files) -> None:
            super().__init__()
            self.files = files

        def fetch(self, url: str, headers: Any = None) -> Any:
            kind = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
            given = self.files.get(url.removeprefix(settings.SITE_ADDRESS))
            if given:
                return URLFetcherResponse(url, given(), {"Content-Type": kind})
            file = own_file(url)
            if file is None:
                raise ValueError(f"refusé : {url}")
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return OwnFiles
