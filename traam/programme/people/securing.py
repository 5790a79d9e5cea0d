"""The verbs of an account: what proves that a person is herself is added, used and removed here."""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people import factors, policies
from traam.programme.people.factors import APP, CODES, PASSKEY, PROCONNECT, Factor
from traam.programme.people.models import Person

MOST_PASSKEYS = 10
WRONG_CODE = "Ce code n'est pas le bon : lisez celui qui s'affiche en ce moment, puis recopiez-le."
WRONG_KEY = "Cette clé d'accès n'a pas été reconnue : réessayez, ou choisissez un autre moyen."


def new_app_secret() -> str:
    """What the application of codes and the platform share: 160 bits, in base 32."""
    return str(totp.generate_totp_secret())


def _counter_of(secret: str, code: str) -> int | None:
    """The half minute this code is of, when it is right; each is used once only (RFC 6238, 5.2)."""
    plain = "".join(code.split())
    for counter in totp.yield_hotp_counters_from_time():
        if totp.compare_user_code(actual=plain, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))):
            return int(counter)
    return None


@transaction.atomic
def add_app(secret: str, code: str, *, actor: Person, at: datetime) -> list[str]:
    """Tie an application of codes, which proves that it holds the secret. The recovery codes when they are new."""
    Person.objects.select_for_update().get(pk=actor.pk)
    if APP in factors.kinds(actor):
        raise Invalid("Vous avez déjà une application de codes : retirez-la avant d'en relier une autre.")
    counter = _counter_of(secret, code)
    if counter is None:
        raise Invalid({"code": [WRONG_CODE]})
    row = totp.TOTP.activate(actor, secret).instance
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    record("add_factor", actor, actor=actor, at=at, data={"factor": APP})
    return _recovery_codes(actor)


@transaction.atomic
def add_passkey(name: str, credential: dict[str, Any], *, actor: Person, at: datetime) -> list[str]:
    """Keep a passkey that the browser has just made. The recovery codes when they are new."""
    Person.objects.select_for_update().get(pk=actor.pk)
    if sum(each.kind == PASSKEY for each in factors.of(actor)) >= MOST_PASSKEYS:
        raise Invalid(f"Vous avez déjà {MOST_PASSKEYS} clés d'accès : retirez-en une avant d'en ajouter une autre.")
    try:
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        raise Invalid(WRONG_KEY) from None
    if not made.is_user_verified():
        raise Invalid("Cette clé ne vérifie pas qui s'en sert (code, doigt ou visage) : choisissez-en une autre.")
    webauthn.WebAuthn.add(actor, name.strip()[:60] or "Clé d'accès", credential)
    record("add_factor", actor, actor=actor, at=at, data={"factor": PASSKEY})
    return _recovery_codes(actor)


def _recovery_codes(person: Person) -> list[str]:
    """Made with the first second factor, shown once."""
    if CODES in factors.kinds(person):
        return []
    return list(RecoveryCodes.activate(person).get_unused_codes())


@transaction.atomic
def renew_recovery_codes(*, actor: Person, at: datetime) -> list[str]:
    """Other recovery codes: those before open nothing any more."""
    if not factors.protects(actor):
        raise Invalid("Les codes de secours accompagnent une application de codes ou une clé d'accès : ajoutez-en une.")
    Authenticator.objects.filter(user=actor, type=CODES).delete()
    record("renew_recovery_codes", actor, actor=actor, at=at)
    return list(RecoveryCodes.activate(actor).get_unused_codes())


@transaction.atomic
def remove_factor(factor: Factor, *, actor: Person, at: datetime) -> None:
    """Take away a means of proof; the recovery codes go with the last second factor."""
    policies.may_remove_factor(actor, factor, at).require()
    Authenticator.objects.filter(pk=factor.pk, user=actor).delete()
    if not factors.protects(actor):
        Authenticator.objects.filter(user=actor).delete()
    record("remove_factor", actor, actor=actor, at=at, data={"factor": factor.kind})


@transaction.atomic
def prove_by_code(person: Person, code: str, *, at: datetime) -> str:
    """Accept a code of her application, or a recovery code, once: the kind of proof. Raises `Invalid`."""
    rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=person)}
    if APP in rows and _used(rows[APP], code, at):
        return APP
    if CODES in rows and RecoveryCodes(rows[CODES]).validate_code("".join(code.split())):
        _stamp(rows[CODES], at)
        record("use_recovery_code", person, actor=person, at=at)
        return CODES
    raise Invalid({"code": [WRONG_CODE]})


def _used(row: Authenticator, code: str, at: datetime) -> bool:
    try:
        counter = _counter_of(decrypt(row.data["secret"]), code)
    except InvalidToken:  # sealed under another key of the site
        return False
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    _stamp(row, at)
    return True


def _stamp(row: Authenticator, at: datetime) -> None:
    row.last_used_at = at
    row.save(update_fields=["last_used_at"])


@transaction.atomic
def prove_by_passkey(credential: dict[str, Any], person: Person | None, *, at: datetime) -> Person:
    """Whose this passkey is: this person's when one is given. Raises `Invalid`."""
    try:
        webauthn.parse_authentication_response(credential)
        found = person or webauthn.extract_user_from_response(credential)
        row = webauthn.complete_authentication(found, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise Invalid(WRONG_KEY) from None
    if not isinstance(found, Person) or not found.is_active:
        raise Invalid(WRONG_KEY)
    _stamp(row, at)
    return found


@transaction.atomic
def change_password(password: str, *, actor: Person, at: datetime) -> Person:
    """Choose another password: the sessions opened elsewhere end with the one before."""
    try:
        password_validation.validate_password(password, actor)
    except ValidationError as refusal:
        raise Invalid({"password": list(refusal.messages)}) from None
    actor.set_password(password)
    actor.save(update_fields=["password"])
    record("change_password", actor, actor=actor, at=at)
    return actor


@transaction.atomic
def link_identity(sub: str, *, actor: Person, at: datetime) -> None:
    """Tie an identity of ProConnect to one's account: from now on it opens it."""
    owner = factors.person_of_identity(sub)
    if owner is not None and owner.pk == actor.pk:
        return
    if owner is not None:
        raise Invalid("Cette identité ProConnect ouvre déjà un autre compte : détachez-la de celui-ci d'abord.")
    if factors.identity(actor) is not None:
        raise Invalid("Votre compte est déjà relié à une autre identité ProConnect : détachez-la d'abord.")
    SocialAccount.objects.create(user=actor, provider=PROCONNECT, uid=sub)
    if actor.opened_at is None:
        actor.opened_at = at
        actor.save(update_fields=["opened_at"])
    record("link_identity", actor, actor=actor, at=at, data={"provider": PROCONNECT})


@transaction.atomic
def unlink_identity(*, actor: Person, at: datetime) -> None:
    """Untie ProConnect: another means must open the account."""
    if not actor.has_usable_password() and PASSKEY not in factors.kinds(actor):
        raise Invalid("C'est votre seul moyen de connexion : choisissez un mot de passe ou ajoutez une clé d'accès.")
    SocialAccount.objects.filter(user=actor, provider=PROCONNECT).delete()
    record("unlink_identity", actor, actor=actor, at=at, data={"provider": PROCONNECT})


def passkey_to_make(person: Person) -> str:
    """What the browser is asked to make, in JSON; what was asked waits in the session."""
    return json.dumps(webauthn.begin_registration(person, passwordless=True), default=dict)


def passkey_to_show(person: Person | None) -> str:
    """What the browser is asked to prove, in JSON: by any passkey of this site, or by one of this person."""
    return json.dumps(webauthn.begin_authentication(person), default=dict)
