"""The addresses of the interface."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from traam import reference
from traam.design.pages import Request, anyone, reads
from traam.engines.workflow import Missing
from traam.interop.api import document as description
from traam.interop.api import operations, reports, things
from traam.interop.api.fields import Field, Thing
from traam.interop.api.parameters import PAGE, cursor, read, wanted
from traam.interop.limits import MOST
from traam.interop.machines import as_json, given, machine
from traam.interop.problems import TITLES, Problem
from traam.programme.catalogue import listing, queries
from traam.programme.catalogue.models import Notice, PublicCall, PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses import queries as synthesised

JSON = "application/json"
LONG = 86_400  # seconds that vocabularies may be kept


def _told(request: Request, value: Any, *, changed: datetime | None = None, seconds: int = 60) -> HttpResponseBase:
    return given(request, as_json(value), media=JSON, changed=changed, seconds=seconds)


def _page(
    request: Request,
    rows: Sequence[Any],
    size: int,
    tell: Callable[[Any], Any],
    key: Callable[[Any], listing.Key],
    total: int | None,
) -> dict[str, Any]:
    """The first `size` of the rows, of which one more was read: that is how the end is known."""
    following = None
    if len(rows) > size:
        parameters = request.GET.copy()
        parameters["cursor"] = cursor(key(rows[size - 1]))
        following = f"{settings.SITE_ADDRESS}{request.path}?{urlencode(list(parameters.lists()), doseq=True)}"
    return {"items": [tell(row) for row in rows[:size]], "next": following, "total": total}


def _listed(
    request: Request,
    operation: operations.Operation,
    find: Callable[..., listing.Part[Any]],
    tell: Callable[[Any], Any],
    changed: datetime | None,
) -> HttpResponseBase:
    """A page of what `find` gives, by its date of change."""
    values = read(request.GET, operation.parameters)
    size = values.get("limit", PAGE)
    part = find(wanted(values), after=values.get("cursor"), size=size + 1)
    page = _page(request, part.rows, size, tell, lambda row: (row.changed_at, row.pk), part.total)
    return _linked(_told(request, page, changed=changed), page)


def _linked(answer: HttpResponseBase, page: Mapping[str, Any]) -> HttpResponseBase:
    if page["next"]:
        answer["Link"] = f'<{page["next"]}>; rel="next"'
    return answer


@machine
@reads(may=anyone, public=True)
def root(request: Request) -> HttpResponseBase:
    read(request.GET, ())
    links = {
        "documentation": f"{settings.SITE_ADDRESS}{reverse('interop:api')}",
        "openapi": f"{settings.SITE_ADDRESS}{reverse('interop:api_document')}",
        **{name: f"{settings.SITE_ADDRESS}{operations.ROOT}{name}" for name in operations.COLLECTIONS},
    }
    return _told(request, links, seconds=LONG)


@machine
@reads(may=anyone, public=True)
def notices(request: Request) -> HttpResponseBase:
    values = read(request.GET, operations.NOTICES.parameters)
    size = values.get("limit", PAGE)
    asked = wanted(values)
    rows = listing.notices(asked, after=values.get("cursor"), size=size + 1)
    page = _page(request, rows, size, things.listed, lambda row: (row.datestamp, row.pk), listing.total(asked))
    return _linked(_told(request, page, changed=listing.notices_changed_at()), page)


def _number(text: str, find: Callable[[int], Any], none: str) -> Any:
    """What has this number; the same sentence for what cannot be a number."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Missing(none)
    return find(int(text))


def _notice(pk: str) -> Notice:
    found: Notice = _number(pk, queries.notice, "Cette notice n'existe pas.")
    return found


@machine
@reads(find=_notice, may=anyone, public=True)
def notice(request: Request, notice: Notice) -> HttpResponseBase:
    read(request.GET, ())
    if notice.state == Notice.State.WITHDRAWN:
        reason = notice.reason or "Le motif n'a pas été donné."
        raise Problem("retire", f"Cette notice a été retirée. {reason}", more={"id": notice.pk})
    changed = max(notice.datestamp, notice.theme.changed_at) if notice.theme else notice.datestamp
    return _told(request, things.WHOLE_NOTICE.told(notice), changed=changed)


@machine
@reads(may=anyone, public=True)
def themes(request: Request) -> HttpResponseBase:
    changed = listing.notices_changed_at()
    return _listed(request, operations.THEMES, listing.themes, things.THEME.told, changed)


def _theme(pk: str) -> PublicTheme:
    found: PublicTheme = _number(pk, queries.theme, "Ce thème n'existe pas.")
    return found


