from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from traam.design.pages import Request, anyone, reads, writes
from traam.interop import measuring, repository
from traam.interop.health import may_measure, may_see_details, signs_of_life
from traam.interop.health import state as health_state


@csrf_exempt  # harvesters may ask by POST, which changes nothing here
@writes(may=anyone, public=True)
def oai(request: Request) -> HttpResponse:
    """OAI-PMH 2.0. The protocol answers its own errors: the status is always 200."""
    arguments = [
        (name, value) for given in (request.GET, request.POST) for name, values in given.lists() for value in values
    ]
    answer = repository.provider().answer(arguments, now=request.at)
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")


PUBLIC = ("database", "letters_waiting", "index_lag")


@reads(may=anyone, public=True, keep=False)
def health(request: Request) -> HttpResponse:
    """For whoever watches: a page for a browser, JSON for a program. Everyone sees whether the site works; the national
    team, and a supervisor that holds the token, see each sign."""
    found = signs_of_life(request.at)
    state = health_state(found)
    there = found[0].ok
    person = request.user if there and request.user.is_authenticated else None
    details = may_see_details(request, person, request.at)
    answer: HttpResponse
    if there and "text/html" in request.headers.get("Accept", ""):
        answer = render(request, "interop/health.html", {"signs": found, "state": state, "details": details})
    else:
        shown = {sign.name: sign.value for sign in found if details or sign.name in PUBLIC}
        late = {"late": [sign.name for sign in found if sign.ok is False]} if details else {}
        answer = JsonResponse({"state": state, **shown, **late})
    answer.status_code = 503 if state == "down" else 200
    answer["Cache-Control"] = "no-store"
    patch_vary_headers(answer, ["Accept", "Authorization"])
    return answer


@reads(may=anyone, public=True, keep=False)
def metrics(request: Request) -> HttpResponse:
    """For Prometheus. Closed without its token: the view asks the request, which no policy sees."""
    may_measure(request).require()
    return HttpResponse(measuring.exposition(request.at), content_type=measuring.CONTENT_TYPE)
