"""The files of the productions: taken in one by one, each judged before it is kept, within the share of their group."""

from collections.abc import Collection

from traam.engines.sharing import IMAGES, MOST_BYTES, BadFile, judge
from traam.engines.workflow import Invalid
from traam.gateways import intake
from traam.gateways.intake import Taken
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group
from traam.programme.productions.queries.pieces import weight

__all__ = ["IMAGES", "MOST_OF_A_GROUP", "BadFile", "Taken", "check_room", "judged", "take", "taken"]

MOST_OF_A_GROUP = 50 * MOST_BYTES  # a theme has as much for what its national group writes


def take(upload: tuple[str, bytes], *, accepted: Collection[str]) -> Taken:
    """Keep a file of a kind in `accepted` (extensions); `BadFile` says why not. Its row is to be written next."""
    return intake.take(upload, accepted=accepted)


def taken(upload: tuple[str, bytes], *, accepted: Collection[str], field: str = "file") -> Taken:
    """As `take`, the refusal said at a field: raises `Invalid`."""
    try:
        return take(upload, accepted=accepted)
    except BadFile as bad:
        raise Invalid({field: [str(bad)]}) from None


def judged(data: bytes, *, accepted: Collection[str], field: str = "file") -> str:
    """The extension of what these bytes are, nothing kept. Raises `Invalid`."""
    try:
        return judge(data, accepted).kind.extension
    except BadFile as bad:
        raise Invalid({field: [str(bad)]}) from None


def check_room(place: Group | Theme, size: int, *, field: str = "file") -> None:
    """Raise `Invalid` when a file of this size does not fit in the share of a group, or of a theme."""
    if weight(place) + size > MOST_OF_A_GROUP:
        whose = "du thème" if isinstance(place, Theme) else "du groupe"
        raise Invalid(
            {
                field: [
                    f"Les fichiers des productions {whose} pèsent déjà près de {MOST_OF_A_GROUP // 1_000_000} Mo : "
                    "retirez-en, ou partagez un lien."
                ]
            }
        )
