"""`traam archive`: the public site as a folder of pages and data that open without us.

Every public page is asked as a reader asks it, without an account, and written with links that lead inside the folder.
Two crossings, so that a link knows what was kept: one fetches, the other rewrites. A page at a time is held in memory.
"""

import argparse
import csv
import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from lxml import etree

from traam.design.typography import date_fr, number_fr, plural
from traam.engines.pageaudit.values import Fetched
from traam.engines.sitearchive import (
    Places,
    Site,
    file_of,
    named_by_style,
    part,
    read_links,
    rewrite,
    with_icons,
    with_main,
)
from traam.gateways.fetching.ourselves import fetch_ours

MOST_BYTES = 512 * 1024 * 1024
SPACES = ("public", "interop")
# Machines that ask questions: an archive cannot answer them, and its data files hold the same rows.
ALIVE = ("oai", "health", "api")
SEARCH, ABOUT, SCRIPT = "recherche.html", "archive.html", "archive.js"
ENTRIES = "archive-notices.js"
MANIFEST = "archive.csv"
MODEL = "/mentions-legales"  # the page whose dress the archive's own pages wear
WORDS = 1_500  # characters of a notice that the search of the archive reads
SEARCHED = re.compile(r"/(?:notices|syntheses)/\d+")
KEPT_STATUSES = (200, 410)  # a withdrawn notice keeps the page that says so

Fetch = Callable[..., Fetched]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Kept:
    """An answer of the site, whose bytes wait in a file."""

    address: str
    file: str
    raw: Path
    page: bool
    title: str = ""


@dataclass
class Report:
    pages: int = 0
    files: int = 0
    bytes: int = 0
    broken: list[str] = field(default_factory=list)  # "/x, nommée par /y : 404"


