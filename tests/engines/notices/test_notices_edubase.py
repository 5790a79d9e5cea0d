"""The sheet of Édubase, in the order of a form that is data."""

from dataclasses import replace
from datetime import date

import pytest

from traam import reference
from traam.engines.notices import Notice, edubase
from traam.engines.notices.edubase import SOURCES
from traam.reference import EdubaseForm, FormField

NOTICE = Notice(
    identifier="oai:x:notice/7",
    url="https://traam.example.org/notices/7",
    title="Cartographier",
    summary="Les élèves relèvent.",
    creators=("Équipe de Lyon",),
    publisher="Académie de Lyon",
    date=date(2025, 3, 1),
    disciplines=("Histoire-géographie",),
    levels=("6e", "5e"),
    competences=(("1.1", "Mener une recherche"),),
    theme="L'espace proche",
    duration_minutes=140,
    discipline_codes=("HG", "DOC"),
    programme="Habiter un espace.",
)


def said(notice: Notice = NOTICE) -> dict[str, str]:
    return {entry.label: entry.value for entry in edubase(notice, reference.edubase_form())}


def test_the_fields_are_those_of_the_form_in_its_order() -> None:
    assert list(said()) == [field.label for field in reference.edubase_form().fields]
    assert {field.source for field in reference.edubase_form().fields} <= set(SOURCES)


def test_each_field_has_what_the_notice_says() -> None:
    found = said()
    assert found["Discipline"] == "Histoire ; Géographie ; Documentation"
    assert found["Niveau"] == "6e ; 5e"
    assert found["Mots-clés"] == "TraAM ; L'espace proche"
    assert (found["Durée"], found["Date de publication"]) == ("2 h 20", "01/03/2025")
    assert found["Point du programme"] == "Habiter un espace."
    assert found["Outils et services"] == ""


@pytest.mark.parametrize("source", [None, "https://pedagogie.ac-lyon.fr/x"])
def test_the_address_is_where_the_text_is_read(source: str | None) -> None:
    assert said(replace(NOTICE, source_url=source))["Adresse de la ressource"] == (source or NOTICE.url)


def test_what_goes_past_a_limit_is_counted() -> None:
    form = EdubaseForm(
        "https://x", False, " ; ", (FormField("Titre", "title", 5, ""), FormField("R", "summary", 0, ""))
    )
    titled, summed = edubase(NOTICE, form)
    assert (titled.excess, summed.excess) == (len("Cartographier") - 5, 0)


def test_another_form_gives_another_sheet() -> None:
    form = EdubaseForm("https://x", True, ", ", (FormField("N", "levels", 0, ""), FormField("T", "title", 0, "")))
    assert [(entry.label, entry.value) for entry in edubase(NOTICE, form)] == [("N", "6e, 5e"), ("T", "Cartographier")]
