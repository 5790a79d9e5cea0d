from django.conf import settings
from django.db import models

from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group
from traam.programme.productions.models.files import Filed
from traam.programme.productions.models.reviews import Review


class Module(models.Model):
    """A training module of a theme, for teachers: sections of activities whose minutes add up to `minutes`.

    Written by one group, or by the national group when `group` is null. `framing`, `notebook` and `guide` are Markdown:
    the note de cadrage, the carnet du stagiaire and the guide du formateur. `revision` counts the saves of the module's
    own texts: two people may write in two of its activities at once.
    """

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="modules")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="modules", null=True)
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="module")
    state = models.CharField(max_length=12, default="draft")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    objectives = models.TextField(blank=True)
    audience = models.CharField(max_length=200, blank=True)
    framing = models.TextField(blank=True)
    notebook = models.TextField(blank=True)
    guide = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=120)
    disciplines = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    competences = models.JSONField(default=list)
    teacher_competences = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    licence = models.CharField(max_length=20, blank=True)
    authors = models.CharField(max_length=300, blank=True)
    terms_read = models.BooleanField(default=False)
    personal_data_checked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class ModuleSection(models.Model):
    """A part of a module, in its place."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class ModuleActivity(Filed):
    """One thing to do in a section: `body` is Markdown, `address` of a link or a video, file of an H5P or a document.

    `questions` of a quiz are objects {kind: choice | choices | true_false | short, text, answers: [{text, right,
    feedback}], feedback}. `transcript` says in words what a video says.
    """

    class Kind(models.TextChoices):
        PAGE = "page", "Page à lire"
        LINK = "link", "Lien"
        VIDEO = "video", "Vidéo"
        QUIZ = "quiz", "Questionnaire"
        H5P = "h5p", "Activité H5P"
        FILE = "file", "Document"
        TASK = "task", "Travail à rendre"
        FORUM = "forum", "Échange"

    section = models.ForeignKey(ModuleSection, on_delete=models.PROTECT, related_name="activities")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    transcript = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=0)
    licence = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "module activities"

    def __str__(self) -> str:
        return self.title
