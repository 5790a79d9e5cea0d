"""Several authors in one module at the same moment: nothing is lost, and the places keep no gap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import modules as actions
from traam.programme.productions.actions import outline
from traam.programme.productions.actions.modules import StaleModule
from traam.programme.productions.actions.outline import ActivityContent
from traam.programme.productions.queries import modules as queries

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def test_four_who_add_move_and_change_at_once_keep_one_order(demonstration: None) -> None:
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    Campaign.objects.update(edition_id="traam-2022")
    actor, at = Person.objects.get(email=f"referent.lyon@{DOMAIN}"), timezone.localtime()
    module = actions.begin_module(group.application.theme, "Débattre", group=group, actor=actor, at=at)
    section = outline.add_section(module, title="Entrer", actor=actor, at=at)
    first = outline.add_activity(section, "page", ActivityContent("Lire", "Le premier."), actor=actor, at=at)
    seen, together = queries.seen(first), Barrier(4)

    def work(n: int) -> bool:
        """Whether this author's words were kept in the activity all four had open."""
        try:
            for turn in range(ROUNDS):
                together.wait(timeout=20)
                outline.add_activity(section, "page", ActivityContent(f"{n}.{turn}", "Texte."), actor=actor, at=at)
            outline.move_activity(first, 1, actor=actor, at=at)
            together.wait(timeout=20)
            outline.change_activity(first, ActivityContent("Lire", f"De {n}."), seen=seen, actor=actor, at=at)
        except StaleModule:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [False, False, False, True]
    kept = queries.activities(queries.module(module.pk))
    assert [one.position for one in kept] == list(range(1, 4 * ROUNDS + 2))
    assert {one.title for one in kept} == {"Lire", *(f"{n}.{turn}" for n in range(4) for turn in range(ROUNDS))}
