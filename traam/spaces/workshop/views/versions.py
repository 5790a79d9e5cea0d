"""Two versions of a scenario side by side, and a scenario taken away as a file."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from lxml import etree

from traam.design.pages import Request, reads
from traam.design.typography import date_fr
from traam.engines.notices import dublin_core
from traam.programme.productions import changes, exports, policies, queries
from traam.programme.productions.actions import snapshot
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing

DRAFT = "brouillon"


@dataclass(frozen=True)
class Choice:
    """A text one may compare: a version by its number, or what is being written."""

    key: str
    label: str
    content: dict[str, Any]


@reads(find=queries.scenario, may=policies.may_see, why="scenario")
def compare(request: Request, scenario: Scenario) -> HttpResponse:
    """Any two versions, or a version and the text being written: the last one and that text, unless asked."""
    choices = _choices(scenario)
    known = {choice.key: choice for choice in choices}
    after = known.get(request.GET.get("apres", ""), choices[-1])
    before = known.get(request.GET.get("avant", ""), choices[max(0, choices.index(after) - 1)])
    told = changes.changed(before.content, after.content)
    came, went = changes.count(told)
    context = {
        "scenario": scenario,
        "group": scenario.group,
        "choices": choices,
        "before": before,
        "after": after,
        "changes": told,
        "came": came,
        "went": went,
    }
    return render(request, "workshop/compare.html", context)


def _choices(scenario: Scenario) -> list[Choice]:
    """The versions from the first on, then the text as it stands."""
    versions = [
        Choice(str(v.number), f"Version {v.number}, du {date_fr(v.made_at)}", v.content)
        for v in reversed(drawing.versions(scenario))
    ]
    return [*versions, Choice(DRAFT, "Texte actuel", snapshot(scenario))]


@reads(find=queries.scenario, may=policies.may_see, why="scenario")
def export_json(request: Request, scenario: Scenario) -> HttpResponse:
    """The whole content, for another tool."""
    text = json.dumps(exports.as_json(scenario), ensure_ascii=False, indent=2) + "\n"
    return _file(text.encode(), "application/json", f"scenario-{scenario.pk}.json")


@reads(find=queries.scenario, may=policies.may_see, why="scenario")
def export_notice(request: Request, scenario: Scenario) -> HttpResponse:
    """The notice of the scenario in Dublin Core, as catalogues read them."""
    address = f"{settings.SITE_ADDRESS}{reverse('workshop:scenario', args=[scenario.pk])}"
    root = dublin_core(exports.as_notice(scenario, address=address))
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return _file(data, "application/xml", f"scenario-{scenario.pk}.xml")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
