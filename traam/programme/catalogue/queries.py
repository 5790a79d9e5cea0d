import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.db import DatabaseError
from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.text import slugify

from traam import reference
from traam.engines import search
from traam.engines.search.values import DEEPEST
from traam.engines.workflow import Missing
from traam.gateways import storage
from traam.programme.catalogue import index
from traam.programme.catalogue.models import (
    ChangeCounter,
    Notice,
    NoticeVersion,
    PublicCall,
    PublicMinutes,
    PublicTheme,
)
from traam.programme.publication.models import Release

PAGE_SIZE = 20
LONGEST_TEXT = 300


@dataclass(frozen=True)
class Choice:
    """One value of a facet, as it is drawn: how many notices it would give, how deep it stands in its tree."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Hit:
    """One notice of a page of results; `title` and `extract` are segments (text, marked)."""

    notice: Notice
    title: list[tuple[str, bool]]
    extract: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """A page of results with its facets. `wordless`: a text was typed that holds no word to look for."""

    text: str
    chosen: Mapping[str, frozenset[str]]
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[Choice]]
    corrected: str | None
    relaxed: bool
    wordless: bool
    page: int
    pages: int


FACET_LABELS = {
    "discipline": "Discipline",
    "niveau": "Niveau",
    "academie": "Académie",
    "annee": "Année",
    "theme": "Thème",
    "crcn": "Compétence du CRCN",
    "type": "Type",
    "teste": "Testé dans une autre académie",
}
KINDS = {"scenario": "Scénario", "history": "Référence d'archive"}
MOST_THEMES = 30
"""Themes offered by a page, those of most notices: there are hundreds since 2006."""


def _label(facet: str, value: str, themes: Mapping[int, str]) -> str:
    match facet:
        case "theme":
            return themes[int(value)]
        case "type":
            return KINDS[value]
        case "discipline":
            return reference.disciplines()[value].label
        case "niveau":
            return reference.levels()[value].label
        case "academie":
            return reference.academies()[value].name
        case "crcn":
            return reference.competences()[value].full_label
        case "teste":
            return "Oui" if value == index.YES else "Pas encore"
        case _:
            return value


def years_order(years: str) -> tuple[int, int, str]:
    """Sorts latest first: "2026-2028", "2025-2026", and at the end what has no certain year ("avant 2021")."""
    first, _, last = years.rpartition("-")
    return (-int(last) if last.isdecimal() else 0, -int(first) if first.isdecimal() else 0, years)


@cache
def _ancestors(code: str) -> list[str]:
    """The codes of a level and of what contains it, the widest first."""
    by_label = {(level.parent, level.label): level.code for level in reference.levels().values()}
    steps = reference.levels()[code].path.split(" > ")
    found = (by_label.get(pair) for pair in zip(["", *steps], steps, strict=False))
    return [known for known in found if known and known not in index.HEADINGS]


def _rank(facet: str, value: str) -> tuple[object, ...]:
    """Levels as a tree read from the top, competences in their official order, years latest first, the rest by label.

    The vocabulary of levels is not in the order of a school life: what the youngest learn comes first here.
    """
    if facet == "niveau":
        return tuple((_age(code), code) for code in _ancestors(value))
    if facet == "crcn":
        return (_competences()[value],)
    if facet == "annee":
        return years_order(value)
    if facet == "teste":
        return (value != index.YES,)
    return (plain(_label(facet, value, {})),)


@cache
def _competences() -> Mapping[str, int]:
    return {code: place for place, code in enumerate(reference.competences())}


SCHOOL_LIFE = ("école maternelle", "école élémentaire", "collège", "lycée général", "lycée professionnel")
CLASSES = ("petite", "moyenne", "grande", "CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e", "2de", "1re")


@cache
def _age(code: str) -> int:
    """Where a level stands in a school life; what is not a class (cycles, training) comes after."""
    label = reference.levels()[code].label
    for place, start in enumerate((*SCHOOL_LIFE, *CLASSES, "terminale")):
        if label.startswith(start):
            return place
    return 99


@lru_cache(maxsize=5_000)
def plain(label: str) -> str:
    """Without accents, so that Économie stands before Sciences."""
    return "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c)).lower()


def _known(facet: str, value: str) -> bool:
    tables: dict[str, Mapping[str, object]] = {
        "discipline": reference.disciplines(),
        "niveau": reference.levels(),
        "academie": reference.academies(),
        "crcn": reference.competences(),
        "type": KINDS,
    }
    if facet == "theme":
        return value.isascii() and value.isdigit() and len(value) < 10
    if facet == "teste":
        return value in (index.YES, index.NO)
    return value in tables[facet] if facet in tables else 0 < len(value) <= 60 and value.isprintable()


def _choices(facet: str, counts: Mapping[str, int], chosen: frozenset[str], themes: Mapping[int, str]) -> list[Choice]:
    values = {value for value in {*counts, *chosen} if facet != "theme" or int(value) in themes}
    if facet == "theme":
        ordered = sorted(values, key=lambda value: (-counts.get(value, 0), plain(themes[int(value)]), value))
    else:
        ordered = sorted(values, key=lambda value: _rank(facet, value))
    deep = {v: sum(a in values for a in _ancestors(v)) - 1 for v in values} if facet == "niveau" else {}
    return [Choice(v, _label(facet, v, themes), counts.get(v, 0), v in chosen, deep.get(v, 0)) for v in ordered]


def _themes(counts: Mapping[str, int], chosen: frozenset[str]) -> dict[int, str]:
    """The titles of the themes that are chosen, and of those that most notices have: number → title."""
    often = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_THEMES]
    wanted = {int(value) for value in {*often, *chosen}}
    return dict(PublicTheme.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


def _kept(chosen: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """The choices that mean something. Unknown values of facets are dropped: an old address still answers."""
    known = {f: frozenset(v for v in chosen.get(f, ()) if _known(f, v)) for f in index.VISIBLE_FACETS}
    known["theme"] = frozenset(map(str, _themes({}, known["theme"])))
    return {facet: values for facet, values in known.items() if values}


# What a list of notices does not tell: reading them costs as much as finding them.
_NOT_LISTED = ("sections", "pieces", "links", "errata", "competences", "tools")


def find(
    text: str,
    chosen: Mapping[str, Sequence[str]],
    *,
    sort: search.Sort = "pertinence",
    page: int = 1,
    typing: bool = False,
) -> Found:
    """Search the notices. Unknown values of facets are dropped; a page past the last gives the last.

    `typing`: the last word may be unfinished.
    """
    text = text[:LONGEST_TEXT].strip()
    query = search.Query(
        text=text,
        chosen=_kept(chosen),
        sort=sort,
        page=max(page, 1),
        size=PAGE_SIZE,
        prefix=typing,
    )
    results = index.current().search(query)
    pages = max(1, -(-min(results.total, DEEPEST) // PAGE_SIZE))
    if query.page > pages:
        query = replace(query, page=pages)
        results = index.current().search(query)
    rows = Notice.objects.defer(*_NOT_LISTED).in_bulk(results.ids)
    themes = _themes(results.facets.get("theme", {}), query.chosen.get("theme", frozenset()))
    return Found(
        text=text,
        chosen=query.chosen,
        total=results.total,
        hits=_hits([rows[pk] for pk in results.ids if pk in rows], results.terms),
        facets={
            f: _choices(f, results.facets.get(f, {}), query.chosen.get(f, frozenset()), themes)
            for f in index.VISIBLE_FACETS
        },
        corrected=results.corrected,
        relaxed=results.relaxed,
        wordless=bool(text) and not search.query_terms(text),
        page=query.page,
        pages=pages,
    )


@dataclass(frozen=True)
class WayOut:
    """A search with one facet less, and how many notices it gives."""

    facet: str
    labels: tuple[str, ...]
    total: int


def ways_out(found: Found) -> list[WayOut]:
    """What a search without result would give without each of its facets; those that give nothing are left out."""
    ways = []
    labels = {(facet, value): label for facet, value, label in chosen_labels(found)}
    for facet, values in found.chosen.items():
        others = {name: codes for name, codes in found.chosen.items() if name != facet}
        total = index.current().search(search.Query(text=found.text, chosen=others, size=1)).total
        if total:
            ways.append(WayOut(facet, tuple(sorted(labels[facet, value] for value in values)), total))
    return ways


@dataclass(frozen=True)
class Meant:
    """Another text that one may have meant, and how many notices it gives with the same filters."""

    text: str
    total: int


MOST_MEANT = 4


def meant(found: Found) -> list[Meant]:
    """For a text that finds nothing: near words of the notices, those that give some; none else."""
    if found.total or not found.text:
        return []
    every = index.current().meant(found.text)[: 2 * MOST_MEANT]
    counted = [Meant(text, index.current().search(search.Query(text, found.chosen, size=1)).total) for text in every]
    return [one for one in counted if one.total][:MOST_MEANT]


MOST_STARTS = 5


def starts() -> list[Choice]:
    """The disciplines of most notices, from which to start when words lead nowhere."""
    counts = index.current().search(search.Query(size=1)).facets.get("discipline", {})
    often = sorted(counts, key=lambda code: (-counts[code], code))[:MOST_STARTS]
    return [Choice(code, _label("discipline", code, {}), counts[code], False) for code in often]


def chosen_labels(found: Found) -> list[tuple[str, str, str]]:
    """What is chosen, in the order of the facets: (facet, value, label)."""
    return [(f, c.value, c.label) for f in index.VISIBLE_FACETS for c in found.facets[f] if c.chosen]


def _hits(notices: Sequence[Notice], terms: frozenset[str]) -> tuple[Hit, ...]:
    """Titles and extracts marked: of the summary, or of the text when only it holds what was asked for.

    The texts, which are long, are read for those alone that ask for it.
    """
    said = {
        one.pk: (list(search.highlight(one.title, terms)), list(search.extract(one.summary, terms))) for one in notices
    }
    asked = [one for one in notices if terms or not one.summary]
    mute = [one for one in asked if not any(marked for part in said[one.pk] for _, marked in part)]
    texts = dict(Notice.objects.filter(pk__in=[one.pk for one in mute]).values_list("pk", "sections")) if mute else {}
    for one in mute:
        inside = search.extract("\n".join(text for _, text in texts[one.pk]), terms) if texts.get(one.pk) else []
        if inside and (not one.summary or any(marked for _, marked in inside)):
            said[one.pk] = said[one.pk][0], inside
    return tuple(Hit(one, *said[one.pk]) for one in notices)


def similar(notice: Notice, count: int = 4) -> list[Notice]:
    """The published notices most like this one, the likest first: one query."""
    found = index.current().similar(index.document(notice), count)
    rows = Notice.objects.filter(state=Notice.State.PUBLISHED).in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def notice(pk: int) -> Notice:
    try:
        return Notice.objects.select_related("theme__call").get(pk=pk)
    except Notice.DoesNotExist:
        raise Missing("Cette notice n'existe pas.") from None


def notice_or_none(pk: int) -> Notice | None:
    return Notice.objects.select_related("theme").filter(pk=pk).first()


@dataclass(frozen=True)
class Shown:
    """What became public of a scenario: `state` is that of its last release, `notice` the number of its notice."""

    version: int
    state: str
    notice: int | None


@dataclass(frozen=True)
class Public:
    """What is public of a theme of a campaign: the number of its page, None before its call was opened; and of some
    scenarios, by number: one that was never released is not there."""

    theme: int | None
    scenarios: Mapping[int, Shown]


def public_of(theme: int, scenarios: Sequence[int]) -> Public:
    """One query."""
    key = Concat(Value("scenario:"), Cast(OuterRef("scenario_id"), CharField()), output_field=CharField())
    notice = Subquery(Notice.objects.filter(source_key=key).values("pk")[:1])
    releases = Release.objects.filter(scenario__in=scenarios).annotate(notice=notice).order_by()
    page = PublicTheme.objects.filter(source_key=f"theme:{theme}").order_by()
    named = page.annotate(of=Value(None, IntegerField()), version=Value(0), said=Value("", CharField()))
    rows: Any = releases.values_list("scenario_id", "version", "state", "notice").union(
        named.values_list("of", "version", "said", "pk"), all=True
    )
    found, shown = None, {}
    for scenario, *said in sorted(rows, key=itemgetter(1)):
        if scenario is None:
            found = said[-1]
        else:
            shown[scenario] = Shown(*said)
    return Public(found, shown)


def notice_of_scenario(scenario_pk: int) -> Notice | None:
    return Notice.objects.filter(source_key=f"scenario:{scenario_pk}").first()


def public_notice_of(scenario_pk: int) -> Notice:
    """The notice of a scenario, with its theme."""
    found = Notice.objects.select_related("theme").filter(source_key=f"scenario:{scenario_pk}").first()
    if found is None:
        raise Missing("Ce scénario n'a pas encore été publié.")
    return found


def published_of(*, theme: int | None = None, campaign: int | None = None) -> list[Notice]:
    """The scenarios on line of a theme or of a campaign, by their numbers, in the order of their release."""
    rows = Notice.objects.filter(state=Notice.State.PUBLISHED, source_key__startswith="scenario:")
    rows = rows.filter(theme__source_key=f"theme:{theme}") if theme else rows.filter(theme__call=campaign)
    return list(rows.select_related("theme").order_by("published_on", "pk"))


def latest(limit: int = 6) -> list[Notice]:
    """The last released, then the most recent of the history."""
    published = Notice.objects.filter(state=Notice.State.PUBLISHED)
    recent = list(published.filter(published_on__isnull=False).order_by("-published_on", "-pk")[:limit])
    if len(recent) < limit:
        # Fewer than `limit` were released: the others among twice as many are of the history.
        found = index.current().search(search.Query(sort="date", size=2 * limit)).ids
        rows = published.filter(published_on__isnull=True, years__startswith="2").in_bulk(found)
        recent += [rows[pk] for pk in found if pk in rows][: limit - len(recent)]
    return recent


def call(pk: int) -> PublicCall:
    try:
        return PublicCall.objects.get(pk=pk)
    except PublicCall.DoesNotExist:
        raise Missing("Cet appel n'existe pas, ou n'est pas encore ouvert.") from None


def calls() -> list[PublicCall]:
    return list(PublicCall.objects.order_by("-opened_at"))


def open_calls() -> list[PublicCall]:
    return list(PublicCall.objects.filter(state="open").order_by("-opened_at"))


def amended_calls(edition_id: str) -> list[PublicCall]:
    """The calls of an edition that amended it, latest first."""
    return list(PublicCall.objects.filter(edition_id=edition_id).exclude(amendments=[]).order_by("-opened_at"))


def themes_of(call: PublicCall) -> list[PublicTheme]:
    """The themes of a call, each with that of its first year when it has one."""
    return list(call.themes.select_related("continues").order_by("pk"))


def academies_of_first_years(theme_pks: Iterable[int]) -> dict[int, list[reference.Academy]]:
    """The academies announced for these themes of campaigns, by the theme's number."""
    keys = {f"theme:{pk}": pk for pk in theme_pks}
    return {keys[row.source_key]: row.academy_list for row in PublicTheme.objects.filter(source_key__in=keys)}


