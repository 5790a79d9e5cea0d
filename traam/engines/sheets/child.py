"""The reader of values, run as a process of its own, because a small hostile file can abort it.

Run by its path, so that it imports nothing else of the house. Standard input: one line of JSON
`{"sheets": [names], "memory": bytes, "seconds": int}`, then the workbook. Standard output: one JSON object,
either `{"sheets": {name: rows}}` or `{"failure": text}`. A cell is null, a boolean, a number, a text, or
`{"date": ISO 8601}`.
"""

import datetime
import io
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineWorkbook


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    _bound(request["memory"], request["seconds"])
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(answer(data, request["sheets"])))


def answer(data: bytes, sheets: list[str]) -> dict[str, Any]:
    """The cells of the named sheets, or what stopped the reading."""
    try:
        return {"sheets": _sheets(data, sheets)}
    except BaseException as failure:  # a panic of the Rust library is not an Exception
        return {"failure": type(failure).__name__}


def _bound(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _sheets(data: bytes, names: list[str]) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: _rows(workbook, name) for name in names}


def _rows(workbook: Any, name: str) -> list[list[Any]]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date
        return {"date": value.isoformat()}
    return value if isinstance(value, (str, int, float, bool)) else str(value)


if __name__ == "__main__":
    main()
