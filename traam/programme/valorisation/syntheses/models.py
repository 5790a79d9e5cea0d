from django.conf import settings
from django.db import models

from traam.programme.campaigns.models import Theme
from traam.programme.productions.models import Bilan, ClassTest, Review


class Synthesis(models.Model):
    """The national synthesis of a theme, or of several (transversal). The experts write `sections` (Markdown by key).

    A figure is never typed there: `{{ tests }}` stands for one, and is counted when it is read. What is submitted is
    kept as a version of `review`, with the figures of that moment: that version is what is validated and published.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="synthesis")
    themes = models.ManyToManyField(Theme, related_name="syntheses")
    title = models.CharField("titre", max_length=200)
    state = models.CharField(max_length=12, default="draft")
    sections = models.JSONField(default=dict)
    licence = models.CharField(max_length=20, blank=True)
    nobody_named = models.BooleanField("aucun élève n'y est nommé ni reconnaissable", default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def theme_list(self) -> list[Theme]:
        """Its themes, in the order they were written."""
        return sorted(self.themes.all(), key=lambda theme: theme.pk)

    @property
    def theme(self) -> Theme:
        """The first of its themes: it leads to a campaign."""
        return self.theme_list[0]

    @property
    def transversal(self) -> bool:
        return len(self.themes.all()) > 1

    @property
    def source_key(self) -> str:
        """What its public copy is known by."""
        return f"synthesis:{self.pk}"


class Citation(models.Model):
    """Words taken from a bilan académique or from a test in class, word for word, and where they were read.

    Of a bilan, `section` is the key of the part and `version` the one that was read; of a test, `section` is the field.
    `number` names it in the text of the synthesis: `{{ citation:3 }}`.
    """

    synthesis = models.ForeignKey(Synthesis, on_delete=models.CASCADE, related_name="citations")
    number = models.PositiveSmallIntegerField()
    bilan = models.ForeignKey(Bilan, on_delete=models.PROTECT, null=True, related_name="citations")
    test = models.ForeignKey(ClassTest, on_delete=models.SET_NULL, null=True, related_name="citations")
    section = models.CharField(max_length=30)
    version = models.PositiveIntegerField(default=0)
    words = models.TextField("passage cité")
    source = models.CharField(max_length=300)  # where it was read, in words: it outlives what it names
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["synthesis", "number"], name="citation_number_once")]

    def __str__(self) -> str:
        return f"Citation {self.number} : {self.source}"

    @property
    def token(self) -> str:
        return f"{{{{ citation:{self.number} }}}}"


class MailingList(models.Model):
    """To whom the syntheses are sent beside the groups: a service and its addresses, written by the bureau.

    `key` is an audience of the cahiers des charges ("dgesco") or one of the bureau's own; `recipients` are rows
    [address, name].
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField("nom de la liste", max_length=150)
    recipients = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
