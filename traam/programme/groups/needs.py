"""What a group still needs of its members."""

from datetime import datetime

from django.db.models import Q

from traam.programme.groups.models import Member, Relay, Share
from traam.programme.people.models import Person


def needed(person: Person, at: datetime) -> list[str]:
    here = Q(until=None) | Q(until__gte=at.date())
    running = Member.objects.filter(here, person=person).exclude(group__application__theme__campaign__state="archived")
    told = [f"est membre du groupe « {row.group} »" for row in running.select_related("group")]
    told += [f"est {row}" for row in Relay.objects.filter(person=person, until=None)]
    if Share.objects.filter(member__person=person, done__gt=0).exclude(state="sent").exists():
        told.append("a un service fait qui n'est pas encore transmis")
    return told
