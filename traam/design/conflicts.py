"""Both texts, when two people wrote at once in one long form."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from traam.design.forms import PageForm
from traam.design.pages import Request


def two_texts(
    request: Request,
    form: PageForm,
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    mark: tuple[str, str],
    address: str,
    steps: list[tuple[str, str]],
    reason: str = "",
) -> HttpResponse:
    """Both texts, for every field that differs (409). With a `reason`, the text can only be copied.

    `mark` is the hidden field, and its new value, that says which text the page is now opened on.
    """
    differing = [
        (str(each.label), _shown(each, theirs.get(name)), _shown(each, mine.get(name)))
        for name, each in form.fields.items()
        if name not in {mark[0], "file", "section"} and _compared(theirs.get(name)) != _compared(mine.get(name))
    ]
    context = {
        "form": form,
        "differing": differing,
        "mark": mark,
        "address": address,
        "trail": steps,
        "reason": reason,
        "file_again": bool(request.FILES),
    }
    return render(request, "design/two_texts.html", context, status=409)


def _compared(value: object) -> object:
    """Boxes come back in the order of the list, whatever order they were stored in."""
    return sorted(value) if isinstance(value, list | tuple) else value or ""


def _shown(each: Any, value: object) -> str:
    if isinstance(value, bool):
        return "Coché" if value else "Non coché"
    if isinstance(value, list | tuple):
        choices = dict(each.choices)
        return "\n".join(str(choices.get(code, code)) for code in value)
    return "" if value is None else str(value)
