"""Where the checks of one page write what they see."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.reading import Node, Page, Place, excerpt
from traam.engines.pageaudit.values import EXCERPT, Answer, Finding

MOST_OF_A_CODE = 20  # findings listed for one code: the others are counted

_Seen = tuple[Answer, str, "Node | Place | str"]
_RANK = {Answer.FAULT: 0, Answer.REVIEW: 1, Answer.UNTESTED: 2}


class Report:
    """Gathers by code; draws the elements only of those that will be listed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._seen: dict[str, list[_Seen]] = {}

    def fault(self, code: str, message: str, on: "Node | Place | str" = "") -> None:
        self._seen.setdefault(code, []).append((Answer.FAULT, message, on))

    def review(self, code: str, message: str, on: "Node | Place | str" = "") -> None:
        self._seen.setdefault(code, []).append((Answer.REVIEW, message, on))

    def untested(self, code: str, message: str) -> None:
        self._seen.setdefault(code, []).append((Answer.UNTESTED, message, ""))

    def has(self, code: str, answer: Answer | None = None) -> bool:
        return any(answer in (None, seen[0]) for seen in self._seen.get(code, ()))

    def findings(self) -> list[Finding]:
        """In the order of the checks, faults first; nothing twice."""
        return [finding for code in CHECKS for finding in self._of(code)]

    def _of(self, code: str) -> Iterator[Finding]:
        told: set[str] = set()
        waiting = sorted(self._seen.get(code, ()), key=lambda seen: _RANK[seen[0]])
        left: dict[Answer, int] = {}
        for answer, message, on in waiting:
            if len(told) >= MOST_OF_A_CODE:
                left[answer] = left.get(answer, 0) + 1
                continue
            finding = Finding(code, answer, message, *_shown(on))
            if finding.key not in told:
                told.add(finding.key)
                yield finding
        for answer, count in left.items():
            others = "un autre élément est" if count == 1 else f"{count} autres éléments sont"
            yield Finding(code, answer, f"Et {others} dans le même cas, en plus de ceux qui sont montrés ici.")


def _shown(on: "Node | Place | str") -> tuple[str, str]:
    if isinstance(on, Node):
        return excerpt(on), on.where
    if isinstance(on, Place):
        return _shorter(on.sentence), f"ligne {on.line}" if on.line else ""
    return _shorter(on), ""


def _shorter(text: str, most: int = EXCERPT) -> str:
    text = " ".join(text[: 20 * most].split())
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(text: str, most: int = 80) -> str:
    """« text », cut."""
    return f"« {_shorter(text, most)} »"


def folded(text: str) -> str:
    """Lower case, without accents, straight apostrophes and hyphens, single spaces: what words are compared by."""
    return _folded_once(text) if len(text) <= MOST_KEPT else _folded(text)


def _folded(text: str) -> str:
    return " ".join((text if text.isascii() else text.translate(_PLAIN)).lower().split())


MOST_KEPT = 300  # characters: the names that several checks compare are folded once
_folded_once = lru_cache(maxsize=4096)(_folded)


def _plain_letters() -> dict[int, str]:
    """Letters of Latin alphabets without their accents; accents by themselves; quotes, dashes and spaces of print."""
    found = dict.fromkeys(range(768, 880), "")
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F)):
        plain = unicodedata.normalize("NFKD", chr(code))
        found[code] = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found |= dict.fromkeys(map(ord, "’‘ʼ′`´"), "'") | dict.fromkeys(map(ord, "–—‑‐−"), "-")
    return found | {ord("œ"): "oe", ord("Œ"): "OE", ord("æ"): "ae", ord("Æ"): "AE", 0xAD: "", 0x200B: "", 0xFEFF: ""}


_PLAIN = _plain_letters()
