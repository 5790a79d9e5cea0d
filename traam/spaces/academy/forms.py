"""The form of an application, drawn from the columns of the spreadsheet: one list of questions for both.

Its fields judge nothing: what was typed goes as it is to `calls.actions`, which gives the sentences that a cell
of the file would get.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse

from traam.design.forms import DATE_HINT, DateField, PageForm
from traam.engines.rulebook import Rulebook
from traam.engines.sheets import Column
from traam.programme.calls import rules
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.models import Theme
from traam.programme.people.models import Role

LONG = {"titles": 3, "description": 8}
INPUTS: dict[str, forms.Widget] = {
    "email": forms.EmailInput(attrs={"autocomplete": "off"}),
    "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    "integer": forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    "uai": forms.TextInput(attrs={"size": 12, "autocapitalize": "characters"}),
}
SECTIONS = (
    ("Le projet", ("theme", "degree", "titles", "axes", "description")),
    ("L'inspecteur référent", ("inspector_name", "inspector_email", "inspector_phone")),
    ("Le professeur référent", ("referent_name", "referent_school", "school_kind", "referent_email", "referent_phone")),
    ("L'avis de l'académie", ("dasen_agreement", "rank")),
)


class Answer(forms.CharField):
    """What was typed. `required` only says how the question is shown."""

    def validate(self, value: Any) -> None:
        """Left to the rules of the call."""


class Answers(forms.Field):
    """The boxes that were ticked, as they were sent."""

    def validate(self, value: Any) -> None:
        """Left to the rules of the call."""


class ApplicationForm(PageForm):
    """`themes` are those offered; `chosen` is the theme whose axes are shown by their names; `without` are the
    questions that are not put to the person."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        call: AcademyCall,
        themes: Iterable[Theme],
        chosen: Theme | None,
        *args: Any,
        without: Collection[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        book = call.campaign.edition
        themes = list(themes)
        for column in rules.columns(call.campaign, themes):
            if column.key in without:
                continue
            made = _field(column)
            made.label, made.help_text = column.title, column.help
            made.required = column.key in rules.demanded(book)
            self.fields[column.key] = made
        self._theme_and_axes(call, themes, chosen)
        # Shown and counted by the page; judged by the rules of the edition, with their article.
        self.fields["description"].max_length = rules.description_limit(book)  # type: ignore[attr-defined]

    def _theme_and_axes(self, call: AcademyCall, themes: list[Theme], chosen: Theme | None) -> None:
        self.fields["theme"].widget = forms.Select(
            choices=[("", "Choisissez un thème"), *((theme.title, theme.title) for theme in themes)],
            attrs={
                "data-hx-get": reverse("academy:axes", args=[call.academy.slug, call.campaign.pk]),
                "data-hx-target": "#axes",
                "data-hx-include": "#axes",
                "data-hx-swap": "outerHTML",
            },
        )
        self.fields["axes"].help_text = "Cochez les axes que le projet traite."
        ticked = self["axes"].value() or ()
        self.fields["axes"].widget = forms.CheckboxSelectMultiple(choices=axis_choices(chosen, ticked))

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        """The questions that are put, under their headings."""
        asked = ((legend, [name for name in names if name in self.fields]) for legend, names in SECTIONS)
        return [(legend, names) for legend, names in asked if names]

    @property
    def raw(self) -> Mapping[str, object]:
        """What was typed, for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


def axis_choices(theme: Theme | None, ticked: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The axes of the theme by their names; while no theme is chosen, all the numbers there can be.

    A number that was ticked and that the theme has not stays, so that it can be unticked.
    """
    names = theme.axes if theme else [""] * rules.MOST_AXES
    choices = [(f"Axe {n}", f"Axe {n} : {name}" if name else f"Axe {n}") for n, name in enumerate(names, start=1)]
    known = {value for value, _ in choices}
    possible = [f"Axe {n}" for n in range(1, rules.MOST_AXES + 1)]
    return choices + [(v, f"{v} (n'existe pas dans ce thème)") for v in possible if v in set(ticked) - known]


def whys(book: Rulebook) -> dict[str, tuple[str, str]]:
    """The article that asks each question, and its address, by field."""
    page = reverse("public:edition", args=[book.id])
    asked = {name: book.field_article(name) or book.topic(topic) for name, topic in _TOPICS.items()}
    asked |= {field.id: book.article(field.article) for field in book.application_fields}
    return {name: (f"Article {article.anchor}", f"{page}#{article.anchor}") for name, article in asked.items()}


# What asks the questions that the edition does not list among its fields.
_TOPICS = {"theme": "application", "degree": "application", "rank": "forwarding", "dasen_agreement": "agreement"}


def _field(column: Column) -> forms.Field:
    if column.kind == "choices":
        return Answers(widget=forms.CheckboxSelectMultiple())
    if column.key == "school_kind":  # not demanded: a list can be emptied again, buttons cannot
        return Answer(widget=forms.Select(choices=[("", "Non précisé"), *((one, one) for one in column.choices)]))
    if column.kind == "choice" and column.key != "theme":
        return Answer(widget=forms.RadioSelect(choices=[(choice, choice) for choice in column.choices]))
    if column.key in LONG:
        return Answer(widget=forms.Textarea(attrs={"rows": LONG[column.key]}))
    return Answer(widget=INPUTS.get(column.kind, forms.TextInput(attrs={"autocomplete": "off"})))


class UploadForm(PageForm):
    file = forms.FileField(
        label="Votre tableur rempli",
        help_text="En .xlsx, en .ods ou en .csv, 10 Mo au plus. Rien n'est écrit avant votre accord.",
        allow_empty_file=True,  # said better by the reader of files
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )


class OpinionForm(PageForm):
    """The opinion of the inspector: judged by `calls.actions`."""

    opinion = forms.ChoiceField(
        label="Votre avis", choices=Application.InspectorOpinion.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label="Commentaire",
        help_text="Facultatif si l'avis est favorable. Le DAN, l'auteur et les experts du thème le lisent.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RankForm(PageForm):
    """A number for each application of a theme: `rank-<key>`."""

    def __init__(self, applications: Sequence[Application], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in applications:
            self.fields[f"rank-{one.pk}"] = forms.IntegerField(
                label=one.title,
                required=False,
                min_value=1,
                max_value=99,
                initial=one.rank,
                error_messages={
                    "invalid": f"Écrivez en chiffres le rang de « {one.title} ».",
                    "min_value": f"Donnez à « {one.title} » un rang de 1 à 99.",
                    "max_value": f"Donnez à « {one.title} » un rang de 1 à 99.",
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
            )

    @property
    def ranks(self) -> dict[int, int | None]:
        return {int(name.removeprefix("rank-")): value for name, value in self.cleaned_data.items()}


class InvitationForm(PageForm):
    """Who joins an academy; `roles` are those the person may give."""

    name = forms.CharField(label="Prénom et nom", max_length=150)
    email = forms.EmailField(
        label="Adresse électronique",
        help_text="L'adresse académique : l'invitation y est envoyée.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)

    since = DateField(
        label="Premier jour",
        required=False,
        help_text=f"Les droits commencent ce jour-là ; sans date, aujourd'hui. {DATE_HINT}",
    )
    until = DateField(
        label="Dernier jour",
        required=False,
        help_text=f"Les droits s'arrêtent ce soir-là, d'eux-mêmes ; sans date, ils durent. {DATE_HINT}",
    )

    def __init__(self, roles: Sequence[Role], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(role.value, str(role.label)) for role in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["role"].initial = choices[0][0]


class ReturnForm(PageForm):
    reason = forms.CharField(
        label="Ce qu'il faut reprendre",
        help_text="L'auteur le reçoit par courriel, et le lit en tête de sa candidature.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WithdrawalForm(PageForm):
    reason = forms.CharField(
        label="Pourquoi la retirez-vous ?",
        help_text="Une phrase, que le bureau national lira dans l'historique.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
