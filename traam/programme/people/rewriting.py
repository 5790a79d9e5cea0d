"""One person's name, address and telephone, wherever they are written: found, and replaced by her number."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from traam.programme.people.models import Person

SHORTEST = 5  # letters: less would be found in words of everybody
BATCH = 500


@dataclass(frozen=True)
class Rewriting:
    """What is looked for, and what is written in its place. Case does not matter; part of a word is not a name."""

    person: int
    label: str
    needles: list[str]
    replaced: Mapping[str, str]
    pattern: re.Pattern[str] = field(repr=False)

    def text(self, text: str) -> str:
        return self.pattern.sub(lambda found: self.replaced[found[0].casefold()], text)

    def value(self, value: Any) -> Any:
        """As `text`, in every text of a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.value(each) for key, each in value.items()}
        return [self.value(each) for each in value] if isinstance(value, list) else value


def label_of(person: Person) -> str:
    return f"Personne n° {person.pk}"


def address_of(person: Person) -> str:
    """An address that nobody has (RFC 2606), one for each."""
    return f"personne-{person.pk}@efface.invalid"


def rewriting(person: Person) -> Rewriting:
    """What to look for. A name or a telephone that somebody else has too is not looked for: it may be hers."""
    others = Person.objects.exclude(pk=person.pk)
    written = {person.email: address_of(person)}
    if len(person.phone) >= SHORTEST and not others.filter(phone=person.phone).exists():
        written[person.phone] = "—"
    if len(person.name) >= SHORTEST and not others.filter(name__iexact=person.name).exists():
        written[person.name] = label_of(person)
    words = "|".join(re.escape(each) for each in sorted(written, key=len, reverse=True))
    return Rewriting(
        person.pk,
        label_of(person),
        list(written),
        {needle.casefold(): said for needle, said in written.items()},
        re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE),
    )


def holding(model: type[Model], fields: Iterable[str], wanted: Rewriting) -> Iterator[Any]:
    """The rows where one of these fields holds what is looked for, read little by little."""
    rows = model._default_manager.order_by("pk")
    asked: list[Q] = []
    for name in fields:
        rows = rows.annotate(**{f"text_of_{name}": Cast(name, TextField())})
        asked += [Q(**{f"text_of_{name}__icontains": needle}) for needle in _written(model, name, wanted)]
    if asked:
        yield from rows.filter(reduce(or_, asked)).iterator(BATCH)


def _written(model: type[Model], name: str, wanted: Rewriting) -> list[str]:
    """How the needles are written in the database: SQLite keeps JSON with its accents escaped."""
    if not isinstance(model._meta.get_field(name), JSONField):
        return wanted.needles
    return sorted({*wanted.needles, *(json.dumps(needle)[1:-1] for needle in wanted.needles)})


def rewrite(model: type[Model], fields: Iterable[str], wanted: Rewriting) -> list[Any]:
    """Replace in these fields of every row; the keys of the rows that changed."""
    names, changed = list(fields), []
    for row in holding(model, names, wanted):
        new = {name: _short(row, name, wanted.value(getattr(row, name))) for name in names}
        if any(new[name] != getattr(row, name) for name in names):
            model._default_manager.filter(pk=row.pk).update(**new)
            changed.append(row.pk)
    return changed


def _short(row: Model, name: str, value: Any) -> Any:
    most = getattr(row._meta.get_field(name), "max_length", None)
    return value[:most] if most and isinstance(value, str) else value
