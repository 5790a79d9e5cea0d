from django.conf import settings
from django.db import models

from traam.programme.productions.models.scenarios import Scenario


class Draft(models.Model):
    """What a scenario held before somebody saved over it: what a page left open was written from.

    `revision` is the one it held then. Only the last ones are kept; what was submitted is in `Version`, for ever.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="drafts")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "revision"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.scenario}, enregistrement {self.revision}"
