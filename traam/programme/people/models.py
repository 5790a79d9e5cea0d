from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from traam import reference


class Role(models.TextChoices):
    """What a person is appointed to. Experts of a theme and members of a group are named by later steps."""

    NATIONAL = "national", "Bureau national"
    GENERAL_INSPECTOR = "general_inspector", "Inspection générale"
    EXPERT = "expert", "Expert numérique"
    DAN = "dan", "Délégué académique au numérique (DAN)"
    INSPECTOR = "inspector", "Inspecteur"
    TEACHER = "teacher", "Enseignant"


ROLES_OF_AN_ACADEMY = frozenset({Role.DAN, Role.INSPECTOR, Role.TEACHER})


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone who takes part. The account opens when an invitation is accepted: until then no password works."""

    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("prénom et nom", max_length=150)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name


class Appointment(models.Model):
    """A role, held by a person over an academy (or the nation), for a period. `until` is the last day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)
    academy = models.CharField(max_length=2, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "academy"],
                condition=models.Q(until__isnull=True),
                name="appointment_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        where = f", académie {reference.academies()[self.academy].of_name}" if self.academy else ""
        return f"{self.get_role_display()}{where}"

    @property
    def academy_name(self) -> str:
        return reference.academies()[self.academy].name if self.academy else ""
