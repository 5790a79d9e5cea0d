"""`activities/<kind>_<module>/`: what an activity is, how it sits in the course, what it refers to."""

import json
from collections.abc import Callable, Iterable

from traam.engines.parcours.model import Completion, Kind
from traam.engines.parcours.moodle.grades import activity_grades
from traam.engines.parcours.moodle.markup import Html, Xml, columns, document, tag
from traam.engines.parcours.moodle.plan import MODULES, Part, Placed, Plan
from traam.engines.parcours.moodle.pool import Pool
from traam.engines.parcours.moodle.questions import CATEGORY, TOP, Bank, instances
from traam.engines.parcours.texts import NBSP, clean, duration_line, paragraph, words

QUIZ_GRADE, QUIZ_PASS, OTHER_GRADE = 10, 5, 100
MODULE_VERSION = 2022112800  # Moodle 4.1
_ALL_TIMES, _ONCE_DONE = 0x11110, 0x1110  # review options of a quiz: during, just after, later, once closed
_REDIRECTS = (Kind.LINK, Kind.FILE)  # opening them shows nothing of ours: what they say is shown on the course itself

_Writer = Callable[[Placed, Plan, Html, Pool, Bank], Xml]


def activity_documents(part: Part, placed: Placed, plan: Plan, pool: Pool, bank: Bank) -> dict[str, bytes]:
    """The documents of an activity, by path."""
    body = _WRITERS[placed.activity.kind](placed, plan, _intro(placed, pool), pool, bank)
    documents = {
        placed.name: _activity(placed, body),
        "module": _module(part, placed, plan),
        "inforef": _inforef(placed, pool),
        "grades": activity_grades(placed, plan, _highest(placed), QUIZ_PASS if placed.name == "quiz" else 0),
        "roles": tag("roles", tag("role_overrides"), tag("role_assignments")),
        "grade_history": tag("grade_history", tag("grade_grades")),
    }
    if placed.name in ("assign", "forum"):
        documents["grading"] = tag("areas")
    return {f"{placed.folder}/{name}.xml": document(xml) for name, xml in documents.items()}


def _activity(placed: Placed, body: Xml) -> Xml:
    return tag(
        "activity",
        tag(placed.name, body, id=placed.instance),
        id=placed.instance,
        moduleid=placed.module,
        modulename=placed.name,
        contextid=placed.context,
    )


def _highest(placed: Placed) -> int:
    return QUIZ_GRADE if placed.name == "quiz" else OTHER_GRADE


def _intro(placed: Placed, pool: Pool) -> Html:
    """What is said of the activity before it: of a page, only how long it takes."""
    activity = placed.activity
    told = duration_line("Durée indicative", activity.minutes)
    if placed.name == "page":
        return Html(told)
    return Html(pool.html(placed, "intro", activity.html, activity.images) + told)


