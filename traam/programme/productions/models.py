from django.conf import settings
from django.db import models

from traam import reference
from traam.programme.groups.models import Group


class Scenario(models.Model):
    """A lesson invented by a group. `sections` maps a section's key to Markdown; codes are those of the vocabularies.

    A code that left its vocabulary stays as it was, and is its own label.
    `revision` counts the saves (two authors on one page), `version` the submissions (what readers and tests refer to).
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="scenarios")
    state = models.CharField(max_length=12, default="draft")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    sections = models.JSONField(default=dict)
    disciplines = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    competences = models.JSONField(default=list)
    licence = models.CharField(max_length=20, blank=True)
    tools = models.JSONField(default=list)
    duration_minutes = models.PositiveSmallIntegerField(null=True)
    authors = models.CharField(max_length=300, blank=True)
    links = models.JSONField(default=list)
    terms_read = models.BooleanField(default=False)
    personal_data_checked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

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
    def discipline_labels(self) -> list[str]:
        return [known.label if (known := reference.disciplines().get(code)) else code for code in self.disciplines]


class Version(models.Model):
    """What was submitted, word for word: readers, tests and releases refer to it."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.scenario}, version {self.number}"


class Turn(models.Model):
    """One exchange of the review: submitted, sent back with its reasons, validated."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="turns")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.scenario} : {self.verb}"


class ClassTest(models.Model):
    """A test in class: by whom, where, when, with how many pupils, and what came of it."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="tests")
    version = models.PositiveIntegerField()
    academy = models.CharField(max_length=2)
    level = models.CharField(max_length=10)
    on = models.DateField()
    pupils = models.PositiveSmallIntegerField()
    worked = models.TextField()
    resisted = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Test du {self.on:%d/%m/%Y}, {self.academy_name}"

    @property
    def academy_name(self) -> str:
        known = reference.academies().get(self.academy)
        return known.name if known else self.academy

    @property
    def level_label(self) -> str:
        known = reference.levels().get(self.level)
        return known.label if known else self.level
