"""What a running campaign still needs of a person."""

from datetime import datetime

from traam.programme.campaigns.models import Steward
from traam.programme.people.models import Person


def needed(person: Person, at: datetime) -> list[str]:
    rows = Steward.objects.filter(person=person).exclude(theme__campaign__state="archived").select_related("theme")
    return [f"suit le thème « {row.theme.title} », dont la campagne n'est pas archivée" for row in rows]
