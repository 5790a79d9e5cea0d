"""What is typed of a training module: its texts, its sections, its activities, the questions of a quiz."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms

from traam import reference
from traam.design.forms import PageForm
from traam.programme.productions.actions.modules import LONGEST, ModuleContent
from traam.programme.productions.actions.outline import (
    ADDRESSED,
    FILED,
    LICENSED,
    MADE_OF_A_FILE,
    MOST_ACTIVITY_MINUTES,
    ActivityContent,
)
from traam.programme.productions.actions.outline import LONGEST as LONGEST_PART
from traam.programme.productions.actions.quizzes import LONGEST_ANSWER, MOST_ANSWERS, Answer, Question
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection
from traam.programme.productions.queries import modules as queries
from traam.spaces.workshop import vocabulary
from traam.spaces.workshop.vocabulary import Shelf

NOT_LISTED = {"invalid_choice": "« %(value)s » n'est pas dans la liste officielle : choisissez dans la liste."}
ONE_LINE = {"autocomplete": "off"}


def _minutes(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, widget=forms.NumberInput(attrs={"size": 6, "min": 0}))


def _text(label: str, hint: str, longest: int, rows: int, required: bool = False) -> forms.CharField:
    """A text kept as it is typed: its lines and its spaces are Markdown."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=required,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class BeginModuleForm(PageForm):
    title = forms.CharField(
        label="Titre du module",
        max_length=LONGEST["title"],
        help_text="Même provisoire : il dit ce que les enseignants sauront faire. Tout le reste s'écrit ensuite.",
        widget=forms.TextInput(attrs=ONE_LINE),
    )


class ModuleForm(PageForm):
    """The module's own texts. Only the title and the duration are needed to save."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=LONGEST["title"])
    summary = _text("Résumé", "En trois phrases : pour qui, quoi, ce qu'on y gagne.", LONGEST["summary"], 4)
    objectives = _text("Objectifs", "Ce que le stagiaire saura faire, un par ligne.", LONGEST["objectives"], 4)
    audience = forms.CharField(
        label="Public",
        required=False,
        max_length=LONGEST["audience"],
        help_text="Par exemple : professeurs d'histoire-géographie de lycée, débutants avec l'outil.",
    )
    minutes = _minutes(
        "Durée annoncée, en minutes", "Environ 120. La somme des activités doit la faire, à un dixième près."
    )
    framing = _text(
        "Note de cadrage",
        "Pour qui organise : public, prérequis, modalités, matériel, calendrier, évaluation.",
        LONGEST["framing"],
        10,
    )
    notebook = _text(
        "Carnet du stagiaire",
        "Ce que le stagiaire garde et complète : repères, traces de son travail, bilan.",
        LONGEST["notebook"],
        10,
    )
    guide = _text(
        "Guide du formateur",
        "Ce que le formateur dit et fait, partie par partie, ce qui résiste, ce qui se dit en visio.",
        LONGEST["guide"],
        10,
    )
    disciplines = forms.MultipleChoiceField(
        label="Disciplines", required=False, widget=forms.CheckboxSelectMultiple, error_messages=NOT_LISTED
    )
    levels = forms.MultipleChoiceField(
        label="Niveaux", required=False, widget=forms.CheckboxSelectMultiple, error_messages=NOT_LISTED
    )
    teacher_competences = forms.MultipleChoiceField(
        label="Compétences numériques des enseignants (CRCN-Édu)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_LISTED,
    )
    competences = forms.MultipleChoiceField(
        label="Compétences numériques des élèves (CRCN)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_LISTED,
    )
    keywords = forms.CharField(label="Mots-clés", required=False, help_text="Séparés par des virgules, douze au plus.")
    authors = forms.CharField(
        label="Auteurs à citer",
        required=False,
        max_length=LONGEST["authors"],
        help_text="Tels qu'ils seront publiés, et écrits dans le fichier exporté. Sans rien, le groupe est cité.",
    )
    licence = forms.ChoiceField(
        label="Licence", required=False, widget=forms.RadioSelect, error_messages=NOT_LISTED, choices=[]
    )
    terms_read = forms.BooleanField(
        label="Les conditions d'utilisation et les mentions légales des outils et ressources cités ont été lues.",
        required=False,
    )
    personal_data_checked = forms.BooleanField(
        label="Aucune donnée personnelle d'élève ou de stagiaire n'est demandée ni montrée sans accord.",
        required=False,
    )

    def __init__(self, module: Module, data: Any = None) -> None:
        super().__init__(data, initial=None if data else initial(module))
        self.shelves: Mapping[str, list[Shelf]] = {
            "disciplines": vocabulary.disciplines(module.disciplines),
            "levels": vocabulary.levels(module.levels),
            "teacher_competences": teacher_competences(module.teacher_competences),
            "competences": vocabulary.competences(module.competences),
        }
        for name, shelves in self.shelves.items():
            self.fields[name].choices = vocabulary.flat(shelves)  # type: ignore[attr-defined]
        self.fields["licence"].choices = vocabulary.licences(module.licence)  # type: ignore[attr-defined]

    def content(self) -> ModuleContent:
        """What was typed, once the form is valid."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        values["keywords"] = [word.strip() for word in values["keywords"].split(",") if word.strip()]
        return ModuleContent(**values)


