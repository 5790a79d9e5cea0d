"""All that the site holds of a person, for her: one archive, made a row at a time.

`donnees.json` is for programs, `donnees.html` for her; both say the same, table by table, in the words of the register.
Nobody else's name is in it: other people are said by their number.
"""

import html
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.db.models import Model, Q

from traam.programme.journal import wording
from traam.programme.journal.models import Entry
from traam.programme.journal.queries import of_people
from traam.programme.journal.register import TREATMENTS, Held, held
from traam.programme.people.models import Person

# What opens an account is nobody's to read: kept as digests, or as secrets that only work while nobody sees them.
SECRETS = {
    "people.Person": {"password"},
    "people.CalendarKey": {"digest"},
    "people.SignIn": {"session", "network"},
    "mfa.Authenticator": {"data"},
    "letters.Habit": {"token"},
    "subscriptions.Reader": {"key", "secret"},
}
# In an application, people are named by text: hers are those that go with her address.
NAMED = ("_name", "_email", "_phone")
BATCH = 200


def archive(person: Person, out: IO[bytes], at: datetime) -> None:
    """Write the archive in `out`, which may be read again from its beginning afterwards."""
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        with made.open("donnees.json", "w") as file:
            for piece in _json(person, at):
                file.write(piece.encode())
        with made.open("donnees.html", "w") as file:
            for piece in _page(person, at):
                file.write(piece.encode())


def tables(person: Person) -> Iterator[tuple[str, Held, Iterator[dict[str, Any]]]]:
    """Each table that holds something of her: the label of its model, what the register says, her rows."""
    for label, row in held().items():
        rows = _rows(label, person)
        first = next(rows, None)
        if first is not None:
            yield label, row, _again(first, rows)


def _again(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _rows(label: str, person: Person) -> Iterator[dict[str, Any]]:
    if label == "journal.Entry":
        for entry in Entry.objects.filter(of_people([person.pk])).order_by("pk").iterator(BATCH):
            yield _act(entry, person)
        return
    model = apps.get_model(label)
    for row in model._default_manager.filter(_hers(model, person)).order_by("pk").iterator(BATCH):
        yield _told(label, row, person)


def _hers(model: type[Model], person: Person) -> Q:
    """The rows that point to her, and those that give her address."""
    hers = Q(pk=person.pk) if model is Person else Q(pk__in=[])
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model is Person:
            hers |= Q(**{field.name: person})
        elif field.name == "email" or field.name.endswith("_email"):
            hers |= Q(**{f"{field.name}__iexact": person.email})
    return hers


def _told(label: str, row: Model, person: Person) -> dict[str, Any]:
    names, told = held()[label].personal, {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value in (None, "", [], {}):
            continue
        if field.name in SECRETS.get(label, ()):
            value = "(gardé secret)"
        elif field.is_relation and field.related_model is Person and value != person.pk:
            value = f"personne n° {value}"
        elif label == "calls.Application" and field.name.endswith(NAMED) and not _is_hers(row, field.name, person):
            value = "(une autre personne)"
        told[names.get(field.name, str(field.verbose_name))] = value
    return told


def _is_hers(row: Model, name: str, person: Person) -> bool:
    who = name.rpartition("_")[0]
    return str(getattr(row, f"{who}_email", "")).casefold() == person.email.casefold()


def _act(entry: Entry, person: Person) -> dict[str, Any]:
    mine = entry.actor_id == person.pk
    return {
        "quand": entry.at,
        "par": "vous" if mine else f"personne n° {entry.actor_id}" if entry.actor_id else entry.actor_label,
        "acte": wording.said(entry.verb, entry.object_type),
        "objet": entry.object_label
        if mine or entry.object_type == "people.person"
        else wording.kind(entry.object_type),
        **({"motif": entry.reason} if entry.reason else {}),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _json(person: Person, at: datetime) -> Iterator[str]:
    yield f'{{"person": {person.pk}, "made_at": {json.dumps(at.isoformat())}, "tables": {{'
    for number, (label, row, rows) in enumerate(tables(person)):
        about = {"purpose": TREATMENTS[row.treatment].purpose, "kept": TREATMENTS[row.treatment].retention}
        yield f'{"," if number else ""}\n{json.dumps(label)}: {json.dumps(about, ensure_ascii=False)[:-1]}, "rows": ['
        for position, each in enumerate(rows):
            yield (",\n" if position else "\n") + json.dumps(each, ensure_ascii=False, default=_plain)
        yield "]}"
    yield "\n}}\n"


HEAD = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mes données</title><style>body{font-family:sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;
padding:0 1rem}dl{border-left:.25rem solid #6a6af4;padding-left:1rem}dt{font-weight:bold}dd{margin:0 0 .5rem;
overflow-wrap:anywhere;white-space:pre-wrap}</style></head><body><main><h1>Mes données</h1>
"""


def _page(person: Person, at: datetime) -> Iterator[str]:
    yield HEAD + f"<p>Tout ce que la plateforme garde de {html.escape(person.name)}, le {at:%d/%m/%Y à %H:%M}.</p>"
    for label, row, rows in tables(person):
        about = TREATMENTS[row.treatment]
        yield f"<h2>{html.escape(about.title)} <small>({html.escape(label)})</small></h2>"
        yield f"<p>Pourquoi : {html.escape(about.purpose)}. Combien de temps : {html.escape(about.retention)}.</p>"
        for each in rows:
            lines = (f"<dt>{html.escape(name)}</dt><dd>{html.escape(_shown(said))}</dd>" for name, said in each.items())
            yield f"<dl>{''.join(lines)}</dl>"
    yield "</main></body></html>\n"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    return f"{value:%d/%m/%Y %H:%M}" if isinstance(value, datetime) else str(value)
