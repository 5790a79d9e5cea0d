from django.conf import settings
from django.db import models

from traam.programme.groups.models import Group
from traam.programme.productions.models.reviews import Review


class Bilan(models.Model):
    """The bilan académique of a group. The référent writes `sections` (Markdown by key); everything else is counted.

    A version keeps what was counted when it was submitted: a later test does not change what the inspector read.
    """

    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="bilan")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="bilan")
    state = models.CharField(max_length=12, default="draft")
    sections = models.JSONField(default=dict)
    licence = models.CharField(max_length=20, blank=True)
    nobody_named = models.BooleanField("aucun élève n'y est nommé ni reconnaissable", default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Bilan académique, {self.group}"
