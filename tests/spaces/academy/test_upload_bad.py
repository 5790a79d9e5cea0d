"""Bad files, sent as people send them: a sentence says where, nothing is written, and the corrected file passes."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from academy_workbooks import LYON, TITLES, good, held, line, of, open_campaign, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from traam.programme.calls import imports
from traam.programme.calls.models import Application
from traam.programme.journal.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]


def address(page: str) -> str:
    return reverse(f"academy:{page}", args=["lyon", open_campaign().pk])


def words(response: Any) -> str:
    """What the page says, tags and spaces aside."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.split())


def send(client: Any, data: bytes, name: str = "candidatures.xlsx") -> Any:
    """Send a file and read its preview."""
    answer = client.post(address("upload"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, words(answer)[:500]
    return client.get(answer["Location"])


def accept(client: Any, preview: Any) -> Any:
    found = re.search(r'name="stamp" value="(\w+)"', preview.content.decode())
    return client.post(preview.wsgi_request.path, {"stamp": found[1] if found else ""}, follow=True)


def column(key: str) -> int:
    return list(good()).index(key)


def without(key: str) -> bytes:
    place = column(key)
    return workbook(
        [cell for n, cell in enumerate(line(good())) if n != place],
        titles=[title for n, title in enumerate(TITLES) if n != place],
    )


def merged(book: Any, sheet: Any) -> None:
    sheet.write_row(2, 0, line(good(referent_email="un.autre@ac-exemple.fr")))
    sheet.merge_range(1, column("description"), 2, column("description"), "Une seule description")


def formula(text: str, value: object) -> Callable[[Any, Any], None]:
    return lambda book, sheet: sheet.write_formula(1, column("referent_school"), text, None, value)


def two_sheets(book: Any, sheet: Any) -> None:
    other = book.add_worksheet("Feuille 2")
    other.write_row(0, 0, TITLES)
    other.write_row(1, 0, line(good()))


@dataclass(frozen=True)
class Bad:
    """A bad file, what the page must say of it, and the name it is sent under."""

    make: Callable[[], bytes]
    says: tuple[str, ...]
    name: str = "candidatures.xlsx"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BAD = {
    "unknown theme": Bad(lambda: of(good(theme="Un thème inventé")), ("Candidatures!A2", "n'est pas dans la liste")),
    "1001 characters": Bad(
        lambda: of(good(description="é" * 1001)),
        ("Candidatures!E2", "compte 1 001 caractères", "1 000", "article B.2", "Raccourcissez"),
    ),
    "wrong letter": Bad(lambda: of(good(referent_school="0699901A")), ("Candidatures!J2", "lettre de contrôle")),
    "bad e-mail": Bad(lambda: of(good(referent_email="referent(at)ac-lyon.fr")), ("Candidatures!K2", "signe @")),
    "axis": Bad(lambda: of(good(axes="Axe 5")), ("Candidatures!D2", "L'axe 5 n'existe pas")),
    "rank": Bad(lambda: of(good(rank=-3)), ("Candidatures!N2", "trop petit")),
    "missing column": Bad(lambda: without("description"), ("colonne « Description » introuvable", "remettez-la")),
    "missing optional column": Bad(lambda: without("rank"), ("« Rang donné par l'académie » introuvable",)),
    "merged cells": Bad(lambda: of(good(), then=merged), ("Candidatures!E2", "E2:E3 sont fusionnées")),
    "formula in error": Bad(lambda: of(good(), then=formula("=1/0", "#DIV/0!")), ("Candidatures!J2", "#DIV/0!")),
    "two sheets that fit": Bad(
        lambda: of(good(), sheet="Feuille 1", then=two_sheets),
        ("plusieurs feuilles", "« Feuille 1 », « Feuille 2 »", "nommez « Candidatures »"),
    ),
    "old .xls": Bad(lambda: OLE, ("ancien format .xls", "enregistrez-le en .xlsx"), "candidatures.xls"),
    "a PDF by another name": Bad(
        lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" * 30, ("document PDF", "malgré son nom en .xlsx")
    ),
    "empty": Bad(lambda: b"", ("le fichier est vide",)),
    "100 000 rows": Bad(
        lambda: workbook(*([f"Thème {n}"] for n in range(100_000))), ("100 001 lignes remplies", "20 000 au plus")
    ),
    "no row": Bad(lambda: workbook(), ("Candidatures", "aucune ligne n'est remplie")),
    "duplicate rows": Bad(
        lambda: of(good(), good(titles="Le même référent")), ("Candidatures!K3", "figure déjà à la ligne 2")
    ),
    "duplicate rows without référent": Bad(
        lambda: of(good(referent_email=""), good(referent_email="")), ("Candidatures!C3", "la ligne 2 a le même thème")
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_says_where_and_writes_nothing_and_the_corrected_one_passes(sign_in: SignIn, case: str) -> None:
    client, bad = sign_in("dan.lyon"), BAD[case]
    before, acts = held(), Entry.objects.count()
    preview = send(client, bad.make(), bad.name)
    said = words(preview)
    for part in bad.says:
        assert part.lower() in said.replace("\u202f", " ").replace("\xa0", " ").lower(), said
    assert "Écrire ces candidatures" not in said
    assert "Corrigez et déposez à nouveau" in said
    refused = client.post(preview.wsgi_request.path, {"stamp": ""})
    assert refused.status_code == 422
    assert (held(), Entry.objects.count()) == (before, acts)

    corrected = send(client, of(good()))
    assert "Écrire ces candidatures" in words(corrected)
    done = accept(client, corrected)
    assert "1 candidature nouvelle" in words(done).replace("\xa0", " ")
    assert held()[: len(before)] == before
    assert Application.objects.filter(academy=LYON, referent_email="referent.nouveau@ac-exemple.fr").count() == 1


def test_a_formula_never_computed_is_refused(sign_in: SignIn) -> None:
    data = of(good(), then=formula("=B2", "0699901X"))
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb' t="str"><f>B2</f><v>[^<]*</v>', rb"><f>B2</f>", content)
                assert b"><f>B2</f></c>" in content
            new.writestr(name, content)
    before = held()
    said = words(send(sign_in("dan.lyon"), stream.getvalue()))
    assert "Candidatures!J2" in said
    assert "n'a pas été calculée" in said
    assert held() == before


def test_a_closed_theme_is_refused_at_its_cell(sign_in: SignIn) -> None:
    theme = open_campaign().themes.order_by("pk")[1]
    theme.state = "closed"
    theme.save()
    before, client = held(), sign_in("dan.lyon")
    said = words(send(client, of(good(theme=theme.title))))
    assert "Candidatures!A2" in said
    assert "est fermé aux candidatures : choisissez un autre thème" in said.replace("\xa0", " ")
    assert held() == before
    theme.state = "open"
    theme.save()
    accept(client, send(client, of(good(theme=theme.title))))
    assert len(held()) == len(before) + 1


def test_after_the_deadline_nothing_is_received(sign_in: SignIn) -> None:
    campaign, client, before = open_campaign(), sign_in("dan.lyon"), held()
    preview = send(client, of(good()))
    kept = campaign.calendar
    yesterday = timezone.localdate() - timedelta(days=1)
    campaign.calendar = {**kept, "applications_due": yesterday.isoformat()}
    campaign.save()
    for answer in (
        client.post(address("upload"), {"file": SimpleUploadedFile("c.xlsx", of(good()))}),
        accept(client, preview),
    ):
        assert answer.status_code == 403
        assert f"c'était le {yesterday:%d/%m/%Y}" in words(answer)
    assert held() == before
    campaign.calendar = kept
    campaign.save()
    accept(client, send(client, of(good())))
    assert len(held()) == len(before) + 1


def test_reordered_and_extra_columns_are_understood(sign_in: SignIn) -> None:
    client, before = sign_in("dan.lyon"), held()
    titles = [*reversed(TITLES), "Remarque du secrétariat"]
    preview = send(client, workbook([*reversed(line(good())), "à relire"], titles=titles))
    said = words(preview).replace("\xa0", " ")
    assert "Remarque du secrétariat" in said
    assert "elle est ignorée" in said
    accept(client, preview)
    written = Application.objects.exclude(pk__in=[row["id"] for row in before]).get()
    assert (written.referent_email, written.rank, written.axes) == ("referent.nouveau@ac-exemple.fr", 1, [1, 2])


def test_the_same_file_twice_changes_nothing(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    data = of(good(), good(referent_email="", titles="Sans référent encore", rank=2))
    accept(client, send(client, data))
    before, acts = held(), Entry.objects.exclude(verb="import_applications").count()
    again = send(client, data)
    assert "Il n'y a rien à écrire" in words(again)
    accept(client, again)
    assert held() == before
    assert Entry.objects.exclude(verb="import_applications").count() == acts


def test_the_template_sent_back_is_a_fixed_point(sign_in: SignIn) -> None:
    """Incomplete drafts and forwarded applications come back as they went out, even when their theme has closed."""
    campaign, client = open_campaign(), sign_in("dan.lyon")
    accept(client, send(client, of(good(), good(referent_email="", titles="Deux\nprojets", axes="", rank=None))))
    campaign.themes.filter(title=good()["theme"]).update(state="closed")
    filled = client.get(address("template"))
    assert f"candidatures-lyon-{campaign.years}.xlsx" in filled["Content-Disposition"]
    before = held()
    read = imports.read(campaign, LYON, filled.content)
    assert [change.kind for change in read.changes] == ["unchanged"] * 5  # with what a teacher writes and proposes
    assert read.problems == ()
    assert read.warnings == ()
    accept(client, send(client, filled.content))
    assert held() == before


def test_what_is_already_forwarded_is_left_as_it_is_and_the_page_says_so(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    accept(client, send(client, of(good())))
    Application.objects.filter(referent_email="referent.nouveau@ac-exemple.fr").update(state="forwarded")
    before = held()
    preview = send(client, of(good(rank=4), good(referent_email="autre@ac-exemple.fr")))
    said = words(preview).replace("\xa0", " ")
    assert "1 candidature déjà remontée diffère du tableur" in said
    assert "elle reste telle quelle" in said
    assert "Rang donné par l'académie" in said
    accept(client, preview)
    assert held()[: len(before)] == before
    assert len(held()) == len(before) + 1


def test_a_preview_grown_old_is_shown_again_before_it_is_written(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    accept(client, send(client, of(good())))
    preview = send(client, of(good(rank=7)))
    Application.objects.filter(referent_email="referent.nouveau@ac-exemple.fr").update(revision=9, rank=3)
    before = held()
    answer = accept(client, preview)
    assert answer.status_code == 422
    assert "modifiée depuis que vous avez lu cet aperçu" in words(answer)
    assert held() == before
    accept(client, answer)
    assert Application.objects.get(referent_email="referent.nouveau@ac-exemple.fr").rank == 7


def test_problems_are_paged_with_the_titles_of_their_columns_and_all_are_counted(sign_in: SignIn) -> None:
    rows = [good(theme=f"Inconnu {n}", referent_email=f"r{n}@ac-exemple.fr") for n in range(250)]
    client = sign_in("dan.lyon")
    preview = send(client, of(*rows))
    said = words(preview).replace("\xa0", " ")
    assert "250 problèmes à corriger" in said
    assert "1–50 sur 250 problèmes" in said
    assert "Candidatures!A51 Thème" in said
    assert "Candidatures!A52 " not in said
    last = words(client.get(preview.wsgi_request.path, {"problemes": "5"}))
    assert "Candidatures!A251 Thème" in last


@pytest.mark.parametrize("who", ["dan.lille", "referent.lyon", "expert", "bureau"])
def test_a_file_is_seen_by_its_academy_alone(sign_in: SignIn, who: str) -> None:
    preview = send(sign_in("dan.lyon"), of(good()))
    before = held()
    other = sign_in(who)
    assert other.get(preview.wsgi_request.path).status_code == 403
    assert accept(other, preview).status_code == 403
    assert held() == before
