from django.conf import settings
from django.db import models


class Letter(models.Model):
    """A message to one person. `key` says what it is about: the same letter is never written twice.

    `sending` lasts as long as the mail server is being given the letter. When nobody knows how that ended, it is
    `unsure`: somebody looks, and says (docs/decisions/0006).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "à envoyer"
        SENDING = "sending", "en train de partir"
        SENT = "sent", "envoyée"
        UNSURE = "unsure", "à vérifier"
        FAILED = "failed", "échec"
        DROPPED = "dropped", "abandonnée"

    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True)  # the same, for who reads it so; a digest draws its own when it leaves
    attachment = models.TextField(blank=True)  # the text of a joined file, such as an event for a diary
    filename = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_attempt_at"])]

    def __str__(self) -> str:
        return self.subject

    @property
    def reference(self) -> str:
        """What makes its Message-ID."""
        return f"{self.pk}.{self.key}"


class Habit(models.Model):
    """How often a person wants to hear from the platform: what waits for her is gathered in one letter.

    `token` opens, without an account, the address where she stops it in one click.
    """

    class Period(models.TextChoices):
        DAILY = "daily", "Chaque jour, s'il y a du nouveau"
        WEEKLY = "weekly", "Chaque semaine, le lundi"
        NEVER = "never", "Jamais : je regarde la plateforme"

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="habit")
    period = models.CharField(max_length=10, choices=Period.choices, default=Period.DAILY)
    token = models.CharField(max_length=64, unique=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} : {self.get_period_display()}"


class Item(models.Model):
    """One thing to do, or to know, that goes to a person in her next digest. `key`: never told twice.

    `address` is the end of the address of the page where it is done. It is told by `letter`, once that is written.
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="items")
    text = models.CharField(max_length=300)
    label = models.CharField(max_length=80)
    address = models.CharField(max_length=300)
    due = models.DateField(null=True)
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="items")

    class Meta:
        indexes = [
            models.Index(fields=["to", "letter"]),
            models.Index(
                fields=["written_at"],
                condition=models.Q(letter__isnull=True, settled_at__isnull=True),
                name="item_that_waits",
            ),
        ]

    def __str__(self) -> str:
        return self.text
