"""What a reader has before her: the parts, and what changed in them since a version she read."""

from dataclasses import dataclass

from traam.engines import differences
from traam.programme.people.models import Person
from traam.programme.productions import kinds, queries
from traam.programme.productions.models import Production
from traam.programme.productions.parts import Part


@dataclass(frozen=True)
class Reread:
    """A part with the words that stayed, came or went since the version compared with; `gone` when it is no more."""

    part: Part
    words: list[differences.Part]
    gone: bool = False


def since(production: Production, number: int) -> list[Reread]:
    """The parts that changed since that version, in the order they are read; those taken away come last."""
    version = queries.version(production, number)
    before = {part.key: part for part in kinds.of(production).parts(version.content)}
    found = []
    for part in kinds.read(production):
        old = before.pop(part.key, None)
        if old is None or old.text != part.text:
            found.append(Reread(part, differences.compare(old.text if old else "", part.text)))
    return found + [Reread(part, differences.compare(part.text, ""), gone=True) for part in before.values()]


def last_read(production: Production, person: Person) -> int:
    """The version whose reading she noted, 0 when there is none."""
    reading = queries.reading(production, person)
    return reading.version if reading else 0
