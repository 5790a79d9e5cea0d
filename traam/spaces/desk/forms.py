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


class CodeForm(PageForm):
    """A code received by e-mail."""

    code = forms.CharField(
        label="Code reçu",
        max_length=20,
        help_text="Huit chiffres, dans le courriel « Votre code de connexion ».",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SecondFactorForm(PageForm):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Les six chiffres de votre application, ou l'un de vos codes de secours.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AppForm(PageForm):
    code = forms.CharField(
        label="Code affiché par l'application",
        max_length=20,
        help_text="Six chiffres, qui changent toutes les trente secondes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(PageForm):
    """A passkey: the browser fills `credential`."""

    credential = forms.JSONField(widget=forms.HiddenInput, required=False)


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(
        label="Nom de cette clé",
        max_length=60,
        initial="Ma clé d'accès",
        help_text="Pour la reconnaître dans votre liste, par exemple : Téléphone, Clé du bureau.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConfirmForm(PageForm):
    password = forms.CharField(
        label="Votre mot de passe",
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


class ActingForm(PageForm):
    """Under which of one's roles to act."""

    role = forms.ChoiceField(label="J'agis comme", widget=forms.RadioSelect)

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
        field.choices = choices
