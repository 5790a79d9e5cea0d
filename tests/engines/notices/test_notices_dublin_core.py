"""A notice written as Dublin Core."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from traam.engines.notices import OAI_DC_NAMESPACE, OAI_DC_SCHEMA, Notice, dublin_core

DC = "{http://purl.org/dc/elements/1.1/}"
FULL = Notice(
    identifier="oai:traam.example.org:scenario/7f0c",
    url="https://academie.example.org/scenario/7",
    title="Cartographier son quartier",
    summary="Les élèves relèvent, cartographient & commentent <leur> quartier.",
    creators=("Équipe TraAM de Lyon", "Académie de Lyon"),
    publisher="Académie de Lyon",
    date=date(2025, 3, 1),
    licence_url="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    licence_label="CC BY-SA 4.0",
    disciplines=("Histoire-géographie",),
    levels=("6e", "5e"),
    competences=(("1.1", "Mener une recherche"),),
    keywords=("carte", "quartier"),
    tools=("uMap",),
    theme="L'espace proche",
    relations=("https://academie.example.org/scenario/3",),
    source_url="https://edubase.eduscol.education.fr/fiche/12345",
    duration_minutes=55,
)


def said(notice: Notice) -> list[tuple[str, str | None]]:
    return [(str(child.tag).removeprefix(DC), child.text) for child in dublin_core(notice)]


def test_every_fact_of_the_notice_has_its_element() -> None:
    assert said(FULL) == [
        ("title", "Cartographier son quartier"),
        ("creator", "Équipe TraAM de Lyon"),
        ("creator", "Académie de Lyon"),
        ("subject", "Histoire-géographie"),
        ("subject", "6e"),
        ("subject", "5e"),
        ("subject", "1.1 Mener une recherche"),
        ("subject", "carte"),
        ("subject", "quartier"),
        ("subject", "uMap"),
        ("subject", "L'espace proche"),
        ("description", "Les élèves relèvent, cartographient & commentent <leur> quartier."),
        ("publisher", "Académie de Lyon"),
        ("date", "2025-03-01"),
        ("type", "LearningObject"),
        ("type", "Scénario pédagogique"),
        ("format", "text/html"),
        ("format", "PT55M"),
        ("identifier", "https://academie.example.org/scenario/7"),
        ("source", "https://edubase.eduscol.education.fr/fiche/12345"),
        ("language", "fr"),
        ("relation", "https://academie.example.org/scenario/3"),
        ("rights", "https://creativecommons.org/licenses/by-sa/4.0/deed.fr"),
        ("rights", "CC BY-SA 4.0"),
    ]


def test_the_sheet_of_edubase_is_a_relation() -> None:
    address = "https://edubase.eduscol.education.fr/fiche/24254"
    assert ("relation", address) in said(replace(FULL, edubase_url=address))


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(
        FULL,
        summary="  ",
        creators=(),
        publisher="",
        licence_label="",
        disciplines=(),
        levels=(),
        competences=(),
        keywords=(),
        tools=(),
        theme=None,
        relations=(),
        source_url=None,
        duration_minutes=None,
    )
    assert [name for name, _ in said(bare)] == [
        "title",
        "date",
        "type",
        "type",
        "format",
        "identifier",
        "language",
        "rights",
    ]


def test_the_same_word_is_said_once() -> None:
    repeated = replace(FULL, keywords=("carte", "uMap", "carte "), tools=("uMap",))
    subjects = [text for name, text in said(repeated) if name == "subject"]
    assert (subjects.count("carte"), subjects.count("uMap")) == (1, 1)


def test_characters_xml_cannot_carry_are_dropped() -> None:
    pasted = replace(FULL, title="Un\x0b titre\x00 \ud83d collé\ufffe", keywords=("\x1f",))
    assert said(pasted)[0] == ("title", "Un titre  collé")
    assert ("subject", "") not in said(pasted)
    etree.fromstring(etree.tostring(dublin_core(pasted)))


def test_the_element_stands_alone() -> None:
    root = dublin_core(FULL)
    assert root.tag == f"{{{OAI_DC_NAMESPACE}}}dc"
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert location == f"{OAI_DC_NAMESPACE} {OAI_DC_SCHEMA}"
    assert {"oai_dc", "dc", "xsi"} == set(root.nsmap)


def test_the_element_follows_its_schema() -> None:
    beside = Path(__file__).resolve().parents[4] / "shared/data/xsd"
    schema = Path(os.environ.get("TRAAM_SCHEMAS", beside)) / "oai/oai_dc.xsd"
    if not schema.is_file():
        pytest.skip(
            "Le schéma de Dublin Core est absent : donnez le dossier qui contient oai/oai_dc.xsd "
            "dans la variable TRAAM_SCHEMAS."
        )
    etree.XMLSchema(etree.parse(schema)).assertValid(dublin_core(FULL))


def test_of_a_licence_that_nobody_knows_nothing_is_said() -> None:
    unknown = replace(FULL, licence_url=None, licence_label=None)
    assert "rights" not in [name for name, _ in said(unknown)]


def test_without_a_day_of_publication_the_years_of_the_work_are_said() -> None:
    old = replace(FULL, date=None, period="2013-2014")
    assert [text for name, text in said(old) if name == "date"] == ["2013-2014"]
    assert "date" not in [name for name, _ in said(replace(old, period=""))]
