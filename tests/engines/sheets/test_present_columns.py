"""A column that must be there may have empty cells, but may not be left out."""

from sheet_makers import xlsx

from traam.engines.sheets import Column, Layout, read

LAYOUT = Layout("essai", "Essai", (Column("name", "Nom"), Column("note", "Remarque", present=True)))


def test_a_present_column_may_be_empty() -> None:
    reading = read(xlsx(("Nom", "Remarque"), ("Un nom", None), sheet="Essai"), LAYOUT)
    assert (reading.problems, reading.sheet) == ((), "Essai")
    assert reading.rows[0].values == {"name": "Un nom", "note": ""}


def test_a_present_column_left_out_is_a_problem() -> None:
    reading = read(xlsx(("Nom",), ("Un nom",), sheet="Essai"), LAYOUT)
    assert [str(problem) for problem in reading.problems] == [
        "Essai : colonne « Remarque » introuvable : remettez-la dans la ligne des titres"
    ]
