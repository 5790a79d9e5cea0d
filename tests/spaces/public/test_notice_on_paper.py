"""A notice as a PDF, in bibliographies, and on its page: what is shared, cited, reused; what it became."""

import re
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from traam.design import pdf
from traam.gateways import storage
from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(not pdf.available(), reason=f"no Pango: apt install {pdf.PACKAGES}")


@pytest.fixture
def released() -> Notice:
    found = Notice.objects.filter(source_key__startswith="scenario:", state="published").order_by("pk").first()
    assert found is not None and found.sections
    return found


def _with_an_image(notice: Notice) -> str:
    """Its address; a text of the notice shows it."""
    data = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(data, "PNG")
    digest = storage.keep(data.getvalue())
    piece = {
        "id": 9, "title": "Le plan", "address": "", "file": digest, "filename": "plan.png", "size": 90,
        "screened": False, "alternative": "Le plan de la salle", "decorative": False, "licence": "CC-BY", "holder": "",
        "terms_read_on": "",
    }  # fmt: skip
    notice.pieces = [*notice.pieces, piece]
    notice.sections = [*notice.sections, ["Déroulé", "![Le plan](fichier:9)"]]
    notice.save()
    return f"/notices/{notice.pk}/fichiers/{digest}/plan.png"


@needs_pango
def test_the_whole_notice_is_an_accessible_pdf_with_its_images(
    client: Client, released: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_an_image(released)
    drawn: list[str] = []
    draw = pdf.draw

    def noting(html: str, *files: Any) -> bytes:
        drawn.append(html)
        return draw(html, *files)

    monkeypatch.setattr(pdf, "draw", noting)
    answer = client.get(f"/notices/{released.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf" and f"notice-{released.pk}-" in answer["Content-Disposition"]
    opened = [answer.content]
    for found in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL):
        try:
            opened.append(zlib.decompress(found))
        except zlib.error:
            continue
    whole = b"\n".join(opened)
    assert b"pdfuaid" in whole and b"StructTreeRoot" in whole and whole.count(b"/Subtype /Image") == 1
    for said in ("Fiche", "Citer cette notice", *(title for title, _ in released.sections)):
        assert said.replace("'", "’") in drawn[0] or said in drawn[0], said


@needs_pango
def test_a_pdf_reads_no_file_but_those_of_its_notice(released: Notice) -> None:
    other = storage.keep(b"secret")
    html = f'<img src="/notices/{released.pk}/fichiers/{other}/a.png" alt="x"><img src="file:///etc/passwd" alt="y">'
    asked: list[str] = []
    files = {"/notices/1/fichiers/b/b.png": lambda: asked.append("b") or b""}  # type: ignore[func-returns-value]
    assert b"secret" not in pdf.draw(f"<html lang=fr><title>T</title><body>{html}</body></html>", files)
    assert asked == []


@pytest.mark.parametrize(("extension", "media"), [("bib", "x-bibtex"), ("ris", "x-research-info-systems")])
def test_a_reference_is_downloaded(client: Client, released: Notice, extension: str, media: str) -> None:
    answer = client.get(f"/notices/{released.pk}.{extension}")
    assert media in answer["Content-Type"] and answer["Content-Disposition"].endswith(f'.{extension}"')
    assert f"/notices/{released.pk}" in answer.content.decode()
    Notice.objects.filter(pk=released.pk).update(state="withdrawn")
    assert client.get(f"/notices/{released.pk}.{extension}").status_code == 410
    assert client.get("/notices/999999.bib").status_code == 404


def test_the_page_offers_to_share_to_cite_and_to_reuse_and_calls_nobody(client: Client, released: Notice) -> None:
    html = client.get(f"/notices/{released.pk}").content.decode()
    for name in ("pdf", "bib", "ris"):
        assert f'href="/notices/{released.pk}.{name}"' in html or not pdf.available()
    assert "mailto:?subject=" in html and 'data-copies="adresse"' in html
    assert f'href="/atelier/reprises/{released.pk}"' in html
    loaded = re.findall(r'<(?:script|link rel="stylesheet"|img|iframe)[^>]*(?:src|href)="([^"]+)"', html)
    assert loaded and all(address.startswith("/") for address in loaded)


def test_what_it_became_is_told_on_both_sides(client: Client, released: Notice) -> None:
    other = Notice.objects.exclude(pk=released.pk).filter(state="published").order_by("pk").first()
    assert other is not None
    Notice.objects.filter(pk=other.pk).update(inspired_by=released)
    here, there = (
        " ".join(client.get(f"/notices/{one.pk}").content.decode().replace("&nbsp;", " ").split())
        for one in (released, other)
    )
    assert "Ce qu’il est devenu" in here and f'Repris par : <a href="/notices/{other.pk}">' in here
    assert f'Inspiré de : <a href="/notices/{released.pk}">' in there
    assert f'"isBasedOn":"http://127.0.0.1:8000/notices/{released.pk}"' in there
    lom = client.get(f"/notices/{other.pk}/scolomfr.xml").content.decode()
    assert "est basé sur" in lom and f"/notices/{released.pk}</lom:entry>" in lom
    Notice.objects.filter(pk=other.pk).update(state="withdrawn")
    assert "Repris par" not in client.get(f"/notices/{released.pk}").content.decode()


def test_the_academies_that_tested_it_are_named(client: Client, released: Notice) -> None:
    tests = [{**test, "academy": "28"} for test in released.tests[:1]]
    assert tests, "a released scenario was tested"
    Notice.objects.filter(pk=released.pk).update(tests=tests)
    said = " ".join(client.get(f"/notices/{released.pk}").content.decode().replace("&nbsp;", " ").split())
    assert "Testé dans 1 autre académie" in said.replace("\u00a0", " ") and "La Réunion" in said
