"""From a folder to a rulebook, or every reason why not."""

from pathlib import Path

from traam.engines.rulebook.articles import read_articles
from traam.engines.rulebook.book import Rulebook
from traam.engines.rulebook.circuits import read_circuits
from traam.engines.rulebook.examples import read_examples
from traam.engines.rulebook.reading import BadEdition, Problem, open_table
from traam.engines.rulebook.reading_selection import read_selection
from traam.engines.rulebook.rules import Surroundings, read_rules
from traam.engines.rulebook.sections import (
    read_calendar,
    read_checklist,
    read_edition,
    read_form,
    read_kinds,
    read_limits,
    read_public_minutes,
    read_synthesis,
    read_topics,
)


def load(folder: Path) -> Rulebook:
    """Read `rules.toml`, `text.md` and `examples.toml` of a folder named after the edition's id.

    Raises `BadEdition` with all the problems at once. Whether the examples agree with the rules is asked
    separately, of `check_examples`.
    """
    problems: list[Problem] = []
    articles = read_articles(folder, problems)
    root = open_table(folder, "rules.toml", problems)
    edition, milestones = read_edition(root, folder.name), read_calendar(root, articles)
    limits = read_limits(root, articles)
    form, kinds = read_form(root, articles, limits), read_kinds(root, articles)
    names = tuple(milestone.id for milestone in milestones)
    rules = read_rules(root, Surroundings(articles, limits, names, tuple(kind.id for kind in kinds)))
    selection, topics = read_selection(root, articles, limits), read_topics(root, articles)
    minutes, circuits = read_public_minutes(root, articles), read_circuits(root)
    controls, synthesis = read_checklist(root, articles), read_synthesis(root, articles)
    root.finish()
    examples = read_examples(open_table(folder, "examples.toml", problems), {rule.id for rule in rules})
    if problems:
        raise BadEdition(folder.name, problems)
    return Rulebook(
        edition,
        milestones,
        limits,
        form,
        kinds,
        rules,
        selection,
        topics,
        circuits,
        articles,
        examples,
        minutes,
        controls,
        synthesis,
    )


def load_all(root: Path) -> dict[str, Rulebook]:
    """Every edition under a folder, by id, in the order of names. Raises the first `BadEdition`."""
    folders = sorted(path.parent for path in root.glob("*/rules.toml"))
    return {folder.name: load(folder) for folder in folders}
