"""The pages of communication supports: begun, written, given their files, read, decided; every role in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from files_given import HONEST, VTT, picture

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import reviewing, supports
from traam.programme.productions.actions.supports import SupportContent
from traam.programme.productions.models import Support

TYPED = {
    "title": "Débattre en classe : l'essentiel en une page",
    "summary": "Ce que change un mur collaboratif dans un débat.",
    "address": "",
    "alternative": "Trois étapes : préparer, débattre, garder une trace.",
    "authors": "",
    "licence": "CC-BY-SA",
    "rights_checked": "on",
}


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def lyon() -> Group:
    """The group of Lyon that wrote scenarios, in a campaign whose cahier des charges has supports."""
    found = Group.objects.filter(application__academy="10", scenarios__isnull=False).distinct().order_by("pk")[0]
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return Group.objects.get(pk=found.pk)


def written(kind: str = "infographic", image: bytes = HONEST["png"]) -> Support:
    """A whole support of Lyon."""
    by: dict[str, Any] = {"actor": person("enseignante.lyon"), "at": timezone.localtime()}
    words = SupportContent(**{**TYPED, "rights_checked": True, "address": ""})
    if kind == "video":
        words = SupportContent(
            title="Débattre, en deux minutes",
            summary="Une classe raconte.",
            address="https://tube.exemple.fr/w/abc",
            transcript="On voit une classe. **Une élève** : « On ose parler. »",
            licence="CC-BY-SA",
            rights_checked=True,
        )
    made = supports.begin(lyon(), kind, words.title, **by)
    made = supports.save(made, words, revision=made.revision, **by)
    if kind == "video":
        return supports.set_captions(made, ("st.vtt", VTT), **by)
    return supports.set_file(made, ("affiche.png", image), **by)


def file(name: str, data: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


@pytest.mark.django_db
def test_it_is_begun_from_the_group_written_deposited_and_submitted() -> None:
    group, client = lyon(), signed_in("referent.lyon")
    front = client.get(f"/atelier/groupes/{group.pk}").content.decode()
    assert f"/atelier/groupes/{group.pk}/supports" in front and "Aucun support" in front
    begun = client.post(f"/atelier/groupes/{group.pk}/supports", {"kind": "infographic", "title": "Débattre"})
    support = Support.objects.get()
    assert begun["Location"] == f"/atelier/supports/{support.pk}"
    page = client.get(f"/atelier/supports/{support.pk}").content.decode()
    assert "Il manque encore" in page and f"/atelier/supports/{support.pk}/deposer/fichier" in page
    assert client.post(f"/atelier/supports/{support.pk}/modifier", TYPED | {"revision": 1}).status_code == 302
    client.post(f"/atelier/supports/{support.pk}/deposer/fichier", file("a.png", HONEST["png"]))
    page = client.get(f"/atelier/supports/{support.pk}").content.decode()
    assert 'alt="Trois étapes : préparer, débattre, garder une trace."' in page.replace("\xa0", " ")
    assert "Il manque encore" not in page
    client.post(f"/atelier/supports/{support.pk}/etat/submit", {"comment": "Le voici."})
    support.refresh_from_db()
    assert (support.state, support.version) == ("submitted", 1)
    assert support.title in client.get(f"/atelier/groupes/{group.pk}").content.decode().replace("&#39;", "'").replace(
        "\xa0", " "
    )


@pytest.mark.django_db
def test_the_inspector_sees_it_whole_and_validates_it() -> None:
    support = written()
    reviewing.move(support, "submit", actor=person("referent.lyon"), at=timezone.localtime())
    client = signed_in("inspecteur.lyon")
    page = client.get(f"/evaluation/supports/{support.pk}").content.decode()
    assert f"/atelier/supports/{support.pk}/fichiers/{support.file}" in page and "Ce que montre l" in page
    client.post(f"/evaluation/supports/{support.pk}", {"verb": "validate", "comment": ""})
    assert Support.objects.get().state == "validated"


@pytest.mark.django_db
def test_a_video_is_never_loaded_from_elsewhere() -> None:
    support = written("video")
    answer = signed_in("referent.lyon").get(f"/atelier/supports/{support.pk}")
    page = answer.content.decode()
    assert 'href="https://tube.exemple.fr/w/abc"' in page and "<strong>Une élève</strong>" in page
    assert "<iframe" not in page and "<video" not in page and 'src="https://' not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [("enseignante.lyon", 200), ("inspecteur.lyon", 200), ("dan.lyon", 200), ("bureau", 200), ("dan.lille", 403)],
)
def test_it_is_read_by_those_who_follow_the_group(who: str, status: int) -> None:
    support = written()
    client = signed_in(who)
    for address in ("", f"/fichiers/{support.file}"):
        assert client.get(f"/atelier/supports/{support.pk}{address}").status_code == status
    assert client.get(f"/atelier/supports/{support.pk}/fichiers/{'0' * 64}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["dan.lyon", "inspecteur.lyon", "bureau", "dan.lille"])
def test_only_the_group_writes_it(who: str) -> None:
    support, client = written(), signed_in(who)
    begun = client.post(f"/atelier/groupes/{support.group_id}/supports", {"kind": "other", "title": "Intrus"})
    saved = client.post(f"/atelier/supports/{support.pk}/modifier", TYPED | {"revision": 2, "title": "Intrus"})
    given = client.post(f"/atelier/supports/{support.pk}/deposer/fichier", file("a.jpg", HONEST["jpg"]))
    gone = client.post(f"/atelier/supports/{support.pk}/retirer/fichier")
    assert {begun.status_code, saved.status_code, given.status_code, gone.status_code} == {403}
    stored = Support.objects.get()
    assert (stored.title, stored.file) == (support.title, support.file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "what", "name", "data", "said"),
    [
        ("infographic", "fichier", "a.png", b"<svg xmlns='x'></svg>", "SVG"),
        ("infographic", "fichier", "a.png", HONEST["mp4"], "ne convient pas ici"),
        ("infographic", "fichier", "a.png", b"", "vide"),
        ("video", "sous-titres", "a.vtt", b"bonjour", "pas d&#39;un type accept"),
        ("video", "sous-titres", "a.vtt", b"WEBVTT\n\n00:04.000 --> 00:01.000\nA\n", "ligne 3"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(kind: str, what: str, name: str, data: bytes, said: str) -> None:
    support = written(kind)
    answer = signed_in("enseignante.lyon").post(f"/atelier/supports/{support.pk}/deposer/{what}", file(name, data))
    assert answer.status_code == 422 and said in answer.content.decode()
    stored = Support.objects.get()
    assert (stored.file, stored.captions) == (support.file, support.captions)


@pytest.mark.django_db
def test_a_video_has_no_file_and_an_image_no_captions() -> None:
    client = signed_in("enseignante.lyon")
    assert client.get(f"/atelier/supports/{written('video').pk}/deposer/fichier").status_code == 404
    assert client.get(f"/atelier/supports/{written().pk}/deposer/sous-titres").status_code == 404


@pytest.mark.django_db
def test_a_file_is_taken_away_once_asked() -> None:
    support, client = written(), signed_in("enseignante.lyon")
    asked = client.get(f"/atelier/supports/{support.pk}/retirer/fichier")
    assert "Retirer le fichier" in asked.content.decode() and Support.objects.get().file
    client.post(f"/atelier/supports/{support.pk}/retirer/fichier")
    assert Support.objects.get().file == ""
    assert client.get(f"/atelier/supports/{support.pk}/fichiers/{support.file}").status_code == 404


@pytest.mark.django_db
def test_two_authors_both_find_their_words() -> None:
    support, client = written(), signed_in("enseignante.lyon")
    late = TYPED | {"summary": "Mes mots à moi.", "revision": support.revision - 1}
    answer = client.post(f"/atelier/supports/{support.pk}/modifier", late)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mes mots à moi." in page and TYPED["summary"] in page
    assert Support.objects.get().summary == TYPED["summary"]
    again = client.post(f"/atelier/supports/{support.pk}/modifier", late | {"revision": support.revision})
    assert again.status_code == 302 and Support.objects.get().summary == "Mes mots à moi."


@pytest.mark.django_db
def test_what_was_typed_on_a_support_that_left_can_still_be_copied() -> None:
    support = written()
    reviewing.move(support, "submit", actor=person("referent.lyon"), at=timezone.localtime())
    late = TYPED | {"summary": "Trop tard.", "revision": support.revision}
    answer = signed_in("enseignante.lyon").post(f"/atelier/supports/{support.pk}/modifier", late)
    assert answer.status_code == 409 and "Trop tard." in answer.content.decode()


@pytest.mark.django_db
def test_bad_words_are_refused_and_stay_in_the_form() -> None:
    support = written("video")
    typed = {"title": "", "address": "http://tube.exemple.fr/w/a", "summary": "Ce que j'écrivais."}
    answer = signed_in("enseignante.lyon").post(f"/atelier/supports/{support.pk}/modifier", typed | {"revision": 2})
    assert answer.status_code == 422 and "Ce que j&#39;écrivais." in answer.content.decode()
    answer = signed_in("enseignante.lyon").post(
        f"/atelier/supports/{support.pk}/modifier", typed | {"title": "A", "revision": 2}
    )
    assert answer.status_code == 422 and "commence par https://" in answer.content.decode().replace("\xa0", " ")


@pytest.mark.django_db
def test_an_edition_without_supports_shows_none() -> None:
    group = lyon()
    Campaign.objects.filter(themes__applications=group.application).update(edition_id="traam-2020")
    client = signed_in("referent.lyon")
    assert "Supports de communication" not in client.get(f"/atelier/groupes/{group.pk}").content.decode()
    refused = client.get(f"/atelier/groupes/{group.pk}/supports")
    assert refused.status_code == 403 and "ne prévoit pas de support" in refused.content.decode()


@pytest.mark.django_db
def test_the_page_takes_few_queries(django_assert_max_num_queries: Callable[..., Any]) -> None:
    support, client = written(), signed_in("referent.lyon")
    client.get(f"/atelier/supports/{support.pk}")
    with django_assert_max_num_queries(22):
        client.get(f"/atelier/supports/{support.pk}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_supports_are_readable_by_everyone(
    demonstration: None, live_server: Any, browser_page: Callable[..., Any], axe: Callable[..., list[str]]
) -> None:
    wide = picture("PNG", (2400, 900))
    image, film = written("infographic", wide), written("video")
    Support.objects.filter(pk=image.pk).update(title="Anticonstitutionnellement" * 6)
    group = image.group_id
    addresses = [f"/atelier/groupes/{group}", f"/atelier/groupes/{group}/supports"]
    addresses += [f"/atelier/supports/{one.pk}{end}" for one in (image, film) for end in ("", "/modifier")]
    addresses += [f"/atelier/supports/{image.pk}/deposer/fichier", f"/atelier/supports/{image.pk}/retirer/fichier"]
    addresses += [f"/atelier/supports/{film.pk}/deposer/sous-titres"]
    reviewing.move(written(), "submit", actor=person("referent.lyon"), at=timezone.localtime())
    reviewed = Support.objects.get(state="submitted")
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser_page(width=width, scheme=scheme)
        for who, seen in (("referent.lyon", addresses), ("inspecteur.lyon", [f"/evaluation/supports/{reviewed.pk}"])):
            cookie = signed_in(who).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            for address in seen:
                assert page.goto(live_server.url + address).status == 200, address
                assert axe(page) == [], (address, width)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
