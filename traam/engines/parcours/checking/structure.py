"""Is everything there, listed once, and does each document name the same module, section and course?"""

import re
from collections.abc import Iterator

from traam.engines.parcours.checking.backup import NULL, Backup, Module, number, told, twice

_OLDEST = 2022112800
_REGISTERS = ("badges", "completion", "files", "grade_history", "gradebook", "groups", "moodle_backup", "outcomes")
_COURSE = ("course", "inforef", "roles", "enrolments", "completiondefaults")
_ACTIVITY = ("module", "inforef", "grades", "roles", "grade_history")
_GRADED_BY_RUBRIC = ("assign", "forum")
_KINDS = {"page", "label", "url", "quiz", "h5pactivity", "resource", "assign", "forum"}
_HASH = re.compile(r"[0-9a-f]{32}")
_VERSION = re.compile(r"20\d{8}")  # the day, then a rank of two digits
_NOBODY = ("users", "role_assignments", "userscompletion", "logs", "grade_histories", "comments", "anonymize")


def members(backup: Backup) -> Iterator[str]:
    """Every document that a restore opens, and nothing that no list tells."""
    expected = {f"{name}.xml" for name in (*_REGISTERS, "questions", "roles", "scales")}
    expected |= {f"course/{name}.xml" for name in _COURSE}
    for module in backup.modules:
        names = (*_ACTIVITY, module.kind, *(("grading",) if module.kind in _GRADED_BY_RUBRIC else ()))
        expected |= {f"{module.folder}/{name}.xml" for name in names}
    for entry in backup.information.iterfind("contents/sections/section"):
        expected |= {f"{told(entry, 'directory')}/{name}.xml" for name in ("section", "inforef")}
    found = {path for path in backup.archive.members if not path.startswith("files/")}
    yield from (f"{path} : manque" for path in sorted(expected - found))
    yield from (f"{path} : rien ne l'annonce" for path in sorted(found - expected))


def manifest(backup: Backup) -> Iterator[str]:
    """`moodle_backup.xml`: versions, the course, and what was asked of the backup."""
    information = backup.information
    if (number(told(information, "backup_version")) or 0) < _OLDEST:
        yield "moodle_backup.xml : version plus ancienne que Moodle 4.1"
    course, context = backup.course.get("id", ""), backup.course.get("contextid", "")
    for path in ("original_course_id", "contents/course/courseid"):
        if told(information, path) != course:
            yield f"moodle_backup.xml : {path} n'est pas le cours {course}"
    if told(information, "original_course_contextid") != context:
        yield "moodle_backup.xml : original_course_contextid n'est pas le contexte du cours"
    if told(information, "original_system_contextid") in ("", context, *(module.context for module in backup.modules)):
        yield "moodle_backup.xml : original_system_contextid est déjà pris"
    if told(information, "contents/course/directory") != "course":
        yield "moodle_backup.xml : le dossier du cours n'est pas « course »"
    yield from _same_course(backup)


def _same_course(backup: Backup) -> Iterator[str]:
    information = backup.information
    if not _HASH.fullmatch(information.findtext("original_site_identifier_hash") or ""):
        yield "moodle_backup.xml : original_site_identifier_hash n'est pas une empreinte"
    detail = information.find("details/detail")
    if detail is None or not _HASH.fullmatch(detail.get("backup_id", "")):
        yield "moodle_backup.xml : backup_id n'est pas une empreinte"
    for column, path in (("fullname", "original_course_fullname"), ("shortname", "original_course_shortname")):
        if told(backup.course, column) != told(information, path):
            yield f"course/course.xml : {column} n'est pas celui de moodle_backup.xml"
    if not told(backup.course, "format") == told(information, "original_course_format") == "topics":
        yield "course/course.xml : le format n'est pas « topics »"


