"""The steps of a lesson and their durations, as they are read: headings of the « Déroulement »."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Phases = Sequence[Mapping[str, Any]]
SECTION = "steps"
_MARKS = re.compile(r"([\\`*_\[\]<>])")


def minutes(phases: Phases) -> int:
    """How long they last together."""
    return sum(int(phase.get("minutes") or 0) for phase in phases)


def as_markdown(phases: Phases) -> str:
    """A heading for each step, with its number and its duration, and what is said of it."""
    return "\n\n".join(_one(number, phase) for number, phase in enumerate(phases, 1))


def _one(number: int, phase: Mapping[str, Any]) -> str:
    title = _MARKS.sub(r"\\\1", " ".join(str(phase.get("title", "")).split()))
    length = f" ({phase['minutes']} min)" if phase.get("minutes") else ""
    return f"# Étape {number} : {title}{length}\n\n{phase.get('text', '')}".strip()


def joined(sections: Mapping[str, str], phases: Phases) -> dict[str, str]:
    """The sections as they are read: the steps follow what is written of the « Déroulement »."""
    texts = [sections.get(SECTION, ""), as_markdown(phases)]
    return {**sections, SECTION: "\n\n".join(text for text in texts if text.strip())}
