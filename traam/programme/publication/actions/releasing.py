from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import rules
from traam.programme.productions.actions import snapshot
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import last_version
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import policies, queries
from traam.programme.publication.models import Release


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return find_scenario(scenario.pk)


@transaction.atomic
def release(scenario: Scenario, *, actor: Person, at: datetime) -> Release:
    """Freeze the validated version for publication. The public copy is made by `catalogue.actions.release`."""
    scenario = _locked(scenario)
    policies.may_release(actor, scenario, at).require()
    breaches = rules.breaches(scenario)
    if breaches:
        raise Invalid({"": [breach.sentence for breach in breaches]})
    version = last_version(scenario)
    content = version.content if version else snapshot(scenario)
    made, _ = Release.objects.update_or_create(
        scenario=scenario,
        version=scenario.version,
        defaults={
            "state": "released",
            "content": content,
            "released_by": actor,
            "released_at": at,
            "withdrawn_at": None,
            "reason": "",
        },
    )
    record("release", scenario, actor=actor, at=at, data={"version": made.version})
    return made


@transaction.atomic
def withdraw(scenario: Scenario, *, reason: str, actor: Person, at: datetime) -> Release:
    """Withdraw what was published; its address goes on saying that it was, and why."""
    scenario = _locked(scenario)
    policies.may_withdraw(actor, scenario, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi le scénario est retiré : la page publique l'expliquera."]})
    release = queries.latest(scenario)
    assert release is not None  # noqa: S101 - the policy has just seen it
    release.state, release.withdrawn_at, release.reason = "withdrawn", at, reason.strip()
    release.save(update_fields=["state", "withdrawn_at", "reason"])
    record("withdraw_release", scenario, actor=actor, at=at, reason=reason)
    return release
