from django.conf import settings
from django.db import models

from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme


class Opinion(models.Model):
    """What a reader thinks of an application, under the criteria and the scale of its edition.

    `marks` maps a criterion to a value of the scale; `score` is their weighted mean, in hundredths (375 for 3.75).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions")
    marks = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField()
    comment = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.score / 100:.2f} : {self.application}"


class Note(models.Model):
    """What a reader writes down for herself about an application. Nobody else reads it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "author"], name="note_once")]

    def __str__(self) -> str:
        return f"Note sur {self.application}"


class Conflict(models.Model):
    """A reader says she cannot judge an application, and why. Her own academy is found without her saying it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.reader} : {self.application}"


class Assignment(models.Model):
    """A reader asked to judge an application, beside those who lead its theme."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.reader} : {self.application}"


class Decision(models.Model):
    """What the national team decides of an application. Without a row it is still pending.

    `waiting_rank` orders the waiting list of a theme, from 1.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    state = models.CharField(max_length=12, default="pending")
    waiting_rank = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application} : {self.state}"


class Pin(models.Model):
    """What the committee tells the solver before it looks for the best selection: keep this one, leave that one out."""

    class Kind(models.TextChoices):
        RETAINED = "retained", "À retenir"
        EXCLUDED = "excluded", "À écarter"

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="pin")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField()
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.application}"


class Proposal(models.Model):
    """One run of the solver, with what it was given and what it answered. The committee decides, and may differ."""

    class State(models.TextChoices):
        WAITING = "waiting", "demandée"
        RUNNING = "running", "en cours de calcul"
        DONE = "done", "calculée"
        FAILED = "failed", "échec"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    seed = models.PositiveIntegerField(default=0)
    inputs = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Proposition du {self.asked_at:%d/%m/%Y à %H:%M}"


class Pairing(models.Model):
    """Which academies of a theme work together: `pairs` are lists of two or three codes of academies."""

    theme = models.OneToOneField(Theme, on_delete=models.PROTECT, related_name="pairing")
    pairs = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Appariement de {self.theme}"


class Announcement(models.Model):
    """The results of a campaign are known from here on: decisions no longer change."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="announcement")
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Résultats de {self.campaign}"
