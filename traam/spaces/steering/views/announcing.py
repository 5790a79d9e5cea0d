"""The announcement, said before it is done: it cannot be undone. The letters are read as they will leave."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import lists
from traam.design.forms import PageForm, apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid, Missing
from traam.programme.campaigns import queries
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import actions as catalogue
from traam.programme.groups.queries import results
from traam.programme.groups.queries.results import Draft, Mailing
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people
from traam.programme.people.models import Person
from traam.programme.selection import committee
from traam.programme.selection import policies as selection_policies

KINDS = {"referent": "Professeur référent", "inspector": "Inspecteur référent", "dan": "DAN"}
MOST_MISSING = 50


class WordsForm(PageForm):
    """What the national team adds to the letters, for each outcome."""

    retained = forms.CharField(
        label="Aux équipes retenues",
        required=False,
        max_length=results.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    waiting = forms.CharField(
        label="Aux équipes en liste d'attente",
        required=False,
        max_length=results.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    refused = forms.CharField(
        label="Aux équipes non retenues",
        required=False,
        max_length=results.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _place(campaign: Campaign) -> str:
    return f"announce:{campaign.pk}"


def _words(campaign: Campaign, person: Person) -> dict[str, str]:
    """The paragraphs that this person added to the letters, and has read with them."""
    kept = people.typing(person, _place(campaign))
    return {name: values[0] for name, values in (kept.fields if kept else {}).items() if values}


@writes(find=queries.campaign, may=selection_policies.may_announce, why="announcement")
def announce(request: Request, campaign: Campaign) -> HttpResponse:
    """What announcing will do and every letter it writes; then, once they are read, the announcement."""
    refusals: list[str] = []
    words = _words(campaign, request.user)
    form = WordsForm(initial=words)
    if request.method == "POST" and request.POST.get("verb") == "preview":
        form = WordsForm(request.POST)
        if form.is_valid():
            kept = {name: [text] for name, text in form.cleaned_data.items()}
            people_actions.keep_typing(_place(campaign), kept, actor=request.user, at=request.at)
            messages.success(request, "Les courriels ci-dessous portent vos textes : relisez-les, puis annoncez.")
            return redirect(reverse("steering:announce", args=[campaign.pk]) + "#courriels")
    elif request.method == "POST":
        try:
            return _announced(request, campaign, words)
        except Invalid as invalid:
            apply_invalid(form, invalid) if form.is_bound else None
            refusals = [sentence for several in invalid.errors.values() for sentence in several]
    return _page(request, campaign, form, words, refusals)


def _announced(request: Request, campaign: Campaign, words: Mapping[str, str]) -> HttpResponse:
    read = request.POST.get("seal", "")
    if read and read != results.mailing(campaign, request.user, request.at, words).seal:
        raise Invalid("Les courriels ont changé depuis que vous les avez lus : relisez-les, puis annoncez.")
    opened = catalogue.announce(campaign, actor=request.user, at=request.at, words=words)
    people_actions.drop_typing(_place(campaign), actor=request.user)
    messages.success(
        request, f"Les résultats sont annoncés : {plural(len(opened), 'groupe ouvert', 'groupes ouverts')}."
    )
    return redirect("steering:groups", campaign.pk)


def _page(
    request: Request, campaign: Campaign, form: WordsForm, words: Mapping[str, str], refusals: list[str]
) -> HttpResponse:
    table = committee.Table(campaign)
    mailing = results.mailing(campaign, request.user, request.at, words)
    filters = lists.read_filters(
        request, lists.search("q", "Rechercher"), lists.select("pour", "Destinataires", KINDS.items(), "Tous")
    )
    page = show(
        request,
        "steering/announce.html",
        form,
        campaign=campaign,
        table=table,
        count=_outcomes(table),
        mailing=mailing,
        kinds=KINDS,
        filters=filters,
        page=lists.page_of(_matching(mailing, filters["pour"], filters["q"]), request),
        missing=mailing.missing[:MOST_MISSING],
        refusals=refusals,
        worded=any(words.values()),
    )
    page.status_code = 422 if refusals else page.status_code
    return page


def _outcomes(table: committee.Table) -> dict[str, int]:
    counts = Counter({"retained": table.teams, "pending": table.undecided})
    for one in table.counts:
        counts.update({"waiting": one.waiting, "refused": one.refused})
    return counts


def _matching(mailing: Mailing, kind: str, words: str) -> list[Draft]:
    wanted = words.casefold().split()
    return [
        draft
        for draft in mailing.letters
        if kind in {"", draft.kind}
        and all(word in f"{draft.name} {draft.email} {draft.subject}".casefold() for word in wanted)
    ]


@dataclass(frozen=True)
class Reading:
    """A letter being read, among those that come before and after it."""

    draft: Draft
    before: str
    after: str


@reads(find=queries.campaign, may=selection_policies.may_announce, why="announcement")
def letter(request: Request, campaign: Campaign) -> HttpResponse:
    """One letter of the announcement, whole, as it will leave."""
    at: datetime = request.at
    letters = results.mailing(campaign, request.user, at, _words(campaign, request.user)).letters
    places = {draft.key: n for n, draft in enumerate(letters)}
    n = places.get(request.GET.get("cle", ""))
    if n is None:
        raise Missing("Ce courriel n'est pas de cette annonce. Revenez à la liste des courriels.")
    reading = Reading(
        letters[n],
        letters[n - 1].key if n else "",
        letters[n + 1].key if n + 1 < len(letters) else "",
    )
    return show(request, "steering/announce_letter.html", campaign=campaign, reading=reading, kinds=KINDS)
