"""Typed readers of the environment: a wrong value stops the program with a sentence that names the variable."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(SystemExit):
    """The environment holds a value we cannot use."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"Réglage {name} : {sentence}")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "oui", "yes", "on"}:
        return True
    if raw in {"0", "false", "non", "no", "off"}:
        return False
    raise BadSetting(name, f"« {raw} » n'est pas compris ; écrivez oui ou non.")


def integer(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise BadSetting(name, f"« {raw} » n'est pas un nombre entier.") from None
    if value < least:
        raise BadSetting(name, f"{value} est trop petit ; le minimum est {least}.")
    if most is not None and value > most:
        raise BadSetting(name, f"{value} est trop grand ; le maximum est {most}.")
    return value


def token(name: str) -> str:
    """A secret that opens a door for a program; "" keeps that door shut."""
    raw = os.environ.get(name, "").strip()
    if raw and len(raw) < 32:
        raise BadSetting(name, "il faut au moins 32 caractères tirés au hasard.")
    return raw


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    raw = os.environ.get(name, "")
    return [part.strip() for part in raw.split(",") if part.strip()] or default


def hosts(name: str, default: list[str], *, named: bool) -> list[str]:
    """The names the site answers to, separated by commas; `named`: « * » (any name) is refused."""
    given = words(name, default)
    if named and "*" in given:
        raise BadSetting(name, "« * » répondrait à n'importe quel nom ; écrivez les noms du site.")
    return given


def among(name: str, default: list[str], known: list[str]) -> list[str]:
    """A list of known words, separated by commas; « aucun » is an empty one."""
    given = words(name, default)
    if given == ["aucun"]:
        return []
    if strangers := [word for word in given if word not in known]:
        raise BadSetting(name, f"« {strangers[0]} » n'est pas connu ; écrivez aucun, ou parmi : {', '.join(known)}.")
    return given


def choice(name: str, default: str, known: list[str]) -> str:
    value = text(name, default)
    if value not in known:
        raise BadSetting(name, f"« {value} » n'est pas connu ; écrivez {' ou '.join(known)}.")
    return value


def folder(name: str, default: Path) -> Path:
    raw = os.environ.get(name, "").strip()
    path = Path(raw).expanduser() if raw else default
    if path.exists() and not path.is_dir():
        raise BadSetting(name, f"{path} n'est pas un dossier.")
    return path


def file(name: str) -> str:
    """The path of a file that is there; "" when none is named."""
    raw = os.environ.get(name, "").strip()
    if raw and not Path(raw).expanduser().is_file():
        raise BadSetting(name, f"{raw} n'est pas un fichier.")
    return str(Path(raw).expanduser()) if raw else ""


def endpoint(name: str) -> str:
    """Where a service listens: `unix:/path/of/the/socket` or `host:port`; "" when there is none."""
    raw = os.environ.get(name, "").strip()
    host, _, port = raw.rpartition(":")
    if raw and not raw.startswith("unix:/") and not (host and port.isdigit() and 0 < int(port) < 65536):
        raise BadSetting(name, f"« {raw} » n'est pas compris ; écrivez unix:/chemin/de/la/socket ou hôte:port.")
    return raw


def secret(name: str, keep_in: Path, *, demand: bool) -> str:
    """A secret from the environment. Without one: refused when `demand`, else drawn once and kept in a file."""
    raw = os.environ.get(name, "").strip()
    if raw:
        if len(raw) < 32:
            raise BadSetting(name, "il faut au moins 32 caractères tirés au hasard.")
        return raw
    if demand:
        raise BadSetting(name, "obligatoire hors démonstration ; donnez au moins 32 caractères tirés au hasard.")
    if keep_in.exists():
        return keep_in.read_text().strip()
    import secrets  # only the demonstration draws one

    drawn = secrets.token_urlsafe(48)
    keep_in.parent.mkdir(parents=True, exist_ok=True)
    keep_in.touch(mode=0o600)
    keep_in.write_text(drawn)
    return drawn


def database(name: str, default: Path) -> dict[str, object]:
    """Django's description of the database named by an address.

    `postgresql://user:password@host:5432/name?sslmode=require` or `sqlite:///path`; SQLite at `default` without one.
    """
    raw = os.environ.get(name, "").strip()
    if not raw:
        return _sqlite(default)
    url = urlsplit(raw)
    if url.scheme == "sqlite":
        return _sqlite(
            Path(unquote(url.path.removeprefix("/"))) if not url.path.startswith("//") else Path(url.path[1:])
        )
    if url.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(name, f"« {url.scheme} » n'est pas connu ; écrivez postgresql://… ou sqlite:///….")
    options = dict(parse_qsl(url.query))
    host = options.pop("host", "") or unquote(url.hostname or "")
    if not url.path.strip("/"):
        raise BadSetting(name, "il manque le nom de la base après la dernière barre oblique.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # opening the file costs more than a page that is kept
        "OPTIONS": {
            # A writer takes its lock when the transaction begins: two writers queue instead of failing midway.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
