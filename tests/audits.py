"""A second reading of the code, and the known faults of what it stands on: `python tests/audits.py`.

bandit reads `traam/` with a judgement of its own. What it finds must be answered on the line itself, by the same number
that ruff uses (`# noqa: S608 - why`): one answer serves both. `UNANSWERED` are its warnings that no line can answer.

pip-audit asks the list of known faults for each locked dependency. Where that list cannot be reached, it says so on the
screen: the check is then neither passed nor failed.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
PATIENCE = 15  # seconds for a list on the network
UNANSWERED = {
    "B101": "ruff judges each assertion (S101)",
    "B105": "ruff judges each assignment (S105); bandit takes any French word under the key « secret » for one",
    "B106": "ruff judges each argument (S106)",
    "B404": "importing subprocess is no danger: each call is judged where it stands (B603)",
    "B406": "xml.sax.saxutils escapes text, it reads no XML",
}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _run(*words: str, patience: int | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / words[0]), *words[1:]]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)


def _is_answered(finding: dict[str, Any], source: list[str]) -> bool:
    """Whether a line of what was found says why it is no danger."""
    number = "S" + finding["test_id"][1:]
    lines = [*finding["line_range"], finding["line_number"]]
    said = (source[line - 1] for line in range(min(lines), min(max(lines) + 1, len(source)) + 1))
    return any(re.search(rf"# noqa: [^#]*\b{number}\b", line) for line in said)


def code() -> list[str]:
    """What bandit finds in the code and nobody answered."""
    done = _run("bandit", "-q", "-r", "traam", "-f", "json", "-s", ",".join(UNANSWERED))
    try:
        findings = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        sys.exit(f"bandit n'a pas répondu : {done.stderr.strip()[-400:]}")
    sources: dict[str, list[str]] = {}
    for finding in findings:
        path = finding["filename"]
        sources.setdefault(path, (ROOT / path).read_text(encoding="utf-8").splitlines())
    return [
        f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"
        for one in findings
        if not _is_answered(one, sources[one["filename"]])
    ]


def dependencies() -> tuple[list[str], int]:
    """The known faults of the locked dependencies, and how many of them could be looked up."""
    asked = (
        "pip-audit",
        "-r",
        "requirements/run.txt",
        "--no-deps",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner=off",
    )
    try:
        answered = json.loads(_run(*asked, patience=PATIENCE).stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return [], 0
    known = [one for one in answered if "skip_reason" not in one]
    faults = [f"{one['name']} {one['version']}: {fault['id']}" for one in known for fault in one["vulns"]]
    return faults, len(known)


def main() -> int:
    with ThreadPoolExecutor() as both:
        asked = both.submit(dependencies)
        found = code()
        faults, looked_up = asked.result()
    for line in [*found, *faults]:
        say(line)
    say(f"bandit : {len(found)} point(s) sans réponse")
    if looked_up:
        say(f"pip-audit : {looked_up} dépendances cherchées, {len(faults)} faille(s) connue(s)")
    else:
        say("pip-audit : NON VÉRIFIÉ, la liste des failles connues n'a pas pu être jointe d'ici")
    return 1 if found or faults else 0


if __name__ == "__main__":
    sys.exit(main())
