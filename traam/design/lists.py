"""Long lists: one page at a time, filtered and sorted by the address, so that a list can be linked and gone back to.

A page declares its filters and its columns; nothing that comes in the address is trusted: what is not among
the choices is as if it had not been asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from traam.design.typography import NO_BREAK, number_fr, plural

PER_PAGE = 50
LONGEST = 200  # characters of a search


def page_of(items: Any, request: HttpRequest, per_page: int = PER_PAGE, parameter: str = "page") -> Page[Any]:
    """The page that the address asks for, of a query set or of a list: the nearest one when it does not exist."""
    paginator = Paginator(items, per_page)
    asked = request.GET.get(parameter, "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    return paginator.page(min(max(number, 1), paginator.num_pages))


def extent(page: Page[Any], one: str, many: str | None = None) -> str:
    """As in "1–50 sur 2 000 candidatures", or "12 candidatures" when one page holds them all."""
    total = page.paginator.count
    if page.paginator.num_pages == 1:
        return plural(total, one, many) if total else f"Aucun résultat{NO_BREAK}: élargissez les filtres."
    return f"{number_fr(page.start_index())}–{number_fr(page.end_index())} sur {plural(total, one, many)}"


@dataclass(frozen=True)
class Filter:
    """One control of the form of filters. `kind`: search, select or check; `value` is "" when nothing is asked."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""

    def reading(self, request: HttpRequest) -> "Filter":
        """This filter, with what the address asks of it."""
        asked = request.GET.get(self.name, "").replace("\0", "").strip()
        if self.kind == "search":
            return replace(self, value=asked[:LONGEST])
        known = {"1"} if self.kind == "check" else {value for value, _ in self.choices}
        return replace(self, value=asked if asked in known else "")


def search(name: str = "q", label: str = "Rechercher") -> Filter:
    """Words typed by the reader."""
    return Filter(name, label, "search")


def select(name: str, label: str, choices: Iterable[tuple[Any, str]], every: str = "Tous") -> Filter:
    """One choice among several; `every` is the label of no choice at all ("Toutes les académies")."""
    return Filter(name, label, "select", (("", every), *((str(value), shown) for value, shown in choices)))


def check(name: str, label: str) -> Filter:
    """A box: `filters[name]` is "1" or ""."""
    return Filter(name, label, "check")


@dataclass(frozen=True)
class Filters:
    """What the reader asks of a list: `filters["academy"]` is "" when it is not asked."""

    all: tuple[Filter, ...]

    def __getitem__(self, name: str) -> str:
        return next(each.value for each in self.all if each.name == name)

    def __iter__(self) -> Iterator[Filter]:
        return iter(self.all)

    def __bool__(self) -> bool:
        """Whether something is asked."""
        return any(each.value for each in self.all)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.all)


def read_filters(request: HttpRequest, *asked: Filter) -> Filters:
    """`read_filters(request, search(), select("academy", "Académie", …), check("late", "En retard"))`."""
    return Filters(tuple(each.reading(request) for each in asked))


@dataclass(frozen=True)
class Ordering:
    """How the reader wants the list sorted. `key` is one of the columns; `sign` is "-" when it goes down.

    `ordering.column("title", "Titre")` is a heading for the macro `table`: a link that sorts by this column.
    """

    key: str
    descending: bool
    parameter: str
    request: HttpRequest = field(repr=False)
    anchor: str = ""

    @property
    def sign(self) -> str:
        return "-" if self.descending else ""

    def column(self, key: str, label: str, **more: Any) -> Mapping[str, Any]:
        """The heading of a column; `more` as the macro `table` takes it (`number=True`)."""
        current = key == self.key
        turned = current and not self.descending
        parameters = self.request.GET.copy()
        parameters.pop("page", None)
        parameters[self.parameter] = f"-{key}" if turned else key
        sort = ("descending" if self.descending else "ascending") if current else ""
        href = f"?{parameters.urlencode()}" + (f"#{self.anchor}" if self.anchor else "")
        return {"label": label, "href": href, "sort": sort, "next": "décroissant" if turned else "croissant", **more}


def read_ordering(
    request: HttpRequest, keys: Sequence[str], first: str = "", parameter: str = "tri", anchor: str = "liste"
) -> Ordering:
    """The sort that the address asks for ("title", "-title"), else `first` (the first key unless given).

    `anchor` is the id of the list: sorting leads back to it rather than to the head of the page.
    """
    asked = request.GET.get(parameter, "")
    chosen = asked if asked.removeprefix("-") in keys else first or keys[0]
    return Ordering(chosen.removeprefix("-"), chosen.startswith("-"), parameter, request, anchor)
