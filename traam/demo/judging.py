"""The selection of a simulated campaign: opinions, then the best dossiers of each theme retained, all in bulk."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.db.models import Model

from traam.demo import words
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Amendment, Campaign, Steward
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.selection.models import Decision, Opinion

BATCH = 500
# Dossiers placed on the waiting list, for ten that are retained.
WAITING = 3
VERBS = {"retained": "retain", "waiting": "put_on_waiting_list", "refused": "refuse"}


@dataclass(frozen=True)
class Act:
    """What the journal would hold if this had been done by hand."""

    verb: str
    about: Model
    actor: Person
    at: datetime
    reason: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


def journal(acts: Iterable[Act]) -> None:
    """Write the entries of these acts."""
    entries = [
        Entry(
            at=act.at,
            actor_id=act.actor.pk,
            actor_label=act.actor.label[:200],
            verb=act.verb,
            object_type=act.about._meta.label_lower,
            object_id=str(act.about.pk),
            object_label=str(act.about)[:300],
            reason=act.reason,
            data=dict(act.data),
        )
        for act in acts
    ]
    Entry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at), batch_size=BATCH)


@dataclass
class Committee:
    """Who reads the dossiers of a campaign and decides. `scores` are the opinions given, by key of application."""

    campaign: Campaign
    chance: Random
    dossiers: Sequence[Application]
    scores: dict[int, list[int]] = field(default_factory=dict)

    def read(self, days: Sequence[datetime]) -> int:
        """Each reader of a theme judges nine of its dossiers out of ten; how many opinions that makes."""
        stewards = Steward.objects.filter(theme__campaign=self.campaign).select_related("person").order_by("pk")
        readers: dict[int, list[Person]] = {}
        for steward in stewards:
            readers.setdefault(steward.theme_id, []).append(steward.person)
        opinions = [
            opinion for dossier in self.dossiers for opinion in self._opinions(dossier, readers[dossier.theme_id], days)
        ]
        Opinion.objects.bulk_create(opinions, batch_size=BATCH)
        journal(Act("give_opinion", one.application, one.reader, one.given_at) for one in opinions)
        for one in opinions:
            self.scores.setdefault(one.application_id, []).append(one.score)
        return len(opinions)

    def _opinions(self, dossier: Application, readers: Iterable[Person], days: Sequence[datetime]) -> Iterator[Opinion]:
        worth = self.chance.betavariate(3, 2)
        for reader in readers:
            if self.chance.random() < 0.9:
                marks = self._marks(worth)
                yield Opinion(
                    application=dossier,
                    reader=reader,
                    marks=marks,
                    score=self.campaign.edition.selection.score(marks),
                    comment=words.PRAISE if worth > 0.65 else words.FAIR if worth > 0.4 else words.DOUBT,
                    given_at=self.chance.choice(days),
                )

    def _marks(self, worth: float) -> dict[str, int]:
        """A value of the scale for each criterion, around what the dossier is worth (0 to 1)."""
        selection = self.campaign.edition.selection
        values = [mark.value for mark in selection.marks]
        shares = (min(max(self.chance.gauss(worth, 0.15), 0), 1) for _ in selection.criteria)
        return {
            criterion.id: values[round(share * (len(values) - 1))]
            for criterion, share in zip(selection.criteria, shares, strict=True)
        }

    def decide(self, places: int, by: Person, at: datetime) -> int:
        """Retain the `places` best dossiers, put the next ones on the list, refuse the others. How many retained."""
        self._amend(places, by, at)
        ranked = sorted(self.dossiers, key=lambda row: (-self._mean(row), row.pk))
        retained = self._retained(ranked, places)
        listed = [row for row in ranked if row.pk not in retained][: math.ceil(places * WAITING / 10)]
        ranks: dict[int, int] = {}
        waiting: dict[int, int] = {}
        for row in listed:
            waiting[row.pk] = ranks[row.theme_id] = ranks.get(row.theme_id, 0) + 1
        decisions = [
            Decision(
                application=row,
                state="retained" if row.pk in retained else "waiting" if row.pk in waiting else "refused",
                waiting_rank=waiting.get(row.pk),
                reason="" if row.pk in retained else words.FAIR,
                decided_by=by,
                decided_at=at,
            )
            for row in self.dossiers
        ]
        Decision.objects.bulk_create(decisions, batch_size=BATCH)
        journal(Act(VERBS[one.state], one.application, by, at) for one in decisions)
        return len(retained)

    def _mean(self, row: Application) -> float:
        scores = self.scores.get(row.pk, [])
        return sum(scores) / len(scores) if scores else 0

    def _retained(self, ranked: Sequence[Application], places: int) -> set[int]:
        """The best ones, within the academies of a theme, one team each; then whatever it takes to fill the places."""
        most = self._limit("academies_per_theme_max")
        served: dict[int, set[str]] = {}
        retained: set[int] = set()
        for row in ranked:
            academies = served.setdefault(row.theme_id, set())
            if len(retained) < places and len(academies) < most and row.academy not in academies:
                academies.add(row.academy)
                retained.add(row.pk)
        for row in ranked:
            if len(retained) < places and row.academy in served[row.theme_id]:
                retained.add(row.pk)
        return retained

    def _limit(self, name: str) -> int:
        limit = self.campaign.edition.limit(name)
        return int(limit.value) if limit else len(self.dossiers)

    def _amend(self, places: int, by: Person, at: datetime) -> None:
        """Raise the numbers of the edition where a larger year needs it, by amendments that say so."""
        themes = {row.theme_id for row in self.dossiers}
        wanted = {"academies_per_theme_max": math.ceil(1.3 * places / len(themes)), "teams_total": places}
        limits = {name: n for name, n in wanted.items() if n > self._limit(name)}
        if not limits:
            return
        Amendment.objects.bulk_create(
            Amendment(
                campaign=self.campaign,
                kind=Amendment.Kind.LIMIT,
                name=name,
                before=str(self._limit(name)),
                after=str(n),
                reason="Année simulée, plus grande que celles du cahier des charges.",
                signed_by=by,
                signed_at=at,
            )
            for name, n in limits.items()
        )
        self.campaign.overrides = {"limits": limits}
        self.campaign.save(update_fields=["overrides"])
