"""What is typed of the rights sheet of a scenario, and of each thing it uses."""

from dataclasses import asdict
from typing import Any

from django import forms

from traam.design.forms import DateField, PageForm
from traam.programme.publication import licences, services
from traam.programme.publication.actions import ResourceValues, SheetValues
from traam.programme.publication.models import Resource, RightsSheet, Way

ONE_LINE = {"autocomplete": "off"}
ADDRESS = {"inputmode": "url", **ONE_LINE}
KIND_HINTS = {
    "resource": "Un texte, une page, un exercice, un manuel que le scénario reprend ou vers lequel il renvoie.",
    "service": "Un outil dont la classe se sert : en ligne, dans l'ENT, ou installé.",
    "medium": "Ce qui se voit ou s'entend, dans le scénario ou dans une de ses pièces.",
}
LICENCE_HINTS = {
    licences.LINK: "Le scénario donne l'adresse, sans rien en copier.",
    licences.OWN: "Faite par le groupe : elle porte la licence du scénario.",
    licences.RESERVED: "Dites plus bas qui a donné l'autorisation, quand, et où elle est gardée.",
}


class SheetForm(PageForm):
    """What is said once for the whole scenario: the pupils, and where it will be read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    pupils = forms.ChoiceField(
        label="Des élèves sont-ils nommés, montrés ou entendus ?",
        required=False,
        choices=RightsSheet.Pupils.choices,
        widget=forms.RadioSelect,
        help_text="Regardez aussi les travaux d'élèves, les captures d'écran et les noms des fichiers.",
    )
    authorisations = forms.CharField(
        label="Où sont les autorisations écrites, et qui les garde",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : au secrétariat du collège, par la principale, jusqu'en 2030. Ne les déposez pas ici.",
    )
    way = forms.ChoiceField(
        label="Où le scénario sera-t-il lu ?", choices=Way.choices, widget=forms.RadioSelect, initial=Way.HERE
    )
    address = forms.CharField(
        label="Adresse de la page sur le site de l'académie",
        required=False,
        help_text="Elle commence par https:// et s'ouvre sans s'identifier.",
        widget=forms.TextInput(attrs=ADDRESS),
    )
    dated = DateField(label="En ligne depuis le", required=False, help_text="Au format jj/mm/aaaa.")

    def __init__(self, sheet: RightsSheet | None, data: Any = None) -> None:
        super().__init__(data, initial=None if data else sheet_initial(sheet))
        for name, mark in (
            ("pupils", ""),
            ("authorisations", "si des élèves sont montrés ou entendus"),
            ("address", "si c'est le site de l'académie"),
            ("dated", "si c'est le site de l'académie"),
        ):
            self.fields[name].mark = mark  # type: ignore[attr-defined]

    def values(self) -> SheetValues:
        return SheetValues(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})


def sheet_initial(sheet: RightsSheet | None) -> dict[str, Any]:
    if sheet is None:
        return {**asdict(SheetValues()), "revision": 0}
    return {name: getattr(sheet, name) for name in (*asdict(SheetValues()), "revision")}


class ResourceForm(PageForm):
    """One thing the scenario uses. What is not known yet may wait: the sheet says what lacks."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="Nature", choices=Resource.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="Nom", max_length=200, widget=forms.TextInput(attrs=ONE_LINE))
    address = forms.CharField(
        label="Adresse", required=False, help_text="Celle que suit le lecteur.", widget=forms.TextInput(attrs=ADDRESS)
    )
    licence = forms.ChoiceField(label="Licence", required=False, choices=[])
    holder = forms.CharField(
        label="Titulaire des droits",
        required=False,
        max_length=200,
        help_text="Qui l'a fait, tel qu'il veut être nommé : une personne, un éditeur, le groupe.",
        widget=forms.TextInput(attrs=ONE_LINE),
    )
    authorisation = forms.CharField(
        label="Autorisation écrite",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qui l'a donnée, quand, pour quoi, et où elle est gardée. Ne la déposez pas ici.",
    )
    terms_read_on = DateField(
        label="Conditions d'utilisation (CGU) lues le", required=False, help_text="Au format jj/mm/aaaa."
    )
    terms_address = forms.CharField(
        label="Adresse des conditions d'utilisation", required=False, widget=forms.TextInput(attrs=ADDRESS)
    )
    account = forms.ChoiceField(label="Un compte est-il demandé ?", required=False, choices=[])
    data_place = forms.ChoiceField(label="Où vivent les données ?", required=False, choices=[])
    framework = forms.ChoiceField(label="Comment le service est-il ouvert ?", required=False, choices=[])

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=None if data else initial)
        known = [(terms.code, terms.label) for terms in licences.known().values()]
        for name, choices in (
            ("licence", known),
            ("account", Resource.Account.choices),
            ("data_place", Resource.Place.choices),
            ("framework", Resource.Framework.choices),
        ):
            self.fields[name].choices = [("", "Pas encore dit"), *choices]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if not field.required:
                field.mark = "peut attendre"  # type: ignore[attr-defined]

    def values(self) -> ResourceValues:
        return ResourceValues(**{name: value for name, value in self.cleaned_data.items() if name != "opened"})


def resource_initial(resource: Resource, seal: str) -> dict[str, Any]:
    names = ResourceValues.__dataclass_fields__
    return {**{name: getattr(resource, name) for name in names}, "opened": seal}


def of_service(service: services.Service) -> dict[str, Any]:
    """What is proposed of a service that is known."""
    return {"kind": "service", "name": service.name, "framework": service.framework, "data_place": service.place}
