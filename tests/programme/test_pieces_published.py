"""The pieces of a scenario follow it: into its versions, to the groups that try it, on its public page, no further."""

import os
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from files_given import PDF, VTT, of_a_phone, picture
from publication_ready import ready

from traam.config import daily
from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid
from traam.gateways import storage
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Member
from traam.programme.people.models import Person
from traam.programme.productions import actions, queries, rules
from traam.programme.productions.actions import pieces as verbs
from traam.programme.productions.actions.pieces import Rights
from traam.programme.productions.actions.scenarios import Content, snapshot
from traam.programme.productions.models import Piece, Scenario, Support, Version

pytestmark = pytest.mark.django_db
AT = timezone.localtime()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


@pytest.fixture
def scenario() -> Scenario:
    """A scenario of Lyon, taken back, with an image that its text shows, a file and an address."""
    found = queries.scenario(Scenario.objects.get(state="submitted", title__startswith="Réviser").pk)
    actions.move(found, "take_back", actor=who("referent.lyon"), at=AT)
    found.pieces.all().delete()
    image, _, _ = (
        add(found, "La frise", of_a_phone(), alternative="Une frise de 1914 à 1918"),
        add(found, "Fiche élève", PDF, licence="CC-BY", holder="Le groupe"),
        add(found, "Outil", address="https://exemple.fr/outil"),
    )
    write(found, context=f"Voici la frise.\n\n![Quatre dates sur une ligne](fichier:{image.pk})")
    return queries.scenario(found.pk)


def add(scenario: Scenario, title: str, data: bytes = b"", address: str = "", **more: Any) -> Piece:
    file = ("été.pdf", data) if data else None
    rights = Rights(title=title, **more)
    return verbs.add_piece(scenario, rights, file=file, address=address, actor=who("enseignante.lyon"), at=AT)


def write(scenario: Scenario, **sections: str) -> None:
    stored = queries.scenario(scenario.pk)
    content = {name: value for name, value in snapshot(stored).items() if name in Content.__dataclass_fields__}
    content["sections"] = {**stored.sections, **sections}
    actions.save(stored, Content(**content), revision=stored.revision, actor=who("enseignante.lyon"), at=AT)  # type: ignore[arg-type]


def submit(scenario: Scenario) -> Scenario:
    return actions.submit(queries.scenario(scenario.pk), actor=who("referent.lyon"), at=AT)


def release(scenario: Scenario) -> Notice:
    read = actions.move(submit(scenario), "endorse", actor=who("inspecteur.lyon"), at=AT)
    actions.move(read, "confirm", actor=who("expert"), at=AT)
    ready(scenario, AT)
    return catalogue.release(scenario, actor=who("inspecteur.lyon"), at=AT)


def file_address(notice: Notice, title: str) -> str:
    piece = next(piece for piece in notice.pieces if piece["title"] == title)
    return reverse("public:notice_file", args=[notice.pk, piece["file"], piece["filename"]])


def test_a_version_has_its_pieces_word_for_word(scenario: Scenario) -> None:
    submit(scenario)
    kept = queries.last_version(scenario).content["pieces"]  # type: ignore[union-attr]
    assert [(piece["title"], piece["address"], piece["licence"]) for piece in kept] == [
        ("La frise", "", ""),
        ("Fiche élève", "", "CC-BY"),
        ("Outil", "https://exemple.fr/outil", ""),
    ]
    then = queries.as_submitted(scenario)
    assert then is not None and then.pieces_then == kept


def test_the_readers_see_the_images_and_the_files(client: Client, scenario: Scenario) -> None:
    submit(scenario)
    image = scenario.pieces.get(title="La frise")
    address = reverse("workshop:scenario_file", args=[scenario.pk, image.file])
    for name, page in (("referent.lyon", "workshop:scenario"), ("inspecteur.lyon", "review:scenario")):
        client.force_login(who(name))
        html = text(client.get(reverse(page, args=[scenario.pk])))
        assert f'<img src="{address}" alt="Quatre dates sur une ligne">' in html, name
        fiche = reverse("workshop:scenario_file", args=[scenario.pk, scenario.pieces.get(title="Fiche élève").file])
        assert f'href="{fiche}"' in html, name


