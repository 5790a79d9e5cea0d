from collections.abc import Iterable

from django.db import models

from traam.programme.journal.models import Entry


def history(about: models.Model, limit: int = 50, verbs: Iterable[str] | None = None) -> list[Entry]:
    """What was done to an object, latest first; only these verbs when some are given."""
    entries = Entry.objects.filter(object_type=about._meta.label_lower, object_id=str(about.pk))
    if verbs is not None:
        entries = entries.filter(verb__in=list(verbs))
    return list(entries.order_by("-at", "-pk")[:limit])
