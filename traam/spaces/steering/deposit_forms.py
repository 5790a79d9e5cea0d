"""What the national team gives to the catalogue: a file, and how its columns are read."""

from collections.abc import Iterable
from typing import Any

from django import forms

from traam.design.forms import PageForm, UploadField
from traam.programme.catalogue.deposits.actions import LARGEST_CORRESPONDENCE, LARGEST_FILE
from traam.programme.catalogue.models import Correspondence

MOST = f"{LARGEST_FILE // 1_000_000} Mo au plus"
OURS = "Celle d'Édubase"


class SheetsForm(PageForm):
    """A table of notices, with one of the correspondences that are kept or one more."""

    file = UploadField(
        label="Tableau de fiches",
        most=LARGEST_FILE,
        extensions=("csv", "xlsx", "ods"),
        help_text=f"En .csv, en .xlsx ou en .ods, {MOST}. Une ligne par fiche, sous les titres des colonnes.",
        max_length=None,
    )
    correspondence = forms.ChoiceField(
        label="Correspondance des colonnes",
        widget=forms.RadioSelect,
        required=False,
        help_text="Ce que veulent dire les titres des colonnes et les mots du tableau.",
    )
    mapping = UploadField(
        label="Une autre correspondance",
        most=LARGEST_CORRESPONDENCE,
        extensions=("toml",),
        required=False,
        max_length=None,
        help_text="Un fichier .toml de la forme de celle d'Édubase. Elle sera gardée pour les prochains fichiers, et "
        "sert à la place de celle qui est choisie au-dessus.",
    )

    def __init__(self, kept: Iterable[Correspondence], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", f"{OURS}, et des fichiers que la plateforme écrit"), *((str(one.pk), one.name) for one in kept)]
        self.fields["correspondence"].choices = choices  # type: ignore[attr-defined]
        self.fields["correspondence"].mark = ""  # type: ignore[attr-defined]


class HistoryForm(PageForm):
    file = UploadField(
        label="Fichier d'archives",
        most=LARGEST_FILE,
        extensions=("csv", "jsonl"),
        max_length=None,
        help_text=f"Des thèmes en .csv, des scénarios ou des bilans en .jsonl, {MOST}.",
    )