def test_a_group_that_tries_it_reads_the_files_of_what_was_submitted_only(client: Client, scenario: Scenario) -> None:
    theme = scenario.group.application.theme
    others = Member.objects.filter(group__application__theme=theme, until=None).exclude(group=scenario.group)
    client.force_login(others.filter(role="referent").order_by("pk")[0].person)
    fiche = scenario.pieces.get(title="Fiche élève")
    address = reverse("workshop:scenario_file", args=[scenario.pk, fiche.file])
    first = Version.objects.filter(review=scenario.review).count()
    assert first and client.get(address).status_code == 403, "not submitted with its pieces yet"
    submit(scenario)
    assert client.get(address).status_code == 200
    assert "Fiche élève" in text(client.get(reverse("workshop:scenario", args=[scenario.pk])))
    actions.move(queries.scenario(scenario.pk), "take_back", actor=who("referent.lyon"), at=AT)
    new = add(scenario, "Brouillon", PDF + b"\n")
    assert client.get(reverse("workshop:scenario_file", args=[scenario.pk, new.file])).status_code == 403


def test_the_public_page_gives_the_pieces(client: Client, scenario: Scenario) -> None:
    notice = release(scenario)
    page = text(client.get(f"/notices/{notice.pk}"))
    image, fiche = file_address(notice, "La frise"), file_address(notice, "Fiche élève")
    assert f'<img src="{image}" alt="Quatre dates sur une ligne">' in page
    assert f'href="{fiche}"' in page and "Fiche élève" in page and "PDF, " in page
    assert 'href="https://exemple.fr/outil"' in page and "creativecommons.org" in page
    assert notice.links == ["https://exemple.fr/outil"]
    assert who("enseignante.lyon").name not in page, "who added a piece is not published"
    for address, media_type in ((image, "image/jpeg"), (fiche, "application/pdf")):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, media_type)
        assert (
            response["X-Content-Type-Options"] == "nosniff"
            and "default-src 'none'" in response["Content-Security-Policy"]
        )
        assert response["Cache-Control"] == "public, max-age=3600" and "Set-Cookie" not in response
    assert client.get(f"/notices/{notice.pk}/fichiers/{'0' * 64}/a.pdf").status_code == 404
    assert client.get(fiche.replace(".pdf", ".html")).status_code == 404
    other = Notice.objects.exclude(pk=notice.pk).first()
    assert other is not None
    assert client.get(fiche.replace(f"/{notice.pk}/", f"/{other.pk}/")).status_code == 404


def test_a_notice_withdrawn_withdraws_its_files(client: Client, scenario: Scenario) -> None:
    notice = release(scenario)
    fiche = file_address(notice, "Fiche élève")
    catalogue.withdraw(scenario, reason="Un élève y est nommé.", actor=who("inspecteur.lyon"), at=AT)
    gone = client.get(fiche)
    assert gone.status_code == 410 and "Un élève y est nommé." in text(gone)


def test_a_lost_file_is_said_to_be(client: Client, scenario: Scenario, media: Path) -> None:
    notice = release(scenario)
    for path in media.glob("??/*"):
        path.unlink()
    missing = client.get(file_address(notice, "Fiche élève"))
    assert missing.status_code == 404 and "pas là" in text(missing)


def aged(media: Path) -> None:
    old = (AT - timedelta(days=3)).timestamp()
    for path in media.glob("??/*"):
        os.utime(path, (old, old))


