"""The archive of the site: whole or absent, and no link of it leads to nothing."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from lxml import html
from playwright.sync_api import Page, expect

from traam.config import archiving, commands
from traam.engines.pageaudit.values import Fetched
from traam.gateways.fetching.ourselves import fetch_ours
from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db
SYNTHESES = re.compile(r"/syntheses/\d*")  # their list, and the one of the demonstration
PAGES = ("/", "/mentions-legales", "/themes/", "/academies/", "/academies/lyon")


def first_notices() -> list[Notice]:
    return list(Notice.objects.exclude(state="withdrawn").order_by("pk")[:2])


def some_of_the_site(asked: list[str] | None = None) -> Callable[..., Fetched]:
    """The site's own answers for a few pages, its files of style, and nothing at the other addresses."""
    notices = [f"/notices/{notice.pk}" for notice in first_notices()]

    def fetch(address: str, *, most_bytes: int) -> Fetched:
        if asked is not None:
            asked.append(address)
        if address == "/plan-du-site.xml":
            named = "".join(f"<loc>{_ours(path)}</loc>" for path in (*notices, "/"))
            return _answer(address, f"<urlset>{named}</urlset>".encode(), "application/xml")
        if address.startswith("/static/"):
            file = finders.find(address.removeprefix("/static/"))
            kind = "text/css" if address.endswith(".css") else "image/svg+xml"
            return _answer(address, Path(file).read_bytes(), kind) if file else _answer(address, b"", kind, 404)
        if address in PAGES or address in notices or SYNTHESES.fullmatch(address):
            return fetch_ours(address, most_bytes=most_bytes)
        return _answer(address, b"", "text/html", 404)

    return fetch


def _ours(path: str) -> str:
    from django.conf import settings

    return f"{settings.SITE_ADDRESS}{path}"


def _answer(address: str, body: bytes, kind: str, status: int = 200) -> Fetched:
    return Fetched(address, address, status, (("content-type", kind),), body)


def leads_nowhere(folder: Path) -> list[tuple[str, str]]:
    """The links of the pages of a folder that lead to no file, or to no place of their page."""
    places: dict[Path, set[str]] = {}
    pages = {file.resolve(): html.document_fromstring(file.read_bytes()) for file in folder.rglob("*.html")}
    for file, page in pages.items():
        places[file] = {element.get("id") for element in page.iter() if isinstance(element.tag, str)}
    wrong = []
    for file, page in pages.items():
        for _, _, link, _ in page.iterlinks():
            parts = urlsplit(link)
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if parts.scheme:
                continue
            if not target.is_file() or (parts.fragment and unquote(parts.fragment) not in places[target]):
                wrong.append((str(file.relative_to(folder)), link))
    return wrong


def test_no_link_of_the_archive_leads_nowhere(tmp_path: Path) -> None:
    asked: list[str] = []
    report = archiving.build(tmp_path / "archive", timezone.localtime(), lambda _: None, some_of_the_site(asked))
    folder = tmp_path / "archive"
    assert leads_nowhere(folder) == []
    assert (folder / "index.html").is_file() and (folder / "academies/lyon.html").is_file()
    assert report.pages == len(PAGES) + 2 + 2
    assert len(asked) - len(set(asked)) <= 1, "each address is asked once"
    assert not [address for address in asked if address.startswith(("/connexion", "/oai", "/api/", "/recherche"))]
    with (folder / "archive.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            assert sha256((folder / row["fichier"]).read_bytes()).hexdigest() == row["sha256"]
    words = json.loads((folder / "archive-notices.js").read_text().removeprefix("window.ARCHIVE = ").rstrip(";\n"))
    assert [row[0] for row in words] and all((folder / row[0]).is_file() and row[1] for row in words)
    assert {row[0].partition("/")[0] for row in words} == {"notices", "syntheses"}


def test_what_does_not_answer_is_said(tmp_path: Path) -> None:
    report = archiving.build(tmp_path / "archive", timezone.localtime(), lambda _: None, some_of_the_site())
    told = (tmp_path / "archive" / "archive.html").read_text(encoding="utf-8")
    assert report.broken and all(line.split(",")[0] in told for line in report.broken)


def test_an_archive_is_one_file_when_its_name_says_so_and_nothing_else_is_left(tmp_path: Path) -> None:
    archiving.build(tmp_path / "site.zip", timezone.localtime(), lambda _: None, some_of_the_site())
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.testzip() is None and "index.html" in archive.namelist()
    assert [path.name for path in tmp_path.iterdir()] == ["site.zip"]


def test_an_archive_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken(address: str, *, most_bytes: int) -> Fetched:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        archiving.build(tmp_path / "archive", timezone.localtime(), lambda _: None, broken)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "archive").mkdir()
    assert commands.run(["archive", str(tmp_path / "archive")]) == commands.REFUSED
    assert "existe déjà" in capsys.readouterr().err


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_archive_opens_without_the_site(
    tmp_path: Path, page: Page, browser_page: Callable[..., Page], axe: Callable[..., list[str]], demonstration: Any
) -> None:
    archiving.build(tmp_path / "archive", timezone.localtime(), lambda _: None, some_of_the_site())
    page.goto((tmp_path / "archive" / "index.html").as_uri())
    assert axe(page) == []
    page.get_by_role("searchbox").first.fill(first_notices()[0].title[:30])
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("pour «")
    assert axe(page) == []
    page.locator("main ol a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == []
    bare = browser_page(390, "dark", script=False)
    bare.goto((tmp_path / "archive" / "recherche.html").as_uri())
    expect(bare.get_by_text("La recherche de l’archive demande")).to_be_visible()
    assert bare.evaluate("document.documentElement.scrollWidth <= innerWidth")
