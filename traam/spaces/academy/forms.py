"""The form of an application, drawn from the columns of the spreadsheet: one list of questions for both.

Its fields judge nothing: what was typed goes as it is to `calls.actions`, which gives the sentences that a cell
of the file would get.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.urls import reverse

from traam.design.forms import PageForm
from traam.engines.sheets import Column
from traam.programme.calls import rules
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.models import Theme

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
    """`themes` are those offered; `chosen` is the theme whose axes are shown by their names."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, call: AcademyCall, themes: Iterable[Theme], chosen: Theme | None, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        book = call.campaign.edition
        themes = list(themes)
        for column in rules.columns(call.campaign, themes):
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


def _field(column: Column) -> forms.Field:
    if column.kind == "choices":
        return Answers(widget=forms.CheckboxSelectMultiple())
    if column.kind == "choice" and column.key != "theme":
        return Answer(widget=forms.RadioSelect(choices=[(choice, choice) for choice in column.choices]))
    if column.key in LONG:
        return Answer(widget=forms.Textarea(attrs={"rows": LONG[column.key]}))
    return Answer(widget=INPUTS.get(column.kind, forms.TextInput(attrs={"autocomplete": "off"})))


class UploadForm(PageForm):
    file = forms.FileField(
        label="Votre tableur rempli",
        help_text="En .xlsx ou en .ods, 10 Mo au plus. Rien n'est écrit avant votre accord.",
        allow_empty_file=True,  # said better by the reader of files
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods"}),
    )


class WithdrawalForm(PageForm):
    reason = forms.CharField(
        label="Pourquoi la retirez-vous ?",
        help_text="Une phrase, que le bureau national lira dans l'historique.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
