"""The archive: the same course and the same second give the same bytes."""

from traam.engines.parcours.judging import NotExportable, judge
from traam.engines.parcours.model import Course
from traam.engines.parcours.moodle.activities import activity_documents
from traam.engines.parcours.moodle.course import course_documents, registers, section_documents
from traam.engines.parcours.moodle.grades import completion_xml, gradebook_xml
from traam.engines.parcours.moodle.manifest import moodle_backup_xml
from traam.engines.parcours.moodle.plan import arrange
from traam.engines.parcours.moodle.pool import Pool, files_xml
from traam.engines.parcours.moodle.questions import Bank, questions_xml
from traam.engines.parcours.packing import pack


def mbz(course: Course, *, now: int) -> bytes:
    """The module as a backup that Moodle 4.1 and later restore; `now` (Unix time) dates everything in it.

    It holds no user and no address. `NotExportable` when `judge` finds something to mend.
    """
    if faults := judge(course):
        raise NotExportable(faults)
    plan = arrange(course, now)
    pool, bank = Pool(), Bank()
    documents: dict[str, bytes] = {}
    for part in plan.parts:
        documents |= section_documents(part, plan)
        for placed in part.placed:
            documents |= activity_documents(part, placed, plan, pool, bank)
    documents |= course_documents(plan) | registers()
    documents |= {
        "moodle_backup.xml": moodle_backup_xml(plan),
        "questions.xml": questions_xml(bank, plan),
        "files.xml": files_xml(pool, plan),
        "gradebook.xml": gradebook_xml(plan),
        "completion.xml": completion_xml(plan),
    }
    return pack(documents | pool.contents)
