"""Pages of progress, watch and documents: who reads, who writes, what leaves as a file."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from files_given import HOSTILE, PDF, of_a_phone

from traam.demo.build import DOMAIN
from traam.programme.groups import actions
from traam.programme.groups.models import Document, Group, ProgressNote, WatchItem
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_shared_yet(db: None) -> None:
    """The demonstration shares some; these tests count their own."""
    for model in (ProgressNote, WatchItem, Document):
        model.objects.all().delete()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def at(view: str, *args: Any) -> str:
    return reverse(f"workshop:{view}", args=args)


def document(group: Group, **more: Any) -> Document:
    values: dict[str, Any] = {"title": "Grille", "file": ("Grille.pdf", PDF), "personal_data": "none", **more}
    return actions.share_document(group, actor=who("enseignante.lyon"), at=timezone.localtime(), **values)


def test_a_note_is_written_once_and_read_where_each_one_is(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    theme = lyon.application.theme
    told = {"mood": "late", "text": "Deux enseignants ont été mutés.", "need": "Un collègue de SVT"}
    done = sign_in("referent.lyon").post(at("write_note", lyon.pk), told, follow=True)
    assert "Note enregistrée" in text(done) and "Corriger la note" in text(done)
    for name, addresses in {
        "enseignante.lyon": [at("progress", lyon.pk)],
        "dan.lyon": [at("progress", lyon.pk)],
        "inspecteur.lyon": [at("progress", lyon.pk)],
        "expert": [at("progress", lyon.pk), reverse("review:progress", args=[theme.pk])],
        "bureau": [reverse("review:progress", args=[theme.pk]), reverse("steering:progress", args=[theme.campaign_id])],
    }.items():
        client = sign_in(name)
        for address in addresses:
            page = text(client.get(address))
            assert "Deux enseignants ont été mutés." in page and "Un collègue de SVT" in page, (name, address)
            assert "Corriger la note" not in page
    for name in ("dan.lille", "inspecteur.lille"):
        assert sign_in(name).get(at("progress", lyon.pk)).status_code == 403
    assert sign_in("dan.lyon").get(reverse("review:progress", args=[theme.pk])).status_code == 403
    assert sign_in("expert").get(reverse("steering:progress", args=[theme.campaign_id])).status_code == 403


def test_a_bad_note_is_refused_beside_its_fields(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    response = sign_in("referent.lyon").post(at("write_note", lyon.pk), {"mood": "", "text": "x" * 1001})
    assert response.status_code == 422 and "Où en est le groupe" in text(response)
    assert not ProgressNote.objects.exists()
    for name in ("enseignante.lyon", "inspecteur.lyon", "bureau"):
        refused = sign_in(name).get(at("write_note", lyon.pk))
        assert refused.status_code == 403 and "professeur référent" in text(refused)


def test_lists_of_progress_are_filtered(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    actions.write_note(lyon, mood="fragile", text="Cela tangue.", actor=who("referent.lyon"), at=timezone.localtime())
    client, address = sign_in("bureau"), reverse("steering:progress", args=[lyon.application.theme.campaign_id])
    assert "Cela tangue." in text(client.get(address, {"etat": "fragile"}))
    for asked in ("late", "need"):
        page = text(client.get(address, {"etat": asked}))
        assert "Cela tangue." not in page and "élargissez" in page
    assert "Cela tangue." not in text(client.get(address, {"etat": "silent"}))


def test_an_address_is_shared_with_the_whole_theme(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    theme = lyon.application.theme
    values = {
        "address": "https://www.exemple.fr/ia?utm_source=x",
        "title": "Évaluer avec l'IA <b>",
        "why": "Une enquête.",
        "tags": "Évaluation, IA",
    }
    client = sign_in("enseignante.lyon")
    page = text(client.post(at("share_watch", lyon.pk), values, follow=True))
    assert 'href="https://www.exemple.fr/ia" rel="noopener noreferrer external"' in page
    assert "exemple.fr, autre site" in page and "<b>" not in page.split("<h2", 1)[1].split("</h2>")[0]
    again = client.post(at("share_watch", lyon.pk), values)
    assert again.status_code == 422 and "déjà dans la veille du thème" in text(again)
    listed = at("watch", theme.pk)
    assert "Évaluer" in text(client.get(listed, {"q": "EVALUER enquete"}))
    assert "Évaluer avec" in text(client.get(listed, {"mot": "evaluation"}))
    assert "Aucun résultat" in text(client.get(listed, {"q": "autre"}))
    item = WatchItem.objects.get()
    other = sign_in("expert")
    assert "Retirer de la veille" not in text(other.get(listed))
    assert other.post(at("remove_watch", item.pk)).status_code == 403
    client = sign_in("referent.lyon")
    assert client.get(at("remove_watch", item.pk)).status_code == 200 and WatchItem.objects.exists()
    assert "n&#39;est plus dans la veille" in text(client.post(at("remove_watch", item.pk), follow=True))
    assert not WatchItem.objects.exists()


def test_a_file_leaves_as_a_file_for_who_may_have_it(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    sent = SimpleUploadedFile("été;.html", PDF, content_type="text/html")
    client = sign_in("enseignante.lyon")
    values = {"title": "Grille", "file": sent, "personal_data": "pupils", "licence": "", "terms_read_on": ""}
    page = text(client.post(at("share_document", lyon.pk), values, follow=True))
    assert "est dans les documents du groupe" in page and "montre ou nomme des élèves" in page
    assert "licence à indiquer ; conditions" in page
    kept = Document.objects.get()
    address = at("download", lyon.pk, kept.pk)
    for name in ("dan.lyon", "inspecteur.lyon", "expert", "bureau"):
        response = sign_in(name).get(address)
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Type"] == "application/pdf"
        assert (
            response["Content-Disposition"].startswith("attachment;") and ".html.pdf" in response["Content-Disposition"]
        )
        assert response["X-Content-Type-Options"] == "nosniff" and "sandbox" in response["Content-Security-Policy"]
        assert "no-store" in response["Cache-Control"]
    assert sign_in("dan.lille").get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302
    other = group_of("09")
    assert sign_in("bureau").get(at("download", other.pk, kept.pk)).status_code == 404


def test_a_document_withdrawn_leaves_a_line_and_no_file(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    kept = document(lyon)
    client = sign_in("referent.lyon")
    assert "sans retour" in text(client.get(at("withdraw_document", lyon.pk, kept.pk)))
    page = text(client.post(at("withdraw_document", lyon.pk, kept.pk), follow=True))
    assert "Documents retirés (1)" in page
    for view in ("download", "withdraw_document", "complete_rights"):
        refused = client.get(at(view, lyon.pk, kept.pk))
        assert refused.status_code == 403 and "a été retiré" in text(refused)


def test_a_lost_file_says_whom_to_ask(sign_in: Callable[[str], Any], group_of: Callable[..., Any], media: Path) -> None:
    lyon = group_of("10")
    kept = document(lyon)
    (media / kept.file[:2] / kept.file).unlink()
    missing = sign_in("bureau").get(at("download", lyon.pk, kept.pk))
    assert missing.status_code == 404 and who("enseignante.lyon").name in text(missing)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_is_refused_beside_its_field(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any], media: Path, name: str
) -> None:
    make, said = HOSTILE[name]
    values = {"title": "Grille", "personal_data": "none", "file": SimpleUploadedFile("a.pdf", make())}
    response = sign_in("referent.lyon").post(at("share_document", group_of("10").pk), values)
    page = text(response).replace("\xa0", " ").replace("\u202f", " ").replace("&#39;", "'")
    assert response.status_code == 422 and re.search(said, page)
    assert 'value="Grille"' in page, "what was typed is still there"
    assert not Document.objects.exists() and not media.exists()


def test_a_photo_loses_what_it_hides_and_the_page_says_so(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any], media: Path
) -> None:
    values = {"title": "Photo", "personal_data": "adults", "file": SimpleUploadedFile("photo.jpg", of_a_phone())}
    page = text(sign_in("referent.lyon").post(at("share_document", group_of("10").pk), values, follow=True))
    assert "informations cachées" in page and "Non analysé" in page
    kept = Document.objects.get()
    assert b"Prenom-Nom" not in (media / kept.file[:2] / kept.file).read_bytes()


def test_rights_are_completed_and_the_list_of_what_lacks_shrinks(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    kept = document(lyon, file=None, address="https://exemple.fr/")
    client = sign_in("enseignante.lyon")
    assert "Grille" in text(client.get(at("documents", lyon.pk), {"manque": "1"}))
    rights = {"licence": "CC-BY", "terms_read_on": "01/09/2026", "personal_data": "none"}
    page = text(client.post(at("complete_rights", lyon.pk, kept.pk), rights, follow=True))
    assert "enregistrés" in page and "À compléter" not in page and "CGU lues le" in page
    assert "Aucun résultat" in text(client.get(at("documents", lyon.pk), {"manque": "1"}))
    assert sign_in("dan.lyon").get(at("complete_rights", lyon.pk, kept.pk)).status_code == 403


@pytest.mark.parametrize("view", ["share_watch", "share_document"])
def test_only_members_share(sign_in: Callable[[str], Any], group_of: Callable[..., Any], view: str) -> None:
    lyon = group_of("10")
    for name, status in (
        ("referent.lyon", 200),
        ("enseignante.lyon", 200),
        ("inspecteur.lyon", 403),
        ("dan.lyon", 403),
    ):
        assert sign_in(name).get(at(view, lyon.pk)).status_code == status, name


def test_pages_cost_the_same_whatever_they_show(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    lyon, now, author = group_of("10"), timezone.localtime(), who("referent.lyon")
    theme = lyon.application.theme
    ProgressNote.objects.bulk_create(
        ProgressNote(
            group=lyon, author=author, mood="late", text="x", written_at=now - timedelta(days=n), changed_at=now
        )
        for n in range(60)
    )
    WatchItem.objects.bulk_create(
        WatchItem(group=lyon, address=f"https://a.fr/{n}", title="t", why="w", shared_by=author, shared_at=now)
        for n in range(60)
    )
    Document.objects.bulk_create(
        Document(group=lyon, title="t", address="https://a.fr/", personal_data="none", shared_by=author, shared_at=now)
        for n in range(60)
    )
    client = sign_in("referent.lyon")
    for address in (
        at("progress", lyon.pk),
        at("watch", theme.pk),
        at("documents", lyon.pk),
        reverse("review:progress", args=[theme.pk]),
    ):
        with django_assert_max_num_queries(15):
            page = client.get(address)
        assert page.status_code == 200 and len(page.content) < 120_000, address
