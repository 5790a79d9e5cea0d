"""A file sent, explained, given back marked, mended in its marked cells and sent again; drafts that left it."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from academy_workbooks import LYON, TITLES, good, held, line, of, open_campaign, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from traam.demo.build import school_number
from traam.engines import sheets
from traam.programme.calls import imports, rules
from traam.programme.calls.models import Application, ColumnHeading
from traam.programme.calls.queries import published_themes

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]
NEW = "referent.nouveau@ac-exemple.fr"
RIGHT = {"degree": "Second degré", "referent_email": NEW, "referent_school": school_number(LYON), "rank": 2}
WRONG = {"degree": "Troisième degré", "referent_email": "nouveau(at)ac.fr", "referent_school": "0699901A", "rank": -3}


def words(response: Any) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def send(client: Any, data: bytes, name: str = "candidatures.xlsx") -> Any:
    address = reverse("academy:upload", args=["lyon", open_campaign().pk])
    answer = client.post(address, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, words(answer)[:500]
    return client.get(answer["Location"], follow=True)


def accept(client: Any, preview: Any, **more: Any) -> Any:
    found = re.search(r'name="stamp" value="(\w+)"', preview.content.decode())
    assert found, words(preview)
    return client.post(preview.wsgi_request.path, {"stamp": found[1], **more}, follow=True)


def download(client: Any, preview: Any) -> Any:
    found = re.search(r'href="([^"]+/annote)"', preview.content.decode())
    assert found, words(preview)
    return client.get(found[1])


def test_an_xlsx_is_given_back_marked_and_passes_once_its_marked_cells_are_mended(sign_in: SignIn) -> None:
    client, before = sign_in("dan.lyon"), held()
    preview = send(client, of(good(**WRONG), good(referent_email="autre@ac-exemple.fr")), "Mes candidatures.xlsx")
    assert "Télécharger le tableur annoté" in words(preview)
    answer = download(client, preview)
    assert answer["Content-Disposition"] == 'attachment; filename="mes-candidatures-annote.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    page = book["Candidatures"]
    marked = [cell for row in page.iter_rows() for cell in row if cell.comment]
    assert {cell.coordinate for cell in marked} == {"B2", "J2", "K2", "N2"}
    assert "À corriger" in book.sheetnames
    for column, key in (("B", "degree"), ("J", "referent_school"), ("K", "referent_email"), ("N", "rank")):
        page[f"{column}2"] = str(RIGHT[key])
    stream = io.BytesIO()
    book.save(stream)
    again = send(client, stream.getvalue(), "mes-candidatures-annote.xlsx")
    assert "problème" not in words(again)
    accept(client, again)
    assert held()[: len(before)] == before
    written = Application.objects.get(referent_email=NEW)
    assert (written.rank, written.degree) == (2, "second")


def test_an_ods_is_given_back_as_an_ods_and_passes_once_mended(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    layout = rules.layout(open_campaign(), published_themes(open_campaign()))
    answers = {**good(**WRONG), "axes": ("Axe 1",), "rank": "-3"}
    preview = send(client, sheets.write(layout, [answers], title="Essai", form="ods"), "c.ods")
    answer = download(client, preview)
    assert answer["Content-Disposition"].endswith('c-annote.ods"')
    assert answer["Content-Type"].endswith("opendocument.spreadsheet")
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "content.xml":
                assert b"signe @" in content
                for key, wrong in WRONG.items():
                    content = content.replace(
                        f"<text:p>{wrong}</text:p>".encode(), f"<text:p>{RIGHT[key]}</text:p>".encode()
                    )
            new.writestr(old.getinfo(name), content)
    again = send(client, stream.getvalue(), "c-annote.ods")
    assert "problème" not in words(again), words(again)
    accept(client, again)
    assert Application.objects.get(referent_email=NEW).rank == 2


def test_what_lacks_before_going_up_is_marked_as_such_and_does_not_keep_a_draft_out(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    preview = send(client, of(good(inspector_name="", referent_phone="")))
    said = words(preview)
    assert "Écrire ces candidatures" in said
    assert "à compléter avant la remontée" in said
    page = load_workbook(io.BytesIO(download(client, preview).content))["Candidatures"]
    told = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert "F2" in told
    assert all(imports.TO_GO_UP.strip() in text for text in told.values())


def test_a_file_that_cannot_be_reached_is_not_offered_marked(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    preview = send(client, b"%PDF-1.7 ...", "c.xlsx")
    assert "annoté" not in words(preview)
    answer = client.get(preview.wsgi_request.path + "/annote")
    assert answer.status_code == 422
    assert "PDF" in words(answer)


def odd_titles() -> list[str]:
    renamed = {"Professeur référent : courriel": "Mail du prof", "Description": "Descriptif complet"}
    return [*(renamed.get(title, title) for title in TITLES), "Notes du secrétariat"]


def test_unknown_columns_are_explained_once_then_understood_and_may_be_forgotten(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    data = workbook([*line(good()), "à relire"], titles=odd_titles())
    asked = send(client, data)
    said = words(asked)
    assert "Vos colonnes" in said
    assert "« Mail du prof » Cellule K1. Par exemple : « referent.nouveau@ac-exemple.fr »." in said
    assert re.search(r'<option value="description" selected', asked.content.decode()), (
        "the suggestion is chosen already"
    )
    address = asked.wsgi_request.path
    fields = {"column_1": "description", "column_2": "referent_email", "column_3": ""}

    twice = client.post(address, {**fields, "column_3": "description"})
    assert twice.status_code == 422
    assert "« Description » est déjà la colonne « Descriptif complet »" in words(twice)
    stranger = client.post(address, {**fields, "column_3": "theme"})
    assert stranger.status_code == 422
    assert not ColumnHeading.objects.exists()

    preview = client.post(address, fields, follow=True)
    assert "1 candidature nouvelle" in words(preview)
    assert "« Mail du prof » est lue comme « Professeur référent : courriel »" in words(preview)
    assert accept(client, preview).status_code == 200
    assert Application.objects.get(referent_email=NEW).description == good()["description"]

    later = send(client, data)
    assert "Il n'y a rien à écrire" in words(later), "the second time, nothing is asked"
    assert "Revoir ou oublier" in words(later)
    client.post(address.replace(address.split("/")[-2], later.wsgi_request.path.split("/")[-1]), {"forget": "1"})
    assert not ColumnHeading.objects.exists()
    assert "Vos colonnes" in words(send(client, data))


def test_the_drafts_that_left_the_file_are_withdrawn_when_ticked(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    accept(client, send(client, of(good(), good(referent_email="part@ac-exemple.fr", titles="Celle qui part"))))
    gone = Application.objects.get(referent_email="part@ac-exemple.fr")
    preview = send(client, of(good(rank=3)))
    assert "Retirer aussi « Celle qui part »" in words(preview)
    done = accept(client, preview, leaving=[gone.pk])
    assert "1 retirée" in words(done)
    gone.refresh_from_db()
    assert gone.state == "withdrawn"
    inspector = sign_in("inspecteur.lyon")
    Application.objects.filter(pk=gone.pk).update(state="draft")
    theirs = send(inspector, of(good(rank=4)))
    assert "Retirer aussi" not in words(theirs)
    assert "Seul le DAN peut" in words(theirs)
    refused = accept(inspector, theirs, leaving=[gone.pk])
    assert refused.status_code == 403
    assert Application.objects.get(referent_email=NEW).rank == 3


def test_a_preview_of_two_thousand_rows_stays_light(sign_in: SignIn) -> None:
    rows = [good(referent_email=f"r{n}@ac-exemple.fr", description="é" * 900) for n in range(2_000)]
    preview = send(sign_in("dan.lyon"), of(*rows))
    assert "1–50 sur 2 000 lignes" in words(preview)
    assert len(preview.content) < 120_000


@pytest.mark.parametrize("who", ["dan.lille", "referent.lyon", "expert", "bureau"])
def test_files_belong_to_their_academy(sign_in: SignIn, who: str) -> None:
    preview = send(sign_in("dan.lyon"), of(good()))
    other = sign_in(who)
    for page in ("/annote", "/colonnes"):
        assert other.get(preview.wsgi_request.path + page).status_code == 403
    assert other.post(preview.wsgi_request.path + "/colonnes", {"forget": "1"}).status_code == 403
    for page in ("template", "export"):
        assert other.get(reverse(f"academy:{page}", args=["lyon", open_campaign().pk])).status_code == 403


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_an_academy_exports_what_it_entered_without_formulas(sign_in: SignIn, form: str) -> None:
    client = sign_in("dan.lyon")
    accept(client, send(client, of(good(titles="=HYPERLINK(1)"))))
    Application.objects.filter(referent_email=NEW).update(inspector_opinion="favourable")
    answer = client.get(reverse("academy:export", args=["lyon", open_campaign().pk]), {"format": form})
    assert answer["Content-Disposition"] == f'attachment; filename="export-lyon-{open_campaign().years}.{form}"'
    read = sheets.read(answer.content, exports_layout(), filename=f"x.{form}")
    assert read.problems == ()
    mine = next(row.values for row in read.rows if row.values["referent_email"] == NEW)
    assert mine["titles"] == "=HYPERLINK(1)"
    assert (mine["academy"], mine["state"], mine["inspector_opinion"]) == ("Lyon", "brouillon", "Favorable")
    assert len(read.rows) == Application.objects.filter(academy=LYON, theme__campaign=open_campaign()).count()
    if form == "csv":
        assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")


def test_what_was_entered_is_still_exported_after_the_call(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    open_campaign().themes.update(state="closed")
    campaign = open_campaign()
    campaign.state = "closed"
    campaign.save()
    page = client.get(reverse("academy:applications", args=["lyon", campaign.pk]))
    address = reverse("academy:export", args=["lyon", campaign.pk])
    for form in ("xlsx", "ods", "csv"):
        assert f'href="{address}?format={form}"' in page.content.decode()
    assert client.get(address).status_code == 200


def exports_layout() -> Any:
    from traam.programme.calls import exports

    return exports.layout()
