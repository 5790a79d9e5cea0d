from django.conf import settings
from django.db import models

from traam.programme.productions.models import Piece, Scenario
from traam.programme.publication.models.releases import Way


class RightsSheet(models.Model):
    """By what right a scenario shows what it shows, and where it will be read.

    `revision` counts the saves. `declared` is the digest of what the référent signed ("" when nobody did): a sheet or a
    scenario that changed since is to be signed again. `authorisations` says where the written ones are kept, and by
    whom: they are never sent here.
    """

    class Pupils(models.TextChoices):
        NONE = "none", "Aucun élève n'est nommé, montré ni entendu"
        PSEUDONYMS = "pseudonyms", "Des travaux d'élèves, sous pseudonyme"
        AUTHORISED = (
            "authorised",
            "Des élèves sont montrés ou entendus, avec l'autorisation écrite de leurs responsables",
        )

    scenario = models.OneToOneField(Scenario, on_delete=models.PROTECT, related_name="rights_sheet")
    pupils = models.CharField(max_length=12, choices=Pupils.choices, blank=True)
    authorisations = models.TextField(blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.HERE)
    address = models.URLField(max_length=500, blank=True)
    dated = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    declared = models.CharField(max_length=64, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Fiche de droits, {self.scenario}"


class Resource(models.Model):
    """A resource, service or medium that a scenario uses, and its rights. `piece` when it goes with the scenario."""

    class Kind(models.TextChoices):
        RESOURCE = "resource", "Ressource (document, site, manuel)"
        SERVICE = "service", "Service ou logiciel"
        MEDIUM = "medium", "Image, son ou vidéo"

    class Account(models.TextChoices):
        NONE = "none", "Aucun compte"
        TEACHER = "teacher", "Un compte de l'enseignant"
        PUPIL = "pupil", "Un compte de chaque élève"
        BOTH = "both", "Un compte de l'enseignant et de chaque élève"

    class Place(models.TextChoices):
        NONE = "none", "Aucune donnée personnelle"
        FRANCE = "france", "En France"
        EUROPE = "europe", "Dans l'Union européenne"
        OUTSIDE = "outside", "Hors de l'Union européenne"
        UNKNOWN = "unknown", "Je ne sais pas"

    class Framework(models.TextChoices):
        GAR = "gar", "Par le GAR"
        APPS = "apps", "Sur apps.education.fr"
        ENT = "ent", "Dans l'ENT"
        OTHER = "other", "Autrement"

    sheet = models.ForeignKey(RightsSheet, on_delete=models.PROTECT, related_name="resources")
    position = models.PositiveSmallIntegerField(default=0)
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, null=True, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)
    holder = models.CharField("titulaire des droits", max_length=200, blank=True)
    licence = models.CharField(max_length=20, blank=True)
    authorisation = models.TextField(blank=True)
    terms_read_on = models.DateField("conditions d'utilisation lues le", null=True)
    terms_address = models.URLField("adresse des conditions d'utilisation", max_length=500, blank=True)
    account = models.CharField(max_length=10, choices=Account.choices, blank=True)
    data_place = models.CharField(max_length=10, choices=Place.choices, blank=True)
    framework = models.CharField(max_length=10, choices=Framework.choices, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Control(models.Model):
    """The inspector's answer to one line of the checklist of the edition, about one version of the scenario."""

    class Answer(models.TextChoices):
        YES = "yes", "Oui"
        NO = "no", "Non"
        NOT_CONCERNED = "na", "Sans objet"

    sheet = models.ForeignKey(RightsSheet, on_delete=models.PROTECT, related_name="controls")
    item = models.CharField(max_length=60)  # id of a line of the edition's checklist
    version = models.PositiveIntegerField()
    answer = models.CharField(max_length=3, choices=Answer.choices)
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="control_once")]

    def __str__(self) -> str:
        return f"{self.item} : {self.answer}"


class Waiver(models.Model):
    """What may be published in spite of a line answered no, or of a fault of the audit: signed, reasoned, until a day.

    `code` is the id of a line of the checklist, or the code of a check of the audit; `finding` the key of one finding,
    "" for all those of the code.
    """

    class Of(models.TextChoices):
        CONTROL = "control", "Une ligne du contrôle"
        AUDIT = "audit", "Un défaut de l'audit"

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="waivers")
    of = models.CharField(max_length=10, choices=Of.choices)
    code = models.CharField(max_length=60)
    finding = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    until = models.DateField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.code}, jusqu'au {self.until:%d/%m/%Y}"
