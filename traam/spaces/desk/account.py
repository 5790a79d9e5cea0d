"""« Mon compte »: what opens it, where it is open, under which role its owner acts."""

from base64 import b64encode

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, signed_in, writes
from traam.engines.workflow import Invalid
from traam.programme.letters import accounts
from traam.programme.people import actions, factors, policies, queries, securing, sign_ins
from traam.programme.people.factors import Factor
from traam.programme.people.models import SignIn
from traam.spaces.desk import door, entrance, proconnect, throttle
from traam.spaces.desk.forms import (
    ActingForm,
    AppForm,
    ConfirmForm,
    NewPasskeyForm,
    PasswordForm,
    SecondFactorForm,
)

SECRET = "account.app_secret"  # noqa: S105 - the name of a slot of the session
ALL = "tous"


def _trail() -> list[tuple[str, str]]:
    return [("Mon bureau", reverse("desk:dashboard")), ("Mon compte", reverse("desk:account"))]


@never_cache
@door.before_second_factor
@reads(may=signed_in)
def account(request: Request) -> HttpResponse:
    person = request.user
    return show(
        request,
        "desk/account.html",
        held=policies.held(person, request.at),
        to_come=policies.to_come(person, request.at),
        factors=[(each, policies.may_remove_factor(person, each, request.at)) for each in factors.of(person)],
        needed=policies.needs_second_factor(person, request.at),
        lifted=settings.DEMONSTRATION and not settings.SECOND_FACTOR,
        proconnect=proconnect.offered(),
        identity=factors.identity(person),
        sessions=sign_ins.open_sessions(person, request.at),
        here=request.session.session_key,
    )


@sensitive_post_parameters("password", "code")
@never_cache
@door.before_second_factor
@writes(may=signed_in)
def confirm(request: Request) -> HttpResponse:
    """Prove again that one is oneself, before changing what opens the account."""
    after = door.onward(request)
    password = ConfirmForm(request.POST if "password" in request.POST else None)
    code = SecondFactorForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and password.is_bound and _same_password(request, password):
        door.prove(request, second=False)
        return redirect(after)
    if request.method == "POST" and not password.is_bound and entrance.proved(request, request.user, code):
        door.prove(request, second=True)
        return redirect(after)
    asked = entrance.asked(request, request.user)
    by_password = request.user.has_usable_password() and not _second_wanted(request)
    return show(
        request,
        "desk/confirm.html",
        code if code.is_bound else password,
        password=password if by_password else None,
        code=code,
        onward=after,
        **asked,
    )


def _second_wanted(request: Request) -> bool:
    """Her role asks for a second factor that this session did not give yet: a password is not enough."""
    return policies.needs_second_factor(request.user, request.at) and not request.session.get(door.SECOND)


def _same_password(request: Request, form: ConfirmForm) -> bool:
    if not form.is_valid():
        return False
    guard = throttle.password(request, request.user.email, request.at)
    try:
        if guard is None:
            raise throttle.TooMany
        with throttle.trying(guard):
            right: bool = request.user.check_password(form.cleaned_data["password"])
    except throttle.TooMany:
        form.add_error(None, entrance.TOO_MANY)
        return False
    except throttle.Busy:
        form.add_error(None, entrance.BUSY)
        return False
    if right:
        guard.succeeded()
    else:
        form.add_error("password", "Ce n'est pas votre mot de passe : vérifiez la touche Majuscule, puis réessayez.")
    return right


@never_cache
@door.before_second_factor
@reads(may=signed_in)
def protect(request: Request) -> HttpResponse:
    """A role demands a second factor: choose which."""
    return show(request, "desk/protect.html", onward=door.onward(request), usable=entrance.passkeys_work(request))


