"""Two people replace the same référent at the same moment: one of them comes in, the other is told it is done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.groups import actions
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_referent_is_replaced_once(demonstration: None) -> None:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    member = Member.objects.get(group=group, role="referent")
    together = Barrier(4)

    def replace(n: int) -> bool:
        at = timezone.localtime()
        try:
            actor = Person.objects.get(email=f"inspecteur.lyon@{DOMAIN}")
            together.wait(timeout=20)
            actions.replace_member(member, f"Personne {n}", f"n{n}@{DOMAIN}", at.date(), actor=actor, at=at)
        except (Invalid, Refused):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(replace, range(4))) == [False, False, False, True]
    assert Member.objects.filter(group=group, role="referent", until=None).count() == 1
    assert Member.objects.filter(group=group, role="referent").count() == 2
