"""The dossiers of `examples.toml`: read them, and hold them against the rules.

`[complete.<subject>]` is a dossier in order; each `[[example]]` says what differs from it.
"""

from collections.abc import Iterator

from traam.engines.rulebook.book import Example, Rulebook
from traam.engines.rulebook.facts import SUBJECTS
from traam.engines.rulebook.reading import Problem, Table
from traam.engines.rulebook.wording import NBSP

FILE = "examples.toml"


def read_examples(root: Table, rule_ids: set[str]) -> tuple[Example, ...]:
    complete = root.table("complete")
    bases = {subject: _facts(complete, subject, subject) for subject in complete.values}
    examples = tuple(_example(row, bases, rule_ids) for row in root.rows("example"))
    root.finish()
    return examples


def _example(row: Table, bases: dict[str, dict[str, object]], rule_ids: set[str]) -> Example:
    subject, title = row.text("subject"), row.text("title")
    row.named(subject, "subject", SUBJECTS, "sujet inconnu")
    facts = _facts(row, "facts", subject) if row.has("facts") else {}
    breaches = row.texts("breaches")
    for rule_id in breaches:
        row.named(rule_id, "breaches", rule_ids, "règle inconnue")
    articles = row.texts("articles", default=())
    row.finish()
    return Example(title, subject, {**bases.get(subject, {}), **facts}, breaches, articles)


def _facts(parent: Table, key: str, subject: str) -> dict[str, object]:
    """The facts of a table, each known and of its type."""
    table = parent.table(key)
    known = SUBJECTS.get(subject)
    if known is None:
        parent.named(subject, key, SUBJECTS, "sujet inconnu")
        return {}
    for name in table.values:
        value = table.raw(name)
        if table.named(name, name, known, "fait inconnu") and not known[name].kind.accepts(value):
            table.refuse(name, f"attendu{NBSP}: {known[name].kind}")
    return dict(table.values)


def check_examples(book: Rulebook) -> list[Problem]:
    """Where the examples and the rules contradict each other, and the rules no example proves both ways."""
    problems: list[Problem] = []
    met: set[str] = set()
    breached: set[str] = set()
    for number, example in enumerate(book.examples, start=1):
        findings = book.judge(example.subject, example.facts)
        met |= {finding.rule_id for finding in findings if finding.met}
        unmet = [finding for finding in findings if not finding.met]
        breached |= {finding.rule_id for finding in unmet}
        found = {finding.rule_id for finding in unmet}
        problems += _contradictions(f"example[{number}]", example, found)
        articles = {finding.article for finding in unmet}
        if example.articles and set(example.articles) != articles:
            problems.append(
                Problem(FILE, f"example[{number}].articles", f"articles enfreints{NBSP}: {_list(articles)}")
            )
    for rule in book.rules:
        if rule.id not in met:
            problems.append(Problem(FILE, "", f"aucun exemple ne respecte la règle « {rule.id} »"))
        if rule.id not in breached:
            problems.append(Problem(FILE, "", f"aucun exemple n'enfreint la règle « {rule.id} »"))
    return problems


def _contradictions(key: str, example: Example, found: set[str]) -> Iterator[Problem]:
    declared = set(example.breaches)
    if found - declared:
        yield Problem(FILE, f"{key}.breaches", f"« {example.title} » enfreint aussi {_list(found - declared)}")
    if declared - found:
        yield Problem(FILE, f"{key}.breaches", f"« {example.title} » n'enfreint pas {_list(declared - found)}")


def _list(names: set[str]) -> str:
    return ", ".join(f"« {name} »" for name in sorted(names)) or "aucun"
