"""The process is killed while it sends: no letter leaves twice, and none is lost."""

from pathlib import Path
from typing import Any

import pytest
from deaths import run

pytestmark = pytest.mark.django_db  # the database that is copied is the one of the tests
IN_DOUBT = {"accepted", "hand over"}


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


def _last_three(deaths: list[dict[str, Any]], death: dict[str, Any]) -> list[str]:
    """The event before this one: the row is marked right after the server accepted the letter."""
    return [one["event"] for one in deaths if one["n"] == death["n"] - 1]
