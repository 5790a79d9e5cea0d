from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models

from traam import reference
from traam.engines.rulebook import Rulebook
from traam.programme.campaigns.models import Theme, in_force
from traam.programme.catalogue.information.models import (  # noqa: F401 - Django looks for tables here
    InformationPage,
    InformationRevision,
)
from traam.programme.catalogue.readings.models import ReadCount  # noqa: F401 - Django looks for tables here
from traam.programme.catalogue.searches.models import SearchCount  # noqa: F401 - Django looks for tables here


@dataclass(frozen=True)
class PublicAmendment:
    """An amendment as the public reads it: signed by the national team, never by a person.

    `before` and `after` are an ISO date, a number, or "oui" and "non"; `before` may be "". `article` may be "" too.
    """

    kind: str
    label: str
    article: str
    before: str
    after: str
    reason: str
    signed_on: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.signed_on)

    @property
    def change(self) -> tuple[date | str, date | str]:
        """Before and after, as dates when it changes a date."""
        if self.kind != "date":
            return self.before, self.after
        return date.fromisoformat(self.before) if self.before else "", date.fromisoformat(self.after)


class PublicCall(models.Model):
    """The public copy of a campaign whose call was opened. Its number is the campaign's."""

    id = models.BigIntegerField(primary_key=True)
    title = models.CharField(max_length=200)
    edition_id = models.CharField(max_length=40)
    years = models.CharField(max_length=20)
    calendar = models.JSONField(default=list)  # rows [label, ISO date], in order
    overrides = models.JSONField(default=dict)  # as those of a campaign
    amendments = models.JSONField(default=list)  # objects as `PublicAmendment`, latest first
    state = models.CharField(max_length=12)  # open, closed, announced, archived
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def dates(self) -> list[tuple[str, date]]:
        return [(label, date.fromisoformat(day)) for label, day in self.calendar]

    @property
    def edition(self) -> Rulebook:
        """The cahier des charges as amended for this call."""
        return in_force(self.edition_id, self.overrides)

    @property
    def amended(self) -> list[PublicAmendment]:
        return [PublicAmendment(**row) for row in self.amendments]


class PublicTheme(models.Model):
    """A theme the public may read, of a call or of the history. `academies` are codes: retained, or known.

    In the second of two years, `continues` is the public theme of the first: its academies were retained then.

    `source_key` says where the row comes from, so that a second import finds it again ("history:…", "theme:12").
    """

    source_key = models.CharField(max_length=200, unique=True)
    call = models.ForeignKey(PublicCall, on_delete=models.PROTECT, null=True, related_name="themes")
    years = models.CharField(max_length=60)
    title = models.TextField()
    framing = models.TextField(blank=True)
    axes = models.JSONField(default=list)
    constraints = models.TextField(blank=True)
    degree = models.CharField(max_length=8, blank=True)  # of `campaigns.Theme.Degree`; "" when it is not known
    transversal = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(default=1)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="carried_on")
    closed = models.BooleanField(default=False)  # to applications, while its call is open
    disciplines = models.JSONField(default=list)
    discipline_text = models.CharField(max_length=300, blank=True)
    academies = models.JSONField(default=list)
    academies_note = models.CharField(max_length=300, blank=True)
    source_url = models.TextField(blank=True)
    uncertain = models.JSONField(default=list)  # names of the fields that were deduced or not seen
    research = models.JSONField(default=list)  # objects {name, laboratory, address, brings}, by name
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["years"])]

    def __str__(self) -> str:
        return self.title

    @property
    def academy_list(self) -> list[reference.Academy]:
        return [reference.academies()[code] for code in self.academies]

    @property
    def discipline_labels(self) -> list[str]:
        known = [reference.disciplines()[code].label for code in self.disciplines]
        return known or ([self.discipline_text] if self.discipline_text else [])

    @property
    def degree_label(self) -> str:
        return str(Theme.Degree(self.degree).label) if self.degree else ""


