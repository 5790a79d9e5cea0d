"""A backup broken in any way is seen: the checker is worth what it finds."""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from lxml import etree
from parcours_cases import NOW, PDF, everything

from traam.engines.parcours import check_mbz, mbz
from traam.engines.parcours.checking import archive as archive_checks

DATA = mbz(everything(), now=NOW)
NULL = "$@NULL@$"


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


WHOLE = members()
TREES = {path: etree.fromstring(content) for path, content in WHOLE.items() if path.endswith(".xml")}


def packed(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return out.getvalue()


def checked(**changed: bytes | None) -> list[str]:
    return check_mbz(packed({path: content for path, content in (WHOLE | changed).items() if content is not None}))


def with_tree(path: str, change: Callable[[etree._Element], None]) -> list[str]:
    root = copy.deepcopy(TREES[path])
    change(root)
    return checked(**{path: etree.tostring(root)})


def test_the_whole_is_whole() -> None:
    assert check_mbz(packed(WHOLE)) == []


@pytest.mark.parametrize("path", sorted(WHOLE))
def test_a_member_taken_away_is_missed(path: str) -> None:
    assert any(path in problem for problem in checked(**{path: None}))


@pytest.mark.parametrize("path", [path for path in sorted(WHOLE) if path.startswith("files/")])
def test_a_byte_changed_is_seen(path: str) -> None:
    content = WHOLE[path]
    assert any("empreinte" in problem for problem in checked(**{path: bytes([content[0] ^ 1]) + content[1:]}))
    assert any("taille" in problem for problem in checked(**{path: content + b"x"}))


@pytest.mark.parametrize("path", ["users.xml", "files/00/" + "0" * 40, "activities/page_999/page.xml", "readme.txt"])
def test_a_member_that_nothing_tells_is_seen(path: str) -> None:
    assert any(path in problem for problem in checked(**{path: b"<users/>"}))


# Every column of the format that holds an identifier: each of its values, changed, must be seen.
IDENTIFIERS = {
    "moduleid", "sectionid", "courseid", "contextid", "original_course_id", "original_course_contextid", "id", "cm",
    "sectionnumber", "number", "questioncategoryid", "questionbankentryid", "usingcontextid", "quizid", "parent",
    "contextinstanceid", "trueanswer", "falseanswer", "categoryid", "iteminstance", "course", "moduleinstance", "slot",
    "firstslot", "itemid", "sequence", "filesize", "contenthash", "path",
}  # fmt: skip
# Identifiers of rows that nothing else names, or that Moodle itself does not read.
FREE = {"tag", "category", "customfield", "plugin_config", "section", "course_completion_aggr_methd", "grade_setting"}
UNREAD = {("question", "parent"), ("grade_category", "parent"), ("courseformatoption", "sectionid")}

# Named in one place only: the context of an activity without a file or a question, an answer, the course's total.
NAMED_ONCE = {(f"{kind}.xml", "activity", "contextid") for kind in ("forum", "label", "page", "url")}
NAMED_ONCE |= {("questions.xml", "answer", "id"), ("gradebook.xml", "grade_item", "id")}


def identifiers() -> Iterator[tuple[str, int, str]]:
    """(document, rank of the element in it, what of it): each place of an identifier."""
    for path, root in sorted(TREES.items()):
        for rank, element in enumerate(root.iter("*")):
            for name, value in element.attrib.items():
                if value and not (name == "id" and element.tag in FREE and element is not root):
                    yield path, rank, str(name)
            parent = element.getparent()
            told = element.tag in IDENTIFIERS and len(element) == 0 and element.text not in (None, "", NULL)
            if told and (parent is None or (parent.tag, element.tag) not in UNREAD):
                yield path, rank, ""


def test_every_identifier_changed_is_seen() -> None:
    missed = []
    places = list(identifiers())
    assert len(places) > 250
    for path, rank, name in places:

        def change(root: etree._Element, rank: int = rank, name: str = name) -> None:
            element = list(root.iter("*"))[rank]
            if name:
                element.set(name, element.get(name, "") + "7")
            else:
                element.text = f"{element.text}7"

        if not with_tree(path, change):
            missed.append((path.split("/")[-1], str(list(TREES[path].iter("*"))[rank].tag), name))
    assert set(missed) == NAMED_ONCE


INFOREFS = [
    (path, rank)
    for path, root in sorted(TREES.items())
    if path.endswith("inforef.xml")
    for rank, element in enumerate(root.iter("*"))
    if element is not root and element.tag != "id"
]


@pytest.mark.parametrize(("path", "rank"), INFOREFS)
def test_a_reference_dropped_is_seen(path: str, rank: int) -> None:
    def drop(root: etree._Element) -> None:
        element = list(root.iter("*"))[rank]
        element.getparent().remove(element)

    assert any("inforef.xml" in problem for problem in with_tree(path, drop))


ROWS = [
    ("files.xml", "file"),
    ("questions.xml", ".//question_bank_entry"),
    ("questions.xml", ".//answers/answer[fraction='1.0000000']"),
    ("questions.xml", ".//plugin_qtype_truefalse_question/answers/answer"),
    ("questions.xml", "question_category"),
    ("completion.xml", "course_completion_criteria"),
    ("completion.xml", "course_completion_aggr_methd"),
    ("gradebook.xml", ".//grade_item"),
    ("gradebook.xml", ".//grade_category"),
    ("activities/quiz_106/quiz.xml", ".//question_instance"),
    ("activities/quiz_106/quiz.xml", ".//question_reference"),
    ("activities/quiz_106/grades.xml", ".//grade_item"),
    ("activities/assign_111/grades.xml", ".//grade_item"),
    ("moodle_backup.xml", ".//activities/activity"),
    ("moodle_backup.xml", ".//sections/section"),
    ("moodle_backup.xml", ".//setting[level='activity']"),
    ("moodle_backup.xml", ".//setting[level='section']"),
    ("course/course.xml", ".//customfield"),
]


@pytest.mark.parametrize(
    ("path", "row", "gesture"),
    [(path, row, "remove") for path, row in ROWS]
    # A setting, a right answer or a field said twice the same says nothing else.
    + [(path, row, "double") for path, row in ROWS if not row.endswith(("]", "customfield"))],
)
def test_a_row_taken_away_or_doubled_is_seen(path: str, row: str, gesture: str) -> None:
    def change(root: etree._Element) -> None:
        element = root.find(row)
        parent = element.getparent()
        if gesture == "remove":
            parent.remove(element)
        else:
            parent.append(copy.deepcopy(element))

    assert with_tree(path, change)


LATER = '{"op":"&","c":[{"type":"completion","cm":110,"e":1}],"showc":[true]}'

SAID: list[tuple[str, str, str, str]] = [
    ("moodle_backup.xml", ".//backup_version", "2021051700", "plus ancienne"),
    ("moodle_backup.xml", ".//setting[name='users']/value", "1", "users"),
    ("moodle_backup.xml", ".//setting[name='page_103_included']/value", "0", "page_103_included"),
    ("course/course.xml", ".//summary", "<p>2 h</p>", "durée"),
    ("course/course.xml", ".//customfield[shortname='duree_minutes']/value", "90", "durée"),
    ("course/course.xml", ".//format", "weeks", "topics"),
    ("sections/section_201/section.xml", "summary", "<p>30 min</p>", "min annoncées"),
    ("sections/section_201/section.xml", "sequence", "104,103", "séquence"),
    ("activities/quiz_106/quiz.xml", ".//intro", "<p>Quatre questions.</p>", "min annoncées"),
    ("activities/quiz_106/quiz.xml", ".//sumgrades", "5.00000", "sumgrades"),
    ("activities/quiz_106/quiz.xml", ".//name", NULL, "ne peut pas être NULL"),
    ("activities/quiz_106/module.xml", "availability", LATER, "placée avant"),
    ("activities/quiz_106/module.xml", "availability", "{", "illisible"),
    ("activities/quiz_106/module.xml", "availability", "", "est vide au lieu"),
    ("activities/quiz_106/module.xml", "completiongradeitemnumber", NULL, "contredisent"),
    ("activities/forum_110/forum.xml", ".//completionposts", "0", "contredisent"),
    ("activities/page_103/module.xml", "completion", "0", "critères"),
    ("activities/page_103/page.xml", ".//content", "<p>Écrivez à a.b@ac-lyon.fr</p>", "a.b@ac-lyon.fr"),
    ("activities/page_103/page.xml", ".//content", '<img src="@@PLUGINFILE@@/autre.png">', "autre.png"),
    ("activities/page_103/page.xml", ".//content", "$@FILEPHP@$", "commande de Moodle"),
    ("activities/page_103/page.xml", ".//legacyfileslast", "", "est vide au lieu"),
    ("files.xml", ".//userid", "12", "utilisateur"),
    ("files.xml", ".//filename", "../x", "nom de fichier"),
    ("files.xml", ".//license", "cc-by", "licence"),
    ("files.xml", ".//component", "mod_quiz", "zone"),
    ("questions.xml", ".//answer/fraction", "0.5000000", "note entière"),
    ("questions.xml", ".//single", "0", ""),
    ("questions.xml", ".//createdby", "3", "utilisateur"),
    ("questions.xml", ".//qtype", "essay", "essay"),
    ("activities/quiz_106/grades.xml", ".//gradepass", "11", "note de passage"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "column", "value", "said"), [row for row in SAID if row[3]])
def test_a_value_that_lies_is_seen(path: str, column: str, value: str, said: str) -> None:
    def change(root: etree._Element) -> None:
        root.find(column).text = value

    assert any(said in problem for problem in with_tree(path, change))


def test_users_slipped_in_are_seen() -> None:
    def slip(root: etree._Element) -> None:
        etree.SubElement(root.find(".//discussions"), "discussion")

    assert any("utilisateur" in problem for problem in with_tree("activities/forum_110/forum.xml", slip))


def test_xml_that_is_not_or_that_declares_a_dtd_is_refused() -> None:
    assert any("mal formé" in problem for problem in checked(**{"course/course.xml": b"<course>"}))
    dtd = b'<!DOCTYPE course [<!ENTITY a "aaaa">]><course id="2">&a;</course>'
    assert any("DTD" in problem for problem in checked(**{"course/course.xml": dtd}))


def test_an_archive_that_would_leave_its_folder_is_refused() -> None:
    for name in ("../x.xml", "/etc/x", "C:x", "a\\b", "files/"):
        assert any("chemin refusé" in problem for problem in check_mbz(packed(WHOLE | {name: b"x"})))
    entries = re.findall(rb"course/course\.xml", DATA)
    assert entries
    out = io.BytesIO(DATA)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("course/course.xml", "<course/>")
    assert any("présent 2 fois" in problem for problem in check_mbz(out.getvalue()))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_checks, "MAX_UNPACKED", 2**20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", bytes(2**20 + 1))
    assert check_mbz(out.getvalue()) == ["l'archive est trop volumineuse une fois dépliée"]


def test_a_truncated_or_damaged_archive_is_said_so() -> None:
    assert check_mbz(DATA[:200]) == ["ce n'est pas une archive zip lisible"]
    assert "moodle_backup.xml : manque" in check_mbz(DATA[:-30])  # the directory found is that of the H5P inside
    place = DATA.index(PDF)
    assert any("abîmé" in problem for problem in check_mbz(DATA[:place] + b"x" + DATA[place + 1 :]))
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive:
        told = archive.getinfo("questions.xml")
    place = told.header_offset + told.compress_size // 2
    broken = DATA[:place] + bytes(64) + DATA[place + 64 :]
    assert check_mbz(broken) == ["questions.xml : abîmé dans l'archive"]
