"""How many requests one address may make: counted in the shared cache, so that every process counts together."""

from hashlib import sha256
from time import time

from django.conf import settings
from django.core.cache import caches

from traam.design.clients import client, network

__all__ = ["client", "network", "wait"]
WINDOW = 60  # seconds
MOST = 300  # requests in a window
# Few files for the cache, however many clients: each holds those whose digest falls in it.
_BUCKETS = 512
_MOST_IN_BUCKET = 1_000


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
