"""What the front page of a group shows of each part of its year.

A part is a function that tells what its template needs, from what was read of the group for all of them (`Front`);
its template is `workshop/parts/<area>.html`, which finds that in `part`, and `group`. To add one: write both,
and name the function here, in the order of the page.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from traam.programme.groups.queries.front import Front
from traam.programme.people.models import Person
from traam.spaces.workshop.views import bilans, calendar, documents, modules, progress, service, supports, watch

Summary = Callable[[Front, Person, datetime], Mapping[str, Any]]

# Keyed by area: calendar, progress, watch, documents, service, modules, supports, bilan.
PARTS: dict[str, Summary] = {
    "calendar": calendar.summary,
    "progress": progress.summary,
    "watch": watch.summary,
    "documents": documents.summary,
    "service": service.summary,
    "modules": modules.summary,
    "supports": supports.summary,
    "bilan": bilans.summary,
}


def summaries(front: Front, person: Person, at: datetime) -> list[tuple[str, Mapping[str, Any]]]:
    """The area and what its template shows, for each part of the page."""
    return [(area, summary(front, person, at)) for area, summary in PARTS.items()]
