"""The files and addresses of a scenario: who adds them, what is refused, in which order, how they are given back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from files_given import HONEST, HOSTILE, PDF, of_a_phone, picture

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.gateways import storage
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions.actions import pieces as verbs
from traam.programme.productions.actions.pieces import Rights
from traam.programme.productions.models import Piece, Scenario
from traam.programme.productions.queries import pieces as reads

pytestmark = pytest.mark.django_db
AT = timezone.localtime()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


@pytest.fixture
def sketch(scenario_named: Callable[[str], Any]) -> Scenario:
    found: Scenario = scenario_named("Débattre")
    found.pieces.all().delete()
    return found


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def at(name: str, scenario: Scenario, *more: object) -> str:
    return reverse(f"workshop:{name}", args=[scenario.pk, *more])


def text(response: Any) -> str:
    return (
        str(response.content.decode())
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
    )


def sent(name: str = "fiche.pdf", data: bytes = PDF, **more: object) -> dict[str, object]:
    values = {
        "title": "Fiche de l'élève",
        "file": SimpleUploadedFile(name, data),
        "licence": "CC-BY",
        "holder": "Le groupe",
    }
    return {**values, "terms_read_on": "01/09/2026", **more}


def add(scenario: Scenario, title: str = "Fiche", data: bytes = PDF, **more: Any) -> Piece:
    rights = Rights(title=title, **more)
    return verbs.add_piece(scenario, rights, file=("fiche.pdf", data), actor=who("enseignante.lyon"), at=AT)


def test_a_file_is_added_and_read_by_those_who_read_the_scenario(
    sign_in: Callable[[str], Any], sketch: Scenario
) -> None:
    page = text(sign_in("enseignante.lyon").post(at("add_piece", sketch), sent(), follow=True))
    assert "est parmi les pièces" in page and "PDF, " in page and "Non analysée" in page
    piece = sketch.pieces.get()
    assert Entry.objects.filter(verb="add_piece").exists()
    for name, status in (
        ("referent.lyon", 200),
        ("inspecteur.lyon", 200),
        ("expert", 200),
        ("dan.lyon", 200),
        ("referent1.lille", 403),
        ("dan.lille", 403),
    ):
        response = sign_in(name).get(at("scenario_file", sketch, piece.file))
        assert response.status_code == status, name
        if status == 200:
            assert b"".join(response.streaming_content) == PDF
            assert response["Content-Type"] == "application/pdf"
            assert response["Content-Disposition"].startswith("inline;")
            assert response["X-Content-Type-Options"] == "nosniff" and response["Cache-Control"] == "private, no-store"
            assert "default-src 'none'" in response["Content-Security-Policy"]
    assert sign_in("referent.lyon").get(at("scenario_file", sketch, "0" * 64)).status_code == 404
    other = Scenario.objects.exclude(pk=sketch.pk).exclude(group=sketch.group).first()
    assert other is not None
    assert sign_in("bureau").get(at("scenario_file", other, piece.file)).status_code == 404


@pytest.mark.parametrize(("extension", "opens"), [("png", True), ("docx", False), ("mp4", False), ("pdf", True)])
def test_only_what_runs_nothing_opens_in_the_browser(
    sign_in: Callable[[str], Any], sketch: Scenario, extension: str, opens: bool
) -> None:
    piece = add(sketch, data=HONEST[extension], alternative="Une forme")
    response = sign_in("referent.lyon").get(at("scenario_file", sketch, piece.file))
    assert response["Content-Disposition"].startswith("inline" if opens else "attachment")
    assert extension == "pdf" or "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_beside_its_field_and_nothing_is_written(
    sign_in: Callable[[str], Any], sketch: Scenario, media: Path, name: str
) -> None:
    make, said = HOSTILE[name]
    response = sign_in("enseignante.lyon").post(at("add_piece", sketch), sent("image.png", make(), alternative="x"))
    page = text(response)
    assert response.status_code == 422 and re.search(said, page)
    assert 'value="Fiche de l' in page and 'value="Le groupe"' in page, "what was typed is still there"
    assert not sketch.pieces.exists() and not media.exists()


@pytest.mark.parametrize("extension", sorted(set(HONEST) - {"h5p", "vtt"}))
def test_an_honest_file_is_kept(sign_in: Callable[[str], Any], sketch: Scenario, extension: str) -> None:
    values = sent(f"f.{extension}", HONEST[extension], alternative="Une forme")
    assert sign_in("enseignante.lyon").post(at("add_piece", sketch), values).status_code == 302
    assert sketch.pieces.get().filename == f"f.{extension}"


def test_an_image_demands_an_alternative_unless_it_is_decorative(
    sign_in: Callable[[str], Any], sketch: Scenario, media: Path
) -> None:
    client = sign_in("enseignante.lyon")
    refused = client.post(at("add_piece", sketch), sent("a.png", picture("PNG")))
    assert refused.status_code == 422 and "pour qui ne la voit pas" in text(refused)
    assert not sketch.pieces.exists() and not media.exists()
    page = text(
        client.post(at("add_piece", sketch), sent("a.jpg", of_a_phone(), alternative="Trois élèves"), follow=True)
    )
    assert "informations cachées" in page and "Ce que montre l’image : Trois élèves" in page
    client.post(at("add_piece", sketch), sent("a.png", picture("PNG"), decorative="on", alternative="inutile"))
    seen, decorative = sketch.pieces.order_by("pk")
    assert seen.alternative == "Trois élèves"
    assert (decorative.decorative, decorative.alternative) == (True, "")
    with storage.reading(seen.file) as file:
        assert b"Marque-du-telephone" not in file.read()


def test_an_address_is_a_piece_too(sign_in: Callable[[str], Any], sketch: Scenario) -> None:
    client = sign_in("enseignante.lyon")
    both = client.post(at("add_piece", sketch), sent(address="https://exemple.fr/"))
    assert both.status_code == 422 and "pas les deux" in text(both)
    for typed, said in (("", "Choisissez un fichier"), ("javascript:alert(1)", "commence par https")):
        refused = client.post(at("add_piece", sketch), {"title": "Outil", "address": typed})
        assert refused.status_code == 422 and said in text(refused)
    page = text(client.post(at("add_piece", sketch), {"title": "Outil", "address": "HTTPS://Exemple.fr"}, follow=True))
    assert 'href="https://exemple.fr/"' in page and "À compléter : licence à indiquer" in page


def test_a_piece_is_corrected_put_in_order_and_withdrawn(sign_in: Callable[[str], Any], sketch: Scenario) -> None:
    one, two = add(sketch, "Une"), add(sketch, "Deux", PDF + b"\n")
    client = sign_in("referent.lyon")
    assert 'value="Une"' in text(client.get(at("change_piece", sketch, one.pk)))
    values = {"title": "Une bis", "licence": "CC0", "holder": "", "terms_read_on": ""}
    assert "enregistrée" in text(client.post(at("change_piece", sketch, one.pk), values, follow=True))
    one.refresh_from_db()
    assert (one.title, one.licence, one.filename) == ("Une bis", "CC0", "fiche.pdf")
    client.post(at("move_piece", sketch, two.pk), {"up": "1"})
    assert [piece.title for piece in reads.pieces(sketch)] == ["Deux", "Une bis"]
    client.post(at("move_piece", sketch, two.pk))
    assert [piece.title for piece in reads.pieces(sketch)] == ["Une bis", "Deux"]
    assert "effacé du site" in text(client.get(at("withdraw_piece", sketch, two.pk)))
    assert reads.pieces(sketch) != [one]
    assert "Pièces retirées (1)" in text(client.post(at("withdraw_piece", sketch, two.pk), follow=True))
    for view in ("change_piece", "withdraw_piece"):
        again = client.post(at(view, sketch, two.pk), values)
        assert again.status_code == 403 and "a été retirée" in text(again)
    assert client.get(at("scenario_file", sketch, two.file)).status_code == 404


def test_a_file_takes_the_place_of_another(sign_in: Callable[[str], Any], sketch: Scenario) -> None:
    piece = add(sketch)
    client = sign_in("enseignante.lyon")
    bad = client.post(at("change_piece", sketch, piece.pk), sent(data=HOSTILE["bomb"][0]()))
    assert bad.status_code == 422 and Piece.objects.get(pk=piece.pk).file == piece.file
    assert client.post(at("change_piece", sketch, piece.pk), sent("b.odt", HONEST["odt"])).status_code == 302
    changed = Piece.objects.get(pk=piece.pk)
    assert changed.filename == "b.odt" and changed.file != piece.file


def test_only_authors_write_and_only_while_it_is_being_written(sign_in: Callable[[str], Any], sketch: Scenario) -> None:
    piece = add(sketch)
    addresses = [
        at("add_piece", sketch),
        *(at(f"{verb}_piece", sketch, piece.pk) for verb in ("change", "move", "withdraw")),
    ]
    for name in ("inspecteur.lyon", "dan.lyon", "expert", "referent1.lille"):
        client = sign_in(name)
        assert all(client.post(address, sent()).status_code == 403 for address in addresses), name
    Scenario.objects.filter(pk=sketch.pk).update(state="submitted")
    client = sign_in("referent.lyon")
    assert all(client.post(address, sent()).status_code == 403 for address in addresses)
    page = text(client.get(at("scenario", sketch)))
    assert "Fiche" in page and "Ajouter une pièce" not in page
    assert sketch.pieces.get().withdrawn_at is None


def test_a_group_keeps_no_more_than_its_share(
    sign_in: Callable[[str], Any], sketch: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("traam.programme.productions.actions.filing.MOST_OF_A_GROUP", len(PDF) * 2 - 1)
    client = sign_in("referent.lyon")
    assert client.post(at("add_piece", sketch), sent()).status_code == 302
    refused = client.post(at("add_piece", sketch), sent(data=PDF + b"\n"))
    assert refused.status_code == 422 and "pèsent déjà" in text(refused)
    assert sketch.pieces.count() == 1


def test_a_scenario_has_so_many_pieces_and_no_more(sketch: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST_OF_A_SCENARIO", 1)
    add(sketch)
    with pytest.raises(Invalid, match="déjà 1 pièces"):
        add(sketch)


def test_the_page_reads_as_much_for_one_piece_as_for_many(
    sign_in: Callable[[str], Any], sketch: Scenario, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("referent.lyon")
    add(sketch)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as once:
        client.get(at("scenario", sketch))
    for n in range(20):
        add(sketch, f"Fiche {n}")
    with django_assert_max_num_queries(len(once)):
        client.get(at("scenario", sketch))
