"""Notices made from the words of our own reference data, and what teachers would type to find them.

Nothing here knows how any engine analyses French: the faults of the queries are made by rules of spelling written for
this file, so that no engine is asked about its own dictionary. The same seed gives the same corpus.
"""

import csv
import json
import random
import re
import unicodedata
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path

from traam import reference

PACKAGE = Path(reference.HERE).parent
TOPICS = 60
WORD = re.compile(r"[a-zàâäçéèêëîïôöùûüœæ]{4,}", re.IGNORECASE)
YEARS = [f"{year}-{year + 1}" for year in range(2006, 2026)]
KINDS = ("scenario", "module", "archive")
FACETS = ("discipline", "niveau", "academie", "annee", "theme", "crcn", "genre", "teste")
"""The facets of a page; `niveau` and `crcn` hold several codes."""
_EMPTY = """
avec dans pour plus sans sous vers leur leurs cette elle elles nous vous sont comme entre mais dont
cela ainsi être avoir tout tous toute toutes peut doit fait même aussi chaque autre autres http https html www
"""
EMPTY = frozenset(_EMPTY.split())


@dataclass(frozen=True)
class Made:
    """One notice: its texts and the codes of its facets."""

    id: int
    title: str
    summary: str
    keywords: str
    codes: dict[str, tuple[str, ...]]
    date: int


@dataclass(frozen=True)
class Asked:
    """One search: what is typed, the facets chosen, and for a known item the notice meant and the kind of fault."""

    text: str
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)
    prefix: bool = False
    kind: str = ""
    meant: int = -1


# --- Words


