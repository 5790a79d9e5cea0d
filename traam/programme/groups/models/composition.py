from django.conf import settings
from django.db import models

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Theme


class Group(models.Model):
    """The group of one retained application, for the duration of its campaign."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="group")
    state = models.CharField(max_length=12, default="forming")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application.academy_name}, {self.application.theme.title}"

    @property
    def academy(self) -> str:
        return self.application.academy

    @property
    def academy_name(self) -> str:
        return self.application.academy_name

    @property
    def of_academy(self) -> str:
        """As in groupe de Lyon, groupe d'Amiens."""
        return reference.academies()[self.academy].of_name


class Member(models.Model):
    """A person in a group, in a role and for a period: who leaves stays in the history."""

    class Role(models.TextChoices):
        REFERENT = "referent", "Professeur référent"
        TEACHER = "teacher", "Enseignant"
        INSPECTOR = "inspector", "Inspecteur pilote"
        CARDIE = "cardie", "Représentant de la CARDIE"
        IEN_TICE = "ien_tice", "IEN-TICE ou IEN de la circonscription"

    class Corps(models.TextChoices):
        IA_IPR = "IA-IPR", "IA-IPR"
        IEN_ET = "IEN-ET", "IEN-ET"
        IEN_EG = "IEN-EG", "IEN-EG"
        IEN_1D = "IEN-1D", "IEN du premier degré"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    corps = models.CharField(max_length=20, choices=Corps.choices, blank=True)
    school = models.CharField(max_length=8, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person", "role"],
                condition=models.Q(until__isnull=True),
                name="member_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display().lower()}"


class DasenAgreement(models.Model):
    """The DASEN's agreement, asked for groups of the first degree."""

    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="dasen_agreement")
    given_on = models.DateField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Accord du DASEN du {self.given_on:%d/%m/%Y}"


class Correspondent(models.Model):
    """Someone invited to the national group of a theme beside those who are there by their role, for a period."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="correspondents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="correspondences")
    capacity = models.CharField("qualité", max_length=150)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "person"], condition=models.Q(until__isnull=True), name="correspondent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.capacity}"
