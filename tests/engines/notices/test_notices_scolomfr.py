"""A notice in ScoLOMFR, judged by the schema of 3.1 and by the published vocabularies when they are on this machine,
and always by rules written apart from what writes it: label of a URI, vocabulary of a purpose, chain of a path."""

from dataclasses import replace
from datetime import date

import pytest
import vobject
from lxml import etree

from bench import notices as judging
from bench.notices import CONCEPT, nodes, texts
from traam import reference
from traam.engines.notices import Notice, lom, scolomfr, vcard

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
    based_on="https://traam.example.org/notices/3",
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
    FULL, based_on="", summary="", creators=(), date=None, period="2014-2015", licence_url=None, licence_label=None,
    tools=(), discipline_codes=(), level_codes=(), competence_codes=(), theme_url="", edubase_url="", relations=(),
    source_url=None, duration_minutes=None, validators=(), version=None,
)  # fmt: skip
EVERYTHING = replace(
    FULL,
    discipline_codes=tuple(reference.disciplines()),
    level_codes=tuple(code for code in reference.levels() if "STHR" not in reference.levels()[code].label),
    competence_codes=tuple(reference.competences()),
    media=tuple(sorted(kind for kind in ("text/html", "image/png", "video/mp4", "text/vtt", "image/webp"))),
)


@pytest.fixture
def schema() -> etree.XMLSchema:
    try:
        judging.published()
        return judging.schema()
    except judging.Unavailable as why:
        pytest.skip(str(why))


EACH = pytest.mark.parametrize("notice", [FULL, BARE, EVERYTHING], ids=["full", "bare", "everything"])


@EACH
def test_a_notice_of_3_1_respects_the_schema(notice: Notice, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(etree.tostring(scolomfr(notice, version="3.1"))))


@EACH
def test_the_schema_refuses_of_8_0_only_what_came_after_it(notice: Notice, schema: etree.XMLSchema) -> None:
    schema.assertValid(judging.as_before(scolomfr(notice)))
    assert not schema.validate(scolomfr(FULL)), "the CRCN would be lost"


# --- its terms


@EACH
@pytest.mark.parametrize("version", ["3.1", "8.0"])
def test_terms_have_their_label_and_their_place(notice: Notice, version: str, schema: etree.XMLSchema) -> None:
    assert list(judging.misnamed(scolomfr(notice, version=version))) == []


def test_each_version_says_its_name_and_where_its_competences_are() -> None:
    for version, other in (("3.1", "8.0"), ("8.0", "3.1")):
        text = lom(FULL, version=version).decode()
        assert f"SCOLOMFRv{version}" in text and f"SCOLOMFRv{other}" not in text
    assert judging.CRCN in lom(FULL).decode() and judging.CRCN not in lom(FULL, version="3.1").decode()
    keywords = texts(scolomfr(FULL, version="3.1"), "lom:general/lom:keyword/lom:string")
    assert "1.1 Mener une recherche" in keywords


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("//lom:role/lom:label", "autrice"),
        ("//lom:classification[1]/lom:taxonPath/lom:taxon/lom:id", f"{CONCEPT}scolomfr-voc-022-num-023"),
        ("//lom:classification[2]/lom:taxonPath/lom:taxon[1]/lom:entry/lom:string", "lycée"),
        ("//lom:classification[2]/lom:taxonPath/lom:taxon[last()]/lom:id", f"{CONCEPT}scolomfr-voc-022-num-010"),
    ],
)
def test_the_checker_sees_what_is_wrong(path: str, value: str, schema: etree.XMLSchema) -> None:
    root = etree.fromstring(lom(FULL))
    nodes(root, path)[0].text = value
    assert list(judging.misnamed(root))


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
