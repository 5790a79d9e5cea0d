"""What every door for machines answers alike: methods, other origins, conditional requests, limits, problems."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from traam.design.pages import View
from traam.engines.workflow import Missing
from traam.interop import limits, problems
from traam.interop.problems import Problem

METHODS = "GET, HEAD, OPTIONS"
_SHOWN = "ETag, Last-Modified, Link, Retry-After, RateLimit-Policy, Content-Disposition"


def machine(view: View) -> View:
    """Above `@reads`: anyone's program may call this page, from any site, and is told in JSON what it did wrong.

    The reader is nobody, whoever is signed in: the answer depends on the address alone, and may be kept by caches.
    """

    @wraps(view)
    def page(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        request.session.accessed = False  # by the middlewares before; nothing here depends on it
        try:
            answer = _answer(view, request, arguments)
        except Missing as why:
            answer = problem(request, Problem("introuvable", str(why)))
        except Problem as raised:
            answer = problem(request, raised)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = _SHOWN
        answer["RateLimit-Policy"] = f'"adresse";q={limits.MOST};w={limits.WINDOW}'
        return answer

    # Its clients are counted at each request, and keep what they are given by its ETag.
    page.policy = replace(page.policy, keep=False)  # type: ignore[attr-defined]
    page.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing; a POST is told so in JSON
    return page


def _answer(view: View, request: HttpRequest, arguments: dict[str, Any]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        raise Problem("methode", f"Demandez cette adresse par GET ou HEAD, pas par {request.method}.", (), _ALLOW)
    if seconds := limits.wait(limits.client(request)):
        sentence = f"Cette adresse a dépassé {limits.MOST} demandes par minute : attendez {seconds} s, puis reprenez."
        raise Problem("trop", sentence, (), {"Retry-After": str(seconds)})
    return view(request, **arguments)


_ALLOW = {"Allow": METHODS}


def _preflight() -> HttpResponse:
    asked = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=_ALLOW | asked)


def problem(request: HttpRequest, told: Problem) -> HttpResponseBase:
    body = json.dumps(told.body(request.path), ensure_ascii=False).encode()
    headers = {"Cache-Control": "no-store", **told.headers}
    answer = HttpResponse(body, status=told.status, content_type=problems.MEDIA, headers=headers)
    return _without_body(request, answer)


def given(
    request: HttpRequest, body: bytes, *, media: str, changed: datetime | None = None, seconds: int = 60
) -> HttpResponseBase:
    """The body with its ETag and the date of its last change; 304 when the reader has it already."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    return conditional(request, lambda: HttpResponse(body, content_type=media), etag, changed, seconds)


def conditional(
    request: HttpRequest, whole: Callable[[], HttpResponseBase], etag: str, changed: datetime | None, seconds: int
) -> HttpResponseBase:
    """The whole answer, or 304 when the reader has it already. Caches may keep it for so many seconds."""
    last = int(changed.timestamp()) if changed else None
    answer = get_conditional_response(request, etag=etag, last_modified=last) or _without_body(request, whole())
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={seconds}"
    if last is not None:
        answer["Last-Modified"] = http_date(last)
    return answer


def _without_body(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """To HEAD: the headers of GET, its length among them."""
    if request.method != "HEAD":
        return answer
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = ()  # a file told its length already
    elif isinstance(answer, HttpResponse) and answer.content:
        answer["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
