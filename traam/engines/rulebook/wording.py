"""The sentences of a rule: `{actual}` and `{value}` replaced by French words.

`{value:enseignant|enseignants}` writes the number and agrees the noun: "1 enseignant", "3 enseignants",
"1 ou 2 enseignants" when the value is a pair.
"""

from collections.abc import Iterator
from datetime import date
from string import Formatter

NBSP = "\u00a0"
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def in_french(value: object) -> str:
    """A value as one writes it in a French sentence; an empty one is "rien", a pair of numbers "1 ou 2"."""
    match value:
        case (int() as low, int() as high):
            return _ranged(low, high)
        case bool():
            return "oui" if value else "non"
        case int():
            return f"{value:,}".replace(",", NBSP)
        case date():
            day = "1er" if value.day == 1 else str(value.day)
            return f"{day}{NBSP}{MONTHS[value.month - 1]} {value.year}"
        case list() | tuple():
            return _listed([in_french(item) for item in value])
    return str(value) if value not in (None, "") else "rien"


def _ranged(low: int, high: int) -> str:
    if low == high:
        return in_french(low)
    return f"{in_french(low)} {'ou' if high == low + 1 else 'à'} {in_french(high)}"


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return words[0] if words else "rien"
    return f"{', '.join(words[:-1])} ou {words[-1]}"


class _Shown:
    """A value inside a sentence, with an optional noun to agree."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, nouns: str) -> str:
        if not nouns:
            return in_french(self.value)
        shown = self.value or 0
        count = shown[-1] if isinstance(shown, tuple) else shown
        one, several = nouns.split("|")
        return f"{in_french(shown)}{NBSP}{one if isinstance(count, int) and abs(count) < 2 else several}"


def write(template: str, *, actual: object = None, value: object = None) -> str:
    return template.format(actual=_Shown(actual), value=_Shown(value))


def faults(template: str, allowed: dict[str, bool]) -> Iterator[str]:
    """What is wrong in a template, in French. `allowed` maps a placeholder to "is it a number?"."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        yield "les accolades ne vont pas par paires"
        return
    for _, name, nouns, conversion in parts:
        if name is None:
            continue
        if name not in allowed or conversion:
            wanted = " ou ".join(f"« {{{known}}} »" for known in allowed)
            yield f"« {{{name}}} » n'est pas un emplacement connu ; il faut {wanted}"
        elif nouns and (nouns.count("|") != 1 or not allowed[name]):
            yield f"« {nouns} » : un accord s'écrit « singulier|pluriel », après un nombre"