@sensitive_post_parameters("password", "again")
@never_cache
@writes(may=signed_in)
@door.fresh
def password(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(form.cleaned_data["password"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            before = str(request.session.session_key)
            sign_ins.close_others(before, actor=request.user, at=request.at)
            update_session_auth_hash(request, request.user)
            sign_ins.renamed(before, str(request.session.session_key), at=request.at)
            messages.success(request, "Votre mot de passe est changé. Les sessions ouvertes ailleurs sont fermées.")
            return redirect("desk:account")
    return show(
        request,
        "design/form.html",
        form,
        title="Changer de mot de passe" if request.user.has_usable_password() else "Choisir un mot de passe",
        introduction="Les sessions ouvertes ailleurs seront fermées, et un courriel vous le dira.",
        submit_label="Enregistrer",
        cancel=reverse("desk:account"),
        trail=_trail(),
    )


@sensitive_post_parameters("code")
@sensitive_variables("secret")
@never_cache
@door.before_second_factor
@writes(may=signed_in)
@door.fresh
def app(request: Request) -> HttpResponse:
    """Tie an application of codes: it reads the drawing, then proves it by a code."""
    form = AppForm(request.POST or None)
    secret = request.session.get(SECRET) or securing.new_app_secret()
    request.session[SECRET] = secret
    if request.method == "POST" and form.is_valid():
        try:
            codes = accounts.add_app(secret, form.cleaned_data["code"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            request.session.pop(SECRET, None)
            return _added(request, "Votre application de codes est reliée à votre compte.", codes)
    address = get_adapter().build_totp_url(request.user, secret)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    drawing = get_adapter().build_totp_svg(address)
    return show(request, "desk/app.html", form, secret=spaced, drawing=_as_data(drawing), trail=_trail())


def _as_data(drawing: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(drawing.encode()).decode()


def _added(request: Request, told: str, codes: list[str]) -> HttpResponse:
    """A second factor was added: this session has given one; new recovery codes are shown, once."""
    door.prove(request, second=True)
    if not codes:
        messages.success(request, told)
        return redirect("desk:account")
    return show(request, "desk/codes.html", codes=codes, told=told, trail=_trail())


@never_cache
@door.before_second_factor
@writes(may=signed_in)
@door.fresh
def new_passkey(request: Request) -> HttpResponse:
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            codes = accounts.add_passkey(given["name"], given["credential"] or {}, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return _added(request, f"La clé d'accès « {given['name']} » est ajoutée.", codes)
    options = securing.passkey_to_make(request.user)
    usable = entrance.passkeys_work(request)
    return show(request, "desk/new_passkey.html", form, options=options, usable=usable, trail=_trail())


@never_cache
@writes(find=factors.factor, may=policies.may_remove_factor)
@door.fresh
def remove(request: Request, factor: Factor) -> HttpResponse:
    if request.method == "POST":
        accounts.remove_factor(factor, actor=request.user, at=request.at)
        messages.success(request, f"« {factor} » n'ouvre plus votre compte.")
        return redirect("desk:account")
    return show(request, "desk/remove_factor.html", factor=factor, trail=_trail())


@never_cache
@writes(may=signed_in)
@door.fresh
def recovery_codes(request: Request) -> HttpResponse:
    """Asks, then makes others: they are shown in this answer only."""
    if request.method == "POST":
        try:
            codes = accounts.renew_recovery_codes(actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
            return redirect("desk:account")
        told = "De nouveaux codes sont créés : les anciens ne servent plus."
        return show(request, "desk/codes.html", codes=codes, told=told, trail=_trail())
    return show(request, "desk/renew_codes.html", trail=_trail())


@writes(find=sign_ins.sign_in, may=policies.may_close)
def close_session(request: Request, sign_in: SignIn) -> HttpResponse:
    if request.method == "POST":
        sign_ins.close(sign_in, actor=request.user, at=request.at)
        messages.success(request, "Cette session est fermée.")
    return redirect("desk:account")


@writes(may=signed_in)
def close_others(request: Request) -> HttpResponse:
    if request.method == "POST":
        closed = sign_ins.close_others(str(request.session.session_key), actor=request.user, at=request.at)
        messages.success(request, "Les autres sessions sont fermées." if closed else "Aucune autre n'était ouverte.")
    return redirect("desk:account")


@never_cache
@writes(may=signed_in)
def acting(request: Request) -> HttpResponse:
    """Choose the role under which one acts, for this session."""
    held = policies.held(request.user, request.at)
    choices = [(ALL, "Tous mes rôles ensemble"), *((str(each.pk), str(each)) for each in held)]
    form = ActingForm(choices, request.POST or None, initial={"role": str(request.user.acting or ALL)})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["role"]
        appointment = None if chosen == ALL else queries.appointment(int(chosen))
        actions.choose_acting(appointment, actor=request.user, at=request.at)
        request.session[door.ACTING] = request.user.acting
        told = f"Vous agissez comme : {appointment}." if appointment else "Tous vos rôles comptent ensemble."
        messages.success(request, told)
        return redirect("desk:dashboard")
    return show(
        request,
        "design/form.html",
        form,
        title="J'agis comme…",
        introduction="Vos droits sont ceux du rôle choisi, jusqu'à la fin de cette session ou un autre choix, et le "
        "journal dit sous quel rôle vous avez agi. Vos places dans un thème ou dans un groupe ne changent pas.",
        submit_label="Agir ainsi",
        cancel=reverse("desk:dashboard"),
        trail=_trail(),
    )
