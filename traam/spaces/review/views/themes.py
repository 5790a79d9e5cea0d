"""What a person reads: her themes, the dossiers of each, their comparison."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render

from traam import reference
from traam.design import lists
from traam.design.pages import Request, reads
from traam.engines.workflow import Missing
from traam.programme.calls.models import Application
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.groups.policies import may_see_national
from traam.programme.people.policies import is_national
from traam.programme.productions import kinds
from traam.programme.productions import policies as production_policies
from traam.programme.productions import queries as scenarios
from traam.programme.productions.models import written_by
from traam.programme.productions.states import SCENARIO
from traam.programme.publication import queries as releases
from traam.programme.selection import exports, pairings, policies, reading
from traam.programme.selection import queries as dossiers
from traam.programme.selection.readers import little_read
from traam.programme.selection.reading import Asked, Listing, Viewer
from traam.programme.valorisation.syntheses import queries as syntheses
from traam.programme.valorisation.syntheses.states import SYNTHESIS
from traam.spaces.review.views.syntheses import theme_context

NO_OPINION = "sans-mon-avis"
PRODUCTIONS_OF_A_PAGE = 25
MOST_TO_READ = 10


@reads(may=production_policies.may_review)
def home(request: Request) -> HttpResponse:
    person = request.user
    national = bool(is_national(person, request.at))
    inspected = _page(scenarios.of_inspector(person, request.at), request, "scenarios")
    to_read = [(kinds.KINDS[one.kind], one) for one in scenarios.to_read(person, request.at)]
    context = {
        "mine": dossiers.readings(person, request.at),
        "all_themes": dossiers.all_readings(person, request.at) if national else [],
        "to_read": to_read[:MOST_TO_READ],
        "left_to_read": len(to_read[MOST_TO_READ:]),
        "written_by": written_by,
        "waiting_syntheses": syntheses.waiting_for(person, request.at),
        "synthesis_states": SYNTHESIS.states,
        "others": _page(scenarios.others_of_inspector(person, request.at), request, "autres"),
        "kind_of": kinds.of,
        "inspected": inspected,
        "releases": releases.states_of(list(inspected)),
        "states": SCENARIO.states,
        "today": request.at.date(),
    }
    return render(request, "review/home.html", context)


def _page(rows: Any, request: Request, parameter: str) -> Page[Any]:
    """A page of one of the lists of productions: each turns its own pages."""
    return lists.page_of(rows, request, PRODUCTIONS_OF_A_PAGE, parameter)


def _filters(request: Request, seen: Viewer) -> lists.Filters:
    """What this reader may ask of the list: nothing that she may not know."""
    asked = [lists.search("q", "Rechercher")]
    if seen.judging:
        asked.append(lists.select("filtre", "Mon avis", [(NO_OPINION, "Sans mon avis")], "Tous les dossiers"))
    if not seen.hidden:
        academies = [(code, academy.name) for code, academy in reference.academies().items()]
        asked.append(lists.select("academie", "Académie", academies, "Toutes les académies"))
        opinions = Application.InspectorOpinion.choices
        asked.append(lists.select("inspecteur", "Avis de l'inspecteur", opinions, "Tous les avis"))
    if seen.national:
        least = seen.selection.readers_min
        asked.append(lists.check("peu-lus", f"Moins de {least} avis"))
    if seen.national and seen.selection.blind:
        asked.append(lists.check("nommes", "Dit d'où il vient"))
    return lists.read_filters(request, *asked)


def _asked(filters: lists.Filters, sort: str) -> Asked:
    given = {name: filters[name] for name in filters.names}
    return Asked(
        words=given["q"],
        waiting=given.get("filtre") == NO_OPINION,
        little_read=bool(given.get("peu-lus")),
        academy=given.get("academie", ""),
        inspector_opinion=given.get("inspecteur", ""),
        names_itself=bool(given.get("nommes")),
        sort=sort,
    )


def _list(request: Request, theme: Theme) -> dict[str, Any]:
    """The dossiers that the address asks for, a page of them."""
    seen = reading.viewer(theme, request.user, request.at)
    filters = _filters(request, seen)
    ordering = lists.read_ordering(request, reading.sorts(seen))
    return {
        "theme": theme,
        "seen": seen,
        "filters": filters,
        "ordering": ordering,
        "page": lists.page_of(Listing(seen, _asked(filters, ordering.sign + ordering.key)), request),
        "tally": reading.tally(seen),
    }


def _pairing(request: Request, theme: Theme) -> dict[str, Any]:
    """The academies that work together, for those who may decide it: before the announcement, it tells who is kept."""
    may = bool(policies.may_pair(request.user, theme, request.at))
    decided = pairings.of(theme) if may else None
    return {"pairing": may, "pairs": pairings.named(decided.pairs) if decided else []}


@reads(find=campaigns.theme, may=policies.may_read_theme, why="opinion")
def theme(request: Request, theme: Theme) -> HttpResponse:
    context = _list(request, theme)
    seen: Viewer = context["seen"]
    produced = _page(scenarios.of_theme(theme) if seen.announced else [], request, "scenarios")
    context |= {
        "first_waiting": reading.first_waiting(seen),
        "little_read": little_read(theme) if seen.national and not seen.announced else 0,
        "follows": bool(policies.may_follow_readers(request.user, theme, request.at)),
        **_pairing(request, theme),
        "in_national": seen.announced and bool(may_see_national(request.user, theme, request.at)),
        "scenarios": produced,
        "others": _page(scenarios.others_of_theme(theme) if seen.announced else [], request, "autres"),
        "kind_of": kinds.of,
        "written_by": written_by,
        "releases": releases.states_of(list(produced)),
        "states": SCENARIO.states,
        **theme_context(request, theme, seen.announced),
    }
    return render(request, "review/theme.html", context)


@reads(find=campaigns.theme, may=policies.may_read_theme, why="selection")
def comparison(request: Request, theme: Theme) -> HttpResponse:
    return render(request, "review/comparison.html", _list(request, theme))


def _file(pk: int, form: str) -> tuple[Theme, str]:
    if form not in exports.FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    return campaigns.theme(pk), form


def _may_read_file(person: Any, wanted: tuple[Theme, str], at: Any) -> Any:
    return policies.may_read_theme(person, wanted[0], at)


@reads(find=_file, may=_may_read_file)
def comparison_file(request: Request, wanted: tuple[Theme, str]) -> HttpResponse:
    """The comparison as a file: what the page shows to this reader, filtered and sorted as the page is."""
    theme, form = wanted
    seen = reading.viewer(theme, request.user, request.at)
    filters = _filters(request, seen)
    ordering = lists.read_ordering(request, reading.sorts(seen))
    data = exports.comparison(seen, _asked(filters, ordering.sign + ordering.key), form)
    name = f"comparaison-theme-{theme.pk}.{form}"
    return HttpResponse(
        data, content_type=exports.FORMS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
