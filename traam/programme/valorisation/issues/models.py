from django.db import models

from traam.programme.subscriptions.models import Newsletter, PublishedIssue


class Issue(models.Model):
    """An issue being composed. Once it left, `published` is what everybody reads, and nothing here changes any more."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="drafts")
    title = models.CharField(max_length=150)
    introduction = models.TextField(max_length=1500, blank=True)
    state = models.CharField(max_length=10, default="draft")  # of states.ISSUE
    begun_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    published = models.OneToOneField(PublishedIssue, on_delete=models.PROTECT, null=True, related_name="draft")

    def __str__(self) -> str:
        return f"{self.newsletter} : {self.title}"


class Block(models.Model):
    """One thing told in an issue, in the order of `place`.

    Drafted from what was picked (`source`: "notice:12", "theme:3", "synthesis:4"), then written as one wants.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "Production"
        THEME = "theme", "Thème"
        EVENT = "event", "Événement"
        SYNTHESIS = "synthesis", "Synthèse"
        TEXT = "text", "Texte libre"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="blocks")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300, blank=True)
    details = models.CharField(max_length=300, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    address = models.URLField(max_length=500, blank=True)
    label = models.CharField(max_length=330, blank=True)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.title or self.text[:60]
