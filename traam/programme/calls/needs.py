"""What a running campaign still needs of who wrote an application, or is named in one."""

from datetime import datetime

from django.db.models import Q

from traam.programme.calls.models import Application
from traam.programme.people.models import Person


def needed(person: Person, at: datetime) -> list[str]:
    hers = Q(created_by=person) | Q(referent_email__iexact=person.email) | Q(inspector_email__iexact=person.email)
    rows = Application.objects.filter(hers).exclude(theme__campaign__state="archived")
    return [f"est dans la candidature « {row} », dont la campagne n'est pas archivée" for row in rows[:20]]
