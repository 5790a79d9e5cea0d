"""What is typed of a communication support; its file and its captions are given apart, so that a text is never lost."""

from dataclasses import asdict
from typing import Any

from django import forms

from traam.design.forms import PageForm, UploadField
from traam.engines.sharing import MOST_BYTES
from traam.programme.productions import support_rules
from traam.programme.productions.actions.supports import CAPTIONS, LONGEST, MOST_OF_CAPTIONS, SupportContent
from traam.programme.productions.models import Support
from traam.spaces.workshop import vocabulary

KIND_HINTS = {
    "infographic": "Une image ou un PDF, avec ce qu'il montre en toutes lettres.",
    "mind_map": "Une image, un PDF ou une adresse, avec ce qu'elle montre en toutes lettres.",
    "video": "L'adresse de sa page sur PeerTube, ses sous-titres et sa transcription.",
    "other": "Une présentation, un son, un document, ou l'adresse d'une page.",
}
ONE_LINE = {"autocomplete": "off"}


class BeginSupportForm(PageForm):
    kind = forms.ChoiceField(label="Nature du support", choices=Support.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label="Titre",
        max_length=LONGEST["title"],
        help_text="Même provisoire : il dit ce que le support fait connaître.",
        widget=forms.TextInput(attrs=ONE_LINE),
    )


class SupportForm(PageForm):
    """The words of a support; those that its kind has no use for are not asked."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=LONGEST["title"], widget=forms.TextInput(attrs=ONE_LINE))
    summary = forms.CharField(
        label="Résumé",
        required=False,
        max_length=LONGEST["summary"],
        help_text="À qui il s'adresse, et ce qu'il fait connaître.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    address = forms.CharField(
        label="Adresse",
        required=False,
        help_text="Celle de sa page, si le support est déjà en ligne ailleurs.",
        widget=forms.TextInput(attrs={"inputmode": "url", **ONE_LINE}),
    )
    alternative = forms.CharField(
        label="Ce que montre l'image",
        required=False,
        max_length=LONGEST["alternative"],
        help_text="Pour qui ne la voit pas : le message d'abord, puis ce qui l'appuie. Reprenez tous les textes qui y "
        "sont écrits.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    transcript = forms.CharField(
        label="Transcription",
        required=False,
        max_length=LONGEST["transcript"],
        strip=False,
        help_text="Tout ce qu'on entend, avec qui parle, et ce qu'il faut voir pour comprendre, dans l'ordre. On peut "
        "mettre en forme : **gras**, - liste.",
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    no_speech = forms.CharField(
        label="S'il n'y a rien à sous-titrer, pourquoi",
        required=False,
        max_length=LONGEST["no_speech"],
        help_text="Par exemple : personne ne parle, la musique accompagne les images. Sinon, déposez les sous-titres "
        "depuis la page du support.",
        widget=forms.TextInput(attrs=ONE_LINE),
    )
    authors = forms.CharField(
        label="Auteurs à citer",
        required=False,
        max_length=LONGEST["authors"],
        help_text="Tels qu'ils seront publiés. Sans rien, le groupe est cité.",
    )
    licence = forms.ChoiceField(label="Licence", required=False, widget=forms.RadioSelect, choices=[])
    rights_checked = forms.BooleanField(
        label="Les images, les sons et les textes repris peuvent l'être, et aucun élève n'y est nommé ni "
        "reconnaissable sans accord.",
        required=False,
    )

    def __init__(self, support: Support, data: Any = None) -> None:
        super().__init__(data, initial=None if data else initial(support))
        self.support = support
        self.fields["licence"].choices = vocabulary.licences(support.licence)  # type: ignore[attr-defined]
        if support.kind == Support.Kind.VIDEO:
            self.fields["address"].label = "Adresse de la vidéo"
            self.fields[
                "address"
            ].help_text = (
                "Celle de sa page sur PeerTube, par exemple celui d'apps.education.fr. Elle commence par https://."
            )
            del self.fields["alternative"]
        else:
            del self.fields["no_speech"]
            del self.fields["transcript"]

    def content(self) -> SupportContent:
        """What was typed, once the form is valid; what was not asked stays as it was."""
        asked = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        stored = {name: getattr(self.support, name) for name in asdict(SupportContent(""))}
        return SupportContent(**{**stored, **asked})


def initial(support: Support) -> dict[str, Any]:
    """The words of a support as the form holds them."""
    return {name: getattr(support, name) for name in (*asdict(SupportContent("")), "revision")}


class FileForm(PageForm):
    """The file of a support, or its captions."""

    def __init__(self, support: Support, what: str, *data: Any) -> None:
        super().__init__(*data)
        captions = what == "sous-titres"
        extensions = CAPTIONS if captions else support_rules.ACCEPTED[support.kind]
        self.fields["file"] = UploadField(
            label="Fichier de sous-titres" if captions else "Fichier",
            most=MOST_OF_CAPTIONS if captions else MOST_BYTES,
            extensions=sorted(extensions | ({"jpeg"} if "jpg" in extensions else set())),
            help_text="En WebVTT (.vtt) : PeerTube et la plupart des logiciels de sous-titres l'exportent."
            if captions
            else f"Accepté : {', '.join(sorted(extensions))} ; 10 Mo au plus.",
        )
