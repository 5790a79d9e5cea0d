"""What the page of one kind shows beside the text: its obligations, its tests in class, its publication."""

from typing import Any
from urllib.parse import urlsplit

from traam.design.pages import Request
from traam.programme.catalogue import bilans as public_bilans
from traam.programme.catalogue import queries as notices
from traam.programme.groups.queries import group as find_group
from traam.programme.productions import bilan_tables, kinds, module_rules, policies, queries, rules, support_rules
from traam.programme.productions.models import Bilan, Module, Production, Scenario, Support, Version
from traam.programme.productions.queries import bilans
from traam.programme.publication import policies as publication
from traam.programme.publication import queries as releases
from traam.programme.publication.states import PUBLISHERS
from traam.spaces.review.views import rights as view_of_rights


def context(request: Request, production: Production, version: Version | None) -> dict[str, Any]:
    """What the templates `review/beside/<kind>.html` need, nothing for a kind that has none."""
    if isinstance(production, Scenario):
        return _of_scenario(request, production)
    if isinstance(production, Support):
        return _of_support(production, version)
    if isinstance(production, Module):
        return _of_module(production)
    return _of_bilan(request, production, version) if isinstance(production, Bilan) else {}


def _of_bilan(request: Request, bilan: Bilan, version: Version | None) -> dict[str, Any]:
    """What was counted when it was submitted, and whether everyone may read it."""
    facts = version.content["facts"] if version else bilans.facts(find_group(bilan.group_id))
    person, at = request.user, request.at
    return {
        "figures": bilan_tables.figures(facts),
        "tables": bilan_tables.tables(facts),
        "publishes": bool(policies.standing(person, bilan, at) & PUBLISHERS),
        "public_copy": public_bilans.of_bilan(bilan),
        "may_publish": public_bilans.may_publish(person, bilan, at),
        "may_withdraw": public_bilans.may_withdraw(person, bilan, at),
    }


def _of_module(module: Module) -> dict[str, Any]:
    """What the edition asks of it, what is missing for it to leave, how long its parts are."""
    parts = [(section.title, sum(one.minutes for one in section.activities.all())) for section in module.sections.all()]
    return {
        "findings": module_rules.findings(module),
        "missing": [finding.message for finding in module_rules.to_mend(module)],
        "parts": parts,
        "minutes": sum(minutes for _, minutes in parts),
    }


def _of_scenario(request: Request, scenario: Scenario) -> dict[str, Any]:
    person, at = request.user, request.at
    text = scenario if scenario.state == "proposed" else queries.as_submitted(scenario)
    return {
        "findings": rules.findings(scenario, text) if text else (),
        "tests": queries.tests(scenario),
        "publishes": bool(policies.standing(person, scenario, at) & PUBLISHERS),
        "release": releases.latest(scenario),
        "public_copy": notices.notice_of_scenario(scenario.pk),
        "may_release": publication.may_release(person, scenario, at),
        "rights": view_of_rights.summary(scenario, person, at) if scenario.version else None,
        "may_withdraw": publication.may_withdraw(person, scenario, at),
    }


def _of_support(support: Support, version: Version | None) -> dict[str, Any]:
    """What is read of its files: those of the version, or of the text that is proposed."""
    content = version.content if version and support.state != "proposed" else kinds.of(support).snapshot(support)
    shown = Support(**{name: content.get(name, "") for name in ("kind", "title", "file", "filename")})
    return {
        "content": content,
        "is_image": support_rules.is_image(shown),
        "host": urlsplit(content.get("address", "")).hostname or "",
        "findings": support_rules.findings(support),
    }
