"""The answer to "may I?", and the two ways an action says no."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether something may be done. A refusal carries the French sentence shown on the page.

    `article` is the clause that decides, as "edition#anchor" ("traam-2022#B.2"), "" when none does.
    """

    allowed: bool
    reason: str = ""
    article: str = ""

    def __post_init__(self) -> None:
        if not self.allowed and not self.reason:
            raise ValueError("a refusal needs its reason")

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `Refused` unless allowed."""
        if not self.allowed:
            raise Refused(self)


ALLOWED = Verdict(True)


def refuse(reason: str, article: str = "") -> Verdict:
    return Verdict(False, reason, article)


def allow_if(condition: object, reason: str, article: str = "") -> Verdict:
    """`ALLOWED` when the condition holds, otherwise a refusal with this reason."""
    return ALLOWED if condition else Verdict(False, reason, article)


class Refused(Exception):
    """The actor may not do this, or not in this state. Shown as a 403 page or beside the button."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class Invalid(Exception):
    """Values that cannot be accepted. `errors` maps a field's name ("" for the whole) to French sentences."""

    def __init__(self, errors: Mapping[str, list[str]] | str) -> None:
        self.errors: dict[str, list[str]] = {"": [errors]} if isinstance(errors, str) else dict(errors)
        super().__init__(" ".join(sentence for several in self.errors.values() for sentence in several))


class Missing(LookupError):
    """What the address names does not exist, or not for this person. Shown as a 404 page."""
