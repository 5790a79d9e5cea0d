"""The rules of `rules.toml`, each checked against the facts, the predicates, the limits and the text."""

from collections.abc import Mapping
from dataclasses import dataclass

from traam.engines.rulebook.amending import resolved
from traam.engines.rulebook.articles import Article
from traam.engines.rulebook.book import SEVERITIES, Condition, Limit, Rule
from traam.engines.rulebook.facts import SUBJECTS, Fact, Kind
from traam.engines.rulebook.predicates import PREDICATES, Predicate, Takes
from traam.engines.rulebook.reading import Table
from traam.engines.rulebook.sections import read_article, read_id
from traam.engines.rulebook.wording import NBSP, faults


@dataclass(frozen=True)
class Surroundings:
    """What a rule may name in its own edition."""

    articles: dict[str, Article]
    limits: Mapping[str, Limit]
    milestones: tuple[str, ...]
    kinds: tuple[str, ...]


def read_rules(root: Table, around: Surroundings) -> tuple[Rule, ...]:
    taken: set[str] = set()
    return tuple(_rule(row, around, taken) for row in root.rows("rule"))


def _rule(row: Table, around: Surroundings, taken: set[str]) -> Rule:
    name, subject = read_id(row, taken), row.text("on")
    row.named(subject, "on", SUBJECTS, "sujet inconnu")
    test = _Test(row, subject, around)
    value, limits = test.value_or_limit()
    label, message, todo = row.text("label"), row.text("message"), row.text("todo")
    test.check_sentences(label, message, todo)
    severity, due = row.text("severity"), row.text("due", default="")
    row.named(severity, "severity", SEVERITIES, "gravité inconnue")
    row.named(due, "due", around.milestones, "échéance inconnue de [[calendar]]")
    conditions = tuple(_condition(inner, subject, around) for inner in row.rows("when", optional=True))
    article = read_article(row, around.articles)
    row.finish()
    return Rule(
        name,
        subject,
        test.check,
        test.fact,
        value,
        limits,
        conditions,
        article,
        severity,
        label,
        message,
        todo,
        due,
    )


def _condition(row: Table, subject: str, around: Surroundings) -> Condition:
    test = _Test(row, subject, around)
    if test.predicate and test.predicate.takes is Takes.FACT:
        row.refuse("check", "une condition ne compare pas deux faits")
    value = test.value()
    row.finish()
    return Condition(test.fact, test.check, value)


class _Test:
    """`check`, `fact` and what they are compared with, in a rule or in a condition."""

    def __init__(self, row: Table, subject: str, around: Surroundings) -> None:
        self.row, self.around = row, around
        self.facts: Mapping[str, Fact] = SUBJECTS.get(subject, {})
        self.check, self.fact = row.text("check"), row.text("fact")
        row.named(self.check, "check", PREDICATES, "vérification inconnue")
        if self.facts:
            row.named(self.fact, "fact", self.facts, "fait inconnu")
        self.predicate: Predicate | None = PREDICATES.get(self.check)
        self.kind: Kind | None = self.facts[self.fact].kind if self.fact in self.facts else None
        if self.predicate and self.kind and self.kind not in self.predicate.kinds:
            row.refuse("check", f"« {self.check} » ne s'applique pas à « {self.fact} » ({self.kind})")

    def value_or_limit(self) -> tuple[object, tuple[str, ...]]:
        """The value, or the numbers of the limits named (one, or two for "between")."""
        if not self.row.has("limit"):
            return self.value(), ()
        if self.row.has("value"):
            self.row.refuse("limit", "donnez « value » ou « limit », pas les deux")
        self.row.raw("value")
        named = self.row.raw("limit")
        names = tuple(map(str, named)) if isinstance(named, list) else (str(named),)
        known = [
            self.row.named(name, "limit", self.around.limits, "limite non définie dans [limits]") for name in names
        ]
        if not all(known):
            return None, names
        value = resolved(names, self.around.limits)
        if self.predicate and not self._fits(value, self.predicate.takes):
            self.row.refuse("limit", f"« {self.check} » attend {self.predicate.takes}")
        return value, names

    def value(self) -> object:
        value = self.row.raw("value")
        if self.predicate and not self._fits(value, self.predicate.takes):
            self.row.refuse("value", f"« {self.check} » attend {self.predicate.takes}")
            return None
        for word in self._words(value):
            self.row.named(word, "value", self._choices(), f"valeur inconnue pour « {self.fact} »")
        return tuple(value) if isinstance(value, list) else value

    def _fits(self, value: object, takes: Takes) -> bool:
        match takes:
            case Takes.NOTHING:
                return value is None
            case Takes.NUMBER:
                return Kind.WHOLE.accepts(value)
            case Takes.PAIR:
                return isinstance(value, list | tuple) and len(value) == 2 and _ordered(*value)
            case Takes.WORDS:
                return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)
            case Takes.SAME:
                return self.kind is None or self.kind.accepts(value)
            case Takes.FACT:
                other = self.facts.get(value) if isinstance(value, str) else None
                return other is not None and other.kind is self.kind

    def _words(self, value: object) -> list[str]:
        """The words of the value that must be among the choices of the fact."""
        if not self._choices() or self.kind not in (Kind.TEXT, Kind.LIST):
            return []
        items = value if isinstance(value, list) else [value]
        return [item for item in items if isinstance(item, str)]

    def _choices(self) -> tuple[str, ...]:
        if self.facts is SUBJECTS["production"] and self.fact == "kind":
            return self.around.kinds
        return self.facts[self.fact].choices if self.fact in self.facts else ()

    def check_sentences(self, label: str, message: str, todo: str) -> None:
        # Of an unknown predicate or fact nothing is known: one mistake gives one problem.
        unknown = self.predicate is None or self.kind is None
        number = unknown or self.kind is Kind.WHOLE
        value = {"value": number or self.check == "max_length"}
        both = {"actual": number, **value}
        for key, sentence, allowed in (
            ("label", label, value),
            ("message", message, both),
            ("todo", todo, value),
        ):
            for fault in faults(sentence, allowed):
                self.row.refuse(key, fault)
        for key, sentence in (("message", message), ("todo", todo)):
            if sentence and not sentence.endswith("."):
                self.row.refuse(key, f"une phrase finit par un point{NBSP}: « {sentence} »")


def _ordered(low: object, high: object) -> bool:
    return isinstance(low, int) and isinstance(high, int) and low <= high