class PastResult(models.Model):
    """What a page of the past says of the results of a year, for the nation or an academy. `academies` are codes.

    An empty text named in `uncertain` was looked for and not seen; a text named there was seen in part.
    """

    source_key = models.CharField(max_length=200, unique=True)  # "history:result:2012-2013:…"
    national = models.BooleanField()
    years = models.CharField(max_length=60)
    disciplines = models.JSONField(default=list)
    discipline_text = models.CharField(max_length=300, blank=True)  # "" for every discipline
    academies = models.JSONField(default=list)
    academies_note = models.CharField(max_length=300, blank=True)
    productions = models.TextField(blank=True)
    production_count = models.PositiveIntegerField(null=True)
    tests = models.TextField(blank=True)
    test_count = models.PositiveIntegerField(null=True)
    difficulties = models.TextField(blank=True)
    source_url = models.TextField()
    uncertain = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["years"])]

    def __str__(self) -> str:
        return f"{self.discipline_text or 'Toutes disciplines'}, {self.years}"

    @property
    def academy_list(self) -> list[reference.Academy]:
        return [reference.academies()[code] for code in self.academies]


class PublicMinutes(models.Model):
    """The minutes of a national meeting, when the cahier des charges puts them on line. Nobody is named.

    `sections` are rows [title, Markdown]; `present` rows [function, number of people].
    """

    source_key = models.CharField(max_length=200, unique=True)  # "meeting:12"
    theme = models.ForeignKey(PublicTheme, on_delete=models.PROTECT, related_name="minutes")
    on = models.DateField()
    mode = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    sections = models.JSONField(default=list)
    present = models.JSONField(default=list)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject}, {self.on:%d/%m/%Y}"


class PublicBilan(models.Model):
    """The bilan académique of a group, once its inspector put it on line. Nobody is named in it.

    `sections` are rows [title, Markdown]; `facts` what was counted when it was submitted, as `productions` counts it.
    A withdrawn bilan keeps its address, which says why.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", "publié"
        WITHDRAWN = "withdrawn", "retiré"

    source_key = models.CharField(max_length=200, unique=True)  # "bilan:12"
    theme = models.ForeignKey(PublicTheme, on_delete=models.PROTECT, related_name="bilans")
    academy = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    version = models.PositiveIntegerField()
    sections = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    licence = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)  # of a withdrawal
    published_on = models.DateField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["academy", "state"])]

    def __str__(self) -> str:
        return f"Bilan académique, académie {reference.academies()[self.academy].of_name}, {self.theme}"

    @property
    def academy_known(self) -> reference.Academy:
        return reference.academies()[self.academy]

    @property
    def licence_known(self) -> reference.Licence | None:
        return reference.licences().get(self.licence)


class PublicSynthesis(models.Model):
    """The national synthesis of a theme, or of several, as it was validated. Nobody is named in it.

    `stored` is its content (`catalogue.syntheses.Content`) as plain JSON: nothing of it is counted again. A withdrawn
    synthesis keeps its address, which says why.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", "publiée"
        WITHDRAWN = "withdrawn", "retirée"

    source_key = models.CharField(max_length=200, unique=True)  # "synthesis:12"
    themes = models.ManyToManyField(PublicTheme, related_name="syntheses")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    stored = models.JSONField()
    licence = models.CharField(max_length=20, blank=True)
    errata = models.JSONField(default=list)  # objects {on, text} about this version, oldest first
    reason = models.TextField(blank=True)  # of a withdrawal
    published_on = models.DateField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def licence_known(self) -> reference.Licence | None:
        return reference.licences().get(self.licence)

    @property
    def dated_errata(self) -> list[tuple[date, str]]:
        return [(date.fromisoformat(one["on"]), one["text"]) for one in self.errata]


