"""The journal: who did what to what, when and why; and the file that proves it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from traam.design import lists
from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.engines.workflow import Missing
from traam.programme.journal import exports, queries, verification, wording
from traam.programme.journal.queries import Asked
from traam.programme.people.known import designated
from traam.programme.people.policies import is_national

PER_PAGE = 50
DETAILS = {
    "xlsx": "Excel, LibreOffice",
    "ods": "LibreOffice",
    "csv": "texte",
    "jsonl": "avec de quoi le vérifier sans nous",
}
"""The formats offered, and what reads them."""
# Where an object is seen, by its kind.
PAGES = {
    "calls.application": "academy:application",
    "campaigns.campaign": "steering:campaign",
    "groups.group": "workshop:group",
    "groups.meeting": "workshop:meeting",
    "productions.scenario": "workshop:scenario",
    "productions.module": "workshop:module",
    "productions.bilan": "workshop:bilan",
    "productions.support": "workshop:support",
}


@reads(may=is_national)
def journal(request: Request) -> HttpResponse:
    filters = _filters(request)
    asked, problems = _asked(filters)
    before = request.GET.get("avant", "")
    found = queries.read(asked, int(before) if before.isdecimal() and len(before) < 18 else None, PER_PAGE)
    return show(
        request,
        "steering/journal.html",
        filters=filters,
        problems=problems,
        acts=[_row(entry) for entry in found.entries],
        older=found.older,
        recent=not before,
        end=verification.end(),
        narrowed=bool(filters),
        forms=DETAILS,
    )


def _filters(request: Request) -> lists.Filters:
    kinds = sorted(((kind, wording.kind(kind)) for kind in queries.object_types()), key=lambda pair: pair[1])
    verbs = sorted(wording.VERBS.items(), key=lambda pair: pair[1])
    return lists.read_filters(
        request,
        lists.search("personne", "Personne (nom, adresse ou numéro)"),
        lists.select("nature", "Nature de l'objet", kinds, "Toutes"),
        lists.search("objet", "Numéro de l'objet"),
        lists.select("acte", "Acte", [(verb, said.rstrip(" :")) for verb, said in verbs], "Tous"),
        lists.search("du", "Du (jj/mm/aaaa)"),
        lists.search("au", "Au (jj/mm/aaaa)"),
    )


def _asked(filters: lists.Filters) -> tuple[Asked, list[str]]:
    problems: list[str] = []
    since, until = (_day(filters[name], problems) for name in ("du", "au"))
    people = designated(filters["personne"]) if filters["personne"] else None
    if people == []:
        problems.append(f"Personne ne répond à « {filters['personne']} ».")
    asked = Asked(
        people=people,
        object_type=filters["nature"],
        object_id=filters["objet"][:40],
        verb=filters["acte"],
        since=since,
        until=until + timedelta(days=1) if until else None,
        redactions=filters["acte"] == "redact",
    )
    return asked, problems


def _day(text: str, problems: list[str]) -> datetime | None:
    """The beginning of that day, in Paris."""
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day: date = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
            return timezone.make_aware(datetime.combine(day, time.min))
        except (ValueError, OverflowError):
            continue
    problems.append(f"« {text} » n'est pas une date : écrivez par exemple 22/11/2026.")
    return None


def _row(entry: Any) -> dict[str, Any]:
    page = PAGES.get(entry.object_type)
    return {
        "entry": entry,
        "said": wording.said(entry.verb, entry.object_type),
        "kind": wording.kind(entry.object_type),
        "href": reverse(page, args=[entry.object_id]) if page and entry.object_id.isdecimal() else "",
    }


@reads(may=is_national)
def journal_file(request: Request) -> StreamingHttpResponse:
    """All of it, or what the filters ask, in the order of the chain."""
    form = request.GET.get("forme", "csv")
    if form not in exports.FORMS:
        raise Missing("Le journal se télécharge en .xlsx, .ods ou .csv, ou avec toutes ses empreintes en .jsonl.")
    filters = _filters(request)
    asked = _asked(filters)[0] if filters else Asked(redactions=True)
    write, media = exports.FORMS[form]
    answer = StreamingHttpResponse(write(queries.chained(asked)), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="journal-{request.at:%Y-%m-%d}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
