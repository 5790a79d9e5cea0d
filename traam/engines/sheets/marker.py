"""The writer of marks, run as a process of its own: what it opens was written by others.

Run by its path. Standard input: one line of JSON `{"plan": Plan, "kind": "xlsx" or "ods", "memory": bytes,
"seconds": int}`, then the workbook. Standard output: one line, `ok` or the name of what failed, then the workbook.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    _bound(request["memory"], request["seconds"])
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(answer(data, request))


def answer(data: bytes, request: dict[str, Any]) -> bytes:
    """The line that says how it went, then the workbook with its marks."""
    try:
        return b"ok\n" + _mark(data, request)
    except Exception as failure:  # whatever the workbook does to the library, the caller has another way
        return type(failure).__name__.encode() + b"\n"


def _bound(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _mark(data: bytes, request: dict[str, Any]) -> bytes:
    from traam.engines.sheets import marks_ods, marks_xlsx
    from traam.engines.sheets.plan import Plan

    plan = Plan.of_json(request["plan"])
    return marks_ods.mark(data, plan) if request["kind"] == "ods" else marks_xlsx.mark(data, plan)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(__file__).parents[3]))
    main()