def _texts() -> list[str]:
    """Every French text of the package that a notice might sound like: history, themes, competences, cahiers."""
    history = reference.HERE / "history"
    rows = [json.loads(line) for line in (history / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [f"{row['title']}. {row['summary']}" for row in rows]
    with (history / "themes.csv").open(encoding="utf-8") as file:
        found += [row["titre"] for row in csv.DictReader(file)]
    found += [f"{one.label}. {one.description}" for one in reference.competences().values()]
    found += [path.read_text(encoding="utf-8") for path in sorted((PACKAGE / "editions").glob("*/text.md"))]
    return found


@cache
def vocabulary() -> list[str]:
    """The words of those texts, the most frequent first, as they are written in small letters."""
    counted = Counter(word.lower() for text in _texts() for word in WORD.findall(text))
    return [word for word, _ in counted.most_common() if word not in EMPTY]


@cache
def sentences() -> list[str]:
    found = (part.strip() for text in _texts() for part in re.split(r"[.;:\n|*#]+", text))
    return sorted({part for part in found if 30 <= len(part) <= 140 and part[0].isalpha()})


class _Drawn:
    """Words drawn by a law where the second word comes half as often as the first, the third a third…"""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.upto = list(accumulate(1 / (rank + 8) for rank in range(len(words))))

    def one(self, chance: random.Random) -> str:
        return self.words[min(bisect(self.upto, chance.random() * self.upto[-1]), len(self.words) - 1)]


@cache
def _topics() -> list[_Drawn]:
    """A topic speaks with a fifth of the vocabulary, each in an order of its own."""
    chance = random.Random(6)
    words = vocabulary()
    return [_Drawn(chance.sample(words, max(200, len(words) // 5))) for _ in range(TOPICS)]


# --- Notices


def _joined(words: list[str], chance: random.Random) -> str:
    """Words as a title joins them: with articles, elided before a vowel."""
    said = [words[0].capitalize()]
    for word in words[1:]:
        if unicodedata.normalize("NFD", word)[0] in "aeiouœæ":
            said.append(chance.choice(("d’", "l’", "qu’", "de l’", "et l’")) + word)
        else:
            said.append(chance.choice(("de ", "la ", "et ", "des ", "avec ", "par ", "pour ")) + word)
    return " ".join(said)


@cache
def _codes() -> dict[str, list[str]]:
    levels = reference.levels()
    return {
        "discipline": list(reference.disciplines()),
        "niveau": [code for code, level in levels.items() if level.parent][:40],
        "academie": [code for code, one in reference.academies().items() if one.current],
        "crcn": [code for code, one in reference.competences().items() if one.domain],
        "theme": [str(number) for number in range(1, 301)],
    }


def notices(size: int, seed: int = 2006) -> Iterator[Made]:
    chance, codes, spoken = random.Random(seed), _codes(), sentences()
    everywhere = _Drawn(vocabulary())
    for number in range(1, size + 1):
        theme = min(int(chance.expovariate(1 / 60)), 299)
        topic = _topics()[theme % TOPICS]
        discipline = codes["discipline"][(theme + (chance.random() < 0.2)) % len(codes["discipline"])]
        year = YEARS[min(19, int(20 * chance.random() ** 0.7))]
        levels = tuple(dict.fromkeys(chance.choices(codes["niveau"], k=chance.choice((1, 1, 2, 3)))))
        title = list(dict.fromkeys(topic.one(chance) for _ in range(chance.randint(5, 8))))
        said = [topic.one(chance) if chance.random() < 0.7 else everywhere.one(chance) for _ in range(14)]
        summary = f"{_joined(title[:3], chance)} : {chance.choice(spoken)}. {_joined(said, chance)}."
        level_names = [reference.levels()[code].label for code in levels]
        yield Made(
            id=number,
            title=_joined(title, chance),
            summary=summary,
            keywords=" ".join([reference.disciplines()[discipline].label, *level_names]),
            codes={
                "discipline": (discipline,),
                "niveau": levels,
                "academie": (codes["academie"][int(len(codes["academie"]) * chance.random() ** 1.5)],),
                "annee": (year,),
                "theme": (codes["theme"][theme],),
                "crcn": tuple(sorted(set(chance.choices(codes["crcn"], k=chance.choice((0, 1, 2, 3)))))),
                "genre": (KINDS[min(2, int(chance.expovariate(1)))],),
                "teste": ("oui" if chance.random() < 0.3 else "non",),
            },
            date=int(year[:4]) * 10_000 + chance.randint(1, 12) * 100 + chance.randint(1, 28),
        )


# --- Searches


def _chosen(chance: random.Random) -> dict[str, frozenset[str]]:
    names = chance.sample(FACETS[:4], chance.choice((1, 1, 2)))
    every = _codes() | {"annee": YEARS}
    return {name: frozenset(chance.sample(every[name], chance.choice((1, 2)))) for name in names}


def searches(made: list[Made], count: int = 200, seed: int = 1) -> list[Asked]:
    """What a day brings: broad, narrow, filtered, mistyped, unfinished words, and filters alone."""
    chance = random.Random(seed)
    common, result = vocabulary()[:60], []
    for turn in range(count):
        words = [word for word in WORD.findall(chance.choice(made).title.lower()) if word not in EMPTY]
        asked = [
            lambda words: Asked(chance.choice(common)),
            lambda words: Asked(" ".join(words[:2])),
            lambda words: Asked(" ".join(words[:3])),
            lambda words: Asked(chance.choice(common), _chosen(chance)),
            lambda words: Asked(" ".join(words[:2]), _chosen(chance)),
            lambda words: Asked(_mistyped(words[0], chance)),
            lambda words: Asked(words[-1][: chance.randint(3, 5)], prefix=True),
            lambda words: Asked("", _chosen(chance)),
        ][turn % 8](words)
        result.append(asked)
    return result


def _plain(word: str) -> str:
    word = word.replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


_ENDINGS = (
    ("eaux", "eau"),
    ("eau", "eaux"),
    ("aux", "al"),
    ("al", "aux"),
    ("ives", "if"),
    ("ifs", "ive"),
    ("ive", "ifs"),
    ("if", "ives"),
    ("iques", "ique"),
    ("ique", "iques"),
    ("elles", "el"),
    ("elle", "els"),
    ("ées", "é"),
    ("és", "ée"),
    ("tions", "tion"),
    ("tion", "tions"),
    ("ments", "ment"),
    ("ment", "ments"),
    ("ages", "age"),
    ("age", "ages"),
    ("ures", "ure"),
    ("ure", "ures"),
    ("ités", "ité"),
    ("ité", "ités"),
    ("ennes", "ien"),
    ("iens", "ienne"),
    ("ien", "iennes"),
    ("trices", "teur"),
    ("teurs", "trice"),
    ("teur", "trices"),
    ("er", "ent"),
    ("ées", "er"),
    ("ants", "ante"),
    ("ant", "antes"),
    ("èves", "ève"),
)
_NO_PLURAL = frozenset(
    {"comment", "développement", "notamment", "également", "eux", "travaux", "matériaux", "sous", "aux"}
)


def inflected(word: str) -> str:
    """The same word in another number, gender or person; "" when no rule of spelling is sure of it."""
    if word in _NO_PLURAL or len(word) < 5 or word.endswith(("amment", "emment", "ement", "aux", "yer")):
        return ""
    return next((word[: -len(end)] + other for end, other in _ENDINGS if word.endswith(end)), "")


def _mistyped(word: str, chance: random.Random) -> str:
    """One slip of the keyboard, never on the first letter."""
    at = chance.randrange(1, len(word) - 1)
    made = [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + chance.choice("aeinrstlo") + word[at + 1 :],
    ]
    return chance.choice(made)


SHORT = {
    "éducation physique et sportive": "EPS",
    "éducation aux médias et à l’information": "EMI",
    "sciences de la vie et de la Terre": "SVT",
    "centre de documentation et d’information": "CDI",
    "sciences économiques et sociales": "SES",
    "intelligence artificielle": "IA",
    "mathématiques": "maths",
    "classe de sixième": "6e",
    "classe de seconde": "2nde",
    "environnement numérique de travail": "ENT",
    "bande dessinée": "BD",
    "langues vivantes": "LV",
}
"""What some titles say in full, and how teachers type it."""

FAULTS = (
    "exact",
    "inflected",
    "unaccented",
    "mistyped",
    "abbreviated",
    "elided",
    "capitals",
    "unhyphenated",
    "several",
)
TYPED = 5
"""Words of the title that are typed: with three, several notices in a million hold them all, and none is meant more."""


def known_items(made: list[Made], each: int = 40, seed: int = 3) -> tuple[list[Asked], dict[int, Made]]:
    """Searches with a fault for notices that exist, `each` of a kind; and the notices changed to be so found, by id.

    `TYPED` words of the title are typed, whatever their rarity.
    """
    chance, asked, changed = random.Random(seed), [], {}
    remaining = iter(chance.sample(made, min(len(made), each * len(FAULTS) * 6)))
    for kind in FAULTS:
        done = 0
        for notice in remaining:
            search, other = _known(notice, kind, chance)
            if search is None:
                continue
            asked.append(search)
            if other:
                changed[notice.id] = other
            done += 1
            if done == each:
                break
    return asked, changed


def _known(notice: Made, kind: str, chance: random.Random) -> tuple[Asked | None, Made | None]:
    words = [word for word in dict.fromkeys(WORD.findall(notice.title.lower())) if word not in EMPTY]
    if len(words) < TYPED:
        return None, None
    kept = chance.sample(words, TYPED)
    other, text = None, ""
    match kind:
        case "exact":
            text = " ".join(kept)
        case "inflected":
            bent = [inflected(word) or word for word in kept]
            text = " ".join(bent) if bent != kept else ""
        case "unaccented":
            text = _plain(" ".join(kept)) if any(word != _plain(word) for word in kept) else ""
        case "mistyped":
            long = next((word for word in kept if len(word) >= 6), "")
            text = " ".join(_mistyped(word, chance) if word == long else word for word in kept) if long else ""
        case "abbreviated":
            full, short = chance.choice(list(SHORT.items()))
            other = _titled(notice, f"{notice.title} en {full}")
            text = " ".join([*kept[1:], short])
        case "elided":
            vowel = [word for word in kept if _plain(word)[0] in "aeiou"]
            text = " ".join(chance.choice(("l'", "d'", "qu'")) + w if w in vowel else w for w in kept) if vowel else ""
        case "capitals":
            text = " ".join(kept).upper()
        case "several":
            bent = [inflected(word) or word for word in kept]
            long = next((word for word in bent if len(word) >= 6), "")
            text = _plain(" ".join(_mistyped(word, chance) if word == long else word for word in bent)) if long else ""
        case _:
            other = _titled(notice, f"{notice.title} : auto-évaluation, vidéo-projecteur")
            text = " ".join([*kept[1:], chance.choice(("autoévaluation", "vidéoprojecteur"))])
    return (Asked(text, kind=kind, meant=notice.id), other) if text else (None, None)


def _titled(notice: Made, title: str) -> Made:
    return Made(notice.id, title, notice.summary, notice.keywords, notice.codes, notice.date)
