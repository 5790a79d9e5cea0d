"""The audits of `make check`: what is answered on its line passes, the rest does not, an unreachable list is said."""

import json
import subprocess
from typing import Any

import audits
import pytest

FOUND = {"test_id": "B608", "line_number": 1, "line_range": [1], "filename": "traam/__init__.py", "issue_text": "SQL"}


def test_a_finding_is_answered_by_its_own_number_on_its_own_line() -> None:
    assert audits._is_answered(FOUND, ['cursor.execute(f"{x}")  # noqa: S608 - a constant'])
    assert audits._is_answered(FOUND, ['cursor.execute(f"{x}")  # noqa: S110, S608 - a constant'])
    assert not audits._is_answered(FOUND, ['cursor.execute(f"{x}")  # noqa: S607'])
    assert not audits._is_answered(FOUND, ['cursor.execute(f"{x}")', "", "", "# noqa: S608"])


def _answers(monkeypatch: pytest.MonkeyPatch, bandit: Any, pip: Any) -> None:
    def run(*words: str, patience: int | None = None) -> subprocess.CompletedProcess[str]:
        told = bandit if words[0] == "bandit" else pip
        if isinstance(told, BaseException):
            raise told
        return subprocess.CompletedProcess(words, 1, json.dumps(told), "")

    monkeypatch.setattr(audits, "_run", run)


@pytest.mark.parametrize(
    "silent",
    [subprocess.TimeoutExpired("pip-audit", 1), {}, {"dependencies": [{"name": "a", "skip_reason": "absent"}]}],
)
def test_a_list_that_cannot_be_reached_is_said_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, silent: Any
) -> None:
    _answers(monkeypatch, {"results": []}, silent)
    assert audits.main() == 0
    assert "NON VÉRIFIÉ" in capsys.readouterr().out


def test_what_is_found_fails(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    sound = {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}
    _answers(monkeypatch, {"results": [FOUND]}, sound)
    assert audits.main() == 1 and "traam/__init__.py:1: B608 SQL" in capsys.readouterr().out
    _answers(
        monkeypatch, {"results": []}, {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}
    )
    assert audits.main() == 1 and "a 1: CVE-1" in capsys.readouterr().out
    _answers(monkeypatch, {"results": []}, sound)
    assert audits.main() == 0 and "NON VÉRIFIÉ" not in capsys.readouterr().out
