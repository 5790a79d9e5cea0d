"""One visit of an address, without the database: the page, what it links to, and what the audit says of all that."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Semaphore
from typing import Protocol
from urllib.parse import unquote, urlsplit

from traam.engines.pageaudit import audit_page, is_page, is_soft_missing, wanted
from traam.engines.pageaudit.documents import audit_document
from traam.engines.pageaudit.values import Answer, Fetched, Finding, Link, Rendered, Wanted

MB = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """What one address may cost: numbers of addresses that are followed, bytes of each, seconds of each and of all."""

    page_bytes: int = 5 * MB
    documents: int = 12
    document_bytes: int = 25 * MB
    images: int = 12
    image_bytes: int = 6 * MB
    links: int = 80
    seconds: float = 20.0
    link_seconds: float = 8.0
    all_seconds: float = 90.0


BOUNDS = Bounds()
_SPEAKING = (b"Exif", b"eXIf", b"EXIF", b"ns.adobe.com/xap", b"x:xmpmeta", b"Photoshop 3.0")
"""What an image holds when it may say something of who took it, and where: the others are not opened."""
_ONE_BY_ONE = Semaphore(2)  # documents are heavy once opened: two at a time, whatever the number of visits


class Visitor(Protocol):
    """What fetches: `gateways.fetching.Fetcher`, or the pages of this very site."""

    def fetch(self, address: str, *, most_bytes: int | None = None, seconds: float | None = None) -> Fetched: ...
    def ask(
        self, address: str, *, seconds: float | None = None, gone: Callable[[Fetched], bool] | None = None
    ) -> Link: ...


@dataclass(frozen=True)
class Opened:
    """A page, and what was fetched so far of what it leads to. `began`: monotonic seconds."""

    page: Fetched
    wanted: Wanted = field(default_factory=Wanted)
    files: Mapping[str, Fetched] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    began: float = 0.0

    def left(self, bounds: Bounds) -> float:
        """Seconds left of the visit."""
        return self.began + bounds.all_seconds - time.monotonic()


def open_page(address: str, visitor: Visitor, bounds: Bounds = BOUNDS) -> Opened:
    """The page and the list of what it leads to, bounded."""
    began = time.monotonic()
    return with_leads(visitor.fetch(address, most_bytes=bounds.page_bytes, seconds=bounds.seconds), began, bounds)


def with_leads(page: Fetched, began: float, bounds: Bounds = BOUNDS) -> Opened:
    """A page that was fetched, and what it leads to."""
    asked = wanted(page) if not page.error else Wanted()
    bounded = Wanted(
        documents=tuple(asked.documents[: bounds.documents]),
        links=tuple(asked.links[: bounds.links]),
        images=tuple(asked.images[: bounds.images]),
    )
    return Opened(page, bounded, began=began)


def bring(
    opened: Opened, visitor: Visitor, bounds: Bounds = BOUNDS, *, only: Callable[[str], bool] = lambda _: True
) -> Opened:
    """Its documents and its images, those of `only`, that are not there yet."""
    files = dict(opened.files)
    sizes = dict.fromkeys(opened.wanted.images, bounds.image_bytes)
    sizes |= dict.fromkeys(opened.wanted.documents, bounds.document_bytes)
    for address, most in sizes.items():
        if address not in files and only(address) and (left := opened.left(bounds)) > 0:
            files[address] = visitor.fetch(address, most_bytes=most, seconds=min(bounds.seconds, left))
    return replace(opened, files=files)


def follow(
    opened: Opened, visitor: Visitor, bounds: Bounds = BOUNDS, *, only: Callable[[str], bool] = lambda _: True
) -> Opened:
    """Whether its links answer, those of `only`, that are not known yet. A document that was fetched is not asked for
    again."""
    links = {**_of_files(opened), **opened.links}
    for address in opened.wanted.links:
        if address not in links and only(address) and (left := opened.left(bounds)) > 0:
            links[address] = visitor.ask(address, seconds=min(bounds.link_seconds, left), gone=is_soft_missing)
    return replace(opened, links=links)


def _of_files(opened: Opened) -> dict[str, Link]:
    return {
        address: Link(address, got.status if not got.error else 0, got.error) for address, got in opened.files.items()
    }


def judge(opened: Opened, licence: str = "", rendered: Rendered | None = None) -> list[Finding]:
    """What the audit says: of the page, of each document, and of what a browser saw when one looked."""
    page = opened.page
    images = {
        address: opened.files[address].body
        for address in opened.wanted.images
        if address in opened.files and _is_there(opened.files[address])
    }
    found = audit_page(page, links=opened.links, images=images, expected_licence=licence, rendered=rendered)
    for address, body in images.items():
        if any(mark in body for mark in _SPEAKING):
            found += audit_document(name_of(address), body)
    documents = {address: opened.files.get(address) for address in opened.wanted.documents}
    if _is_there(page) and not is_page(page):
        documents[page.final] = page
    for address, got in documents.items():
        found += _of_document(address, got)
    return list({finding.key: finding for finding in found}.values())


def _is_there(got: Fetched) -> bool:
    return not got.error and got.status == 200 and not got.truncated


def _of_document(address: str, got: Fetched | None) -> list[Finding]:
    name = name_of(address)
    if got is None:
        sentence = f"Le document « {name} » n'a pas été lu : la page en lie trop, ou la visite a duré trop longtemps."
        return [Finding("doc.format", Answer.UNTESTED, sentence, address, name)]
    if got.truncated:
        sentence = f"Le document « {name} » est trop lourd pour être audité."
        return [Finding("doc.format", Answer.UNTESTED, sentence, address, name)]
    if not _is_there(got):
        return []  # the link says that it does not answer
    with _ONE_BY_ONE:
        found = audit_document(name, got.body)
    return [_placed(finding, name) for finding in found]


def _placed(finding: Finding, name: str) -> Finding:
    """A finding of a document says which."""
    where = ", ".join(part for part in (name, finding.where) if part)
    return replace(finding, where=where) if name not in finding.where else finding


def name_of(address: str) -> str:
    """The name of a linked file, for people."""
    return unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2]) or address
