from django.http import HttpResponse

from traam.design.pages import Request, reads, signed_in


@reads(may=signed_in)
def home(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def new_campaign(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def campaign(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def edit_campaign(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def move_campaign(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def new_theme(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def edit_theme(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def move_theme(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def selection(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def decide(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def announce(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def groups(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def followup(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def people(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def invite(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")


@reads(may=signed_in)
def letters(request: Request, **address: object) -> HttpResponse:
    return HttpResponse("à écrire")
