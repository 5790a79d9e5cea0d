"""French telephone numbers, overseas included, in the international form.

Prefixes follow the national numbering plan (Arcep) and the country codes of the ITU (recommendation E.164).
"""

import re

_OVERSEAS = {
    "0262": "262", "0263": "262", "0269": "262", "0639": "262", "0692": "262", "0693": "262",
    "0508": "508", "0708": "508",
    "0590": "590", "0690": "590", "0691": "590",
    "0594": "594", "0694": "594",
    "0596": "596", "0696": "596", "0697": "596",
}  # fmt: skip
_PACIFIC = {"681": 6, "687": 6, "689": 8}
"""Digits after the country code: Wallis-et-Futuna, Nouvelle-Calédonie, Polynésie française."""

_HOW = "écrivez dix chiffres, par exemple 01 23 45 67 89, ou l'indicatif du pays, par exemple +687 26 00 00"


class BadPhone(ValueError):
    """Not a telephone number; ``sentence`` says in French what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def international(typed: str) -> str:
    """``typed`` as "+33 1 23 45 67 89", or `BadPhone`.

    A spreadsheet that took the number for a quantity lost its first zero: nine digits get it back.
    """
    text = re.sub(r"^t[ée]l[a-zé]*[\s.:]*", "", typed.strip(), flags=re.IGNORECASE)
    text = re.sub(r"^(\+|00)\s*33\s*\(0\)", "+33", text)
    compact = re.sub(r"[\s.\-/()\u2010-\u2015]", "", text)
    if not re.fullmatch(r"\+?\d+", compact, re.ASCII):
        raise BadPhone(f"« {typed[:40].strip()} » n'est pas un numéro de téléphone : {_HOW}")
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if compact.startswith("+"):
        return _abroad(compact[1:], typed)
    return _national(compact.zfill(10) if len(compact) == 9 else compact, typed)


def _national(digits: str, typed: str) -> str:
    if not re.fullmatch(r"0[1-9]\d{8}", digits):
        given = f"{len(digits)} chiffre{'s' if len(digits) > 1 else ''}"
        raise BadPhone(f"« {typed[:40].strip()} » ({given}) n'est pas un numéro de téléphone complet : {_HOW}")
    country = _OVERSEAS.get(digits[:4])
    if country is None:
        return f"+33 {digits[1]} {_pairs(digits[2:])}"
    return f"+{country} {digits[1:4]} {_pairs(digits[4:])}"


def _abroad(digits: str, typed: str) -> str:
    if digits.startswith("33"):
        return _national("0" + digits[2:].lstrip("0"), typed)
    country, rest = digits[:3], digits[3:]
    if country in _OVERSEAS.values() and len(rest.lstrip("0")) == 9:
        return f"+{country} {rest.lstrip('0')[:3]} {_pairs(rest.lstrip('0')[3:])}"
    if country in _PACIFIC and len(rest) == _PACIFIC[country]:
        return f"+{country} {_pairs(rest)}"
    known = country in _PACIFIC or country in _OVERSEAS.values()
    if digits.startswith("0") or not 8 <= len(digits) <= 15 or (known and country != "508"):
        raise BadPhone(f"« {typed[:40].strip()} » n'est pas un numéro de téléphone complet : {_HOW}")
    return f"+{digits}"


def _pairs(digits: str) -> str:
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))
