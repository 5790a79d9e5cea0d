"""`traam journal verify`."""

import json
from typing import Any

import pytest
from django.db import connection

from traam.config.commands import run
from traam.programme.journal import guards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _committed() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_whole_journal_gives_its_anchor_which_proves_it_later(capsys: Any) -> None:
    assert run(["journal", "verify"]) == 0
    said = capsys.readouterr().out
    assert "Le journal est entier" in said
    anchor = said.split()[-1]
    assert run(["journal", "verify", "--anchor", anchor]) == 0
    number, _, link = anchor.partition(":")
    assert run(["journal", "verify", "--anchor", f"{int(number) + 1}:{link}"]) == 1
    assert "la fin du journal a été coupée" in capsys.readouterr().err


def test_a_changed_act_is_told_to_a_program_too(capsys: Any) -> None:
    with guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM journal_link WHERE number = 7")
        (row,) = cursor.fetchone()
        cursor.execute("UPDATE journal_entry SET verb = 'other' WHERE id = %s", [row])
    assert run(["journal", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["acts"]) == (False, 6)
    assert told["fault"] == {"code": "changed", "number": 7, "row": row}


def test_a_wrong_anchor_is_a_wrong_use(capsys: Any) -> None:
    assert run(["journal", "verify", "--anchor", "hier"]) == 2
    assert "NUMÉRO:EMPREINTE" in capsys.readouterr().err
