"""The pages of several readers: comparison, files, notes, conflicts, who reads what."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from traam import reference
from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Theme
from traam.programme.people.actions import keep_typing
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection import opinions
from traam.programme.selection.models import Assignment, Conflict, Note, Opinion

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.filter(campaign__state="open").order_by("pk")[0]


def dossiers(theme: Theme) -> list[Application]:
    return list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))


def marks(theme: Theme, value: int) -> dict[str, int]:
    return {criterion.id: value for criterion in theme.campaign.edition.selection.criteria}


def give(application: Application, value: int, name: str, comment: str = "Bien.") -> None:
    opinions.give_opinion(application, marks(application.theme, value), comment, actor=person(name), at=timezone.now())


def another_expert(n: int = 1) -> Person:
    made = Person.objects.create(email=f"lecteur{n}@exemple.invalid", name=f"Lecteur {n}", created_at=timezone.now())
    Appointment.objects.create(person=made, role=Role.EXPERT, since=date(2020, 1, 1))
    return made


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    for space in ("\u00a0", "\u202f"):
        page = page.replace(space, " ")
    return page.replace("&#39;", "'")


def numbers(answer: Any) -> list[int]:
    """The numbers of the dossiers of a table, in its order."""
    parts = text(answer).split('<th scope="row">')[1:]
    return [int(part.split("/evaluation/candidatures/")[1].split('"')[0]) for part in parts]


# --- one dossier


def test_each_criterion_is_a_question_and_the_score_is_said_in_words(sign_in: SignIn, theme: Theme) -> None:
    address = f"/evaluation/candidatures/{dossiers(theme)[0].pk}"
    page = text(sign_in("expert").get(address))
    for criterion in theme.campaign.edition.selection.criteria:
        assert criterion.question in page
        assert page.count(f'name="{criterion.id}"') == 4  # one answer for each mark of the scale
    answer = sign_in("expert").post(address, {**marks(theme, 3), "comment": "Bien."}, follow=True)
    assert "Avis enregistré : 3,00 sur 4 (Favorable)" in text(answer)


def test_an_opinion_half_written_is_found_again(sign_in: SignIn, theme: Theme) -> None:
    first = dossiers(theme)[0]
    keep_typing(
        opinions.typing_place(first.pk),
        {"team": ["4"], "comment": ["Je pèse le pour"]},
        actor=person("expert"),
        at=timezone.now(),
    )
    page = text(sign_in("expert").get(f"/evaluation/candidatures/{first.pk}"))
    assert "Texte retrouvé" in page and "Je pèse le pour" in page
    assert "Je pèse le pour" not in text(sign_in("inspection.generale").get(f"/evaluation/candidatures/{first.pk}"))


def test_a_note_is_kept_for_its_author_alone(sign_in: SignIn, theme: Theme) -> None:
    first = dossiers(theme)[0]
    address = f"/evaluation/candidatures/{first.pk}"
    sign_in("expert").post(f"{address}/note", {"text": "Demander le budget"})
    assert Note.objects.get().text == "Demander le budget"
    assert "Demander le budget" in text(sign_in("expert").get(address))
    for name in ("inspection.generale", "bureau"):
        assert "Demander le budget" not in text(sign_in(name).get(address))
        file = sign_in(name).get(f"/evaluation/themes/{theme.pk}/comparaison.csv")
        assert "Demander le budget" not in file.content.decode()
    assert sign_in("dan.lyon").post(f"{address}/note", {"text": "Indiscret"}).status_code == 403
    assert sign_in("expert").post(f"{address}/note", {"text": "x" * 20_001}).status_code == 422


def test_a_conflict_is_declared_then_taken_back(sign_in: SignIn, theme: Theme) -> None:
    first = dossiers(theme)[0]
    address = f"/evaluation/candidatures/{first.pk}"
    assert sign_in("expert").post(f"{address}/conflit", {"reason": " "}).status_code == 422
    sign_in("expert").post(f"{address}/conflit", {"reason": "J'ai relu ce dossier."})
    page = text(sign_in("expert").get(address))
    assert "vous avez déclaré" in page and "Enregistrer mon avis" not in page
    assert "Conflit d’intérêts" in text(sign_in("expert").get(f"/evaluation/themes/{theme.pk}"))
    assert "J'ai relu ce dossier." in text(sign_in("bureau").get(f"/evaluation/themes/{theme.pk}/lecteurs"))
    seen = text(sign_in("inspection.generale").get(f"/evaluation/themes/{theme.pk}/lecteurs"))
    assert "1 conflit d’intérêts" in seen and "J'ai relu ce dossier." not in seen
    sign_in("expert").post(f"{address}/sans-conflit")
    assert not Conflict.objects.exists()
    assert "Enregistrer mon avis" in text(sign_in("expert").get(address))


# --- the comparison


def test_dossiers_are_compared_criterion_by_criterion(sign_in: SignIn, theme: Theme) -> None:
    first, second, third = dossiers(theme)
    give(first, 2, "expert")
    give(first, 4, "inspection.generale")
    give(second, 4, "expert")
    address = f"/evaluation/themes/{theme.pk}/comparaison"
    page = sign_in("bureau").get(address, {"tri": "-moyenne"})
    assert numbers(page) == [second.pk, first.pk, third.pk]
    assert "Inspection générale : 4,00 (Très favorable)" in text(page) and "Trop peu lu" in text(page)
    assert numbers(sign_in("bureau").get(address, {"tri": "-ecart"}))[0] == first.pk
    assert set(numbers(sign_in("bureau").get(address, {"peu-lus": "1"}))) == {second.pk, third.pk}
    mine = text(sign_in("inspection.generale").get(address))
    assert "Expert numérique : 2,00" in mine and "Expert numérique : 4,00" not in mine and "Après votre avis" in mine


def test_what_a_reader_may_not_read_yet_sorts_nothing(sign_in: SignIn, theme: Theme) -> None:
    """A dossier that the others judged better must not go up before the reader judged it."""
    first, second, third = dossiers(theme)
    address = f"/evaluation/themes/{theme.pk}/comparaison?tri=-moyenne"
    before = numbers(sign_in("expert").get(address))
    give(third, 4, "inspection.generale")
    assert numbers(sign_in("expert").get(address)) == before == [first.pk, second.pk, third.pk]
    give(third, 1, "expert")
    assert numbers(sign_in("expert").get(address)) == [third.pk, first.pk, second.pk]


@pytest.mark.parametrize(("asked", "expected"), [("q=lille", ["Lille"]), ("academie=14", ["Rennes"]), ("q=néant", [])])
def test_the_list_is_filtered(sign_in: SignIn, theme: Theme, asked: str, expected: list[str]) -> None:
    page = sign_in("expert").get(f"/evaluation/themes/{theme.pk}?{asked}")
    found = Application.objects.filter(pk__in=numbers(page))
    assert sorted(row.academy_name for row in found) == expected


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_the_comparison_is_a_file(sign_in: SignIn, theme: Theme, form: str) -> None:
    answer = sign_in("bureau").get(f"/evaluation/themes/{theme.pk}/comparaison.{form}")
    assert answer.status_code == 200 and len(answer.content) > 300
    assert f'filename="comparaison-theme-{theme.pk}.{form}"' in answer["Content-Disposition"]
    assert sign_in("expert").get(f"/evaluation/themes/{theme.pk}/comparaison.pdf").status_code == 404
    assert sign_in("dan.lyon").get(f"/evaluation/themes/{theme.pk}/comparaison.{form}").status_code == 403


def test_the_file_says_to_each_what_the_page_says(sign_in: SignIn, theme: Theme) -> None:
    first = dossiers(theme)[0]
    give(first, 2, "inspection.generale", "Trop court.")

    def line(name: str) -> dict[str, str]:
        answer = sign_in(name).get(f"/evaluation/themes/{theme.pk}/comparaison.csv")
        rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        return next(row for row in rows if row["Dossier"] == str(first.pk))

    national, expert = line("bureau"), line("expert")
    assert (national["Moyenne"], national["Notes des lecteurs"]) == ("2,00", "Inspection générale : 2,00 (Réservé)")
    assert national["Décision"] == "à décider" and national["Académie"] == first.academy_name
    assert (expert["Moyenne"], expert["Notes des lecteurs"], expert["Commentaires"], expert["Décision"]) == ("",) * 4


# --- who reads what


def test_the_national_team_asks_a_reader_and_follows_her(sign_in: SignIn, theme: Theme) -> None:
    reader, (first, second, _) = another_expert(), dossiers(theme)
    address = f"/evaluation/themes/{theme.pk}/lecteurs"
    typed = {"verb": "assign", "dossiers": f"{first.pk}, {second.pk}", "readers": [reader.pk]}
    page = text(sign_in("bureau").post(address, typed, follow=True))
    assert "2 lectures demandées" in page and "Lecteur 1 (lecteur désigné)" in page and "0 avis sur 2 dossiers" in page
    row = Assignment.objects.get(application=second)
    sign_in("bureau").post(address, {"verb": "unassign", "assignment": row.pk})
    assert list(Assignment.objects.values_list("application_id", flat=True)) == [first.pk]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"dossiers": "douze"}, "n'est pas un numéro"), ({"dossiers": "999999"}, "n'est pas un dossier"), ({}, "obligat")],
)
def test_what_is_badly_asked_is_said(sign_in: SignIn, theme: Theme, typed: dict[str, str], sentence: str) -> None:
    answer = sign_in("bureau").post(
        f"/evaluation/themes/{theme.pk}/lecteurs", {"verb": "assign", "readers": [another_expert().pk], **typed}
    )
    assert answer.status_code == 422 and sentence in text(answer) and not Assignment.objects.exists()


def test_an_unknown_verb_does_nothing(sign_in: SignIn, theme: Theme) -> None:
    assert sign_in("bureau").post(f"/evaluation/themes/{theme.pk}/lecteurs", {"verb": "erase"}).status_code == 404


@pytest.mark.parametrize("name", ["expert", "dan.lyon"])
def test_who_reads_what_is_not_everybody_s(sign_in: SignIn, theme: Theme, name: str) -> None:
    assert sign_in(name).get(f"/evaluation/themes/{theme.pk}/lecteurs").status_code == 403
    assert sign_in(name).get(f"/evaluation/themes/{theme.pk}/lecteurs/repartir").status_code == 403


def test_a_sharing_is_shown_before_it_is_written(sign_in: SignIn, theme: Theme) -> None:
    chosen = [another_expert(n).pk for n in (1, 2)]
    address = f"/evaluation/themes/{theme.pk}/lecteurs/repartir"
    shown = sign_in("bureau").post(address, {"each": "1", "readers": chosen})
    assert "Rien n’est encore écrit" in text(shown) and not Assignment.objects.exists()
    stamp = text(shown).split('name="stamp" value="')[1].split('"')[0]
    assert sign_in("bureau").post(address, {"each": "2", "readers": chosen, "stamp": stamp}).status_code == 422
    done = sign_in("bureau").post(address, {"each": "1", "readers": chosen, "stamp": stamp}, follow=True)
    assert "3 lectures demandées" in text(done) and Assignment.objects.count() == 3


def test_an_impossible_sharing_says_why(sign_in: SignIn, theme: Theme) -> None:
    answer = sign_in("bureau").post(
        f"/evaluation/themes/{theme.pk}/lecteurs/repartir", {"each": "2", "readers": [another_expert().pk]}
    )
    assert answer.status_code == 422 and "trop peu peuvent juger" in text(answer)


def test_whoever_is_asked_finds_her_dossiers_on_her_desk(client: Client, theme: Theme) -> None:
    reader, first = another_expert(), dossiers(theme)[0]
    opinions.assign([first], [reader], actor=person("bureau"), at=timezone.now())
    client.force_login(reader)
    assert f"Donner votre avis : {theme.title}" in text(client.get("/tableau-de-bord"))
    assert "lecteur désigné" in text(client.get("/evaluation/"))
    assert numbers(client.get(f"/evaluation/themes/{theme.pk}")) == [first.pk]
    assert client.get(f"/evaluation/candidatures/{dossiers(theme)[1].pk}").status_code == 403


# --- as many as there are


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("path", ["", "/comparaison", "/comparaison?tri=-moyenne", "?q=projet", "/lecteurs"])
def test_a_list_costs_the_same_whatever_its_length(
    sign_in: SignIn, theme: Theme, django_assert_max_num_queries: Any, path: str, blind: bool
) -> None:
    theme.campaign.overrides = {"blind": blind}
    theme.campaign.save()
    at, codes = timezone.now(), list(reference.academies())
    rows = Application.objects.bulk_create(
        Application(
            theme=theme,
            academy=codes[n % 30],
            state="forwarded",
            titles=[f"Projet {n}", "Un second projet"],
            rank=n % 9 + 1,
            referent_email=f"r{n}@exemple.invalid",
            created_by=person("bureau"),
            created_at=at,
            changed_at=at,
        )
        for n in range(200)
    )
    readers = [another_expert(n) for n in range(3)]
    Opinion.objects.bulk_create(
        Opinion(application=row, reader=reader, marks=marks(theme, 2), score=200, comment="Bien.", given_at=at)
        for row in rows
        for reader in readers
    )
    client = sign_in("bureau" if "lecteurs" in path else "expert")
    with django_assert_max_num_queries(15):
        answer = client.get(f"/evaluation/themes/{theme.pk}{path}")
    assert answer.status_code == 200 and len(answer.content) < 120_000


def test_the_next_dossier_is_found_without_reading_the_list(
    sign_in: SignIn, theme: Theme, django_assert_max_num_queries: Any
) -> None:
    first, second, third = dossiers(theme)
    client = sign_in("expert")
    with django_assert_max_num_queries(13):
        page = text(client.get(f"/evaluation/candidatures/{second.pk}"))
    order = sorted(dossiers(theme), key=lambda row: row.academy_name)
    place = [row.pk for row in order].index(second.pk)
    for neighbour, word in ((place - 1, "précédent"), (place + 1, "suivant")):
        if 0 <= neighbour < len(order):
            assert f"Dossier {word} : {order[neighbour].academy_name}" in page
        else:
            assert f"Dossier {word} : " not in page
