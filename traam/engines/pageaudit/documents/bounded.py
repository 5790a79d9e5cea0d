"""Has a document read in a process with a limit of memory and of time."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from traam.engines.pageaudit.documents.report import Report, Unreadable
from traam.engines.pageaudit.values import Answer, Finding

MOST_BYTES = 60_000_000
_READER = Path(__file__).with_name("child.py")
_TOO_HEAVY = (
    f"Ce document pèse plus de {MOST_BYTES // 1_000_000} Mo : il n'est pas examiné. Allégez ses images, ou coupez-le."
)
_STOPPED = (
    "La lecture du document a été arrêtée : elle demandait trop de mémoire ou de temps. Allégez-le, ou produisez-le à "
    "nouveau depuis le document d'origine."
)


@dataclass(frozen=True)
class Bounds:
    """What one reading may use: bytes of address space, seconds of processor, seconds of waiting."""

    memory: int = 1024 * 2**20
    seconds: int = 60
    patience: float = 240


def audit_document(name: str, content: bytes, bounds: Bounds | None = None) -> list[Finding]:
    """What a document proves or lacks. `name` is its file name, as a reader sees it; `content` its bytes.

    PDF, .docx, .pptx, .odt, .odp and images are examined; of anything else, a finding says that it is not. Never raises
    for what the bytes are: a finding `doc.format` or `doc.locked` says why nothing more was read. The `where` of each
    finding begins with the name of the document.
    """
    if len(content) > MOST_BYTES:
        return _refused(name, _TOO_HEAVY)
    bounds = bounds or Bounds()
    request = json.dumps({"name": name, "memory": bounds.memory, "seconds": bounds.seconds})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            [sys.executable, "-I", str(_READER)],
            input=request.encode() + b"\n" + content,
            capture_output=True,
            timeout=bounds.patience,
            env={},
            check=False,
        )
        rows = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        rows = None
    if rows is None:
        return _refused(name, _STOPPED)
    return [Finding(code, Answer(answer), message, element, where) for code, answer, message, element, where in rows]


def _refused(name: str, sentence: str) -> list[Finding]:
    report = Report(name)
    report.refused(Unreadable(sentence, answer=Answer.UNTESTED))
    return report.findings()
