"""Communication supports: written by the group, deposited or linked, usable by everyone, read by the inspector."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from files_given import HONEST, VTT

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.gateways import storage
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions import kinds, support_rules
from traam.programme.productions.actions import reviewing, supports
from traam.programme.productions.actions.supports import SupportContent
from traam.programme.productions.models import Support
from traam.programme.productions.queries import supports as queries
from traam.programme.productions.queries.pieces import files_wanted, weight

pytestmark = pytest.mark.django_db

WORDS = SupportContent(
    title="Débattre en classe : l'essentiel en une page",
    summary="Ce que change un mur collaboratif dans un débat.",
    alternative="Trois étapes : préparer, débattre, garder une trace.",
    licence="CC-BY-SA",
    rights_checked=True,
)
FILM = SupportContent(
    title="Débattre, en deux minutes",
    summary="Une classe raconte.",
    address="https://tube.exemple.fr/w/abc",
    transcript="On y voit une classe. **Une élève** : « On ose parler. »",
    licence="CC-BY-SA",
    rights_checked=True,
)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def by(at: datetime) -> dict[str, Any]:
    return {"actor": person("enseignante.lyon"), "at": at}


@pytest.fixture
def group() -> Group:
    """The group of Lyon, in a campaign whose cahier des charges has supports."""
    found = Group.objects.filter(application__academy="10", scenarios__isnull=False).distinct().first()
    assert found is not None
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return find_group(found.pk)


def made(group: Group, kind: str, content: SupportContent, by: dict[str, Any]) -> Support:
    support = supports.begin(group, kind, content.title, **by)
    return supports.save(support, content, revision=support.revision, **by)


def lacking(support: Support) -> set[str]:
    return {finding.fact for finding in support_rules.breaches(queries.support(support.pk))}


def test_a_support_is_begun_by_its_title_and_says_what_it_lacks(group: Group, by: dict[str, Any]) -> None:
    support = supports.begin(group, "infographic", "  Débattre ", **by)
    assert (support.title, support.state, support.kind) == ("Débattre", "draft", "infographic")
    assert lacking(support) == {"summary", "licence", "rights_checked", "file", "alternative"}
    entry = Entry.objects.filter(object_type="productions.support", object_id=str(support.pk)).get()
    assert (entry.verb, entry.data["kind"]) == ("begin", "infographic")


def test_an_edition_without_supports_refuses_them(group: Group, by: dict[str, Any]) -> None:
    Campaign.objects.filter(themes__applications=group.application).update(edition_id="traam-2020")
    with pytest.raises(Refused, match="ne prévoit pas de support de communication"):
        supports.begin(find_group(group.pk), "infographic", "Débattre", **by)


@pytest.mark.parametrize("who", ["dan.lille", "inspecteur.lyon", "dan.lyon", "bureau"])
def test_only_the_group_makes_its_supports(group: Group, at: datetime, who: str) -> None:
    with pytest.raises(Refused, match="faits par ses membres"):
        supports.begin(group, "infographic", "Débattre", actor=person(who), at=at)


def test_a_group_that_has_ended_begins_none(group: Group, by: dict[str, Any]) -> None:
    Group.objects.filter(pk=group.pk).update(state="ended")
    with pytest.raises(Refused, match="terminé"):
        supports.begin(group, "infographic", "Débattre", **by)


def test_bad_words_are_refused_with_a_sentence_each(group: Group, by: dict[str, Any]) -> None:
    support = supports.begin(group, "video", "Débattre", **by)
    bad = SupportContent(title=" ", summary="x" * 1_501, address="http://tube.exemple.fr/w/a", licence="INCONNUE")
    with pytest.raises(Invalid) as refused:
        supports.save(support, bad, revision=support.revision, **by)
    assert set(refused.value.errors) == {"title", "summary", "address", "licence"}
    assert "https://" in refused.value.errors["address"][0]
    support.refresh_from_db()
    assert (support.title, support.revision) == ("Débattre", 1)
    for address in ("javascript:alert(1)", "https://u:p@tube.exemple.fr/", "https://tube exemple.fr"):
        with pytest.raises(Invalid):
            supports.save(support, SupportContent("A", address=address), revision=1, **by)
    with pytest.raises(Invalid, match="nature"):
        supports.begin(group, "film", "Débattre", **by)


def test_a_stale_save_gives_back_what_was_stored(group: Group, by: dict[str, Any]) -> None:
    support = made(group, "infographic", WORDS, by)
    with pytest.raises(supports.StaleSupport) as stale:
        supports.save(support, SupportContent("Autre"), revision=support.revision - 1, **by)
    assert stale.value.stored.title == WORDS.title


def test_an_infographic_is_whole_with_its_image_and_what_it_shows(group: Group, by: dict[str, Any]) -> None:
    support = made(group, "infographic", WORDS, by)
    assert lacking(support) == {"file"}
    support = supports.set_file(support, ("../../Mon affiche.PNG", HONEST["png"]), **by)
    assert (support.filename, lacking(support)) == ("Mon affiche.png", set())
    assert weight(group) >= support.size > 0
    blind = supports.save(support, SupportContent(**{**vars(WORDS), "alternative": " "}), revision=2, **by)
    assert lacking(blind) == {"alternative"}


def test_an_address_does_as_well_as_a_file(group: Group, by: dict[str, Any]) -> None:
    linked = SupportContent(**{**vars(WORDS), "address": "https://digimindmap.exemple.fr/#/m/abc"})
    assert lacking(made(group, "mind_map", linked, by)) == set()


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("infographic", HONEST["mp4"], "ne convient pas ici"),
        ("infographic", b"<svg onload=alert(1)></svg>", "SVG"),
        ("infographic", b"MZ" + bytes(100), "programme"),
        ("infographic", b"", "vide"),
        ("mind_map", HONEST["docx"], "ne convient pas ici"),
        ("video", HONEST["mp4"], "PeerTube"),
        ("other", HONEST["vtt"], "ne convient pas ici"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    group: Group, by: dict[str, Any], kind: str, data: bytes, said: str, tmp_path: Path
) -> None:
    support = supports.begin(group, kind, "Débattre", **by)
    with pytest.raises(Invalid, match=said):
        supports.set_file(support, ("affiche.png", data), **by)
    assert not list(tmp_path.rglob("documents/??/*"))
    assert Support.objects.get(pk=support.pk).file == ""


def test_a_video_needs_an_address_captions_and_a_transcript(group: Group, by: dict[str, Any]) -> None:
    support = supports.begin(group, "video", FILM.title, **by)
    assert {"address", "captions", "transcript"} <= lacking(support)
    support = supports.save(support, FILM, revision=1, **by)
    assert lacking(support) == {"captions"}
    support = supports.set_captions(support, ("st.vtt", VTT), **by)
    assert lacking(support) == set()
    support = supports.remove_captions(support, **by)
    silent = SupportContent(**{**vars(FILM), "no_speech": "Personne ne parle : la musique accompagne les images."})
    assert lacking(supports.save(support, silent, revision=2, **by)) == set()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"1\n00:00:01,000 --> 00:00:04,000\nBonjour\n", "type accept"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\né\n".encode("latin-1"), "UTF-8"),
        (b"WEBVTT\n\n00:04.000 --> 00:01.000\nA rebours\n", "ligne 3"),
        (b"WEBVTT\n\nNOTE 00:01.000 --> 00:04.000\nCach\xc3\xa9\n", "vides"),
        (HONEST["png"], "ne convient pas ici"),
        (b"WEBVTT\n\n" + b"x" * 1_000_001, "1 Mo"),
    ],
)
def test_captions_that_would_not_be_read_are_refused(group: Group, by: dict[str, Any], data: bytes, said: str) -> None:
    support = supports.begin(group, "video", "Débattre", **by)
    with pytest.raises(Invalid, match=said):
        supports.set_captions(support, ("st.vtt", data), **by)
    assert Support.objects.get(pk=support.pk).captions == ""


def test_captions_are_for_videos(group: Group, by: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="Seule une vidéo"):
        supports.set_captions(supports.begin(group, "other", "A", **by), ("st.vtt", VTT), **by)


def test_a_version_keeps_its_file_when_the_support_takes_another(
    group: Group, by: dict[str, Any], at: datetime
) -> None:
    support = supports.set_file(made(group, "infographic", WORDS, by), ("a.png", HONEST["png"]), **by)
    first = support.file
    referent: dict[str, Any] = {"actor": person("referent.lyon"), "at": at}
    reviewing.move(support, "submit", **referent)
    with pytest.raises(Refused):
        supports.set_file(support, ("b.jpg", HONEST["jpg"]), **by)
    reviewing.move(support, "take_back", **referent)
    changed = supports.set_file(support, ("b.jpg", HONEST["jpg"]), **by)
    assert {first, changed.file} <= set(files_wanted())
    storage.sweep(files_wanted(), before=timezone.now() + timedelta(days=2))
    assert queries.stored_file(support.pk, first).filename == "a.png"
    with storage.reading(first) as file:
        assert file.read(4) == b"\x89PNG"
    supports.remove_file(changed, **by)
    storage.sweep(files_wanted(), before=timezone.now() + timedelta(days=2))
    with pytest.raises(storage.Lost):
        storage.reading(changed.file)


def test_it_is_submitted_whole_and_validated_by_the_inspector(group: Group, by: dict[str, Any], at: datetime) -> None:
    support = made(group, "infographic", WORDS, by)
    referent = person("referent.lyon")
    with pytest.raises(Invalid, match="pas encore là"):
        reviewing.move(support, "submit", actor=referent, at=at)
    supports.set_file(support, ("a.png", HONEST["png"]), **by)
    reviewing.move(support, "submit", actor=referent, at=at)
    titles = [part.title for part in kinds.read(queries.support(support.pk))]
    assert titles == ["Titre", "Résumé", "Fichier", "Ce que montre l'image", "Licence"]
    done = reviewing.move(support, "validate", actor=person("inspecteur.lyon"), at=at)
    assert (done.state, done.version) == ("validated", 1)


def test_a_link_to_a_social_network_is_a_breach(group: Group, by: dict[str, Any]) -> None:
    shared = SupportContent(**{**vars(WORDS), "address": "https://www.instagram.com/p/abc"})
    assert "social_links" in lacking(made(group, "infographic", shared, by))


def test_reading_one_takes_few_queries_however_many_there_are(group: Group, by: dict[str, Any]) -> None:
    counts = []
    for n in (1, 5):
        for _ in range(n):
            last = supports.begin(group, "other", "Débattre", **by)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            support_rules.breaches(queries.support(last.pk))
            queries.of_group(group)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6
