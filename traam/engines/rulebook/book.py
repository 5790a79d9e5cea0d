"""A loaded cahier des charges, and the question one puts to it: does this respect the rules?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.circuits import REVIEWED
from traam.engines.rulebook.facts import SUBJECTS
from traam.engines.rulebook.predicates import PREDICATES, Takes
from traam.engines.rulebook.reading import suggestion
from traam.engines.rulebook.selection import Selection
from traam.engines.rulebook.topics import TOPICS
from traam.engines.rulebook.wording import write

Facts = Mapping[str, object]

BLOCKING = "blocking"
EXPECTED = "expected"
SEVERITIES = (BLOCKING, EXPECTED)


class UnknownFact(LookupError):
    """A fact that is missing, unknown or of the wrong type: a mistake of the program, not of a person."""


@dataclass(frozen=True)
class Edition:
    """What the edition is. `years` is a French label; `duration_years` is how long a theme lasts."""

    id: str
    title: str
    short_title: str
    pilot: str
    years: str
    duration_years: int
    renewable: bool
    source: str


@dataclass(frozen=True)
class Milestone:
    """A date of the calendar. `said` is how the text puts it ("mi-mars"), "" when the text gives no date."""

    id: str
    label: str
    month: int
    day: int
    year_offset: int
    article: str
    said: str = ""

    def on(self, first_year: int) -> date:
        """The day, for a campaign whose first school year starts in September of `first_year`."""
        return date(first_year + self.year_offset, self.month, self.day)


@dataclass(frozen=True)
class Limit:
    name: str
    value: int
    article: str
    label: str


@dataclass(frozen=True)
class ApplicationField:
    """A field of the application form. `fact` names what the rules judge; `limit` a maximum, or ""."""

    id: str
    label: str
    mandatory: bool
    article: str
    fact: str
    limit: str = ""


@dataclass(frozen=True)
class ProductionKind:
    id: str
    label: str
    article: str


@dataclass(frozen=True)
class Condition:
    """A fact that must hold for a rule to apply."""

    fact: str
    check: str
    value: object

    def holds(self, facts: Facts) -> bool:
        return PREDICATES[self.check].holds(facts.get(self.fact), self.value)


@dataclass(frozen=True)
class Rule:
    """One requirement. `value` is already the number of the limit, when the rule names one (`limits`)."""

    id: str
    on: str
    check: str
    fact: str
    value: object
    limits: tuple[str, ...]
    when: tuple[Condition, ...]
    article: str
    severity: str
    label: str
    message: str
    todo: str
    due: str = ""

    @property
    def reads(self) -> frozenset[str]:
        """The facts the rule looks at."""
        other = {str(self.value)} if PREDICATES[self.check].takes is Takes.FACT else set()
        return frozenset({self.fact, *other, *(condition.fact for condition in self.when)})

    @property
    def asked(self) -> str:
        """The label with its number, in French ("Au moins 3 enseignants")."""
        return write(self.label, value=self._stated)

    @property
    def _stated(self) -> object:
        """What the label may show without a dossier: of two facts compared, the French name of the other."""
        if PREDICATES[self.check].takes is Takes.FACT:
            return SUBJECTS[self.on][str(self.value)].meaning
        return self.value

    @property
    def blocking(self) -> bool:
        return self.severity == BLOCKING

    def applies(self, facts: Facts) -> bool:
        return all(condition.holds(facts) for condition in self.when)

    def judge(self, facts: Facts) -> "Finding":
        predicate = PREDICATES[self.check]
        actual = facts.get(self.fact)
        expected = facts.get(str(self.value)) if predicate.takes is Takes.FACT else self.value
        met = predicate.holds(actual, expected)
        return Finding(
            rule_id=self.id,
            fact=self.fact,
            label=write(self.label, value=expected),
            article=self.article,
            severity=self.severity,
            met=met,
            actual=actual,
            expected=expected,
            message="" if met else write(self.message, actual=actual, value=expected),
            todo="" if met else write(self.todo, value=expected),
            due=self.due,
        )


@dataclass(frozen=True)
class Finding:
    """A rule put to the facts. `message` (what is wrong) and `todo` are "" when the rule is met.

    `fact` is the one judged, so that a form can show the finding beside the field that mends it.
    """

    rule_id: str
    fact: str
    label: str
    article: str
    severity: str
    met: bool
    actual: object
    expected: object
    message: str
    todo: str
    due: str

    @property
    def blocking(self) -> bool:
        return self.severity == BLOCKING

    @property
    def sentence(self) -> str:
        """The breach and its article: "Le groupe compte 2 enseignants (article B.2)."; "" when met."""
        return f"{self.message.rstrip('. ')} (article {self.article})." if self.message else ""


@dataclass(frozen=True)
class Example:
    """A dossier of `examples.toml`, with the rules it must breach, and the articles of those rules."""

    title: str
    subject: str
    facts: Facts
    breaches: tuple[str, ...]
    articles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Control:
    """A line of the inspector's checklist: a question answered yes, no or not concerned, and what to look at."""

    id: str
    question: str
    look: str
    article: str


