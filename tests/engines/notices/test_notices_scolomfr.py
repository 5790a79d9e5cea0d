"""A notice in ScoLOMFR, judged by the schema of 3.1 and by the published vocabularies when they are on this machine,
and always by rules written apart from what writes it: label of a URI, vocabulary of a purpose, chain of a path."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import vobject
from lxml import etree

from traam import reference
from traam.engines.notices import Notice, lom, scolomfr, vcard

BESIDE = Path(os.environ.get("TRAAM_SCHEMAS", Path(__file__).resolve().parents[4] / "shared/data/xsd"))
VOCABULARIES = BESIDE.parent / "vocabularies-5.2"
NS = {"lom": "http://ltsc.ieee.org/xsd/LOM", "lomfr": "http://www.lom-fr.fr/xsd/LOMFR"}
CONCEPT = "http://data.education.fr/voc/scolomfr/concept/"
# Purpose, the vocabulary its taxons come from.
PURPOSES = {
    f"{CONCEPT}scolomfr-voc-028-num-003": "scolomfr-voc-015",
    f"{CONCEPT}educational_level": "scolomfr-voc-022",
    f"{CONCEPT}scolomfr-voc-028-num-037": "scolomfr-voc-038",
}
FULL = Notice(
    identifier="oai:traam.example.org:notice/7",
    url="https://traam.example.org/notices/7",
    title="Cartographier <son> quartier & l'habiter",
    summary="Les élèves relèvent, cartographient\x0b et commentent.",
    creators=("Équipe TraAM de Lyon, Rhône; Ain",),
    publisher="Académie de Lyon",
    date=date(2025, 3, 1),
    licence_url="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    licence_label="CC BY-SA 4.0",
    disciplines=("Histoire-géographie", "Philosophie"),
    levels=("3e",),
    competences=(("1.1", "Mener une recherche"), ("3.4", "Programmer")),
    tools=("uMap",),
    theme="L'espace proche",
    theme_url="https://traam.example.org/themes/3",
    edubase_url="https://edubase.eduscol.education.fr/fiche/24254",
    relations=("https://exemple.fr/carte",),
    source_url="https://pedagogie.ac-lyon.fr/quartier",
    duration_minutes=55,
    discipline_codes=("HG", "PHILO"),
    level_codes=("023", "201"),
    competence_codes=("1.1", "3.4"),
    validators=("Inspection de l'académie de Lyon",),
    version=2,
    media=("text/html", "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)
BARE = replace(
    FULL, summary="", creators=(), date=None, period="2014-2015", licence_url=None, licence_label=None, tools=(),
    discipline_codes=(), level_codes=(), competence_codes=(), theme_url="", edubase_url="", relations=(),
    source_url=None, duration_minutes=None, validators=(), version=None,
)  # fmt: skip
EVERYTHING = replace(
    FULL,
    discipline_codes=tuple(reference.disciplines()),
    level_codes=tuple(code for code in reference.levels() if "STHR" not in reference.levels()[code].label),
    competence_codes=tuple(reference.competences()),
    media=tuple(sorted(kind for kind in ("text/html", "image/png", "video/mp4", "text/vtt", "image/webp"))),
)


@cache
def schema() -> etree.XMLSchema:
    path = BESIDE / "oai" / "all.xsd"
    if not path.is_file():
        pytest.skip(f"the schema of ScoLOMFR 3.1 is not there ({path}): set TRAAM_SCHEMAS")
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("notice", [FULL, BARE, EVERYTHING], ids=["full", "bare", "everything"])
def test_a_strict_notice_respects_the_schema(notice: Notice) -> None:
    schema().assertValid(etree.fromstring(etree.tostring(scolomfr(notice, strict=True))))


def test_the_schema_refuses_nothing_else_of_a_whole_notice() -> None:
    """But for the CRCN, which came after it."""
    root = etree.fromstring(lom(replace(FULL, media=("text/html",))))
    for one in nodes(root, "lom:classification[lom:purpose/lom:value[contains(., 'num-037')]]"):
        root.remove(one)
    schema().assertValid(root)


# --- the checker


def nodes(node: Any, path: str) -> list[Any]:
    return list(node.xpath(path, namespaces=NS))


def texts(node: Any, path: str) -> list[str]:
    return [str(found.text) for found in nodes(node, path)]


@cache
def published() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Label and parents of every term of the published vocabularies, by URI."""
    if not VOCABULARIES.is_dir():
        pytest.skip(f"the vocabularies of ScoLOMFR are not there ({VOCABULARIES}): set TRAAM_SCHEMAS")
    found: dict[str, tuple[str, frozenset[str]]] = {}

    def walk(terms: list[Any], parent: str) -> None:
        for term in terms:
            parents = found.get(term["value"], ("", frozenset()))[1] | {parent}
            found[term["value"]] = (term["label"], parents)
            walk(term["children"], term["value"])

    for path in VOCABULARIES.glob("*.json"):
        walk(json.loads(path.read_text(encoding="utf-8"))["terms"], "")
    with (VOCABULARIES.parent / "scolomfr_vocab_utile.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["uri"], (row["libelle"], frozenset({""})))
    return found


def faults(root: Any) -> Iterator[str]:
    """What a reader of the vocabularies would say of a notice."""
    for term in nodes(root, "//*[lom:value and lom:label] | //*[lomfr:value and lomfr:label]"):
        uri, label = texts(term, "*[local-name()='value']")[0], texts(term, "*[local-name()='label']")[0]
        if published().get(uri, ("?",))[0] != label:
            yield f"{label} is not the label of {uri}"
    for path in nodes(root, "//lom:classification/lom:taxonPath"):
        purpose = texts(path, "../lom:purpose/lom:value")[0]
        taxons = [(texts(one, "lom:id")[0], texts(one, "lom:entry/lom:string")[0]) for one in nodes(path, "lom:taxon")]
        for uri, label in taxons:
            if (
                PURPOSES.get(purpose, "?") not in uri
                or PURPOSES[purpose] not in texts(path, "lom:source/lom:string")[0]
            ):
                yield f"{uri} is not of the vocabulary of {purpose}"
            if published().get(uri, ("?",))[0] != label:
                yield f"{label} is not the label of {uri}"
        if "" not in published()[taxons[0][0]][1]:
            yield f"{taxons[0][1]} is not at the top of its vocabulary"
        for (above, _), (uri, label) in pairwise(taxons):
            if above not in published()[uri][1]:
                yield f"{label} is not under {above}"


@pytest.mark.parametrize("notice", [FULL, BARE, EVERYTHING], ids=["full", "bare", "everything"])
def test_terms_have_their_label_and_their_place(notice: Notice) -> None:
    assert list(faults(scolomfr(notice))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("//lom:role/lom:label", "autrice"),
        ("//lom:classification[1]/lom:taxonPath/lom:taxon/lom:id", f"{CONCEPT}scolomfr-voc-022-num-023"),
        ("//lom:classification[2]/lom:taxonPath/lom:taxon[1]/lom:entry/lom:string", "lycée"),
        ("//lom:classification[2]/lom:taxonPath/lom:taxon[last()]/lom:id", f"{CONCEPT}scolomfr-voc-022-num-010"),
    ],
)
def test_the_checker_sees_what_is_wrong(path: str, value: str) -> None:
    root = etree.fromstring(lom(FULL))
    nodes(root, path)[0].text = value
    assert list(faults(root))


