from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

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
    opened_at = models.DateTimeField("compte ouvert le", null=True, blank=True)

    # The appointment she chose to act under for this session; none: all those in force count together.
    acting: int | None = None

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

    @property
    def acting_as(self) -> str:
        """What she acts as, for the journal, when it is not plain: the role she chose, or the several that count
        together. "" for who holds one role, or when none was read for this page: no query."""
        known: list[Appointment] = self.__dict__.get("_appointments", [])
        in_force = [each for each in known if each.covers(timezone.localdate())]
        chosen = [each for each in in_force if each.pk == self.acting] or in_force
        return " · ".join(map(str, chosen)) if len(in_force) > 1 else ""

    @property
    def is_open(self) -> bool:
        """Whether she accepted her invitation: by a password, or otherwise."""
        return self.opened_at is not None or self.has_usable_password()


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

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def academy_name(self) -> str:
        return reference.academies()[self.academy].name if self.academy else ""


class Typing(models.Model):
    """What a person is typing in a long form, kept as she types. `place` names the form; `fields` maps a name to its
    values as the browser sent them. It is no act: nobody else reads it, and saving the form drops it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="typings")
    place = models.CharField(max_length=100)
    fields = models.JSONField(default=dict)
    typed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="typing_once")]

    def __str__(self) -> str:
        return f"{self.person} : {self.place}"


class AcademyContact(models.Model):
    """Whom to contact in an academy about the shared works: a service, written by its DAN, public as it is saved."""

    academy = models.CharField(max_length=2, unique=True)
    service = models.CharField("service", max_length=150)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    address = models.URLField("adresse de la page", blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.service


class CalendarKey(models.Model):
    """The secret address of a person's calendar. Only its digest is kept; revoking it ends the address."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Calendrier de {self.person}"


class SignIn(models.Model):
    """A time a person signed in, and the session it opened. `network` is a keyed digest of where from: it says whether
    she came from there before, never where. Rows are dropped thirty days after."""

    class Means(models.TextChoices):
        INVITATION = "invitation", "par le lien d'un courriel"
        PASSWORD = "password", "par mot de passe"
        CODE = "code", "par un code reçu par courriel"
        PASSKEY = "passkey", "par une clé d'accès"
        PROCONNECT = "proconnect", "par ProConnect"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, db_index=True)
    means = models.CharField(max_length=12, choices=Means.choices)
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "network"])]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_means_display()}"


class Attempt(models.Model):
    """How many times something was tried at the door, under a keyed digest, until the count ends."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} jusqu'au {self.until:%d/%m %H:%M}"


class Forgetting(models.Model):
    """A person to forget: asked by herself, or proposed at the end of retention (`asked_by` is then nobody)."""

    class State(models.TextChoices):
        ASKED = "asked", "à décider"
        ACCEPTED = "accepted", "accepté"
        KEPT = "kept", "données gardées"
        DONE = "done", "effacé"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="forgettings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    names = models.BooleanField(default=False)
    due = models.DateField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["asked", "accepted"]),
                name="forgetting_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Effacement des données de {self.person}"
