"""`moodle_backup.xml`: what the archive holds and how it was made, which a restore reads before anything."""

import hashlib
from collections.abc import Iterator

from traam.engines.parcours.moodle.markup import Xml, columns, document, tag
from traam.engines.parcours.moodle.plan import COURSE, COURSE_CONTEXT, SYSTEM_CONTEXT, TITLE, Plan
from traam.engines.parcours.texts import one_line

# Moodle 4.1: the oldest whose question bank is the one written here.
_VERSION, _RELEASE = 2022112810, "4.1.10"
_BACKUP_VERSION, _BACKUP_RELEASE = 2022112800, "4.1"
_ORIGIN = "https://traam.invalid"  # no site: links of no Moodle are to be rewritten

_ROOT = {
    "imscc11": 0,
    "users": 0,
    "anonymize": 0,
    "role_assignments": 0,
    "activities": 1,
    "blocks": 0,
    "files": 1,
    "filters": 0,
    "comments": 0,
    "badges": 0,
    "calendarevents": 0,
    "userscompletion": 0,
    "logs": 0,
    "grade_histories": 0,
    "questionbank": 1,
    "groups": 0,
    "competencies": 0,
    "customfield": 1,
    "contentbankcontent": 0,
    "legacyfiles": 1,
}


def moodle_backup_xml(plan: Plan) -> bytes:
    """`moodle_backup.xml`."""
    contents = tag(
        "contents",
        tag("activities", *_activities(plan)),
        tag("sections", *_sections(plan)),
        tag("course", columns(courseid=COURSE, title=plan.course.shortname, directory="course")),
    )
    information = tag("information", _head(plan), _detail(plan), contents, tag("settings", *_settings(plan)))
    return document(tag("moodle_backup", information))


def _head(plan: Plan) -> Xml:
    return columns(
        name=f"{plan.course.shortname}.mbz",
        moodle_version=_VERSION,
        moodle_release=_RELEASE,
        backup_version=_BACKUP_VERSION,
        backup_release=_BACKUP_RELEASE,
        backup_date=plan.now,
        mnet_remoteusers=0,
        include_files=1,
        include_file_references_to_external_content=0,
        original_wwwroot=_ORIGIN,
        original_site_identifier_hash=_digest("traam"),
        original_course_id=COURSE,
        original_course_format="topics",
        original_course_fullname=one_line(plan.course.title, TITLE - 1),
        original_course_shortname=plan.course.shortname,
        original_course_startdate=plan.now,
        original_course_enddate=0,
        original_course_contextid=COURSE_CONTEXT,
        original_system_contextid=SYSTEM_CONTEXT,
    )


def _detail(plan: Plan) -> Xml:
    how = columns(type="course", format="moodle2", interactive=1, mode=10, execution=1, executiontime=0)
    return tag("details", tag("detail", how, backup_id=_digest(f"{plan.course.shortname}@{plan.now}")))


def _digest(text: str) -> str:
    """32 hexadecimal digits: the width of Moodle's column."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _activities(plan: Plan) -> Iterator[Xml]:
    for part in plan.parts:
        for placed in part.placed:
            yield tag(
                "activity",
                columns(
                    moduleid=placed.module,
                    sectionid=part.section,
                    modulename=placed.name,
                    title=placed.title,
                    directory=placed.folder,
                ),
            )


def _sections(plan: Plan) -> Iterator[Xml]:
    for part in plan.parts:
        yield tag("section", columns(sectionid=part.section, title=part.title, directory=part.folder))


def _settings(plan: Plan) -> Iterator[Xml]:
    """What was asked of the backup, of each section and of each activity: everything, and nothing of users."""
    for name, value in ({"filename": f"{plan.course.shortname}.mbz"} | _ROOT).items():
        yield tag("setting", columns(level="root", name=name, value=value))
    for part in plan.parts:
        yield from _included("section", f"section_{part.section}")
    for placed in plan.placed:
        yield from _included("activity", f"{placed.name}_{placed.module}")


def _included(level: str, name: str) -> Iterator[Xml]:
    for what, value in (("included", 1), ("userinfo", 0)):
        yield tag("setting", columns(**{"level": level, level: name, "name": f"{name}_{what}", "value": value}))
