"""The archive of a demonstration: every link followed, every page judged by axe-core, opened from its folder.

python -m bench.archive
"""

import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        folder = Path(data) / "archive"
        begin = time.monotonic()
        _traam(data, "demo")
        made = time.monotonic()
        print(_traam(data, "archive", str(folder)).splitlines()[-1])
        print(f"Écrite en {time.monotonic() - made:.0f} s, après {made - begin:.0f} s de démonstration.")
        pages = sorted(folder.rglob("*.html"))
        links, lost = _links(folder, pages)
        print(f"Liens : {links} suivis dans {len(pages)} pages, {len(lost)} ne mènent à rien.")
        faults = _judged(pages)
        print(f"axe : {len(pages)} pages jugées, {len(faults)} en défaut.")
        for line in (*lost[:20], *faults[:20]):
            print(f"  {line}")
    return 1 if lost or faults else 0


def _traam(data: str, *words: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRAAM_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "traam", *words],
        env=env | {"TRAAM_DATA": data},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _links(folder: Path, pages: list[Path]) -> tuple[int, list[str]]:
    """How many links were followed; those that lead to no file, or to no place of their page."""
    read = {page.resolve(): html.document_fromstring(page.read_bytes()) for page in pages}
    places = {file: {one.get("id") for one in page.iter() if isinstance(one.tag, str)} for file, page in read.items()}
    followed, lost = 0, []
    for file, page in read.items():
        for _, _, link, _ in page.iterlinks():
            parts = urlsplit(link)
            if parts.scheme:
                continue
            followed += 1
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            fragment = unquote(parts.fragment) if target in places else ""
            if not target.is_file() or (fragment and fragment not in places[target]):
                lost.append(f"{file.relative_to(folder.resolve())} : {link}")
    return followed, lost


def _judged(pages: list[Path]) -> list[str]:
    from playwright.sync_api import sync_playwright

    spec = find_spec("axe_playwright_python")
    assert spec is not None and spec.origin is not None
    script = Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    wanted = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    faults = []
    with sync_playwright() as playwright:
        there = next(path for path in CHROMIUMS if path.exists())
        browser = playwright.chromium.launch(executable_path=str(there), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        for file in pages:
            page.goto(file.resolve().as_uri())
            page.evaluate(script)
            found: Any = page.evaluate("wanted => axe.run(document, wanted)", wanted)
            faults += [f"{file.name} : {one['id']}, {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
        browser.close()
    return faults


if __name__ == "__main__":
    sys.exit(main())
