"""Walking through the catalogue: year by year since 2006, and what each academy is known for."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traam import reference
from traam.engines import search
from traam.engines.workflow import Missing
from traam.programme.catalogue import index
from traam.programme.catalogue.models import PublicCall, PublicTheme
from traam.programme.catalogue.queries import Choice, plain, themes

FIRST = 2006
LONGEST = 10  # years that one label may span: more is a mistake of typing


def school_years(years: str) -> list[str]:
    """The school years of a label: "2012-2014" holds 2012-2013 and 2013-2014; "avant 2021" none that is certain."""
    known = re.fullmatch(r"(\d{4})-(\d{4})", years)
    if known is None:
        return []
    first, last = int(known[1]), int(known[2])
    return [f"{year}-{year + 1}" for year in range(first, last)] if first < last <= first + LONGEST else []


def _per_year(labels: Mapping[str, int]) -> Counter[str]:
    """Counts by label of years, as counts by school year."""
    found: Counter[str] = Counter()
    for label, count in labels.items():
        for year in school_years(label):
            found[year] += count
    return found


def _notices_by_label() -> Mapping[str, int]:
    return index.current().search(search.Query(size=1)).facets.get("annee", {})


@dataclass(frozen=True)
class YearLine:
    """A school year, how many themes were at work, and how many notices came of them."""

    label: str
    themes: int
    notices: int


def _span(every: Iterable[PublicTheme]) -> range:
    """The first years of the school years there are: from 2006 to the last that a theme names."""
    last = [int(years[-1][:4]) for theme in every if (years := school_years(theme.years))]
    return range(FIRST, max(last, default=FIRST) + 1)


def years() -> list[YearLine]:
    """Every school year since 2006, the latest first, those of which nothing is known too: one query."""
    every = themes()
    at_work = _per_year(Counter(theme.years for theme in every))
    written = _per_year(_notices_by_label())
    labels = [f"{year}-{year + 1}" for year in reversed(_span(every))]
    return [YearLine(label, at_work[label], written[label]) for label in labels]


@dataclass(frozen=True)
class YearWork:
    """What a school year saw. `academies` counts its themes by code, those that merged under their successor;
    `labels` are the labels of years whose notices are of this year; `before` and `after` are school years, or ""."""

    label: str
    themes: list[PublicTheme]
    academies: Mapping[str, int]
    labels: list[str]
    notices: int
    calls: list[PublicCall]
    before: str
    after: str


def year(label: str) -> YearWork:
    """Two queries. Raises `Missing` for what is not a school year between 2006 and the last one known."""
    every = themes()
    known = [f"{first}-{first + 1}" for first in _span(every)]
    if label not in known:
        raise Missing("Cette année scolaire n'est pas dans l'histoire du programme.")
    of_year = [theme for theme in every if label in school_years(theme.years)]
    counts = {name: count for name, count in _notices_by_label().items() if label in school_years(name)}
    place = known.index(label)
    calls = {theme.call.pk: theme.call for theme in of_year if theme.call}
    return YearWork(
        label,
        sorted(of_year, key=lambda theme: plain(" ".join(theme.discipline_labels) + theme.title)),
        today(code for theme in of_year for code in set(map(_now, theme.academies))),
        sorted(counts),
        sum(counts.values()),
        list(calls.values()),
        known[place - 1] if place else "",
        known[place + 1] if place + 1 < len(known) else "",
    )


def _now(code: str) -> str:
    return reference.academies()[code].successor or code


def today(codes: Iterable[str]) -> Counter[str]:
    """How many times each academy of today is named: those that merged count for their successor."""
    return Counter(map(_now, codes))


@dataclass(frozen=True)
class Pole:
    """A discipline an academy came back to: its themes, its notices, and the school years of the themes."""

    code: str
    label: str
    themes: int
    notices: int
    years: list[str]

    @property
    def lasting(self) -> str:
        """ "2012-2013", or "de 2012 à 2019"; "" when no year is certain."""
        if len(self.years) < 2:
            return "".join(self.years)
        return f"de {self.years[0][:4]} à {self.years[-1][-4:]}"


def poles(worked: Iterable[PublicTheme], disciplines: Iterable[Choice]) -> list[Pole]:
    """What an academy is known for, most themes first: from its themes and the facet of its notices."""
    notices = {choice.value: choice.count for choice in disciplines}
    by_code: dict[str, list[PublicTheme]] = {code: [] for code, count in notices.items() if count}
    for theme in worked:
        for code in theme.disciplines:
            by_code.setdefault(code, []).append(theme)
    found = [
        Pole(
            code,
            reference.disciplines()[code].label,
            len(of_code),
            notices.get(code, 0),
            sorted({year for theme in of_code for year in school_years(theme.years)}),
        )
        for code, of_code in by_code.items()
    ]
    return sorted(found, key=lambda pole: (-pole.themes, -pole.notices, plain(pole.label)))


def years_of(worked: Iterable[PublicTheme]) -> list[str]:
    """The school years of these themes, the latest first."""
    return sorted({year for theme in worked for year in school_years(theme.years)}, reverse=True)
