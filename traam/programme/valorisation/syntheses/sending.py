"""To whom a published synthesis is sent: the groups of its themes, and the lists of services that the bureau keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from traam.engines.rulebook import AUDIENCES
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Member
from traam.programme.letters.models import Letter
from traam.programme.valorisation.syntheses.models import MailingList, Synthesis

GROUPS, INSPECTION = "groups", "igesr"
DEFAULT_AUDIENCES = (GROUPS,)
LIST_NAMES = {"igesr": "IGÉSR", "dgesco": "DGESCO", "ih2ef": "IH2EF"}
"""The lists that cahiers des charges name: the bureau writes their addresses."""


@dataclass(frozen=True)
class Recipient:
    """An address to write to. `written_at`: when this version was written to it, None when it was not."""

    email: str
    name: str
    written_at: datetime | None = None


@dataclass(frozen=True)
class Audience:
    """Some of those to whom it is sent. `asked`: the cahier des charges names them."""

    key: str
    label: str
    asked: bool
    recipients: tuple[Recipient, ...]

    @property
    def waiting(self) -> list[Recipient]:
        return [one for one in self.recipients if one.written_at is None]


def letter_key(synthesis: Synthesis, version: int, email: str) -> str:
    """What keeps a version from being sent twice to one address."""
    return f"synthesis:{synthesis.pk}:{version}:{email.lower()}"[:200]


def audiences(synthesis: Synthesis, version: int) -> list[Audience]:
    """Everyone it may be sent to, each once: in the first audience that has her. Five queries."""
    lists = {one.key: one for one in MailingList.objects.order_by("name", "pk")}
    asked = asked_audiences(synthesis)
    labels = {**AUDIENCES, **{key: one.name for key, one in lists.items() if key not in AUDIENCES}}
    written = _written(synthesis, version)
    seen: set[str] = set()
    found = []
    for key, label in labels.items():
        rows = _of_audience(synthesis, key, lists)
        if key not in asked and not rows:
            continue
        fresh = {email.lower(): name for email, name in rows if email.lower() not in seen}
        seen |= fresh.keys()
        recipients = tuple(Recipient(email, name, written.get(email)) for email, name in fresh.items())
        found.append(Audience(key, label[:1].upper() + label[1:], key in asked, recipients))
    return found


def asked_audiences(synthesis: Synthesis) -> tuple[str, ...]:
    """Those that the cahiers des charges of its themes name, in their order."""
    asked: set[str] = set()
    for theme in synthesis.theme_list:
        wanted = theme.campaign.edition.synthesis
        asked |= set(wanted.sent_to if wanted else DEFAULT_AUDIENCES)
    return tuple(key for key in AUDIENCES if key in asked)


def _of_audience(synthesis: Synthesis, key: str, lists: Mapping[str, MailingList]) -> list[tuple[str, str]]:
    kept = [(email, name) for email, name in lists[key].recipients] if key in lists else []
    themes = [theme.pk for theme in synthesis.theme_list]
    if key == GROUPS:
        members = Member.objects.filter(group__application__theme__in=themes, until=None, person__is_active=True)
        rows = members.order_by("group__application__academy", "pk")
        kept += list(rows.values_list("person__email", "person__name"))
    if key == INSPECTION:
        led = Steward.objects.filter(theme__in=themes, role=Steward.Role.GENERAL_INSPECTOR, person__is_active=True)
        kept += list(led.order_by("pk").values_list("person__email", "person__name"))
    return kept


def _written(synthesis: Synthesis, version: int) -> dict[str, datetime]:
    """When this version was written to each address."""
    prefix = f"synthesis:{synthesis.pk}:{version}:"
    rows = Letter.objects.filter(key__startswith=prefix).values_list("key", "written_at")
    return {key.removeprefix(prefix): at for key, at in rows}


# --- the lists


def every_list() -> list[MailingList]:
    """The lists that are named somewhere, written or not yet, then those of the bureau, by name."""
    kept = {one.key: one for one in MailingList.objects.order_by("name", "pk")}
    named = [kept.get(key) or MailingList(key=key, name=name) for key, name in LIST_NAMES.items()]
    return [*named, *(one for key, one in kept.items() if key not in LIST_NAMES)]


def mailing_list(key: str) -> MailingList:
    for one in every_list():
        if one.key == key:
            return one
    raise Missing("Cette liste de diffusion n'existe pas.")


def as_text(kept: MailingList) -> str:
    """The recipients as they are typed: a line for each, "Nom <adresse>"."""
    return "\n".join(f"{name} <{email}>" if name != email else email for email, name in kept.recipients)


def names(recipients: Iterable[Recipient]) -> list[str]:
    return [one.name for one in recipients]
