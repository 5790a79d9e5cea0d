"""Hostile files are refused with a sentence, honest ones are told by their bytes, photos tell no more of people."""

import io
import tracemalloc
import zipfile

import pytest
from files_given import HONEST, HOSTILE, PDF, h5p, odf, of_a_phone, office, packed, picture
from PIL import Image

from traam.engines.sharing import ACCEPTED, KINDS, MOST_BYTES, MOST_OF_H5P, BadFile, check_weight, judge, kind_of

EVERYTHING = frozenset(KINDS)


@pytest.mark.parametrize("extension", KINDS)
def test_a_file_is_what_its_bytes_say(extension: str) -> None:
    judged = judge(HONEST[extension], EVERYTHING)
    assert judged.kind.extension == extension
    assert len(judged.data) <= len(HONEST[extension])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_why_is_said(name: str) -> None:
    make, said = HOSTILE[name]
    with pytest.raises(BadFile, match=said):
        kind_of(make())


def test_a_bomb_is_refused_without_being_unpacked_in_memory() -> None:
    # Declared below the ratio, so it is read: 19 millions of bytes out of an archive of some thousands.
    bomb = office(more={f"word/media/{n}.bmp": bytes(19_000_000) for n in range(12)})
    tracemalloc.start()
    with pytest.raises(BadFile, match="démesuré"):
        kind_of(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_an_archive_that_lies_of_its_sizes_is_read_no_further_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    from traam.engines.sharing import archives

    data = office(more={"word/a.xml": bytes(300_000)})
    monkeypatch.setattr(archives, "_weighed", lambda *_: None)
    with pytest.raises(BadFile, match="démesuré"):
        archives.judged(data, archives.Budget(left=100_000))


def test_what_is_asked_is_said_when_something_else_is_given() -> None:
    with pytest.raises(
        BadFile, match=r"« texte Word », qui ne convient pas ici. Types acceptés : activité H5P \(h5p\)\."
    ):
        kind_of(HONEST["docx"], {"h5p"})
    with pytest.raises(BadFile, match="image PNG"):
        kind_of(b"Bonjour", {"png", "jpg"})
    with pytest.raises(BadFile, match="ne convient pas ici"):
        kind_of(HONEST["h5p"])  # not among the documents


def test_each_kind_has_its_weight() -> None:
    heavy = {"content/a.mp4": bytes(MOST_BYTES)}
    assert kind_of(packed_h5p(heavy), EVERYTHING).extension == "h5p"
    with pytest.raises(BadFile, match="10 Mo au plus"):
        kind_of(PDF[:9] + b"0" * MOST_BYTES + PDF[9:], EVERYTHING)
    with pytest.raises(BadFile, match="2,1 Go : 30 Mo au plus"):
        check_weight(2_147_483_648, MOST_OF_H5P)


def packed_h5p(more: dict[str, bytes]) -> bytes:
    """The activity, its entries not compressed."""
    with zipfile.ZipFile(io.BytesIO(h5p(more))) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (h5p({"content/a.php": b"<?php"}), "a.php"),
        (h5p({"content/a.js": b"x"}), "a.js"),
        (h5p({"content/a.exe": b"MZ"}), "a.exe"),
        (h5p({"content/a.png": b"MZ"}), "contient un programme"),
        (h5p({"../a.json": b"{}"}), "inhabituelle"),
        (h5p({"content/a.zip": packed({"a": b"b"})}), "a.zip"),
        (h5p({"content/a.docx": packed({"a": b"b"})}), "contient une archive"),
        (h5p(said=[1]), "pas complète"),
        (h5p(said={"title": "sans bibliothèque"}), "pas complète"),
        (packed({"h5p.json": b"{", "content/content.json": b"{}"}), "pas complète"),
        (packed({"h5p.json": b'{"mainLibrary": "x"}'}), "pas complète"),
    ],
)
def test_an_activity_is_whole_and_made_of_what_activities_are_made_of(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        kind_of(data, {"h5p"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"WEBVTT\n\nBonjour", "ligne de temps"),
        (b"WEBVTT\n\n00:01.000 --> 00:04.000\n\xe9t\xe9", "UTF-8"),
        (b"WEBVTT\n\n00:01.000 --> 00:04.000\n<script>x</script>", "en cache un autre"),
        (b"WEBVTTX\n\n00:01.000 --> 00:04.000\n", "type accepté"),
    ],
)
def test_subtitles_are_subtitles(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        kind_of(data, {"vtt"})


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_what_it_hides_and_no_point_of_its_picture(form: str) -> None:
    photo = of_a_phone(form)
    assert b"Marque-du-telephone" in photo
    judged = judge(photo)
    assert judged.stripped
    assert b"Marque" not in judged.data and b"Prenom" not in judged.data
    before, after = Image.open(io.BytesIO(photo)), Image.open(io.BytesIO(judged.data))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    assert dict(after.getexif()) == {0x0112: 6}, "it stays the right way up"
    assert not judge(judged.data).stripped, "nothing more to take away"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours(form: str) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    judged = judge(picture(form, icc_profile=profile, exif=b"Exif\0\0" + b"MM\0*" + bytes(20)))
    assert Image.open(io.BytesIO(judged.data)).info["icc_profile"] == profile
    assert not dict(Image.open(io.BytesIO(judged.data)).getexif())


def test_what_a_telephone_adds_after_a_photo_is_left_out() -> None:
    photo = picture("JPEG")
    judged = judge(photo + b"MotionPhoto" + bytes(500))
    assert (judged.data, judged.stripped) == (photo, True)


def test_a_moving_image_still_moves() -> None:
    frames = [Image.new("RGB", (8, 8), (80 * n, 0, 9)) for n in range(3)]
    into = io.BytesIO()
    frames[0].save(into, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"par Prenom-Nom")
    judged = judge(into.getvalue())
    again = Image.open(io.BytesIO(judged.data))
    assert (again.n_frames, again.info["loop"]) == (3, 0) and b"Prenom" not in judged.data


def test_honest_oddities_are_kept() -> None:
    """A drawn figure brings its workbook; a template on one's own disk is nobody's trap; LibreOffice writes folders."""
    workbook = HONEST["xlsx"]
    local = b'<Relationship Type="http://x/relationships/attachedTemplate" Target="file:///C:/Normal.dotm"/>'
    picture_link = b'<Relationship Type="http://x/relationships/hyperlink" Target="https://a.fr/"/>'
    kept = {"word/embeddings/a.xlsx": workbook, "word/_rels/settings.xml.rels": local + picture_link}
    assert kind_of(office(more=kept)).extension == "docx"
    assert kind_of(odf(more={"Configurations2/images/Bitmaps/": b""})).extension == "odt"
    assert set(ACCEPTED) == set(KINDS) - {"h5p", "vtt"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xd8" + b"\xff" * 5_000_000, "abîmée"),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * 1_000_000, "abîmée"),
        (picture("PNG")[:33] + b"\0\0\0\0tEXt\xbf\xbb\xb6\x9e" * 500_000, "abîmée"),
        (b"WEBVTT\n\n" + b"0" * 900_000, "ligne de temps"),
        (b"WEBVTT\n\n" + b"00:00.000 " * 90_000, "ligne de temps"),
        (b"WEBVTT\n\n" + b"0" * 1_000_000, "1 Mo au plus"),
    ],
)
def test_what_is_made_to_be_long_to_read_is_not(data: bytes, said: str) -> None:
    """A reader that went back on its steps would not finish before the night."""
    with pytest.raises(BadFile, match=said):
        kind_of(data, EVERYTHING)


def test_links_made_to_be_long_to_read_are_not() -> None:
    kept = {"word/_rels/document.xml.rels": b"<Relationship relationships/attachedTemplate" * 200_000}
    assert kind_of(office(more=kept)).extension == "docx"
