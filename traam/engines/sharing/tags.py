"""Words that find something again, the same however they are typed."""

import re
import unicodedata
from collections.abc import Iterable

MOST, LONGEST = 8, 40
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


class BadTags(ValueError):
    """Too many words, or too long ones; the sentence says what to do."""


def folded(text: str) -> str:
    """The text without capitals, accents or ligatures, its spaces and apostrophes made one kind."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.replace("’", "'").split())


def read_tags(typed: str, known: Iterable[str] = ()) -> list[str]:
    """The words of "IA, Évaluation ; ia": each once, as `known` already writes them. Raises `BadTags`."""
    spelt = {folded(tag): tag for tag in known}
    tags: dict[str, str] = {}
    for part in re.split(r"[,;\n]", typed):
        tag = " ".join(part.split()).lstrip("#").strip()
        if tag and folded(tag):
            tags.setdefault(folded(tag), spelt.get(folded(tag), tag))
    if len(tags) > MOST:
        raise BadTags(f"{len(tags)} mots-clés : {MOST} au plus, pour que chacun compte.")
    if long := [tag for tag in tags.values() if len(tag) > LONGEST]:
        raise BadTags(
            f"« {long[0][:60]} » est long : {LONGEST} caractères au plus par mot-clé, séparés par des virgules."
        )
    return list(tags.values())
