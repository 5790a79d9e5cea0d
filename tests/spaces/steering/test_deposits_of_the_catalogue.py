"""Files given for the catalogue by the national team: shown, then written as they were shown, or not at all."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from traam import reference
from traam.engines import sheets
from traam.engines.workflow import Invalid, Refused
from traam.programme.catalogue import sheets_read
from traam.programme.catalogue.deposits import actions
from traam.programme.catalogue.models import Correspondence, Deposit, Notice, PublicTheme
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
TITLES = "Numéro de fiche;Titre;Résumé;Adresse de la ressource;Niveau"
QUARTER = "24254;Cartographier le quartier;Les élèves relèvent.;https://pedagogie.exemple.fr/quartier;6e"
GARDEN = "24255;Le jardin;Les élèves sèment.;https://pedagogie.exemple.fr/jardin;5e"
LIST = "/pilotage/catalogue/"


def given(*lines: str, name: str = "fiches.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([TITLES, *lines]).encode())


def text(answer: Any) -> str:
    """The page as read: one kind of space and of apostrophe."""
    told = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    return " ".join(told.replace("’", "'").replace("&#39;", "'").split())


def deposited(client: Any, file: SimpleUploadedFile, **more: Any) -> str:
    """The address of the preview of a file."""
    answer = client.post(reverse("steering:give_sheets"), {"file": file, **more})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def agree(client: Any, address: str) -> Any:
    stamp = client.get(address).content.decode().partition('name="stamp" value="')[2].partition('"')[0]
    return client.post(address, {"stamp": stamp}, follow=True)


def test_a_file_is_shown_line_by_line_then_written_once(sign_in: Any) -> None:
    client = sign_in("bureau")
    address = deposited(client, given(QUARTER, GARDEN))
    shown = text(client.get(address))
    assert "2 notices à ajouter, 0 à changer, 0 inchangée." in shown
    assert "Ligne 3</th> <td>Le jardin</td>" in shown
    assert not Notice.objects.filter(edubase_number=24254).exists()
    assert "fiches.csv" in text(client.get(LIST))  # it waits
    done = text(agree(client, address))
    assert "« fiches.csv » est au catalogue : 2 notices ajoutées, 0 changée, 0 inchangée." in done
    kept = Deposit.objects.get()
    assert (bytes(kept.data), kept.report["lines"], kept.done_at is None) == (b"", [], False)
    act = Entry.objects.get(verb="import_catalogue")
    assert (act.object_label, act.data["added"], act.actor_id) == ("fiches.csv", 2, kept.sent_by_id)
    assert client.post(address, {"stamp": "x"}).status_code == 403  # once
    address = deposited(client, given(QUARTER, GARDEN))
    again = text(client.get(address))
    assert "Il n'y a rien à écrire" in again and "Écrire au catalogue" not in again


def test_what_changes_is_named_and_leads_to_its_notice(sign_in: Any) -> None:
    client = sign_in("bureau")
    agree(client, deposited(client, given(QUARTER)))
    notice = Notice.objects.get(edubase_number=24254)
    shown = text(client.get(deposited(client, given(QUARTER.replace("Cartographier", "Dessiner"), GARDEN))))
    assert "1 notice à ajouter, 1 à changer, 0 inchangée." in shown
    assert f'href="/notices/{notice.pk}">Dessiner le quartier</a>' in shown
    assert "Modifiée" in shown and "<td>titre</td>" in shown


def test_what_is_wrong_is_said_with_its_line_and_nothing_can_be_written(sign_in: Any) -> None:
    client, before = sign_in("bureau"), Notice.objects.count()
    address = deposited(client, given(QUARTER, GARDEN.replace("5e", "9e")))
    shown = text(client.get(address))
    assert "1 problème à corriger" in shown
    assert "Ligne 3, colonne « Niveau »</th><td>« 9e » n'est pas un niveau connu" in shown
    assert "Écrire au catalogue" not in shown
    assert client.post(address, {"stamp": Deposit.objects.get().report and "x"}).status_code == 422
    assert Notice.objects.count() == before
    assert not Deposit.objects.exclude(done_at=None).exists()


def test_a_catalogue_that_moved_since_is_shown_again_before_anything_is_written(sign_in: Any) -> None:
    client = sign_in("bureau")
    address = deposited(client, given(QUARTER, GARDEN))
    stamp = client.get(address).content.decode().partition('name="stamp" value="')[2].partition('"')[0]
    bureau = Person.objects.get(email__startswith="bureau@")
    actions.bring("sheets", ("autre.csv", f"{TITLES}\n{QUARTER}".encode()), actor=bureau, at=timezone.now())
    answer = client.post(address, {"stamp": stamp})
    assert answer.status_code == 422
    assert "Le catalogue a changé depuis que vous avez lu cet aperçu" in text(answer)
    assert "1 notice à ajouter, 0 à changer, 1 inchangée." in text(answer)
    assert not Notice.objects.filter(edubase_number=24255).exists()
    agree(client, address)
    assert Notice.objects.filter(edubase_number=24255).exists()


def test_a_file_is_let_go_by_hand_by_another_one_or_by_a_week(sign_in: Any) -> None:
    client = sign_in("bureau")
    first = deposited(client, given(QUARTER))
    second = deposited(client, given(GARDEN))
    assert client.get(first).status_code == 404
    client.post(second, {"discard": "1"})
    assert not Deposit.objects.exists()
    deposited(client, given(GARDEN))
    actions.sweep(at=timezone.now() + timedelta(days=6))
    assert Deposit.objects.count() == 1
    actions.sweep(at=timezone.now() + timedelta(days=8))
    assert not Deposit.objects.exists()


def test_another_correspondence_is_given_kept_chosen_and_forgotten(sign_in: Any) -> None:
    client = sign_in("bureau")
    told = sheets_read.MAPPING.read_text(encoding="utf-8").replace('title = ["Titre"', 'title = ["Nom du travail"')
    odd = SimpleUploadedFile("f.csv", f"{TITLES}\n{QUARTER}".replace(";Titre;", ";Nom du travail;").encode())
    assert "Écrire au catalogue" not in text(client.get(deposited(client, odd)))
    odd.seek(0)
    more = {"mapping": SimpleUploadedFile("canope.toml", told.encode())}
    shown = text(client.get(deposited(client, odd, **more)))
    assert "Correspondance des colonnes : canope.toml." in shown and "1 notice à ajouter" in shown
    kept = Correspondence.objects.get()
    odd.seek(0)
    assert "1 notice à ajouter" in text(client.get(deposited(client, odd, correspondence=kept.pk)))
    assert client.get(reverse("steering:correspondence_file", args=[kept.pk])).content.decode() == told
    client.post(reverse("steering:forget_correspondence", args=[kept.pk]))
    assert not Correspondence.objects.exists()
    # What waits with it is still read with it.
    assert "1 notice ajoutée" in text(agree(client, reverse("steering:deposit", args=[Deposit.objects.get().pk])))
    verbs = Entry.objects.filter(object_type="catalogue.correspondence").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["keep_correspondence", "forget_correspondence"]


def test_columns_are_explained_without_writing_a_correspondence(sign_in: Any) -> None:
    client = sign_in("bureau")
    told = f"{TITLES};Couleur\n{QUARTER};bleu".replace(";Titre;", ";Nom du travail;").replace(";Niveau;", ";Public;")
    address = deposited(client, SimpleUploadedFile("canope.csv", told.encode()))
    assert "Dire ce que sont ces colonnes" in text(client.get(address))
    asked = text(client.get(f"{address}/colonnes"))
    assert "« Nom du travail »" in asked and "Par exemple : « Cartographier le quartier »." in asked
    assert 'value="canope"' in asked
    nothing = client.post(f"{address}/colonnes", {"name": "canope"})
    assert nothing.status_code == 422 and "une de ces colonnes au moins" in text(nothing)
    twice = {"name": "canope", "column_1": "title", "column_2": "title"}
    assert "est déjà la colonne « Nom du travail »" in text(client.post(f"{address}/colonnes", twice))
    said = {"name": "canope", "column_1": "title", "column_2": "levels", "column_3": ""}
    shown = text(client.post(f"{address}/colonnes", said, follow=True))
    assert "Correspondance des colonnes : canope.toml." in shown and "1 notice à ajouter" in shown
    assert "La colonne « Couleur » n'est pas dans la correspondance" in shown
    agree(client, address)
    assert Notice.objects.get(edubase_number=24254).levels == ["018"]
    # The next file of that source is read with it; another of that name has to say otherwise.
    file = SimpleUploadedFile("suite.csv", told.replace("24254", "24255").replace("/quartier", "/rue").encode())
    address = deposited(client, file, correspondence=Correspondence.objects.get().pk)
    assert "1 notice à ajouter" in text(client.get(address))
    address = deposited(client, SimpleUploadedFile("canope.csv", told.encode()))
    refused = client.post(f"{address}/colonnes", said)
    assert refused.status_code == 422 and "s'appelle déjà canope.toml" in text(refused)
    assert client.get(deposited(client, given(QUARTER)) + "/colonnes").status_code == 302  # nothing to ask


@pytest.mark.parametrize("data", [b"[columns]\ntitre = ['x']", b"\xff\xfe", b"a = ["])
def test_a_correspondence_that_says_nothing_is_refused_beside_its_field(sign_in: Any, data: bytes) -> None:
    more = {"mapping": SimpleUploadedFile("m.toml", data)}
    answer = sign_in("bureau").post(reverse("steering:give_sheets"), {"file": given(QUARTER), **more})
    assert answer.status_code == 422
    assert "m.toml" in text(answer)
    assert not Correspondence.objects.exists() and not Deposit.objects.exists()


def test_the_archives_come_in_by_the_same_page(sign_in: Any) -> None:
    client = sign_in("bureau")
    row = "annee,discipline,titre,academies\n2016-2017,Mathématiques,Un thème venu du bureau,Lyon\n"
    sent = {"file": SimpleUploadedFile("themes.csv", row.encode())}
    address = client.post(reverse("steering:give_history"), sent)["Location"]
    assert "1 thème à ajouter, 0 à changer, 0 inchangé." in text(client.get(address))
    agree(client, address)
    assert PublicTheme.objects.get(title="Un thème venu du bureau").academies == ["10"]
    path = Path(reference.HERE) / "history" / "bilans.jsonl"
    sent = {"file": SimpleUploadedFile(path.name, path.read_bytes())}
    shown = text(client.get(client.post(reverse("steering:give_history"), sent)["Location"]))
    assert "Il n'y a rien à écrire" in shown  # the demonstration has them
    wrong = {"file": SimpleUploadedFile("photo.png", b"\x89PNG")}
    shown = text(client.get(client.post(reverse("steering:give_history"), wrong)["Location"]))
    assert "donnez un fichier .csv (thèmes) ou .jsonl" in shown


def test_the_table_to_fill_is_one_that_is_read(sign_in: Any) -> None:
    client = sign_in("bureau")
    for form in ("xlsx", "ods", "csv"):
        answer = client.get(reverse("steering:blank_sheets"), {"format": form})
        read = sheets.read(answer.content, sheets_read.words().layout, filename=f"f.{form}")
        assert (read.missing, read.problems) == ((), ()), form
    assert "title = " in client.get(reverse("steering:our_correspondence")).content.decode()
    assert LIST in client.get("/pilotage/").content.decode()


def test_nobody_else_imports(sign_in: Any) -> None:
    dan, at = Person.objects.get(email__startswith="dan.lyon@"), timezone.now()
    client = sign_in("dan.lyon")
    for name in ("deposits", "give_sheets", "give_history", "blank_sheets", "our_correspondence"):
        assert client.get(reverse(f"steering:{name}")).status_code == 403, name
    with pytest.raises(Refused, match="bureau national"):
        actions.receive("sheets", ("f.csv", b""), actor=dan, at=at)
    bureau = Person.objects.get(email__startswith="bureau@")
    with pytest.raises(Invalid, match="20 Mo"):
        actions.receive("sheets", ("f.csv", b"x" * (actions.LARGEST_FILE + 1)), actor=bureau, at=at)
