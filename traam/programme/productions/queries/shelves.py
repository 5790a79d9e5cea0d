"""What was submitted once at least, of the kinds other than scenarios: one query for each kind."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.productions.models import Module, Production
from traam.programme.productions.queries.reviews import MODELS

OTHERS = tuple(name for name in MODELS if name != "scenario")


def others_of_theme(theme: Theme) -> list[Production]:
    """The modules, bilans and supports of a theme, those of its national group included; last moved first."""
    return _sorted(Q(group__application__theme=theme), Q(theme=theme, group__isnull=True))


def others_of_inspector(person: Person, at: datetime) -> list[Production]:
    """Those of the groups an inspector pilots, or of her academy; last moved first."""
    seats = Member.objects.filter(group=OuterRef("group"), person=person, role=Member.Role.INSPECTOR, until=None)
    return _sorted(Q(Exists(seats)) | Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR)), None)


def _sorted(in_groups: Q, national: Q | None) -> list[Production]:
    found: list[Production] = []
    for name in OTHERS:
        model = MODELS[name]
        rows: QuerySet[Any] = model._default_manager.select_related("group__application__theme__campaign")
        wanted = in_groups
        if model is Module:
            rows, wanted = rows.select_related("theme__campaign"), in_groups | national if national else in_groups
        found += rows.filter(wanted, version__gt=0)
    return sorted(found, key=lambda row: (row.changed_at, row.pk), reverse=True)
