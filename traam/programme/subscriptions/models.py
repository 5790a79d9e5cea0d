from django.db import models
from django.db.models.functions import Lower


class Newsletter(models.Model):
    """A letter ÉduNum that any reader may ask for: of some disciplines, or about a subject when it names none."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    about = models.TextField(max_length=600)
    disciplines = models.JSONField(default=list)  # codes; none: a thematic letter
    opened = models.BooleanField(default=True)  # to new readers
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def thematic(self) -> bool:
        return not self.disciplines


class Post(models.TextChoices):
    """Where a message is on its way. What a crash left in doubt is `unsure` (docs/decisions/0006 and 0025)."""

    WAITING = "waiting", "à envoyer"
    SENDING = "sending", "en train de partir"
    SENT = "sent", "envoyé"
    UNSURE = "unsure", "à vérifier"
    REFUSED = "refused", "adresse refusée"
    FAILED = "failed", "échec"
    DROPPED = "dropped", "abandonné"


class SubscriptionRequest(models.Model):
    """Somebody typed an address: nothing is done until the letter sent there is answered. Erased when it ends.

    `newsletters` are their numbers. None: its owner wants the page of her choices, she lost its address.
    """

    email = models.EmailField(max_length=254)
    newsletters = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Post.choices, default=Post.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(Lower("email"), "asked_at", name="request_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"Demande {self.pk}"


class Reader(models.Model):
    """Who asked for letters and answered from her mailbox. `consent` is the sentence she agreed to, and when.

    `key` finds her, `secret` proves that the address of the page came from one of her letters. `refusals` are issues
    in a row that the server of her mailbox refused for good; at the third nothing more is sent to her.
    """

    key = models.CharField(max_length=22, unique=True)
    secret = models.CharField(max_length=43)
    email = models.EmailField(max_length=254)
    consent = models.TextField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    refusals = models.PositiveSmallIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="reader_email_once")]

    def __str__(self) -> str:
        """Never her address: the journal keeps this for ever."""
        return f"Abonné {self.pk}"


class Subscription(models.Model):
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="subscriptions")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["newsletter", "reader"], name="subscription_once")]

    def __str__(self) -> str:
        return f"{self.reader}, {self.newsletter}"


class PublishedIssue(models.Model):
    """An issue as everybody reads it: it never changes again. `content` is what `engines.newsletters` reads.

    `html` and `text` are what leaves by mail, with the places where the addresses of each reader go.
    """

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="issues")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    summary = models.TextField(blank=True)
    content = models.JSONField()
    html = models.TextField()
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["newsletter", "number"], name="issue_number_once")]

    def __str__(self) -> str:
        return f"{self.newsletter}, n° {self.number}"


class Sending(models.Model):
    """An issue on its way to everybody who was subscribed at `begun_at`.

    Their deliveries are written by pages: those of the readers up to number `frozen_up_to` are, `frozen` says they all
    are. One worker at a time holds it, until `leased_until`. `problem` is what the mail server said when nothing can
    leave. `counts` remembers the deliveries of each state once it is done.
    """

    issue = models.OneToOneField(PublishedIssue, on_delete=models.PROTECT, related_name="sending")
    state = models.CharField(max_length=10, default="running")  # of states.SENDING
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    frozen_up_to = models.BigIntegerField(default=0)
    frozen = models.BooleanField(default=False)
    leased_until = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Envoi de {self.issue}"


class Delivery(models.Model):
    """An issue for one reader. She who left meanwhile is nobody any more, and receives nothing.

    `refusals_before`: the refusals of hers that were forgotten because it seemed to have reached her.
    """

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    reader = models.ForeignKey(Reader, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    state = models.CharField(max_length=10, choices=Post.choices, default=Post.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)
    refusals_before = models.PositiveSmallIntegerField(db_default=0, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sending", "reader"], name="delivery_once")]
        indexes = [models.Index(fields=["sending", "state", "next_attempt_at"])]

    def __str__(self) -> str:
        return f"{self.sending}, {self.reader_id or 'abonné parti'}"

    @property
    def reference(self) -> str:
        """What makes its Message-ID."""
        return reference(self.pk)


def reference(delivery: int) -> str:
    return f"delivery.{delivery}"
