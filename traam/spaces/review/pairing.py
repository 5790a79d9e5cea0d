"""Which academies of a theme work together: proposed with its reasons, decided by the experts or the national team."""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam import reference
from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, writes
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.selection import pairings, policies


class PairingForm(PageForm):
    """A letter for each academy: those that have the same work together."""

    def __init__(self, academies: Sequence[str], *args: Any, **options: Any) -> None:
        letters = string.ascii_uppercase[: max((len(academies) + 1) // 2, 1)]
        choices = [("", "Choisir un groupe"), *((letter, f"Groupe {letter}") for letter in letters)]
        self.base_fields = {  # type: ignore[misc]
            code: forms.ChoiceField(
                label=reference.academies()[code].name,
                choices=choices,
                error_messages={
                    "required": f"Choisissez le groupe de l'académie {reference.academies()[code].of_name}."
                },
            )
            for code in academies
        }
        super().__init__(*args, **options)

    @property
    def pairs(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for code, letter in self.cleaned_data.items():
            groups.setdefault(letter, []).append(code)
        return [groups[letter] for letter in sorted(groups)]


def _letters(pairs: Sequence[Sequence[str]]) -> Mapping[str, str]:
    return {code: letter for letter, group in zip(string.ascii_uppercase, pairs, strict=False) for code in group}


@writes(find=campaigns.theme, may=policies.may_pair, why="pairing")
def pairing(request: Request, theme: Theme) -> HttpResponse:
    """The pairs proposed, why, and the form that decides them."""
    academies = [member.academy for member in pairings.members(theme)]
    proposed = pairings.propose(theme)
    decided = pairings.of(theme)
    start = decided.pairs if decided else proposed.pairs
    form = PairingForm(academies, request.POST or None, initial=_letters(start))
    if attempt(request, form, lambda _: pairings.decide_pairs(theme, form.pairs, actor=request.user, at=request.at)):
        messages.success(request, "L'appariement est enregistré.")
        return redirect("review:pairing", theme.pk)
    return show(
        request,
        "review/pairing.html",
        form,
        theme=theme,
        academies=academies,
        proposed=proposed,
        decided=decided,
        pairs=pairings.named(decided.pairs) if decided else [],
        changed=pairings.problems(theme, decided.pairs) if decided else [],
    )
