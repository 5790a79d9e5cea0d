"""The addresses that letters carry: each holds the secret that makes it work, and nobody can guess another one."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from traam.programme.subscriptions.models import Newsletter, PublishedIssue, Reader, SubscriptionRequest

# Where the addresses of each reader go in a text that is the same for all.
STOP, CHOICES = "@@adresse-arreter@@", "@@adresse-choix@@"


def archive(newsletter: Newsletter) -> str:
    return f"{settings.SITE_ADDRESS}/lettres/{newsletter.slug}"


def issue(published: PublishedIssue) -> str:
    return issue_of(published.newsletter, published.number)


def issue_of(newsletter: Newsletter, number: int) -> str:
    return f"{archive(newsletter)}/{number}"


def confirmation(request: SubscriptionRequest) -> str:
    return f"{settings.SITE_ADDRESS}/lettres/confirmer/{request.pk}.{_proof(request)}"


def choices(reader: Reader) -> str:
    return f"{settings.SITE_ADDRESS}/lettres/mes-choix/{reader.key}.{reader.secret}"


def stop(reader_key: str, reader_secret: str, newsletter: str) -> str:
    """Where one letter is stopped in one click (RFC 8058)."""
    return f"{settings.SITE_ADDRESS}/lettres/arreter/{reader_key}.{reader_secret}/{newsletter}"


def _proof(request: SubscriptionRequest) -> str:
    """Of no use once the request is gone, and never kept: whoever reads the database confirms nothing with it."""
    said = f"{request.pk}\n{request.email}\n{request.asked_at.timestamp()}"
    return salted_hmac("traam.subscriptions.confirm", said, algorithm="sha256").hexdigest()


def proves(request: SubscriptionRequest, proof: str) -> bool:
    return constant_time_compare(_proof(request), proof)
