"""The text of a page's bytes, as a browser would read them."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup

from traam.engines.pageaudit.values import Fetched

MOST_BYTES = 8_000_000


def decoded(fetched: Fetched) -> str:
    """The text of the body: byte order mark, then the header, then the meta element, then UTF-8, then Windows."""
    body = fetched.body[:MOST_BYTES]
    for mark, encoding in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = _known(_charset(fetched.header("content-type"))) or _known(_declared_inside(body))
    if not declared:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            declared = "utf-8" if fetched.truncated and error.start > len(body) - 4 else "windows-1252"
    return body.decode(declared, "replace")


_CHARSET = re.compile(r"charset\s?=\s?[\"']?\s?([A-Za-z0-9_:.-]{2,40})", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,40})", re.I)
_XML = re.compile(rb"^\s{0,20}<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}[\"']([A-Za-z0-9_:.-]{2,40})", re.I)


def _charset(content_type: str) -> str:
    found = _CHARSET.search(content_type[:300])
    return found.group(1) if found else ""


def _declared_inside(body: bytes) -> str:
    found = _META.search(body[:4096]) or _XML.search(body[:300])
    return found.group(1).decode("ascii", "replace") if found else ""


def _known(encoding: str) -> str:
    """The codec of a declared encoding, "" when there is none. Browsers read Latin-1 as Windows-1252."""
    try:
        name = lookup(encoding).name if encoding else ""
    except (LookupError, ValueError):
        return ""
    if name in ("iso8859-1", "ascii"):
        return "windows-1252"
    if name in ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined") or "utf-16" in name:
        return "utf-8"  # a page that says so in ASCII letters is not written so
    try:
        return name if b"<p>".decode(name) == "<p>" else ""
    except (LookupError, ValueError, AssertionError, TypeError):
        return ""  # a codec of Python that is no encoding of text
