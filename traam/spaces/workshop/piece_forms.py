"""What is typed of the files and addresses of a scenario. The actions judge; these forms read."""

from typing import Any

from django import forms

from traam import reference
from traam.design.forms import DateField, PageForm, UploadField
from traam.engines.sharing import ACCEPTED, MOST_BYTES
from traam.programme.productions.actions.pieces import LONGEST, Rights


class PieceForm(PageForm):
    """A file or an address with its rights: what is not known yet of them may wait, and the list says so."""

    title = forms.CharField(
        label="Titre", max_length=LONGEST["title"], widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    file = UploadField(
        label="Fichier",
        required=False,
        most=MOST_BYTES,
        extensions=[*ACCEPTED, "jpeg"],
        help_text="PDF, LibreOffice, Office sans macros, image, mp3 ou mp4 ; 10 Mo au plus.",
    )
    address = forms.CharField(
        label="Ou l'adresse d'une page",
        required=False,
        help_text="Elle commence par https://. Le site n'en garde pas de copie.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    alternative = forms.CharField(
        label="Ce que montre l'image",
        required=False,
        max_length=LONGEST["alternative"],
        help_text="Pour une image seulement : ce qu'il faut savoir d'elle quand on ne la voit pas.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    decorative = forms.BooleanField(label="Image décorative : on ne perd rien à ne pas la voir", required=False)
    licence = forms.ChoiceField(label="Licence", required=False, choices=[])
    holder = forms.CharField(
        label="Titulaire des droits",
        required=False,
        max_length=LONGEST["holder"],
        help_text="Qui l'a fait, tel qu'il veut être nommé : une personne, un éditeur, le groupe.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    terms_read_on = DateField(
        label="Conditions d'utilisation (CGU) lues le",
        required=False,
        help_text="Celles du site ou de l'outil d'où vient la pièce. Au format jj/mm/aaaa.",
    )

    def __init__(self, *args: Any, drop: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(licence.code, licence.label) for licence in reference.licences().values()]
        self.fields["licence"].choices = [("", "Pas encore connue"), *known]  # type: ignore[attr-defined]
        self.fields["alternative"].mark = "sauf image décorative"  # type: ignore[attr-defined]
        for name in ("file", "address"):
            self.fields[name].mark = "l'un ou l'autre"  # type: ignore[attr-defined]
        if drop:
            del self.fields[drop]

    def given(self) -> dict[str, Any]:
        """What the actions take beside the piece: its rights, its file (name and bytes) or its address."""
        values = dict(self.cleaned_data)
        sent, address = values.pop("file", None), values.pop("address", "")
        file = (sent.name or "", sent.read()) if sent is not None else None
        return {"rights": Rights(**values), "file": file, "address": address}
