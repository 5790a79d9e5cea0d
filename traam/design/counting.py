"""How many queries a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Count:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Count]:
    """What is asked inside; opens no connection by itself."""
    count = Count()
    with connection.execute_wrapper(count):
        yield count
