"""What an account tells its owner by letter: a code to sign in, and every change of what opens it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from traam.programme.journal.actions import System, record
from traam.programme.letters.actions import send_invitation, write
from traam.programme.people import actions as people
from traam.programme.people import factors, securing, sign_ins
from traam.programme.people.factors import Factor
from traam.programme.people.models import Person
from traam.programme.people.queries import by_email

CODE_LASTS = timedelta(minutes=15)
CODE_DIGITS = 8


@transaction.atomic
def send_code(email: str, *, at: datetime) -> tuple[Person | None, str]:
    """Send a code that opens the account of this address: whose it is, and the code.

    Nobody, and a code that opens nothing, for an unknown address; who never opened her account has her invitation
    again.
    """
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    person = by_email(email)
    if person is None or not person.is_active:
        return None, code
    if not person.is_open:
        send_invitation(person, "Vous n'aviez pas encore ouvert votre compte.", at=at)
        return None, code
    write(
        f"code:{person.pk}:{at.isoformat()}",
        to=person,
        subject="Votre code de connexion",
        body=(
            f"Bonjour {person.name},\n\nVoici le code demandé pour entrer sur la plateforme des TraAM :\n\n"
            f"    {code[:4]} {code[4:]}\n\nIl sert une fois, pendant {int(CODE_LASTS.total_seconds() // 60)} minutes, "
            "dans le navigateur où il a été demandé. Ne le donnez à personne : l'équipe de la plateforme ne le demande "
            "jamais.\n\nSi vous n'avez rien demandé, ne faites rien.\n\nLa plateforme des TraAM"
        ),
        at=at,
    )
    record("ask_code", person, actor=System(), at=at)
    return person, code


def _tell(person: Person, what: str, at: datetime) -> None:
    address = f"{settings.SITE_ADDRESS}/mon-compte"
    write(
        f"account:{person.pk}:{at.isoformat()}",
        to=person,
        subject="Ce qui ouvre votre compte a changé",
        body=(
            f"Bonjour {person.name},\n\n{what}\n\nSi c'est vous, il n'y a rien à faire. Sinon, changez aussitôt votre "
            f"mot de passe et fermez les autres sessions sur la page de votre compte :\n{address}\n\n"
            f"Vous n'y entrez plus ? Écrivez à {settings.CONTACT}.\n\nLa plateforme des TraAM"
        ),
        at=at,
    )


@transaction.atomic
def add_app(secret: str, code: str, *, actor: Person, at: datetime) -> list[str]:
    codes = securing.add_app(secret, code, actor=actor, at=at)
    _tell(actor, "Une application de codes vient d'être reliée à votre compte.", at)
    return codes


@transaction.atomic
def add_passkey(name: str, credential: dict[str, Any], *, actor: Person, at: datetime) -> list[str]:
    codes = securing.add_passkey(name, credential, actor=actor, at=at)
    _tell(actor, "Une clé d'accès vient d'être ajoutée à votre compte : elle l'ouvre sans mot de passe.", at)
    return codes


@transaction.atomic
def remove_factor(factor: Factor, *, actor: Person, at: datetime) -> None:
    securing.remove_factor(factor, actor=actor, at=at)
    _tell(
        actor, f"Un moyen de connexion vient d'être retiré de votre compte : {factors.KINDS[factor.kind].lower()}.", at
    )


@transaction.atomic
def renew_recovery_codes(*, actor: Person, at: datetime) -> list[str]:
    codes = securing.renew_recovery_codes(actor=actor, at=at)
    _tell(actor, "De nouveaux codes de secours viennent d'être créés : les anciens ne servent plus.", at)
    return codes


@transaction.atomic
def prove_by_code(person: Person, code: str, *, at: datetime) -> str:
    """As `securing.prove_by_code`; a recovery code that served is told to its owner."""
    kind = securing.prove_by_code(person, code, at=at)
    if kind == factors.CODES:
        left = next((each.left or 0 for each in factors.of(person) if each.kind == factors.CODES), 0)
        _tell(person, f"Un code de secours vient d'ouvrir votre compte ; il vous en reste {left}.", at)
    return kind


@transaction.atomic
def change_password(password: str, *, actor: Person, at: datetime) -> Person:
    changed = securing.change_password(password, actor=actor, at=at)
    _tell(
        actor, "Le mot de passe de votre compte vient d'être changé ; les sessions ouvertes ailleurs sont fermées.", at
    )
    return changed


@transaction.atomic
def accept_invitation(person: Person, password: str, *, at: datetime) -> Person:
    """Choose the password of the account; a letter when the account was already open, as its password then changes."""
    already = person.is_open
    people.accept_invitation(person, password, at=at)
    if already:
        sign_ins.close_others("", actor=person, at=at)
        _tell(person, "Un nouveau mot de passe vient d'être choisi pour votre compte, par le lien d'un courriel.", at)
    return person


@transaction.atomic
def link_identity(sub: str, *, actor: Person, at: datetime) -> None:
    securing.link_identity(sub, actor=actor, at=at)
    _tell(actor, "Votre compte est désormais relié à ProConnect, qui l'ouvre sans mot de passe.", at)


@transaction.atomic
def unlink_identity(*, actor: Person, at: datetime) -> None:
    securing.unlink_identity(actor=actor, at=at)
    _tell(actor, "Votre compte n'est plus relié à ProConnect.", at)