def test_every_discipline_level_and_competence_leads_from_the_top() -> None:
    """Without the published vocabularies: the parents are all there."""
    root = scolomfr(EVERYTHING)
    paths = nodes(root, "//lom:classification/lom:taxonPath")
    chains = [texts(path, "lom:taxon/lom:entry/lom:string") for path in paths]
    assert ["collège", "3e"] in chains and ["sciences humaines (discipline)", "philosophie"] in chains
    assert ["informations et données", "mener une recherche et une veille d'information"] in chains
    known = sum(bool(one.uri) for one in reference.disciplines().values())
    assert len(chains) == known + len(EVERYTHING.level_codes) + len(EVERYTHING.competence_codes)


# --- what it says


def test_what_is_mandatory_is_there_even_of_a_bare_notice() -> None:
    root = scolomfr(BARE)
    for path in (
        "lom:general/lom:identifier/lom:entry",
        "lom:general/lom:title/lom:string",
        "lom:general/lom:language",
        "lom:general/lom:description/lom:string",
        "lom:lifeCycle/lom:contribute/lom:role/lom:value",
        "lom:lifeCycle/lom:contribute/lom:entity",
        "lom:lifeCycle/lom:contribute/lom:date/lom:dateTime",
        "lom:technical/lom:location",
    ):
        assert texts(root, path), path
    assert texts(root, "lom:lifeCycle/lom:contribute/lom:date/lom:dateTime")[0] == "2015"
    assert "Histoire-géographie" in texts(root, "lom:general/lom:keyword/lom:string")
    assert not nodes(root, "lom:rights"), "of a licence nobody noted, nothing is said"


def test_the_text_is_where_the_academy_has_it() -> None:
    locations = texts(scolomfr(FULL), "lom:technical/lom:location")
    assert locations == ["https://pedagogie.ac-lyon.fr/quartier", "https://traam.example.org/notices/7"]
    rights = texts(scolomfr(FULL), "lom:rights/lom:description/lom:string")
    assert rights == ["CC BY-SA 4.0 https://creativecommons.org/licenses/by-sa/4.0/deed.fr"]
    assert texts(scolomfr(FULL), "lom:educational/lom:context/lom:label") == ["enseignement secondaire"]


def test_a_card_names_a_body_and_is_read_by_others() -> None:
    name = "Groupe TraAM de l'académie de Lyon, équipe d'histoire; géographie et d'enseignement moral et civique"
    card = vcard(name)
    assert all(len(line.encode()) <= 75 for line in card.split("\n")) and "EMAIL" not in card
    read = vobject.readOne(card.replace("\n", "\r\n"))
    assert read.fn.value == name and read.kind.value == "org"
    assert "END:VCARD\nX" not in vcard("Lyon\nEND:VCARD\nX")


def test_what_xml_cannot_hold_is_left_out() -> None:
    summary = texts(scolomfr(FULL), "lom:general/lom:description/lom:string")[0]
    assert summary == "Les élèves relèvent, cartographient et commentent."
