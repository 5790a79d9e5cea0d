"""The process is killed in the middle of an act: nothing is half done, and doing it again does it whole, once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.django_db  # the database that is copied is the one of the tests
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
IN_DOUBT = {"accepted", "hand over"}


def run(act: str, database: str, data: Path, **more: str) -> list[dict[str, Any]]:
    """The deaths of an act, as `killing.py` tells them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAAM_", "DATABASE_"))}
    given = {
        "DJANGO_SETTINGS_MODULE": "traam.config.settings",
        "PYTHONPATH": str(ROOT),
        "TRAAM_DATA": str(data),
        "DATABASE_URL": database,
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "killing.py"), act],
        env={**kept, **given, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_import_killed_anywhere_wrote_nothing_and_is_done_whole_again(database: str, tmp_path: Path) -> None:
    deaths = run("import", database, tmp_path)
    assert deaths[-1]["event"] == "commit"
    assert deaths[-1]["n"] > 60, "thirty rows, with their entries of the journal"
    for death in deaths:
        assert death["untouched"], death
        assert death["then"] == {"written": 30, "withdrawn": True, "kept": 0, "twice": 30}, death


def test_an_announcement_killed_anywhere_opened_and_told_nothing(database: str, tmp_path: Path) -> None:
    deaths = run("announce", database, tmp_path)
    assert deaths[-1]["event"] == "commit"
    for death in deaths:
        assert death["untouched"], death
        then = death["then"]
        assert then["groups"] == then["expected"] > 3, death
        assert then["letters"] == then["after"] > 3, death
        assert "déjà annoncés" in then["twice"], death


def test_a_worker_killed_anywhere_sends_no_letter_twice_and_loses_none(
    database: str, post: Any, tmp_path: Path
) -> None:
    server = {"TRAAM_SMTP_HOST": "127.0.0.1", "TRAAM_SMTP_PORT": str(post.port), "TRAAM_KILL_LOG": str(post.log)}
    deaths = run("letters", database, tmp_path, **server)
    assert {"accepted", "hand over", "commit"} < {death["event"] for death in deaths}
    for death in deaths:
        then = death["then"]
        assert max(then["before"].values()) == 1, f"sent twice by the platform: {death}"
        assert set(then["states"]) <= {"sent", "unsure"}, death
        assert then["states"].count("unsure") <= 1, death
        in_hand = death["event"] in IN_DOUBT or "accepted" in _last_three(deaths, death)
        assert ("unsure" in then["states"]) == in_hand, death
        assert set(then["after"].values()) == {1}, f"once settled, each is received once: {death}"
        assert then["settled"] == ["sent"] * 3, death


def test_a_worker_killed_while_it_sends_an_issue_leaves_one_message_in_doubt_at_most(
    database: str, post: Any, tmp_path: Path
) -> None:
    server = {"TRAAM_SMTP_HOST": "127.0.0.1", "TRAAM_SMTP_PORT": str(post.port), "TRAAM_KILL_LOG": str(post.log)}
    deaths = run("issue", database, tmp_path, **server)
    assert {"hand over", "accepted"} < {death["event"] for death in deaths}
    for death in deaths:
        then = death["then"]
        assert then["unsure"] <= 1, death
        assert death["event"] not in IN_DOUBT or then["unsure"] == 1, death
        assert (then["received"], then["once"], then["deliveries"]) == (60, 60, 60), death
        assert (then["states"], then["sending"]) == (["sent"], "done"), death


def test_a_worker_killed_while_it_prepares_the_digests_tells_each_line_once(database: str, tmp_path: Path) -> None:
    deaths = run("digests", database, tmp_path)
    assert [death["event"] for death in deaths].count("commit") == 3, "five people, two by two"
    for death in deaths:
        then = death["then"]
        assert then["left"]["told"] == 2 * then["left"]["letters"], f"a letter without its lines: {death}"
        assert then["letters"] == then["people"], f"one each: {death}"
        assert (then["lines"], then["waiting"]) == ([2] * 5, 0), death


def test_a_visitor_killed_anywhere_repeats_and_forgets_no_address(database: str, tmp_path: Path) -> None:
    deaths = run("visits", database, tmp_path, TRAAM_KILL_LOG=str(tmp_path / "asked"))
    assert {0, 3} <= {death["then"]["left"] for death in deaths}, "some died early, some at the last visit"
    every = [f"https://site.fr/{n}" for n in range(4)]
    for death in deaths:
        then = death["then"]
        assert then["asked"] == every, f"the site was asked again, or not at all: {death}"
        assert then["runs"] == every, f"a visit was written twice, or not at all: {death}"
        assert (then["left"] + then["again"], then["held"]) == (4, 0), death


def test_a_sharing_killed_anywhere_leaves_no_document_without_its_file(database: str, tmp_path: Path) -> None:
    deaths = run("document", database, tmp_path)
    assert deaths[-1]["event"] == "commit"
    for death in deaths:
        assert death["untouched"], death
        # The file alone is left: spared for a day, since somebody may be about to write its row, then taken away.
        assert death["then"] == {
            "left": {"rows": 0, "files": 1},
            "early": 0,
            "swept": 1,
            "gone": 0,
            "again": True,
        }, death


def _last_three(deaths: list[dict[str, Any]], death: dict[str, Any]) -> list[str]:
    """The event before this one: the row is marked right after the server accepted the letter."""
    return [one["event"] for one in deaths if one["n"] == death["n"] - 1]
