"""What changes from one cahier des charges to the next, for the people who knew the one before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from traam.engines.rulebook.book import Rulebook
from traam.engines.rulebook.circuits import REVIEWED, in_words
from traam.engines.rulebook.wording import in_french


@dataclass(frozen=True)
class Change:
    """One difference. `before` and `after` are French words, "" where the edition says nothing."""

    topic: str
    label: str
    before: str
    after: str


def compare(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """The differences in numbers, productions, who reads and controls them, rules, and the reading of the dossiers."""
    return (
        *_changes("Nombre", _numbers(before), _numbers(after)),
        *_changes("Production", _kinds(before), _kinds(after)),
        *_changes("Relecture", _circuits(before), _circuits(after)),
        *_changes("Contrôle", _controls(before), _controls(after)),
        *_changes("Règle", _rules(before), _rules(after)),
        *_changes("Lecture", _reading(before), _reading(after)),
    )


# A name that both editions share, its label, its value in words.
Entries = Mapping[str, tuple[str, str]]


def _changes(topic: str, old: Entries, new: Entries) -> Iterator[Change]:
    for name in {**old, **new}:
        before, after = (entries[name][1] if name in entries else "" for entries in (old, new))
        if before != after:
            yield Change(topic, (new if name in new else old)[name][0], before, after)


def _numbers(book: Rulebook) -> Entries:
    return {name: (limit.label, in_french(limit.value)) for name, limit in book.limits.items()}


def _kinds(book: Rulebook) -> Entries:
    return {kind.id: (kind.label, kind.label) for kind in book.production_kinds}


def _circuits(book: Rulebook) -> Entries:
    return {kind: (label, in_words(book.circuit(kind))) for kind, label in REVIEWED.items()}


def _controls(book: Rulebook) -> Entries:
    return {control.id: (control.question, control.question) for control in book.checklist}


def _rules(book: Rulebook) -> Entries:
    words = {True: "exigé", False: "attendu"}
    return {rule.id: (rule.asked, f"{rule.asked} ({words[rule.blocking]})") for rule in book.rules}


def _reading(book: Rulebook) -> Entries:
    """The criteria with their weight, the scale, and what is asked of the readers."""
    selection = book.selection
    criteria = {f"criterion {one.id}": (one.label, f"{one.label} (poids {one.weight})") for one in selection.criteria}
    return {
        **criteria,
        "scale": ("Échelle", ", ".join(f"{mark.value} {mark.label}" for mark in selection.marks)),
        "blind": ("Lecture à l'aveugle", in_french(selection.blind)),
        "readers": ("Lecteurs de chaque dossier, au moins", in_french(selection.readers_min)),
    }
