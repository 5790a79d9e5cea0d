"""How a French word sounds, roughly: what one writes by ear falls on the word meant (« filosofi », philosophie)."""

import re
from functools import lru_cache

_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^h|(?<![cps])h", ""),
        (r"ph", "f"),
        (r"sch|ch|sh", "x"),
        (r"sc(?=[eiy])|c(?=[eiy])|ti(?=on|el|eu|en)", "s"),
        (r"qu|q|ck|k|c", "k"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])", "j"),
        (r"gn", "ni"),
        (r"g", "G"),
        (r"eau|au", "o"),
        (r"oeu|eu|oe", "e"),
        (r"(?:ai|ei|e|a)(?:m(?=[bp])|n(?![aeiouyn]))", "A"),
        (r"(?:i|y|ui)(?:m(?=[bp])|n(?![aeiouyn]))", "A"),
        (r"(?:o)(?:m(?=[bp])|n(?![aeiouyn]))", "O"),
        (r"ai|ei|ae", "E"),
        (r"ill(?=[aeiouy])|y", "i"),
        (r"(?<=[aeiou])s(?=[aeiou])", "z"),
        (r"w", "v"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)(?:ent|es|er|ez|e)$", ""),
        (r"(?<=..)[stxdpz]$", ""),
        (r"z", "s"),
        (r"h", ""),
    )
)


@lru_cache(maxsize=20_000)
def sound(folded: str) -> str:
    """A key that words said alike share, most often; it is compared, never shown."""
    said = folded
    for pattern, heard in _RULES:
        said = pattern.sub(heard, said)
    return said or folded
