from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions.actions import snapshot
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import last_version
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import policies, queries, rules
from traam.programme.publication.models import EdubaseEntry, Erratum, Release
from traam.programme.publication.readiness import readiness

LONGEST_ERRATUM = 2_000


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return find_scenario(scenario.pk)


@transaction.atomic
def release(scenario: Scenario, *, actor: Person, at: datetime) -> Release:
    """Freeze the validated version for publication. The public copy is made by `catalogue.actions.release`."""
    scenario = _locked(scenario)
    policies.may_release(actor, scenario, at).require()
    found = readiness(scenario, at)
    if not found:
        raise Invalid({"": found.sentences})
    wished = rules.wish(scenario)
    version = last_version(scenario)
    made, _ = Release.objects.update_or_create(
        scenario=scenario,
        version=scenario.version,
        defaults={
            "state": "released",
            "way": wished.way,
            "address": wished.address,
            "dated": wished.dated,
            "content": version.content if version else snapshot(scenario),
            "released_by": actor,
            "released_at": at,
            "withdrawn_at": None,
            "reason": "",
        },
    )
    data = {"version": made.version, "way": made.way, "address": made.address}
    record("release", scenario, actor=actor, at=at, data=data)
    return made


@transaction.atomic
def withdraw(scenario: Scenario, *, reason: str, actor: Person, at: datetime) -> Release:
    """Withdraw what was published; its address goes on saying that it was, and why."""
    scenario = _locked(scenario)
    policies.may_withdraw(actor, scenario, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi le scénario est retiré : la page publique l'expliquera."]})
    release = _published(scenario)
    release.state, release.withdrawn_at, release.reason = "withdrawn", at, reason.strip()
    release.save(update_fields=["state", "withdrawn_at", "reason"])
    record("withdraw_release", scenario, actor=actor, at=at, reason=reason)
    return release


def _published(scenario: Scenario) -> Release:
    release = queries.latest(scenario)
    assert release is not None  # noqa: S101 - the policy has just seen it
    return release


@transaction.atomic
def add_erratum(scenario: Scenario, text: str, *, actor: Person, at: datetime) -> Erratum:
    """Say a mistake beside the version that is published. The public copy is made by `catalogue.actions`."""
    scenario = _locked(scenario)
    policies.may_add_erratum(actor, scenario, at).require()
    text = text.strip()
    if not text:
        raise Invalid({"text": ["Écrivez ce qui est faux, et ce qu'il faut lire à la place."]})
    if len(text) > LONGEST_ERRATUM:
        raise Invalid({"text": [f"Un erratum tient en {LONGEST_ERRATUM} caractères : au-delà, publiez une version."]})
    made = Erratum.objects.create(release=_published(scenario), text=text, signed_by=actor, signed_at=at)
    record("add_erratum", scenario, actor=actor, at=at, data={"version": made.release.version, "text": text})
    return made


@transaction.atomic
def note_edubase(scenario: Scenario, number: int | None, address: str, *, actor: Person, at: datetime) -> EdubaseEntry:
    """Note which sheet of Édubase is that of the scenario, or mend what was noted."""
    scenario = _locked(scenario)
    policies.may_note_edubase(actor, scenario, at).require()
    number, address = rules.edubase_entry(number, address)
    taken = EdubaseEntry.objects.filter(number=number).exclude(scenario=scenario).select_related("scenario").first()
    if taken is not None:
        raise Invalid({"number": [f"La fiche {number} est déjà celle de « {taken.scenario} » : vérifiez le numéro."]})
    fields = {"number": number, "address": address, "entered_by": actor, "entered_at": at}
    entry, _ = EdubaseEntry.objects.update_or_create(scenario=scenario, defaults=fields)
    record("note_edubase", scenario, actor=actor, at=at, data={"number": number})
    return entry
