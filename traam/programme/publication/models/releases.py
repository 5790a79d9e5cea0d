from django.conf import settings
from django.db import models

from traam.programme.productions.models import Scenario


class Way(models.TextChoices):
    """Where the published scenario is read."""

    HERE = "here", "Sur la plateforme"
    ELSEWHERE = "elsewhere", "Sur le site de l'académie"


class Release(models.Model):
    """The published copy of one version of a scenario: `content` never changes again.

    Published elsewhere, `address` is where the academy put it on line and `dated` the day it says it did.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="releases")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="released")
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.HERE)
    address = models.URLField(max_length=500, blank=True)
    dated = models.DateField(null=True)
    content = models.JSONField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "version"], name="release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}, version {self.version}"


class Erratum(models.Model):
    """A mistake told beside a published version, which itself does not change."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="errata")
    text = models.TextField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.release}, {self.signed_at:%d/%m/%Y}"


class EdubaseEntry(models.Model):
    """The sheet of a scenario in Édubase, once somebody entered it there and brought its number and address back."""

    scenario = models.OneToOneField(Scenario, on_delete=models.PROTECT, related_name="edubase_entry")
    number = models.PositiveIntegerField()
    address = models.URLField(max_length=500)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Édubase {self.number}"
