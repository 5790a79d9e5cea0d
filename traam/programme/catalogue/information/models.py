from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.db import models

from traam import reference


@dataclass(frozen=True)
class Content:
    """What a page says. `areas` are domains of the CRCN-Édu; `captions` is WebVTT; `transcript`, `text` and `credits`
    are Markdown; the addresses begin with https://, or are ""."""

    title: str
    description: str = ""
    areas: tuple[str, ...] = ()
    webinar: bool = False
    place: int = 0
    video: str = ""
    download: str = ""
    document: str = ""
    captions: str = ""
    transcript: str = ""
    text: str = ""
    credits: str = ""
    licence: str = ""
    licence_address: str = ""

    @classmethod
    def known(cls, values: Mapping[str, Any]) -> Self:
        """From what was stored. A field that a later version no longer has is left out."""
        names = {field.name for field in fields(cls)}
        kept = {name: value for name, value in values.items() if name in names}
        return cls(**{**kept, "areas": tuple(kept.get("areas", ()))})

    def stored(self) -> dict[str, Any]:
        return {**asdict(self), "areas": list(self.areas)}

    @property
    def domains(self) -> list[reference.Competence]:
        known = reference.frameworks()["CRCN-Édu"]
        return [known[code] for code in self.areas if code in known]


class InformationPage(models.Model):
    """A page of information, at an address that stays. Its texts are in its revisions: `shown` is the public one.

    A withdrawn page keeps its address, which says why.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PUBLISHED = "published", "publiée"
        WITHDRAWN = "withdrawn", "retirée"

    slug = models.SlugField(max_length=150, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    last = models.PositiveIntegerField(default=0)  # the number of the last revision
    shown = models.ForeignKey("InformationRevision", on_delete=models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(null=True)
    reason = models.TextField(blank=True)  # of a withdrawal
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class InformationRevision(models.Model):
    """A page of information as it was saved once. Never changed. `imported`: it came from a file."""

    page = models.ForeignKey(InformationPage, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    stored = models.JSONField()
    imported = models.BooleanField(default=False)
    saved_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="information_revision_once")]

    def __str__(self) -> str:
        return f"{self.page_id}, version {self.number}"

    @property
    def content(self) -> Content:
        return Content.known(self.stored)
