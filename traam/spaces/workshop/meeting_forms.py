from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.groups.actions.meetings import LONGEST, MeetingValues, Presence
from traam.programme.groups.actions.minutes import LONGEST_POINT, LONGEST_SECTION, SECTIONS
from traam.programme.groups.models import Attendance, Meeting, Point
from traam.programme.groups.queries.meetings import Seat

HOUR = "Par exemple 14:30, ou 14 h 30."
HOURS = ["%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H h"]


class TimeField(forms.TimeField):
    """An hour as people write it: 14:30, 14h30, 14 h."""

    widget = forms.TextInput(attrs={"size": 8, "maxlength": 8})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=HOURS, help_text=HOUR, **options)
        self.error_messages["invalid"] = f"« {self.label} » n'est pas une heure connue : écrivez-la ainsi : 14:30."

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if hasattr(value, "hour") else value


class PlanForm(PageForm):
    subject = forms.CharField(label="Objet de la réunion", max_length=LONGEST["subject"])
    on = DateField(label="Date")
    begins = TimeField(label="Heure de début")
    ends = TimeField(label="Heure de fin")
    mode = forms.ChoiceField(label="Comment", choices=Meeting.Mode.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label="Lieu", max_length=LONGEST["place"], required=False, help_text="Pour une réunion en présence."
    )
    link = forms.CharField(
        label="Adresse de la visioconférence",
        max_length=200,
        required=False,
        help_text="Pour une réunion à distance, ou pour qui ne peut pas venir. Elle commence par https://.",
        widget=forms.URLInput(),
    )
    agenda = forms.CharField(
        label="Ordre du jour",
        max_length=LONGEST["agenda"],
        required=False,
        help_text="Il est dans la convocation, et commence le compte rendu.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def values(self) -> MeetingValues:
        return MeetingValues(**self.cleaned_data)


class CancelForm(PageForm):
    reason = forms.CharField(
        label="Motif",
        max_length=LONGEST["reason"],
        help_text="Les personnes conviées le liront.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AttendanceForm(PageForm):
    """Two fields for each person: was she there, and for how long when it was not all along."""

    def __init__(self, seats: Sequence[Seat], data: Any = None) -> None:
        super().__init__(data)
        self.seats = seats
        for seat in seats:
            name, key = seat.person.name, seat.person.pk
            self.fields[f"state-{key}"] = forms.ChoiceField(
                label=f"{name}, {seat.capacity}",
                choices=Attendance.State.choices,
                widget=forms.RadioSelect,
                initial=seat.state or None,
                error_messages={"required": f"Dites si {name} était là."},
            )
            self.fields[f"minutes-{key}"] = forms.IntegerField(
                label=f"Durée de présence de {name}, en minutes",
                required=False,
                min_value=1,
                max_value=24 * 60,
                initial=seat.minutes,
                help_text="Seulement pour qui n'est venu qu'à une partie.",
                widget=forms.NumberInput(attrs={"size": 6}),
            )

    def presences(self) -> dict[int, Presence]:
        return {
            seat.person.pk: Presence(
                self.cleaned_data[f"state-{seat.person.pk}"], self.cleaned_data[f"minutes-{seat.person.pk}"]
            )
            for seat in self.seats
        }


ROWS = {"agenda": 5, "said": 14, "next": 3}
HINTS = {
    "agenda": "Repris de la convocation : corrigez-le s'il a changé.",
    "said": "L'essentiel, en texte simple ou en Markdown. Les décisions et les actions se notent à part, sur la page "
    "de la réunion.",
    "next": "Quand, où, et ce qu'on y fera.",
}


class MinutesForm(PageForm):
    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for key, title in SECTIONS.items():
            self.fields[key] = forms.CharField(
                label=title,
                required=False,
                max_length=LONGEST_SECTION,
                help_text=HINTS[key],
                widget=forms.Textarea(attrs={"rows": ROWS[key]}),
            )

    def sections(self) -> Mapping[str, str]:
        return {key: self.cleaned_data[key] for key in SECTIONS}


class PointForm(PageForm):
    kind = forms.ChoiceField(label="Ce que c'est", choices=Point.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="En une phrase", max_length=LONGEST_POINT, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.TypedChoiceField(
        label="Qui s'en charge",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[],
        help_text="Pour une action.",
    )
    due = DateField(label="Pour quand", required=False)

    def __init__(self, seats: Iterable[Seat], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        people = [(str(seat.person.pk), seat.person.name) for seat in seats]
        self.fields["owner"].choices = [("", "Choisir une personne"), *people]  # type: ignore[attr-defined]
