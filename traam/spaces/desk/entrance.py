"""The entrance: by password, by a code received by e-mail, by a passkey; then the second factor of who has one."""

import re
import time
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, anyone, writes
from traam.engines.workflow import Invalid
from traam.programme.letters import accounts
from traam.programme.letters.actions import send_new_password
from traam.programme.people import factors, queries, securing
from traam.programme.people.models import Person
from traam.spaces.desk import door, proconnect, throttle
from traam.spaces.desk.door import Means
from traam.spaces.desk.forms import CodeForm, ForgottenForm, PasskeyForm, PasswordForm, SecondFactorForm, SignInForm

WRONG = (
    "Cette adresse et ce mot de passe ne vont pas ensemble : vérifiez l'adresse, la touche Majuscule, puis réessayez. "
    "Si vous n'avez pas encore choisi de mot de passe, ouvrez le lien de votre invitation."
)
ASKED = (
    "Si un compte porte cette adresse, un courriel vient de lui être envoyé : ouvrez le lien qu'il contient pour "
    "choisir un nouveau mot de passe."
)
TOO_MANY = (
    "Trop d'essais ont échoué pour cette adresse, ou depuis l'endroit où vous êtes. Attendez dix minutes avant d'en "
    "faire un autre, ou entrez par un code reçu par courriel ou par une clé d'accès."
)
BUSY = "Beaucoup de personnes se connectent en ce moment : réessayez dans quelques secondes."
TOO_MANY_LETTERS = "Trop de courriels ont été demandés pour cette adresse, ou depuis l'endroit où vous êtes."
OVER = "Le délai est passé, ou trop d'essais ont échoué : recommencez."
WRONG_MAIL_CODE = "Ce code n'est pas le bon : recopiez les huit chiffres du dernier courriel reçu."
CODE = "door.code"
MOST_CODE_TRIES = 4
FLOOR = 0.25  # seconds: an account that exists and one that does not take as long to be answered


@sensitive_post_parameters("password")
@never_cache
@writes(may=anyone, public=True)
def sign_in(request: Request) -> HttpResponse:
    after = door.onward(request)
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(after)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _recognised(request, form)
        if person is not None:
            return door.enter(request, person, Means.PASSWORD, after)
        if form.has_error(NON_FIELD_ERRORS, "too_many"):
            return _too_many(str(form.non_field_errors()[0]))
    asked = "next" in request.GET or "next" in request.POST
    return show(
        request,
        "desk/sign_in.html",
        form,
        onward=after,
        asked=asked,
        proconnect=proconnect.offered(),
        proconnect_on_trial=proconnect.on_trial(),
        demonstration=_demonstration(),
        lifted=not settings.SECOND_FACTOR,
    )


def _too_many(sentence: str) -> HttpResponse:
    """The same page for everybody, drawn once: whoever knocks a hundred times a second costs little."""
    key = (sentence, settings.DEMONSTRATION, settings.STATE_DRESS)
    if key not in DRAWN:
        nobody = HttpRequest()
        nobody.path, nobody.method, nobody.user = "/connexion", "GET", AnonymousUser()
        DRAWN[key] = show(nobody, "desk/too_many.html", sentence=sentence).content
    return HttpResponse(DRAWN[key], status=HTTPStatus.TOO_MANY_REQUESTS)


DRAWN: dict[tuple[str, bool, bool], bytes] = {}


def _slowed(page: HttpResponse, form: BaseForm) -> HttpResponse:
    if form.has_error(NON_FIELD_ERRORS, "too_many"):
        page.status_code = HTTPStatus.TOO_MANY_REQUESTS
    return page


def _recognised(request: Request, form: SignInForm) -> Person | None:
    """The person of this address and password; else the form says what to do."""
    email = form.cleaned_data["email"]
    guard = throttle.password(request, email, request.at)
    try:
        if guard is None:
            raise throttle.TooMany
        with throttle.trying(guard):
            person = authenticate(request, username=email, password=form.cleaned_data["password"])
    except (throttle.TooMany, throttle.Busy) as refusal:
        sentence = BUSY if isinstance(refusal, throttle.Busy) else TOO_MANY
        form.add_error(None, ValidationError(sentence, code="too_many"))
        return None
    if not isinstance(person, Person):
        form.add_error(None, WRONG)
        return None
    guard.succeeded()
    return person


def _demonstration() -> Any:
    """The accounts anyone may try, and their password: only on a site that is a demonstration."""
    return import_string(settings.DEMONSTRATION_ACCOUNTS)() if settings.DEMONSTRATION else None


def _wait(begun: float) -> None:
    """An answer that takes as long whether the account exists or not."""
    time.sleep(max(0.0, FLOOR - (time.monotonic() - begun)))


@never_cache
@writes(may=anyone, public=True)
def ask_code(request: Request) -> HttpResponse:
    """Ask for a code: the same answer, in the same time, whether the account exists or not."""
    begun = time.monotonic()
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if throttle.letter(request, email, request.at).admits():
            _send_code(request, email)
            _wait(begun)
            return redirect("desk:give_code")
        form.add_error(None, ValidationError(TOO_MANY_LETTERS, code="too_many"))
    return _slowed(show(request, "desk/ask_code.html", form, onward=door.onward(request)), form)


