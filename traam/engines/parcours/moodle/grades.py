"""Grades: the item of each graded activity (`grades.xml`), and the category that holds them all (`gradebook.xml`)."""

from traam.engines.parcours.moodle.markup import Xml, columns, document, tag
from traam.engines.parcours.moodle.plan import COURSE, COURSE_GRADE, GRADE_CATEGORY, Placed, Plan


def activity_grades(placed: Placed, plan: Plan, highest: int, passing: int) -> Xml:
    """`grades.xml` of an activity: empty when it has no grade."""
    items = []
    if placed.grade is not None:
        head = columns(
            categoryid=GRADE_CATEGORY,
            itemname=placed.title,
            itemtype="mod",
            itemmodule=placed.name,
            iteminstance=placed.instance,
            itemnumber=0,
            iteminfo=None,
            idnumber=f"traam-{placed.module}",
        )
        items.append(_item(placed.grade, head, highest, passing, plan.now))
    return tag("activity_gradebook", tag("grade_items", *items), tag("grade_letters"))


def gradebook_xml(plan: Plan) -> bytes:
    """`gradebook.xml`: the course's own category and its total, by natural weighting."""
    category = columns(
        parent=None,
        depth=1,
        path=f"/{GRADE_CATEGORY}/",
        fullname="?",
        aggregation=13,
        keephigh=0,
        droplow=0,
        aggregateonlygraded=1,
        aggregateoutcomes=0,
        timecreated=plan.now,
        timemodified=plan.now,
        hidden=0,
    )
    head = columns(
        categoryid=None,
        itemname=None,
        itemtype="course",
        itemmodule=None,
        iteminstance=GRADE_CATEGORY,
        itemnumber=None,
        iteminfo=None,
        idnumber=None,
    )
    setting = tag("grade_setting", columns(name="minmaxtouse", value=1), id="")
    return document(
        tag(
            "gradebook",
            tag("attributes"),
            tag("grade_categories", tag("grade_category", category, id=GRADE_CATEGORY)),
            tag("grade_items", _item(COURSE_GRADE, head, 100, 0, plan.now)),
            tag("grade_letters"),
            tag("grade_settings", setting),
        )
    )


def completion_xml(plan: Plan) -> bytes:
    """`completion.xml`: the course is done when every activity that can be done is."""
    criteria = [_criterion(placed) for placed in plan.placed if placed.activity.done != "none"]
    methods = [
        tag("course_completion_aggr_methd", columns(course=COURSE, criteriatype=kind, method=1, value=None), id=number)
        for number, kind in ((1, None), (2, 4))
    ]
    return document(tag("course_completion", *criteria, *methods))


def _criterion(placed: Placed) -> Xml:
    row = columns(
        course=COURSE,
        criteriatype=4,
        module=placed.name,
        moduleinstance=placed.module,
        courseinstanceshortname=None,
        enrolperiod=None,
        timeend=None,
        gradepass=None,
        role=None,
        roleshortname=None,
    )
    return tag("course_completion_criteria", row, tag("course_completion_crit_completions"), id=placed.module)


def _item(number: int, head: Xml, highest: int, passing: int, now: int) -> Xml:
    tail = columns(
        calculation=None,
        gradetype=1,
        grademax=f"{highest:.5f}",
        grademin="0.00000",
        scaleid=None,
        outcomeid=None,
        gradepass=f"{passing:.5f}",
        multfactor="1.00000",
        plusfactor="0.00000",
        aggregationcoef="0.00000",
        aggregationcoef2="0.00000",
        weightoverride=0,
        sortorder=number,
        display=0,
        decimals=None,
        hidden=0,
        locked=0,
        locktime=0,
        needsupdate=0,
        timecreated=now,
        timemodified=now,
    )
    return tag("grade_item", head, tail, tag("grade_grades"), id=number)