def _page(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    content = pool.html(placed, "content", _reading(placed), placed.activity.images)
    return columns(
        name=placed.title,
        intro=intro,
        introformat=1,
        content=content,
        contentformat=1,
        legacyfiles=0,
        legacyfileslast=None,
        display=5,
        displayoptions='a:2:{s:10:"printintro";s:1:"1";s:17:"printlastmodified";s:1:"0";}',
        revision=1,
        timemodified=plan.now,
    )


def _reading(placed: Placed) -> str:
    """What a page says; of a video, the address then what it says in words."""
    activity = placed.activity
    if activity.kind is not Kind.VIDEO:
        return activity.html
    address = clean(activity.address).replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
    link = f'<p><a href="{address}">Regarder la vidéo{NBSP}: {paragraph(activity.title)[3:-4]}</a></p>'
    return f"{activity.html}{link}<h3>Transcription</h3>{activity.transcript_html}"


def _label(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    return columns(name=placed.title, intro=intro, introformat=1, timemodified=plan.now)


def _url(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    return columns(
        name=placed.title,
        intro=intro,
        introformat=1,
        externalurl=placed.activity.address.replace("$@", "%24@"),  # "$@" commands Moodle
        display=0,
        displayoptions='a:1:{s:10:"printintro";i:1;}',
        parameters="a:0:{}",
        timemodified=plan.now,
    )


def _resource(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    _take_file(placed, "content", pool)
    return columns(
        name=placed.title,
        intro=intro,
        introformat=1,
        tobemigrated=0,
        legacyfiles=0,
        legacyfileslast=None,
        display=0,
        displayoptions='a:1:{s:10:"printintro";i:1;}',
        filterfiles=0,
        revision=1,
        timemodified=plan.now,
    )


def _h5p(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    _take_file(placed, "package", pool)
    row = columns(
        name=placed.title,
        timecreated=plan.now,
        timemodified=plan.now,
        intro=intro,
        introformat=1,
        grade=OTHER_GRADE,
        displayoptions=15,
        enabletracking=1,
        grademethod=1,
        reviewmode=1,
    )
    return Xml(row + tag("attempts"))


def _take_file(placed: Placed, area: str, pool: Pool) -> None:
    if placed.activity.file:
        pool.put(placed, area, [placed.activity.file])


def _forum(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    row = columns(
        type="general",
        name=placed.title,
        intro=intro,
        introformat=1,
        **dict.fromkeys(("duedate", "cutoffdate", "assessed", "assesstimestart", "assesstimefinish", "scale"), 0),
        maxbytes=0,
        maxattachments=1,
        forcesubscribe=0,
        trackingtype=1,
        rsstype=0,
        rssarticles=0,
        timemodified=plan.now,
        **dict.fromkeys(("warnafter", "blockafter", "blockperiod", "completiondiscussions", "completionreplies"), 0),
        completionposts=placed.activity.done is Completion.POST,
        displaywordcount=0,
        lockdiscussionafter=0,
        grade_forum=0,
    )
    return Xml(
        row + _empty("discussions", "subscriptions", "digests", "readposts", "trackedprefs", "poststags", "grades")
    )


def _assign(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    _take_file(placed, "introattachment", pool)
    row = columns(
        name=placed.title,
        intro=intro,
        introformat=1,
        alwaysshowdescription=1,
        submissiondrafts=0,
        sendnotifications=0,
        sendlatenotifications=0,
        sendstudentnotifications=1,
        **dict.fromkeys(("duedate", "cutoffdate", "gradingduedate", "allowsubmissionsfromdate"), 0),
        grade=OTHER_GRADE,
        timemodified=plan.now,
        completionsubmit=placed.activity.done is Completion.SUBMIT,
        **dict.fromkeys(("requiresubmissionstatement", "teamsubmission", "requireallteammemberssubmit"), 0),
        **dict.fromkeys(("teamsubmissiongroupingid", "blindmarking", "hidegrader", "revealidentities"), 0),
        attemptreopenmethod="none",
        maxattempts=-1,
        **dict.fromkeys(("markingworkflow", "markingallocation", "preventsubmissionnotingroup"), 0),
        activity="",
        activityformat=1,
        timelimit=0,
        submissionattachments=0,
    )
    handed_in = (
        ("file", "assignsubmission", "enabled", 1),
        ("file", "assignsubmission", "maxfilesubmissions", 1),
        ("comments", "assignfeedback", "enabled", 1),
    )
    configs = (
        tag("plugin_config", columns(plugin=plugin, subtype=subtype, name=name, value=value), id=rank)
        for rank, (plugin, subtype, name, value) in enumerate(handed_in, 1)
    )
    before = _empty("userflags", "submissions", "grades")
    return Xml(row + before + tag("plugin_configs", *configs) + tag("overrides"))


def _quiz(placed: Placed, plan: Plan, intro: Html, pool: Pool, bank: Bank) -> Xml:
    numbers = [bank.put(question) for question in placed.activity.questions]
    row = columns(
        name=placed.title,
        intro=intro,
        introformat=1,
        timeopen=0,
        timeclose=0,
        timelimit=0,
        overduehandling="autosubmit",
        graceperiod=0,
        preferredbehaviour="immediatefeedback",
        canredoquestions=0,
        attempts_number=0,
        attemptonlast=0,
        grademethod=1,
        decimalpoints=2,
        questiondecimalpoints=-1,
        **dict.fromkeys(("reviewattempt", "reviewcorrectness", "reviewmarks", "reviewspecificfeedback"), _ALL_TIMES),
        **dict.fromkeys(("reviewgeneralfeedback", "reviewrightanswer"), _ALL_TIMES),
        reviewoverallfeedback=_ONCE_DONE,
        questionsperpage=1,
        navmethod="free",
        shuffleanswers=1,
        sumgrades=f"{len(numbers):.5f}",
        grade=f"{QUIZ_GRADE:.5f}",
        timecreated=plan.now,
        timemodified=plan.now,
        password="",
        subnet="",
        browsersecurity="-",
        **dict.fromkeys(("delay1", "delay2", "showuserpicture", "showblocks"), 0),
        completionattemptsexhausted=0,
        completionminattempts=0,
        allowofflineattempts=0,
    )
    first = tag("section", columns(firstslot=1, heading="", shufflequestions=0), id=placed.instance)
    after = _empty("feedbacks", "overrides", "grades", "attempts")
    return Xml(row + instances(placed, numbers) + tag("sections", first) + after)


_WRITERS: dict[Kind, _Writer] = {
    Kind.PAGE: _page,
    Kind.VIDEO: _page,
    Kind.LABEL: _label,
    Kind.LINK: _url,
    Kind.QUIZ: _quiz,
    Kind.H5P: _h5p,
    Kind.FILE: _resource,
    Kind.TASK: _assign,
    Kind.FORUM: _forum,
}


def _module(part: Part, placed: Placed, plan: Plan) -> Xml:
    """How the activity sits in the course: where, after what, and what makes it done."""
    done = placed.activity.done
    shown = placed.activity.kind in _REDIRECTS and bool(words(placed.activity.html) or placed.activity.minutes)
    row = columns(
        modulename=placed.name,
        sectionid=part.section,
        sectionnumber=part.number,
        idnumber=f"traam-{placed.module}",
        added=plan.now,
        score=0,
        indent=0,
        visible=part.visible,
        visibleoncoursepage=1,
        visibleold=part.visible,
        groupmode=0,
        groupingid=0,
        completion={Completion.NONE: 0, Completion.MANUAL: 1}.get(done, 2),
        completiongradeitemnumber=0 if done is Completion.PASS else None,
        completionpassgrade=done is Completion.PASS,
        completionview=done is Completion.VIEW,
        completionexpected=0,
        availability=_availability(placed),
        showdescription=shown,
        downloadcontent=1,
        lang=None,
    )
    return tag("module", Xml(row + tag("tags")), id=placed.module, version=MODULE_VERSION)


def _availability(placed: Placed) -> str | None:
    if placed.waits_for is None:
        return None
    condition = {"type": "completion", "cm": placed.waits_for, "e": 1}
    return json.dumps({"op": "&", "c": [condition], "showc": [True]}, separators=(",", ":"))


def _inforef(placed: Placed, pool: Pool) -> Xml:
    """What the activity refers to, outside its own documents."""
    references = []
    if numbers := pool.of(placed):
        references.append(tag("fileref", *_ids("file", numbers)))
    if placed.grade is not None:
        references.append(tag("grade_itemref", *_ids("grade_item", [placed.grade])))
    if placed.name == "quiz":
        references.append(tag("question_categoryref", *_ids("question_category", [TOP, CATEGORY])))
    return tag("inforef", *references)


def _ids(name: str, numbers: Iterable[int]) -> list[Xml]:
    return [tag(name, columns(id=number)) for number in numbers]


def _empty(*names: str) -> Xml:
    return Xml("".join(tag(name) for name in names))


MODULE_NAMES = frozenset(MODULES.values())
