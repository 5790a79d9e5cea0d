from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from traam import reference
from traam.programme.campaigns.models import Campaign, Theme


class Application(models.Model):
    """One team of one academy for one theme. `titles` are its projects, `axes` the numbers of the axes dealt with.

    `renews` is the dossier of the first year, when a team answers again for the second.
    """

    class SchoolKind(models.TextChoices):
        PRIMARY = "ecole", "École"
        COLLEGE = "college", "Collège"
        GENERAL = "lgt", "Lycée général et technologique"
        VOCATIONAL = "lp", "Lycée professionnel"
        MIXED = "lpo", "Lycée polyvalent"
        OTHER = "autre", "Autre établissement"

    class InspectorOpinion(models.TextChoices):
        FAVOURABLE = "favourable", "Favorable"
        RESERVED = "reserved", "Réservé"
        UNFAVOURABLE = "unfavourable", "Défavorable"

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="applications")
    academy = models.CharField(max_length=2)
    state = models.CharField(max_length=12, default="draft")
    degree = models.CharField(max_length=8, blank=True)
    inspector_name = models.CharField(max_length=150, blank=True)
    inspector_email = models.EmailField(blank=True)
    inspector_phone = models.CharField(max_length=30, blank=True)
    referent_name = models.CharField(max_length=150, blank=True)
    referent_school = models.CharField(max_length=8, blank=True)
    school_kind = models.CharField(max_length=10, choices=SchoolKind.choices, blank=True)
    referent_email = models.EmailField(blank=True)
    referent_phone = models.CharField(max_length=30, blank=True)
    titles = models.JSONField(default=list)
    axes = models.JSONField(default=list)
    description = models.TextField(blank=True)
    dasen_agreement = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(null=True)
    inspector_opinion = models.CharField(max_length=12, choices=InspectorOpinion.choices, blank=True)
    inspector_comment = models.TextField(blank=True)
    inspector_opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    inspector_opinion_at = models.DateTimeField(null=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "theme",
                "academy",
                Lower("referent_email"),
                condition=~models.Q(state="withdrawn") & ~models.Q(referent_email=""),
                name="application_once",
            )
        ]
        indexes = [models.Index(fields=["academy", "state"])]

    def __str__(self) -> str:
        return f"{self.academy_name}, {self.title}"

    @property
    def title(self) -> str:
        return " ; ".join(self.titles) or "(sans intitulé)"

    @property
    def academy_name(self) -> str:
        return reference.academies()[self.academy].name

    @property
    def degree_label(self) -> str:
        return dict(Theme.Degree.choices).get(self.degree, "")


class Upload(models.Model):
    """A spreadsheet that was sent and waits for its sender's agreement: nothing of it is written yet."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="uploads")
    academy = models.CharField(max_length=2)
    filename = models.CharField(max_length=200)
    data = models.BinaryField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.filename


class ColumnHeading(models.Model):
    """How an academy names a column in its own spreadsheets, as it said once. `key` is "" for a column to ignore."""

    academy = models.CharField(max_length=2)
    heading = models.CharField(max_length=200)
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "heading"], name="column_heading_once")]

    def __str__(self) -> str:
        return self.heading
