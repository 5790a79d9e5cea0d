"""The process is killed in the middle of an act: nothing is half done, and doing it again does it whole, once."""

from pathlib import Path

import pytest
from deaths import run

pytestmark = pytest.mark.django_db  # the database that is copied is the one of the tests


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
