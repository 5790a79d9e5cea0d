"""Where a request comes from, as far as our own proxies can vouch for it."""

from django.conf import settings
from django.http import HttpRequest


def client(request: HttpRequest) -> str:
    """The address that asks, as the outermost of our own proxies saw it: what comes before it in the header is only
    what the client says."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if settings.PROXIES else []
    if len(seen) >= settings.PROXIES > 0:
        return str(seen[-settings.PROXIES]).strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """An IPv4 address; of an IPv6 one, the network of its subscriber, who may choose the rest freely."""
    if ":" not in address:
        return address
    head, _, tail = address.partition("::")
    parts = head.split(":") if head else []
    if tail or address.endswith("::"):
        parts += ["0"] * (8 - len(parts) - len(tail.split(":") if tail else []))
        parts += tail.split(":") if tail else []
    return ":".join(parts[:4])


def device(request: HttpRequest) -> str:
    """What a person would call the program she uses: « Firefox, Windows ». No version: it would tell more than that."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "Navigateur inconnu")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser


# Each browser says it is those after it too: the first that matches is the one.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
