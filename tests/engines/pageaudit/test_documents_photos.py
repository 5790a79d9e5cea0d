"""What a photograph published by itself says of where it was taken, and by whom."""

import struct

import pytest
from document_makers import exif, jpeg, png, webp

from traam.engines.pageaudit.documents.photos import photo
from traam.engines.pageaudit.documents.reading import read
from traam.engines.pageaudit.values import Answer

PLACED = exif(north=(45, 45, 36), artist=b"Camille Exemple\0")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'exif:GPSLatitude="45,45.6N" exif:GPSLongitude="4,50.2E"><dc:creator><rdf:Seq><rdf:li>Camille Exemple</rdf:li>'
    b"</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize(
    "data",
    [
        jpeg(PLACED),
        png(b"eXIf", PLACED),
        webp(b"EXIF", PLACED),
        jpeg(XMP, head=b"http://ns.adobe.com/xap/1.0/\0"),
        png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        webp(b"XMP ", XMP),
        PLACED,
    ],
    ids=["jpeg", "png", "webp", "jpeg, XMP", "png, XMP", "webp, XMP", "tiff"],
)
def test_a_place_and_a_name_are_told(data: bytes) -> None:
    found = read("sortie.jpg" if data[:2] == b"\xff\xd8" else "sortie", data)
    assert [(one.code, one.answer) for one in found] == [("photo", Answer.FAULT), ("photo", Answer.REVIEW)]
    assert "45,8° N" in found[0].message and "« Camille Exemple »" in found[1].message


def test_the_place_is_never_told_closer_than_ten_kilometres() -> None:
    (found,) = read("sortie.jpg", jpeg(exif(north=(45, 45, 36))))
    for said in (found.message, found.element, found.where):
        assert "45,76" not in said and "36" not in said


def test_the_south_is_not_the_north() -> None:
    assert photo(jpeg(exif(north=(21, 0, 0), south=True))).place.startswith("vers 21,0° S")


def test_the_name_of_a_town_is_for_a_person_to_judge() -> None:
    block = b"\x1c\x02\x5a" + struct.pack(">H", 5) + b"Brest"
    (found,) = read("port.jpg", jpeg(block, head=b"Photoshop 3.0\0", marker=0xED))
    assert (found.code, found.answer) == ("photo", Answer.REVIEW) and "« Brest »" in found.message


@pytest.mark.parametrize("data", [jpeg(), png(), jpeg(exif(north=(0, 0, 0))), jpeg(exif())])
def test_a_bare_picture_has_nothing_to_say(data: bytes) -> None:
    assert read("port" + (".jpg" if data[:2] == b"\xff\xd8" else ".png"), data) == []


@pytest.mark.parametrize("cut", [3, 9, 40, 120, -3])
def test_a_picture_cut_short_is_told_or_read_as_far_as_it_goes(cut: int) -> None:
    found = read("sortie.jpg", jpeg(PLACED)[:cut])
    assert "doc.format" in [one.code for one in found]
