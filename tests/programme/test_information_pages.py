"""Information pages: imported all or none, revised, published as a copy, withdrawn with a reason."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from traam.config.commands import run
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.catalogue.information import actions, queries
from traam.programme.catalogue.information.models import Content, InformationPage, InformationRevision
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db

PAGE = """---
area: Domaine 1
title: Les travaux mutualisés
videoEmbedSrc: https://tube.exemple.fr/videos/embed/12
videoDLHref: https://tube.exemple.fr/download/12.mp4
captionFilePath: {captions}
---
## Transcription
Bonjour.
## Crédits
- **Licence** : CC BY-SA 4.0
"""
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour.\n"


@pytest.fixture
def bureau() -> Person:
    return Person.objects.get(email=f"bureau@{DOMAIN}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site as they are made: its pages in `content`, its captions in `public`."""
    (tmp_path / "content" / "edu").mkdir(parents=True)
    (tmp_path / "public" / "captions").mkdir(parents=True)
    (tmp_path / "public" / "captions" / "un.vtt").write_text(CAPTIONS, encoding="utf-8")
    pages = tmp_path / "content"
    (pages / "edu" / "travaux-mutualises.md").write_text(PAGE.format(captions="/captions/un.vtt"), encoding="utf-8")
    (pages / "sans-video.md").write_text("---\ntitle: Sans rien\n---\n", encoding="utf-8")
    return pages


def content(**changes: Any) -> Content:
    return Content(**{"title": "Une page", "text": "Bonjour.", **changes})


def test_a_folder_is_imported_as_drafts_and_again_without_doubling(folder: Path, capsys: Any) -> None:
    assert run(["import", "pages", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "2 ajoutées, à publier depuis Pilotage, 0 changées, 0 inchangées." in said
    assert "sans-video.md : pour la publier, donnez une vidéo, un document ou un texte." in said
    last = queries.written("travaux-mutualises").last
    assert (last.content.captions, last.content.areas, last.imported) == (CAPTIONS, ("1",), True)
    assert last.content.download == "https://tube.exemple.fr/download/12.mp4"
    assert InformationPage.objects.filter(state="draft", shown=None).count() >= 2
    assert run(["import", "pages", str(folder)]) == 0
    assert "0 ajoutées, à publier depuis Pilotage, 0 changées, 2 inchangées." in capsys.readouterr().out


def test_a_rehearsal_writes_nothing(folder: Path, capsys: Any) -> None:
    before = InformationRevision.objects.count()
    assert run(["import", "pages", str(folder), "--dry-run"]) == 0
    assert "2 seraient ajoutées" in capsys.readouterr().out
    assert InformationRevision.objects.count() == before


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("b.md", PAGE.format(captions="/captions/absent.vtt"), "edu/b.md, captionFilePath : le fichier de sous-titres"),
        ("b.md", PAGE.format(captions="/captions/faux.vtt"), "edu/b.md, captionFilePath : Ligne 3"),
        ("b.md", PAGE.format(captions="../../../secret.vtt"), "edu/b.md, captionFilePath"),
        ("b.md", PAGE.format(captions="''").replace("Domaine 1", "Domaine 9"), "edu/b.md, ligne 2 : « Domaine 9 »"),
        (
            "b.md",
            PAGE.format(captions="''").replace("https://tube.exemple.fr/videos", "javascript:alert(1)"),
            "edu/b.md, videoEmbedSrc : « javascript:alert(1)/embed/12 » n'est pas une adresse complète",
        ),
        ("Été.md", PAGE.format(captions="''"), "edu/Été.md : le nom du fichier devient l'adresse"),
        ("sans-video.md", PAGE.format(captions="''"), "sans-video.md : edu/sans-video.md porte déjà ce nom"),
    ],
)
def test_one_wrong_page_and_none_is_written(folder: Path, capsys: Any, name: str, text: str, sentence: str) -> None:
    (folder.parent / "public" / "captions" / "faux.vtt").write_text("WEBVTT\n\n1 --> 2\nBonjour.", encoding="utf-8")
    (folder / "edu" / name).write_text(text, encoding="utf-8")
    before = InformationRevision.objects.count()
    assert run(["import", "pages", str(folder)]) == 1
    told = capsys.readouterr().err
    assert sentence in told, told
    assert "Rien n'a été écrit" in told
    assert InformationRevision.objects.count() == before


