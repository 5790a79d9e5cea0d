"""A published scenario begun again by another group: the copy, where it says it comes from, who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from traam.engines.sharing import normal
from traam.programme.catalogue import adoption, notices
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group, Member
from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def released() -> Notice:
    found = Notice.objects.filter(source_key__startswith="scenario:", state="published").order_by("pk").first()
    assert found is not None
    return found


@pytest.fixture
def other_group(released: Notice) -> Group:
    """A going group of another academy, with its référent."""
    rows = Group.objects.exclude(state="ended").exclude(application__academy__in=released.academies)
    return rows.filter(members__role=Member.Role.REFERENT, members__until=None).order_by("pk")[0]


def referent(group: Group) -> Any:
    return group.members.filter(role=Member.Role.REFERENT, until=None)[0].person


def copied(released: Notice, group: Group) -> Scenario:
    return adoption.reuse(released, group, actor=referent(group), at=timezone.now())


def test_a_member_copies_a_scenario_into_her_group(client: Any, released: Notice, other_group: Group) -> None:
    client.force_login(referent(other_group))
    page = client.get(f"/atelier/reprises/{released.pk}").content.decode()
    assert "Copier dans ce groupe" in page
    answer = client.post(f"/atelier/reprises/{released.pk}", {"group": other_group.pk})
    made = Scenario.objects.get(group=other_group, source=released.source_key)
    assert answer["Location"] == f"/atelier/scenarios/{made.pk}/modifier"
    release = Release.objects.get(scenario=released.source_key.removeprefix("scenario:"), version=released.version)
    assert (made.title, made.state, made.licence) == (released.title, "draft", released.licence)
    assert made.sections.keys() == release.content["sections"].keys() and made.authors.startswith("D'après ")
    assert made.pieces.count() == len(release.content["pieces"]) and not made.terms_read
    assert "Ouvrir la copie" in client.get(f"/atelier/reprises/{released.pk}").content.decode()
    assert "Inspiré de" in client.get(f"/atelier/scenarios/{made.pk}").content.decode()
    again = client.post(f"/atelier/reprises/{released.pk}", {"group": other_group.pk}, follow=True)
    assert "déjà dans l&#39;atelier" in again.content.decode().replace("&#x27;", "&#39;")
    assert Scenario.objects.filter(source=released.source_key).count() == 1


def test_the_origin_knows_in_its_workshop(client: Any, released: Notice, other_group: Group) -> None:
    made = copied(released, other_group)
    origin = Scenario.objects.get(pk=released.source_key.removeprefix("scenario:"))
    client.force_login(referent(origin.group))
    page = " ".join(client.get(f"/atelier/scenarios/{origin.pk}").content.decode().replace("&nbsp;", " ").split())
    assert f"Repris par : {made.title[:20]}" in page and f"académie {other_group.of_academy}" in page


def test_once_released_the_copy_says_publicly_where_it_comes_from(released: Notice, other_group: Group) -> None:
    made = copied(released, other_group)
    content = Release.objects.filter(scenario=released.source_key.removeprefix("scenario:"))[0].content
    actor, at = referent(other_group), timezone.now()
    release = Release.objects.create(scenario=made, version=1, content=content, released_by=actor, released_at=at)
    assert notices.draw(release, at).inspired_by == released


def test_a_history_notice_is_reused_with_its_address(other_group: Group) -> None:
    old = Notice.objects.filter(source_key__startswith="history:", source_url__startswith="https://")[0]
    made = copied(old, other_group)
    assert made.source == old.source_key
    assert [piece.address for piece in made.pieces.all()] == [normal(old.source_url)]


def test_who_may_not(client: Any, sign_in: Callable[[str], Any], released: Notice, other_group: Group) -> None:
    address = f"/atelier/reprises/{released.pk}"
    assert client.get(address)["Location"].startswith("/connexion")
    bureau = sign_in("bureau")
    assert "Vous n’êtes membre d’aucun groupe" in bureau.get(address).content.decode()
    bureau.post(address, {"group": other_group.pk})
    assert not Scenario.objects.filter(source=released.source_key).exists()
    origin = Scenario.objects.get(pk=released.source_key.removeprefix("scenario:"))
    client.force_login(referent(origin.group))
    assert "Ce scénario est de ce groupe" in client.get(address).content.decode().replace("\u00a0", " ")
    assert client.post(address, {"group": origin.group.pk}).status_code == 403
    client.force_login(referent(other_group))
    Notice.objects.filter(pk=released.pk).update(licence="CC-BY-ND")
    assert client.post(address, {"group": other_group.pk}).status_code == 403
    assert client.post(address, {"group": "x"}).status_code == 302
    Notice.objects.filter(pk=released.pk).update(state="withdrawn")
    assert client.get(address).status_code == 404
