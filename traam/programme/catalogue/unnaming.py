"""Withdraw a name from what is public, and tell the index, the harvesters and the caches."""

from datetime import datetime

from traam.programme.catalogue.models import Notice, NoticeVersion
from traam.programme.catalogue.notices import note_changes
from traam.programme.people.rewriting import Rewriting, rewrite


def withdraw(wanted: Rewriting, at: datetime) -> int:
    changed = rewrite(Notice, ["authors", "errata"], wanted)
    Notice.objects.filter(pk__in=changed).update(datestamp=at.replace(microsecond=0))
    note_changes(Notice.objects.filter(pk__in=changed))
    return len(changed) + len(rewrite(NoticeVersion, ["content", "errata"], wanted))
