"""Titles that the layout does not know: told with what they most likely are, and explained once for all."""

from sheet_makers import GOOD, LAYOUT, TITLES, line, xlsx

from traam.engines.sheets import Heading, Reading, fold, read


def retitled(**titles: str) -> list[str]:
    """The line of titles, with some changed by the key of their column."""
    return [titles.get(c.key, c.title) for c in LAYOUT.columns]


def said(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def test_unknown_titles_are_told_with_samples_and_a_suggestion() -> None:
    titles = retitled(project="Intitulé de projets", phone="Mobile")
    rows = [line(), line(project="Un autre"), line(), line(project="Un\ntroisième"), line(project="Un de trop")]
    reading = read(xlsx(["Appel"], [*titles, "Remarque"], *rows), LAYOUT)
    assert reading.header == 2
    assert reading.unknown == (
        Heading(
            "Intitulé de projets",
            "Candidatures!B2",
            ("Écrire avec des sources", "Un autre", "Un troisième"),
            "project",
        ),
        Heading("Mobile", "Candidatures!E2", ("03 20 00 00 00",)),
        Heading("Remarque", "Candidatures!I2"),
    )
    assert reading.missing == ("project", "phone")


def test_a_suggestion_may_come_from_another_name_and_serves_once() -> None:
    reading = read(xlsx(retitled(project="Titres", phone="Titre s"), line()), LAYOUT)
    assert [heading.suggestion for heading in reading.unknown] == ["project", ""]


def test_what_was_explained_is_read_and_said_again() -> None:
    data = xlsx([*retitled(project="Sujet"), "Remarque"], [*line(), "à ignorer"])
    mapping = {fold("SUJET"): "project", fold("Remarque"): ""}
    reading = read(data, LAYOUT, mapping=mapping)
    assert reading.ok and reading.rows[0].values == GOOD
    assert (reading.unknown, reading.missing) == ((), ())
    assert [str(warning) for warning in reading.warnings] == [
        "Candidatures!B1 : la colonne « Sujet » est lue comme « Intitulé du projet », comme il a été demandé",
        "Candidatures!I1 : la colonne « Remarque » est ignorée, comme il a été demandé",
    ]


def test_the_key_of_a_heading_is_the_one_of_the_mapping() -> None:
    data = xlsx(retitled(project="Sujet d'étude"), line())
    (heading,) = read(data, LAYOUT).unknown
    assert read(data, LAYOUT, mapping={heading.folded: "project"}).ok


def test_a_mapping_never_overrides_a_title_of_the_layout() -> None:
    mapping = {fold(title): "phone" for title in TITLES}
    reading = read(xlsx(TITLES, line()), LAYOUT, mapping=mapping)
    assert (reading.problems, reading.warnings) == ((), ()) and reading.rows[0].values == GOOD


def test_two_headings_for_one_column_are_a_problem_and_the_exact_title_wins() -> None:
    data = xlsx(["Sujet", *TITLES], ["perdu", *line()])
    reading = read(data, LAYOUT, mapping={"sujet": "project"})
    assert said(reading) == [
        "Candidatures!A1 : la colonne « Intitulé du projet » figure deux fois, en C et en A : "
        "supprimez celle qui est en trop"
    ]
    assert reading.rows[0].values == GOOD
    both = read(
        xlsx([*retitled(project="Sujet"), "Objet"], [*line(), "x"]),
        LAYOUT,
        mapping={"sujet": "project", "objet": "project"},
    )
    assert [problem.ref for problem in both.problems] == ["Candidatures!I1"]


def test_a_mapping_to_a_column_that_is_no_more_is_forgotten() -> None:
    reading = read(xlsx([*TITLES, "Remarque"], [*line(), "x"]), LAYOUT, mapping={"remarque": "gone"})
    assert [heading.title for heading in reading.unknown] == ["Remarque"]


def test_a_sheet_known_only_by_its_mapping_is_found() -> None:
    titles = [f"Colonne {n}" for n in range(8)]
    mapping = {fold(title): column.key for title, column in zip(titles, LAYOUT.columns, strict=True)}
    reading = read(xlsx(titles, line(), sheet="Feuille 1"), LAYOUT, mapping=mapping)
    assert reading.ok and reading.rows[0].values == GOOD and reading.sheet == "Feuille 1"


def test_values_to_the_right_of_the_titles_are_told() -> None:
    reading = read(xlsx(TITLES, [*line(), None, "perdu"]), LAYOUT)
    assert [str(warning) for warning in reading.warnings] == [
        "Candidatures!J1 : cette colonne n'a pas de titre : elle est ignorée"
    ]
