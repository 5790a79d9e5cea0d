"""A file that somebody gives: judged by its bytes, screened, then kept. The only way in for files that people share."""

from collections.abc import Collection
from dataclasses import dataclass

from traam.engines.sharing import ACCEPTED, Kind, judge, safe_name
from traam.gateways import antivirus, storage


@dataclass(frozen=True)
class Taken:
    """A file that is kept. `file` is its name in the storage, `filename` the one it is given back with, `size` in
    bytes; `screened` is "clean", or "" when the site has no antivirus; `stripped`: what a photo hid was taken away."""

    file: str
    filename: str
    size: int
    screened: str
    kind: Kind
    stripped: bool


def take(upload: tuple[str, bytes], *, accepted: Collection[str] = ACCEPTED) -> Taken:
    """Keep a file (the name it came with, its bytes) if it is of a kind in `accepted` (extensions).

    Raises `BadFile`, whose sentence says why it is not kept. It is on the disk when this returns: write its row next,
    or `storage.sweep` takes it away a day later.
    """
    name, data = upload
    judged = judge(data, accepted)
    screened = antivirus.screen(data)
    return Taken(
        file=storage.keep(judged.data),
        filename=safe_name(name, judged.kind),
        size=len(judged.data),
        screened=screened,
        kind=judged.kind,
        stripped=judged.stripped,
    )
