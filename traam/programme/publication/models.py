from django.conf import settings
from django.db import models

from traam.programme.productions.models import Scenario


class Release(models.Model):
    """The published copy of one version of a scenario: `content` never changes again."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="releases")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="released")
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
