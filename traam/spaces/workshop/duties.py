"""What a cahier des charges asks, drawn as lines that lead to the clause and to the page that mends."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse

from traam.design.typography import date_fr
from traam.engines.rulebook import Finding
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group, Member

ROLE_OF_FACT = {
    "teachers": Member.Role.TEACHER,
    "referents": Member.Role.REFERENT,
    "inspectors": Member.Role.INSPECTOR,
    "cardie": Member.Role.CARDIE,
    "ien_tice": Member.Role.IEN_TICE,
}
PLACES = {
    "title": "id_title",
    "summary": "id_summary",
    "disciplines": "id_disciplines",
    "levels": "id_levels",
    "crcn": "id_competences",
    "licence": "id_licence",
    "sections_missing": "deroule",
    "rights_checked": "id_terms_read",
}


def lines(
    findings: Iterable[Finding], campaign: Campaign, fixes: Mapping[str, str], today: date
) -> list[dict[str, object]]:
    """The items of the macro `compliance`: what lacks and blocks first. `fixes` maps a fact to an address."""
    clauses = reverse("public:edition", args=[campaign.edition_id])
    ordered = sorted(findings, key=lambda finding: (finding.met, not finding.blocking))
    return [
        {
            "label": finding.label,
            "done": finding.met,
            "detail": _detail(finding, campaign, today),
            "article": f"article {finding.article}",
            "href": f"{clauses}#{finding.article}",
            "fix": fixes.get(finding.fact, ""),
        }
        for finding in ordered
    ]


def _detail(finding: Finding, campaign: Campaign, today: date) -> str:
    if finding.met:
        return ""
    due = campaign.on(finding.due) if finding.due else None
    when = f" À faire avant le {date_fr(due)}." if due else ""
    if due and due < today:
        when = f" L'échéance du {date_fr(due)} est passée."
    empty = (
        f" Encore vides : {', '.join(map(str, finding.actual))}."
        if isinstance(finding.actual, list) and finding.actual
        else ""
    )
    weight = "" if finding.blocking else " Attendu, sans bloquer la suite."
    return f"{finding.message}{empty} {finding.todo}{when}{weight}"


def articles(breaches: Iterable[Finding]) -> str:
    """ "ce que demande l'article B.10", or "ce que demandent les articles B.10, B.12"."""
    named = list(dict.fromkeys(breach.article for breach in breaches))
    if len(named) == 1:
        return f"ce que demande l'article {named[0]}"
    return f"ce que demandent les articles {', '.join(named)}"


def group_fixes(group: Group) -> dict[str, str]:
    """Where each obligation of a group is mended."""
    add = reverse("workshop:add_member", args=[group.pk])
    fixes = {fact: f"{add}?role={role.value}" for fact, role in ROLE_OF_FACT.items()}
    fixes["dasen_agreement"] = reverse("workshop:agreement", args=[group.pk])
    fixes |= dict.fromkeys(("in_person_meetings", "remote_meetings"), reverse("workshop:add_meeting", args=[group.pk]))
    inspectors = [m for m in group.members.all() if m.role == Member.Role.INSPECTOR and m.until is None]
    fixes["inspector_corps"] = (
        reverse("workshop:correct_member", args=[group.pk, inspectors[0].pk]) if inspectors else fixes["inspectors"]
    )
    return fixes


def scenario_fixes(pk: int, *, editable: bool, testable: bool) -> dict[str, str]:
    """Where each obligation of a scenario is mended, for who may."""
    edit = reverse("workshop:edit_scenario", args=[pk])
    fixes = {fact: f"{edit}#{place}" for fact, place in PLACES.items()} if editable else {}
    if testable:
        fixes["tests"] = reverse("workshop:add_test", args=[pk])
    return fixes
