"""A video of another site in a page of ours: nothing is loaded from there before the reader asks (decision 0017)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse

FILMS = (".mp4", ".m4v", ".webm", ".ogv")


@dataclass(frozen=True)
class Player:
    """How a video is played. `way`: "file" in a player of the browser, "frame" in that of its site, "link" over there.

    `address` is what a click loads, `outside` where the link leads when no script runs, `host` who then knows of it.
    """

    way: str
    address: str
    outside: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def captioned(self) -> bool:
        """Whether our captions can be shown over it: the player of another site has its own."""
        return self.way == "file"


def player(video: str, download: str, *, captions: bool, hosts: Collection[str]) -> Player | None:
    """The best way for a video: with our captions when there are some. None when there is no video."""
    given = [address for address in (video, download) if address]
    if not given:
        return None
    here = [address for address in given if urlsplit(address).netloc.lower() in hosts]
    films = [address for address in here if urlsplit(address).path.lower().endswith(FILMS)]
    frames = [address for address in here if address == video and address not in films]
    chosen = [("file", film) for film in films] + [("frame", frame) for frame in frames]
    if frames and not captions:
        chosen.reverse()
    way, address = chosen[0] if chosen else ("link", given[0])
    return Player(way, address, given[0])


def allowing(request: HttpRequest, response: HttpResponse, shown: Player | None) -> HttpResponse:
    """The page, with leave to load this video and no other; as it was when the video is only a link."""
    if shown is None or shown.way == "link":
        return response
    directive = "media-src" if shown.way == "file" else "frame-src"
    opened: Any = csp_update({directive: ["'self'", f"https://{urlsplit(shown.address).netloc}"]})(lambda _: response)
    answer: HttpResponse = opened(request)
    return answer
