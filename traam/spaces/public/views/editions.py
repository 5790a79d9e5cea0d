"""The cahiers des charges, read by article, each with what the platform checks of it."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from traam import editions as shelf
from traam.design.navigation import Entry
from traam.design.pages import Request, anyone, reads
from traam.design.typography import date_fr
from traam.engines.rulebook import PROPOSAL_WORDS, Milestone, Rule, Rulebook
from traam.engines.workflow import Missing
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import PublicCall
from traam.spaces.public.wording import RULE_SUBJECTS


def find_book(edition_id: str) -> Rulebook:
    try:
        return shelf.book(edition_id)
    except KeyError:
        raise Missing("Ce cahier des charges n'existe pas. Choisissez-le dans la liste.") from None


def _rules(book: Rulebook) -> Mapping[str, list[Rule]]:
    """The rules of each article, in the order of the file."""
    found: dict[str, list[Rule]] = {}
    for rule in book.rules:
        found.setdefault(rule.article, []).append(rule)
    return found


READING = "La lecture des dossiers"


def _amended_in(calls: Sequence[PublicCall]) -> Mapping[str, list[str]]:
    """The titles of the calls that amended each article."""
    found: dict[str, list[str]] = {}
    for call in calls:
        for article in {row.article for row in call.amended}:
            found.setdefault(article, []).append(call.title)
    return found


YEARS = ("", ", l'année suivante", ", deux ans après")


def _calendar(book: Rulebook) -> list[tuple[str, str, str]]:
    """Lines (label, when, article), as the text says when; else the day that the platform chose."""
    order = sorted(book.milestones, key=lambda m: (m.year_offset, m.month, m.day))
    return [(m.label, (m.said or _day(m)) + YEARS[min(m.year_offset, 2)], m.article) for m in order]


def _day(milestone: Milestone) -> str:
    day, month, _ = date_fr(milestone.on(2000)).split()
    return f"{day} {month} (jour choisi par la plateforme)"


@reads(may=anyone, public=True)
def editions(request: Request) -> HttpResponse:
    return render(request, "public/editions.html", {"books": list(shelf.books().values())[::-1]})


@reads(find=find_book, may=anyone, public=True)
def edition(request: Request, book: Rulebook) -> HttpResponse:
    amended = queries.amended_calls(book.id)
    context = {
        "book": book,
        "edition": book.edition,
        "address": reverse("public:edition", args=[book.id]),
        "menu": [*(Entry(f"{a.anchor} {a.title}", f"#{a.anchor}") for a in book.articles), Entry(READING, "#lecture")],
        "reading": READING,
        "rules": _rules(book),
        "subjects": RULE_SUBJECTS,
        "calendar": _calendar(book),
        "amended": amended,
        "amended_in": _amended_in(amended),
        "aims": [(PROPOSAL_WORDS[name], setting) for name, setting in book.selection.proposal.settings.items()],
    }
    return render(request, "public/edition.html", context)
