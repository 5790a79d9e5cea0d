"""The question bank and the quizzes: slots find their entries, entries their category, answers their mark."""

from collections.abc import Iterator

from lxml import etree

from traam.engines.parcours.checking.backup import NULL, Backup, Module, decimal, number, told, twice

_TYPES = ("multichoice", "truefalse", "shortanswer")
_VERSION = "question_version/question_versions"


def bank(backup: Backup) -> Iterator[str]:
    """`questions.xml`."""
    tree = backup.archive.tree("questions.xml")
    categories = {row.get("id", ""): row for row in tree.iterfind("question_category")}
    for key, row in categories.items():
        yield from (f"questions.xml, catégorie {key} : {what}" for what in _category(row, categories, backup))
    if [told(row, "name") for row in categories.values() if told(row, "parent") == "0"] != ["top"]:
        yield "questions.xml : il faut une catégorie « top », et une seule"
    for row in tree.iterfind("question_category"):
        for entry in row.iter("question_bank_entry"):
            yield from (f"questions.xml, question {entry.get('id')} : {what}" for what in _entry(entry, row))
    for name in ("question_category", "question_bank_entry", "question_versions", "question", "answer"):
        yield from (f"questions.xml : {name} {value} deux fois" for value in twice(_ids(tree, name)))
    yield from (
        f"questions.xml : marque {value} deux fois" for value in twice(row.text or "" for row in tree.iter("stamp"))
    )


def _ids(tree: etree._Element, name: str) -> Iterator[str]:
    return (row.get("id", "") for row in tree.iter(name))


def _category(row: etree._Element, known: dict[str, etree._Element], backup: Backup) -> Iterator[str]:
    if number(row.get("id", "")) is None:
        yield "l'identifiant n'est pas un nombre"
    if told(row, "parent") not in ("0", *(key for key in known if key != row.get("id"))):
        yield "sa catégorie mère n'existe pas"
    if told(row, "contextid") != backup.course.get("contextid") or told(row, "contextlevel") != "50":
        yield "le contexte n'est pas celui du cours"
    if told(row, "contextinstanceid") != backup.course.get("id"):
        yield "le cours n'est pas celui de la sauvegarde"


def _entry(entry: etree._Element, category: etree._Element) -> Iterator[str]:
    if told(entry, "questioncategoryid") != category.get("id"):
        yield "sa catégorie n'est pas celle qui la contient"
    if told(entry, "ownerid") != NULL:
        yield "nomme un utilisateur"
    question = entry.find(f"{_VERSION}/questions/question")
    if question is None:
        yield "aucune version"
        return
    numbers = {entry.get("id"), question.get("id"), _version_id(entry)}
    if len(numbers) != 1 or number(entry.get("id", "")) is None:
        yield "l'entrée, la version et la question n'ont pas le même numéro"
    if told(entry, f"{_VERSION}/version") != "1" or told(entry, f"{_VERSION}/status") != "ready":
        yield "la version n'est pas la première, prête"
    if told(question, "createdby") != NULL or told(question, "modifiedby") != NULL:
        yield "nomme un utilisateur"
    yield from _question(question)


def _version_id(entry: etree._Element) -> str | None:
    version = entry.find(_VERSION)
    return None if version is None else version.get("id")


def _question(question: etree._Element) -> Iterator[str]:
    kind = told(question, "qtype")
    plugin = question.find(f"plugin_qtype_{kind}_question") if kind in _TYPES else None
    if plugin is None:
        yield f"type « {kind} » inconnu ou sans ses réponses"
        return
    options = plugin.find(kind)
    if options is None or options.get("id") != question.get("id"):
        yield "ses réglages ne sont pas les siens"
        return
    fractions = {row.get("id", ""): decimal(told(row, "fraction")) for row in plugin.iterfind("answers/answer")}
    if any(number(key) is None for key in fractions):
        yield "l'identifiant d'une réponse n'est pas un nombre"
    yield from _marks(kind, options, fractions)


def _marks(kind: str, options: etree._Element, fractions: dict[str, float]) -> Iterator[str]:
    right = [share for share in fractions.values() if share > 0]
    if not right:
        yield "aucune réponse n'est juste"
    elif kind == "multichoice" and abs(sum(right) - 1) > 0.0001:
        yield "les bonnes réponses ne font pas la note entière"
    elif kind != "multichoice" and max(right) != 1:
        yield "aucune réponse ne vaut la note entière"
    if kind == "multichoice" and told(options, "single") == "1" and len(right) != 1:
        yield "plusieurs bonnes réponses pour un choix unique"
    if kind == "truefalse":
        pair = [told(options, "trueanswer"), told(options, "falseanswer")]
        if pair != list(fractions) or len(set(pair)) != 2:
            yield "vrai et faux ne désignent pas ses deux réponses"


def quizzes(backup: Backup) -> Iterator[str]:
    """Each quiz: slots from 1, each pointing at an entry of its own; every entry is asked once."""
    asked: list[str] = []
    for module in backup.modules:
        if module.kind == "quiz":
            yield from (f"{module.folder} : {what}" for what in _quiz(module))
            asked += [row.text or "" for row in module.root.iter("questionbankentryid")]
    entries = {entry.get("id", "") for entry in backup.entries}
    yield from (
        f"question {value} : un questionnaire la pose, elle n'existe pas" for value in sorted(set(asked) - entries)
    )
    yield from (f"question {value} : aucun questionnaire ne la pose" for value in sorted(entries - set(asked)))
    yield from (f"question {value} : posée deux fois" for value in twice(asked))


def _quiz(module: Module) -> Iterator[str]:
    slots = list(module.root.iter("question_instance"))
    if [told(slot, "slot") for slot in slots] != [str(rank) for rank in range(1, len(slots) + 1)] or not slots:
        yield "les places des questions ne se suivent pas"
    total = sum(decimal(told(slot, "maxmark")) for slot in slots)
    if abs(total - decimal(told(module.root, "quiz/sumgrades"))) > 0.0001:
        yield "sumgrades n'est pas la somme des points"
    for slot in slots:
        reference = slot.find("question_reference")
        if reference is None or told(reference, "usingcontextid") != module.context:
            yield f"question {slot.get('id')} : le contexte n'est pas celui du questionnaire"
        elif {slot.get("id"), reference.get("id")} != {told(reference, "questionbankentryid")}:
            yield f"question {slot.get('id')} : la référence n'est pas la sienne"
        if told(slot, "quizid") != module.instance:
            yield f"question {slot.get('id')} : le questionnaire n'est pas le sien"
    if told(module.root, "quiz/sections/section/firstslot") != "1":
        yield "la première page ne commence pas à la première question"
