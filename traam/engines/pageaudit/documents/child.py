"""The reader of documents, run as a process of its own, because a small hostile file can exhaust or abort it.

Run by its path. Standard input: one line of JSON `{"name": text, "memory": bytes, "seconds": int}`, then the document.
Standard output: a JSON list of findings, each `[code, answer, message, element, where]`.
"""

import json
import resource
import sys
from pathlib import Path

if __name__ == "__main__":  # the house is beside this file, whether or not it is installed
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from pikepdf import settings

from traam.engines.pageaudit.documents.reading import read

_MOST_UNPACKED = 150_000_000  # bytes of one stream of a PDF


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    _bound(request["memory"], request["seconds"])
    found = read(request["name"], sys.stdin.buffer.read())
    rows = [[one.code, str(one.answer), one.message, one.element, one.where] for one in found]
    sys.stdout.write(json.dumps(rows))


def _bound(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    settings.set_qpdf_limits(
        flate_max_memory=_MOST_UNPACKED,
        run_length_max_memory=_MOST_UNPACKED,
        png_max_memory=_MOST_UNPACKED,
        tiff_max_memory=_MOST_UNPACKED,
        max_stream_filters=5,
        parser_max_nesting=100,
        doc_max_warnings=1000,
    )


if __name__ == "__main__":
    main()
