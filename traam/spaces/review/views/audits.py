"""The audit of published addresses: the list, one address, what is contested, and what the bureau answers."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design import lists
from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.datasets.delimited import harmless
from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import ANSWERS, SEVERITIES
from traam.engines.workflow import Invalid, Missing
from traam.programme.calls.exports import FORMS
from traam.programme.productions import policies as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import addresses, audit_exports, audit_policies, audit_states, reports
from traam.programme.publication.actions import auditing
from traam.programme.publication.models import Contest, Watched
from traam.programme.publication.reports import Row
from traam.spaces.review.audit_forms import AnswerForm, ContestForm

KINDS = {audit_states.FAULTY: "error", audit_states.AWAY: "warning", audit_states.CLEAR: "info", audit_states.NEVER: ""}
WAYS = {"fault": "error", "review": "warning", "untested": ""}
WORDS: Mapping[str, Any] = {
    "states": audit_states.STATES,
    "kinds": KINDS,
    "answers": ANSWERS,
    "severities": SEVERITIES,
    "ways": WAYS,
    "checks": CHECKS,
}


# --- the list


def _asked(request: Request) -> tuple[list[Row], lists.Filters, list[Row]]:
    """The addresses this person follows, the filters, and those that they keep."""
    rows = reports.rows(request.user, request.at)
    academies = sorted({(row.watched.academy, row.academy) for row in rows if row.academy}, key=lambda one: one[1])
    codes = {code for row in rows for code in row.codes}
    filters = lists.read_filters(
        request,
        lists.search("q", "Page ou adresse"),
        lists.select("academie", "Académie", academies, "Toutes les académies"),
        lists.select(
            "etat",
            "État",
            [(name or "jamais", label.capitalize()) for name, label in audit_states.STATES.items()],
            "Tous les états",
        ),
        lists.select(
            "point", "Défaut", [(code, CHECKS[code].title) for code in CHECKS if code in codes], "Tous les défauts"
        ),
    )
    return rows, filters, [row for row in rows if _is_kept(row, filters)]


def _is_kept(row: Row, filters: lists.Filters) -> bool:
    words = filters["q"].casefold()
    return (
        (not words or words in row.label.casefold() or words in row.watched.address.casefold())
        and filters["academie"] in {"", row.watched.academy}
        and filters["etat"] in {"", row.state or "jamais"}
        and (not filters["point"] or filters["point"] in row.codes)
    )


@reads(may=audit_policies.may_follow)
def watched_addresses(request: Request) -> HttpResponse:
    rows, filters, kept = _asked(request)
    context = {
        **WORDS,
        "known": bool(rows),
        "filters": filters,
        "page": lists.page_of(kept, request),
        "counted": reports.count(kept),
        "forms": tuple(FORMS),
        "may_judge": bool(audit_policies.may_judge(request.user, request.at)),
        "may_review": bool(productions.may_review(request.user, request.at)),
    }
    return render(request, "review/addresses.html", context)


@reads(may=audit_policies.may_follow)
def addresses_file(request: Request, form: str) -> HttpResponse:
    """The list as a file, filtered as the page is."""
    if form not in FORMS:
        raise Missing("Ce format n'existe pas : choisissez .xlsx, .ods ou .csv.")
    _, _, kept = _asked(request)
    head = {"Content-Disposition": f'attachment; filename="adresses-surveillees.{form}"'}
    return HttpResponse(audit_exports.addresses(kept, form), content_type=FORMS[form][1], headers=head)


# --- one address


@reads(find=addresses.watched, may=audit_policies.may_see, why="accessibility")
def address(request: Request, watched: Watched) -> HttpResponse:
    """The last visit, or the one that the address of the page asks for (`visite`)."""
    asked = request.GET.get("visite", "")
    run = addresses.run(watched, int(asked) if asked.isdecimal() and len(asked) < 12 else None)
    progress = reports.progress(watched, request.at)
    if request.headers.get("HX-Target") == "visite" and not progress:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the page that waited shows the answer
    filters = lists.read_filters(
        request,
        lists.select(
            "reponse", "Réponse", [(one.value, label.capitalize()) for one, label in ANSWERS.items()], "Toutes"
        ),
        lists.select(
            "gravite", "Gravité", [(one.value, label.capitalize()) for one, label in SEVERITIES.items()], "Toutes"
        ),
    )
    report = None
    if run is not None:
        report = reports.report(watched, run, request.at, answer=filters["reponse"], severity=filters["gravite"])
    history = addresses.runs(watched)
    context = {
        **WORDS,
        "watched": watched,
        "run": run,
        "report": report,
        "filters": filters,
        "history": history,
        "is_last": run is None or not history or history[0].pk == run.pk,
        "progress": progress,
        "may_visit": audit_policies.may_visit(request.user, watched, request.at),
        "may_contest": bool(audit_policies.may_contest(request.user, watched, request.at)),
        "campaign": reports.campaign_of(watched),
        "licence": reports.licence_of(watched),
        "trail": _trail(request, watched),
        "title": _title(watched),
    }
    return render(request, "review/address.html", context)


def _title(watched: Watched) -> str:
    return watched.scenario.title if watched.scenario else watched.address


def _trail(request: Request, watched: Watched) -> list[tuple[str, str]]:
    """By the list for those who follow many, by the scenario for those who wrote this one."""
    if watched.scenario is not None:
        return _trail_of(request, watched.scenario)
    return [("Adresses surveillées", reverse("review:addresses"))]


def _trail_of(request: Request, scenario: Scenario) -> list[tuple[str, str]]:
    if audit_policies.may_follow(request.user, request.at):
        first = ("Adresses surveillées", reverse("review:addresses"))
        return [first, (scenario.title, reverse("review:scenario", args=[scenario.pk]))]
    return [("Atelier", reverse("workshop:home")), (scenario.title, reverse("workshop:scenario", args=[scenario.pk]))]


@writes(find=addresses.watched, may=audit_policies.may_see, why="accessibility")
def ask_visit(request: Request, watched: Watched) -> HttpResponse:
    if request.method == "POST":
        auditing.ask_visit(watched, actor=request.user, at=request.at)
        messages.success(request, "Visite demandée : elle commence dans un instant.")
    return redirect("review:address", watched.pk)


@writes(find=find_scenario, may=audit_policies.may_audit, why="accessibility")
def before_release(request: Request, scenario: Scenario) -> HttpResponse:
    """The audit of the page that would be released: what holds it, and the way to ask for another."""
    if request.method == "POST":
        try:
            auditing.ask_audit(scenario, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, "Audit demandé : il commence dans un instant.")
        return redirect("review:audit", scenario.pk)
    audit = reports.before_release(scenario, request.user, request.at)
    if request.headers.get("HX-Target") == "visite" and not audit.progress:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {**WORDS, "audit": audit, "scenario": scenario, "trail": _trail_of(request, scenario)}
    return render(request, "review/audit.html", context)


@reads(find=addresses.watched, may=audit_policies.may_see)
def address_grid(request: Request, watched: Watched) -> HttpResponse:
    """The criteria of RGAA, one or more lines each, as those who audit by hand fill them."""
    run = addresses.run(watched)
    if run is None:
        raise Missing("Cette adresse n'a pas encore été visitée : il n'y a pas de grille à en tirer.")
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(("Critère", "Statut", "Élément", "Remarque"))
    for row in reports.rgaa_rows(run):
        writer.writerow([harmless(cell) for cell in row])
    name = f"rgaa-{watched.pk}-{run.at:%Y-%m-%d}.csv"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8", headers=head)


# --- contests


@writes(find=addresses.seen, may=audit_policies.may_contest_seen)
def contest(request: Request, seen: addresses.SeenThere) -> HttpResponse:
    """Say that a finding is wrong, and why."""
    watched, finding = seen.watched, seen.finding
    back = reverse("review:address", args=[watched.pk]) + f"#{finding.key}"
    form = ContestForm(posted(request))
    if attempt(request, form, lambda given: auditing.contest(watched, finding.key, **given)):
        messages.success(request, "Contestation envoyée au bureau national, qui vous répondra.")
        return redirect(back)
    context = {"watched": watched, "finding": finding, "check": CHECKS[finding.code], "back": back}
    return show(request, "review/contest.html", form, **context, trail=_trail(request, watched), title=_title(watched))


@writes(find=addresses.contest, may=audit_policies.may_answer)
def answer_contest(request: Request, contest: Contest) -> HttpResponse:
    """What the national team answers to one contest."""
    form = AnswerForm(posted(request))
    if attempt(request, form, lambda given: auditing.answer_contest(contest, **given)):
        messages.success(request, "Réponse envoyée à la personne qui conteste.")
        return redirect("review:contests")
    return show(request, "review/answer_contest.html", form, contest=contest, check=CHECKS.get(contest.code))


@reads(may=audit_policies.may_judge)
def contests(request: Request) -> HttpResponse:
    context = {
        **WORDS,
        "waiting": addresses.contests_to_answer(),
        "answered": addresses.contests_answered(),
    }
    return render(request, "review/contests.html", context)