def teacher_competences(kept: Sequence[str] = ()) -> list[Shelf]:
    """The competences of the CRCN-Édu, by domain; a code that left the list stays where it is."""
    entries = reference.frameworks()["CRCN-Édu"]
    known = {code: entry for code, entry in entries.items() if entry.domain}
    rows = [
        Shelf(entry.full_label, tuple((c.code, c.full_label) for c in known.values() if c.domain == entry.code))
        for entry in entries.values()
        if not entry.domain
    ]
    old = tuple((code, f"{code} (ancien code)") for code in kept if code not in known)
    return ([Shelf("Anciens codes, qui ne sont plus dans la liste", old)] if old else []) + rows


def initial(module: Module) -> dict[str, object]:
    """A stored module as the form types it."""
    stored = {name: getattr(module, name) for name in ModuleContent.__dataclass_fields__}
    return _typed(stored) | {"revision": module.revision}


def typed(content: ModuleContent) -> dict[str, object]:
    """A content in the same shape as `initial`, to set both side by side."""
    return _typed(asdict(content))


def _typed(values: dict[str, Any]) -> dict[str, object]:
    return {**values, "keywords": ", ".join(values["keywords"])}


# --- Sections and activities


class SectionForm(PageForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="Titre de la partie", max_length=LONGEST_PART["title"])
    summary = _text("Présentation", "Ce qu'on y fait et pourquoi, en quelques lignes.", LONGEST_PART["summary"], 4)


def section_initial(section: ModuleSection) -> dict[str, object]:
    return {"title": section.title, "summary": section.summary, "seen": queries.seen(section)}


BODIES = {
    "page": ("Texte de la page", "Ce que le stagiaire lit.", 14),
    "link": ("Ce que le stagiaire en fait", "Pourquoi cette page, quoi y chercher.", 5),
    "video": ("Consigne", "Ce qu'il faut regarder, et pourquoi.", 5),
    "quiz": ("Consigne", "Ce que le questionnaire vérifie. Les questions s'écrivent à la page suivante.", 4),
    "h5p": ("Consigne", "Ce qu'il y a à faire.", 4),
    "file": ("Consigne", "Ce que contient le document, et quoi en faire.", 4),
    "task": ("Travail demandé", "Ce qu'il faut rendre, sous quelle forme, et comment ce sera lu.", 8),
    "forum": ("Sujet de l'échange", "La question posée, et ce qu'on attend de chacun.", 6),
}
ADDRESSES = {
    "link": ("Adresse de la page", "Elle commence par https://."),
    "video": (
        "Adresse de la vidéo",
        "De préférence sur le PeerTube de l'éducation (tubes). Elle commence par https://.",
    ),
}
FILES = {
    "h5p": ("Fichier H5P", "Le fichier .h5p exporté de l'outil où il a été fait (Éléa, Lumi, H5P)."),
    "page": ("Image", "PNG, JPEG, GIF ou WebP. Elle se place à la fin du texte : déplacez sa ligne où vous voulez."),
    "file": ("Fichier", "PDF, LibreOffice, Office sans macros, image, mp3 ou mp4."),
}


