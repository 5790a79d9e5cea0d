"""What is typed about who is in a group, or in the national group of a theme."""

from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.groups.models import Member
from traam.spaces.workshop.forms import CHOOSE

INVITED = "Une invitation lui sera envoyée si cette personne n'a pas encore de compte."
WHY = "Par exemple « mutation » ou « fin de mission ». Rien qui touche à la santé ou à la vie privée."


def _name() -> forms.CharField:
    return forms.CharField(label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def _email() -> forms.EmailField:
    return forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text=INVITED,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def _school() -> forms.CharField:
    return forms.CharField(
        label="Numéro de l'établissement (UAI)",
        required=False,
        max_length=12,
        help_text="Sept chiffres et une lettre, par exemple 0750655E.",
    )


class MemberForm(PageForm):
    role = forms.ChoiceField(label="Rôle dans le groupe", choices=[CHOOSE, *Member.Role.choices])
    name = _name()
    email = _email()
    school = _school()
    corps = forms.ChoiceField(
        label="Corps de l'inspecteur",
        required=False,
        choices=[("", "Sans objet"), *Member.Corps.choices],
        help_text="Seulement pour l'inspecteur pilote.",
    )
    since = DateField(label="Depuis le", required=False, help_text="Sans date, depuis aujourd'hui.")


class _OfMember(PageForm):
    """A form about one member: only an inspector has a corps."""

    def __init__(self, member: Member, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if member.role != Member.Role.INSPECTOR:
            del self.fields["corps"]


class ReplaceForm(_OfMember):
    name = _name()
    email = _email()
    on = DateField(label="À partir du", help_text="Aujourd'hui ou un jour passé. L'autre personne s'arrête la veille.")
    school = _school()
    corps = forms.ChoiceField(label="Corps", choices=Member.Corps.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="Motif", required=False, max_length=200, help_text=WHY)


class EndForm(PageForm):
    on = DateField(label="Dernier jour", help_text="Aujourd'hui ou un jour passé.")
    reason = forms.CharField(label="Motif", required=False, max_length=200, help_text=WHY)


class CorrectForm(_OfMember):
    school = _school()
    corps = forms.ChoiceField(label="Corps", choices=Member.Corps.choices, widget=forms.RadioSelect)


class CorrespondentForm(PageForm):
    name = _name()
    email = _email()
    capacity = forms.CharField(
        label="À quel titre", max_length=150, help_text="Par exemple « Chercheuse associée » ou « Canopé »."
    )
    since = DateField(label="Depuis le")
    until = DateField(label="Jusqu'au", required=False, help_text="Sans date, jusqu'à ce que l'on y mette fin.")


class EndCorrespondentForm(PageForm):
    until = DateField(
        label="Dernier jour", help_text="Cette personne voit le groupe national jusqu'au soir de ce jour."
    )


class ResearchForm(PageForm):
    name = forms.CharField(
        label="Nom du groupe de recherche", max_length=150, help_text="Par exemple le nom d'un GTnum."
    )
    laboratory = forms.CharField(label="Laboratoire ou équipe", max_length=200)
    address = forms.CharField(
        label="Adresse de sa page",
        max_length=300,
        help_text="L'adresse entière, qui commence par https://.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    brings = forms.CharField(
        label="Ce qu'il apporte au thème",
        max_length=1000,
        help_text="En quelques lignes : ses questions, ses résultats, ce que les groupes peuvent en faire.",
        widget=forms.Textarea,
    )
