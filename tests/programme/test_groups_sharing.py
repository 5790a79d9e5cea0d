"""Notes of progress, the watch of a theme, documents and their files."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import files_given
import pytest
from django.utils import timezone

from traam.config import daily
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.gateways import storage
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Document, Group, Member, ProgressNote, WatchItem
from traam.programme.groups.rules import rights
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
AT = timezone.localtime()
PDF = ("Grille.pdf", files_given.PDF)


@pytest.fixture(autouse=True)
def nothing_shared_yet(db: None) -> None:
    """The demonstration shares some; these tests count their own."""
    for model in (ProgressNote, WatchItem, Document):
        model.objects.all().delete()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def lyon() -> Group:
    return queries.group(Group.objects.filter(application__academy="10").order_by("pk")[0].pk)


@pytest.fixture
def lille(lyon: Group) -> Group:
    """A group of the same theme, elsewhere."""
    theme = lyon.application.theme
    return queries.group(Group.objects.get(application__academy="09", application__theme=theme).pk)


def note(group: Group, mood: str = "on_time", at: Any = AT, **more: Any) -> ProgressNote:
    referent = Member.objects.get(group=group, role="referent", until=None).person
    return actions.write_note(group, mood=mood, text="Nous avançons.", actor=referent, at=at, **more)


def test_a_note_is_corrected_by_its_author_within_a_day(lyon: Group) -> None:
    written = note(lyon)
    actions.change_note(written, mood="fragile", text="Moins bien.", actor=who("referent.lyon"), at=AT)
    written.refresh_from_db()
    assert (written.mood, written.text) == ("fragile", "Moins bien.")
    for actor, at, said in (
        ("inspecteur.lyon", AT, "par qui l'a écrite"),
        ("referent.lyon", AT + timedelta(days=1, minutes=1), "plus d'un jour"),
    ):
        with pytest.raises(Refused, match=said):
            actions.change_note(written, mood="late", text="Non.", actor=who(actor), at=at)
    assert [e.verb for e in Entry.objects.order_by("-pk")[:2]] == ["change_note", "write_note"]


def test_a_need_of_help_is_told_once_to_who_may_help(lyon: Group) -> None:
    Item.objects.all().delete()
    written = note(lyon, need="Une salle")

    def waiting() -> list[Item]:
        return list(Item.objects.filter(settled_at=None, letter=None).select_related("to"))

    assert {item.to for item in waiting()} == {who("inspecteur.lyon"), who("dan.lyon")}
    assert all("« Une salle »" in item.text and item.address.endswith("/avancement") for item in waiting())
    later, referent = AT + timedelta(hours=1), who("referent.lyon")
    actions.change_note(written, mood="late", text="Mieux.", need="Deux salles", actor=referent, at=later)
    assert [item.text[-15:] for item in waiting()] == ["« Deux salles »"] * 2
    actions.change_note(written, mood="on_time", text="Mieux.", actor=referent, at=later + timedelta(hours=1))
    assert waiting() == [], "what was mended before the digest left is told to nobody"


def test_a_note_says_what_is_wrong_with_it_and_writes_nothing(lyon: Group) -> None:
    with pytest.raises(Invalid) as invalid:
        actions.write_note(lyon, mood="ok", text="x" * 1001, need="x" * 501, actor=who("referent.lyon"), at=AT)
    assert set(invalid.value.errors) == {"mood", "text", "need"}
    with pytest.raises(Refused):
        actions.write_note(lyon, mood="late", text="x", actor=who("enseignante.lyon"), at=AT)
    assert not ProgressNote.objects.exists()


def test_an_ended_group_is_read_only(lyon: Group) -> None:
    kept = actions.share_document(
        lyon, title="Grille", file=PDF, personal_data="none", actor=who("referent.lyon"), at=AT
    )
    Group.objects.filter(pk=lyon.pk).update(state="ended")
    with pytest.raises(Refused, match="terminé"):
        note(lyon)
    with pytest.raises(Refused, match="terminé"):
        share(lyon)
    with pytest.raises(Refused, match="terminé"):
        actions.withdraw_document(kept, actor=who("referent.lyon"), at=AT)
    assert policies.may_read_shared(who("dan.lyon"), queries.group(lyon.pk), AT)


def test_groups_that_go_badly_or_are_silent_come_first(lyon: Group, lille: Group) -> None:
    theme = lyon.application.theme
    others = [g.pk for g in queries.of_theme(theme) if g.pk not in {lyon.pk, lille.pk}]
    Group.objects.filter(pk__in=others).update(state="ended")
    Group.objects.update(opened_at=AT - timedelta(days=10))

    def listed(at: Any = AT) -> list[tuple[int, str | None, int]]:
        return [(g.pk, g.mood, g.silent) for g in queries.progress_of_theme(theme, at)]  # type: ignore[attr-defined]

    note(lyon, "late", AT - timedelta(hours=2))
    note(lyon, "on_time", AT - timedelta(hours=1))
    assert listed()[0][0] in {lyon.pk, lille.pk} and {row[2] for row in listed()} == {0}
    note(lille, "fragile")
    assert listed() == [(lille.pk, "fragile", 0), (lyon.pk, "on_time", 0)]
    note(lyon, "late", AT + timedelta(hours=1))
    assert listed() == [(lyon.pk, "late", 0), (lille.pk, "fragile", 0)]
    note(lille, "on_time", AT + timedelta(hours=1))
    note(lyon, "on_time", AT + timedelta(days=40))
    later = AT + timedelta(days=70)
    assert listed(later) == [(lille.pk, "on_time", 1), (lyon.pk, "on_time", 0)]
    assert [g.pk for g in queries.progress_of_campaign(theme.campaign, later)][-1] == lyon.pk, "all others are silent"


READERS = {
    "referent.lyon": True,
    "enseignante.lyon": True,
    "inspecteur.lyon": True,
    "dan.lyon": True,
    "expert": True,
    "inspection.generale": True,
    "bureau": True,
    "referent.lille": True,  # of the national group of the theme
    "dan.lille": False,
    "inspecteur.lille": False,
}


@pytest.mark.parametrize(("name", "reads"), READERS.items())
def test_who_reads_what_a_group_shares(lyon: Group, lille: Group, name: str, reads: bool) -> None:
    Member.objects.filter(group=lille, role="referent", until=None).update(person=who("referent.lille"))
    assert bool(policies.may_read_shared(who(name), lyon, AT)) is reads
    assert policies.may_read_watch(who(name), lyon.application.theme, AT), "the watch is for all the theme"


def test_people_of_another_theme_read_no_watch(lyon: Group) -> None:
    Member.objects.filter(person=who("referent.lille")).update(until=AT.date())
    assert not policies.may_read_watch(who("referent.lille"), lyon.application.theme, AT)
    assert not policies.may_follow_theme(who("enseignante.lyon"), lyon.application.theme, AT)


def share(group: Group, address: str = "https://eduscol.education.fr/ia", actor: str = "", **more: Any) -> WatchItem:
    by = who(actor) if actor else Member.objects.get(group=group, role="referent", until=None).person
    values = {"title": "L'IA à l'école", "why": "Un cadre.", "tags": "IA, cadre"} | more
    return actions.share_watch(group, address=address, actor=by, at=AT, **values)


def test_the_watch_is_that_of_the_theme_and_tells_duplicates(lyon: Group, lille: Group) -> None:
    share(lyon)
    with pytest.raises(Invalid, match="déjà dans la veille du thème : « L'IA à l'école »"):
        share(lille, "http://www.eduscol.education.fr/ia/?utm_source=lettre")
    share(lille, "https://a.fr/", title="Évaluer", tags="Ia ; Évaluation")
    theme = lyon.application.theme
    assert [item.tags for item in queries.watch_of_theme(theme)] == [["IA", "Évaluation"], ["IA", "cadre"]]
    assert [item.title for item in queries.watch_of_theme(theme, tag="evaluation")] == ["Évaluer"]
    assert [item.title for item in queries.watch_of_theme(theme, "ECOLE cadre")] == ["L'IA à l'école"]


def test_a_watch_says_what_is_wrong_with_it(lyon: Group) -> None:
    with pytest.raises(Invalid) as invalid:
        share(lyon, "javascript:alert(1)", title=" ", why="", tags="x" * 60)
    assert set(invalid.value.errors) == {"address", "title", "why", "tags"}
    with pytest.raises(Refused):
        share(lyon, actor="inspecteur.lyon")
    assert not WatchItem.objects.exists()


def test_who_shared_or_the_referent_takes_away(lyon: Group, lille: Group) -> None:
    item = queries.watch_item(share(lyon, actor="enseignante.lyon").pk)
    for name in ("inspecteur.lyon", "expert"):
        with pytest.raises(Refused):
            actions.remove_watch(item, actor=who(name), at=AT)
    actions.remove_watch(item, actor=who("referent.lyon"), at=AT)
    assert not WatchItem.objects.exists()
    assert Entry.objects.get(verb="remove_watch").data["address"] == "https://eduscol.education.fr/ia"


def test_a_file_is_kept_by_its_digest_and_its_rights_are_told(lyon: Group, media: Path) -> None:
    actor = who("enseignante.lyon")
    kept = actions.share_document(
        lyon, title="Grille", file=("../grille.exe", PDF[1]), personal_data="pupils", actor=actor, at=AT
    )
    assert (kept.filename, kept.size) == ("grille.exe.pdf", len(PDF[1]))
    with storage.reading(kept.file) as file:
        assert file.read() == PDF[1]
    assert len(rights.missing(kept)) == 3
    done = actions.complete_rights(
        kept, licence="CC-BY", terms_read_on=AT.date(), personal_data="none", actor=actor, at=AT
    )
    assert rights.missing(done) == []
    with pytest.raises(Invalid) as invalid:
        actions.complete_rights(
            kept, licence="X", terms_read_on=AT.date() + timedelta(1), personal_data="", actor=actor, at=AT
        )
    assert set(invalid.value.errors) == {"licence", "terms_read_on", "personal_data"}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({}, "file"),
        ({"file": ("a.pdf", b"<script>")}, "file"),
        ({"file": PDF, "address": "https://a.fr/"}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"file": PDF, "title": ""}, "title"),
    ],
)
def test_a_bad_document_writes_neither_row_nor_file(
    lyon: Group, media: Path, values: dict[str, Any], where: str
) -> None:
    given = {"title": "Grille", "personal_data": "none", **values}
    with pytest.raises(Invalid) as invalid:
        actions.share_document(lyon, actor=who("referent.lyon"), at=AT, **given)
    assert where in invalid.value.errors
    assert not Document.objects.exists() and not media.exists()


def test_a_group_keeps_no_more_than_its_share(lyon: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("traam.programme.groups.actions.documents.MOST_OF_A_GROUP", len(PDF[1]) + 1)
    keep = {"title": "Grille", "file": PDF, "personal_data": "none", "actor": who("referent.lyon"), "at": AT}
    actions.share_document(lyon, **keep)
    with pytest.raises(Invalid, match="pèsent déjà"):
        actions.share_document(lyon, **keep)


def test_files_of_no_document_are_taken_away_the_others_stay(lyon: Group, media: Path) -> None:
    actor = who("referent.lyon")
    one, two = (
        actions.share_document(
            lyon,
            title=t,
            file=(t, files_given.PDF.replace(b"Catalog", t.encode())),
            personal_data="none",
            actor=actor,
            at=AT,
        )
        for t in ("un", "deux")
    )
    fresh, orphan = storage.keep(b"about to be written down"), storage.keep(b"left by a death")
    actions.withdraw_document(two, actor=actor, at=AT)
    assert not policies.may_download(actor, queries.document(lyon.pk, two.pk), AT)
    old = (AT - timedelta(days=2)).timestamp()
    for name in (one.file, two.file, orphan):
        os.utime(media / name[:2] / name, (old, old))
    (media / "ab").mkdir(exist_ok=True)
    aside = media / "ab" / "aside-left"
    aside.write_bytes(b"half of a file")
    os.utime(aside, (old, old))
    assert daily.sweep(at=AT) == 3
    assert {path.name for path in media.glob("??/*")} == {one.file, fresh}
    with pytest.raises(storage.Lost):
        storage.reading(two.file)
    with pytest.raises(Refused, match="a été retiré"):
        actions.withdraw_document(two, actor=actor, at=AT)


def test_keeping_a_file_again_spares_it(media: Path) -> None:
    name = storage.keep(b"same")
    os.utime(media / name[:2] / name, (0, 0))
    assert storage.keep(b"same") == name
    assert storage.sweep([], before=AT - timedelta(days=1)) == 0
    for wrong in ("../../etc/passwd", "", "a" * 63):
        with pytest.raises(storage.Lost):
            storage.reading(wrong)