class ActivityForm(PageForm):
    """One activity: the fields of its kind only. `sections` are offered when it may move from one to another."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="Titre de l'activité", max_length=LONGEST_PART["title"], widget=forms.TextInput(attrs=ONE_LINE)
    )

    def __init__(
        self,
        kind: str,
        *args: Any,
        activity: ModuleActivity | None = None,
        sections: Sequence[ModuleSection] = (),
        **options: Any,
    ) -> None:
        if activity is not None:
            options.setdefault("initial", activity_initial(activity))
        super().__init__(*args, **options)
        self.kind = kind
        if kind in ADDRESSED:
            label, hint = ADDRESSES[kind]
            box = forms.TextInput(attrs={"inputmode": "url", **ONE_LINE})
            self._add("address", forms.CharField(label=label, help_text=hint, widget=box))
        label, hint, rows = BODIES[kind]
        self._add("body", _text(label, hint, LONGEST_PART["body"], rows))
        if kind == "video":
            hint = "Tout ce qui s'entend et se voit d'utile : elle est demandée pour soumettre le module."
            self._add("transcript", _text("Transcription", hint, LONGEST_PART["transcript"], 8))
        if kind in FILED:
            self._add("file", self._file(kind, activity))
        if kind == "page":
            hint = "Pour qui ne voit pas l'image ; demandé avec elle."
            self._add("alternative", forms.CharField(label="Ce que montre l'image", required=False, help_text=hint))
        if kind in LICENSED:
            choices = [("", "Celle du module"), *vocabulary.licences(activity.licence if activity else "")]
            self._add("licence", forms.ChoiceField(label="Licence", required=False, choices=choices))
        hint = "Ce qu'il faut à un stagiaire ordinaire ; le total doit faire la durée annoncée."
        self._add("minutes", _minutes("Durée, en minutes", hint))
        limits = {"min_value": 0, "max_value": MOST_ACTIVITY_MINUTES}
        self.fields["minutes"].widget.attrs |= {"min": limits["min_value"], "max": limits["max_value"]}
        if len(sections) > 1:
            places = [(str(section.pk), section.title) for section in sections]
            self._add("section", forms.ChoiceField(label="Partie", choices=places))

    def _add(self, name: str, each: forms.Field) -> None:
        self.fields[name] = each
        each.error_messages.setdefault("required", f"« {each.label} » est obligatoire : remplissez ce champ.")
        if each.required:
            each.error_messages["required"] = f"« {each.label} » est obligatoire : remplissez ce champ."
        if isinstance(each, forms.IntegerField):
            each.error_messages["invalid"] = f"« {each.label} » doit être un nombre : écrivez-le en chiffres."

    def _file(self, kind: str, activity: ModuleActivity | None) -> forms.FileField:
        label, hint = FILES[kind]
        if activity is not None and activity.filename:
            hint = f"Le fichier actuel est « {activity.filename} » : n'en choisissez un que pour le remplacer. {hint}"
            if kind == "page":
                hint += " Pour la retirer, effacez sa ligne du texte."
        accept = ",".join(f".{extension}" for extension in sorted(FILED[kind]))
        widget = forms.FileInput(attrs={"accept": accept})
        held = kind not in MADE_OF_A_FILE or (activity is not None and bool(activity.file))
        made = forms.FileField(
            label=label, help_text=hint, required=not held, allow_empty_file=True, max_length=None, widget=widget
        )
        made.error_messages["required"] = "Choisissez le fichier de l'activité."
        return made

    def content(self) -> ActivityContent:
        names = ActivityContent.__dataclass_fields__
        return ActivityContent(**{name: value for name, value in self.cleaned_data.items() if name in names})


def activity_initial(activity: ModuleActivity) -> dict[str, object]:
    names = [name for name in ActivityContent.__dataclass_fields__ if name != "alternative"]
    stored = {name: getattr(activity, name) for name in names}
    return {**stored, "section": str(activity.section_id), "seen": queries.seen(activity)}


# --- Questions


class QuestionForm(PageForm):
    """One question and its answers, as many as `count`: buttons of the page add or remove one, without scripts."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = _text("Question", "", 2_000, 3, required=True)

    def __init__(self, kind: str, count: int, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.kind, self.answers = kind, 0 if kind == "true_false" else count
        if kind == "true_false":
            truth = forms.ChoiceField(
                label="Cette affirmation est", choices=[("Vrai", "Vraie"), ("Faux", "Fausse")], widget=forms.RadioSelect
            )
            truth.error_messages["required"] = "Dites si l'affirmation est vraie ou fausse."
            self.fields["truth"] = truth
            for place, word in enumerate(("Vrai", "Faux")):
                self.fields[f"feedback_{place}"] = _line(f"Retour à qui répond « {word} »")
        for place in range(self.answers):
            self.fields[f"text_{place}"] = _line(f"Réponse {place + 1}", "")
            if kind != "short":
                self.fields[f"right_{place}"] = forms.BooleanField(label="C'est une bonne réponse", required=False)
            self.fields[f"feedback_{place}"] = _line("Retour à qui la donne")
        hint = "Montré à tous une fois la réponse donnée : ce qu'il faut retenir."
        self.fields["feedback"] = _text("Explication", hint, 2_000, 3)

    def question(self) -> Question:
        """What was typed, once the form is valid."""
        values = self.cleaned_data
        if self.kind == "true_false":
            answers = [
                Answer(word, values["truth"] == word, values[f"feedback_{place}"])
                for place, word in enumerate(("Vrai", "Faux"))
            ]
        else:
            answers = [
                Answer(values[f"text_{n}"], values.get(f"right_{n}", False), values[f"feedback_{n}"])
                for n in range(self.answers)
            ]
        return Question(self.kind, values["text"], answers, values["feedback"])


def _line(label: str, hint: str = "") -> forms.CharField:
    made = forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_ANSWER,
        help_text=hint,
        widget=forms.TextInput(attrs=ONE_LINE),
    )
    made.mark = "facultatif" if label.startswith("Retour") else ""  # type: ignore[attr-defined]
    return made


