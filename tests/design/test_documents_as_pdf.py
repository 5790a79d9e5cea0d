"""Documents as PDF: tagged and titled, the same bytes for the same data, and no network."""

import re
import socket
import zlib
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from traam.design import pdf
from traam.engines.pageaudit.documents import audit_document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.available(), reason=f"no Pango: apt install {pdf.PACKAGES}"),
]


@pytest.fixture
def drawn(trial: Any) -> bytes:
    answer = Client().get("/document.pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert "appel%20%C3%A9t%C3%A9.pdf" in answer["Content-Disposition"]
    return bytes(answer.content)


def _streams(document: bytes) -> list[bytes]:
    opened = []
    for found in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            opened.append(zlib.decompress(found))
        except zlib.error:
            opened.append(found)
    return opened


def _text(document: bytes) -> str:
    """What the glyphs stand for, read through each font in turn."""
    streams = _streams(document)
    shown = [
        b"".join(re.findall(rb"<([0-9a-fA-F]+)>", line))
        for content in streams
        for line in re.findall(rb"\[[^\]]*\] TJ|<[0-9a-fA-F]+> Tj", content)
    ]
    told = []
    for cmap in (each for each in streams if b"beginbfchar" in each):
        glyphs = {
            int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be")
            for glyph, letters in re.findall(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>", cmap)
        }
        for line in shown:
            codes = [int(line[at : at + 4], 16) for at in range(0, len(line), 4)]
            told.append("".join(glyphs.get(code, "?") for code in codes))
    return "\n".join(told)


def test_it_is_tagged_titled_and_in_french(drawn: bytes) -> None:
    everything = drawn + b"".join(_streams(drawn))
    for wanted in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/DisplayDocTitle true", b"pdfuaid"):
        assert wanted in everything, wanted
    assert re.search(rb"/Lang \(fr\)", everything)
    for tag in (b"/H1", b"/H2", b"/Table", b"/TH", b"/L", b"/LI", b"/Figure", b"/Link"):
        assert re.search(rb"/S " + tag + rb"\b", everything), tag
    assert "Appel à candidatures 2027".encode() in everything, "the title, in the metadata"
    assert b"20261122" in everything


def test_our_own_audit_finds_nothing_to_say(drawn: bytes) -> None:
    assert audit_document("appel.pdf", drawn) == []


def test_the_text_is_there_and_nothing_typed_became_markup(drawn: bytes) -> None:
    text = _text(drawn)
    assert "Raisonner avec des données" in text
    assert "<img src=x" in text


def test_our_pictures_are_drawn_and_the_others_told(drawn: bytes) -> None:
    """A picture that could not be read leaves its alternative on the page."""
    text = _text(drawn)
    assert "Un espion" in text and "La marque du site" not in text


def test_the_same_data_give_the_same_bytes(drawn: bytes) -> None:
    assert Client().get("/document.pdf").content == drawn


def test_pages_are_numbered_out_of_their_total(drawn: bytes) -> None:
    text = _text(drawn)
    assert "1/3" in text and "3/3" in text


def test_links_lead_to_the_site(drawn: bytes) -> None:
    assert f"{django_settings.SITE_ADDRESS}/appels".encode() in drawn + b"".join(_streams(drawn))


def test_nothing_is_fetched_from_a_network(trial: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **more: Any) -> None:
        raise AssertionError("a PDF opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    secret = django_settings.ROOT / "pyproject.toml"
    for image in ("https://ailleurs.invalid/espion.png", f"file://{secret}", "ftp://ailleurs.invalid/x.png"):
        assert Client().get("/document.pdf", {"image": image}).status_code == 200


def test_only_our_own_files_are_read() -> None:
    site = django_settings.SITE_ADDRESS
    own = pdf.own_file(f"{site}/static/design/print.css")
    assert own is not None and own.name == "print.css"
    for address in (
        f"{site}/static/../../pyproject.toml",
        f"{site}/static/%2e%2e/%2e%2e/settings.py",
        f"{site}/static//etc/passwd",
        f"{site}/static/",
        f"{site}/appels",
        "https://ailleurs.invalid/static/design/print.css",
        "file:///etc/passwd",
        "data:text/css,body{}",
    ):
        assert pdf.own_file(address) is None, address


def test_without_pango_the_page_says_what_to_install(trial: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    answer = Client().get("/document.pdf")
    assert answer.status_code == 503
    assert pdf.PACKAGES in answer.content.decode()
