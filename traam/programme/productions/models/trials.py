"""Scenarios tried in class: what was promised, what was done."""

from django.conf import settings
from django.db import models

from traam import reference
from traam.programme.groups.models import Group
from traam.programme.productions.models.scenarios import Scenario


class Promise(models.Model):
    """A test asked of a group, of the same academy or of another, or that it promised by itself.

    `person` is the teacher who will hold it, once somebody said so; `planned_on` the day it is expected.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="promises")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="promises")
    state = models.CharField(max_length=12, default="asked")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    level = models.CharField(max_length=10, blank=True)
    planned_on = models.DateField(null=True)
    message = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "group"],
                condition=models.Q(state__in=["asked", "promised"]),
                name="one_promise_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Test de « {self.scenario} » par {self.group.academy_name}"

    @property
    def level_label(self) -> str:
        return _label(self.level)


class ClassTest(models.Model):
    """A test in class: of which version, by whom, where, when, with how many pupils, and what came of it.

    `group` is the one whose member held it; `promise` the promise it keeps, if there was one.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="tests")
    version = models.PositiveIntegerField()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="class_tests", null=True)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="test", null=True)
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
    def of_academy(self) -> str:
        """As in académie de Lyon, académie d'Amiens."""
        known = reference.academies().get(self.academy)
        return known.of_name if known else f"de {self.academy}"

    @property
    def level_label(self) -> str:
        return _label(self.level)


def _label(level: str) -> str:
    known = reference.levels().get(level)
    return known.label if known else level
