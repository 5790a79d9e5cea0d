from django.db import models


class ReadCount(models.Model):
    """How often, in a month, a kind of public page was read. `number` is that of a notice, and 0 for other kinds.

    Neither who read, nor from where, nor when in the month is kept. Robots that say what they are do not count.
    """

    class Kind(models.TextChoices):
        HOME = "home", "Accueil"
        SEARCH = "search", "Recherche"
        NOTICE = "notice", "Notices"
        THEME = "theme", "Thèmes"
        ACADEMY = "academy", "Académies et années"
        INFORMATION = "information", "Pages d'information et lettres"
        REPORT = "report", "Bilans et synthèses"
        CALL = "call", "Appels et cahiers des charges"

    month = models.DateField()  # its first day
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.BigIntegerField(default=0)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "kind", "number"], name="read_count_once")]
        indexes = [models.Index(fields=["kind", "number"])]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} : {self.kind} {self.number or ''}, {self.times}"
