"""A cahier des charges as data: load it, question it, get the breaches with their articles."""

from traam.engines.rulebook.amending import BadAmendment, amended, touched
from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.book import (
    BLOCKING,
    EXPECTED,
    ApplicationField,
    Control,
    Edition,
    Example,
    Facts,
    Finding,
    Limit,
    Milestone,
    ProductionKind,
    Rule,
    Rulebook,
    Synthesis,
    UnknownFact,
)
from traam.engines.rulebook.comparison import Change, compare
from traam.engines.rulebook.examples import check_examples
from traam.engines.rulebook.facts import DEGREES, INSPECTOR_CORPS, SUBJECTS
from traam.engines.rulebook.loading import load, load_all
from traam.engines.rulebook.reading import BadEdition, Problem
from traam.engines.rulebook.sections import AUDIENCES
from traam.engines.rulebook.selection import PROPOSAL_WORDS, BadMarks, Criterion, Mark, Proposal, Selection, Setting
from traam.engines.rulebook.topics import TOPICS

__all__ = [
    "AUDIENCES",
    "BLOCKING",
    "DEGREES",
    "EXPECTED",
    "INSPECTOR_CORPS",
    "PROPOSAL_WORDS",
    "SUBJECTS",
    "TOPICS",
    "ApplicationField",
    "Article",
    "BadAmendment",
    "BadEdition",
    "BadMarks",
    "Change",
    "Control",
    "Criterion",
    "Edition",
    "Example",
    "Facts",
    "Finding",
    "Limit",
    "Mark",
    "Milestone",
    "Problem",
    "ProductionKind",
    "Proposal",
    "Rule",
    "Rulebook",
    "Selection",
    "Setting",
    "Synthesis",
    "UnknownFact",
    "amended",
    "check_examples",
    "compare",
    "load",
    "load_all",
    "touched",
]
