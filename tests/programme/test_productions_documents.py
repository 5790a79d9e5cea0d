"""A document laid in the sections of a scenario: by its headings, whatever they look like; nothing is lost."""

import pytest

from traam.engines.wordprocessing import Block, Kind, Text
from traam.programme.productions.documents import place, section_of


def heading(words: str, level: int = 1) -> Block:
    return Block(Kind.HEADING, words, level)


def paragraph(words: str) -> Block:
    return Block(Kind.PARAGRAPH, words)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("1. CONTEXTE", "context"),
        ("Public visé", "context"),
        ("Objectifs pédagogiques", "objectives"),
        ("Compétences travaillées", "objectives"),
        ("Déroulé de la séance", "steps"),
        ("Mise en œuvre", "steps"),
        ("Matériel nécessaire", "materials"),
        ("Plus-value du numérique", "added_value"),
        ("Plus‑value", "added_value"),
        ("Différenciation", "differentiation"),
        ("Évaluation des acquis", "evaluation"),
        ("Bilan et limites", "limits"),
        ("Points de vigilance", "limits"),
        ("**Résumé**", "summary"),
        ("Remerciements", ""),
        ("Annexes", ""),
    ],
)
def test_the_words_of_a_heading_say_where_it_goes(words: str, key: str) -> None:
    assert section_of(words) == key


def test_headings_of_a_word_processor() -> None:
    placed = place(
        Text(
            (
                heading("Une séance"),
                paragraph("En deux mots."),
                heading("Déroulement", 2),
                heading("Premier temps", 3),
                paragraph("On ouvre."),
                heading("Matériel", 3),
                paragraph("Un tableau."),
                heading("Évaluation", 2),
                Block(Kind.BULLET, "une grille"),
            )
        )
    )
    assert placed.sections == {
        "title": "Une séance",
        "summary": "En deux mots.",
        "steps": "# Premier temps\n\nOn ouvre.\n\n# Matériel\n\nUn tableau.",
        "evaluation": "- une grille",
    }
    assert (placed.unplaced, placed.told) == ("", [])


def test_lines_in_bold_are_headings_when_they_name_a_section() -> None:
    placed = place(
        Text(
            (
                paragraph("**Contexte :**"),
                paragraph("Une classe."),
                paragraph("Objectifs :"),
                paragraph("**Important** à lire"),
                paragraph("**Vraiment**"),
            )
        )
    )
    assert placed.sections == {"context": "Une classe.", "objectives": "**Important** à lire\n\n**Vraiment**"}


def test_a_form_in_a_table_is_a_text_with_headings() -> None:
    rows = (("Niveau et contexte", "3e"), ("Objectifs", "Mesurer"), ("Divers", "Rien"))
    placed = place(Text((Block(Kind.TABLE, rows=rows),)))
    assert placed.sections == {"context": "3e", "objectives": "Mesurer"}
    assert "Divers" in placed.unplaced and "Rien" in placed.unplaced


def test_another_table_stays_a_table() -> None:
    table = Block(Kind.TABLE, rows=(("Séance", "Durée"), ("Ouvrir", "10 min")))
    placed = place(Text((heading("Déroulement"), heading("Contexte"), paragraph("Ici"), heading("Étapes"), table)))
    assert placed.sections["steps"].startswith("| Séance | Durée |")


def test_what_has_no_place_is_shown_and_nothing_is_dropped() -> None:
    blocks = (
        heading("Titre de la séance"),
        heading("Remerciements", 2),
        paragraph("À tous."),
        Block(Kind.IMAGE, "une carte", address="media/image1.png"),
        heading("Contexte", 2),
        paragraph("x" * 40_001),
    )
    placed = place(Text(blocks, ("des notes de bas de page",)))
    assert placed.sections == {"title": "Titre de la séance"}
    assert "Remerciements" in placed.unplaced and "À tous." in placed.unplaced
    assert "x" * 40_001 in placed.unplaced
    assert any("notes de bas de page" in said for said in placed.told)
    assert any("une image (« une carte »)" in said for said in placed.told)


def test_a_summary_too_long_is_shown_apart() -> None:
    placed = place(Text((heading("Titre"), paragraph("mot " * 500), heading("Contexte", 2), paragraph("Ici"))))
    assert set(placed.sections) == {"title", "context"}
    assert placed.unplaced.count("mot") == 500


def test_an_empty_document_fills_nothing() -> None:
    placed = place(Text(()))
    assert (placed.sections, placed.unplaced, placed.told) == ({}, "", [])