class Notice(models.Model):
    """The public record of a released scenario, or of one of the history. Its number is its address for ever.

    A withdrawn notice keeps its row: the address answers that it was withdrawn, harvesters learn of it.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", "publiée"
        WITHDRAWN = "withdrawn", "retirée"

    source_key = models.CharField(max_length=200, unique=True)  # "scenario:12", "history:S001"
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    summary = models.TextField()
    sections = models.JSONField(default=list)  # rows [title, Markdown]
    theme = models.ForeignKey(PublicTheme, on_delete=models.PROTECT, null=True, related_name="notices")
    years = models.CharField(max_length=60, blank=True)
    academies = models.JSONField(default=list)
    disciplines = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    level_text = models.CharField(max_length=200, blank=True)
    competences = models.JSONField(default=list)
    licence = models.CharField(max_length=20, blank=True)
    tools = models.JSONField(default=list)
    duration_minutes = models.PositiveSmallIntegerField(null=True)
    authors = models.CharField(max_length=300, blank=True)
    links = models.JSONField(default=list)  # addresses
    pieces = models.JSONField(default=list)  # as `productions.queries.pieces.pieces_of` tells them, in order
    tests = models.JSONField(default=list)  # objects {academy, level, on, pupils, worked, resisted, advice}
    errata = models.JSONField(default=list)  # objects {on, text} about this version, oldest first
    source_url = models.TextField(blank=True)  # where the work itself stands: the academy's site, or the history's
    edubase_number = models.PositiveIntegerField(null=True)
    edubase_address = models.URLField(max_length=500, blank=True)
    # The notice it was begun from: told by both.
    inspired_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="inspired")
    uncertain = models.JSONField(default=list)
    reason = models.TextField(blank=True)  # of a withdrawal
    published_on = models.DateField(null=True)
    datestamp = models.DateTimeField()  # last change of the record, to the second (OAI-PMH)

    class Meta:
        indexes = [models.Index(fields=["datestamp", "id"]), models.Index(fields=["state", "-published_on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def academy_list(self) -> list[reference.Academy]:
        return [reference.academies()[code] for code in self.academies]

    @property
    def discipline_labels(self) -> list[str]:
        return [reference.disciplines()[code].label for code in self.disciplines]

    @property
    def level_labels(self) -> list[str]:
        return [reference.levels()[code].label for code in self.levels]

    @property
    def competence_list(self) -> list[reference.Competence]:
        return [reference.competences()[code] for code in self.competences]

    @property
    def licence_known(self) -> reference.Licence | None:
        return reference.licences().get(self.licence)

    @property
    def tested_by(self) -> list[str]:
        """The codes of the academies that tested it."""
        return sorted({test["academy"] for test in self.tests})

    @property
    def dated_errata(self) -> list[tuple[date, str]]:
        return [(date.fromisoformat(one["on"]), one["text"]) for one in self.errata]

    @property
    def archived(self) -> bool:
        """Whether it comes from the history: nobody released it here."""
        return not self.source_key.startswith("scenario:")

    @property
    def elsewhere(self) -> bool:
        """Whether its text is read on the site of its academy, where its inspector had it published."""
        return bool(self.source_url) and not self.archived


class NoticeVersion(models.Model):
    """A notice as it was published: every version keeps an address of its own. `content` never changes again.

    A withdrawal takes away every version there was: only the one that is published again comes back.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()  # the fields of the notice, by name
    errata = models.JSONField(default=list)  # as those of a notice
    published_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    reason = models.TextField(blank=True)  # of the withdrawal

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="notice_version_once")]

    def __str__(self) -> str:
        return f"{self.notice}, version {self.version}"


class Correspondence(models.Model):
    """How to read the columns of a table of notices: a mapping file that somebody gave, kept to be chosen again."""

    name = models.CharField(max_length=200, unique=True)  # that of the file
    text = models.TextField()  # TOML, in the form of `reference/edubase_import.toml`
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Deposit(models.Model):
    """A file given for the catalogue: read at once, written when its sender agrees, then emptied.

    `report` is a `reports.Report`: what the file would do, or how much it did. Nobody sent what a command imported.
    """

    class Kind(models.TextChoices):
        SHEETS = "sheets", "Fiches de notices"
        HISTORY = "history", "Archives des années passées"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    filename = models.CharField(max_length=200)
    data = models.BinaryField(default=bytes)
    mapping_name = models.CharField(max_length=200, blank=True)  # "" for that of Édubase
    mapping = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.filename


class Change(models.Model):
    """What the index has still to learn, numbered in the order of commits."""

    number = models.BigIntegerField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="changes")

    def __str__(self) -> str:
        return f"{self.number} : {self.notice_id}"


class ChangeCounter(models.Model):
    """One row, locked by whoever writes a change: numbers follow the order of commits, on PostgreSQL too."""

    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class Generation(models.Model):
    """Tokens drawn anew by the database at each change of something public (`generation`); a few rows at most."""

    token = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.token
