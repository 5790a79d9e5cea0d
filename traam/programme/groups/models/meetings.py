"""What a group puts in its calendar, and what it says of it afterwards."""

from datetime import time

from django.conf import settings
from django.db import models

from traam.programme.campaigns.models import Theme
from traam.programme.groups.models.composition import Group


class Milestone(models.Model):
    """A date that the expert proposes to every group of a theme, beside those of the campaign."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="milestones")
    label = models.CharField("échéance", max_length=200)
    on = models.DateField("date")
    detail = models.TextField("ce qui est attendu", blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.label}, {self.on:%d/%m/%Y}"


class Meeting(models.Model):
    """A meeting of an academic group (`group`) or of the national group of a theme (`theme`): one of the two.

    Times are local, in Paris. `uid` and `sequence` are those of its event in calendars (RFC 5545): the sequence grows
    each time the day, the hour, the place or the state changes.
    """

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "En présence"
        REMOTE = "remote", "À distance"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    on = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    subject = models.CharField(max_length=200)
    agenda = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True)
    state = models.CharField(max_length=10, default="planned")
    uid = models.CharField(max_length=60, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    reason = models.CharField("motif de l'annulation", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(group__isnull=False, theme__isnull=True)
                | models.Q(group__isnull=True, theme__isnull=False),
                name="meeting_of_a_group_or_of_a_theme",
            )
        ]
        indexes = [models.Index(fields=["on"])]

    def __str__(self) -> str:
        return f"{self.subject}, {self.on:%d/%m/%Y}"

    @property
    def host_name(self) -> str:
        """Whose meeting it is, as in « la réunion du … »."""
        return f"groupe {self.group.of_academy}" if self.group else f"groupe national « {self.theme} »"

    @property
    def hours(self) -> str:
        """ "de 9 h 30 à 12 h", "" when they are not known."""
        if not self.begins or not self.ends:
            return ""
        return f"de {_hour(self.begins)} à {_hour(self.ends)}"


def _hour(moment: time) -> str:
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


class Attendance(models.Model):
    """Whether a person was at a meeting. `minutes`: how long, when she was there for a part of it."""

    class State(models.TextChoices):
        PRESENT = "present", "Présent"
        EXCUSED = "excused", "Excusé"
        ABSENT = "absent", "Absent"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=10, choices=State.choices)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.person} : {self.get_state_display()}"


class Minutes(models.Model):
    """The minutes of a meeting. `sections` maps a title of the template to its text (Markdown)."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    sections = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="draft")
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Compte rendu : {self.meeting}"


class Point(models.Model):
    """Something decided at a meeting, or to be done after it by someone and by a date."""

    class Kind(models.TextChoices):
        DECISION = "decision", "Décision"
        ACTION = "action", "Action"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="points"
    )
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text
