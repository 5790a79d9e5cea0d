"""Progress, watch and documents as people see them: sound at both widths and in both schemes, and used by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from files_given import PDF
from playwright.sync_api import Page, expect

from traam.demo.build import DOMAIN
from traam.programme.groups import actions, queries
from traam.programme.groups.models import Document, Group, ProgressNote, WatchItem
from traam.programme.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "https://exemple.fr/" + "un-chemin-tres-long-sans-espace/" * 12


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def enter(page: Page, address: str, name: str) -> None:
    client = Client()
    client.force_login(who(name))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def pages(group: Group) -> list[tuple[str, str]]:
    theme = group.application.theme
    note, item = ProgressNote.objects.order_by("-pk")[0], WatchItem.objects.order_by("pk")[0]
    document = Document.objects.filter(group=group).order_by("pk")[0]
    workshop = {
        name: ("referent.lyon", reverse(f"workshop:{name}", args=args))
        for name, args in {
            "progress": [group.pk],
            "write_note": [group.pk],
            "change_note": [group.pk, note.pk],
            "watch": [theme.pk],
            "share_watch": [group.pk],
            "remove_watch": [item.pk],
            "documents": [group.pk],
            "share_document": [group.pk],
            "complete_rights": [group.pk, document.pk],
            "withdraw_document": [group.pk, document.pk],
        }.items()
    }
    return [
        *workshop.values(),
        ("referent.lyon", reverse("workshop:group", args=[group.pk])),
        ("dan.lyon", reverse("workshop:documents", args=[group.pk])),
        ("expert", reverse("review:progress", args=[theme.pk])),
        ("bureau", reverse("steering:progress", args=[theme.campaign_id])),
        ("bureau", reverse("steering:progress", args=[theme.campaign_id]) + "?etat=late"),
    ]


def test_every_page_is_sound_and_serves(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    settings: Any,
    tmp_path: Path,
    sound: Callable[..., dict[str, list[str]]],
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    group = queries.group(Group.objects.filter(application__academy="10").order_by("pk")[0].pk)
    now, referent = timezone.localtime(), who("referent.lyon")
    actions.write_note(group, mood="late", text="Mot" * 100, need="Une salle.", actor=referent, at=now)
    actions.share_watch(
        group, address=LONG, title="T" * 90, why="Long.", tags="mot-clé sans fin et encore", actor=referent, at=now
    )
    gone = actions.share_document(group, title="Retiré", address=LONG, personal_data="none", actor=referent, at=now)
    actions.withdraw_document(gone, actor=referent, at=now)
    actions.share_document(group, title="D" * 90, file=("a.pdf", PDF), personal_data="adults", actor=referent, at=now)
    assert sound(pages(group)) == {}
    _use(live_server.url, browser_page(390), group, tmp_path)


def _use(url: str, page: Page, group: Group, folder: Path) -> None:
    """On a phone: a note, an address told twice, a file put and had again."""
    enter(page, url, "referent.lyon")
    page.goto(url + reverse("workshop:write_note", args=[group.pk]))
    page.get_by_label("Fragile").check(force=True)
    page.get_by_label("En quelques lignes").fill("Tout va mieux.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Note enregistrée").first).to_be_visible()
    expect(page.get_by_text("Tout va mieux.")).to_be_visible()

    page.goto(url + reverse("workshop:share_watch", args=[group.pk]))
    page.get_by_label("Adresse de la page").fill(LONG + "?utm_source=lettre")
    page.get_by_label("Titre").fill("Encore")
    page.get_by_label("Pourquoi").fill("Deux fois.")
    page.get_by_role("button", name="Ajouter à la veille").click()
    expect(page.get_by_text("est déjà dans la veille du thème").first).to_be_visible()

    file = folder / "Grille d'évaluation.pdf"
    file.write_bytes(PDF)
    page.goto(url + reverse("workshop:share_document", args=[group.pk]))
    page.get_by_label("Titre").fill("Grille d'évaluation")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_label("Aucune donnée personnelle").check(force=True)
    page.get_by_role("button", name="Partager le document").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Grille d'évaluation PDF").click()
    assert download.value.suggested_filename == "Grille d'évaluation.pdf"
    assert download.value.path().read_bytes() == file.read_bytes()
