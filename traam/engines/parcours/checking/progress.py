"""Grades, completion and conditions: what is earned, what makes an activity done, what waits for what."""

import json
from collections.abc import Iterator

from lxml import etree

from traam.engines.parcours.checking.backup import NULL, Backup, Module, decimal, number, told, twice

_GRADED = ("quiz", "assign", "h5pactivity")


def grades(backup: Backup) -> Iterator[str]:
    """Each graded activity has its item, in the course's own category."""
    book = backup.archive.tree("gradebook.xml")
    categories = [row.get("id", "") for row in book.iterfind("grade_categories/grade_category")]
    items = [row.get("id", "") for row in book.iterfind("grade_items/grade_item")]
    for module in backup.modules:
        own = module.grades.findall("grade_items/grade_item")
        if len(own) != (module.kind in _GRADED):
            yield f"{module.folder} : {len(own)} note(s)"
        for item in own:
            items.append(item.get("id", ""))
            yield from (f"{module.folder}/grades.xml : {what}" for what in _item(item, module, categories))
    yield from (f"note {value} : deux fois" for value in twice(items))
    yield from (f"note {value} : n'est pas un nombre" for value in items if number(value) is None)
    yield from (f"gradebook.xml : catégorie {value} deux fois" for value in twice(categories))
    yield from _book(book)


def _book(book: etree._Element) -> Iterator[str]:
    category = book.find("grade_categories/grade_category")
    item = book.find("grade_items/grade_item")
    if category is None or item is None or told(item, "itemtype") != "course":
        yield "gradebook.xml : ni catégorie ni total du cours"
    elif told(item, "iteminstance") != category.get("id") or told(category, "path") != f"/{category.get('id')}/":
        yield "gradebook.xml : le total n'est pas celui de la catégorie"


def _item(item: etree._Element, module: Module, categories: list[str]) -> Iterator[str]:
    if told(item, "categoryid") not in categories:
        yield "la catégorie de la note n'existe pas"
    if told(item, "itemmodule") != module.kind or told(item, "iteminstance") != module.instance:
        yield "la note n'est pas celle de l'activité"
    if told(item, "idnumber") != told(module.settings, "idnumber"):
        yield "le numéro d'identification n'est pas celui du module"
    highest = decimal(told(item, "grademax"))
    if not 0 <= decimal(told(item, "gradepass")) <= highest:
        yield "la note de passage dépasse la note maximale"
    if highest != decimal(told(module.root, f"{module.kind}/grade")):
        yield "la note maximale n'est pas celle de l'activité"


def completion(backup: Backup) -> Iterator[str]:
    """The course is done when its followed activities are: all of them, and no other."""
    tree = backup.archive.tree("completion.xml")
    followed = {module.module: module.kind for module in backup.modules if module.followed}
    criteria = {}
    for row in tree.iterfind("course_completion_criteria"):
        key = told(row, "moduleinstance")
        if key in criteria or row.get("id") != key:
            yield f"completion.xml : critère {row.get('id')} en double ou mal numéroté"
        criteria[key] = told(row, "module")
    if criteria != followed:
        yield "completion.xml : les critères ne sont pas ceux des activités suivies"
    if {row.text for row in tree.iter("course")} - {backup.course.get("id")}:
        yield "completion.xml : un critère vise un autre cours"
    methods = sorted(told(row, "criteriatype") for row in tree.iterfind("course_completion_aggr_methd"))
    if methods != sorted((NULL, "4")):
        yield "completion.xml : il manque la façon de réunir les critères"
    for module in backup.modules:
        yield from (f"{module.folder}/module.xml : {what}" for what in _done(module))


def _done(module: Module) -> Iterator[str]:
    settings, own = module.settings, module.root.find(module.kind)
    kind = told(settings, "completion")
    by_grade = told(settings, "completiongradeitemnumber") == "0"
    rules = [told(settings, "completionview") == "1", by_grade]
    if own is not None:
        rules += [told(own, column) not in ("", "0") for column in ("completionposts", "completionsubmit")]
    if kind not in ("0", "1", "2"):
        yield "suivi d'achèvement inconnu"
    if (kind == "2") != any(rules):
        yield "le suivi automatique et ses conditions se contredisent"
    if by_grade and module.grades.find("grade_items/grade_item") is None:
        yield "l'achèvement attend une note qui n'existe pas"
    if told(settings, "completionpassgrade") == "1" and not by_grade:
        yield "l'achèvement attend une note de passage sans attendre de note"


def availability(backup: Backup) -> Iterator[str]:
    """What waits for an activity waits for one that is followed, and placed before it."""
    before: set[str] = set()
    for module in backup.modules:
        text = told(module.settings, "availability")
        if text != NULL:
            yield from (f"{module.folder}/module.xml : {what}" for what in _conditions(text, before))
        if module.followed:
            before.add(module.module)
    for section, tree in backup.sections:
        if told(tree, "availabilityjson") != NULL:
            yield f"sections/section_{section} : condition d'accès inattendue"


def _conditions(text: str, before: set[str]) -> Iterator[str]:
    try:
        tree = json.loads(text)
        conditions = [(row["type"], str(row["cm"]), row["e"]) for row in tree["c"]]
        sound = tree["op"] == "&" and len(tree["showc"]) == len(conditions) > 0
    except (ValueError, KeyError, TypeError, RecursionError):
        yield "la condition d'accès est illisible"
        return
    if not sound:
        yield "la condition d'accès est mal formée"
    for kind, awaited, expected in conditions:
        if kind != "completion" or expected != 1 or awaited not in before:
            yield f"la condition d'accès vise {awaited}, qui n'est pas une activité suivie placée avant"
