"""What the national team gives to the catalogue: a file, and how its columns are read."""

from collections.abc import Iterable
from typing import Any

from django import forms

from traam.design.forms import PageForm, UploadField
from traam.engines.workflow import Invalid
from traam.programme.catalogue.deposits.actions import LARGEST_CORRESPONDENCE, LARGEST_FILE
from traam.programme.catalogue.models import Correspondence
from traam.programme.catalogue.reports import Report

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


class MeaningsForm(PageForm):
    """One question for each title that the correspondence does not name; `answers` are by title."""

    name = forms.CharField(
        label="Nom de cette correspondance",
        max_length=100,
        help_text="Elle sera gardée sous ce nom, pour les prochains fichiers de la même source.",
    )

    def __init__(self, report: Report, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.titles = {f"column_{n}": title for n, (title, *_) in enumerate(report.unknown, start=1)}
        for field, (title, samples, suggestion) in zip(self.titles, report.unknown, strict=True):
            seen = ", ".join(f"« {sample} »" for sample in samples)
            self.fields[field] = forms.ChoiceField(
                label=f"« {title} »",
                help_text=f"Par exemple : {seen}." if seen else "Cette colonne est vide.",
                choices=[("", "Laisser cette colonne"), *report.missing],
                initial=suggestion if suggestion in dict(report.missing) else "",
                required=False,
            )
            self.fields[field].mark = ""  # type: ignore[attr-defined]
        self.order_fields([*self.titles, "name"])

    @property
    def answers(self) -> dict[str, str]:
        return {title: self.cleaned_data[field] for field, title in self.titles.items()}

    def by_field(self, invalid: Invalid) -> Invalid:
        """The refusal of the action, at the fields that asked."""
        fields = {title: field for field, title in self.titles.items()}
        return Invalid({fields.get(name, name): sentences for name, sentences in invalid.errors.items()})
