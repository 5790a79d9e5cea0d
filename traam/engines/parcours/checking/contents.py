"""What the texts say: minutes that add up, nobody's address, and NULL where Moodle wants NULL."""

import re
from collections.abc import Iterator

from traam.engines.parcours.checking.backup import NULL, Backup, number, told
from traam.engines.parcours.checking.people import addresses

_DURATION = re.compile(r'<p class="traam-duree">[^<]*?(\d+)\u00a0min\)?</p>\s*$')
_USERS = {"user", "users", "enrol", "role_assignment", "attempt", "submission", "discussion", "grade_grade"}

# Columns that hold an identifier, or nothing: an empty string there becomes a zero that points nowhere.
_NULLABLE = {
    "userid", "source", "repositorytype", "repositoryid", "reference", "legacyfileslast", "completiongradeitemnumber",
    "availability", "availabilityjson", "ownerid", "createdby", "modifiedby", "scaleid", "outcomeid", "calculation",
    "iteminfo", "decimals", "enrolperiod", "timeend", "role", "roleshortname", "courseinstanceshortname",
}  # fmt: skip
# Columns that may not be NULL: a restore stops there.
_REQUIRED = {
    "name", "title", "fullname", "shortname", "summary", "intro", "content", "externalurl", "questiontext",
    "answertext", "generalfeedback", "feedback", "fraction", "contenthash", "contextid", "component", "filearea",
    "itemid", "filepath", "filename", "filesize", "sequence", "number", "sectionid", "moduleid", "directory", "value",
    "stamp", "qtype",
}  # fmt: skip


def minutes(backup: Backup) -> Iterator[str]:
    """The activities of a section make its duration, the sections that of the course, within 10 %."""
    announced = _custom_field(backup, "duree_minutes")
    told_total = _minutes(told(backup.course, "summary"))
    if not announced or told_total != announced:
        yield "course/course.xml : la durée du résumé n'est pas celle du champ duree_minutes"
        return
    total = 0
    for section, tree in backup.sections:
        of_section = _minutes(told(tree, "summary"))
        inside = [
            _minutes(told(module.root, f"{module.kind}/intro"))
            for module in backup.modules
            if module.section == section
        ]
        if sum(inside) != of_section:
            yield f"sections/section_{section} : {of_section} min annoncées, {sum(inside)} dans ses activités"
        total += of_section
    if abs(total - announced) * 10 > announced:
        yield f"course/course.xml : {announced} min annoncées, {total} dans les sections"


def _custom_field(backup: Backup, name: str) -> int | None:
    for row in backup.course.iterfind("customfields/customfield"):
        if told(row, "shortname") == name:
            return number(told(row, "value"))
    return None


def _minutes(html: str) -> int:
    found = _DURATION.search(html)
    return int(found[1]) if found else 0


def people(backup: Backup) -> Iterator[str]:
    """No user, and no e-mail address in any text."""
    for path, tree in backup.archive.trees.items():
        for element in tree.iter("*"):
            if element.tag in _USERS:
                yield f"{path} : contient un utilisateur (« {element.tag} »)"
            for address in addresses(element.text or ""):
                yield f"{path} : contient l'adresse {address}"


def nulls(backup: Backup) -> Iterator[str]:
    """NULL is written `$@NULL@$`, alone, and only where a column may be NULL."""
    for path, tree in backup.archive.trees.items():
        for element in tree.iter("*"):
            text, name = element.text or "", str(element.tag)
            if name in _NULLABLE and text == "" and len(element) == 0:
                yield f"{path} : {name} est vide au lieu de {NULL}"
            elif text == NULL:
                if name in _REQUIRED and not _may_be_null(path, name):
                    yield f"{path} : {name} ne peut pas être NULL"
            elif "$@" in text:
                yield f"{path} : {name} contient une commande de Moodle"


def _may_be_null(path: str, name: str) -> bool:
    """The aggregation of completion is the one that has a `value` and may leave it out."""
    return path == "completion.xml" and name == "value"
