"""`course/`, `sections/` and the empty registers that every backup has."""

from traam.engines.parcours.moodle.markup import Xml, authored, columns, document, tag
from traam.engines.parcours.moodle.plan import COURSE, COURSE_CONTEXT, TITLE, Part, Plan
from traam.engines.parcours.moodle.questions import CATEGORY, TOP
from traam.engines.parcours.texts import duration_line, licence, licence_line, one_line


def course_documents(plan: Plan) -> dict[str, bytes]:
    """The documents of the course itself, by path."""
    categories = [tag("question_category", columns(id=number)) for number in (TOP, CATEGORY)]
    return {
        "course/course.xml": document(_course(plan)),
        "course/inforef.xml": document(tag("inforef", tag("question_categoryref", *categories))),
        "course/roles.xml": document(tag("roles", tag("role_overrides"), tag("role_assignments"))),
        "course/enrolments.xml": document(tag("enrolments", tag("enrols"))),
        "course/completiondefaults.xml": document(tag("course_completion_defaults")),
    }


def _course(plan: Plan) -> Xml:
    course = plan.course
    row = columns(
        shortname=course.shortname,
        fullname=one_line(course.title, TITLE - 1),
        idnumber="",
        summary=authored(_summary(plan)),
        summaryformat=1,
        format="topics",
        showgrades=1,
        newsitems=0,
        startdate=plan.now,
        enddate=0,
        marker=0,
        maxbytes=0,
        legacyfiles=0,
        showreports=0,
        visible=1,
        groupmode=0,
        groupmodeforce=0,
        defaultgroupingid=0,
        lang=course.language,
        theme="",
        timecreated=plan.now,
        timemodified=plan.now,
        requested=0,
        showactivitydates=0,
        showcompletionconditions=1,
        enablecompletion=1,
        completionnotify=0,
    )
    category = tag("category", columns(name="TraAM", description=""), id=1)
    return tag(
        "course", row, category, _tags(plan), _custom_fields(plan), _format(), id=COURSE, contextid=COURSE_CONTEXT
    )


def _summary(plan: Plan) -> str:
    return (
        plan.course.summary_html
        + licence_line(plan.course.licence)
        + duration_line("Durée totale", plan.course.minutes)
    )


def _tags(plan: Plan) -> Xml:
    shown = {one_line(name, TITLE).lower(): one_line(name, TITLE) for name in sorted(plan.course.tags)}
    shown.pop("", None)
    return tag(
        "tags",
        *(
            tag("tag", columns(name=name, rawname=raw), id=rank)
            for rank, (name, raw) in enumerate(sorted(shown.items()), 1)
        ),
    )


def _custom_fields(plan: Plan) -> Xml:
    """A site that has not defined these fields ignores them, without a word."""
    told = (("duree_minutes", plan.course.minutes), ("licence", licence(plan.course.licence)[0]))
    return tag(
        "customfields",
        *(
            tag("customfield", columns(shortname=name, type="text", value=value, valueformat=0), id=rank)
            for rank, (name, value) in enumerate(told, 1)
        ),
    )


def _format() -> Xml:
    options = (("hiddensections", 1), ("coursedisplay", 0))
    return tag(
        "courseformatoptions",
        *(
            tag("courseformatoption", columns(format="topics", sectionid=0, name=name, value=value))
            for name, value in options
        ),
    )


def section_documents(part: Part, plan: Plan) -> dict[str, bytes]:
    """The documents of a section, by path."""
    row = columns(
        number=part.number,
        name=part.title,
        summary=authored(part.summary),
        summaryformat=1,
        sequence=",".join(str(placed.module) for placed in part.placed),
        visible=part.visible,
        availabilityjson=None,
        timemodified=plan.now,
    )
    return {
        f"{part.folder}/section.xml": document(tag("section", row, id=part.section)),
        f"{part.folder}/inforef.xml": document(tag("inforef")),
    }


def registers() -> dict[str, bytes]:
    """The documents of what the module has none of, which Moodle opens all the same."""
    roots = {
        "roles": tag("roles_definition"),
        "scales": tag("scales_definition"),
        "outcomes": tag("outcomes_definition"),
        "groups": tag("groups", tag("groupings")),
        "grade_history": tag("grade_history", tag("grade_grades")),
        "badges": tag("badges"),
    }
    return {f"{name}.xml": document(root) for name, root in roots.items()}
