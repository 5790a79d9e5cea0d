"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import End, Held

HELD = {
    "subscriptions.Newsletter": Held("newsletters", other="slug title about disciplines"),
    "subscriptions.SubscriptionRequest": Held(
        "newsletters",
        {"email": "adresse électronique"},
        other="newsletters state",
        end=End.KEEP,
        kept="effacée quand la demande aboutit ou expire",
    ),
    "subscriptions.Reader": Held(
        "newsletters",
        {"email": "adresse électronique", "consent": "ce qui a été accepté, et quand"},
        other="key secret",
        end=End.KEEP,
        kept="effacée par le lien de désabonnement",
    ),
    "subscriptions.PublishedIssue": Held("newsletters", other="title summary content html text"),
    "subscriptions.Sending": Held("newsletters", other="state lease problem counts"),
    "subscriptions.Delivery": Held(
        "newsletters", {"problem": "réponse du serveur de courriel"}, other="state", end=End.KEEP, kept="suit l'abonné"
    ),
}
