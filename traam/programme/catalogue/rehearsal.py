"""The public page of a scenario that is not released yet, drawn for as long as an audit reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction

from traam.programme.catalogue.notices import draw
from traam.programme.productions.actions import snapshot
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import last_version
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.models import Release, Watched, Way


@contextmanager
def drawn(watched: Watched, at: datetime) -> Iterator[str]:
    """The address of the page that would be released: only this thread may read it, and nothing of it remains."""
    with transaction.atomic():
        try:
            yield f"{settings.SITE_ADDRESS}/notices/{_published(find_scenario(watched.scenario_id or 0), at)}"
        finally:
            transaction.set_rollback(True)


def _published(scenario: Scenario, at: datetime) -> int:
    version = last_version(scenario)
    release, _ = Release.objects.update_or_create(
        scenario=scenario,
        version=scenario.version,
        defaults={
            "state": "released",
            "way": Way.HERE,
            "address": "",
            "content": version.content if version else snapshot(scenario),
            "released_by": scenario.created_by,
            "released_at": at,
        },
    )
    return draw(release, at).pk
