"""Addresses in one form, files told by their bytes, words found again."""

import io
import zipfile

import pytest

from traam.engines.sharing import (
    ACCEPTED,
    MOST_BYTES,
    BadAddress,
    BadFile,
    BadTags,
    folded,
    kind_of,
    kind_of_name,
    likeness,
    normal,
    read_tags,
    safe_name,
)

OOXML = "application/vnd.openxmlformats-officedocument."


def packed(**entries: bytes) -> bytes:
    """An archive; `__` stands for a slash in the names."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in entries.items():
            archive.writestr({"types": "[Content_Types].xml"}.get(name, name.replace("__", "/")), data)
    return into.getvalue()


def office(main: str, **more: bytes) -> bytes:
    return packed(types=f'<Types><Override ContentType="{main}"/></Types>'.encode(), **more)


FILES = {
    "pdf": b"%PDF-1.7\n",
    "png": b"\x89PNG\r\n\x1a\n0000",
    "jpg": b"\xff\xd8\xff\xe0JFIF",
    "mp3": b"ID3\x04\x00",
    "mp4": b"\x00\x00\x00\x20ftypisom\x00",
    "odt": packed(mimetype=b"application/vnd.oasis.opendocument.text"),
    "ods": packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "odp": packed(mimetype=b"application/vnd.oasis.opendocument.presentation"),
    "docx": office(f"{OOXML}wordprocessingml.document.main+xml"),
    "xlsx": office(f"{OOXML}spreadsheetml.sheet.main+xml"),
    "pptx": office(f"{OOXML}presentationml.presentation.main+xml"),
}


@pytest.mark.parametrize("extension", ACCEPTED)
def test_a_file_is_what_its_bytes_say(extension: str) -> None:
    assert kind_of(FILES[extension]).extension == extension


def test_a_bare_frame_of_mp3_is_known_too() -> None:
    assert kind_of(b"\xff\xfb\x90\x64").extension == "mp3"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vide"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "type accepté"),
        (b"<!doctype html><script>alert(1)</script>", "type accepté"),
        (b"MZ\x90\x00", "type accepté"),
        (b"\xff\xfe<\x00h\x00", "type accepté"),  # text in UTF-16 begins almost as a frame of mp3
        (packed(**{"readme.txt": b"an archive of anything"}), "type accepté"),
        (packed(mimetype=b"application/epub+zip"), "type accepté"),
        (b"PK\x03\x04 then nothing", "abîmé"),
        (office(f"{OOXML}wordprocessingml.document.main+xml", word__vbaProject_bin=b"x"), ""),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.text", Basic__Standard=b"x"), "macros"),
        (b"%PDF-" + b"0" * MOST_BYTES, "10 Mo au plus"),
    ],
)
def test_what_is_not_kept_says_why(data: bytes, said: str) -> None:
    if not said:
        data = data.replace(b"vbaProject_bin", b"vbaProject.bin")
        said = "macros"
    with pytest.raises(BadFile, match=said):
        kind_of(data)


def test_a_name_keeps_no_folder_and_takes_the_extension_of_what_the_file_is() -> None:
    pdf = ACCEPTED["pdf"]
    assert safe_name("../../etc/Compte rendu.docx", pdf) == "Compte rendu.pdf"
    assert safe_name(r"C:\Users\moi\été.PDF", pdf) == "été.pdf"
    assert safe_name('a"b\r\nc;.pdf', pdf) == "a-bc-.pdf".replace("-.", ".")
    assert safe_name("...", pdf) == "document.pdf"
    assert len(safe_name("x" * 500, pdf)) < 120
    assert kind_of_name("été.pdf") == pdf and kind_of_name("x.exe") is None


def test_an_address_is_put_in_form() -> None:
    assert normal(" HTTPS://Eduscol.Education.FR:443?utm_source=x&id=3&fbclid=1#haut ") == (
        "https://eduscol.education.fr/?id=3#haut"
    )
    assert normal("http://é.fr/a") == "http://xn--9ca.fr/a"
    assert normal("https://a.fr:8443/b") == "https://a.fr:8443/b"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "eduscol.education.fr",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.fr/",
        "file:///etc/passwd",
        "https://moi:secret@a.fr/",
        "https://localhost/",
        "https:///a",
        "https://a.fr/deux mots",
        "https://a.fr/\u202eb",
        "https://a.fr:99999/",
        "https://[::1]/",
        "https://a.fr/" + "x" * 500,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        normal(typed)


def test_two_addresses_of_one_page_are_alike() -> None:
    assert likeness(normal("http://www.a.fr/b/")) == likeness(normal("https://A.fr/b#c"))
    assert likeness(normal("https://a.fr/?a=1&b=2")) == likeness(normal("https://a.fr/?b=2&a=1"))
    assert likeness(normal("https://a.fr/b")) != likeness(normal("https://a.fr/c"))


def test_words_are_each_there_once_as_the_theme_writes_them() -> None:
    assert read_tags("IA, Évaluation ; ia,, #jeu", ["évaluation"]) == ["IA", "évaluation", "jeu"]
    assert folded("L’Œuvre  ÉTÉ") == "l'oeuvre ete"
    with pytest.raises(BadTags, match="8 au plus"):
        read_tags(",".join("abcdefghi"))
    with pytest.raises(BadTags, match="40 caractères"):
        read_tags("x" * 41)
