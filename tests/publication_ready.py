"""A validated scenario made ready for publication, as its people would: sheet filled, signed, checked, page audited."""

from datetime import datetime

from django.utils import timezone

from traam.demo import rights
from traam.demo.build import DOMAIN
from traam.programme.groups.models import Member
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.sheet_policies import may_declare


def ready(scenario: Scenario, at: datetime | None = None) -> Scenario:
    """Fill, sign and answer the sheet of a validated scenario, audit its page; the scenario read again."""
    at = at or timezone.now()
    referent = _one(scenario, Member.Role.REFERENT)
    rights.fill(find_scenario(scenario.pk), referent, at)
    if may_declare(referent, find_scenario(scenario.pk), at):
        rights.sign(scenario, referent, at)
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    rights.check(scenario, bureau, at)
    rights.audit(scenario, bureau, at)
    return find_scenario(scenario.pk)


def _one(scenario: Scenario, role: str) -> Person:
    found = Member.objects.filter(group=scenario.group, role=role, until=None).order_by("pk").first()
    assert found is not None
    return found.person
