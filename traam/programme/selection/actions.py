from datetime import datetime

from django.db import transaction

from traam.programme.calls.actions import draft_from
from traam.programme.calls.models import Application
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries
from traam.programme.selection.decisions import announce, decide, decide_all, decide_each, order_waiting
from traam.programme.selection.opinions import give_opinion

__all__ = ["announce", "decide", "decide_all", "decide_each", "give_opinion", "order_waiting"]


@transaction.atomic
def renew(application: Application, *, actor: Person, at: datetime) -> Application:
    """Carry a retained team on: a draft of the theme that continues its own, copied from its dossier."""
    policies.may_renew(actor, application, at).require()
    theme = queries.continuation(application)
    assert theme is not None  # noqa: S101 - the policy has just seen it
    return draft_from(application, theme, actor=actor, at=at)
