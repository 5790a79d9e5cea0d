"""What a reader types: her address, the letters she wants."""

from collections.abc import Iterable
from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.programme.subscriptions.actions import CONSENT
from traam.programme.subscriptions.models import Newsletter


class AddressForm(PageForm):
    email = forms.EmailField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Par exemple nom@exemple.fr. Une lettre y part, pour vérifier que la boîte est la vôtre.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class _Letters(PageForm):
    newsletters = forms.TypedMultipleChoiceField(
        label="Les lettres que vous voulez recevoir", coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, newsletters: Iterable[Newsletter], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(one.pk, one.title) for one in newsletters]
        self.fields["newsletters"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int]:
        return list(self.cleaned_data["newsletters"])


class SubscribeForm(_Letters, AddressForm):
    field_order = ("newsletters", "email", "agreed")
    agreed = forms.BooleanField(label=CONSENT)  # the sentence that is kept is the one she read


class ChoicesForm(_Letters):
    pass
