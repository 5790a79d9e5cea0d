from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries, rules, states
from traam.programme.selection.models import Announcement, Decision, Opinion


def _locked(application: Application) -> Application:
    Application.objects.select_for_update().get(pk=application.pk)
    return find_application(application.pk)


@transaction.atomic
def give_opinion(
    application: Application, marks: Mapping[str, int], comment: str, *, actor: Person, at: datetime
) -> Opinion:
    """Give one's opinion of an application, or change it until the results are announced.

    `marks` holds a value of the edition's scale for each of its criteria.
    """
    # Behind an announcement being made, the policy sees it; before, it waits for this opinion.
    Campaign.objects.select_for_update().get(pk=application.theme.campaign_id)
    application = _locked(application)
    policies.may_give_opinion(actor, application, at).require()
    errors: dict[str, list[str]] = {}
    selection = application.theme.campaign.edition.selection
    scale = {mark.value for mark in selection.marks}
    for criterion in selection.criteria:
        if marks.get(criterion.id) not in scale:
            errors[criterion.id] = [f"« {criterion.label} » : choisissez une réponse dans la liste."]
    if not comment.strip():
        errors["comment"] = ["Expliquez votre avis en une phrase au moins : le bureau s'appuie dessus pour décider."]
    if errors:
        raise Invalid(errors)
    opinion, _ = Opinion.objects.update_or_create(
        application=application,
        reader=actor,
        defaults={
            "marks": dict(marks),
            "score": selection.score(marks),
            "comment": comment.strip(),
            "given_at": at,
        },
    )
    record("give_opinion", application, actor=actor, at=at, data={"score": opinion.score})
    return opinion


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
