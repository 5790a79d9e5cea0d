"""The scenarios of simulated groups: written, submitted, sent back, validated, each with its review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from traam import reference
from traam.demo import words
from traam.demo.company import Company
from traam.demo.judging import BATCH
from traam.demo.reviewing import Reviews, Step, open_reviews, story
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group
from traam.programme.productions.actions import snapshot
from traam.programme.productions.models import Draft, Scenario

# The moves made since it was begun, and how often.
HISTORIES: tuple[tuple[tuple[str, ...], int], ...] = (
    ((), 3),
    (("propose",), 1),
    (("submit",), 2),
    (("propose", "submit", "endorse"), 1),
    (("submit", "send_back"), 1),
    (("submit", "endorse", "confirm"), 4),
    (("propose", "submit", "send_back", "submit", "endorse", "confirm"), 2),
)
GAPS = (3, 15)  # days from a move to the next one
# Levels of the theme's degree: CE1 to CM2, then from 6e to terminale.
LEVELS: Mapping[str, tuple[str, ...]] = {
    Theme.Degree.FIRST: ("011", "013", "014", "015"),
    Theme.Degree.SECOND: ("018", "020", "021", "023", "136", "146", "201", "027"),
    Theme.Degree.BOTH: ("014", "015", "018", "020"),
}
SKETCHED = ("context", "objectives")  # what an unfinished draft already says


@dataclass
class Lessons:
    """The scenarios of a campaign; `moves` are those of each, by its number."""

    company: Company
    moves: dict[int, tuple[Step, ...]] = field(default_factory=dict)

    def write(self, reviews: Reviews) -> list[Scenario]:
        """Write them with what their reviews refer to, and tell the reviews."""
        authors = [group for group in self.company.at_work for _ in range(self.company.chance.randint(1, 2))]
        histories = self.company.shared_out(HISTORIES, len(authors))
        told = [self._one(group, verbs) for group, verbs in zip(authors, histories, strict=True)]
        rows = [row for row, _ in told]
        open_reviews(rows)
        Scenario.objects.bulk_create(rows, batch_size=BATCH)
        self.moves = {row.pk: moves for row, moves in told}
        for row, moves in told:
            reviews.follow(row, moves, partial(_content, row))
        self._rewrite(told)
        return rows

    def _one(self, group: Group, verbs: tuple[str, ...]) -> tuple[Scenario, tuple[Step, ...]]:
        company = self.company
        begun = company.between(company.launch + timedelta(days=10), company.half)
        told = story(company, verbs, company.writer(group, begun), begun, company.last, GAPS)
        row = Scenario(
            **told.row,
            group=group,
            revision=max(verbs.count("submit"), 1),
            **self._card(group),
        )
        self._text(row, whole=bool(verbs) or company.chance.random() < 0.5)
        return row, told.moves

    def _card(self, group: Group) -> dict[str, Any]:
        chance, theme = self.company.chance, group.application.theme
        competences, teaching = list(reference.competences()), list(reference.competences("CRCN-Édu"))
        return {
            "title": " ".join(chance.choice(part) for part in (words.VERBS, words.OBJECTS, words.MANNERS)),
            "summary": " ".join(chance.sample(words.SENTENCES, k=2)),
            "disciplines": sorted(chance.sample(theme.disciplines, k=chance.randint(1, len(theme.disciplines)))),
            "levels": sorted(chance.sample(LEVELS[theme.degree], k=chance.choices((1, 2), (7, 3))[0])),
            "competences": sorted(chance.sample(competences, k=chance.randint(1, 3))),
            "teacher_competences": sorted(chance.sample(teaching, k=chance.randint(0, 2))),
            "tools": chance.sample(words.TOOLS, k=chance.randint(1, 2)),
            "authors": f"Groupe TraAM {group.of_academy}",
        }

    def _text(self, row: Scenario, *, whole: bool) -> None:
        """All its sections, its steps and its rights; the first sections only of an unfinished draft."""
        chance = self.company.chance
        row.sections = {
            "context": chance.choice(words.CONTEXTS),
            "objectives": chance.choice(words.OBJECTIVES),
            "steps": " ".join(chance.sample(words.SENTENCES, k=2)),
            "added_value": chance.choice(words.ADDED),
            "evaluation": chance.choice(words.EVALUATION),
            "limits": chance.choice(words.LIMITS),
        }
        row.phases = [
            {"title": title, "minutes": chance.choice((15, 30, 55)), "text": chance.choice(words.SENTENCES)}
            for title in words.PHASES
        ]
        row.duration_minutes = sum(phase["minutes"] for phase in row.phases)
        row.licence, row.terms_read, row.personal_data_checked = "CC-BY-SA", True, True
        if not whole:
            row.sections = {key: row.sections[key] for key in SKETCHED}
            row.phases, row.duration_minutes = [], None
            row.licence, row.terms_read, row.personal_data_checked = "", False, False

    def _rewrite(self, told: Sequence[tuple[Scenario, tuple[Step, ...]]]) -> None:
        """What was sent back and submitted again was written again in between."""
        drafts = []
        for row, moves in told:
            if row.version < 2:
                continue
            verbs = [step.verb for step in moves]
            back = moves[verbs.index("send_back")].at
            again = moves[verbs.index("submit", verbs.index("send_back"))].at
            when = back + (again - back) / 2
            content = _content(row, 1)
            drafts.append(
                Draft(scenario=row, revision=1, content=content, replaced_by=row.created_by, replaced_at=when)
            )
            self.company.did("save", row, row.created_by, when, {"revision": 2})
        Draft.objects.bulk_create(drafts, batch_size=BATCH)


def _content(row: Scenario, number: int) -> dict[str, Any]:
    """A version of a scenario: the first of two was shorter."""
    content = snapshot(row)
    return content if number == row.version else {**content, "summary": row.summary.partition(". ")[0] + "."}
