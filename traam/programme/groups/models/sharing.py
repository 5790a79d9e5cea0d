"""What a group tells and shares: written once, read by all who follow it."""

from django.conf import settings
from django.db import models

from traam.programme.groups.models.composition import Group


class ProgressNote(models.Model):
    """Where the work of a group stands, in a few lines by its référent, for everyone who follows the group."""

    class Mood(models.TextChoices):
        ON_TIME = "on_time", "Dans les temps"
        FRAGILE = "fragile", "Fragile"
        LATE = "late", "En retard"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mood = models.CharField(max_length=10, choices=Mood.choices)
    text = models.TextField()
    need = models.TextField("besoin d'aide", blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.group}, {self.written_at:%d/%m/%Y}"


class WatchItem(models.Model):
    """Something read that matters to the theme: an address, why, words to find it again. Shared by the whole theme."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="watch")
    address = models.URLField(max_length=500)
    title = models.CharField(max_length=200)
    why = models.TextField()
    tags = models.JSONField(default=list)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Document(models.Model):
    """A file or an address of a group, with its own rights. `file` is a name in the storage of the site.

    `screened` is "clean" when the antivirus found nothing, "" when the site had none.
    """

    class PersonalData(models.TextChoices):
        NONE = "none", "Aucune donnée personnelle"
        ADULTS = "adults", "Des adultes, qui sont d'accord"
        PUPILS = "pupils", "Des élèves : à retirer avant publication"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)
    file = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    screened = models.CharField(max_length=8, blank=True)
    licence = models.CharField(max_length=40, blank=True)
    terms_read_on = models.DateField("conditions d'utilisation lues le", null=True, blank=True)
    personal_data = models.CharField(max_length=10, choices=PersonalData.choices)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title