class Archive:
    """One archive, made in `folder`, which is empty."""

    def __init__(self, folder: Path, work: Path, at: datetime, tell: Tell, fetch: Fetch) -> None:
        self.folder, self.work, self.at, self.tell, self.fetch = folder, work, at, tell, fetch
        self.site = Site(settings.SITE_ADDRESS)
        self.kept: dict[str, Kept] = {}
        self.files: dict[str, str] = {}  # lower-cased file → address: some disks ignore case
        self.report = Report()

    def make(self) -> Report:
        self._gather()
        self._write()
        self._say_what_it_is()
        return self.report

    # --- Asking

    def _gather(self) -> None:
        named_by = dict.fromkeys(self._mapped(), "/plan-du-site.xml") | {MODEL: "", "/": ""}
        waiting = deque(named_by.items())
        seen = set(named_by)
        while waiting:
            address, namer = waiting.popleft()
            for found in self._keep(address, namer):
                if found not in seen and self._wanted(found):
                    seen.add(found)
                    waiting.append((found, address))

    def _mapped(self) -> Iterator[str]:
        """What the sitemaps name: the notices that no other page leads to."""
        maps = deque(["/plan-du-site.xml"])
        while maps:
            address = maps.popleft()
            for element in etree.fromstring(self.fetch(address, most_bytes=MOST_BYTES).body).iter("{*}loc"):
                own = self.site.own(element.text or "", "/")
                if own and own.endswith(".xml"):
                    maps.append(own)
                elif own and self._wanted(own):
                    yield own

    def _wanted(self, address: str) -> bool:
        parts = urlsplit(address)
        if parts.path.startswith(settings.STATIC_URL):
            return True
        if parts.query and not (parts.query.startswith("page=") and parts.query[5:].isdigit()):
            return False  # a filter, an order, a search: as many pages as questions
        try:
            found = resolve(parts.path)
        except Resolver404:
            return False
        name = found.url_name or ""
        alive = found.app_names[:1] == ["interop"] and name.startswith(ALIVE)
        return found.app_names[:1] in ([space] for space in SPACES) and not alive and name != "search"

    def _keep(self, address: str, named_by: str) -> Iterator[str]:
        """Ask for an address, keep the answer, give what it names."""
        answer = self.fetch(address, most_bytes=MOST_BYTES)
        if answer.status not in KEPT_STATUSES or answer.truncated:
            self.report.broken.append(f"{address}, nommée par {named_by} : {answer.error or answer.status}")
            return
        if answer.redirects:
            return  # it leads elsewhere: the link goes to the page that says what is not here
        page = answer.header("content-type").startswith("text/html")
        raw = self.work / str(len(self.kept))
        raw.write_bytes(answer.body)
        self.kept[address] = Kept(address, self._place(address, page), raw, page)
        if len(self.kept) % 500 == 0:
            self.tell(f"{number_fr(len(self.kept))} adresses lues…")
        if page:
            yield from read_links(answer.body, address, self.site)
        elif answer.header("content-type").startswith("text/css"):
            yield from named_by_style(answer.body.decode("utf-8", "replace"), address, self.site)

    def _place(self, address: str, page: bool) -> str:
        """A file for this address, and for no other."""
        wanted = file_of(address, page=page)
        while self.files.setdefault(wanted.lower(), address) != address:
            stem, dot, kind = wanted.rpartition(".")
            wanted = f"{stem}-bis{dot}{kind}"
        return wanted

    # --- Writing

    def _write(self) -> None:
        kept = {address: one.file for address, one in self.kept.items()}
        kept["/" + MANIFEST] = MANIFEST
        places = Places(self.site, kept, SEARCH, ABOUT)
        model = self.kept[MODEL].raw.read_bytes()
        banner = escape(f"Archive du {date_fr(self.at.date())} : copie figée de {settings.SITE_ADDRESS}.")
        for one in self.kept.values():
            content = one.raw.read_bytes()
            if one.page:
                content = rewrite(content, one.address, one.file, places, script=SCRIPT, banner=banner)
                self.report.pages += 1
            elif one.file.endswith(".css"):
                content = with_icons(content.decode(), one.address, self.site, self._icon).encode()
            self._put(one.file, content, one.address)
        for file, title, main in (
            (SEARCH, "Rechercher dans l’archive", part("search.html")),
            (ABOUT, "L’archive", self._about()),
        ):
            page = with_main(model, f"{title} - TraAM", main)
            page = rewrite(page, "/" + file, file, places, script=SCRIPT, banner=banner)
            self._put(file, page.replace(b"</head>", _entries_script(file) + b"</head>"), "")
        self._put(SCRIPT, part("archive.js").encode(), "")
        self._put(ENTRIES, b"window.ARCHIVE = " + self._entries() + b";\n", "")

    def _icon(self, address: str) -> bytes | None:
        kept = self.kept.get(address)
        return kept.raw.read_bytes() if kept and kept.file.endswith(".svg") else None

    def _put(self, file: str, content: bytes, address: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.report.files += 1
        self.report.bytes += len(content)
        with (self.folder / MANIFEST).open("a", encoding="utf-8", newline="") as table:
            rows = csv.writer(table)
            if table.tell() == 0:
                rows.writerow(["fichier", "adresse", "octets", "sha256"])
            rows.writerow([file, address, len(content), hashlib.sha256(content).hexdigest()])

    def _entries(self) -> bytes:
        """What the search of the archive reads: the file, the title and the words of each notice, of each synthesis."""
        rows = []
        for one in self.kept.values():
            if one.page and SEARCHED.fullmatch(one.address):
                rows.append([one.file, *_title_and_words(one.raw.read_bytes())])
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    def _about(self) -> str:
        pages = sum(one.page for one in self.kept.values())
        broken = "".join(f"<li>{escape(line)}</li>" for line in self.report.broken)
        absent = f"<h2>Adresses qui ne répondaient pas</h2><ul>{broken}</ul>" if broken else ""
        return part("about.html").format(
            day=date_fr(self.at.date()),
            site=escape(settings.SITE_ADDRESS),
            pages=plural(pages, "page"),
            others=plural(len(self.kept) - pages, "fichier"),
            absent=absent,
        )

    def _say_what_it_is(self) -> None:
        (self.folder / "LISEZ-MOI.txt").write_text(
            f"Archive du {date_fr(self.at.date())} de {settings.SITE_ADDRESS}\n\n"
            "Ouvrez index.html dans un navigateur : rien n'est à installer, rien ne vient d'internet.\n"
            f"{ABOUT} dit ce qui est ici et ce qui n'y est pas ; {MANIFEST} donne chaque fichier, son adresse\n"
            "d'origine et son empreinte SHA-256. Les données du catalogue sont dans le dossier donnees.\n",
            encoding="utf-8",
        )


def _title_and_words(content: bytes) -> tuple[str, str]:
    root = etree.HTML(content, etree.HTMLParser(encoding="utf-8"))
    found: Any = root.xpath(".//main//text()[not(ancestor::svg)]")
    words = " ".join(" ".join(found).split())
    title: Any = root.xpath("string(.//main//h1)")
    return " ".join(title.split()), words[:WORDS]


def _entries_script(file: str) -> bytes:
    return f'<script src="{ENTRIES}" defer="defer"></script>'.encode() if file == SEARCH else b""


def build(target: Path, at: datetime, tell: Tell, fetch: Fetch = fetch_ours) -> Report:
    """The archive in `target`: a folder, or one file when it ends in ".zip". It appears whole, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".archive-", dir=target.parent) as workshop:
        folder, work = Path(workshop) / "archive", Path(workshop) / "raw"
        folder.mkdir()
        work.mkdir()
        report = Archive(folder, work, at, tell, fetch).make()
        if target.suffix == ".zip":
            _zipped(folder, Path(workshop) / "archive.zip").rename(target)
        else:
            shutil.move(folder, target)
    return report


def _zipped(folder: Path, file: Path) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return file


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, metavar="DOSSIER|FICHIER.zip", help="où l'écrire ; ne doit pas exister")
