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