def _send_code(request: Request, email: str) -> None:
    """The code waits in the session, sealed: it serves in this browser only."""
    person, code = accounts.send_code(email, at=request.at)
    request.session[CODE] = {
        "person": person.pk if person else None,
        "code": _sealed(code),
        "email": email,
        "until": time.time() + accounts.CODE_LASTS.total_seconds(),
        "tries": 0,
        "next": door.onward(request),
    }


def _sealed(code: str) -> str:
    return salted_hmac("traam.desk.code", code).hexdigest()


@sensitive_post_parameters("code")
@never_cache
@writes(may=anyone, public=True)
def give_code(request: Request) -> HttpResponse:
    waiting = request.session.get(CODE)
    if waiting is None or waiting["until"] < time.time() or waiting["tries"] >= MOST_CODE_TRIES:
        request.session.pop(CODE, None)
        messages.error(request, OVER)
        return redirect("desk:ask_code")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = _sealed("".join(form.cleaned_data["code"].split()))
        if constant_time_compare(given, waiting["code"]) and waiting["person"]:
            request.session.pop(CODE)
            return door.enter(request, queries.person(waiting["person"]), Means.CODE, waiting["next"])
        request.session[CODE] = {**waiting, "tries": waiting["tries"] + 1}
        form.add_error("code", WRONG_MAIL_CODE)
    return show(request, "desk/give_code.html", form, email=waiting["email"])


@never_cache
@writes(may=anyone, public=True)
def passkey(request: Request) -> HttpResponse:
    """Sign in with a passkey: the browser shows those of this site, nothing is typed."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = securing.prove_by_passkey(form.cleaned_data["credential"] or {}, None, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return door.enter(request, person, Means.PASSKEY, door.onward(request), strong=True)
    options = securing.passkey_to_show(None)
    return show(
        request,
        "desk/passkey.html",
        form,
        options=options,
        onward=door.onward(request),
        usable=passkeys_work(request),
    )


def passkeys_work(request: Request) -> bool:
    """Browsers make passkeys for a name only: a site reached by its IP address has none."""
    return re.fullmatch(r"[\d.]+|\[.*\]", split_domain_port(request.get_host())[0]) is None


@sensitive_post_parameters("code")
@never_cache
@writes(may=anyone, public=True)
def second_factor(request: Request) -> HttpResponse:
    """The password was right: now the code of the application, a recovery code, or a passkey."""
    found = door.pending(request)
    if found is None:
        messages.error(request, OVER)
        return redirect("desk:sign_in")
    person = door.pending_person(found)
    form = SecondFactorForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and proved(request, person, form):
        return door.let_in(request, found)
    if request.method == "POST":
        door.missed(request, found)
    page = show(request, "desk/second_factor.html", form, contact=settings.CONTACT, **asked(request, person))
    return _slowed(page, form)


def asked(request: Request, person: Person) -> dict[str, Any]:
    kinds = factors.kinds(person)
    has_passkey = factors.PASSKEY in kinds
    return {
        "app": factors.APP in kinds,
        "passkey": PasskeyForm() if has_passkey else None,
        "options": securing.passkey_to_show(person) if has_passkey else "",
        "usable": passkeys_work(request),
    }


def proved(request: Request, person: Person, form: SecondFactorForm) -> bool:
    """Whether what was sent proves that it is her; else the form says what to do."""
    key = PasskeyForm(request.POST)
    try:
        if not form.is_bound and key.is_valid():
            securing.prove_by_passkey(key.cleaned_data["credential"] or {}, person, at=request.at)
            return True
        if not form.is_valid():
            return False
        if not throttle.code(request, person, request.at).admits():
            form.add_error(None, ValidationError(TOO_MANY, code="too_many"))
            return False
        accounts.prove_by_code(person, form.cleaned_data["code"], at=request.at)
    except Invalid as invalid:
        if form.is_bound:
            apply_invalid(form, invalid)
        else:
            messages.error(request, str(invalid))
        return False
    return True


@never_cache
@writes(may=anyone, public=True)
def forgotten(request: Request) -> HttpResponse:
    """Ask for a letter: the answer is the same whether the account exists or not."""
    begun = time.monotonic()
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if throttle.letter(request, email, request.at).admits():
            send_new_password(email, at=request.at)
            _wait(begun)
            messages.success(request, ASKED)
            return redirect("desk:sign_in")
        form.add_error(None, ValidationError(TOO_MANY_LETTERS, code="too_many"))
    page = show(
        request,
        "design/form.html",
        form,
        title="Mot de passe oublié",
        introduction="Un courriel vous sera envoyé, avec un lien pour en choisir un autre.",
        submit_label="Recevoir le lien",
        cancel=reverse("desk:sign_in"),
        trail=[("Se connecter", reverse("desk:sign_in"))],
    )
    return _slowed(page, form)


@writes(may=anyone, public=True)
def sign_out(request: Request) -> HttpResponse:
    """Ends the session here, and at ProConnect when it was opened there."""
    away = ""
    if request.method == "POST":
        away = proconnect.way_out(request)
        logout(request)
        messages.success(request, "Vous êtes déconnecté.")
    return redirect(away or settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password", "again")
@never_cache
@writes(find=queries.invited, may=anyone, public=True)
def invitation(request: Request, invited: Person) -> HttpResponseBase:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.accept_invitation(invited, form.cleaned_data["password"], at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Votre mot de passe est enregistré. Bienvenue !")
            return door.enter(request, invited, Means.INVITATION, reverse("desk:dashboard"))
    return show(request, "desk/invitation.html", form, invited=invited, proconnect=proconnect.offered())
