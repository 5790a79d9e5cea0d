from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from traam import editions, reference
from traam.engines import rulebook
from traam.engines.rulebook import Rulebook


class Campaign(models.Model):
    """A call and the years of work it opens. `calendar` maps a milestone to an ISO date.

    `calendar` and `overrides` ({"limits": {name: number}, "blind": bool}) hold what is in force: the amendments say
    since when, why and by whom it differs from what was first written.
    """

    title = models.CharField("titre", max_length=200)
    edition_id = models.CharField("cahier des charges", max_length=40)
    first_year = models.PositiveSmallIntegerField("année de la rentrée")
    calendar = models.JSONField(default=dict)
    overrides = models.JSONField(default=dict, blank=True)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    state = models.CharField(max_length=12, default="draft")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title"], name="campaign_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def edition(self) -> Rulebook:
        """The cahier des charges as amended for this campaign."""
        return in_force(self.edition_id, self.overrides)

    @property
    def years(self) -> str:
        """ "2026-2027", or "2026-2028" for two years of work."""
        return f"{self.first_year}-{self.first_year + self.edition.edition.duration_years}"

    def on(self, milestone: str) -> date | None:
        """The date of a milestone, when the campaign has it."""
        raw = self.calendar.get(milestone)
        return date.fromisoformat(raw) if raw else None


def in_force(edition_id: str, overrides: Mapping[str, Any]) -> Rulebook:
    """The cahier des charges with these numbers and this reading instead of its own."""
    if not overrides:
        return editions.book(edition_id)
    limits = overrides.get("limits", {})
    return _amended(edition_id, tuple(sorted(limits.items())), overrides.get("blind"))


@cache
def _amended(edition_id: str, limits: tuple[tuple[str, int], ...], blind: bool | None) -> Rulebook:
    return rulebook.amended(editions.book(edition_id), limits=dict(limits), blind=blind)


class Amendment(models.Model):
    """A change to the rules or dates of one campaign: dated, signed, explained, published beside the edition.

    `name` is a milestone (kind date), a limit of the edition (kind limit) or "" (kind blind); `before` and `after`
    are an ISO date, a whole number, or "oui" and "non".
    """

    class Kind(models.TextChoices):
        DATE = "date", "Date"
        LIMIT = "limit", "Nombre"
        BLIND = "blind", "Lecture à l'aveugle"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    reason = models.TextField("motif")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name} : {self.before} → {self.after}"


class Theme(models.Model):
    """A question put to the academies. `axes` are numbered from 1, `disciplines` and `degrees` are codes.

    A transversal theme may name no discipline. In the second of two years, `continues` is the theme of the first.
    """

    class Degree(models.TextChoices):
        FIRST = "premier", "Premier degré"
        SECOND = "second", "Second degré"
        BOTH = "mixte", "Premier et second degrés"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="themes")
    title = models.CharField("titre", max_length=200)
    framing = models.TextField("cadrage")
    axes = models.JSONField(default=list)
    constraints = models.TextField("contraintes", blank=True)
    disciplines = models.JSONField(default=list)
    transversal = models.BooleanField("transversal", default=False)
    degree = models.CharField(max_length=8, choices=Degree.choices, default=Degree.SECOND)
    year = models.PositiveSmallIntegerField("année du thème", default=1)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_on")
    state = models.CharField(max_length=12, default="draft")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "title"], name="theme_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def discipline_labels(self) -> list[str]:
        return [reference.disciplines()[code].label for code in self.disciplines]


class Steward(models.Model):
    """Who leads a theme: its expert or pair of experts, its general inspector."""

    class Role(models.TextChoices):
        EXPERT = "expert", "Expert"
        GENERAL_INSPECTOR = "general_inspector", "Inspecteur général"

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="stewards")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stewardships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "person", "role"], name="steward_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} : {self.person}"


class ResearchLink(models.Model):
    """A research group whose work lights a theme: a GTnum, the laboratory behind it, its page, what it brings."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="research")
    name = models.CharField("nom du groupe de recherche", max_length=150)
    laboratory = models.CharField("laboratoire ou équipe", max_length=200)
    address = models.URLField("adresse de sa page", max_length=300)
    brings = models.TextField("ce qu'il apporte")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "name"], name="research_once")]

    def __str__(self) -> str:
        return self.name
