"""Withdraw a name from what was released."""

from datetime import datetime

from traam.programme.people.rewriting import Rewriting, rewrite
from traam.programme.publication.models import Release


def withdraw(wanted: Rewriting, at: datetime) -> int:
    return len(rewrite(Release, ["content"], wanted))
