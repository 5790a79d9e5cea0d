"""Service fait, in two periods: what is planned for each member, what the inspector attests, and the proof of it."""

from typing import Any

from django.conf import settings
from django.db import models

from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models.composition import Group, Member


class Kept(models.QuerySet[Any]):
    """Rows that are read and added, nothing else."""

    def update(self, **values: Any) -> int:
        raise TypeError("these rows are append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("these rows are append-only")

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        if options.get("update_conflicts"):
            raise TypeError("these rows are append-only")
        return super().bulk_create(objs, *args, **options)


class KeptRow(models.Model):
    """A row that never changes once it is written."""

    objects = Kept.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("these rows are append-only")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("these rows are append-only")


class ServicePeriod(models.Model):
    """One of the two payments of a campaign. `rate_cents` is what a unit is worth, when the campaign says it.

    `strict`: nothing is planned beyond the envelope of an academy.
    """

    class Unit(models.TextChoices):
        HOURS = "hours", "Heures"
        IMP = "imp", "Parts d'IMP"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="service_periods")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=100)
    since = models.DateField()
    until = models.DateField()
    unit = models.CharField(max_length=10, choices=Unit.choices)
    rate_cents = models.PositiveIntegerField(null=True)
    strict = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="service_period_once")]

    def __str__(self) -> str:
        return f"{self.label} de {self.campaign}"


class Envelope(models.Model):
    """What an academy may share out among its groups over a period, in hundredths of the unit. Each splits it freely.

    `academy` is "" for the one of every academy that has none of its own.
    """

    period = models.ForeignKey(ServicePeriod, on_delete=models.PROTECT, related_name="envelopes")
    academy = models.CharField(max_length=2, blank=True)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "academy"], name="envelope_once")]

    def __str__(self) -> str:
        return f"{self.period}, {self.academy or 'toutes les académies'} : {self.quantity}"


class Share(models.Model):
    """What is planned for a member over a period, and what was done. Quantities are hundredths of the unit."""

    period = models.ForeignKey(ServicePeriod, on_delete=models.PROTECT, related_name="shares")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="shares")
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="planned")
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "member"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.member} : {self.done if self.done is not None else self.planned}"


class Evidence(KeptRow):
    """What an attestation rests on: an attendance, a production, a sentence of the inspector. A copy, never changed."""

    class Kind(models.TextChoices):
        ATTENDANCE = "attendance", "Présence à une réunion"
        PRODUCTION = "production", "Production remise"
        STATEMENT = "statement", "Attestation de l'inspecteur"

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    said = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.said


class ServiceLine(KeptRow):
    """A line sent to the payment service. `digest` chains it to the line before: SHA-256 of that digest and `payload`.

    `payload` is the exact JSON text that is digested; lines of a campaign are numbered from 1 without a gap.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="service_lines")
    number = models.PositiveIntegerField()
    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="lines")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="service_lines")
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="service_line_once")]

    def __str__(self) -> str:
        return f"Ligne {self.number} de {self.campaign}"