def theme(pk: int) -> PublicTheme:
    try:
        return PublicTheme.objects.select_related("call", "continues__call").get(pk=pk)
    except PublicTheme.DoesNotExist:
        raise Missing("Ce thème n'existe pas.") from None


def themes() -> list[PublicTheme]:
    """Every theme since 2006, latest first, with the number of its published scenarios."""
    published = Count("notices", filter=Q(notices__state=Notice.State.PUBLISHED))
    rows = PublicTheme.objects.annotate(published=published).select_related("call").order_by("discipline_text", "pk")
    return sorted(rows, key=lambda theme: years_order(theme.years))


def minutes_of_theme(theme: PublicTheme) -> list[PublicMinutes]:
    """The minutes of its national meetings that are on line, latest first."""
    return list(theme.minutes.order_by("-on", "-pk"))


def notices_of_theme(theme: PublicTheme) -> list[Notice]:
    latest = F("published_on").desc(nulls_last=True)  # PostgreSQL would put those of no known day first
    return list(theme.notices.filter(state=Notice.State.PUBLISHED).order_by(latest, "-pk"))


def of_academy(academy: reference.Academy) -> tuple[Found, list[PublicTheme]]:
    """The last notices of an academy and the themes it worked on. Those it succeeded are its history too."""
    former = {a.code for a in reference.academies().values() if a.successor == academy.code}
    worked = [theme for theme in themes() if {academy.code, *former} & set(theme.academies)]
    return find("", {"academie": [academy.code]}, sort="date"), worked