@machine
@reads(find=_theme, may=anyone, public=True)
def theme(request: Request, theme: PublicTheme) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, things.THEME.told(theme), changed=theme.changed_at)


@machine
@reads(may=anyone, public=True)
def syntheses(request: Request) -> HttpResponseBase:
    changed = synthesised.changed_at()
    return _listed(request, operations.SYNTHESES, listing.syntheses, reports.synthesis, changed)


def _synthesis(pk: str) -> PublicSynthesis:
    found: PublicSynthesis = _number(pk, synthesised.public_synthesis, "Cette synthèse n'existe pas.")
    return found


@machine
@reads(find=_synthesis, may=anyone, public=True)
def synthesis(request: Request, synthesis: PublicSynthesis) -> HttpResponseBase:
    read(request.GET, ())
    if synthesis.state == PublicSynthesis.State.WITHDRAWN:
        raise Problem("retire", f"Cette synthèse a été retirée. {synthesis.reason}", more={"id": synthesis.pk})
    changed = max([synthesis.changed_at, *(theme.changed_at for theme in synthesis.themes.all())])
    return _told(request, reports.WHOLE_SYNTHESIS.told(synthesis), changed=changed)


@machine
@reads(may=anyone, public=True)
def results(request: Request) -> HttpResponseBase:
    changed = listing.past_results_changed_at()
    return _listed(request, operations.RESULTS, listing.past_results, reports.RESULT.told, changed)


@machine
@reads(may=anyone, public=True)
def academies(request: Request) -> HttpResponseBase:
    read(request.GET, ())
    rows = [things.ACADEMY.told(academy) for academy in reference.academies().values()]
    return _told(request, {"items": rows}, seconds=LONG)


def _academy(slug: str) -> reference.Academy:
    for one in reference.academies().values():
        if one.slug == slug:
            return one
    raise Missing("Aucune académie n'a cet identifiant : /api/v1/academies les donne toutes.")


@machine
@reads(find=_academy, may=anyone, public=True)
def academy(request: Request, academy: reference.Academy) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, things.ACADEMY.told(academy), seconds=LONG)


@machine
@reads(may=anyone, public=True)
def calls(request: Request) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, {"items": [things.call(row) for row in queries.calls()]})


def _call(pk: str) -> PublicCall:
    found: PublicCall = _number(pk, queries.call, "Cet appel n'existe pas, ou n'est pas encore ouvert.")
    return found


@machine
@reads(find=_call, may=anyone, public=True)
def call(request: Request, call: PublicCall) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, things.call(call), changed=call.changed_at)


@machine
@reads(may=anyone, public=True)
def vocabularies(request: Request) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, {"items": operations.vocabularies()}, seconds=LONG)


def _vocabulary(name: str) -> list[dict[str, Any]]:
    found = operations.VOCABULARIES.get(name)
    if found is None:
        raise Missing(f"Ce vocabulaire n'existe pas. Ceux qui existent : {', '.join(operations.VOCABULARIES)}.")
    return operations.entries(found.rows())


@machine
@reads(find=_vocabulary, may=anyone, public=True)
def vocabulary(request: Request, entries: list[dict[str, Any]]) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, {"items": entries}, seconds=LONG)


@machine
@reads(may=anyone, public=True)
def document(request: Request) -> HttpResponseBase:
    read(request.GET, ())
    return _told(request, description.document(), seconds=3_600)


@machine
@reads(may=anyone, public=True)
def nothing(request: Request, rest: str) -> HttpResponseBase:
    raise Missing(f"L'interface n'a pas d'adresse « {rest[:100]} ». {settings.SITE_ADDRESS}/api/ les décrit toutes.")


def _apart(thing: Thing) -> tuple[Thing | None, Sequence[Field]]:
    """The widest thing whose fields are the first of this one's, and the others: a page need not say them twice."""
    smaller = [one for one in operations.THINGS if thing.fields[: len(one.fields)] == one.fields and one is not thing]
    base = max(smaller, key=lambda one: len(one.fields), default=None)
    return base, thing.fields[len(base.fields) :] if base else thing.fields


@reads(may=anyone, public=True)
def human(request: Request) -> HttpResponse:
    """The same document, for people; the fields are on a page of their own (`human_things`)."""
    context = {
        "operations": operations.EVERY,
        "problems": [(kind, status, title, description.PROBLEMS[kind]) for kind, (status, title) in TITLES.items()],
        "address": settings.SITE_ADDRESS,
        "most": MOST,
    }
    return render(request, "interop/api.html", context)


@reads(may=anyone, public=True)
def human_things(request: Request) -> HttpResponse:
    """What the answers hold, field by field."""
    return render(request, "interop/api_things.html", {"things": [(one, *_apart(one)) for one in operations.THINGS]})
