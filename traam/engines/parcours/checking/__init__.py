"""Checkers written apart from the writers: they read an archive as a stranger would, and share no code with its maker.

They say in French what is wrong and in which document; an empty list is an archive that holds together.
"""

from collections.abc import Callable, Iterator

from traam.engines.parcours.checking import contents, files, progress, questions, structure
from traam.engines.parcours.checking.archive import opened
from traam.engines.parcours.checking.backup import Backup
from traam.engines.parcours.checking.cartridge import check_cartridge

__all__ = ["check_cartridge", "check_mbz"]

_RULES: tuple[Callable[[Backup], Iterator[str]], ...] = (
    structure.members,
    structure.manifest,
    structure.settings,
    structure.modules,
    structure.sections,
    files.files,
    files.references,
    files.shown,
    questions.bank,
    questions.quizzes,
    progress.grades,
    progress.completion,
    progress.availability,
    contents.minutes,
    contents.people,
    contents.nulls,
)


def check_mbz(data: bytes) -> list[str]:
    """What does not hold in a Moodle backup written by this platform; empty when everything does. Never raises."""
    archive = opened(data)
    if archive.problems:
        return archive.problems
    backup = Backup(archive)
    return list(dict.fromkeys(problem for rule in _RULES for problem in rule(backup)))
