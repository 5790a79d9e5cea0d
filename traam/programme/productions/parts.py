"""A version of a production cut into the parts one reads, remarks on and compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from traam.programme.productions import changes

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of a version as it is read. `key` is what a remark is anchored to, `text` its words."""

    key: str
    title: str
    text: str


def texts(titles: Mapping[str, str]) -> Callable[[Content], list[Part]]:
    """The parts of a kind whose content is fields and `sections`: those of `titles` that are written, in that order."""

    def parts(content: Content) -> list[Part]:
        written = changes.texts(content)
        return [Part(key, title, written[key]) for key, title in titles.items() if written.get(key, "").strip()]

    return parts


# Whether it was checked is for who judges the obligations, not for who reads.
_UNREAD = {"terms_read", "personal_data_checked"}
of_scenario = texts({key: title for key, title in changes.TITLES.items() if key not in _UNREAD})
