"""The whole of a scenario as its editor types it. The rules stay in the step: this form reads, the action judges."""

from collections.abc import Container, Mapping
from dataclasses import asdict
from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.programme.productions.actions import LONGEST, Content
from traam.programme.productions.models import Scenario
from traam.programme.productions.rules import SECTIONS
from traam.spaces.workshop import vocabulary
from traam.spaces.workshop.phases import PhasesField
from traam.spaces.workshop.phases import typed as typed_phases
from traam.spaces.workshop.vocabulary import Shelf

NOT_LISTED = {"invalid_choice": "« %(value)s » n'est pas dans la liste officielle : choisissez dans la liste."}
LINES = ("tools",)
ROWS = {"steps": 10, "context": 5, "materials": 4, "differentiation": 4, "evaluation": 4, "limits": 4}


class ScenarioForm(PageForm):
    """The whole of a scenario. Only the title is needed to save: what is asked is said when submitting."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=LONGEST["title"])
    summary = forms.CharField(
        label="Résumé",
        required=False,
        max_length=LONGEST["summary"],
        help_text="En trois phrases : qui, quoi, ce que les élèves y gagnent.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    disciplines = forms.MultipleChoiceField(
        label="Disciplines", required=False, widget=forms.CheckboxSelectMultiple, error_messages=NOT_LISTED
    )
    levels = forms.MultipleChoiceField(
        label="Niveaux", required=False, widget=forms.CheckboxSelectMultiple, error_messages=NOT_LISTED
    )
    competences = forms.MultipleChoiceField(
        label="Compétences numériques des élèves (CRCN)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_LISTED,
    )
    teacher_competences = forms.MultipleChoiceField(
        label="Compétences numériques des enseignants (CRCN-Édu)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_LISTED,
    )
    phases = PhasesField(label="Étapes de la séance", required=False)
    duration_minutes = forms.IntegerField(
        label="Durée totale, en minutes", required=False, widget=forms.NumberInput(attrs={"size": 6})
    )
    tools = forms.CharField(
        label="Outils", required=False, help_text="Un par ligne.", widget=forms.Textarea(attrs={"rows": 3})
    )
    authors = forms.CharField(
        label="Auteurs à citer",
        required=False,
        max_length=LONGEST["authors"],
        help_text="Tels qu'ils seront publiés. Sans rien, le groupe de l'académie est cité.",
    )
    licence = forms.ChoiceField(
        label="Licence", required=False, widget=forms.RadioSelect, error_messages=NOT_LISTED, choices=[]
    )
    terms_read = forms.BooleanField(
        label="Les conditions d'utilisation et les mentions légales des outils et ressources cités ont été lues.",
        required=False,
    )
    personal_data_checked = forms.BooleanField(
        label="Aucune donnée personnelle d'élève n'est demandée ni montrée sans accord.", required=False
    )

    def __init__(self, scenario: Scenario, data: Any = None) -> None:
        super().__init__(data, initial=None if data else initial(scenario))
        self.shelves: Mapping[str, list[Shelf]] = {
            "disciplines": vocabulary.disciplines(scenario.disciplines),
            "levels": vocabulary.levels(scenario.levels),
            "competences": vocabulary.competences(scenario.competences),
            "teacher_competences": vocabulary.competences(scenario.teacher_competences, "CRCN-Édu"),
        }
        for name, shelves in self.shelves.items():
            self.fields[name].choices = vocabulary.flat(shelves)  # type: ignore[attr-defined]
        self.fields["licence"].choices = vocabulary.licences(scenario.licence)  # type: ignore[attr-defined]
        for key, title, _, hint in SECTIONS:
            rows = {"rows": ROWS.get(key, 6), "data-markdown": ""}
            self.fields[key] = forms.CharField(
                label=title, required=False, strip=False, help_text=hint, widget=forms.Textarea(attrs=rows)
            )

    def mark_asked(self, blocking: Container[str]) -> None:
        """Say beside each field whether the cahier des charges asks for it before the scenario is submitted."""
        for name, fact in (("licence", "licence"), ("terms_read", "rights_checked")):
            self.fields[name].mark = "demandé" if fact in blocking else "facultatif"  # type: ignore[attr-defined]
        self.fields["personal_data_checked"].mark = self.fields["terms_read"].mark  # type: ignore[attr-defined]

    def content(self) -> Content:
        """What was typed, once the form is valid."""
        values = dict(self.cleaned_data)
        values.pop("revision")
        values["sections"] = {key: text for key, _, _, _ in SECTIONS if (text := _unix(values.pop(key)).strip("\n "))}
        values["summary"] = _unix(values["summary"])
        for name in LINES:
            values[name] = [line.strip() for line in values[name].splitlines() if line.strip()]
        return Content(**values)


class DocumentForm(PageForm):
    file = forms.FileField(
        label="Votre document", help_text="Un texte Word (.docx) ou LibreOffice (.odt), de 10 Mo au plus."
    )


class DeclineForm(PageForm):
    """Another level of a scenario: its text is copied, its levels are chosen anew."""

    title = forms.CharField(
        label="Titre",
        max_length=LONGEST["title"],
        help_text="Dites-y le niveau si les deux scénarios gardent le même titre.",
    )
    levels = forms.MultipleChoiceField(label="Niveaux", widget=forms.CheckboxSelectMultiple, error_messages=NOT_LISTED)

    def __init__(self, scenario: Scenario, data: Any = None) -> None:
        super().__init__(data, initial={"title": scenario.title})
        self.shelves = vocabulary.levels()
        self.fields["levels"].choices = vocabulary.flat(self.shelves)  # type: ignore[attr-defined]


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def initial(scenario: Scenario) -> dict[str, object]:
    """A stored scenario as the form types it."""
    return typed(Content(**{name: getattr(scenario, name) for name in Content.__dataclass_fields__})) | {
        "revision": scenario.revision
    }


def typed(content: Content) -> dict[str, object]:
    """A content as the form types it."""
    values = asdict(content)
    sections = values.pop("sections")
    values["phases"] = typed_phases(values["phases"])
    return {**values, **sections, **{name: "\n".join(values[name]) for name in LINES}}