def test_a_file_stays_as_long_as_anything_speaks_of_it(scenario: Scenario, media: Path) -> None:
    notice = release(scenario)
    actions.move(queries.scenario(scenario.pk), "reopen", actor=who("referent.lyon"), at=AT)
    fiche, alone = (
        scenario.pieces.get(title="Fiche élève"),
        add(scenario, "Jamais soumise", picture("PNG"), decorative=True),
    )
    support = Support.objects.filter(pk=-1)  # none in the demonstration has a file
    assert not support.exists()
    for piece in (fiche, alone):
        verbs.withdraw_piece(piece, actor=who("referent.lyon"), at=AT)
    aged(media)
    daily.sweep(at=AT)
    with storage.reading(fiche.file):
        pass
    with pytest.raises(storage.Lost):
        storage.reading(alone.file)
    # Nothing but the notice and its version speaks of it any more.
    Version.objects.filter(review=scenario.review).update(content={})
    scenario.releases.update(content={})
    aged(media)
    daily.sweep(at=AT)
    with storage.reading(fiche.file):
        pass
    Notice.objects.filter(pk=notice.pk).update(pieces=[])
    notice.versions.update(content={})
    daily.sweep(at=AT)
    with pytest.raises(storage.Lost):
        storage.reading(fiche.file)


def test_whatever_keeps_files_is_asked_which_it_wants(media: Path) -> None:
    """A model that has a file is one of those the sweep knows of: the rows of each keep their files."""
    names = {"file", "captions"}
    having = {
        f"{model._meta.app_label}.{model._meta.model_name}"
        for model in apps.get_models()
        if names & {field.name for field in model._meta.get_fields()}
    }
    assert having == {"groups.document", "productions.piece", "productions.moduleactivity", "productions.support"}
    captions = storage.keep(VTT)
    group = Scenario.objects.all()[0].group
    review = import_module("traam.programme.productions.models").Review.objects.create(opened_at=AT)
    Support.objects.create(
        group=group, review=review, title="x", captions=captions, created_by=who("bureau"), created_at=AT, changed_at=AT
    )
    aged(media)
    daily.sweep(at=AT)
    with storage.reading(captions) as file:
        assert file.read() == VTT


def test_an_image_without_words_is_refused_where_it_is(scenario: Scenario) -> None:
    image = scenario.pieces.get(title="La frise")
    for typed, said in (
        (f"![](fichier:{image.pk})", "Dites ce que montre l'image « La frise »"),
        ("![x](fichier:999999)", "n'est pas parmi les pièces"),
        (f"![x](fichier:{scenario.pieces.get(title='Fiche élève').pk})", "n'est pas une image"),
    ):
        with pytest.raises(Invalid) as invalid:
            write(scenario, steps=typed)
        assert list(invalid.value.errors) == ["steps"] and said in invalid.value.errors["steps"][0]
    write(scenario, steps="![Ailleurs](https://exemple.fr/a.png) [un lien](https://exemple.fr)")
    verbs.change_piece(image, Rights(title="La frise", decorative=True), actor=who("referent.lyon"), at=AT)
    write(scenario, context="", steps=f"![](fichier:{image.pk})")


def test_an_address_of_a_social_network_is_seen_among_the_pieces(scenario: Scenario) -> None:
    assert rules.facts(queries.scenario(scenario.pk), 0)["social_links"] == 0
    add(scenario, "Compte", address="https://www.facebook.com/groupe")
    assert rules.facts(queries.scenario(scenario.pk), 0)["social_links"] == 1


def test_links_of_before_become_pieces() -> None:
    """What the migration makes of a content."""
    turned = import_module("traam.programme.productions.migrations.0008_links_are_pieces")
    found = turned.pieces_in(
        {"links": ["https://exemple.fr/a/fiche.pdf", "https://exemple.fr"]}, {"https://exemple.fr": 7}
    )
    assert [(piece["id"], piece["title"], piece["address"]) for piece in found] == [
        (0, "exemple.fr : fiche.pdf", "https://exemple.fr/a/fiche.pdf"),
        (7, "exemple.fr", "https://exemple.fr"),
    ]
    assert set(found[0]) == set(
        re.findall(r'"(\w+)": piece\.', Path(queries.pieces.__file__).read_text(encoding="utf-8"))
    )
