"""The picture that other sites show when an address of ours is shared, drawn once for the same words."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from traam.design.assets import folder_of
from traam.engines.cards import Card, Fonts, draw

PUBLIC = "public, max-age=3600"
PRIVATE = "private, no-store"
# For the letters that the first fonts have not: Debian's, when they are there.
_MORE = Path("/usr/share/fonts/truetype/dejavu")


@cache
def fonts(state_dress: bool) -> Fonts:
    """The fonts of the dress: Marianne is reserved for the sites of the State."""
    folder = folder_of("dsfr", "static", "dsfr", "dist", "fonts")
    bold, regular = ("Marianne-Bold", "Marianne-Regular") if state_dress else ("Spectral-ExtraBold", "Spectral-Regular")
    return Fonts(
        _read(folder / f"{bold}.woff2", _MORE / "DejaVuSans-Bold.ttf"),
        _read(folder / f"{regular}.woff2", _MORE / "DejaVuSans.ttf"),
    )


def _read(*files: Path) -> tuple[bytes, ...]:
    return tuple(file.read_bytes() for file in files if file.is_file())


@lru_cache(maxsize=64)
def _drawn(card: Card, state_dress: bool) -> bytes:
    return draw(card, fonts(state_dress))


def site_line() -> str:
    """What stands at the head of a card."""
    return f"{settings.SITE_NAME} – {settings.SITE_TAGLINE}"


def png(request: HttpRequest, card: Card, *, filename: str, cached: str = PUBLIC) -> HttpResponseBase:
    """The card as PNG, shown by the browser; a browser that has it already is not sent it again."""
    dress = bool(settings.STATE_DRESS)
    etag = f'"{hashlib.sha256(repr((card, dress)).encode("utf-8", "replace")).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(_drawn(card, dress), content_type="image/png")
        answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or "inline"
        answer["X-Content-Type-Options"] = "nosniff"
    answer["ETag"] = etag
    answer["Cache-Control"] = cached
    return answer
