"""A question to a service that the operator named in the settings: its address is trusted, its answer is bounded.

Unlike the addresses that users give, it may be inside the networks of the State; no redirect is followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

SECONDS = 8.0
MOST_BYTES = 512 * 1024


class Silent(Exception):
    """The service did not answer, or not in a way that can be read."""


@dataclass(frozen=True)
class Answered:
    status: int
    kind: str
    text: str


def ask_partner(
    address: str, *, form: Mapping[str, str] | None = None, bearer: str = "", seconds: float = SECONDS
) -> Answered:
    """GET, or POST when there is a `form`. Raises `Silent`."""
    headers = {
        "Accept": "application/json, application/jwt",
        **({"Authorization": f"Bearer {bearer}"} if bearer else {}),
    }
    method, body = ("GET", None) if form is None else ("POST", dict(form))
    try:
        with (
            httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, data=body, headers=headers) as answer,
        ):
            read = bytearray()
            for piece in answer.iter_bytes():
                read += piece
                if len(read) > MOST_BYTES:
                    raise Silent("the answer is too long")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise Silent(type(problem).__name__) from problem
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answered(answer.status_code, kind, bytes(read).decode("utf-8", "replace"))
