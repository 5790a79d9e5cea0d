"""The Common Cartridge: valid against its own schemas, complete, and frank about what it loses."""

import copy
import functools
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree, isoschematron
from parcours_cases import PDF, PNG, courses, everything

from traam.engines.parcours import (
    Activity,
    Course,
    File,
    Kind,
    NotExportable,
    Section,
    address_of,
    cartridge,
    check_cartridge,
    losses,
)
from traam.engines.parcours.texts import clean, one_line

CP = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "xsd"
SCHEMAS = Path(os.environ.get("TRAAM_SCHEMAS", BESIDE)) / "imscc-1.1"
KINDS = {
    "imsmanifest.xml": "ccv1p1_imscp_v1p2_v1p0.xsd",
    "quiz.xml": "ccv1p1_qtiasiv1p2p1_v1p0.xsd",
    "link.xml": "ccv1p1_imswl_v1p1.xsd",
    "topic.xml": "ccv1p1_imsdt_v1p1.xsd",
}
with_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(),
    reason="Les schémas de Common Cartridge 1.1 sont absents : donnez le dossier qui contient imscc-1.1 "
    "dans la variable TRAAM_SCHEMAS.",
)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return out.getvalue()


WHOLE = members(cartridge(everything()))


@functools.cache
def schemas() -> dict[str, etree.XMLSchema]:
    return {name: etree.XMLSchema(etree.parse(SCHEMAS / schema)) for name, schema in KINDS.items()}


def assert_valid(data: bytes) -> None:
    for path, content in members(data).items():
        schema = schemas().get(path.split("/")[-1])
        if schema is not None:
            schema.assertValid(etree.fromstring(content))


@with_schemas
def test_every_document_is_valid_against_its_schema() -> None:
    assert {path.split("/")[-1] for path in WHOLE} >= set(KINDS)
    assert_valid(packed(WHOLE))


@with_schemas
def test_quizzes_keep_the_rules_that_schemas_cannot_say() -> None:
    rules = isoschematron.Schematron(etree.parse(SCHEMAS / KINDS["quiz.xml"]), validate_schema=False)
    quiz = etree.fromstring(WHOLE["a009/quiz.xml"])
    assert rules.validate(quiz)
    next(row for row in quiz.iter(f"{QTI}fieldentry") if row.text == "cc.fib.v0p1").text = "cc.true_false.v0p1"
    assert not rules.validate(quiz)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(courses())
def test_any_module_makes_a_cartridge_that_holds_and_says_what_was_written(course: Course) -> None:
    data = cartridge(course)
    assert data == cartridge(course)
    assert check_cartridge(data) == []
    if SCHEMAS.is_dir():
        assert_valid(data)
    said = "".join(unescape(content.decode("utf-8", "replace")) for content in members(data).values())
    said = (said + unescape(said)).replace("<br>", " ")
    for activity in course.activities:
        assert one_line(activity.title, 190).rstrip("…") in said
        assert unescape(clean(activity.html).split("<img")[0]) in said
        for question in activity.questions:
            for answer in question.answers:
                assert " ".join(clean(answer.text).split()) in " ".join(said.split())


def test_what_is_for_trainers_says_so_and_an_image_is_beside_its_page() -> None:
    root = etree.fromstring(WHOLE["imsmanifest.xml"])
    roles = {
        row.get("identifier"): row.findtext(".//{*}intendedEndUserRole/{*}value") for row in root.iter(f"{CP}resource")
    }
    assert {key for key, role in roles.items() if role == "Instructor"} == {"r_a020"}
    assert WHOLE["a005/image-1.png"] == PNG
    assert b'<img src="image-1.png" alt="Sch\xc3\xa9ma">'.replace(b'"', b'"') in WHOLE["a005/page.html"]
    assert WHOLE["a003/carnet.pdf"] == PDF


def test_the_comment_of_an_answer_stays_out_of_the_general_one() -> None:
    """Moodle gathers into the general comment whatever a condition that continues shows."""
    item = next(etree.fromstring(WHOLE["a009/quiz.xml"]).iter(f"{QTI}item"))
    going_on = [row for row in item.iter(f"{QTI}respcondition") if row.get("continue") == "Yes"]
    assert [row.find(f"{QTI}displayfeedback").get("linkrefid") for row in going_on] == ["general_fb"]


def test_a_forum_with_an_image_keeps_it_on_a_page_before() -> None:
    html = f'<p>Voyez</p><img src="{address_of("é.png")}" alt="É">'
    forum = Activity(Kind.FORUM, "Échanger", html, minutes=60, images=(File("é.png", PNG),))
    course = replace(everything(), sections=(Section("P", "", (forum,)),), minutes=60, documents=())
    data = cartridge(course)
    assert check_cartridge(data) == []
    assert members(data)["a003/image-1.png"] == PNG


