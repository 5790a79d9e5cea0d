"""From a French word to the term it is indexed under: irregular forms, light rules, Snowball, families.

Accents are folded BEFORE Snowball runs: the other way round, « évalue » and « evalue » part ways. Folding
costs Snowball its participles in -é; the light rules here give them back.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from .lexicon import AUX_KEPT, ENT_KEPT, FAMILIES, FIXED, IRREGULAR_NOUNS, MENT_VERBS, S_KEPT, VERBS

LONGEST = 40
"""Characters of a word that count; the rest of a longer word is dropped, in documents and queries alike."""

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l"})
_snowball = Stemmer.Stemmer("french", 0)


def fold(word: str) -> str:
    """`word` without accents, ligatures, superscripts or capitals, at most `LONGEST` characters."""
    if word.isascii():
        return word.lower()[:LONGEST]
    plain = unicodedata.normalize("NFKC", word).translate(_LIGATURES).lower()
    return "".join(c for c in unicodedata.normalize("NFD", plain) if c.isalnum())[:LONGEST]


def _conjugations() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in VERBS.strip().splitlines():
        infinitive, endings, beginnings = line.split("|")
        for beginning in beginnings.replace("_", "-").split():
            start = beginning.strip("-")
            for ending in endings.split():
                table.setdefault(start + ending, start + infinitive)
    return table


_LEMMAS = _conjugations() | IRREGULAR_NOUNS


def _third_person(word: str) -> str:
    """« évaluent » → « évalue »; nouns and adjectives in -ent are left alone."""
    if not word.endswith("ent") or len(word) < 6:
        return word
    if word.endswith("ment"):
        return word[:-2] if word in MENT_VERBS else word
    return word if word in ENT_KEPT else word[:-2]


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and word not in AUX_KEPT:
        return word[:-2] + "l"
    if len(word) > 4 and word.endswith(("as", "os", "us")) and word not in S_KEPT:
        return word[:-1]
    return word


_SOFT = re.compile(r"(?<=g)e(?:ons|ait|aient|ant)$|(?<=nc)ons$")
_PARTICIPLE = re.compile(r"(?<=[^aeiou])(i|u|)ees?$")
_FEMININE_ER = re.compile(r"(?<=[ig])eres?$")
_FEMININE = re.compile(r"(?:(?<=t)rice|(?<=[td])euse|(?<=ch)euse)s?$")


def _light(word: str) -> str:
    """Plural, feminine and participle endings that Snowball misses once accents are folded."""
    word = _third_person(_singular(word))
    word = _SOFT.sub("er", word)
    word = _PARTICIPLE.sub(r"\1e", word)
    word = _FEMININE_ER.sub("er", word)
    return _FEMININE.sub("eur", word)


def _bare(word: str) -> str:
    """The stem of a folded word, families apart."""
    if word in FIXED:
        return "=" + FIXED[word]
    word = _LEMMAS.get(word, word)
    stem: str = _snowball.stemWord(_light(word))
    if stem.endswith("iv"):
        return stem[:-1] + "f"
    if stem.endswith("bilit"):  # accessible, accessibilité
        return stem[:-4] + "l"
    if len(stem) > 7 and stem.endswith("aison"):  # comparer, comparaison
        return stem[:-5]
    if len(stem) > 3 and stem.endswith("i"):  # étudier, étude; différencier, différencie
        return stem[:-1]
    return stem


def _families() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in FAMILIES.splitlines():
        members = [_bare(fold(word)) for word in line.split()]
        for member in members:
            table.setdefault(member, members[0])
    return table


_FAMILY = _families()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The term of a folded word: numbers and words of one or two letters are themselves."""
    if word.isdigit() or (len(word) < 3 and word not in _LEMMAS):
        return word
    bare = _bare(word)
    return _FAMILY.get(bare, bare)
