"""Scenarios that were validated: made ready, published, corrected beside, withdrawn; and their sheet in Édubase."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam import reference
from traam.design.forms import attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue import queries as notices
from traam.programme.catalogue import records
from traam.programme.groups.policies import may_follow_theme
from traam.programme.people.models import Person
from traam.programme.productions import queries as scenarios
from traam.programme.productions.models import Scenario
from traam.programme.productions.policies import may_review
from traam.programme.publication import policies as publication
from traam.programme.publication import queries as releases
from traam.programme.publication import readiness as ready
from traam.programme.publication import rules
from traam.programme.publication.models import Way
from traam.spaces.review.forms import EdubaseForm, ErratumForm, WithdrawalForm

HOME = ("Évaluation", "review:home")
PARTS = (
    (ready.TEXT, "Le texte", "review:scenario", "Lire le scénario"),
    (ready.SHEET, "La fiche de droits", "workshop:rights", "Ouvrir la fiche de droits"),
    (ready.CHECKLIST, "Le contrôle", "review:checklist", "Ouvrir le contrôle"),
    (ready.AUDIT, "L’audit de la page", "review:audit", "Ouvrir l’audit"),
)
"""Part of the work, its title, the page where it is mended and what leads there."""


def _trail(person: Person, scenario: Scenario, request: Request) -> list[tuple[str, str]]:
    """Of those who review, or of those who write."""
    reads_it = bool(may_review(person, request.at))
    home = (HOME[0], reverse(HOME[1])) if reads_it else ("Atelier", reverse("workshop:home"))
    page = "review:scenario" if reads_it else "workshop:scenario"
    return [home, (scenario.title, reverse(page, args=[scenario.pk]))]


@writes(find=scenarios.scenario, may=publication.may_release, why="release")
def release(request: Request, scenario: Scenario) -> HttpResponse:
    """All that is ready and all that is not, on one page; one button releases."""
    refused: list[str] = []
    if request.method == "POST":
        try:
            catalogue.release(scenario, actor=request.user, at=request.at)
        except Invalid as invalid:
            refused = [sentence for sentences in invalid.errors.values() for sentence in sentences]
        else:
            messages.success(request, "Scénario publié : il est dans le catalogue, à une adresse qui ne changera pas.")
            return redirect("review:released", scenario.pk)
    found = ready.readiness(scenario, request.at)
    context = {
        "scenario": scenario,
        "theme": scenario.group.application.theme,
        "readiness": found,
        "refused": refused,
        "parts": [_part(found, scenario, *part) for part in PARTS],
        "wish": rules.wish(scenario),
        "ways": dict(Way.choices),
        "waived": {waiver.pk: ready.lifted_by(scenario, waiver) for waiver in found.waivers},
        "trail": _trail(request.user, scenario, request),
    }
    return render(request, "review/release.html", context, status=422 if refused else 200)


def _part(found: ready.Readiness, scenario: Scenario, code: str, title: str, page: str, label: str) -> dict[str, Any]:
    warnings = [point for point in found.warnings if point.part == code]
    return {
        "code": code,
        "title": title,
        "points": found.of(code),
        "warnings": warnings,
        # The checklist is answered about a signed sheet.
        "later": code == ready.CHECKLIST and bool(found.of(ready.SHEET)) and not found.of(code),
        "href": reverse(page, args=[scenario.pk]),
        "label": label,
    }


@reads(find=scenarios.scenario, may=publication.may_follow_release, why="release")
def released(request: Request, scenario: Scenario) -> HttpResponse:
    """What was published: where it is read, what goes to Édubase and to other catalogues, what may be mended."""
    person, at = request.user, request.at
    notice = notices.public_notice_of(scenario.pk)
    context = {
        "scenario": scenario,
        "theme": scenario.group.application.theme,
        "release": releases.latest(scenario),
        "record": notice,
        "address": records.address(notice),
        "versions": notices.versions(notice),
        "may_release": publication.may_release(person, scenario, at),
        "may_add_erratum": publication.may_add_erratum(person, scenario, at),
        "may_note_edubase": publication.may_note_edubase(person, scenario, at),
        "may_withdraw": publication.may_withdraw(person, scenario, at),
        "trail": _trail(person, scenario, request),
    }
    return render(request, "review/released.html", context)


@writes(find=scenarios.scenario, may=publication.may_add_erratum, why="release")
def erratum(request: Request, scenario: Scenario) -> HttpResponse:
    form = ErratumForm(posted(request))
    address = reverse("review:released", args=[scenario.pk])
    if attempt(request, form, lambda given: catalogue.add_erratum(scenario, **given)):
        messages.success(request, "Erratum ajouté : il se lit en tête de la page publique et de cette version.")
        return redirect(address)
    return show(
        request,
        "design/form.html",
        form,
        title="Ajouter un erratum",
        introduction=f"La version publiée de « {scenario} » ne change pas : l'erratum se lit au-dessus d'elle, daté. "
        "Pour corriger le texte lui-même, le groupe prépare une nouvelle version.",
        submit_label="Ajouter l'erratum",
        cancel=address,
        trail=[*_trail(request.user, scenario, request), ("Publication", address)],
    )


@writes(find=scenarios.scenario, may=publication.may_note_edubase, why="release")
def edubase(request: Request, scenario: Scenario) -> HttpResponse:
    """The sheet, field by field, to be copied into the form of Édubase; then its number comes back."""
    notice = notices.public_notice_of(scenario.pk)
    known = {"number": notice.edubase_number, "address": notice.edubase_address}
    form = EdubaseForm(posted(request), initial=known)
    if attempt(request, form, lambda given: catalogue.note_edubase(scenario, **given)):
        messages.success(request, "Fiche Édubase notée : la page publique y mène.")
        return redirect("review:released", scenario.pk)
    return show(
        request,
        "review/edubase.html",
        form,
        scenario=scenario,
        record=notice,
        asked=reference.edubase_form(),
        entries=records.edubase_sheet(notice),
        trail=[*_trail(request.user, scenario, request), _publication(scenario)],
    )


def _publication(scenario: Scenario) -> tuple[str, str]:
    return "Publication", reverse("review:released", args=[scenario.pk])


@reads(find=scenarios.scenario, may=publication.may_note_edubase, why="release")
def edubase_csv(request: Request, scenario: Scenario) -> HttpResponse:
    rows = [notices.public_notice_of(scenario.pk)]
    return _csv(records.edubase_file(rows, scenario.title, "csv"), f"edubase-{scenario.pk}")


@reads(find=campaigns.theme, may=may_follow_theme, why="release")
def theme_edubase_csv(request: Request, theme: Theme) -> HttpResponse:
    """Those of every scenario of the theme that is on line."""
    rows = notices.published_of(theme=theme.pk)
    return _csv(records.edubase_file(rows, theme.title, "csv"), f"edubase-theme-{theme.pk}")


def _csv(data: bytes, name: str) -> HttpResponse:
    head = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=head)


@writes(find=scenarios.scenario, may=publication.may_withdraw, why="release")
def withdraw(request: Request, scenario: Scenario) -> HttpResponse:
    form = WithdrawalForm(posted(request))
    address = reverse("review:released", args=[scenario.pk])
    if attempt(request, form, lambda given: catalogue.withdraw(scenario, **given)):
        messages.success(request, "Scénario retiré : ses adresses publiques disent qu'il l'a été, et pourquoi.")
        return redirect(address)
    return show(
        request,
        "design/form.html",
        form,
        title="Retirer le scénario de la publication",
        introduction=f"« {scenario} » ne sera plus lisible dans le catalogue, ni ses versions, ni ses fichiers. "
        "Ses adresses publiques restent : elles donneront la raison que vous écrivez ici.",
        submit_label="Retirer de la publication",
        cancel=address,
        trail=[*_trail(request.user, scenario, request), _publication(scenario)],
    )
