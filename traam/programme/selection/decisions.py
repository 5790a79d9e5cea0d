"""Deciding, one application or many, until the announcement; after it, who gives up and who is called in her place."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries, rules, states
from traam.programme.selection.models import Announcement, Decision


def _hold(application: Application) -> Application:
    """Lock the campaign, then the dossier, and read it again.

    One decision at a time in a campaign: two decisions made together must not pass a limit that each respects.
    """
    Campaign.objects.select_for_update().get(pk=application.theme.campaign_id)
    Application.objects.select_for_update().get(pk=application.pk)
    return find_application(application.pk)


@transaction.atomic
def decide(application: Application, verb: str, *, actor: Person, at: datetime, reason: str = "") -> Decision:
    """Retain an application, refuse it, put it on the waiting list or reopen it. The limits of the edition hold.

    After the announcement only `give_up` and `call_up` are left, each with its reason: call `catalogue.actions`,
    which also opens and closes the groups.
    """
    application = _hold(application)
    state = queries.decision_state(application)
    policies.may_decide(verb, actor, application, state, at).require()
    if verb in states.AFTER_ANNOUNCEMENT and not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi en une phrase : l'académie et le bureau national la liront."]})
    if states.DECISION.move(verb).target == "retained":
        breaches = rules.breaches_if_retained(application)
        if breaches:
            raise Invalid({"": [breach.sentence for breach in breaches]})
    decision, _ = Decision.objects.update_or_create(
        application=application,
        defaults={
            "state": states.DECISION.move(verb).target,
            "waiting_rank": _last_rank(application.theme) if verb == "put_on_waiting_list" else None,
            "reason": reason.strip(),
            "decided_by": actor,
            "decided_at": at,
        },
    )
    record(verb, application, actor=actor, at=at, reason=reason)
    return decision


def _last_rank(theme: Theme) -> int:
    """The place after the last of the waiting list of a theme."""
    ranks = Decision.objects.filter(application__theme=theme, state="waiting").values_list("waiting_rank", flat=True)
    return max((rank or 0 for rank in ranks), default=0) + 1


@transaction.atomic
def decide_all(
    applications: Iterable[Application], verb: str, *, actor: Person, at: datetime, reason: str = ""
) -> list[Decision]:
    """The same decision for several applications: all or none, and the sentences name those that refuse it."""
    applications = list(applications)
    if not applications:
        raise Invalid({"": ["Cochez au moins une candidature."]})
    decided, refusals = [], []
    for application in applications:
        verdict = policies.may_decide(verb, actor, application, queries.decision_state(application), at)
        if not verdict:
            refusals.append(f"{application} : {verdict.reason}")
            continue
        try:
            decided.append(decide(application, verb, actor=actor, at=at, reason=reason))
        except Invalid as invalid:
            refusals += [f"{application} : {sentence}" for several in invalid.errors.values() for sentence in several]
    if refusals:
        raise Invalid({"": refusals})
    return decided


@transaction.atomic
def order_waiting(theme: Theme, ranks: Mapping[int, int], *, actor: Person, at: datetime) -> None:
    """Order the waiting list of a theme: `ranks` gives its place, from 1, to each application of the list, by key."""
    Campaign.objects.select_for_update().get(pk=theme.campaign_id)
    policies.may_order_waiting(actor, theme, at).require()
    waiting = {d.application_id: d for d in Decision.objects.filter(application__theme=theme, state="waiting")}
    if set(ranks) != set(waiting):
        raise Invalid("La liste d'attente a changé depuis que vous l'avez lue : relisez-la, puis recommencez.")
    if sorted(ranks.values()) != list(range(1, len(ranks) + 1)):
        raise Invalid(f"Donnez à chacune un rang différent, de 1 à {len(ranks)}.")
    for key, rank in ranks.items():
        waiting[key].waiting_rank = rank
    Decision.objects.bulk_update(waiting.values(), ["waiting_rank"])
    record("order_waiting", theme, actor=actor, at=at, data={"order": sorted(ranks, key=lambda key: ranks[key])})


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
