"""One verdict on one value, with a sentence that says what to do."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_makers import AXES, COLUMNS, EMAIL, GOOD, PHONE, PROJECT, SCHOOL, SIZE, START, line

from traam.engines.sheets import CellProblem, Column, check, parse

ACADEMY = COLUMNS[0]


def sentences(column: Column, raw: object) -> tuple[str, ...]:
    with pytest.raises(CellProblem) as problem:
        parse(column, raw)
    return problem.value.sentences


def test_a_good_form_gives_typed_values() -> None:
    values, problems = check(COLUMNS, dict(zip((c.key for c in COLUMNS), line(), strict=True)))
    assert problems == {}
    assert values == GOOD


def test_every_field_is_judged() -> None:
    values, problems = check(COLUMNS, {"academy": "Lylle", "size": "deux", "axes": ["Évaluer"]})
    assert list(problems) == ["academy", "project", "email", "size"]
    assert problems["project"] == ["« Intitulé du projet » est à remplir : c'est obligatoire"]
    assert values["axes"] == ("Évaluer",)
    assert values["academy"] == "" and values["size"] is None


@pytest.mark.parametrize(
    "typed", ["orleans tours", "ORLÉANS-TOURS", " Orléans\u00a0-\u00a0Tours ", "Orle\u0301ans-Tours"]
)
def test_a_choice_forgives_the_way_of_typing(typed: str) -> None:
    assert parse(ACADEMY, typed) == "Orléans-Tours"


def test_an_unknown_choice_is_answered_with_the_nearest() -> None:
    assert sentences(ACADEMY, "Lylle") == ("« Lylle » n'est pas dans la liste ; vouliez-vous dire « Lille » ?",)
    (said,) = sentences(ACADEMY, "Zzz")
    assert said.endswith("choisissez parmi « Lille », « Lyon », « Orléans-Tours », « Aix-Marseille »")


def test_a_long_list_is_not_recited() -> None:
    many = Column("many", "Département", "choice", choices=tuple(f"Numéro {n}" for n in range(99)))
    assert sentences(many, "%%")[0].endswith("choisissez l'une de ses valeurs")


@pytest.mark.parametrize(
    "raw", ["évaluer; COOPERER ;", ["Évaluer", "Coopérer"], "Évaluer\nCoopérer", "Évaluer, Coopérer"]
)
def test_several_choices(raw: object) -> None:
    assert parse(AXES, raw) == ("Évaluer", "Coopérer")


def test_every_wrong_choice_is_said_and_the_count_is_bounded() -> None:
    assert len(sentences(AXES, "Evalue ; Coperer ; Évaluer")) == 2
    assert sentences(AXES, "Évaluer ; Différencier ; Coopérer") == ("3 valeurs : gardez-en 2 au plus",)


def test_a_label_with_a_comma_is_not_cut() -> None:
    column = Column("c", "C", "choices", choices=("Lire, écrire", "Dire"))
    assert parse(column, "lire, ecrire ; dire") == ("Lire, écrire", "Dire")


def test_a_text_too_long_says_by_how_much() -> None:
    assert parse(PROJECT, "é" * 40) == "é" * 40
    assert sentences(PROJECT, "é" * 43) == ("le texte compte 43 caractères pour 40 au plus : raccourcissez-le de 3",)


def test_a_text_keeps_its_lines_and_loses_what_is_invisible() -> None:
    assert parse(PROJECT, " a\r\nb\x00\u200b ") == "a\nb"
    assert parse(PROJECT, 12.0) == "12"


@pytest.mark.parametrize(
    "raw",
    [
        date(2026, 9, 1), datetime.fromisoformat("2026-09-01T10:30"), 46266, 46266.5, "46266",
        "01/09/2026", "1/9/2026", "1.9.2026", "2026-09-01", "2026-09-01T00:00:00", "1er septembre 2026",
        "mardi 1 septembre 2026", "01/09/2026 10:30",
    ],
)  # fmt: skip
def test_dates(raw: object) -> None:
    assert parse(START, raw) == date(2026, 9, 1)


def test_a_date_that_does_not_exist() -> None:
    assert sentences(START, "30/02/2026") == ("le 30/02/2026 n'existe pas dans le calendrier : corrigez la date",)
    assert sentences(START, "2026-2-30") == sentences(START, "30/02/2026")


@pytest.mark.parametrize(
    "raw", ["septembre", 2026, 2026.0, "1 brumaire 2026", "01/09/26", True, float("inf"), float("nan")]
)
def test_what_is_not_a_date_is_never_guessed(raw: object) -> None:
    assert "n'est pas une date : écrivez-la sous la forme jj/mm/aaaa" in sentences(START, raw)[0]


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("Prenom.Nom@AC-Lille.FR", "Prenom.Nom@ac-lille.fr"),
        ("mailto:a@b.fr", "a@b.fr"),
        ("Le référent <a@b.fr>", "a@b.fr"),
        ("o'neil+traam@sous.domaine.fr", "o'neil+traam@sous.domaine.fr"),
    ],
)
def test_addresses(raw: str, address: str) -> None:
    assert parse(EMAIL, raw) == address


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("ac-lille.fr", "il manque le signe @"),
        ("a@b", "écrivez-la sous la forme"),
        ("a b@c.fr", "écrivez-la sous la forme"),
        ("a..b@c.fr", "écrivez-la sous la forme"),
        ("a@-c.fr", "écrivez-la sous la forme"),
        ("a@b.fr ; c@d.fr", "donnez une seule adresse"),
    ],
)
def test_wrong_addresses(raw: str, said: str) -> None:
    assert said in sentences(EMAIL, raw)[0]


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("01 23 45 67 89", "+33 1 23 45 67 89"),
        ("01.23.45.67.89", "+33 1 23 45 67 89"),
        ("+33 (0)1 23 45 67 89", "+33 1 23 45 67 89"),
        ("0033 1-23-45-67-89", "+33 1 23 45 67 89"),
        ("Tél. : 0123456789", "+33 1 23 45 67 89"),
        (123456789.0, "+33 1 23 45 67 89"),
        ("0590 12 34 56", "+590 590 12 34 56"),
        ("0692 12 34 56", "+262 692 12 34 56"),
        ("+262 269 12 34 56", "+262 269 12 34 56"),
        ("+687 26 61 00", "+687 26 61 00"),
        ("+689 40 47 84 00", "+689 40 47 84 00"),
        ("+508 41 01 02", "+508410102"),
        ("+32 2 123 45 67", "+3221234567"),
    ],
)
def test_phones(raw: object, number: str) -> None:
    assert parse(PHONE, raw) == number
    assert parse(PHONE, number) == number


@pytest.mark.parametrize("raw", ["01 23 45 67 8", "26 61 00", "00 00 00 00 00", "+687 26", "+0", "poste 12", "3639"])
def test_wrong_phones(raw: str) -> None:
    assert "n'est pas un numéro de téléphone" in sentences(PHONE, raw)[0]
    assert "écrivez dix chiffres" in sentences(PHONE, raw)[0]


@pytest.mark.parametrize("raw", ["12", "12,0", "12.00", 12.0, 12, " 1 2 ", "+12"])
def test_integers(raw: object) -> None:
    assert parse(SIZE, raw) == 12


def test_wrong_integers() -> None:
    assert sentences(SIZE, "12,5") == ("« 12,5 » n'est pas un nombre entier : écrivez-le en chiffres, par exemple 12",)
    assert sentences(SIZE, 2) == ("2 est trop petit : donnez 3 ou plus",)
    assert sentences(SIZE, "51") == ("51 est trop grand : donnez 50 ou moins",)
    assert "n'est pas un nombre entier" in sentences(SIZE, True)[0]


def test_the_empty_answers_of_a_list_leave_no_separator() -> None:
    assert parse(Column("names", "Noms"), ["Lyon", "", None, " "]) == "Lyon"


def test_a_school_number_says_the_letter_expected() -> None:
    assert parse(SCHOOL, "0750655 e") == "0750655E"
    assert "la lettre attendue pour 0750655 est E" in sentences(SCHOOL, "0750655A")[0]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(COLUMNS),
    st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.dates(), st.lists(st.text())),
)
def test_anything_is_parsed_or_refused_and_a_value_parses_to_itself(column: Column, raw: object) -> None:
    try:
        value = parse(column, raw)
    except CellProblem as problem:
        assert problem.sentences and all(problem.sentences)
    else:
        if value not in ("", None, ()):
            assert parse(column, value) == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "é"},
        {"kind": "choice"},
        {"choices": ("a",)},
        {"kind": "choice", "choices": ("Été", "ete")},
        {"kind": "choices", "choices": ("a;b",)},
    ],
)
def test_a_column_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="column"):
        Column(**{"key": "k", "title": "K", **wrong})  # type: ignore[arg-type]
