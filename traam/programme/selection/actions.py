from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.calls.actions import draft_from
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries, rules, states
from traam.programme.selection.models import Announcement, Decision
from traam.programme.selection.opinions import give_opinion

__all__ = ["announce", "decide", "give_opinion"]


def _locked(application: Application) -> Application:
    Application.objects.select_for_update().get(pk=application.pk)
    return find_application(application.pk)


@transaction.atomic
def decide(application: Application, verb: str, *, actor: Person, at: datetime, reason: str = "") -> Decision:
    """Retain an application, refuse it, put it on the waiting list or reopen it. The limits of the edition hold."""
    # One decision at a time in a campaign: two decisions made together must not pass a limit that each respects.
    Campaign.objects.select_for_update().get(pk=application.theme.campaign_id)
    application = _locked(application)
    state = queries.decision_state(application)
    policies.may_decide(verb, actor, application, state, at).require()
    if verb == "retain":
        breaches = rules.breaches_if_retained(application)
        if breaches:
            raise Invalid({"": [breach.sentence for breach in breaches]})
    decision, _ = Decision.objects.update_or_create(
        application=application,
        defaults={
            "state": states.DECISION.move(verb).target,
            "reason": reason.strip(),
            "decided_by": actor,
            "decided_at": at,
        },
    )
    record(verb, application, actor=actor, at=at, reason=reason)
    return decision


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime) -> Announcement:
    """Make the decisions known and final. Groups and public pages follow: call `catalogue.actions.announce`."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_announce(actor, campaign, at).require()
    pending = queries.undecided(campaign)
    if pending:
        raise Invalid(
            f"Il reste {pending} candidature(s) à décider : retenez, refusez ou mettez en liste d'attente "
            "chacune d'elles avant d'annoncer."
        )
    if not queries.retained(campaign):
        raise Invalid("Aucune candidature n'est retenue : il n'y a rien à annoncer.")
    announcement = Announcement.objects.create(campaign=campaign, announced_by=actor, announced_at=at)
    record("announce", campaign, actor=actor, at=at)
    return announcement


@transaction.atomic
def renew(application: Application, *, actor: Person, at: datetime) -> Application:
    """Carry a retained team on: a draft of the theme that continues its own, copied from its dossier."""
    policies.may_renew(actor, application, at).require()
    theme = queries.continuation(application)
    assert theme is not None  # noqa: S101 - the policy has just seen it
    return draft_from(application, theme, actor=actor, at=at)
