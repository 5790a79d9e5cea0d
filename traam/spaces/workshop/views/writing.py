"""A long text being written: what waits in a form, and both texts when two people wrote at once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from traam.design import kept, typed
from traam.design.forms import PageForm
from traam.design.pages import Request
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries


def forget(request: Request, where: str) -> None:
    """What was typed is saved: nothing waits any more."""
    kept.forget(request)
    people_actions.drop_typing(where, actor=request.user)


def found(request: Request, where: str, form: PageForm) -> typed.Again | None:
    """What was being typed at this place, put in the form."""
    again = typed.again(request, people_queries.typing(request.user, where))
    if again:
        again.fill(form)
    return again


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
    return render(request, "workshop/two_texts.html", context, status=409)


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
