"""Results of past years: imported by a mapping, all or nothing, shown with what is uncertain."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import HISTORY
from traam.programme.catalogue import imports, past_results
from traam.programme.catalogue.models import Notice, PastResult, PublicTheme

pytestmark = pytest.mark.django_db
ROW = {
    "perimetre": "académique",
    "academie": "Caen",
    "academies_ou_effectif": "",
    "annee": "2012-2014",
    "discipline": "SVT",
    "productions": "douze séquences",
    "nb_productions": 12,
    "tests": "testés en classe (nombre non vu)",
    "nb_tests": None,
    "difficultes": "non vu",
    "url": "https://exemple.invalid/bilan",
}


def take_in(folder: Path, *rows: object, **options: Any) -> imports.Report:
    path = folder / "b.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return imports.history(path, at=timezone.now(), **options)


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def test_the_results_of_the_history_are_imported_once() -> None:
    before = PastResult.objects.count()
    report = imports.history(HISTORY / "bilans.jsonl", at=timezone.now())
    assert (report.added, report.changed, report.problems) == (0, 0, [])
    assert report.unchanged == before == len((HISTORY / "bilans.jsonl").read_text(encoding="utf-8").splitlines())


def test_an_old_academy_is_kept_and_what_was_not_seen_is_said(tmp_path: Path, client: Any) -> None:
    assert take_in(tmp_path, ROW, dry_run=True).added == 1
    assert not PastResult.objects.filter(source_url=ROW["url"]).exists()
    assert take_in(tmp_path, ROW).added == 1
    made = PastResult.objects.get(source_url=ROW["url"])
    assert [academy.name for academy in made.academy_list] == ["Caen"]
    assert (made.production_count, made.test_count, made.difficulties) == (12, None, "")
    assert made.uncertain == ["tests", "difficulties"]
    page = text(client.get("/annees/2013-2014"))
    assert "Bilan académique, SVT, 2012-2014" in page
    assert "douze séquences (soit 12)" in page
    assert "nombre non vu) (vu en partie)" in page
    assert "Difficultés : non vues dans la source" in page
    assert "https://exemple.invalid/bilan" not in text(client.get("/annees/2015-2016"))

    report = take_in(tmp_path, {**ROW, "nb_productions": 13})
    assert (report.added, report.changed) == (0, 1)
    assert PastResult.objects.get(source_url=ROW["url"]).pk == made.pk


def test_a_theme_of_the_same_year_discipline_and_academy_shows_it(tmp_path: Path, client: Any) -> None:
    given = {"years": "2012-2014", "title": "Un thème", "disciplines": ["SVT"], "changed_at": timezone.now()}
    here = PublicTheme.objects.create(source_key="history:a", academies=["05"], **given)
    elsewhere = PublicTheme.objects.create(source_key="history:b", academies=["10"], **given)
    take_in(tmp_path, {**ROW, "academie": "Caen"})
    made = PastResult.objects.get(source_url=ROW["url"])
    here.academies = made.academies
    here.save()
    assert past_results.of_theme(elsewhere) == []
    page = text(client.get(f"/themes/{here.pk}"))
    assert "leur lien avec ce thème est déduit" in page
    assert "https://exemple.invalid/bilan" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"academie": "Lyonn"}, "Ligne 2 : l'académie « Lyonn » n'est pas connue"),
        ({"annee": "vers 2013"}, "Ligne 2 : « vers 2013 » n'est pas une année"),
        ({"nb_tests": "douze"}, "Ligne 2 : « nb_tests » doit être un nombre entier"),
        ({"perimetre": "régional"}, "Ligne 2 : « régional » n'est ni national ni académique"),
        ({"url": "page du site"}, "Ligne 2 : « page du site » n'est pas une adresse"),
        ({"discipline": ""}, "Ligne 2 : « discipline » est vide ou manque"),
        ({"tests": ["un"]}, "Ligne 2 : « tests » doit être un texte"),
        ({"academies_ou_effectif": "x" * 301}, "Ligne 2 : « xxx"),
        ({"url": ROW["url"]}, "figure déjà plus haut"),
    ],
)
def test_a_line_that_is_wrong_stops_the_file(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    before = PastResult.objects.count()
    report = take_in(tmp_path, ROW, {**ROW, "url": "https://exemple.invalid/autre", **change})
    assert any(sentence in problem for problem in report.problems), report.problems
    assert PastResult.objects.count() == before


def test_a_line_of_another_kind_in_a_file_of_results_is_refused(tmp_path: Path) -> None:
    before = Notice.objects.count()
    report = take_in(tmp_path, {"id": "S1", "title": "Un scénario"}, ROW, ["une", "liste"])
    assert {problem[:7] for problem in report.problems} == {"Ligne 1", "Ligne 3"}
    assert Notice.objects.count() == before
