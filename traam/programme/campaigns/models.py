from datetime import date

from django.conf import settings
from django.db import models

from traam import editions, reference
from traam.engines.rulebook import Rulebook


class Campaign(models.Model):
    """A call and the years of work it opens. `calendar` maps a milestone to an ISO date."""

    title = models.CharField("titre", max_length=200)
    edition_id = models.CharField("cahier des charges", max_length=40)
    first_year = models.PositiveSmallIntegerField("année de la rentrée")
    calendar = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="draft")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title"], name="campaign_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def edition(self) -> Rulebook:
        return editions.book(self.edition_id)

    @property
    def years(self) -> str:
        """ "2026-2027", or "2026-2028" for two years of work."""
        return f"{self.first_year}-{self.first_year + self.edition.edition.duration_years}"

    def on(self, milestone: str) -> date | None:
        """The date of a milestone, when the campaign has it."""
        raw = self.calendar.get(milestone)
        return date.fromisoformat(raw) if raw else None


class Theme(models.Model):
    """A question put to the academies. `axes` are numbered from 1, `disciplines` and `degrees` are codes."""

    class Degree(models.TextChoices):
        FIRST = "premier", "Premier degré"
        SECOND = "second", "Second degré"
        BOTH = "mixte", "Premier et second degrés"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="themes")
    title = models.CharField("titre", max_length=200)
    framing = models.TextField("cadrage")
    axes = models.JSONField(default=list)
    disciplines = models.JSONField(default=list)
    degree = models.CharField(max_length=8, choices=Degree.choices, default=Degree.SECOND)
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
