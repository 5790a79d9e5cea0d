"""The Moodle backup: what it holds, twice the same, whatever people write."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from parcours_cases import HOSTILE, NOW, PNG, courses, everything

from traam.engines.parcours import (
    Activity,
    Answer,
    Completion,
    Course,
    File,
    Kind,
    NotExportable,
    Question,
    QuestionKind,
    Section,
    address_of,
    check_mbz,
    judge,
    mbz,
)
from traam.engines.parcours.moodle.questions import shares
from traam.engines.parcours.texts import clean, file_names, one_line

NULL = "$@NULL@$"


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(data: bytes, path: str) -> etree._Element:
    return etree.fromstring(members(data)[path])


def one_section(*activities: Activity) -> Course:
    total = sum(activity.minutes for activity in activities)
    return replace(everything(), sections=(Section("Partie", "", activities),), minutes=total, documents=())


def test_the_parts_of_a_backup_are_these_and_only_these() -> None:
    """Digests of each kind of part: what changed is named by the one that differs."""
    groups: dict[str, list[bytes]] = {}
    for path, content in sorted(members(mbz(everything(), now=NOW)).items()):
        place = path.split("/")
        name = place[0] if place[0] in ("files", "sections", "course") else place[-1]
        groups.setdefault(name, []).append(path.encode() + b"\0" + content)
    found = {name: hashlib.sha256(b"\0".join(parts)).hexdigest()[:12] for name, parts in groups.items()}
    golden = json.loads((Path(__file__).parent / "backup.json").read_text())
    assert found == golden


def test_the_same_module_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from parcours_cases import everything, NOW\nfrom traam.engines.parcours import mbz, cartridge\n"
        "import hashlib; print(hashlib.sha256(mbz(everything(), now=NOW) + cartridge(everything())).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Noumea"))
    }
    assert len(digests) == 1


def test_the_order_of_tags_changes_nothing_and_the_second_is_the_only_date() -> None:
    course = everything()
    assert mbz(course, now=NOW) == mbz(replace(course, tags=tuple(reversed(course.tags))), now=NOW)
    other = members(mbz(course, now=NOW + 1))
    for path, content in members(mbz(course, now=NOW)).items():
        if path != "moodle_backup.xml":
            assert content.replace(str(NOW).encode(), str(NOW + 1).encode()) == other[path]


def test_a_whole_module_holds_together() -> None:
    assert judge(everything()) == []
    assert check_mbz(mbz(everything(), now=NOW)) == []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(courses())
def test_any_module_holds_together_and_says_what_was_written(course: Course) -> None:
    assert judge(course) == []
    data = mbz(course, now=NOW)
    assert data == mbz(course, now=NOW)
    assert check_mbz(data) == []
    _says_what_was_written(course, data)


def disarmed(text: str) -> str:
    return text.replace("$@", "$\u2060@")


def _says_what_was_written(course: Course, data: bytes) -> None:
    documents = members(data)
    backup = etree.fromstring(documents["moodle_backup.xml"])
    rows = {row.findtext("title"): row for row in backup.iterfind(".//activities/activity")}
    for activity in course.activities:
        row = rows[disarmed(one_line(activity.title, 255))]
        root = etree.fromstring(documents[f"{row.findtext('directory')}/{row.findtext('modulename')}.xml"])
        told = root.findtext(".//content") if row.findtext("modulename") == "page" else root.findtext(".//intro")
        first = (
            clean(activity.html).split("<img")[0].replace("$@", "&#36;@").replace("@@PLUGINFILE", "&#64;@PLUGINFILE")
        )
        assert (told or "").startswith(first)
        for file in activity.images:
            safe = file_names(image.name for image in activity.images)[file.name]
            assert f"files/{hashlib.sha1(file.data).hexdigest()[:2]}/{hashlib.sha1(file.data).hexdigest()}" in documents
            assert safe in [name.text for name in etree.fromstring(documents["files.xml"]).iter("filename")]
    asked = [question for activity in course.activities for question in activity.questions]
    found = list(etree.fromstring(documents["questions.xml"]).iter("question"))
    for question, row in zip(asked, found, strict=True):
        assert unescape(row.findtext("questiontext") or "") == unescape(clean(question.text_html))
        assert len(list(row.iter("answer"))) == len(question.answers)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_stays_a_title(text: str) -> None:
    page = Activity(Kind.PAGE, f"x{text}", f"<p>y{text.replace('<', '&lt;')}</p>", minutes=60)
    data = mbz(one_section(page), now=NOW)
    assert check_mbz(data) == []
    name = tree(data, "activities/page_101/page.xml").findtext("page/name") or ""
    assert name.replace("\u2060", "") == one_line(f"x{text}", 255)
    assert name != NULL


def test_what_moodle_would_obey_is_only_text() -> None:
    page = Activity(Kind.PAGE, NULL, f"<p>{NULL} $@FILEPHP@$</p>", minutes=60)
    document = tree(mbz(one_section(page), now=NOW), "activities/page_101/page.xml")
    assert document.findtext("page/name") == "$\u2060@NULL@$"
    assert "$@" not in (document.findtext("page/content") or "")
    assert "&#36;@FILEPHP@$" in (document.findtext("page/content") or "")


def test_a_video_leaves_with_what_it_says_on_the_same_page() -> None:
    content = tree(mbz(everything(), now=NOW), "activities/page_104/page.xml").findtext("page/content") or ""
    assert 'href="https://tube.example/w/abc?start=1&amp;stop=2"' in content
    assert content.endswith("<h3>Transcription</h3><p>Bonjour à tous.</p>")


def test_a_link_says_on_the_course_what_opening_it_would_hide() -> None:
    data = mbz(everything(), now=NOW)
    assert tree(data, "activities/url_109/module.xml").findtext("showdescription") == "1"
    assert tree(data, "activities/url_109/url.xml").findtext("url/externalurl").endswith("?a=1&b=2")
    assert tree(data, "activities/quiz_106/module.xml").findtext("showdescription") == "0"


def test_the_duration_is_said_by_the_course_each_section_and_each_activity() -> None:
    data = mbz(everything(), now=NOW)
    course = tree(data, "course/course.xml")
    fields = {row.findtext("shortname"): row.findtext("value") for row in course.iter("customfield")}
    assert fields["duree_minutes"] == "120"
    assert fields["licence"] == "Creative Commons Attribution - Partage dans les mêmes conditions 4.0"
    assert 'href="https://creativecommons.org/licenses/by-sa/4.0/deed.fr"' in (course.findtext("summary") or "")
    assert "Durée totale\u00a0: 2\u00a0h (120\u00a0min)" in (course.findtext("summary") or "")
    assert "Durée\u00a0: 45\u00a0min" in (tree(data, "sections/section_202/section.xml").findtext("summary") or "")
    assert "Durée indicative\u00a0: 20\u00a0min" in (
        tree(data, "activities/quiz_106/quiz.xml").findtext("quiz/intro") or ""
    )


def test_what_is_for_trainers_leaves_hidden() -> None:
    data = mbz(everything(), now=NOW)
    assert tree(data, "sections/section_204/section.xml").findtext("visible") == "0"
    assert tree(data, "activities/page_112/module.xml").findtext("visible") == "0"
    assert tree(data, "activities/page_101/module.xml").findtext("visible") == "1"


def test_a_condition_waits_for_the_module_of_this_backup() -> None:
    condition = json.loads(tree(mbz(everything(), now=NOW), "activities/quiz_106/module.xml").findtext("availability"))
    assert condition == {"op": "&", "c": [{"type": "completion", "cm": 103, "e": 1}], "showc": [True]}


@pytest.mark.parametrize(
    ("kind", "completion", "told"),
    [
        (Kind.PAGE, Completion.USUAL, ("2", "1", NULL)),
        (Kind.PAGE, Completion.MANUAL, ("1", "0", NULL)),
        (Kind.PAGE, Completion.NONE, ("0", "0", NULL)),
        (Kind.QUIZ, Completion.USUAL, ("2", "0", "0")),
    ],
)
def test_what_makes_an_activity_done(kind: Kind, completion: Completion, told: tuple[str, str, str]) -> None:
    course = everything()
    quiz = course.sections[1].activities[1]
    activity = replace(quiz, kind=kind, completion=completion, requires="", minutes=60)
    if kind is Kind.PAGE:
        activity = replace(activity, questions=())
    data = mbz(one_section(activity), now=NOW)
    settings_ = tree(data, f"activities/{kind}_101/module.xml")
    columns = ("completion", "completionview", "completiongradeitemnumber")
    assert tuple(settings_.findtext(column) for column in columns) == told
    assert check_mbz(data) == []


def test_ticking_every_answer_earns_nothing() -> None:
    answers = (Answer("a", True), Answer("b", True), Answer("c"), Answer("d"), Answer("e"))
    earned = shares(Question(QuestionKind.CHOICES, "<p>?</p>", answers))
    assert earned[:2] == [0.5, 0.5]
    assert sum(earned) == pytest.approx(0)
    assert shares(Question(QuestionKind.CHOICES, "<p>?</p>", answers[:2])) == [0.5, 0.5]


def test_true_is_told_first_whatever_the_order_and_a_star_is_a_star() -> None:
    questions = tree(mbz(everything(), now=NOW), "questions.xml")
    pair = questions.find(".//plugin_qtype_truefalse_question")
    first, second = pair.iterfind("answers/answer")
    assert (first.findtext("answertext"), first.findtext("fraction")) == ("Vrai", "0.0000000")
    assert (second.findtext("answertext"), second.findtext("fraction")) == ("Faux", "1.0000000")
    assert pair.findtext("truefalse/trueanswer") == first.get("id")
    short = [row.text for row in questions.iterfind(".//plugin_qtype_shortanswer_question//answertext")]
    assert short == ["CRCN", r"C\*R\*C\*N", "RGPD"]


def test_two_questions_that_say_the_same_are_two() -> None:
    quiz = everything().sections[1].activities[1]
    twin = replace(quiz, requires="", minutes=60, questions=(quiz.questions[0], quiz.questions[0]))
    assert check_mbz(mbz(one_section(twin), now=NOW)) == []


def test_one_content_shown_twice_is_carried_once() -> None:
    html = f'<p>a</p><img src="{address_of("a.png")}" alt=""><img src="{address_of("b.png")}" alt="">'
    page = Activity(Kind.PAGE, "P", html, minutes=60, images=(File("a.png", PNG), File("b.png", PNG)))
    data = mbz(one_section(page), now=NOW)
    assert len([path for path in members(data) if path.startswith("files/")]) == 1
    assert len(tree(data, "files.xml")) == 2
    assert check_mbz(data) == []


def test_a_file_with_a_name_of_a_path_becomes_a_name() -> None:
    names = file_names(["../../a.png", "a.png", "A.png", "con:é?.pdf", "..", "x" * 300 + ".png"])
    assert list(names.values())[:5] == ["-..-a.png", "a.png", "A-2.png", "con-é-.pdf", "fichier"]
    assert all(len(name) < 130 and "/" not in name for name in names.values())


def test_a_module_to_mend_does_not_leave() -> None:
    with pytest.raises(NotExportable) as refused:
        mbz(replace(everything(), minutes=180), now=NOW)
    assert [str(fault) for fault in refused.value.faults] == [
        "Les activités durent 120\u00a0min en tout (30 + 45 + 45) quand le module en annonce 180\u00a0: "
        "corrigez la durée des activités ou celle du module (écart admis\u00a0: 10\u00a0%)."
    ]


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered_by_the_checker(data: bytes) -> None:
    assert check_mbz(data) == ["ce n'est pas une archive zip lisible"]
