"""A scenario taken away: everything that was typed of it, in a format that says what each code means."""

from typing import Any

from traam import reference
from traam.engines.notices import Notice
from traam.programme.productions import changes, rules
from traam.programme.productions.actions.scenarios import snapshot
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries.pieces import pieces_of

FORMAT = "traam-scenario"
FORMAT_VERSION = 1


def as_json(scenario: Scenario) -> dict[str, Any]:
    """The content of a scenario as plain data: codes with their labels and their addresses. The same scenario gives the
    same data; nobody is named but the authors as they wish to be."""
    content = snapshot(scenario)
    sections = scenario.sections
    theme = scenario.group.application.theme
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: content[name] for name in ("title", "summary", "authors", "duration_minutes")},
        "sections": [
            {"key": key, "title": title, "text": sections[key]}
            for key, title in rules.SECTION_TITLES.items()
            if sections.get(key)
        ],
        "phases": list(scenario.phases),
        **{name: [_coded(name, code) for code in getattr(scenario, name)] for name in _VOCABULARIES},
        "licence": _coded("licence", scenario.licence) if scenario.licence else None,
        "tools": list(scenario.tools),
        "pieces": [
            {**{name: piece[name] for name in _OF_A_PIECE}, "licence": _coded("licence", piece["licence"])}
            for piece in pieces_of(scenario)
        ],
        "rights": {"terms_read": scenario.terms_read, "personal_data_checked": scenario.personal_data_checked},
        "theme": theme.title,
        "years": theme.campaign.years,
        "academy": scenario.group.academy_name,
        "state": scenario.state,
        "version": scenario.version,
        "revision": scenario.revision,
        "source": scenario.source or None,
    }


_OF_A_PIECE = ("title", "address", "filename", "size", "alternative", "decorative", "holder")
_VOCABULARIES = ("disciplines", "levels", "competences", "teacher_competences")


def _coded(name: str, code: str) -> dict[str, str]:
    """A code, what it means, and its address in the vocabularies when it is still there."""
    known = changes.known(name, code)
    address = getattr(known, "uri", "") or getattr(known, "url", "")
    return {"code": code, "label": changes.text(name, code), "address": address}


def as_notice(scenario: Scenario, *, address: str) -> Notice:
    """What a catalogue would say of the scenario as it stands. `address` is that of its page."""
    licence = reference.licences().get(scenario.licence)
    theme = scenario.group.application.theme
    crcn = reference.competences()
    return Notice(
        identifier=address,
        url=address,
        title=scenario.title,
        summary=scenario.summary,
        creators=(scenario.authors or f"Groupe TraAM {scenario.group.of_academy}",),
        publisher=scenario.group.academy_name,
        date=None,
        period=theme.campaign.years,
        licence_url=licence.url if licence else None,
        licence_label=licence.label if licence else scenario.licence or None,
        disciplines=tuple(scenario.discipline_labels),
        levels=tuple(scenario.level_labels),
        competences=tuple((code, crcn[code].label if code in crcn else code) for code in scenario.competences),
        tools=tuple(scenario.tools),
        theme=theme.title,
        relations=tuple(piece["address"] for piece in pieces_of(scenario) if piece["address"]),
        duration_minutes=scenario.duration_minutes,
    )
