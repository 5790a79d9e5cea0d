"""The matrix page × role × object, enumerated from the address map: a cell is allowed, or refused with its reason.

docs/droits.toml says what is expected. What it must never say, whoever redraws it, is said here."""

import html
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rights_table
from django.db import transaction
from django.utils import timezone
from rights_table import YES, Table
from rights_world import OTHER_ACADEMY, OTHER_GROUP, OWN, ROLES, STRANGER, World

from traam.config.documentation import pages
from traam.design import pages as doors
from traam.design.pages import anyone, signed_in

pytestmark = pytest.mark.django_db
REDRAW = "run `make rights`, read what changed in docs/droits.toml, and commit it"


@pytest.fixture(scope="module")
def world(rows_put_back: Callable[[], None], django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        rows_put_back()
        yield World(timezone.localtime())
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site(world: World) -> tuple[Table, list[str]]:
    table, problems = rights_table.asked(world)
    if os.environ.get("TRAAM_RIGHTS") and not problems:
        rights_table.PATH.write_text(rights_table.written(table), encoding="utf-8")
    return table, problems


def test_every_address_has_its_objects(site: tuple[Table, list[str]]) -> None:
    assert site[1] == []


def test_every_cell_answers_what_the_table_says(site: tuple[Table, list[str]]) -> None:
    expected, _ = rights_table.read()
    assert sorted(set(site[0]) ^ set(expected)) == [], f"addresses came or went: {REDRAW}"
    wrong = [
        f"{address} [{name}] {role}: {answer!r}, the table says {expected[address].get(name, {}).get(role)!r}"
        for address, objects in site[0].items()
        for name, answers in objects.items()
        for role, answer in answers.items()
        if answer != expected[address].get(name, {}).get(role)
    ]
    assert wrong == [], REDRAW


def test_the_pages_that_ask_nothing_of_who_comes_are_those_listed() -> None:
    _, expected = rights_table.read()
    assert sorted(rights_table.open_to(anyone)) == expected["tout_le_monde"], REDRAW
    assert sorted(rights_table.open_to(signed_in)) == expected["tout_compte"], REDRAW


# What the table itself must never say.


def _opened(table: Table, role: str, *objects: str) -> set[str]:
    return {
        address
        for address, named in table.items()
        for name, answers in named.items()
        if answers[role] == YES and (not objects or name.split(",")[0] in objects)
    }


@pytest.fixture(scope="module")
def table() -> Table:
    return rights_table.read()[0]


def test_nothing_opens_to_whom_every_role_ended(table: Table) -> None:
    assert _opened(table, "former") == set()


# The experts (a "reader" is one) compose the letters to readers with the national team, which alone sends them.
# An issue to come and the progress of a sending hold nothing about a person.
COMPOSED = re.compile(
    r"^/pilotage/lettres/(numeros/.*(?<!envoyer)|elements/.*|annoncer/.*|envois/<int:pk>|.*/nouveau)?$"
)


def test_steering_is_for_the_national_team(table: Table) -> None:
    steering = {address for address in table if address.startswith("/pilotage/")}
    composed = {(address, role) for role in ("expert", "reader") for address in filter(COMPOSED.match, steering)}
    shared = {(address, role) for role in ROLES if role != "national" for address in steering & _opened(table, role)}
    assert shared - composed == set()


# Where academies meet: a scenario is tried by the groups of other academies of its theme, and the watch and the trials
# of a theme are read by every academy that has a group in it (Lyon has one in each).
SHARED = {
    "/atelier/scenarios/<int:pk>/tests",
    "/atelier/themes/<int:pk>/veille",
    "/atelier/themes/<int:pk>/tests",
}


@pytest.mark.parametrize("role", ["dan", "inspector", "member", "teacher", "author"])
def test_an_academy_opens_nothing_of_another(table: Table, role: str) -> None:
    assert _opened(table, role, OTHER_ACADEMY, STRANGER) - SHARED == set()


def test_a_referent_reads_the_other_academies_of_the_theme_and_writes_nothing_there(table: Table) -> None:
    """The référents of a theme are in its national group."""
    written = {address for address, view in pages() if view.policy.writes}  # type: ignore[attr-defined]
    assert _opened(table, "referent", OTHER_ACADEMY) & written - SHARED == set()
    assert _opened(table, "referent", STRANGER) == set()


@pytest.mark.parametrize("role", ["referent", "member", "author"])
def test_a_group_writes_nothing_in_another_of_its_academy(table: Table, role: str) -> None:
    assert _opened(table, role, OTHER_GROUP) == set()


@pytest.mark.parametrize("role", ["expert", "general_inspector", "reader"])
def test_who_leads_a_theme_opens_nothing_of_another(table: Table, role: str) -> None:
    assert _opened(table, role, OTHER_GROUP, STRANGER) == set()


def test_own_objects_are_opened_by_those_they_are_for(table: Table) -> None:
    """A world where everything is refused would prove nothing."""
    opened = {role: len(_opened(table, role, OWN)) for role in ("dan", "inspector", "referent", "member", "expert")}
    assert min(opened.values()) > 20, opened


# The page obeys its policy: there is one door, and it works.


def _is_a_door(view: Any) -> bool:
    while view is not None:
        if view.__code__ is DOOR:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


DOOR = doors.reads(may=anyone)(lambda request: None).__code__  # type: ignore[attr-defined]


def test_every_page_is_behind_the_door() -> None:
    assert [address for address, view in pages() if not _is_a_door(view)] == []
    assert not _is_a_door(lambda request: None)


def test_a_passer_by_is_led_to_the_sign_in_page_wherever_an_account_is_asked(client: Any) -> None:
    """The middleware reads `login_required`; the pages that keep what was typed lead there by themselves."""
    by_themselves = []
    for address, view in pages():
        if view.policy.public == getattr(view, "login_required", True):  # type: ignore[attr-defined]
            assert not view.policy.public, f"{address} is public and asks for an account"  # type: ignore[attr-defined]
            by_themselves.append(address)
    assert by_themselves
    for address in ["/pilotage/", *by_themselves]:
        path = re.sub(r"<int:\w+>", "1", re.sub(r"<slug:\w+>", "lyon", address))
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302 and answer.url.startswith("/connexion"), address


def _samples(table: Table) -> list[tuple[str, str, str]]:
    """Two addresses of each space, with an object and a role it refuses."""
    found: list[tuple[str, str, str]] = []
    for space in ("academie", "atelier", "evaluation", "pilotage"):
        there = [(a, n, r) for a, n, r in _refusals(table) if a.startswith(f"/{space}/")]
        found += [there[0], there[len(there) // 2]]
    return found


def _refusals(table: Table) -> Iterator[tuple[str, str, str]]:
    for address, named in sorted(table.items()):
        for name, answers in named.items():
            yield from ((address, name, role) for role in ("teacher", "dan") if answers[role] != YES)


@pytest.mark.parametrize(("address", "name", "role"), _samples(rights_table.read()[0]))
def test_the_page_says_what_its_policy_says(world: World, client: Any, address: str, name: str, role: str) -> None:
    arguments = rights_table.objects_of(address, world)[name]
    path = re.sub(r"<\w+:(\w+)>", lambda found: str(arguments[found[1]]), address)
    client.force_login(world.people[role])
    sentence = rights_table.read()[0][address][name][role]
    for answer in (client.get(path), client.post(path)):
        if answer.status_code != 405:
            assert answer.status_code == 403
            assert sentence in rights_table.steady(html.unescape(answer.content.decode()))


def test_what_the_policy_allows_is_opened(world: World, client: Any) -> None:
    client.force_login(world.people["dan"])
    application = world.places[OWN].application.pk
    assert client.get(f"/academie/candidatures/{application}").status_code == 200
    client.force_login(world.people["former"])
    assert client.get(f"/academie/candidatures/{application}").status_code == 403
