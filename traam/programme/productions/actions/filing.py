"""The files of the productions: taken in one by one, each judged before it is kept."""

from collections.abc import Collection

from traam.engines.sharing import BadFile
from traam.engines.workflow import Invalid
from traam.gateways import intake
from traam.gateways.intake import Taken

__all__ = ["IMAGES", "BadFile", "Taken", "take", "taken"]

IMAGES = frozenset({"png", "jpg", "gif", "webp"})


def take(upload: tuple[str, bytes], *, accepted: Collection[str]) -> Taken:
    """Keep a file of a kind in `accepted` (extensions); `BadFile` says why not. Its row is to be written next."""
    return intake.take(upload, accepted=accepted)


def taken(upload: tuple[str, bytes], *, accepted: Collection[str], field: str = "file") -> Taken:
    """As `take`, the refusal said at a field: raises `Invalid`."""
    try:
        return take(upload, accepted=accepted)
    except BadFile as bad:
        raise Invalid({field: [str(bad)]}) from None