@dataclass(frozen=True)
class Synthesis:
    """The national synthesis of a theme: the clause that asks for it, and to whom it is sent (`sections.AUDIENCES`)."""

    article: str
    sent_to: tuple[str, ...]


@dataclass(frozen=True)
class Rulebook:
    """One cahier des charges. Tuples and mappings keep the order of the files."""

    edition: Edition
    milestones: tuple[Milestone, ...]
    limits: Mapping[str, Limit]
    application_fields: tuple[ApplicationField, ...]
    production_kinds: tuple[ProductionKind, ...]
    rules: tuple[Rule, ...]
    selection: Selection
    topics: Mapping[str, str]
    circuits: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, Article]
    examples: tuple[Example, ...] = ()
    public_minutes: str = ""
    """The anchor of the clause that puts the minutes of national meetings on line; "" when the text asks nothing."""
    checklist: tuple[Control, ...] = ()
    """What the inspector answers before a production is published, in order."""
    synthesis: Synthesis | None = None
    """What the text asks of the national synthesis of a theme; None when it asks none."""

    @property
    def id(self) -> str:
        return self.edition.id

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(self.texts.values())

    def article(self, anchor: str) -> Article:
        """The clause of this anchor; `KeyError` when the text has none."""
        return self.texts[anchor]

    def topic(self, topic_id: str) -> Article:
        """The clause that asks for this part of the work ("renewal"); `KeyError` when `TOPICS` has no such part."""
        if topic_id not in TOPICS:
            raise KeyError(f"{topic_id} : {suggestion(topic_id, TOPICS)}")
        return self.texts[self.topics[topic_id]]

    def circuit(self, kind_id: str) -> tuple[str, ...]:
        """Who reads a production of this kind, one after the other: ("referent", "inspector"), and "expert" or not.

        `KeyError` for a kind nobody reads.
        """
        if kind_id not in REVIEWED:
            raise KeyError(f"{kind_id} : {suggestion(kind_id, REVIEWED)}")
        return self.circuits[kind_id]

    def field_article(self, field_id: str) -> Article | None:
        """The clause that asks for this field of the application, or None when this edition does not ask it."""
        found = next((field for field in self.application_fields if field.id == field_id), None)
        return self.texts[found.article] if found else None

    def limit(self, name: str) -> Limit | None:
        """The named number, or None when this edition sets none."""
        return self.limits.get(name)

    def milestone(self, milestone_id: str) -> Milestone | None:
        return next((found for found in self.milestones if found.id == milestone_id), None)

    def production_kind(self, kind_id: str) -> ProductionKind | None:
        return next((found for found in self.production_kinds if found.id == kind_id), None)

    def rules_on(self, subject: str) -> tuple[Rule, ...]:
        """The rules of a subject; `UnknownFact` when there is no such subject."""
        if subject not in SUBJECTS:
            raise UnknownFact(f"subject {subject!r}: {suggestion(subject, SUBJECTS)}")
        return tuple(rule for rule in self.rules if rule.on == subject)

    def judge(self, subject: str, facts: Facts) -> tuple[Finding, ...]:
        """One finding for each rule that applies, in the order of the rules.

        `facts` may hold any facts of the subject (`facts.SUBJECTS`), and must hold those its rules read;
        None means "not given yet". Raises `UnknownFact` on a stranger, a missing or a mistyped fact.
        """
        rules = self.rules_on(subject)
        _check_facts(subject, facts, needed={name for rule in rules for name in rule.reads})
        return tuple(rule.judge(facts) for rule in rules if rule.applies(facts))

    def breaches(self, subject: str, facts: Facts) -> tuple[Finding, ...]:
        """The findings that are not met."""
        return tuple(finding for finding in self.judge(subject, facts) if not finding.met)


def _check_facts(subject: str, facts: Facts, needed: set[str]) -> None:
    known = SUBJECTS[subject]
    for name, value in facts.items():
        if name not in known:
            raise UnknownFact(f"{subject}.{name}: {suggestion(name, known)}")
        if value is not None and not known[name].kind.accepts(value):
            raise UnknownFact(f"{subject}.{name}: {value!r} n'est pas de type « {known[name].kind} »")
    missing = sorted(name for name in needed if name not in facts and not known[name].optional)
    if missing:
        raise UnknownFact(f"{subject}: il manque {', '.join(missing)}")
