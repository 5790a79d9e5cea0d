"""What proves, besides a password, that a person is herself: reads of what allauth keeps."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount

from traam.engines.workflow import Missing
from traam.programme.people.models import Person

APP, PASSKEY, CODES = "totp", "webauthn", "recovery_codes"
KINDS = {APP: "Application de codes", PASSKEY: "Clé d'accès", CODES: "Codes de secours"}
PROCONNECT = "proconnect"


@dataclass(frozen=True)
class Factor:
    """One means of proof. `person` is the number of whose it is; `second`: it is enough beside a password."""

    pk: int
    person: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None
    left: int | None = None  # recovery codes not used yet

    @property
    def second(self) -> bool:
        return self.kind != CODES

    def __str__(self) -> str:
        return self.name


def _read(row: Authenticator) -> Factor:
    kind = str(row.type)
    name = row.data["name"] if kind == PASSKEY else KINDS[kind]
    left = len(RecoveryCodes(row).get_unused_codes()) if kind == CODES else None
    return Factor(row.pk, row.user_id, kind, name, row.created_at, row.last_used_at, left)


def of(person: Person) -> list[Factor]:
    """Everything she proves herself with, the oldest first."""
    return [_read(row) for row in Authenticator.objects.filter(user=person).order_by("created_at", "pk")]


def protects(person: Person) -> bool:
    """Whether a password alone opens nothing: she has an application of codes, or a passkey."""
    return bool(Authenticator.objects.filter(user=person, type__in=[APP, PASSKEY]).exists())


def kinds(person: Person) -> set[str]:
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def factor(pk: int) -> Factor:
    row = Authenticator.objects.filter(pk=pk).first()
    if row is None:
        raise Missing("Ce moyen de connexion n'existe pas, ou plus.")
    return _read(row)


def identity(person: Person) -> SocialAccount | None:
    """The identity of ProConnect tied to this account."""
    return SocialAccount.objects.filter(user=person, provider=PROCONNECT).first()


def person_of_identity(sub: str) -> Person | None:
    """Whose this identity of ProConnect is. Its key is `sub`: an address may change hands, a `sub` does not."""
    known = SocialAccount.objects.select_related("user").filter(provider=PROCONNECT, uid=sub).first()
    return known.user if known else None
