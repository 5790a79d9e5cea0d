"""The review of a production, whatever its kind: what was submitted, what was said of it, what was answered."""

from django.conf import settings
from django.db import models


class Review(models.Model):
    """The thread of readings of one production: a scenario, a module, a bilan or a support."""

    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Relecture {self.pk}"


class Version(models.Model):
    """What was submitted, word for word: readers, tests and releases refer to it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Turn(models.Model):
    """One exchange of the review: submitted, sent back with its reasons, validated."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="turns")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verb}, version {self.version}"


class Remark(models.Model):
    """What a reader says of one part of one version, and what the authors answer to it.

    `section` is a field or a section of the production ("" for the whole), `quote` the words it is about. It is open
    until whoever wrote it, or who reads after, closes it. An unanswered remark stops the next submission.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="remarks")
    version = models.PositiveIntegerField()
    section = models.CharField(max_length=60, blank=True)
    quote = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:80]


class Reading(models.Model):
    """The last version a person said she had read: the next time she sees what changed since."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.person}, version {self.version}"
