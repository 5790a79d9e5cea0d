from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import models

from traam.programme.journal.models import Entry


class Actor(Protocol):
    """Whoever acts: a person, or the system when it applies a rule by itself."""

    @property
    def pk(self) -> int | None: ...
    @property
    def label(self) -> str: ...


class System:
    """The actor of what no person does: imports by command, the demonstration."""

    pk: int | None = None
    label = "La plateforme"


def record(
    verb: str,
    about: models.Model,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> Entry:
    """Write the entry of an act, in the transaction of the act. `data` is plain JSON.

    Of who holds several roles, it says under which she acted (docs/decisions/0020).
    """
    told = dict(data or {})
    if acting_as := getattr(actor, "acting_as", ""):
        told["acting_as"] = acting_as
    return Entry.objects.create(
        at=at,
        actor_id=actor.pk,
        actor_label=actor.label[:200],
        verb=verb,
        object_type=about._meta.label_lower,
        object_id=str(about.pk),
        object_label=str(about)[:300],
        reason=reason,
        data=told,
    )
