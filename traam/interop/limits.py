"""How many requests one address may make: counted in the shared cache, so that every process counts together."""

from hashlib import sha256
from time import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

WINDOW = 60  # seconds
MOST = 300  # requests in a window
# Few files for the cache, however many clients: each holds those whose digest falls in it.
_BUCKETS = 512
_MOST_IN_BUCKET = 1_000


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


def wait(address: str, now: float | None = None) -> int:
    """Count one request of this address: 0 when it may go on, else the seconds until it may ask again.

    No address is kept: a keyed digest of it, for a minute.
    """
    moment = time() if now is None else now
    window = int(moment // WINDOW)
    digest = sha256(f"{settings.SECRET_KEY}\n{network(address)}".encode()).hexdigest()
    bucket = f"interop:limits:{int(digest[:8], 16) % _BUCKETS}"
    cache = caches["limits"]
    kept: tuple[int, dict[str, int]] = cache.get(bucket) or (window, {})
    seen, counts = kept
    if seen != window:
        counts = {}
    count = counts.get(digest, 0) + 1
    if count <= MOST and len(counts) < _MOST_IN_BUCKET:
        cache.set(bucket, (window, {**counts, digest: count}), 2 * WINDOW)
    return 0 if count <= MOST else max(1, int((window + 1) * WINDOW - moment))
