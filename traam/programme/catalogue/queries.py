from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from traam import reference
from traam.engines import search
from traam.engines.search.values import DEEPEST
from traam.engines.workflow import Missing
from traam.programme.catalogue import index
from traam.programme.catalogue.models import Notice, PublicCall, PublicTheme

PAGE_SIZE = 20


@dataclass(frozen=True)
class Choice:
    """One value of a facet, as it is drawn: how many notices it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Hit:
    """One notice of a page of results; `title` and `extract` are segments (text, marked)."""

    notice: Notice
    title: list[tuple[str, bool]]
    extract: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """A page of results with its facets."""

    text: str
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[Choice]]
    corrected: str | None
    relaxed: bool
    page: int
    pages: int


FACET_LABELS = {
    "discipline": "Discipline",
    "niveau": "Niveau",
    "academie": "Académie",
    "annee": "Année",
    "crcn": "Compétence du CRCN",
    "teste": "Testé dans une autre académie",
}


def _label(facet: str, value: str) -> str:
    match facet:
        case "discipline":
            return reference.disciplines()[value].label
        case "niveau":
            return reference.levels()[value].label
        case "academie":
            return reference.academies()[value].name
        case "crcn":
            return reference.competences()[value].full_label
        case _:
            return value


def _rank(facet: str, value: str) -> tuple[object, ...]:
    """Levels and competences in their official order, years latest first, the rest by label."""
    if facet == "niveau":
        return (list(reference.levels()).index(value),)
    if facet == "crcn":
        return (list(reference.competences()).index(value),)
    if facet == "annee":
        return (tuple(-ord(c) for c in value),)
    return (_label(facet, value),)


def _known(facet: str, value: str) -> bool:
    tables: dict[str, Mapping[str, object]] = {
        "discipline": reference.disciplines(),
        "niveau": reference.levels(),
        "academie": reference.academies(),
        "crcn": reference.competences(),
    }
    return value in tables[facet] if facet in tables else len(value) <= 60


def _choices(facet: str, counts: Mapping[str, int], chosen: frozenset[str]) -> list[Choice]:
    values = set(counts) | chosen
    ordered = sorted(values, key=lambda value: _rank(facet, value))
    return [Choice(v, _label(facet, v), counts.get(v, 0), v in chosen) for v in ordered]


def find(text: str, chosen: Mapping[str, Sequence[str]], *, sort: str = "pertinence", page: int = 1) -> Found:
    """Search the notices. Unknown values of facets are dropped: an old address still answers."""
    kept = {
        facet: frozenset(v for v in values if _known(facet, v))
        for facet, values in chosen.items()
        if facet in index.VISIBLE_FACETS
    }
    kept = {facet: values for facet, values in kept.items() if values}
    query = search.Query(
        text=text[:300],
        chosen=kept,
        sort="date" if sort == "date" else "pertinence",
        page=max(page, 1),
        size=PAGE_SIZE,
    )
    results = index.current().search(query)
    rows = Notice.objects.in_bulk(results.ids)
    hits = tuple(_hit(rows[pk], results.terms) for pk in results.ids if pk in rows)
    return Found(
        text=text,
        total=results.total,
        hits=hits,
        facets={f: _choices(f, results.facets.get(f, {}), kept.get(f, frozenset())) for f in index.VISIBLE_FACETS},
        corrected=results.corrected,
        relaxed=results.relaxed,
        page=query.page,
        pages=max(1, -(-min(results.total, DEEPEST) // PAGE_SIZE)),
    )


def _hit(notice: Notice, terms: frozenset[str]) -> Hit:
    return Hit(
        notice,
        list(search.highlight(notice.title, terms)),
        list(search.extract(notice.summary or " ".join(text for _, text in notice.sections), terms)),
    )


def notice(pk: int) -> Notice:
    try:
        return Notice.objects.select_related("theme__call").get(pk=pk)
    except Notice.DoesNotExist:
        raise Missing("Cette notice n'existe pas.") from None


def notice_of_scenario(scenario_pk: int) -> Notice | None:
    return Notice.objects.filter(source_key=f"scenario:{scenario_pk}").first()


def latest(limit: int = 6) -> list[Notice]:
    """The last released, then the most recent of the history."""
    published = Notice.objects.filter(state=Notice.State.PUBLISHED)
    recent = list(published.filter(published_on__isnull=False).order_by("-published_on", "-pk")[:limit])
    if len(recent) < limit:
        recent += list(published.filter(published_on__isnull=True).order_by("-years", "-pk")[: limit - len(recent)])
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


def themes_of(call: PublicCall) -> list[PublicTheme]:
    return list(call.themes.order_by("pk"))


def theme(pk: int) -> PublicTheme:
    try:
        return PublicTheme.objects.select_related("call").get(pk=pk)
    except PublicTheme.DoesNotExist:
        raise Missing("Ce thème n'existe pas.") from None


def themes() -> list[PublicTheme]:
    """Every theme since 2006, latest first, with the number of its published scenarios."""
    published = Count("notices", filter=Q(notices__state=Notice.State.PUBLISHED))
    return list(
        PublicTheme.objects.annotate(published=published)
        .select_related("call")
        .order_by("-years", "discipline_text", "pk")
    )


def notices_of_theme(theme: PublicTheme) -> list[Notice]:
    return list(theme.notices.filter(state=Notice.State.PUBLISHED).order_by("-published_on", "-pk"))


def of_academy(code: str) -> tuple[list[Notice], list[PublicTheme]]:
    """What an academy published and the themes it worked on. Those it succeeded are its history too.

    Codes are stored in JSON lists, which the two databases query differently: the lists are filtered here.
    """
    codes = {code, *(a.code for a in reference.academies().values() if a.successor == code)}
    wanted = [
        pk
        for pk, academies in Notice.objects.filter(state=Notice.State.PUBLISHED).values_list("pk", "academies")
        if codes & set(academies)
    ]
    notices = list(Notice.objects.filter(pk__in=wanted).order_by("-years", "-pk"))
    worked = [
        t for t in PublicTheme.objects.select_related("call").order_by("-years", "pk") if codes & set(t.academies)
    ]
    return notices, worked


def harvest(
    *,
    after: tuple[datetime, int] | None,
    since: datetime | None,
    until: datetime | None,
    size: int,
    set_spec: str | None,
) -> list[Notice]:
    """Notices by (datestamp, number) after a key: withdrawn ones included, for harvesters."""
    rows = Notice.objects.all()
    if since:
        rows = rows.filter(datestamp__gte=since)
    if until:
        rows = rows.filter(datestamp__lte=until)
    if after:
        stamp, pk = after
        rows = rows.filter(Q(datestamp__gt=stamp) | Q(datestamp=stamp, pk__gt=pk))
    rows = rows.select_related("theme").order_by("datestamp", "pk")
    if set_spec is None:
        return list(rows[:size])
    found = []
    for row in rows.iterator(500):
        if any(spec == set_spec or spec.startswith(f"{set_spec}:") for spec in sets_of(row)):
            found.append(row)
            if len(found) == size:
                break
    return found


def sets_of(notice: Notice) -> tuple[str, ...]:
    """The OAI-PMH sets of a notice."""
    specs = [f"academie:{reference.academies()[code].slug}" for code in notice.academies]
    specs += [f"discipline:{code}" for code in notice.disciplines]
    specs += [f"annee:{notice.years.replace(' ', '-')}"] if notice.years else []
    return tuple(specs)


def years() -> list[str]:
    return sorted(set(Notice.objects.exclude(years="").values_list("years", flat=True)), reverse=True)


def earliest() -> datetime | None:
    return Notice.objects.order_by("datestamp").values_list("datestamp", flat=True).first()


def counts() -> dict[str, int]:
    """The figures of the home page."""
    return {
        "scenarios": Notice.objects.filter(state=Notice.State.PUBLISHED).count(),
        "themes": PublicTheme.objects.count(),
        "academies": sum(a.kind == "academie" for a in reference.academies().values()),
    }
