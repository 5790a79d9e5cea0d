"""Whatever a stranger sends, a parser answers or refuses in its own words: it never breaks, and it never loops."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from traam.engines import infopages, sharing
from traam.engines.differences.comparing import compare
from traam.engines.ledger import verifier
from traam.engines.ledger.verifier import Broken, verify
from traam.engines.newsletters import prose
from traam.engines.pageaudit.documents import reading as documents

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(max_size=400) | st.text("-=#*_[]()<>!`~|:\n \t\\&;\"'0aé\u0000\u202e\ufeff", max_size=400)


def mixed(*pieces: str) -> st.SearchStrategy[str]:
    """Texts made of what the format is made of, in any order, with anything between."""
    return st.lists(st.sampled_from(pieces) | st.text(max_size=12), max_size=40).map("".join)


def zipped(*names: str) -> st.SearchStrategy[bytes]:
    """Archives that have the right names and anything inside."""

    def pack(contents: list[bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in zip(names, contents, strict=False):
                archive.writestr(name, content)
        return stream.getvalue()

    return st.lists(st.binary(max_size=200), min_size=len(names), max_size=len(names)).map(pack)


HEADS = [
    b"%PDF-1.7\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"RIFF\x10\x00\x00\x00WEBP",
    b"PK\x03\x04",
    b"PK\x05\x06",
]
HEADS += [b"ID3", b"OggS", b"\x00\x00\x00\x18ftypmp42", b"<svg ", b"WEBVTT\n\n", b"<?xml version='1.0'?><!DOCTYPE a ["]
FILES = st.builds(lambda head, tail: head + tail, st.sampled_from([*HEADS, b""]), st.binary(max_size=400))
OFFICE = zipped("[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml")
OPEN_DOCUMENT = zipped("mimetype", "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml")


@SOME
@given(mixed("---\n", "title: ", "slug: ", "areas: [1, 2]\n", "place: 9\n", "video: https://", "# T\n", "\n", "…"))
@example("---\n" * 3)
@example("---\ntitle: " + "a: " * 500)
def test_a_page_of_information(text: str) -> None:
    sheet, problems = infopages.read(text)
    assert sheet is not None or problems


@SOME
@given(TEXTS | mixed("https://", "http:", "//", "@", ":", "[::1]", "a.fr", "/", "?utm_a=1&", "#", "%", "\\", "é.fr"))
@example("https://[::1")
@example("https://a.fr:99999999")
def test_an_address(typed: str) -> None:
    try:
        address = sharing.normal(typed)
    except sharing.BadAddress as refusal:
        assert str(refusal)
    else:
        assert address.startswith(("http://", "https://"))
        assert sharing.normal(address) == address
        assert not any(sign in address for sign in ' \n"<>\\')


@SOME
@given(mixed("WEBVTT\n", "\n\n", "00:01.000", " --> ", "99:99:99.999", "<v Roger>", "NOTE ", "1\n", "&lt;", "-->"))
def test_captions(text: str) -> None:
    found, faults = sharing.cues(text)
    assert all(cue.start >= 0 for cue in found) and all(faults)


@SOME
@given(FILES | OFFICE | OPEN_DOCUMENT)
@example(b"PK\x03\x04" * 40)
def test_a_file(data: bytes) -> None:
    try:
        kept = sharing.judge(data)
    except sharing.BadFile as refusal:
        assert str(refusal)
    else:
        assert kept.kind.extension in sharing.ACCEPTED


@SOME
@given(st.text(max_size=300), st.sampled_from(sorted(sharing.KINDS)))
@example("../../etc/passwd\r\nX: y", "pdf")
@example("CON.pdf.exe" * 40, "docx")
def test_the_name_of_a_file(name: str, extension: str) -> None:
    safe = sharing.safe_name(name, sharing.KINDS[extension])
    assert safe.endswith(f".{extension}") and 0 < len(safe.encode()) <= 600
    assert safe.isprintable() and not any(sign in safe for sign in '/\\"<>:|?*;\r\n') and not safe.startswith(".")


@SOME
@given(TEXTS)
def test_words_to_find_again(typed: str) -> None:
    try:
        tags = sharing.read_tags(typed)
    except sharing.BadTags as refusal:
        assert str(refusal)
    else:
        assert all(tag == tag.strip() != "" for tag in tags)


@SOME
@given(TEXTS | mixed("* ", "- ", "\n\n", "[a](https://a.fr)", "**", "<b>", "1. "))
def test_the_words_of_a_letter(text: str) -> None:
    assert isinstance(prose.read(text), list)


@SOME
@given(TEXTS, TEXTS)
@example("a " * 200, "b " * 200)
def test_two_texts_compared(before: str, after: str) -> None:
    assert isinstance(compare(before, after), list)


@SOME
@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b";", b"\r\n", b'"', b"{}", b"1", b"a", b"0" * 64]), max_size=60).map(b"".join)
)
@example(json.dumps({"a": 1}).encode())
def test_a_file_of_the_pay_office(data: bytes) -> None:
    try:
        verify(data)
    except Broken as refusal:
        assert str(refusal)


@pytest.mark.parametrize("extension", ["pdf", "docx", "odt", "pptx", "xlsx", "ods", "odp"])
def test_a_document_of_a_published_page(extension: str) -> None:
    @settings(SOME, max_examples=25)
    @given(FILES | OFFICE | OPEN_DOCUMENT)
    def tried(data: bytes) -> None:
        assert isinstance(documents.read(f"document.{extension}", data), list)

    tried()


def test_a_forged_line_of_the_pay_office_too_deep_to_be_read() -> None:
    """Sealed by whoever forged it: the seal alone proves nothing of what it holds."""
    payload = "[" * 20_000
    row = [""] * len(verifier.COLUMNS)
    row[verifier.PAYLOAD] = payload
    row[verifier.SEAL] = verifier.digest("", payload)
    lines = [verifier.BOM + verifier.joined(list(verifier.COLUMNS)), verifier.joined(row), ""]
    with pytest.raises(Broken, match="scellé"):
        verify(verifier.END.join(lines).encode())
