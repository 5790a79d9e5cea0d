"""What the machine offers, and the sentences that say what it does not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from traam.engines.pageaudit.values import Fetched, Rendered
from traam.gateways.browser import Browser, memory
from traam.gateways.browser.machine import Identity, Way, availability, axe_source, find_axe, find_way
from traam.gateways.browser.process import Chromium, NotStarted

NOWHERE = "/nowhere/at/all"


@pytest.fixture
def bare(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine with neither Chromium nor axe."""
    settings.CHROMIUM, settings.AXE = NOWHERE, NOWHERE
    return settings


def no_network(method: str, address: str, headers: object) -> Fetched:
    raise AssertionError(address)


def test_without_chromium_it_is_said_and_nothing_fails(bare: Any) -> None:
    found = availability()
    assert (found.ready, found.chromium, found.axe) == (False, "", "")
    assert "apt install chromium-headless-shell" in found.sentence and "TRAAM_AXE" in found.sentence
    with Browser(no_network) as browser:
        assert "https://" in browser.render("file:///etc/passwd").error
        assert browser.render("https://a.exemple/") == Rendered("https://a.exemple/", error=found.sentence)
        assert [one.error for one in browser.render_many(["https://a.exemple/"] * 3)] == [found.sentence] * 3


def test_without_axe_only_axe_lacks(settings: Any, tmp_path: Path) -> None:
    settings.CHROMIUM, settings.AXE = "/bin/true", NOWHERE
    found = availability()
    assert found.chromium and not found.axe
    assert "TRAAM_AXE" in found.sentence and "apt install" not in found.sentence


def test_the_axe_of_the_development_package_is_found(settings: Any) -> None:
    settings.AXE = ""
    assert find_axe().endswith("axe.min.js")


def test_axe_speaks_french_when_its_translation_is_beside_it(tmp_path: Path) -> None:
    plain = tmp_path / "axe.min.js"
    plain.write_text("axe = 1")
    assert axe_source(str(plain)) == "axe = 1"
    (tmp_path / "npm" / "locales").mkdir(parents=True)
    spoken = tmp_path / "npm" / "axe.min.js"
    spoken.write_text("axe = 1")
    (tmp_path / "npm" / "locales" / "fr.json").write_text(json.dumps({"lang": "fr", "a": "l'élément"}))
    assert '"lang": "fr"' in axe_source(str(spoken)) and "axe.configure" in axe_source(str(spoken))


def test_root_never_runs_chromium_with_its_own_rights_when_another_user_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)

    def succeeds(command: Any, user: str, works: set[str]) -> bool:
        asked.append((user, *command))
        return command[0] in works and (command[0] != "unshare" or user == "nobody")

    for works, expected in (
        ({"true", "unshare"}, Way("nobody", sandbox=True, alone=True)),
        ({"true"}, Way("nobody", sandbox=False, alone=False)),
        (set[str](), Way("", sandbox=False, alone=False)),
    ):
        find_way.cache_clear()
        monkeypatch.setattr("traam.gateways.browser.machine._succeeds", lambda c, u, w=works: succeeds(c, u, w))
        assert find_way("nobody") == expected
    find_way.cache_clear()


def test_an_ordinary_user_never_runs_chromium_without_its_sandbox(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHROMIUM = "/bin/true"
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("traam.gateways.browser.machine._succeeds", lambda command, user: False)
    find_way.cache_clear()
    found = availability()
    find_way.cache_clear()
    assert found.way is None and not found.ready
    assert "bac à sable" in found.sentence


def test_a_program_that_is_no_browser_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(NotStarted, match="dès son démarrage"):
        Chromium("/bin/true", Way("", sandbox=True, alone=False), 1 << 30)
    with pytest.raises(NotStarted, match="ne démarre pas"):
        Chromium("/bin/true", Way("no-such-user", sandbox=True, alone=False), 1 << 30)
    assert list(tmp_path.iterdir()) == []


def test_profiles_of_processes_that_were_killed_are_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with subprocess.Popen(["true"]) as gone:
        pass
    left, kept = tmp_path / f"traam-chromium-{gone.pid}-x", tmp_path / f"traam-chromium-{os.getpid()}-x"
    for folder in (left / "Default", kept):
        folder.mkdir(parents=True)
    with pytest.raises(NotStarted):
        Chromium("/bin/true", Way("", sandbox=True, alone=False), 1 << 30)
    assert list(tmp_path.iterdir()) == [kept]


def test_an_unknown_user_is_not_taken_for_ours() -> None:
    assert Identity.of("") == Identity()
    with pytest.raises(KeyError):
        Identity.of("no-such-user")


def test_the_children_of_a_process_weigh_with_it() -> None:
    holder = "import subprocess, sys; x = bytearray(30 << 20); subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", holder], stdin=subprocess.PIPE) as process:
        try:
            for _ in range(200):
                if len(memory.tree(process.pid)) == 2 and memory.held(process.pid) > 30 << 20:
                    break
                os.sched_yield()
                subprocess.run(["sleep", "0.02"], check=True)
            assert len(memory.tree(process.pid)) == 2
            assert memory.holders(process.pid)[0][1] == process.pid
            assert memory.total(process.pid) > 30 << 20
        finally:
            process.communicate(b"\n")
    assert memory.total(process.pid) == 0
