from django.conf import settings
from django.db import models

from traam.programme.groups.models import Group
from traam.programme.productions.models.files import Filed
from traam.programme.productions.models.reviews import Review


class Support(Filed):
    """What makes the work known: an infographic, a mind map, a video; a file or an address, and its words.

    `alternative` says what an image shows, `transcript` (Markdown) what a video says; `captions` is a WebVTT file, and
    `no_speech` why a video needs none.
    """

    class Kind(models.TextChoices):
        INFOGRAPHIC = "infographic", "Infographie"
        MIND_MAP = "mind_map", "Carte heuristique"
        VIDEO = "video", "Vidéo"
        OTHER = "other", "Autre support"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="supports")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="support")
    state = models.CharField(max_length=12, default="draft")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    alternative = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    captions = models.CharField(max_length=64, blank=True)
    no_speech = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=20, blank=True)
    authors = models.CharField(max_length=300, blank=True)
    rights_checked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
