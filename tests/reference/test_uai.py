"""The control letter of a school number."""

import pytest

from traam.reference import uai


@pytest.mark.parametrize("number", ["0750655E", "0590119J", "0301674G"])
def test_a_true_number_is_accepted(number: str) -> None:
    assert uai.check(number) == number


@pytest.mark.parametrize("typed", ["0750655e", " 0750655E ", "075 0655 E", "0750655-E", "075\u00a00655E"])
def test_the_way_of_typing_does_not_matter(typed: str) -> None:
    assert uai.check(typed) == "0750655E"


def test_a_wrong_letter_is_named_with_the_one_expected() -> None:
    with pytest.raises(uai.BadUai) as refusal:
        uai.check("0750655A")
    assert refusal.value.sentence == (
        "0750655A : la lettre de contrôle est fausse ; vérifiez le numéro (la lettre attendue pour 0750655 est E)"
    )


@pytest.mark.parametrize("typed", ["", "0750655", "750655E", "07506555E", "O750655E", "0750655É", "٠٧٥٠٦٥٥E"])
def test_another_shape_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(uai.BadUai, match="sept chiffres puis une lettre, par exemple 0750655E"):
        uai.check(typed)


def test_every_single_digit_mistake_is_seen() -> None:
    for place in range(7):
        for digit in "0123456789":
            mistyped = "0750655E"[:place] + digit + "0750655E"[place + 1 :]
            if mistyped != "0750655E":
                with pytest.raises(uai.BadUai):
                    uai.check(mistyped)
