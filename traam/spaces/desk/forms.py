"""What is typed at the door."""

from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.programme.letters.models import Habit


class SignInForm(PageForm):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Celle où vous avez reçu votre invitation.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Mot de passe",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(PageForm):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Celle de votre compte.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class PasswordForm(PageForm):
    """A password, typed twice."""

    password = forms.CharField(
        label="Votre mot de passe",
        max_length=200,
        strip=False,
        help_text="12 caractères au moins. Une phrase que vous retenez est plus sûre qu'un mot compliqué.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, une seconde fois",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"password", "again"} <= values.keys() and values["password"] != values["again"]:
            self.add_error("again", "Les deux mots de passe diffèrent : écrivez deux fois le même.")
        return values


class HabitForm(PageForm):
    period = forms.ChoiceField(
        label="Recevoir le récapitulatif",
        choices=Habit.Period.choices,
        help_text="Il rassemble ce que vous avez à faire ou à savoir. Rien de nouveau, pas de courriel.",
        widget=forms.RadioSelect,
    )
