"""The pages of refusals and errors, in French: they say what happened and what to do.

In the root addresses: `handler400 = "traam.design.handlers.bad_request"`, `handler403 = …forbidden`,
`handler404 = …not_found`, `handler500 = …broken`; in the settings: `CSRF_FAILURE_VIEW = …csrf_failure`.
"""

import re
import sys
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from traam.design import kept, patience, references
from traam.design.typography import size_fr
from traam.engines.workflow import Missing, Verdict

NOT_FOUND = (
    "Aucune page ne correspond à cette adresse. Vérifiez-la, ou cherchez depuis l'accueil. "
    "La page a pu être déplacée, ou ce qu'elle montrait a été retiré."
)
# Fields that a page of error does not write again, fields that nobody reads, and a length worth copying.
SECRET = re.compile(r"(?:^|_)(?:password|again|code|credential|secret|token)$", re.IGNORECASE)
UNSEEN = frozenset({"csrfmiddlewaretoken", "seal", "revision"})
SHORT = 20
CSRF = (
    "Votre session a changé depuis l'ouverture de la page : par exemple, vous vous êtes connecté ou déconnecté "
    "dans un autre onglet. Rien n'a été enregistré. Votre texte est toujours dans la page précédente : revenez "
    "en arrière avec votre navigateur, copiez-le par précaution, rechargez la page puis envoyez-la de nouveau."
)


def refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """403: the sentence of the verdict, and the clause that decides when there is one."""
    return render(request, "design/refused.html", {"verdict": verdict}, status=403)


def missing(request: HttpRequest, why: Missing | None = None) -> HttpResponse:
    """404: the sentence of the query when it wrote one for the reader."""
    reason = str(why.args[0]) if why is not None and why.args else NOT_FOUND
    return render(request, "design/missing.html", {"reason": reason}, status=404)


def wrong_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """405: the page exists but is not made for that."""
    context = {
        "title": "Cette page ne peut pas être demandée ainsi",
        "sentences": [
            "L'adresse existe, mais elle n'accepte pas ce type de demande. Ouvrez-la depuis un lien du site."
        ],
    }
    response = render(request, "design/notice.html", context, status=405)
    response["Allow"] = ", ".join(allowed)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return missing(request)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Verdict(False, str(exception) or "Cette page ne vous est pas ouverte."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _too_much(request)
    context = {
        "title": "La demande n'a pas été comprise",
        "sentences": ["Ce que votre navigateur a envoyé est incomplet. Revenez en arrière et réessayez."],
    }
    return render(request, "design/notice.html", context, status=400)


def _too_much(request: HttpRequest) -> HttpResponse:
    """413: more text, fields or files than any form of the site sends."""
    most = size_fr(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    context = {
        "title": "L'envoi est trop volumineux",
        "sentences": [
            f"Un formulaire prend {most} de texte au plus, {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} champs et "
            f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES} fichiers. Rien n'a été enregistré.",
            "Revenez en arrière avec votre navigateur : votre texte y est encore. Envoyez-le en plusieurs fois, ou "
            "joignez-le comme document.",
        ],
    }
    return render(request, "design/notice.html", context, status=413)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away or crowded: drawn without database, session or navigation, any of which may
    be what broke. What was typed is in the page, and can be sent again from it."""
    problem = sys.exc_info()[1]
    away = isinstance(problem, OperationalError | InterfaceError)
    crowded = patience.clash(problem)
    context = {
        "request": None,
        "reference": references.current(),
        "kind": "crowded" if crowded else "away" if away else "broken",
        **_sent(request, rescue=not away),
    }
    response = render(None, "design/broken.html", context, status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = "5" if crowded else "60"
    return response


def _sent(request: HttpRequest, *, rescue: bool) -> dict[str, object]:
    """What a person of the site was sending: to be shown to her, and sent again. Nothing of a form that the site did
    not give (its token was not accepted), and never a secret."""
    nothing: dict[str, object] = {"again": "", "fields": [], "texts": [], "files": False, "rescued": False}
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return nothing
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
        if sum(len(value) for _, value in fields) > kept.LARGEST or any(SECRET.search(name) for name, _ in fields):
            return nothing
        shown = [value for name, value in fields if name not in UNSEEN and len(value) > SHORT]
    except Exception:  # whatever broke may have been the reading of the request
        return nothing
    saved = False
    if rescue:
        with suppress(Exception):
            saved = kept.rescue(request)
    return {"again": request.get_full_path(), "fields": fields, "texts": shown, "files": files, "rescued": saved}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"title": "Le formulaire n'a pas été envoyé", "sentences": [CSRF]}
    return render(request, "design/notice.html", context, status=403)