def question_initial(question: Question, seen: str = "") -> dict[str, object]:
    """A question as the form types it."""
    values: dict[str, object] = {"seen": seen, "count": len(question.answers)}
    values |= {"text": question.text, "feedback": question.feedback}
    for place, answer in enumerate(question.answers):
        values |= {f"text_{place}": answer.text, f"right_{place}": answer.right, f"feedback_{place}": answer.feedback}
        if answer.right and question.kind == "true_false":
            values["truth"] = answer.text
    return values


def blank(kind: str) -> Question:
    """A question to begin with: as many empty answers as its kind usually has."""
    return Question(kind, "", [Answer("")] * {"true_false": 2, "short": 1}.get(kind, 3))


def counted(data: Mapping[str, Any]) -> int:
    """How many answers a sent page has; never more than one too many, whatever it says."""
    try:
        return min(max(int(data.get("count", "0")), 0), MOST_ANSWERS + 1)
    except ValueError:
        return 0


def rearranged(data: Mapping[str, Any], *, add: bool = False, remove: int | None = None) -> dict[str, object]:
    """What was typed of a question, with an answer more, or without the one at this place: to be shown, not judged."""
    rows = [
        {name: data.get(f"{name}_{place}", "") for name in ("text", "right", "feedback")}
        for place in range(counted(data))
        if place != remove
    ]
    if add and len(rows) < MOST_ANSWERS:
        rows.append({"text": "", "right": "", "feedback": ""})
    values: dict[str, object] = {name: data.get(name, "") for name in ("seen", "text", "feedback")}
    values["count"] = len(rows)
    for place, row in enumerate(rows):
        values |= {f"text_{place}": row["text"], f"feedback_{place}": row["feedback"]}
        values[f"right_{place}"] = bool(row["right"])
    return values
