"""The number of a school (UAI): seven digits and a letter that checks them."""

import re

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 control letters (neither I, O nor Q): the letter is the seven digits modulo 23."""

_SHAPE = re.compile(r"([0-9]{7})([A-Z])", re.ASCII)


class BadUai(ValueError):
    """Not the number of a school; ``sentence`` says in French what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def letter(digits: str) -> str:
    """The control letter of seven digits."""
    return LETTERS[int(digits) % len(LETTERS)]


def check(uai: str) -> str:
    """The number in capitals without spaces, or `BadUai`. Says nothing of whether the school exists."""
    number = re.sub(r"[\s.\-]", "", uai).upper()
    shape = _SHAPE.fullmatch(number)
    if shape is None:
        raise BadUai(
            f"« {uai.strip()} » n'est pas un numéro d'établissement (UAI) : "
            "écrivez sept chiffres puis une lettre, par exemple 0750655E"
        )
    digits, given = shape.groups()
    expected = letter(digits)
    if given != expected:
        raise BadUai(
            f"{number} : la lettre de contrôle est fausse ; vérifiez le numéro "
            f"(la lettre attendue pour {digits} est {expected})"
        )
    return number
