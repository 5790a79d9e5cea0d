"""The rows, written so that no database is seen through: what SQLite gave, PostgreSQL takes, and the other way."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models
from django.db.models.functions import Collate

# Tables that are not saved, and why: the manifest says it too.
LEFT_OUT = {
    "sessions.session": "les sessions ouvertes : chacun se connecte de nouveau",
    "catalogue.generation": "l'âge des pages gardées prêtes : elles sont dessinées de nouveau",
}
BATCH = 500
Model = type[models.Model]


def saved(apps: Apps) -> dict[str, Model]:
    """Every table that is saved, by its label ("people.person"), in alphabetical order."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {label: found[label] for label in sorted(found) if label not in LEFT_OUT}


def columns(model: Model) -> list[Any]:
    """The fields of a table, in the order of its declaration."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def _kind(field: Any) -> str:
    while field.remote_field:
        field = field.target_field
    return str(field.get_internal_type())


def _told(value: Any, kind: str) -> Any:
    """A value as JSON says it."""
    if value is None or kind == "JSONField" or isinstance(value, str | bool | int | float):
        return value
    if kind == "BinaryField":
        return base64.b64encode(bytes(value)).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def rows(model: Model) -> Iterator[list[Any]]:
    """The rows of a table in the order of their keys, byte by byte for a text, ready for JSON."""
    key: Any = model._meta.pk
    order: Any = key.attname
    if _kind(key) in {"CharField", "SlugField", "TextField"} and connection.vendor == "postgresql":
        order = Collate(key.attname, "C")
    fields = columns(model)
    kinds = [_kind(field) for field in fields]
    found = model._base_manager.order_by(order).values_list(*(field.attname for field in fields))
    for row in found.iterator(BATCH):
        yield [_told(value, kind) for value, kind in zip(row, kinds, strict=True)]


def line(row: list[Any]) -> bytes:
    """A row as it is written. What is no character (half of one) is written as JSON escapes it."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


class Count:
    """Counts rows, and draws their digest: that of their content, whatever the order of the keys of a JSON object and
    however a whole number is written, which PostgreSQL does not keep."""

    def __init__(self) -> None:
        self.rows = 0
        self._made = hashlib.sha256()

    def add(self, row: list[Any]) -> None:
        self.rows += 1
        text = json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._made.update(text.encode("utf-8", "surrogatepass") + b"\n")

    @property
    def digest(self) -> str:
        return self._made.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def unfit(model: Model, row: list[Any]) -> Iterator[str]:
    """Where this row holds what PostgreSQL does not take: a NUL, half of a character, a text too long."""
    for field, value in zip(columns(model), row, strict=True):
        where = f"{model._meta.label_lower}, ligne {row[0]}, colonne {field.column}"
        if _has_no_place(value):
            yield f"{where} : un caractère nul, ou la moitié d'un caractère"
        elif isinstance(value, str) and field.max_length and len(value) > field.max_length and not field.remote_field:
            yield f"{where} : {len(value)} caractères, pour {field.max_length} au plus"


def _has_no_place(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value or (not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value))
    if isinstance(value, dict):
        return any(_has_no_place(key) or _has_no_place(each) for key, each in value.items())
    return isinstance(value, list) and any(map(_has_no_place, value))


def insert(model: Model, found: Iterable[list[Any]], names: list[str]) -> None:
    """Add rows (`names` are their columns) as they are: nothing of the model runs, triggers of the database do."""
    by_name = {field.column: field for field in columns(model)}
    fields = [by_name[name] for name in names]
    quote = connection.ops.quote_name
    listed, holes = ", ".join(quote(name) for name in names), ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({holes})"  # noqa: S608 - our own names
    batch: list[list[Any]] = []
    with connection.cursor() as cursor:
        for row in found:
            batch.append([_given(value, field) for value, field in zip(row, fields, strict=True)])
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                batch.clear()
        if batch:
            cursor.executemany(statement, batch)


def _given(value: Any, field: Any) -> Any:
    """A value of JSON as the database takes it."""
    kind = _kind(field)
    if kind == "JSONField":
        absent = value is None and field.null
        return None if absent else connection.ops.adapt_json_value(value, field.encoder)
    while field.remote_field:
        field = field.target_field
    if kind == "BinaryField" and value is not None:
        value = base64.b64decode(value)
    elif value is not None:
        value = field.to_python(value)
    return field.get_db_prep_value(value, connection, prepared=False)


def last(model: Model) -> int | None:
    """The last number the sequence of a table gave, 0 when it gave none; None for a table without one."""
    if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', model._meta.pk.column])
            name = cursor.fetchone()[0]
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")  # noqa: S608
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def resume(model: Model, number: int) -> None:
    """Make the sequence of a table go on after this number: a number once given is never given again."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
        elif model._meta.pk is not None:
            where = [f'"{table}"', model._meta.pk.column]
            sequence = "pg_get_serial_sequence(%s, %s)"
            cursor.execute(f"SELECT setval({sequence}, %s, %s)", [*where, max(number, 1), number > 0])  # noqa: S608
