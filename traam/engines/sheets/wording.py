"""Forgiving comparison of what people type with what is expected."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
_FEW = 12
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")


_BETWEEN = "\ua66e"  # between two texts folded together: a letter of no living alphabet


def fold(text: str) -> str:
    """``text`` without case, accents, punctuation, apostrophes or spare spaces, for comparison only.

    A text made of punctuation alone keeps it, so that two different signs never become equal.
    """
    signs = set(text)
    text = _replaced(text, {sign: letters for sign, letters in _LIGATURES.items() if sign in signs})
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = _replaced(plain, {sign: "" for sign in set(plain) if unicodedata.combining(sign)})
    words = " ".join(re.findall(r"\w+", plain))
    return words or plain.strip()


def _replaced(text: str, signs: Mapping[str, str]) -> str:
    """The text with other letters for these signs: in French they are few, and few passes are quicker than a table."""
    if len(signs) > _FEW:
        return text.translate({ord(sign): letters for sign, letters in signs.items()})
    for sign, letters in signs.items():
        text = text.replace(sign, letters)
    return text


def fold_all(texts: Iterable[str]) -> list[str]:
    """Each of the texts folded; one made of punctuation alone becomes "". All together is several times as quick."""
    kept = [text.replace(_BETWEEN, " ") for text in texts]
    return [text.strip() for text in fold(f" {_BETWEEN} ".join(["", *kept])).split(_BETWEEN)[1:]]


def clean(text: str) -> str:
    """``text`` as a person sees it: one kind of line end, nothing invisible, no edge spaces."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _ILLEGAL.sub("", lines))).strip()


def nearest(text: str, expected: Iterable[str]) -> str | None:
    """The one of ``expected`` that ``text`` was probably meant to be."""
    by_fold = {fold(one): one for one in expected}
    found = get_close_matches(fold(text)[:200], list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def short(text: str, limit: int = 60) -> str:
    """``text`` on one line, cut to be quoted in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def number(count: int) -> str:
    """A count the French way, with a narrow no-break space between thousands."""
    return f"{count:,}".replace(",", "\u202f")
