"""Every act that the journal may hold has its French."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from traam.config.documentation import machines
from traam.programme.journal.models import Entry
from traam.programme.journal.wording import KINDS, VERBS

PACKAGE = Path(settings.PACKAGE)
# Moves that the journal tells in words of their own, which the code names: `theme_open`, `hold_meeting`, `keep_trial`.
TOLD_OTHERWISE = {"hold", "cancel", "ask", "promise", "postpone", "keep", "undo"}


def _literals(node: ast.expr) -> Iterator[str]:
    """What a first argument may be: a word, or one of two."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _verbs(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute) and call.args:
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            if name == "record" and isinstance(call.args[0], ast.expr):
                yield from _literals(call.args[0])


def test_every_verb_has_its_french() -> None:
    sources = [path for path in (PACKAGE / "programme").rglob("*.py") if "migrations" not in path.parts]
    written = {verb for path in sources for verb in _verbs(path)}
    moves = {move.verb for _, machine in machines() for move in machine.moves} - TOLD_OTHERWISE
    assert len(written) > 100
    assert sorted((written | moves) - set(VERBS)) == [], "add them to traam/programme/journal/wording.py"


@pytest.mark.django_db
def test_all_that_the_demonstration_did_is_said_in_french() -> None:
    assert sorted(set(Entry.objects.values_list("verb", flat=True)) - set(VERBS)) == []
    assert sorted(set(Entry.objects.values_list("object_type", flat=True)) - set(KINDS)) == []