def by_academy() -> Mapping[str, int]:
    """How many notices each academy has; one that succeeded others counts theirs."""
    return index.current().search(search.Query(size=1)).facets.get("academie", {})


_LISTS: Mapping[str, tuple[str, Callable[[], Mapping[str, Any]]]] = {
    "academie": ("academies", reference.academies),
    "discipline": ("disciplines", reference.disciplines),
    "niveau": ("levels", reference.levels),
}
"""The families of OAI-PMH sets that are lists of codes: the field, and what is known."""


def _of_set(set_spec: str) -> Q | None:
    """The condition of an OAI-PMH set ("academie:lyon", or "academie" for all of them); None if there is none such.

    Codes lie in JSON lists, which both databases compare as text: a code between its quotes is found, and no other.
    """
    family, _, value = set_spec.partition(":")
    if family in _LISTS:
        name, known = _LISTS[family]
        if not value:
            return ~Q(**{name: []})
        slugs = {a.slug: a.code for a in reference.academies().values()}
        code = slugs.get(value, "") if family == "academie" else value
        return Q(**{f"{name}__icontains": f'"{code}"'}) if code in known() else None
    if family == "theme":
        if not value:
            return Q(theme__isnull=False)
        return Q(theme=int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else None
    if family == "annee":
        wanted = [label for label in years() if not value or slugify(label) == value]
        return Q(years__in=wanted) if wanted else None
    return None


@dataclass(frozen=True)
class Harvest:
    """A slice of the notices, and the size of the whole list (None when the slice continues another)."""

    notices: list[Notice]
    total: int | None


_NOT_HARVESTED = ("tests", "errata", "uncertain")


def harvest(
    *,
    after: tuple[datetime, int] | None,
    since: datetime | None,
    until: datetime | None,
    size: int,
    set_spec: str | None,
) -> Harvest:
    """Notices by (datestamp, number) after a key, withdrawn ones included: three queries at most, `size` rows."""
    rows = Notice.objects.all()
    if set_spec is not None:
        condition = _of_set(set_spec)
        if condition is None:
            return Harvest([], 0)
        rows = rows.filter(condition)
    if since:
        rows = rows.filter(datestamp__gte=since)
    if until:
        rows = rows.filter(datestamp__lte=until)
    total = rows.count() if after is None else None
    if after:
        stamp, pk = after
        rows = rows.filter(Q(datestamp__gt=stamp) | Q(datestamp=stamp, pk__gt=pk))
    rows = rows.select_related("theme").defer(*_NOT_HARVESTED)
    return Harvest(list(rows.order_by("datestamp", "pk")[:size]), total)


def sets_of(notice: Notice) -> tuple[str, ...]:
    """The OAI-PMH sets of a notice, the most precise ones."""
    specs = [f"academie:{reference.academies()[code].slug}" for code in notice.academies]
    specs += [f"discipline:{code}" for code in notice.disciplines]
    specs += [f"annee:{slugify(notice.years)}"] if slugify(notice.years) else []
    specs += [f"niveau:{code}" for code in notice.levels]
    specs += [f"theme:{notice.theme_id}"] if notice.theme_id else []
    return tuple(specs)


def sets() -> list[tuple[str, str]]:
    """Every OAI-PMH set that some notice belongs to, as (spec, French name), parents first."""
    found: dict[str, str] = {"academie": "Académies", "discipline": "Disciplines", "annee": "Années de travail"}
    found |= {"niveau": "Niveaux", "theme": "Thèmes"}
    # Distinct lists, not notices: there are few combinations, however many notices there are.
    for codes in Notice.objects.order_by().values_list("academies", flat=True).distinct():
        found |= {f"academie:{reference.academies()[c].slug}": reference.academies()[c].name for c in codes}
    for codes in Notice.objects.order_by().values_list("disciplines", flat=True).distinct():
        found |= {f"discipline:{c}": reference.disciplines()[c].label for c in codes}
    for codes in Notice.objects.order_by().values_list("levels", flat=True).distinct():
        found |= {f"niveau:{c}": reference.levels()[c].label for c in codes}
    themes = PublicTheme.objects.filter(pk__in=Notice.objects.filter(theme__isnull=False).values("theme"))
    found |= {f"theme:{pk}": title for pk, title in themes.values_list("pk", "title")}
    found |= {f"annee:{slugify(label)}": label for label in years() if slugify(label)}
    return sorted(found.items(), key=lambda pair: (":" in pair[0], pair[0]))


def reachable() -> bool:
    """Whether the database answers."""
    try:
        PublicCall.objects.exists()
    except DatabaseError:
        return False
    return True


def index_lag() -> int:
    """How many changes the index has not learnt yet; all of them when there is no index."""
    last = ChangeCounter.objects.filter(pk=1).values_list("last", flat=True).first() or 0
    return max(last - index.mark(), 0)


def years() -> list[str]:
    return sorted(set(Notice.objects.exclude(years="").values_list("years", flat=True)), reverse=True)


def earliest() -> datetime | None:
    return Notice.objects.order_by("datestamp").values_list("datestamp", flat=True).first()


def counts() -> dict[str, int]:
    """The figures of the home page; `academies` are those that have a notice."""
    return {
        "scenarios": index.current().search(search.Query(size=1)).total,
        "themes": PublicTheme.objects.count(),
        "academies": sum(reference.academies()[code].current for code in by_academy()),
    }


def _has(pieces: Iterable[Mapping[str, Any]], digest: str, name: str) -> bool:
    return any(piece["file"] == digest != "" and piece["filename"] == name for piece in pieces)


def versions(notice: Notice) -> list[NoticeVersion]:
    """The versions of a notice, the latest first. None for one of the history."""
    return [] if notice.archived else list(notice.versions.order_by("-version"))


@dataclass(frozen=True)
class PublicVersion:
    """A version of a notice, and what came of it. `replaced_on`: the day the next one was published."""

    notice: Notice
    row: NoticeVersion
    replaced_on: date | None

    @property
    def current(self) -> bool:
        return self.row.version == self.notice.version

    @property
    def then(self) -> Notice:
        """The notice as it was: never saved, without the tests in class, which are those of the whole scenario."""
        found = Notice(
            pk=self.notice.pk,
            source_key=self.notice.source_key,
            version=self.row.version,
            errata=self.row.errata,
            published_on=self.row.published_on,
            datestamp=self.notice.datestamp,
            **self.row.content,
        )
        if found.theme_id and found.theme_id == self.notice.theme_id:
            found.theme = self.notice.theme
        return found


def version(pk: int, number: int) -> PublicVersion:
    found = notice(pk)
    rows = {row.version: row for row in versions(found)}
    if number not in rows:
        raise Missing(f"Cette notice n'a pas de version {number}. Ouvrez la notice : elle dit celles qu'elle a.")
    later = [row.published_on for row in rows.values() if row.version > number]
    return PublicVersion(found, rows[number], min(later, default=None))


@dataclass(frozen=True)
class PublicFile:
    """A file of a notice: its name in the storage, and the one it is given back with.

    `withdrawn`: it is given no more. With the whole notice when `version` is None, else with that version.
    """

    notice: Notice
    file: str
    filename: str
    withdrawn: bool = False
    version: PublicVersion | None = None


def notice_file(pk: int, digest: str, name: str) -> PublicFile:
    """A file at its public address, of the notice or of one of its versions; of what was withdrawn too."""
    found = notice(pk)
    gone = found.state == Notice.State.WITHDRAWN
    if _has(found.pieces, digest, name):
        return PublicFile(found, digest, name, gone)
    having = [row for row in versions(found) if _has(row.content["pieces"], digest, name)]
    if not having:
        raise Missing("Ce fichier n'est plus parmi ceux de la notice. Ouvrez la notice : elle dit ce qui va avec elle.")
    if gone or any(row.withdrawn_on is None for row in having):
        return PublicFile(found, digest, name, gone)
    return PublicFile(found, digest, name, True, PublicVersion(found, having[0], None))


def files_wanted() -> Iterator[str]:
    """The names of the files that the notices and their versions speak of."""
    for pieces in Notice.objects.exclude(pieces=[]).values_list("pieces", flat=True).iterator():
        yield from storage.names_in(pieces)
    for content in NoticeVersion.objects.values_list("content", flat=True).iterator():
        yield from storage.names_in(content)
