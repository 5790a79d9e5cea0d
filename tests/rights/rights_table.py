"""The table of rights: what every page answers to every role, over every object, told as docs/droits.toml keeps it.

That file is checked in and read by people: a change of a right shows there as a line that changed. This module asks the
pages; it never decides what they should have answered.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from rights_objects import objects_of
from rights_world import ROLES, World

from traam.config.documentation import pages
from traam.design.pages import anyone, signed_in
from traam.engines.workflow import Missing

PATH = settings.ROOT / "docs" / "droits.toml"
YES, OTHERS = "oui", "les autres"
HEAD = """\
# Qui peut ouvrir chaque page du site, et sinon pourquoi. Relu par une personne : tests/rights vérifie que le site
# répond cela, pour chaque adresse, chaque objet et chaque rôle. `make rights` le redessine ; relisez ce qui change.
# Un passant sans compte n'ouvre que les pages de `tout_le_monde` ; ailleurs il est conduit à la page de connexion.
"""

Answers = dict[str, str]  # role → "oui", or the sentence that refuses
Table = dict[str, dict[str, Answers]]  # address → object → answers


def steady(sentence: str) -> str:
    """Without what changes with the day it is read."""
    sentence = re.sub(r"\d{2}/\d{2}/\d{4}", "jj/mm/aaaa", sentence)
    sentence = re.sub(r"\b\d{1,2} \w+ 20\d\d", "jj mois aaaa", sentence)
    return re.sub(r"\b20\d\d\b", "aaaa", sentence)


class Asker:
    """Asks the policy of each page. The same question, of the same object, is asked once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._found: dict[Any, Any] = {}
        self._said: dict[Any, str] = {}

    def answers(self, policy: Any, arguments: dict[str, Any]) -> Answers:
        if policy.find is None:
            return {role: self._say(policy.may, role) for role in ROLES}
        key = (policy.find, tuple(sorted(arguments.items())))
        if key not in self._found:
            try:
                self._found[key] = policy.find(**arguments)
            except Missing as missing:
                raise LookupError(f"the object of this address was not found ({missing})") from None
        return {role: self._say(policy.may, role, self._found[key]) for role in ROLES}

    def _say(self, may: Any, role: str, *found: Any) -> str:
        key = (may, role, *map(id, found))
        if key not in self._said:
            verdict = may(self.world.people[role], *found, self.world.at)
            assert verdict or verdict.reason, f"{may.__module__}.{may.__name__} refuses without saying why"
            self._said[key] = YES if verdict else steady(verdict.reason)
        return self._said[key]


def open_to(rule: Any) -> list[str]:
    return [address for address, view in pages() if view.policy.may is rule]  # type: ignore[attr-defined]


def judged() -> Iterator[tuple[str, Any]]:
    """The addresses whose answer depends on who asks, with their policy."""
    for address, view in pages():
        policy = view.policy  # type: ignore[attr-defined]
        if policy.may not in (anyone, signed_in):
            yield address, policy


def asked(world: World) -> tuple[Table, list[str]]:
    """What the site answers, and what is wrong with the addresses that could not be asked."""
    table: Table = {}
    problems = []
    asker = Asker(world)
    for address, policy in judged():
        try:
            table[address] = {
                name: asker.answers(policy, arguments) for name, arguments in objects_of(address, world).items()
            }
        except LookupError as missing:
            problems.append(
                f"{address}: {missing}" if not str(missing.args[0]).startswith(address) else str(missing.args[0])
            )
    return table, problems


def _by_answer(answers: Answers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for role, answer in answers.items():
        found.setdefault(answer, []).append(role)
    return found


def _row(answers: Answers) -> list[tuple[str, str]]:
    """(roles, answer), who may first; the largest group of refused ones is « les autres », last."""
    groups = _by_answer(answers)
    allowed = groups.pop(YES, [])
    rows = [(" ".join(allowed), YES)] if allowed else []
    refused = sorted(groups.items(), key=lambda each: len(each[1]))
    rows += [(" ".join(roles), sentence) for sentence, roles in refused[:-1]]
    if refused:
        rows.append((OTHERS, refused[-1][0]))
    return rows


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(table: Table) -> str:
    """The text of docs/droits.toml."""
    parts = [HEAD]
    for name, rule in (("tout_le_monde", anyone), ("tout_compte", signed_in)):
        listed = "".join(f"  {_quoted(address)},\n" for address in sorted(open_to(rule)))
        parts.append(f"{name} = [\n{listed}]\n")
    for address in sorted(table):
        parts.append(f"[{_quoted(address)}]\n" + "".join(_objects(table[address])))
    return "\n".join(parts)


def _objects(objects: dict[str, Answers]) -> Iterator[str]:
    """Objects that are answered alike share their lines."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, answers in objects.items():
        alike.setdefault(tuple(_row(answers)), []).append(name)
    for rows, names in alike.items():
        lines = "".join(f"  [{_quoted(roles)}, {_quoted(answer)}],\n" for roles, answer in rows)
        yield f"{_quoted(' | '.join(names))} = [\n{lines}]\n"


def read() -> tuple[Table, dict[str, list[str]]]:
    """What docs/droits.toml says: the table, and the pages that ask nothing of who comes."""
    given = tomllib.loads(PATH.read_text(encoding="utf-8"))
    doors = {name: given.pop(name) for name in ("tout_le_monde", "tout_compte")}
    table: Table = {}
    for address, objects in given.items():
        table[address] = {name: _read_row(rows) for names, rows in objects.items() for name in names.split(" | ")}
    return table, doors


def _read_row(rows: list[list[str]]) -> Answers:
    said = {role: answer for roles, answer in rows if roles != OTHERS for role in roles.split()}
    others = next((answer for roles, answer in rows if roles == OTHERS), "")
    return {role: said.get(role, others) for role in ROLES}
