"""The search: everything is in the address; htmx only spares the reader a reload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from traam.design.pages import Request, anyone, reads
from traam.design.readymade import each_time
from traam.design.typography import plural
from traam.engines.search.values import DEEPEST, Sort
from traam.programme.catalogue import index, queries
from traam.programme.catalogue.queries import Choice, Found
from traam.programme.catalogue.searches import counting
from traam.programme.catalogue.syntheses import searching as syntheses

SHOWN = 8  # values of a facet before « Tout voir »
MOST_CHOSEN = 50
SORTS: dict[Sort, str] = {"pertinence": "Pertinence", "date": "Les plus récentes", "titre": "Titre, de A à Z"}
TYPED_IN = "recherche"
"""The id of the field whose typing asks for results by itself."""


@dataclass(frozen=True)
class Facet:
    """One facet as it is drawn: the values shown, how many are not, and the address that shows them, or hides them.

    `toggle` is "" when every value is shown anyway: there are few, or one of the last is chosen.
    """

    name: str
    label: str
    shown: Sequence[Choice]
    hidden: int
    toggle: str


@dataclass(frozen=True)
class Asked:
    """What the address asks."""

    text: str
    chosen: Mapping[str, Sequence[str]]
    sort: Sort
    page: int
    typing: bool  # the last word may be unfinished
    whole: Sequence[str]  # the facets of which every value is shown

    @classmethod
    def read(cls, parameters: QueryDict, trigger: str = "") -> "Asked":
        page, sort = parameters.get("page", ""), parameters.get("tri", "")
        return cls(
            text=parameters.get("q", "").replace("\x00", ""),
            chosen={name: parameters.getlist(name)[:MOST_CHOSEN] for name in index.VISIBLE_FACETS},
            sort=next((known for known in SORTS if known == sort), "pertinence"),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            typing=trigger == TYPED_IN or parameters.get("frappe") == "oui",
            whole=[name for name in index.VISIBLE_FACETS if name in parameters.getlist("voir")],
        )


def address(
    text: str,
    chosen: Mapping[str, Sequence[str] | frozenset[str]],
    sort: Sort = "pertinence",
    page: int = 1,
    typing: bool = False,
    whole: Sequence[str] = (),
) -> str:
    """The address of a search, without what goes without saying."""
    pairs = [("q", text)] if text else []
    pairs += [(name, value) for name in index.VISIBLE_FACETS for value in sorted(chosen.get(name, ()))]
    pairs += [("tri", sort)] if sort != "pertinence" else []
    pairs += [("frappe", "oui")] if typing and text else []
    pairs += [("voir", name) for name in whole]
    pairs += [("page", str(page))] if page > 1 else []
    return reverse("public:search") + (f"?{urlencode(pairs)}" if pairs else "")


def _facets(found: Found, asked: Asked) -> list[Facet]:
    drawn = []
    for name, choices in found.facets.items():
        telling = _worth_showing(name, choices)
        # One more value takes no more room than the line that would hide it.
        cut = SHOWN if len(telling) > SHOWN + 1 else len(telling)
        rest = telling[cut:]
        if any(choice.chosen for choice in rest):
            cut, rest = len(telling), ()
        if not telling:
            continue
        toggle, label = "", queries.FACET_LABELS[name]
        if rest:
            whole = [one for one in index.VISIBLE_FACETS if (one in asked.whole) != (one == name)]
            toggle = address(found.text, found.chosen, asked.sort, 1, asked.typing, whole)
        seen = telling if name in asked.whole else telling[:cut]
        drawn.append(Facet(name, label, seen, len(telling) - len(seen), toggle))
    return drawn


def _worth_showing(name: str, choices: Sequence[Choice]) -> Sequence[Choice]:
    """« Testé ailleurs » tells nothing while no notice was, « Type » while all are of one."""
    match name:
        case "teste":
            return choices if any(c.chosen or c.value == index.YES for c in choices) else ()
        case "type":
            return choices if len(choices) > 1 or any(c.chosen for c in choices) else ()
        case _:
            return choices


def _removals(found: Found, sort: Sort) -> list[tuple[str, str, str]]:
    """The tags of what is chosen: (facet, label, address without it)."""
    return [
        (
            queries.FACET_LABELS[facet],
            label,
            address(found.text, {**found.chosen, facet: found.chosen[facet] - {value}}, sort),
        )
        for facet, value, label in queries.chosen_labels(found)
    ]


def _ways_out(found: Found, sort: Sort) -> list[tuple[str, str]]:
    """For a search without result: pairs (what it drops, address)."""
    ways = [] if found.total else queries.ways_out(found)
    return [
        (
            f"retirer le filtre « {queries.FACET_LABELS[way.facet]} : {' ou '.join(way.labels)} » "
            f"({_counted(way.total)})",
            address(found.text, {f: v for f, v in found.chosen.items() if f != way.facet}, sort),
        )
        for way in ways
    ]


def _meant(found: Found, sort: Sort) -> list[tuple[str, str, str]]:
    """Triples (text, what it gives, address) for words that one may have meant."""
    return [(one.text, _counted(one.total), address(one.text, found.chosen, sort)) for one in queries.meant(found)]


def _starts(sort: Sort) -> list[tuple[str, str]]:
    """Disciplines to start from: pairs (label with its count, address)."""
    return [
        (f"{one.label} ({_counted(one.count)})", address("", {"discipline": [one.value]}, sort))
        for one in queries.starts()
    ]


def _feed(found: Found) -> str:
    """The address that tells of what will answer this very search."""
    return address(found.text, found.chosen).replace(reverse("public:search"), reverse("interop:feed_search"), 1)


def _syntheses(found: Found, typing: bool) -> syntheses.Matches:
    """Those that hold the words as typed, else as corrected; beside the first page only."""
    if not found.text or found.page > 1:
        return syntheses.Matches()
    matches = syntheses.matching(found.text, found.chosen, typing=typing)
    if matches.total or not found.corrected:
        return matches
    return syntheses.matching(found.corrected, found.chosen, typing=typing)


def _counted(total: int) -> str:
    return plural(total, "notice") if total else "Aucune notice"


@reads(may=anyone, public=True)
def search(request: Request) -> HttpResponse:
    swap = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    typing = request.headers.get("HX-Trigger", "") if swap else ""
    asked = Asked.read(request.GET, typing)
    found = queries.find(asked.text, asked.chosen, sort=asked.sort, page=asked.page, typing=asked.typing)
    if found.text and found.page == 1 and not asked.typing:
        # With filters, it may be they that leave nothing, and not the words that lack.
        nothing = not found.total and not found.chosen
        each_time(request, lambda at: counting.note(found.text, nothing, at.date()))
    here = address(found.text, found.chosen, asked.sort, found.page, asked.typing, asked.whole)
    context = {
        "found": found,
        "facets": _facets(found, asked),
        "whole": asked.whole,
        "removals": _removals(found, asked.sort),
        "ways_out": _ways_out(found, asked.sort),
        "syntheses": _syntheses(found, asked.typing),
        "meant": [] if asked.typing else _meant(found, asked.sort),
        "starts": [] if found.total or asked.typing else _starts(asked.sort),
        "counted": _counted(found.total),
        "feed": _feed(found),
        "sort": asked.sort,
        "sorts": SORTS,
        "deepest": DEEPEST,
        "page": Paginator(range(min(found.total, DEEPEST)), queries.PAGE_SIZE).get_page(found.page),
        "without_text": address("", found.chosen, asked.sort),
        "without_filters": address(found.text, {}, asked.sort),
    }
    response = render(request, "public/search_swap.html" if swap else "public/search.html", context)
    if swap:
        # A step back leads to the search before, not to each letter of this one.
        response["HX-Replace-Url" if typing == TYPED_IN else "HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request", "HX-Trigger"])
    return response
