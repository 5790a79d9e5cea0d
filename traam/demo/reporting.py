"""What simulated groups write beside their scenarios: bilans académiques, supports, modules for teachers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localtime

from traam.demo import words
from traam.demo.company import BILANS, Company
from traam.demo.judging import BATCH
from traam.demo.lessons import LEVELS
from traam.demo.reviewing import Reviews, Story, open_reviews, story
from traam.programme.campaigns.models import Steward, Theme
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person
from traam.programme.productions import module_versions
from traam.programme.productions.actions import bilans as bilan_actions
from traam.programme.productions.kinds import plain_snapshot
from traam.programme.productions.models import Bilan, Module, ModuleActivity, ModuleSection, Production, Support
from traam.programme.productions.queries import modules as module_queries

Verbs = tuple[str, ...]
# The moves made since it was begun, and how often; no expert decides of these.
HISTORIES: tuple[tuple[Verbs, int], ...] = (((), 2), (("submit",), 2), (("submit", "validate"), 5))
WITH_A_BILAN, WITH_A_SUPPORT = 0.5, 0.3  # shares of the groups
GAPS, GAPS_OF_A_BILAN = (3, 15), (2, 4)  # days from a move to the next one
A_DAY, WRITING = timedelta(days=1), timedelta(hours=1)


@dataclass
class Reports:
    """Those of a campaign; each verb answers how many it wrote."""

    company: Company
    reviews: Reviews

    def _open(self, rows: Sequence[Production]) -> None:
        """Each was begun empty, then written."""
        open_reviews(rows)
        for row in rows:
            row.changed_at = max(row.changed_at, row.created_at + WRITING)

    def _saved(self, row: Production) -> None:
        self.company.did("save", row, row.created_by, row.created_at + WRITING, {"revision": row.revision})

    # --- Bilans: the last of all, they count the rest

    def bilans(self) -> int:
        """Those of some groups, most of them validated."""
        chosen = self.company.some(WITH_A_BILAN)
        histories = self.company.shared_out(HISTORIES, len(chosen))
        rows = [self._bilan(group, verbs) for group, verbs in zip(chosen, histories, strict=True)]
        self._open([row for row, _ in rows])
        Bilan.objects.bulk_create([row for row, _ in rows], batch_size=BATCH)
        for row, told in rows:
            self.reviews.follow(row, told.moves, partial(_counted, row, told))
            self._saved(row)
        return len(rows)

    def _bilan(self, group: Group, verbs: Verbs) -> tuple[Bilan, Story]:
        company = self.company
        author = company.of_role(group, Member.Role.REFERENT)
        told = story(company, verbs, author, company.last + A_DAY, company.last + BILANS - A_DAY, GAPS_OF_A_BILAN)
        written = {key: company.chance.choice(texts) for key, texts in words.REPORT.items()}
        row = Bilan(
            **told.row,
            group=group,
            sections=written if verbs else {"presentation": written["presentation"]},
            licence="CC-BY-SA" if verbs else "",
            nobody_named=bool(verbs),
            revision=2,
        )
        return row, told

    # --- Supports

    def supports(self) -> int:
        """An infographic of some groups."""
        chosen = self.company.some(WITH_A_SUPPORT)
        histories = self.company.shared_out(HISTORIES, len(chosen))
        rows = [self._support(group, verbs) for group, verbs in zip(chosen, histories, strict=True)]
        self._open([row for row, _ in rows])
        Support.objects.bulk_create([row for row, _ in rows], batch_size=BATCH)
        for row, told in rows:
            self.reviews.follow(row, told.moves, partial(_plain, row), kind=row.kind)
            self._saved(row)
        return len(rows)

    def _support(self, group: Group, verbs: Verbs) -> tuple[Support, Story]:
        begun = self._some_day()
        told = self._story(verbs, self.company.writer(group, begun), begun)
        row = Support(
            **told.row,
            group=group,
            kind=Support.Kind.INFOGRAPHIC,
            title=f"Affiche : {self.company.chance.choice(words.OBJECTS)}",
            summary=self.company.chance.choice(words.SENTENCES),
            address=f"https://nuage.simulation.traam.invalid/affiche-{group.pk}.pdf",
            alternative=words.POSTER,
            licence="CC-BY-SA",
            rights_checked=True,
            revision=2,
        )
        return row, told

    # --- Modules

    def modules(self) -> int:
        """One of the national group of each theme at work."""
        themes = {group.application.theme_id: group.application.theme for group in self.company.at_work}
        histories = self.company.shared_out(HISTORIES, len(themes))
        rows = [self._module(theme, verbs) for theme, verbs in zip(themes.values(), histories, strict=True)]
        self._open([row for row, _ in rows])
        Module.objects.bulk_create([row for row, _ in rows], batch_size=BATCH)
        self._outline([row for row, _ in rows])
        for row, told in rows:
            self.reviews.follow(row, told.moves, partial(_whole, row))
            self._saved(row)
        return len(rows)

    def _module(self, theme: Theme, verbs: Verbs) -> tuple[Module, Story]:
        told = self._story(verbs, self.company.steward(theme, Steward.Role.EXPERT), self._some_day())
        row = Module(
            **told.row,
            **words.COURSE_TEXTS,
            theme=theme,
            title=f"Une heure pour essayer : {theme.title}"[:200],
            minutes=sum(minutes for _, _, minutes in words.COURSE),
            disciplines=list(theme.disciplines),
            levels=sorted(self.company.chance.sample(LEVELS[theme.degree], k=2)),
            licence="CC-BY-SA",
            terms_read=True,
            personal_data_checked=True,
            revision=2,
        )
        return row, told

    def _outline(self, rows: Sequence[Module]) -> None:
        sections = [ModuleSection(module=row, position=1, title="Une séance à plusieurs") for row in rows]
        ModuleSection.objects.bulk_create(sections, batch_size=BATCH)
        activities = [
            ModuleActivity(section=section, position=n, kind="page", title=title, body=body, minutes=minutes)
            for section in sections
            for n, (title, body, minutes) in enumerate(words.COURSE, 1)
        ]
        ModuleActivity.objects.bulk_create(activities, batch_size=BATCH)
        for one in sections:
            self._added("add_section", one.module, section=one.pk, title=one.title)
        for page in activities:
            self._added("add_activity", page.section.module, activity=page.pk, kind=page.kind, title=page.title)

    def _added(self, verb: str, module: Module, **data: object) -> None:
        self.company.did(verb, module, module.created_by, module.created_at + WRITING / 2, data)

    # --- Days

    def _some_day(self) -> date:
        return self.company.between(self.company.launch + timedelta(days=20), self.company.half)

    def _story(self, verbs: Verbs, author: Person, begun: date) -> Story:
        return story(self.company, verbs, author, begun, self.company.last, GAPS)


def _counted(row: Bilan, told: Story, _: int) -> dict[str, Any]:
    """A bilan as it was submitted: the meetings held since are not counted."""
    content = bilan_actions.snapshot(row)
    day = localtime(next(step.at for step in told.moves if step.verb == "submit")).date().isoformat()
    facts = content["facts"]
    return {**content, "facts": {**facts, "meetings": [one for one in facts["meetings"] if one["on"] <= day]}}


def _whole(row: Module, _: int) -> dict[str, Any]:
    return module_versions.snapshot(module_queries.module(row.pk))


def _plain(row: Support, _: int) -> dict[str, Any]:
    return plain_snapshot(row)
