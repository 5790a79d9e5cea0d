"""Forms: Django validates, our macros draw. Every message says where and what to do.

`PageForm` is the base class; `UploadField` takes a file; `posted` is what was sent; `attempt` does what a form asks and
puts the errors of the action beside the fields (`apply_invalid`); `show` answers a page with its form (422 when it was
refused).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from markupsafe import Markup

from traam.design.typography import number_fr, typo
from traam.design.uploads import MOST_OF_A_FILE, TooBig, too_heavy
from traam.engines.workflow import Invalid

T = TypeVar("T")

DATE_HINT = "Au format jj/mm/aaaa, par exemple 22/11/2026."


class DateInput(forms.DateInput):
    """A plain text field: the pickers of browsers follow the browser's language, not the page's."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"size": 12, "maxlength": 10, **(attrs or {})}, format="%d/%m/%Y")


class DateField(forms.DateField):
    """A day typed as jj/mm/aaaa (aaaa-mm-jj and jj-mm-aaaa are understood)."""

    widget = DateInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])
        options.setdefault("help_text", DATE_HINT)
        super().__init__(**options)


class FilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class UploadField(forms.FileField):
    """One file of `most` bytes at most: said under the field, before sending when scripts run, and judged here.

    An empty file is left to the action, which says it better.
    """

    def __init__(self, *, most: int, extensions: Collection[str] = (), **options: Any) -> None:
        attrs: dict[str, Any] = {"data-most": most}
        if extensions:
            attrs["accept"] = ",".join(f".{extension}" for extension in extensions)
        options.setdefault("widget", forms.FileInput(attrs=attrs))
        super().__init__(allow_empty_file=True, **options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if isinstance(given, UploadedFile) and (given.size or 0) > self.most:
            raise forms.ValidationError(too_heavy(str(self.label), given.size or 0, self.most))
        return given


class PageForm(forms.Form):
    """A form of the site. Optional fields are marked, required ones are not; sentences name the field."""

    # The page explains each error itself: the bubbles of browsers are neither translated nor lasting.
    use_required_attribute = False

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(_with_one_line_end(data), *args, **options)
        for name, each in self.fields.items():
            label = each.label or name.replace("_", " ").capitalize()
            _speak(each, str(label))

    def _post_clean(self) -> None:
        """A file that was too big to be stored is refused, whatever the form thinks of it."""
        super()._post_clean()  # type: ignore[misc]
        for name, file in self.files.items():
            if isinstance(file, TooBig) and name in self.fields and name not in self.errors:
                label = str(self.fields[name].label or name)
                self.add_error(name, too_heavy(label, file.size or 0, MOST_OF_A_FILE))


def _with_one_line_end(data: Any) -> Any:
    """What was typed, with one character for a line end: browsers send two where people see one."""
    if not isinstance(data, QueryDict):
        return data
    plain = QueryDict(mutable=True)
    for name, values in data.lists():
        plain.setlist(name, [value.replace("\r\n", "\n") if isinstance(value, str) else value for value in values])
    return plain


def _speak(each: forms.Field, label: str) -> None:
    """Sentences that name the field, where the form's author did not write their own."""
    sentences = {"required": f"« {label} » est obligatoire : {_what_to_do(each)}."}
    if isinstance(each, forms.DateField):
        sentences["invalid"] = f"« {label} » n'est pas une date connue : écrivez-la ainsi : 22/11/2026."
    if isinstance(each, forms.EmailField):
        sentences["invalid"] = f"« {label} » n'est pas une adresse : écrivez-la ainsi : nom@exemple.fr."
    if isinstance(each, forms.IntegerField):
        sentences["invalid"] = f"« {label} » doit être un nombre : écrivez-le en chiffres."
    stock = type(each).default_error_messages | forms.Field.default_error_messages
    for code, sentence in sentences.items():
        if code not in each.error_messages or each.error_messages[code] == stock.get(code):
            each.error_messages[code] = sentence


def _what_to_do(each: forms.Field) -> str:
    if isinstance(each, forms.FileField):
        return "choisissez un fichier"
    if isinstance(each, forms.BooleanField):
        return "cochez la case"
    if isinstance(each, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return "cochez au moins une réponse"
    if isinstance(each, forms.ChoiceField | forms.ModelChoiceField):
        return "choisissez une réponse"
    return "remplissez ce champ"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is empty: an empty form is refused, not taken for a first visit."""
    return request.POST if request.method == "POST" else None


def apply_invalid(form: forms.BaseForm, invalid: Invalid) -> None:
    """Put the errors of an action on the form; those of an unknown field go to the whole form."""
    for name, sentences in invalid.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


@dataclass(frozen=True)
class Done(Generic[T]):
    """What an action made."""

    made: T


def attempt(request: Any, form: forms.BaseForm, act: Callable[[dict[str, Any]], T]) -> Done[T] | None:
    """Do what a form asks, once it is sent and valid. None before, and when it is refused: why is beside the fields.

    `act` is given what was typed, by field, with the `actor` and the moment (`at`) that every action asks for.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return Done(act({**form.cleaned_data, "actor": request.user, "at": request.at}))
        except Invalid as invalid:
            apply_invalid(form, invalid)
    return None


def show(request: HttpRequest, template: str, form: forms.BaseForm | None = None, **context: Any) -> HttpResponse:
    """The page with its `form`: status 422 when what was typed is refused, 200 otherwise."""
    refused = form is not None and form.is_bound and bool(form.errors)
    if form is not None:
        context["form"] = form
    return render(request, template, context, status=422 if refused else 200)


def _mark(each: forms.Field) -> str:
    """What stands beside the label: a form may set `field.mark` where "facultatif" would say too little."""
    return getattr(each, "mark", "" if each.required else "facultatif")


@dataclass(frozen=True)
class Choice:
    """One radio button or box of a group. `id` and `tag` are ready for the page."""

    id: str
    label: str
    tag: Markup
    hint: str = ""


@dataclass(frozen=True)
class FieldView:
    """A field as the macro `field` needs it. `kind`: input, select, textarea, file, check, group or hidden."""

    kind: str
    id: str
    label: str
    mark: str
    hint: str
    errors: list[str]
    widget: Markup
    several: bool = False
    choices: list[Choice] = field(default_factory=list)
    limit: int | None = None


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "group"),
    (forms.CheckboxSelectMultiple, "group"),
    (forms.CheckboxInput, "check"),
    (forms.FileInput, "file"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)
CLASSES = {"input": "fr-input", "textarea": "fr-input", "select": "fr-select", "file": "fr-upload"}


def describe(bound: BoundField, hint: str = "", label: str = "", hints: Mapping[str, str] | None = None) -> FieldView:
    """What to draw for this field. `hints` maps a choice's value to the sentence under it."""
    widget = bound.field.widget
    kind = "hidden" if bound.is_hidden else next((k for t, k in KINDS if isinstance(widget, t)), "input")
    limit = getattr(bound.field, "max_length", None) if kind == "textarea" else None
    hint = hint or str(bound.help_text or "")
    if limit:
        hint = f"{hint} {number_fr(limit)} caractères au plus.".strip()
    errors = [str(typo(error)) for error in bound.errors]
    attrs = _attributes(bound, kind, bool(hint), bool(errors), limit)
    return FieldView(
        kind=kind,
        id=str(bound.auto_id),
        label=str(label or bound.label or ""),
        mark=_mark(bound.field) if kind != "hidden" else "",
        hint=str(typo(hint)),
        errors=errors,
        widget=_markup("" if kind == "group" else bound.as_widget(attrs=attrs)),
        several=isinstance(widget, forms.CheckboxSelectMultiple),
        choices=_choices(bound, hints or {}) if kind == "group" else [],
        limit=limit,
    )


def _attributes(bound: BoundField, kind: str, hinted: bool, wrong: bool, limit: int | None) -> dict[str, Any]:
    """Both the hint and the error describe the field, whatever Django would choose."""
    given = bound.field.widget.attrs
    ids = [f"{bound.auto_id}-aide"] * hinted + [f"{bound.auto_id}-erreur"] * wrong
    attrs: dict[str, Any] = {"aria-describedby": " ".join(ids) if ids else None}
    attrs["aria-invalid"] = "true" if wrong else None
    if kind in CLASSES:
        attrs["class"] = f"{CLASSES[kind]} {given.get('class', '')}".strip()
    if kind == "textarea":
        rows = 6 if str(given.get("rows")) == "10" else given.get("rows", 6)  # 10 is Django's own default
        # `maxlength` cuts a pasted text without a word: the page counts, the server refuses.
        attrs |= {"maxlength": None, "data-limit": limit, "rows": rows, "cols": None}
        bound.field.widget.attrs.pop("maxlength", None)
    return {name: value for name, value in attrs.items() if value is not None}


def _choices(bound: BoundField, hints: Mapping[str, str]) -> list[Choice]:
    choices = []
    for subwidget in bound.subwidgets:
        value = str(subwidget.data["value"])
        identity = str(subwidget.id_for_label)
        if value in hints:
            subwidget.data["attrs"]["aria-describedby"] = f"{identity}-aide"
        choices.append(
            Choice(
                identity,
                str(subwidget.choice_label),
                _markup(subwidget.tag(wrap_label=False)),
                hints.get(value, ""),
            )
        )
    return choices


def _markup(html: str) -> Markup:
    """Django's safe strings, as Jinja2 knows them."""
    return Markup(html)  # noqa: S704 - drawn and escaped by Django's own widgets


@dataclass(frozen=True)
class FailedField:
    """One line of the summary of errors; `anchor` is the id to jump to ("" for the form as a whole)."""

    anchor: str
    sentence: str


def failed_fields(*several: forms.BaseForm) -> list[FailedField]:
    """Every error of these forms, in the order of the page."""
    lines = []
    for form in several:
        lines += [FailedField("", str(typo(sentence))) for sentence in form.non_field_errors()]
        for bound in form:
            anchor = str(bound.auto_id)
            if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                anchor = f"{bound.auto_id}_0"
            lines += [FailedField(anchor, str(typo(sentence))) for sentence in bound.errors]
    return lines


__all__ = [
    "Choice",
    "DateField",
    "DateInput",
    "FailedField",
    "FieldView",
    "FilesInput",
    "PageForm",
    "apply_invalid",
    "attempt",
    "describe",
    "failed_fields",
    "posted",
    "show",
]
