import json

import pytest
from django.utils import timezone

from traam.demo.build import HISTORY
from traam.programme.catalogue import imports
from traam.programme.catalogue.models import Change, Notice, PublicTheme

pytestmark = pytest.mark.django_db

SCENARIO = {
    "id": "T1",
    "title": "Un titre",
    "academy": "Lyon",
    "discipline": "SVT",
    "level": "3e",
    "year": "2024-2025",
    "summary": "Un résumé",
    "url": "https://exemple.invalid/a",
}
THEMES = "annee,discipline,titre,academies\n"


def _import(path, text, encoding="utf-8", **options):
    path.write_bytes(text.encode(encoding))
    return imports.history(path, at=timezone.now(), **options)


def _scenarios(tmp_path, *rows, **options):
    return _import(tmp_path / "s.jsonl", "\n".join(json.dumps(row) for row in rows), **options)


@pytest.mark.parametrize("name", ["themes.csv", "scenarios.jsonl"])
def test_importing_the_history_again_changes_nothing(name):
    before = (Notice.objects.count(), PublicTheme.objects.count(), Change.objects.count())
    report = imports.history(HISTORY / name, at=timezone.now())
    assert (report.added, report.changed, report.problems) == (0, 0, [])
    assert report.unchanged > 50
    assert before == (Notice.objects.count(), PublicTheme.objects.count(), Change.objects.count())


def test_a_scenario_is_added_then_changed_at_the_same_address(tmp_path):
    assert _scenarios(tmp_path, SCENARIO).added == 1
    made = Notice.objects.get(source_key="history:T1")
    assert (made.academies, made.disciplines, made.levels) == (["10"], ["SVT"], ["023"])
    report = _scenarios(tmp_path, {**SCENARIO, "title": "Un autre titre"})
    assert (report.added, report.changed) == (0, 1)
    assert Notice.objects.get(source_key="history:T1").pk == made.pk
    assert Change.objects.filter(notice=made).count() == 2


def test_a_trial_writes_nothing(tmp_path):
    assert _scenarios(tmp_path, SCENARIO, dry_run=True).added == 1
    assert not Notice.objects.filter(source_key="history:T1").exists()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"academy": "Lugdunum"}, "Ligne 2 : l'académie « Lugdunum » n'est pas connue ; écrivez son nom officiel."),
        ({"url": "exemple"}, "Ligne 2 : « exemple » n'est pas une adresse ; elle commence par https://."),
        ({"discipline_codes": ["XX"]}, "Ligne 2 : la discipline « XX » n'est pas dans la liste."),
        ({"summary": None}, "Ligne 2 : il manque « summary », un texte."),
        ({"discipline_codes": 7}, "Ligne 2 : la discipline « 7 » n'est pas dans la liste."),
        ({"id": "T1"}, "Ligne 2 : « Un titre » figure déjà plus haut ; gardez une seule ligne."),
        ({"title": "  "}, "Ligne 2 : « title » est vide ; remplissez-le."),
        (
            {"level": "3" * 201},
            f"Ligne 2 : « {'3' * 30}… » est trop long (201 caractères, 200 au plus) ; raccourcissez.",
        ),
        ({"summary": "a\x00"}, "Ligne 2 : le texte contient un caractère nul ; retirez-le."),
    ],
)
def test_a_wrong_line_is_located_and_nothing_is_written(tmp_path, row, sentence):
    report = _scenarios(tmp_path, SCENARIO, {**SCENARIO, "id": "T2", **row})
    assert sentence in report.problems
    assert not Notice.objects.filter(source_key__startswith="history:T").exists()


def test_every_wrong_line_is_told(tmp_path):
    wrong = [{**SCENARIO, "id": f"T{n}", "academy": f"Ys{n}"} for n in range(3)]
    assert len(_scenarios(tmp_path, *wrong).problems) == 3


@pytest.mark.parametrize(
    ("name", "text", "encoding", "sentence"),
    [
        ("s.jsonl", "{bad", "utf-8", "Ligne 1 : ce n'est pas du JSON valable."),
        ("s.jsonl", "[1]", "utf-8", "Ligne 1 : il manque « id », un texte."),
        ("t.csv", "annee,discipline,titre\n", "utf-8", "Ligne 1 : il manque la colonne « academies »."),
        ("t.csv", THEMES + "2020,SVT,,Lyon\n", "utf-8", "Ligne 2 : il manque le titre du thème."),
        ("t.csv", THEMES + "2020,SVT,Un, deux,Lyon\n", "utf-8", "Ligne 2 : il y a plus de valeurs que de colonnes"),
        (
            "t.csv",
            THEMES + "2020,SVT,Été,Lyon\n",
            "latin-1",
            "t.csv ne se lit pas : il n'est pas en UTF-8, enregistrez-le",
        ),
        ("t.xlsx", "", "utf-8", "t.xlsx : donnez un fichier .csv (thèmes) ou .jsonl (scénarios ou bilans)."),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(tmp_path, name, text, encoding, sentence):
    before = PublicTheme.objects.count()
    report = _import(tmp_path / name, text, encoding)
    assert any(sentence in problem for problem in report.problems), report.problems
    assert PublicTheme.objects.count() == before


def test_years_that_were_not_seen_are_said_uncertain(tmp_path):
    text = THEMES + '"(année non vue, avant 2021)",SVT,Un thème à part,Lyon\n'
    assert _import(tmp_path / "t.csv", text).added == 1
    made = PublicTheme.objects.get(title="Un thème à part")
    assert (made.years, made.uncertain) == ("avant 2021", ["years"])