def test_a_document_given_by_a_path_needs_its_site(folder: Path, capsys: Any) -> None:
    (folder / "pdf.md").write_text("---\ntitle: Un PDF\npdfFilePath: /pdf/un.pdf\n---\n", encoding="utf-8")
    assert run(["import", "pages", str(folder)]) == 1
    assert "pdf.md, pdfFilePath : « /pdf/un.pdf » n'est pas une adresse complète" in capsys.readouterr().err
    assert run(["import", "pages", str(folder), "--site", "https://tutos.exemple.fr"]) == 0
    assert queries.written("pdf").last.content.document == "https://tutos.exemple.fr/pdf/un.pdf"


def test_what_was_typed_on_line_is_not_lost_to_an_import(folder: Path, capsys: Any, bureau: Person) -> None:
    run(["import", "pages", str(folder)])
    written = queries.written("sans-video")
    actions.revise(written, content(title="Corrigée"), on=1, actor=bureau, at=timezone.localtime())
    capsys.readouterr()
    assert run(["import", "pages", str(folder)]) == 1
    assert "sans-video.md : la page « sans-video » a été modifiée en ligne" in capsys.readouterr().err
    assert queries.written("sans-video").last.content.title == "Corrigée"
    assert run(["import", "pages", str(folder), "--replace"]) == 0
    assert queries.written("sans-video").last.content.title == "Sans rien"
    assert [one.number for one in queries.revisions(written)] == [3, 2, 1]


def test_the_public_reads_what_was_published_and_no_more(bureau: Person) -> None:
    at = timezone.localtime()
    written = actions.write("une-page", content(), actor=bureau, at=at)
    with pytest.raises(LookupError):
        queries.shown("une-page")
    actions.publish(written, actor=bureau, at=at)
    actions.revise(written, content(text="Brouillon."), on=1, actor=bureau, at=at)
    assert queries.shown("une-page").content.text == "Bonjour."
    assert queries.written("une-page").ahead
    actions.publish(written, actor=bureau, at=at)
    assert queries.shown("une-page").content.text == "Brouillon."
    actions.withdraw(queries.written("une-page"), "Elle est fausse.", actor=bureau, at=at)
    assert queries.shown("une-page").gone
    assert "une-page" not in {one.page.slug for one in queries.published()}
    verbs = Entry.objects.filter(object_type="catalogue.informationpage", object_label="une-page").order_by("pk")
    assert [entry.verb for entry in verbs] == ["write", "publish", "save", "publish", "withdraw"]


def test_a_video_without_its_transcript_is_not_published(bureau: Person) -> None:
    at = timezone.localtime()
    written = actions.write("video", content(video="https://a.fr/1.mp4"), actor=bureau, at=at)
    with pytest.raises(Refused, match="transcription"):
        actions.publish(written, actor=bureau, at=at)
    whole = content(video="https://a.fr/1.mp4", transcript="Bonjour.", licence="CC BY 4.0")
    actions.publish(actions.revise(written, whole, on=1, actor=bureau, at=at), actor=bureau, at=at)


def test_two_people_who_write_at_once_do_not_lose_a_text(bureau: Person) -> None:
    at = timezone.localtime()
    written = actions.write("une-page", content(), actor=bureau, at=at)
    actions.revise(written, content(text="La mienne."), on=1, actor=bureau, at=at)
    with pytest.raises(actions.Stale) as stale:
        actions.revise(written, content(text="La tienne."), on=1, actor=bureau, at=at)
    assert stale.value.theirs.content.text == "La mienne."
    assert queries.written("une-page").last.content.text == "La mienne."


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": " "}, "title"),
        ({"video": "http://a.fr/1"}, "video"),
        ({"document": "/pdf/un.pdf"}, "document"),
        ({"licence_address": "https://"}, "licence_address"),
        ({"areas": ("1.1",)}, "areas"),
        ({"captions": "1\n00:00:01,000 --> 00:00:02,000\nBonjour"}, "captions"),
        ({"captions": "WEBVTT\n\n00:02.000 --> 00:01.000\nBonjour\n"}, "captions"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_what_cannot_be_saved_says_where(bureau: Person, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(Invalid) as invalid:
        actions.write("une-page", content(**changes), actor=bureau, at=timezone.localtime())
    assert set(invalid.value.errors) == {name}
    assert not InformationPage.objects.filter(slug="une-page").exists()
