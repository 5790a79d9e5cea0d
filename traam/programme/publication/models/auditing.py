from django.conf import settings
from django.db import models

from traam.programme.productions.models import Scenario
from traam.programme.publication.models.releases import Release


class Watched(models.Model):
    """A published address, visited when it appears, when it changes, and every month.

    `scenario` is what is read there; without a `release` it is not published yet, and the address is visited only when
    somebody asks. `told` is the state that its people were last written about ("" before the first run): they are
    written to again only when it changes. `claimed_until` is the lease of the worker that visits it. `stopped_at`: no
    longer visited.
    """

    address = models.URLField(max_length=500, unique=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, related_name="watched")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="watched")
    academy = models.CharField(max_length=2, blank=True)
    ours = models.BooleanField(default=False)  # a page of this very site
    licence = models.CharField(max_length=20, blank=True)  # the one it should say
    next_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True)
    told = models.CharField(max_length=12, blank=True)
    added_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address

    @property
    def before_release(self) -> bool:
        """Whether it is read to know if it may be published, and not because it is."""
        return self.scenario_id is not None and self.release_id is None


class AuditRun(models.Model):
    """One visit of an address. `findings` are objects of `engines.pageaudit.Finding`, in the order of the report.

    `counts` are by answer then severity: {"fault": {"blocking": 1}, "review": {"major": 2}, "untested": {…}}, and
    under "codes" how many faults each check found: {"social": 1}. `detail` says in French why there was no answer.
    `static_only` says why there was no rendered pass, "" when there was one.
    """

    watched = models.ForeignKey(Watched, on_delete=models.PROTECT, related_name="runs")
    at = models.DateTimeField()
    seconds = models.FloatField()
    status = models.PositiveSmallIntegerField()
    final = models.URLField(max_length=2000, blank=True)
    error = models.CharField(max_length=20, blank=True)
    detail = models.TextField(blank=True)
    static_only = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["watched", "-at"])]

    def __str__(self) -> str:
        return f"{self.watched}, {self.at:%d/%m/%Y}"


class Contest(models.Model):
    """A finding that somebody says is wrong, and what the national team answered. Accepted, it no longer counts."""

    class Answer(models.TextChoices):
        WAITING = "", "En attente"
        ACCEPTED = "accepted", "Acceptée"
        REFUSED = "refused", "Refusée"

    watched = models.ForeignKey(Watched, on_delete=models.PROTECT, related_name="contests")
    code = models.CharField(max_length=60)
    finding = models.CharField(max_length=20)  # the key of the finding
    element = models.TextField(blank=True)
    reason = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watched", "finding"], name="contest_once")]

    def __str__(self) -> str:
        return f"{self.code}, {self.watched}"


class LinkState(models.Model):
    """What an address linked from a page answered last, so that a link of a hundred pages is asked once."""

    address = models.URLField(max_length=2000, unique=True)
    status = models.PositiveSmallIntegerField()
    error = models.CharField(max_length=20, blank=True)
    soft = models.BooleanField(default=False)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
