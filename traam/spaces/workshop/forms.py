"""What is typed in the pages of the groups. The rules stay in the steps: these forms read, the actions judge."""

from collections.abc import Container, Mapping
from dataclasses import asdict
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.groups.models import Meeting
from traam.programme.productions.actions import LONGEST, Content
from traam.programme.productions.models import Scenario
from traam.programme.productions.rules import SECTIONS
from traam.spaces.workshop import vocabulary
from traam.spaces.workshop.vocabulary import Shelf

CHOOSE = ("", "Choisissez")


class MeetingForm(PageForm):
    on = DateField(label="Date de la réunion")
    mode = forms.ChoiceField(label="Comment", choices=Meeting.Mode.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label="Objet", max_length=200)
    place = forms.CharField(label="Lieu", max_length=200, required=False)


class AgreementForm(PageForm):
    given_on = DateField(label="Date de l'accord du DASEN")


class BeginForm(PageForm):
    title = forms.CharField(
        label="Titre du scénario",
        max_length=LONGEST["title"],
        help_text="Même provisoire : il dit ce que font les élèves. Tout le reste s'écrit ensuite.",
    )


class TestForm(PageForm):
    __test__ = False  # pytest would take it for tests

    on = DateField(label="Date de la séance")
    level = forms.ChoiceField(label="Niveau de la classe", choices=[])
    academy = forms.ChoiceField(label="Académie où la séance a eu lieu", choices=[])
    pupils = forms.IntegerField(
        label="Nombre d'élèves", min_value=1, max_value=500, widget=forms.NumberInput(attrs={"size": 6})
    )
    worked = forms.CharField(label="Ce qui a marché", widget=forms.Textarea, max_length=3000)
    resisted = forms.CharField(label="Ce qui a résisté", widget=forms.Textarea, max_length=3000, required=False)
    advice = forms.CharField(label="Conseils aux collègues", widget=forms.Textarea, max_length=3000, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].choices = [CHOOSE, *vocabulary.select_levels()]  # type: ignore[attr-defined]
        self.fields["academy"].choices = vocabulary.academies()  # type: ignore[attr-defined]
        pupils = self.fields["pupils"]
        for code in ("min_value", "max_value"):
            pupils.error_messages[code] = "Donnez le nombre d'élèves, de 1 à 500."
        for validator in pupils.validators:
            validator.message = pupils.error_messages["min_value"]  # type: ignore[attr-defined]


class CommentForm(PageForm):
    comment = forms.CharField(
        label="Message",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il reste dans l'historique de la relecture.",
    )


NOT_LISTED = {"invalid_choice": "« %(value)s » n'est pas dans la liste officielle : choisissez dans la liste."}
LINES = ("tools", "links")
ROWS = {"steps": 12, "context": 5, "materials": 4, "differentiation": 4, "evaluation": 4, "limits": 4}


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
    duration_minutes = forms.IntegerField(
        label="Durée totale, en minutes", required=False, widget=forms.NumberInput(attrs={"size": 6})
    )
    tools = forms.CharField(
        label="Outils", required=False, help_text="Un par ligne.", widget=forms.Textarea(attrs={"rows": 3})
    )
    links = forms.CharField(
        label="Liens",
        required=False,
        help_text="Une adresse par ligne, qui commence par https://.",
        widget=forms.Textarea(attrs={"rows": 3}),
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
        }
        for name, shelves in self.shelves.items():
            self.fields[name].choices = vocabulary.flat(shelves)  # type: ignore[attr-defined]
        self.fields["licence"].choices = vocabulary.licences(scenario.licence)  # type: ignore[attr-defined]
        for key, title, _, hint in SECTIONS:
            rows = {"rows": ROWS.get(key, 6)}
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


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def initial(scenario: Scenario) -> dict[str, object]:
    """A stored scenario as the form types it."""
    return _typed({name: getattr(scenario, name) for name in Content.__dataclass_fields__}) | {
        "revision": scenario.revision
    }


def typed(content: Content) -> dict[str, object]:
    """A content in the same shape as `initial`, to set both side by side."""
    return _typed(asdict(content))


def _typed(values: dict[str, Any]) -> dict[str, object]:
    sections = values.pop("sections")
    return {**values, **sections, **{name: "\n".join(values[name]) for name in LINES}}
