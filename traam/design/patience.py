"""Two acts that want the same rows at the same moment: the database stops one of them, which is done again, once."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection
from django.http import HttpRequest

Answer = TypeVar("Answer")
# Codes of SQLSTATE: a serialization failure, a deadlock, a lock that did not come.
STOPPED = frozenset({"40001", "40P01", "55P03"})


def clash(problem: BaseException | None) -> bool:
    """Whether the database stopped an act because of another one: nothing of it was written, it can be done again."""
    if not isinstance(problem, OperationalError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    return state in STOPPED or "database is locked" in str(problem) or "database table is locked" in str(problem)


def again(request: HttpRequest, answer: Callable[[], Answer]) -> Answer:
    """Answer; once more when the database stopped it. What is thrown the second time goes on: the page says so."""
    try:
        return answer()
    except OperationalError as problem:
        if not clash(problem) or connection.in_atomic_block:
            raise
    for _, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    return answer()
