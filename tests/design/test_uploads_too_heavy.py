"""A file that is too heavy is neither stored nor waited for, and what was typed beside it is kept."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings as live
from django.core.handlers.wsgi import WSGIRequest

from traam.design import uploads
from traam.design.forms import PageForm, UploadField
from traam.design.uploads import MOST_OF_A_FILE, MOST_OF_A_REQUEST, TooBig

EDGE = b"--edge\r\n"


class Form(PageForm):
    title = forms.CharField(label="Titre")
    file = UploadField(label="Fichier", most=1000, extensions=["pdf"])
    licence = forms.CharField(label="Licence")


class Plain(PageForm):
    file = forms.FileField(label="Classeur")


class Endless(io.RawIOBase):
    """The body of a request whose file is `size` zeros: as long as one wants, and never whole in memory."""

    def __init__(self, size: int, chunked: bytes = b"\0" * 65_536) -> None:
        self.parts = self._parts(size, chunked)
        self.left = b""
        self.given = 0

    @staticmethod
    def _parts(size: int, chunk: bytes) -> Iterator[bytes]:
        yield EDGE + b'Content-Disposition: form-data; name="title"\r\n\r\nMa grille\r\n'
        yield EDGE + b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while size > 0:
            yield chunk[:size]
            size -= len(chunk)
        yield b"\r\n" + EDGE + b'Content-Disposition: form-data; name="licence"\r\n\r\nCC-BY\r\n--edge--\r\n'

    def read(self, size: int = -1) -> bytes:
        while len(self.left) < size:
            part = next(self.parts, b"")
            if not part:
                break
            self.left += part
        out, self.left = self.left[:size], self.left[size:]
        self.given += len(out)
        return out


def request(size: int, announced: int | None = None) -> tuple[WSGIRequest, Endless]:
    body = Endless(size)
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "multipart/form-data; boundary=edge",
        "CONTENT_LENGTH": str(announced or size + 400),
        "wsgi.input": body,
    }
    return WSGIRequest(environ), body


@pytest.fixture(autouse=True)
def nothing_on_the_disk(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The temporary files of the uploads, here; none is left by these tests."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    yield
    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) <= MOST_OF_A_FILE


def test_the_site_bounds_what_it_receives() -> None:
    assert live.FILE_UPLOAD_HANDLERS[0] == f"{uploads.__name__}.{uploads.Bounded.__name__}"


def test_two_gigabytes_are_not_read(tmp_path: Path) -> None:
    sent, body = request(2_147_483_648)
    form = Form(sent.POST, sent.FILES)
    assert body.given < 200_000, "the reading stopped at the file"
    assert not list(tmp_path.iterdir()), "and nothing was written"
    assert not form.is_valid()
    assert form["title"].value() == "Ma grille", "what was typed before the file is there"
    assert form.errors["file"] == [
        "« Fichier » : ce fichier pèse 2,1 Go, c'est trop (0 Mo au plus). Choisissez-en un plus léger, ou partagez un "
        "lien."
    ]


def test_a_file_past_the_limit_is_read_past_and_what_follows_it_is_kept() -> None:
    sent, body = request(MOST_OF_A_FILE + 10_000_000)
    form = Form(sent.POST, sent.FILES)
    assert isinstance(sent.FILES["file"], TooBig) and sent.FILES["file"].size == MOST_OF_A_FILE + 10_000_000
    assert not form.is_valid() and "42,0 Mo" in form.errors["file"][0]
    assert (form["title"].value(), form["licence"].value()) == ("Ma grille", "CC-BY")


def test_a_length_that_lies_gives_no_more_than_it_says() -> None:
    sent, body = request(2_147_483_648, announced=500_000)
    assert not sent.FILES and body.given <= 500_000, "a file that never ends is no file"


def test_every_form_refuses_a_file_that_was_not_stored() -> None:
    sent, _ = request(MOST_OF_A_REQUEST + 1)
    form = Plain(sent.POST, sent.FILES)
    assert not form.is_valid() and "c'est trop (32 Mo au plus)" in form.errors["file"][0]
    with pytest.raises(ValueError, match="too big"):
        sent.FILES["file"].read()


def test_an_honest_file_passes_and_a_field_has_its_own_limit() -> None:
    sent, _ = request(1000)
    form = Form(sent.POST, sent.FILES)
    assert form.is_valid() and form.cleaned_data["file"].read() == b"\0" * 1000
    assert 'data-most="1000"' in str(form["file"]) and 'accept=".pdf"' in str(form["file"])
    sent, _ = request(1001)
    assert "file" in Form(sent.POST, sent.FILES).errors
