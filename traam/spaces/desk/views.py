from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from traam.design import typed
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, anyone, reads, signed_in, writes
from traam.engines.workflow import Invalid
from traam.programme.groups import queries as groups
from traam.programme.letters.actions import send_new_password
from traam.programme.people import actions, queries
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import appointments, roles
from traam.programme.selection import queries as selection
from traam.spaces.desk import throttle, waiting
from traam.spaces.desk.forms import ForgottenForm, PasswordForm, SignInForm

WRONG = (
    "Cette adresse et ce mot de passe ne vont pas ensemble : vérifiez l'adresse, la touche Majuscule, puis réessayez. "
    "Si vous n'avez pas encore choisi de mot de passe, ouvrez le lien de votre invitation."
)
ASKED = (
    "Si un compte porte cette adresse, un courriel vient de lui être envoyé : ouvrez le lien qu'il contient pour "
    "choisir un nouveau mot de passe."
)
TOO_MANY = (
    "Cinq essais de suite ont échoué pour cette adresse. Attendez dix minutes avant d'en faire un autre, "
    "ou demandez un nouveau mot de passe."
)


def _onward(request: Request) -> str:
    """Where to go once inside: the page that was asked for, when it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else str(settings.LOGIN_REDIRECT_URL)


def _recognised(request: Request, form: SignInForm) -> Person | None:
    """The person of this address and password; else the form says what to do."""
    email, address = form.cleaned_data["email"], request.META.get("REMOTE_ADDR", "")
    if throttle.too_many(email, address):
        form.add_error(None, ValidationError(TOO_MANY, code="too_many"))
        return None
    person = authenticate(request, username=email, password=form.cleaned_data["password"])
    if not isinstance(person, Person):
        throttle.failed(email, address)
        form.add_error(None, WRONG)
        return None
    throttle.forget(email, address)
    return person


@sensitive_post_parameters("password")
@never_cache
@writes(may=anyone, public=True)
def sign_in(request: Request) -> HttpResponse:
    onward = _onward(request)
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _recognised(request, form)
        if person is not None:
            login(request, person)
            return redirect(onward)
    asked = "next" in request.GET or "next" in request.POST
    page = show(request, "desk/sign_in.html", form, onward=onward, asked=asked, demonstration=_demonstration())
    if form.has_error(NON_FIELD_ERRORS, "too_many"):
        page.status_code = HTTPStatus.TOO_MANY_REQUESTS
    return page


def _demonstration() -> Any:
    """The accounts anyone may try, and their password: only on a site that is a demonstration."""
    return import_string(settings.DEMONSTRATION_ACCOUNTS)() if settings.DEMONSTRATION else None


@never_cache
@writes(may=anyone, public=True)
def forgotten(request: Request) -> HttpResponse:
    """Ask for a letter: the answer is the same whether the account exists or not."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_new_password(form.cleaned_data["email"], at=request.at)
        messages.success(request, ASKED)
        return redirect("desk:sign_in")
    return show(
        request,
        "design/form.html",
        form,
        title="Mot de passe oublié",
        introduction="Un courriel vous sera envoyé, avec un lien pour en choisir un autre.",
        submit_label="Recevoir le lien",
        cancel=reverse("desk:sign_in"),
        trail=[("Se connecter", reverse("desk:sign_in"))],
    )


@writes(may=anyone, public=True)
def sign_out(request: Request) -> HttpResponse:
    if request.method == "POST":
        logout(request)
        messages.success(request, "Vous êtes déconnecté.")
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password", "again")
@never_cache
@writes(find=queries.invited, may=anyone, public=True)
def invitation(request: Request, invited: Person) -> HttpResponseBase:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(invited, form.cleaned_data["password"], at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            login(request, invited, backend="django.contrib.auth.backends.ModelBackend")
            messages.success(request, "Votre mot de passe est enregistré. Bienvenue !")
            return redirect("desk:dashboard")
    return show(request, "desk/invitation.html", form, invited=invited)


@never_cache
@writes(may=signed_in)
def keep_typing(request: Request) -> HttpResponse:
    """What someone is typing in a long form: hers alone, until she saves it or starts again."""

    def keep(place: str, fields: Mapping[str, list[str]]) -> datetime:
        return actions.keep_typing(place, fields, actor=request.user, at=request.at).typed_at

    return typed.receive(request, keep=keep, drop=lambda place: actions.drop_typing(place, actor=request.user))


@reads(may=signed_in)
def dashboard(request: Request) -> HttpResponse:
    """One question: what waits for me?"""
    mine = groups.of_person(request.user)
    readings = selection.readings(request.user, request.at)
    tasks = waiting.tasks(request.user, request.at, mine, readings)
    places = waiting.places(request.user, request.at, mine, readings)
    stranger = not places and not roles(request.user, request.at)
    context: dict[str, Any] = {
        "tasks": tasks,
        "places": places,
        "held": appointments(request.user, request.at),
        "stranger": stranger,
        "national": queries.holders(Role.NATIONAL, request.at) if stranger else [],
    }
    return show(request, "desk/dashboard.html", **context)
