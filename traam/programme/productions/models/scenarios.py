from typing import Any

from django.conf import settings
from django.db import models

from traam import reference
from traam.programme.groups.models import Group
from traam.programme.productions.models.files import Filed
from traam.programme.productions.models.reviews import Review


class Scenario(models.Model):
    """A lesson invented by a group. `sections` maps a section's key to Markdown; codes are those of the vocabularies.

    A code that left its vocabulary stays as it was, and is its own label.
    `revision` counts the saves (two authors on one page), `version` the submissions (what readers and tests refer to).
    `phases` are objects {title, minutes, text}, in order: the steps of the lesson and their durations.
    `origin` is the scenario this one was drawn from: another level of it, or its first year. `source` is the notice
    it was taken from ("history:S001", "scenario:12"), "" when it was written here.
    """

    class OriginKind(models.TextChoices):
        LEVEL = "level", "Déclinaison pour un autre niveau"
        YEAR = "year", "Suite de la première année"

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="scenario")
    origin = models.ForeignKey("self", on_delete=models.PROTECT, related_name="offspring", null=True)
    origin_kind = models.CharField(max_length=8, choices=OriginKind.choices, blank=True)
    source = models.CharField(max_length=200, blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="scenarios")
    state = models.CharField(max_length=12, default="draft")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    sections = models.JSONField(default=dict)
    phases = models.JSONField(default=list)
    disciplines = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    competences = models.JSONField(default=list)
    teacher_competences = models.JSONField(default=list)
    licence = models.CharField(max_length=20, blank=True)
    tools = models.JSONField(default=list)
    duration_minutes = models.PositiveSmallIntegerField(null=True)
    authors = models.CharField(max_length=300, blank=True)
    terms_read = models.BooleanField(default=False)
    personal_data_checked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Of a version read as a scenario: its pieces as they were submitted (see `queries.pieces.pieces_of`).
    pieces_then: list[dict[str, Any]] | None = None

    def __str__(self) -> str:
        return self.title

    @property
    def licence_label(self) -> str:
        known = reference.licences().get(self.licence)
        return known.label if known else self.licence

    @property
    def level_labels(self) -> list[str]:
        return [known.label if (known := reference.levels().get(code)) else code for code in self.levels]

    @property
    def competence_labels(self) -> list[str]:
        return [known.full_label if (known := reference.competences().get(code)) else code for code in self.competences]

    @property
    def teacher_competence_labels(self) -> list[str]:
        known = reference.competences("CRCN-Édu")
        return [known[code].full_label if code in known else code for code in self.teacher_competences]

    @property
    def discipline_labels(self) -> list[str]:
        return [known.label if (known := reference.disciplines().get(code)) else code for code in self.disciplines]


class Piece(Filed):
    """A file or an address that goes with a scenario, with its own rights. `position` orders them.

    An image says in `alternative` what it shows, unless it is `decorative`. A withdrawn piece stays in the versions
    that had it.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)
    alternative = models.TextField(blank=True)
    decorative = models.BooleanField(default=False)
    licence = models.CharField(max_length=20, blank=True)
    holder = models.CharField("titulaire des droits", max_length=200, blank=True)
    terms_read_on = models.DateField("conditions d'utilisation lues le", null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title
