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
from traam.design.typography import plural
from traam.engines.search.values import DEEPEST
from traam.programme.catalogue import index, queries
from traam.programme.catalogue.queries import Choice, Found

SHOWN = 8  # values of a facet before « Tout voir »
MOST_CHOSEN = 50
SORTS = {"pertinence": "Pertinence", "date": "Les plus récentes"}


@dataclass(frozen=True)
class Facet:
    """One facet as it is drawn: the values first shown, those behind « Tout voir », and whether it is open."""

    name: str
    label: str
    shown: Sequence[Choice]
    more: Sequence[Choice]

    @property
    def open(self) -> bool:
        return any(choice.chosen for choice in self.more)


@dataclass(frozen=True)
class Asked:
    """What the address asks."""

    text: str
    chosen: Mapping[str, Sequence[str]]
    sort: str
    page: int

    @classmethod
    def read(cls, parameters: QueryDict) -> "Asked":
        page = parameters.get("page", "")
        return cls(
            text=parameters.get("q", "").replace("\x00", ""),
            chosen={name: parameters.getlist(name)[:MOST_CHOSEN] for name in index.VISIBLE_FACETS},
            sort="date" if parameters.get("tri") == "date" else "pertinence",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )


def address(text: str, chosen: Mapping[str, Sequence[str] | frozenset[str]], sort: str = "", page: int = 1) -> str:
    """The address of a search, without what goes without saying."""
    pairs = [("q", text)] if text else []
    pairs += [(name, value) for name in index.VISIBLE_FACETS for value in sorted(chosen.get(name, ()))]
    pairs += [("tri", sort)] if sort == "date" else []
    pairs += [("page", str(page))] if page > 1 else []
    return reverse("public:search") + (f"?{urlencode(pairs)}" if pairs else "")


def _facets(found: Found) -> list[Facet]:
    drawn = []
    for name, choices in found.facets.items():
        telling = choices if name != "teste" else _worth_showing(choices)
        if telling:
            # One more value takes no more room than the line that would hide it.
            cut = SHOWN if len(telling) > SHOWN + 1 else len(telling)
            drawn.append(Facet(name, queries.FACET_LABELS[name], telling[:cut], telling[cut:]))
    return drawn


def _worth_showing(choices: Sequence[Choice]) -> Sequence[Choice]:
    """« Testé ailleurs » tells nothing while no notice was."""
    return choices if any(c.chosen or c.value == index.YES for c in choices) else ()


def _removals(found: Found, sort: str) -> list[tuple[str, str, str]]:
    """The tags of what is chosen: (facet, label, address without it)."""
    return [
        (
            queries.FACET_LABELS[facet],
            label,
            address(found.text, {**found.chosen, facet: found.chosen[facet] - {value}}, sort),
        )
        for facet, value, label in queries.chosen_labels(found)
    ]


def _ways_out(found: Found, sort: str) -> list[tuple[str, str]]:
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


def _counted(total: int) -> str:
    return plural(total, "notice") if total else "Aucune notice"


@reads(may=anyone, public=True)
def search(request: Request) -> HttpResponse:
    asked = Asked.read(request.GET)
    found = queries.find(asked.text, asked.chosen, sort=asked.sort, page=asked.page)
    here = address(found.text, found.chosen, asked.sort, found.page)
    context = {
        "found": found,
        "facets": _facets(found),
        "removals": _removals(found, asked.sort),
        "ways_out": _ways_out(found, asked.sort),
        "counted": _counted(found.total),
        "sort": asked.sort,
        "sorts": SORTS,
        "deepest": DEEPEST,
        "page": Paginator(range(min(found.total, DEEPEST)), queries.PAGE_SIZE).get_page(found.page),
        "without_text": address("", found.chosen, asked.sort),
        "without_filters": address(found.text, {}, asked.sort),
    }
    swap = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    response = render(request, "public/search_swap.html" if swap else "public/search.html", context)
    if swap:
        response["HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return response
