from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from traam.design.pages import Request, anyone, reads, writes
from traam.interop import repository
from traam.programme.catalogue import queries
from traam.programme.letters.queries import waiting_count


@csrf_exempt  # harvesters may ask by POST, which changes nothing here
@writes(may=anyone, public=True)
def oai(request: Request) -> HttpResponse:
    """OAI-PMH 2.0. The protocol answers its own errors: the status is always 200."""
    arguments = [
        (name, value) for given in (request.GET, request.POST) for name, values in given.lists() for value in values
    ]
    answer = repository.provider().answer(arguments, now=request.at)
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")


@reads(may=anyone, public=True)
def health(request: Request) -> JsonResponse:
    """For the supervisor: does the database answer, do the worker's two queues move. Figures, and nothing of anyone."""
    if not queries.reachable():
        return JsonResponse({"database": False}, status=503)
    state = {"database": True, "letters_waiting": waiting_count(), "index_lag": queries.index_lag()}
    return JsonResponse(state, headers={"Cache-Control": "no-store"})