def test_losses_are_those_of_this_module() -> None:
    page = replace(
        everything(), documents=(), sections=(Section("P", "", (Activity(Kind.PAGE, "T", "<p>x</p>", 60),)),)
    )
    assert [loss.split()[0] for loss in losses(page)] == ["Le", "Le", "Moodle"]
    whole = " ".join(losses(everything()))
    for word in ("conditions", "achèvement", "note de passage", "rendre", "H5P", "formateurs", "plusieurs réponses"):
        assert word in whole


def test_a_module_to_mend_does_not_leave() -> None:
    with pytest.raises(NotExportable, match="aucune partie"):
        cartridge(replace(everything(), sections=()))


def checked(path: str, change: Callable[[etree._Element], None]) -> list[str]:
    root = copy.deepcopy(etree.fromstring(WHOLE[path]))
    change(root)
    return check_cartridge(packed(WHOLE | {path: etree.tostring(root)}))


def test_the_whole_is_whole() -> None:
    assert check_cartridge(packed(WHOLE)) == []


@pytest.mark.parametrize("path", sorted(WHOLE))
def test_a_member_taken_away_is_missed(path: str) -> None:
    assert check_cartridge(packed({name: content for name, content in WHOLE.items() if name != path}))


def test_every_identifier_changed_is_seen() -> None:
    missed = []
    for path in ("imsmanifest.xml", "a009/quiz.xml"):
        elements = list(etree.fromstring(WHOLE[path]).iter("*"))
        names = {"identifierref", "href", "linkrefid", "respident"}
        for rank, element in enumerate(elements):
            told = names | ({"identifier"} if element.tag == f"{CP}resource" else set())
            told |= (
                {"ident"}
                if etree.QName(element).localname in ("response_lid", "response_str", "itemfeedback")
                else set()
            )
            for name in told & set(element.attrib):

                def change(root: etree._Element, rank: int = rank, name: str = str(name)) -> None:
                    row = list(root.iter("*"))[rank]
                    row.set(name, row.get(name, "") + "7")

                if not checked(path, change):
                    missed.append((path, element.tag, name))
    assert missed == []


@pytest.mark.parametrize(
    ("path", "said", "change"),
    [
        ("imsmanifest.xml", "1.1.0", lambda root: setattr(root.find(f".//{CP}schemaversion"), "text", "1.3.0")),
        ("imsmanifest.xml", "min annoncées", lambda root: _retitle(root, "Mettre en œuvre")),
        ("imsmanifest.xml", "n'a pas de titre", lambda root: _retitle(root, "")),
        ("imsmanifest.xml", "deux fois", lambda root: _double(root)),
        ("a009/quiz.xml", "aucune réponse ne donne la note", lambda root: _drop(root, "setvar")),
        ("a009/quiz.xml", "commentaires", lambda root: _drop(root, "displayfeedback")),
        ("a009/quiz.xml", "aucune question", lambda root: _drop(root, "item")),
        ("a009/quiz.xml", "profil", lambda root: _drop(root, "itemmetadata")),
    ],
)
def test_a_cartridge_that_lies_is_seen(path: str, said: str, change: Callable[[etree._Element], None]) -> None:
    assert any(said in problem for problem in checked(path, change))


def _retitle(root: etree._Element, title: str) -> None:
    root.findall(f".//{CP}organization/{CP}item/{CP}item/{CP}title")[-2].text = title


def _double(root: etree._Element) -> None:
    item = next(row for row in root.iter(f"{CP}item") if row.get("identifierref"))
    item.getparent().append(copy.deepcopy(item))


def _drop(root: etree._Element, name: str) -> None:
    for row in list(root.iter(f"{QTI}{name}")):
        row.getparent().remove(row)


def test_a_page_that_shows_what_is_not_there_or_names_somebody_is_seen() -> None:
    page = WHOLE["a005/page.html"]
    lost = check_cartridge(packed(WHOLE | {"a005/page.html": page.replace(b"image-1.png", b"image-2.png")}))
    assert lost == ["a005/page.html : montre « image-2.png », qui n'est pas joint"]
    named = check_cartridge(packed(WHOLE | {"a005/page.html": page + b"<p>a.b@ac-lyon.fr</p>"}))
    assert named == ["a005/page.html : contient l'adresse a.b@ac-lyon.fr"]


def test_the_manifest_comes_first() -> None:
    last = {path: content for path, content in WHOLE.items() if path != "imsmanifest.xml"}
    found = check_cartridge(packed(last | {"imsmanifest.xml": WHOLE["imsmanifest.xml"]}))
    assert found == ["imsmanifest.xml : n'est pas le premier fichier de l'archive"]
