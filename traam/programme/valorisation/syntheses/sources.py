"""What a synthesis may cite, and what became of what it cites: bilans académiques and returns from class."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import Notice, PublicBilan
from traam.programme.catalogue.syntheses.content import Quote
from traam.programme.productions.bilan_rules import TITLES
from traam.programme.productions.models import Bilan, ClassTest, Turn, Version
from traam.programme.productions.queries.drawing import VALIDATING
from traam.programme.valorisation.syntheses.models import Citation

RETURNS = {
    "worked": "Ce qui a marché",
    "resisted": "Ce qui a résisté",
    "advice": "Conseils",
}
"""The fields of a test in class that may be cited."""
_MARKS = re.compile(r"\]\([^)]*\)|[*_`~#>\[\]]")


@dataclass(frozen=True)
class Part:
    """A text that may be cited: of a bilan (`bilan`, `version`) or of a test (`test`). `section` names it there."""

    section: str
    title: str
    text: str


@dataclass(frozen=True)
class Source:
    """A bilan or a test that may be cited, and its parts. `key` is "bilan:3" or "test:5"; `title` says what it is."""

    key: str
    title: str
    academy: str
    parts: tuple[Part, ...]
    version: int = 0
    validated: bool = True

    def part(self, section: str) -> Part:
        for one in self.parts:
            if one.section == section:
                return one
        raise Missing("Cette partie n'est pas dans la source : choisissez-en une autre.")


def plain(text: str) -> str:
    """The words of a text without its marks, on one line: what one selects on a page is found in what was typed."""
    return " ".join(_MARKS.sub("", text.replace("\u00a0", " ").replace("\u202f", " ")).split())


def holds(text: str, words: str) -> bool:
    """Whether these words are there, word for word."""
    return bool(plain(words)) and plain(words) in plain(text)


def bilans(themes: Sequence[Theme]) -> list[Source]:
    """The bilans of these themes that were submitted, as they were last, by academy. Three queries."""
    rows = Bilan.objects.filter(group__application__theme__in=themes, version__gt=0)
    rows = rows.select_related("group__application__theme").order_by("group__application__academy", "pk")
    found = {row.review_id: row for row in rows}
    versions = {(one.review_id, one.number): one for one in Version.objects.filter(review__in=found)}
    validated = _validated(found)
    return [
        _of_bilan(row, versions[review, row.version], (review, row.version) in validated)
        for review, row in found.items()
        if (review, row.version) in versions
    ]


def _validated(reviews: Iterable[int]) -> set[tuple[int, int]]:
    """The versions that were validated: (review, number)."""
    rows = Turn.objects.filter(review__in=list(reviews), verb__in=VALIDATING)
    return set(rows.values_list("review", "version"))


def _of_bilan(bilan: Bilan, version: Version, validated: bool) -> Source:
    written = version.content["sections"]
    parts = tuple(Part(key, title, written[key]) for key, title in TITLES.items() if written.get(key, "").strip())
    title = f"Bilan académique, académie {bilan.group.of_academy}"
    if bilan.group.application.titles:
        title += f", « {bilan.group.application.titles[0][:120]} »"
    return Source(f"bilan:{bilan.pk}", title, bilan.group.academy_name, parts, version.number, validated)


def returns(themes: Sequence[Theme]) -> list[Source]:
    """What was said of the tests in class of these themes, the latest first. One query."""
    rows = ClassTest.objects.filter(scenario__group__application__theme__in=themes)
    return [_of_test(row) for row in rows.select_related("scenario__group__application").order_by("-on", "-pk")]


def _of_test(test: ClassTest) -> Source:
    texts = {name: getattr(test, name) for name in RETURNS}
    parts = tuple(Part(name, RETURNS[name], text) for name, text in texts.items() if text.strip())
    return Source(f"test:{test.pk}", _of_class(test), test.academy_name, parts)


def _of_class(test: ClassTest) -> str:
    return f"Retour de classe du {test.on:%d/%m/%Y}, académie {test.of_academy}, scénario « {test.scenario.title} »"


def find(themes: Sequence[Theme], key: str) -> Source:
    """A source of these themes by its key; `Missing` for one of another theme."""
    for one in (*bilans(themes), *returns(themes)):
        if one.key == key:
            return one
    raise Missing("Cette source n'est pas dans les thèmes de la synthèse.")


# --- what was cited


def quotes(citations: Sequence[Citation]) -> list[Quote]:
    """The citations as they are read, each with the public page of its source when it has one. Two queries."""
    bilans = {f"bilan:{one.bilan_id}" for one in citations if one.bilan_id}
    online = dict(
        PublicBilan.objects.filter(source_key__in=bilans, state=PublicBilan.State.PUBLISHED).values_list(
            "source_key", "pk"
        )
    )
    scenarios = {f"scenario:{one.test.scenario_id}" for one in citations if one.test}
    notices = dict(
        Notice.objects.filter(source_key__in=scenarios, state=Notice.State.PUBLISHED).values_list("source_key", "pk")
    )
    found = []
    for one in citations:
        address = ""
        if (pk := online.get(f"bilan:{one.bilan_id}")) is not None:
            address = f"/bilans/{pk}"
        elif one.test and (pk := notices.get(f"scenario:{one.test.scenario_id}")) is not None:
            address = f"/notices/{pk}"
        found.append(Quote(one.number, one.words, one.source, address))
    return found


@dataclass(frozen=True)
class Checked:
    """A citation and what became of its source: `note` is "" when it is still as it was read; `sound` when the words
    are still there. `address` is where the source is read by who writes."""

    citation: Citation
    note: str
    sound: bool
    validated: bool
    address: str


def checked(citations: Sequence[Citation]) -> list[Checked]:
    """Every citation held against its source as it is today. Two queries."""
    reviews = [one.bilan.review_id for one in citations if one.bilan]
    versions: dict[int, Version] = {}
    for version in Version.objects.filter(review__in=reviews).order_by("number"):
        versions[version.review_id] = version
    validated = _validated(reviews)
    return [_of_a_bilan(one, versions, validated) if one.bilan else _of_a_test(one) for one in citations]


def _of_a_bilan(one: Citation, versions: dict[int, Version], validated: set[tuple[int, int]]) -> Checked:
    assert one.bilan is not None  # noqa: S101 - asked by who calls
    last = versions[one.bilan.review_id]
    there = holds(last.content["sections"].get(one.section, ""), one.words)
    note = ""
    if last.number > one.version:
        day: date = last.made_at.date()
        note = f"La source a changé depuis : sa version {last.number} est du {day:%d/%m/%Y}"
        note += ", ces mots y sont toujours." if there else ", et ces mots n'y sont plus."
    sound = there or last.number == one.version
    return Checked(
        one, note, sound, (one.bilan.review_id, one.version) in validated, f"/evaluation/bilans/{one.bilan_id}"
    )


def _of_a_test(one: Citation) -> Checked:
    if one.test is None:
        return Checked(one, "La source a été retirée depuis.", False, False, "")
    there = holds(getattr(one.test, one.section, ""), one.words)
    note = "" if there else "La source a changé depuis : ces mots n'y sont plus."
    return Checked(one, note, there, True, f"/evaluation/scenarios/{one.test.scenario_id}")