def settings(backup: Backup) -> Iterator[str]:
    """Each section and each activity is included, without its users."""
    asked: dict[tuple[str, str], str] = {}
    for setting in backup.information.iterfind("settings/setting"):
        level, name = told(setting, "level"), told(setting, "name")
        of = told(setting, level) if level in ("section", "activity") else ""
        if of and not name.startswith(f"{of}_"):
            yield f"moodle_backup.xml : le réglage {name} est attribué à {of}"
        asked[level, name] = told(setting, "value")
    wanted = {("root", "activities"): "1", ("root", "files"): "1", ("root", "questionbank"): "1"}
    wanted |= {("root", name): "0" for name in _NOBODY}
    for section, _ in backup.sections:
        wanted |= {("section", f"section_{section}_{what}"): value for what, value in _INCLUDED}
    for module in backup.modules:
        wanted |= {("activity", f"{module.kind}_{module.module}_{what}"): value for what, value in _INCLUDED}
    for key, value in wanted.items():
        if asked.get(key) != value:
            yield f"moodle_backup.xml : le réglage {key[1]} devrait valoir {value}"
    for level, name in asked:
        if level != "root" and (level, name) not in wanted:
            yield f"moodle_backup.xml : le réglage {name} ne vise rien"


_INCLUDED = (("included", "1"), ("userinfo", "0"))


def modules(backup: Backup) -> Iterator[str]:
    """Each activity says the same of itself everywhere."""
    numbers = {section: told(tree, "number") for section, tree in backup.sections}
    for module in backup.modules:
        for what in _module(module, numbers):
            yield f"{module.folder} : {what}"
    contexts = [backup.course.get("contextid", ""), *(module.context for module in backup.modules)]
    yield from (f"contexte {value} : deux fois" for value in twice(contexts))
    yield from (f"module {value} : deux fois" for value in twice(module.module for module in backup.modules))
    instances = (f"{module.kind} {module.instance}" for module in backup.modules)
    yield from (f"{value} : deux fois" for value in twice(instances))


def _module(module: Module, numbers: dict[str, str]) -> Iterator[str]:
    if module.kind not in _KINDS:
        yield f"type « {module.kind} » inconnu"
    if module.folder != f"activities/{module.kind}_{module.module}":
        yield "dossier mal nommé"
    own = module.root.find(module.kind)
    if own is None or own.get("id") != module.instance or number(module.instance) is None:
        yield "l'identifiant de l'activité n'est pas celui de sa table"
    if module.root.get("moduleid") != module.module or module.settings.get("id") != module.module:
        yield "l'identifiant du module diffère d'un document à l'autre"
    if module.root.get("modulename") != module.kind or told(module.settings, "modulename") != module.kind:
        yield "le type du module diffère d'un document à l'autre"
    if not _VERSION.fullmatch(module.settings.get("version", "")):
        yield "la version du module n'en est pas une"
    if number(module.context) is None:
        yield "le contexte n'est pas un nombre"
    if told(module.settings, "sectionid") != module.section or module.section not in numbers:
        yield "la section n'est pas celle de moodle_backup.xml"
    elif told(module.settings, "sectionnumber") != numbers[module.section]:
        yield "le numéro de section n'est pas celui de la section"


def sections(backup: Backup) -> Iterator[str]:
    """Sections are numbered from 0, and their sequences hold each module once, where it says it is."""
    for rank, (section, tree) in enumerate(backup.sections):
        place = f"sections/section_{section}"
        if tree.get("id") != section:
            yield f"{place} : l'identifiant n'est pas celui de moodle_backup.xml"
        if told(tree, "number") != str(rank):
            yield f"{place} : le numéro devrait être {rank}"
        listed = [module for module in told(tree, "sequence").split(",") if module and module != NULL]
        here = [module.module for module in backup.modules if module.section == section]
        if listed != here:
            yield f"{place} : la séquence n'est pas celle de ses activités"
    yield from (f"section {value} : deux fois" for value in twice(section for section, _ in backup.sections))
