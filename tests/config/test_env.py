from pathlib import Path

import pytest

from traam.config import env


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql://a:b%40c@h:5433/base",
            {"NAME": "base", "USER": "a", "PASSWORD": "b@c", "HOST": "h", "PORT": "5433"},
        ),
        ("postgres:///base?host=%2Frun%2Fpg", {"NAME": "base", "HOST": "/run/pg"}),
        ("sqlite:////tmp/a.sqlite3", {"NAME": "/tmp/a.sqlite3"}),
        ("sqlite:///a.sqlite3", {"NAME": "a.sqlite3"}),
        ("", {"NAME": "/defaut"}),
    ],
)
def test_a_database_is_named_by_one_address(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: dict[str, str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    read = env.database("DATABASE_URL", Path("/defaut"))
    assert {name: read[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "value", "read", "sentence"),
    [
        ("D", "mysql://h/b", lambda: env.database("D", Path("x")), "mysql"),
        ("D", "postgresql://h", lambda: env.database("D", Path("x")), "nom de la base"),
        ("N", "douze", lambda: env.integer("N", 1), "nombre entier"),
        ("N", "0", lambda: env.integer("N", 1, least=1), "minimum est 1"),
        ("F", "peut-être", lambda: env.flag("F", True), "oui ou non"),
        ("S", "court", lambda: env.secret("S", Path("x"), demand=False), "32 caractères"),
        ("S", "", lambda: env.secret("S", Path("x"), demand=True), "obligatoire"),
        ("P", __file__, lambda: env.folder("P", Path("x")), "n'est pas un dossier"),
        ("F", "/nowhere/at/all", lambda: env.file("F"), "n'est pas un fichier"),
    ],
)
def test_a_wrong_setting_stops_with_a_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        read()  # type: ignore[operator]
    assert f"Réglage {name}" in str(stopped.value)
    assert sentence in str(stopped.value)


def test_the_demonstration_draws_its_secret_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("K", raising=False)
    first = env.secret("K", tmp_path / "var" / "secret", demand=False)
    assert len(first) >= 32
    assert env.secret("K", tmp_path / "var" / "secret", demand=False) == first
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o077 == 0
