from django.conf import settings
from django.db import models

from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign


class Opinion(models.Model):
    """What a reader thinks of an application. `mark` goes from 1 (défavorable) to 4 (très favorable)."""

    class Mark(models.IntegerChoices):
        AGAINST = 1, "Défavorable"
        RESERVED = 2, "Réservé"
        FAVOURABLE = 3, "Favorable"
        STRONGLY = 4, "Très favorable"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions")
    mark = models.PositiveSmallIntegerField(choices=Mark.choices)
    comment = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.get_mark_display()} : {self.application}"


class Decision(models.Model):
    """What the national team decides of an application. Without a row it is still pending."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    state = models.CharField(max_length=12, default="pending")
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application} : {self.state}"


class Announcement(models.Model):
    """The results of a campaign are known from here on: decisions no longer change."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="announcement")
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Résultats de {self.campaign}"
