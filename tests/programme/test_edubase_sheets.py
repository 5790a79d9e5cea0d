"""Édubase sheets read back: what our export writes, and what others write with their own titles and words."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from traam import reference
from traam.config.commands import run
from traam.engines.notices.edubase import SOURCES
from traam.programme.catalogue import edubase, imports, past_results, sheets_read
from traam.programme.catalogue.models import Change, Notice
from traam.programme.catalogue.records import edubase_file
from traam.programme.catalogue.reports import FIELDS, Report
from traam.programme.journal.models import Entry

pytestmark = pytest.mark.django_db
TITLES = (
    "Numéro de fiche;Titre;Résumé;Adresse de la ressource;Discipline;Niveau;Compétences du CRCN;Durée;Académie;"
    "Date de publication;Licence;Mots-clés;Outils et services;Point du programme"
)
ROW = {
    "Numéro de fiche": "24254",
    "Titre": "Cartographier le quartier",
    "Résumé": "Les élèves relèvent et commentent.",
    "Adresse de la ressource": "https://pedagogie.exemple.fr/quartier",
    "Discipline": "Histoire ; Géographie",
    "Niveau": "6e ; 5e",
    "Compétences du CRCN": "1.1 Mener une recherche",
    "Durée": "2 h 20",
    "Académie": "Académie de Lyon",
    "Date de publication": "01/03/2025",
    "Licence": "CC BY-SA",
    "Mots-clés": "TraAM ; habiter ; ville",
    "Outils et services": "uMap",
    "Point du programme": "- Habiter un espace.\n- Le décrire.",
}


def file_of(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def take(data: bytes, *, filename: str = "fiches.csv", dry_run: bool = False) -> Report:
    return edubase.take_in(data, filename=filename, words=sheets_read.words(), at=timezone.now(), dry_run=dry_run)


def test_the_mapping_tells_a_meaning_for_every_field_we_write() -> None:
    titles = {name for column in sheets_read.words().layout.columns for name in (column.title, *column.aliases)}
    assert {field.label for field in reference.edubase_form().fields} <= titles
    assert {column.key for column in sheets_read.words().layout.columns} >= set(SOURCES)


def test_a_sheet_becomes_a_notice_and_the_same_file_changes_nothing() -> None:
    assert (take(file_of(ROW)).added, take(file_of(ROW)).unchanged) == (1, 1)
    made = Notice.objects.get(source_key="edubase:24254")
    assert (made.title, made.disciplines, made.levels, made.academies) == (ROW["Titre"], ["HG"], ["018", "020"], ["10"])
    assert (made.duration_minutes, made.published_on, made.years) == (140, date(2025, 3, 1), "2024-2025")
    assert (made.licence, made.competences, made.tools) == ("CC-BY-SA", ["1.1"], ["uMap"])
    assert made.sections[-1] == ["Mots-clés", "- habiter\n- ville"]
    assert made.edubase_address == "https://edubase.eduscol.education.fr/fiche/24254"
    changed = take(file_of(ROW | {"Titre": "Un autre titre"}))
    assert (changed.added, changed.changed) == (0, 1)
    made.refresh_from_db()
    assert made.title == "Un autre titre"
    assert Change.objects.filter(notice=made).count() == 2


def test_a_trial_writes_nothing() -> None:
    before = Notice.objects.count()
    assert take(file_of(ROW), dry_run=True).added == 1
    assert Notice.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Niveau": "9e"}, "Ligne 3, colonne « Niveau » : « 9e » n'est pas un niveau connu"),
        ({"Discipline": "Mathematique"}, "est-ce « Mathématiques » ?"),
        ({"Discipline": "Quidditch"}, "Ligne 3, colonne « Discipline » : « Quidditch » n'est pas"),
        ({"Compétences du CRCN": "7.9 Voler"}, "colonne « Compétences du CRCN » : « 7.9 Voler » n'est pas"),
        ({"Durée": "longtemps"}, "colonne « Durée » : « longtemps » n'est pas une durée"),
        ({"Académie": "Poudlard"}, "colonne « Académie » : « Poudlard » n'est pas une académie"),
        ({"Date de publication": "31/02/2025"}, "colonne « Date de publication » : « 31/02/2025 » n'est pas"),
        ({"Adresse de la ressource": "ftp://x"}, "colonne « Adresse de la ressource » : « ftp://x » n'est pas"),
        ({"Numéro de fiche": "douze"}, "colonne « Numéro de fiche » : « douze » n'est pas un numéro"),
        ({"Licence": "à moi"}, "colonne « Licence » : « à moi » n'est pas une licence connue"),
        ({"Titre": ""}, "Ligne 3, colonne « Titre » :"),
        ({"Titre": "x" * 301}, "Ligne 3, colonne « Titre » :"),
        ({"Numéro de fiche": "1"}, "Ligne 3 : ce numéro de fiche est déjà à la ligne 2"),
        ({"Adresse de la ressource": "https://a.fr/1"}, "Ligne 3 : cette ressource est déjà à la ligne 2"),
    ],
)
def test_a_fault_says_its_line_and_its_column_and_nothing_is_written(changed: dict[str, str], said: str) -> None:
    before = Notice.objects.count()
    right = ROW | {"Numéro de fiche": "1", "Adresse de la ressource": "https://a.fr/1"}
    report = take(file_of(right, ROW | changed))
    assert any(said in problem for problem in report.problems), report.problems
    assert Notice.objects.count() == before


def test_what_is_written_is_read_back_and_written_the_same() -> None:
    """Here, where every sheet is of a notice we have; then where none is, as on another site."""
    rows = list(Notice.objects.filter(state="published").select_related("theme").order_by("pk"))
    rows[0].edubase_number, rows[0].edubase_address = 77, f"{reference.edubase_form().site}/fiche/77"
    rows[0].save()
    for form in ("csv", "xlsx"):
        written = edubase_file(rows, "Fiches", form)
        report = take(written, filename=f"fiches.{form}")
        assert (report.problems, report.added, report.changed, report.kept) == ([], 0, 0, len(rows)), form
    written = edubase_file(rows, "Fiches", "csv")
    for notice in rows:  # gone from here: nothing recognises them any more
        notice.versions.all().delete()
        notice.delete()
    assert take(written).added == len(rows)
    kept = Notice.objects.filter(source_key__startswith="edubase:").select_related("theme")
    sheets = sheets_read.read(written, "", sheets_read.words())[0]
    order = {(sheet.fields["source_url"], sheet.fields["title"]): sheet.line for sheet in sheets}
    again = edubase_file(sorted(kept, key=lambda one: order[one.source_url, one.title]), "Fiches", "csv")
    assert again.decode() == written.decode()
    assert take(again).unchanged == len(rows)


def test_the_history_learns_its_number_and_keeps_its_text() -> None:
    old = Notice.objects.filter(source_key__startswith="history:", edubase_number=None).first()
    assert old is not None
    row = ROW | {"Adresse de la ressource": old.source_url, "Titre": "Un titre d'Édubase"}
    report = take(file_of(row))
    assert (report.kept, report.changed, report.added) == (1, 1, 0)
    title = old.title
    old.refresh_from_db()
    assert (old.title, old.edubase_number) == (title, 24254)
    assert (take(file_of(row)).kept, take(file_of(row)).changed) == (1, 0)


def test_another_mapping_reads_another_table(tmp_path: Path) -> None:
    path = tmp_path / "autre.toml"
    told = sheets_read.MAPPING.read_text(encoding="utf-8")
    path.write_text(told.replace('"Anglais" = "LV"', '"Langue de Shakespeare" = "LV"'), encoding="utf-8")
    row = ROW | {"Discipline": "Langue de Shakespeare", "Couleur": "bleu"}
    report = edubase.take_in(
        file_of(row), filename="f.csv", words=sheets_read.words(path), at=timezone.now(), dry_run=True
    )
    assert report.added == 1 and "Couleur" in report.notes[0]
    path.write_text('[disciplines]\n"X" = "NOPE"\n', encoding="utf-8")
    with pytest.raises(sheets_read.BadMapping, match="NOPE"):
        sheets_read.words(path)


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fiches.csv"
    path.write_bytes(file_of(ROW))
    assert run(["import", "notices", str(path), "--dry-run"]) == 0
    assert "1 notice à ajouter, 0 à changer, 0 inchangée." in capsys.readouterr().out
    assert not Notice.objects.filter(source_key="edubase:24254").exists()
    path.write_bytes(file_of(ROW | {"Niveau": "9e"}))
    assert run(["import", "notices", str(path)]) == 1
    told = capsys.readouterr().err
    assert "Ligne 2, colonne « Niveau »" in told and "Rien n'a été écrit" in told
    path.write_bytes(file_of(ROW))
    assert run(["import", "notices", str(path)]) == 0
    assert "1 notice ajoutée, 0 changée, 0 inchangée." in capsys.readouterr().out
    assert run(["import", "notices", str(path)]) == 0
    assert "0 notice ajoutée, 0 changée, 1 inchangée." in capsys.readouterr().out
    acts = Entry.objects.filter(verb="import_catalogue")
    assert [(act.actor_label, act.object_label, act.data["added"]) for act in acts] == [
        ("La plateforme", "fiches.csv", 1)
    ]


def test_each_line_says_what_it_does_and_what_changes() -> None:
    take(file_of(ROW))
    other = ROW | {"Numéro de fiche": "9", "Titre": "Autre", "Adresse de la ressource": "https://a.fr/1"}
    known = take(file_of(ROW | {"Titre": "Un autre titre", "Durée": "1 h"}, other), dry_run=True)
    assert [(line.where, line.kind, line.title) for line in known.lines] == [
        ("Ligne 2", "changed", "Un autre titre"),
        ("Ligne 3", "added", "Autre"),
    ]
    assert known.lines[0].changes == "titre, durée"
    assert known.lines[0].pk == Notice.objects.get(edubase_number=24254).pk
    assert take(file_of(ROW), dry_run=True).lines[0].kind == "unchanged"


def test_every_field_that_a_file_may_change_has_its_french(tmp_path: Path) -> None:
    sheet = sheets_read.read(file_of(ROW), "fiches.csv", sheets_read.words())[0][0]
    assert set(edubase._fields(sheet, {})) <= set(FIELDS)
    theme = dict.fromkeys(("annee", "discipline", "titre", "academies"), "")
    assert set(imports._theme_fields("", theme, [])[1]) <= set(FIELDS)
    assert set(imports._scenario_fields("", dict.fromkeys(imports.SCENARIO_KEYS, ""), [])[1]) <= set(FIELDS)
    assert set(past_results.fields_of("", {}, [])[1]) <= set(FIELDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns = 3", "« columns »"),
        ("separators = [1]", "« separators »"),
        ("[colonnes]", "« colonnes »"),
        ("[columns]\ntitle = 'Titre'", "« columns »"),
        ("[levels]\nx = 1", "« levels »"),
        ("a = [", "ne se lit pas"),
    ],
)
def test_a_mapping_of_another_form_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(sheets_read.BadMapping, match=said):
        sheets_read.words_of(text, "m.toml")


def test_a_mapping_made_from_another_reads_the_same_and_more() -> None:
    ours = sheets_read.MAPPING.read_text(encoding="utf-8")
    again = sheets_read.words_of(sheets_read.with_titles(ours, {}), "m.toml")
    assert again == sheets_read.words()
    odd = 'Nom "entre\x7f" \\guillemets'
    more = sheets_read.words_of(sheets_read.with_titles(ours, {odd: "title"}), "m.toml")
    assert odd in next(column.aliases for column in more.layout.columns if column.key == "title")
    bare = sheets_read.words_of(sheets_read.with_titles('required = ["title"]', {"X": "title"}), "m.toml")
    assert next(column for column in bare.layout.columns if column.key == "title").required
