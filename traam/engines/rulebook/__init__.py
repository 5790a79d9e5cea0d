"""A cahier des charges as data: load it, question it, get the breaches with their articles."""

from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.book import (
    BLOCKING,
    EXPECTED,
    ApplicationField,
    Edition,
    Example,
    Facts,
    Finding,
    Limit,
    Milestone,
    ProductionKind,
    Rule,
    Rulebook,
    UnknownFact,
)
from traam.engines.rulebook.comparison import Change, compare
from traam.engines.rulebook.examples import check_examples
from traam.engines.rulebook.facts import DEGREES, INSPECTOR_CORPS, SUBJECTS
from traam.engines.rulebook.loading import load, load_all
from traam.engines.rulebook.reading import BadEdition, Problem

__all__ = [
    "BLOCKING",
    "DEGREES",
    "EXPECTED",
    "INSPECTOR_CORPS",
    "SUBJECTS",
    "ApplicationField",
    "Article",
    "BadEdition",
    "Change",
    "Edition",
    "Example",
    "Facts",
    "Finding",
    "Limit",
    "Milestone",
    "Problem",
    "ProductionKind",
    "Rule",
    "Rulebook",
    "UnknownFact",
    "check_examples",
    "compare",
    "load",
    "load_all",
]
