from django.conf import settings
from django.db import models

from traam import reference


class Relay(models.Model):
    """An IAN: who relays the digital side of a discipline in an academy. In office while `until` is not known."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relays")
    academy = models.CharField("académie", max_length=2)
    discipline = models.CharField("discipline", max_length=12)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "academy", "discipline"], condition=models.Q(until__isnull=True), name="relay_once"
            )
        ]
        indexes = [models.Index(fields=["discipline", "academy"])]

    def __str__(self) -> str:
        return f"IAN {self.discipline_label}, académie {self.academy_name_of}"

    @property
    def discipline_label(self) -> str:
        return reference.disciplines()[self.discipline].label

    @property
    def academy_name(self) -> str:
        return reference.academies()[self.academy].name

    @property
    def academy_name_of(self) -> str:
        """ "de Lyon", "d'Amiens"."""
        return reference.academies()[self.academy].of_name
