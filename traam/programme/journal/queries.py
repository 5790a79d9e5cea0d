from django.db import models

from traam.programme.journal.models import Entry


def history(about: models.Model, limit: int = 50) -> list[Entry]:
    """What was done to an object, latest first."""
    entries = Entry.objects.filter(object_type=about._meta.label_lower, object_id=str(about.pk))
    return list(entries.order_by("-at", "-pk")[:limit])
