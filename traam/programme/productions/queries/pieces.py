"""The files and addresses that go with the productions."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import QuerySet, Sum

from traam.engines.workflow import Missing
from traam.gateways import storage
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group
from traam.programme.productions.models import ModuleActivity, Piece, Scenario, Support, Version
from traam.programme.productions.queries.scenarios import scenario as read_scenario


def pieces(scenario: Scenario) -> list[Piece]:
    """The pieces of a scenario, in their order; those that were withdrawn apart (`withdrawn`)."""
    return list(scenario.pieces.filter(withdrawn_at=None).select_related("added_by"))


def withdrawn(scenario: Scenario) -> list[Piece]:
    """Latest first."""
    return list(scenario.pieces.exclude(withdrawn_at=None).select_related("added_by").order_by("-withdrawn_at"))


def piece(scenario_pk: int, pk: int) -> Piece:
    """A piece, withdrawn or not, with its scenario as `scenario` reads it."""
    try:
        found = Piece.objects.select_related("added_by").get(pk=pk, scenario_id=scenario_pk)
    except Piece.DoesNotExist:
        raise Missing("Cette pièce n'existe pas.") from None
    found.scenario = read_scenario(scenario_pk)
    return found


def weight(place: Group | Theme) -> int:
    """The bytes of the files of the productions of a group; of a theme, of the modules that no group writes."""
    if isinstance(place, Theme):
        rows: Iterable[QuerySet[Piece] | QuerySet[ModuleActivity] | QuerySet[Support]] = [
            ModuleActivity.objects.filter(section__module__theme=place, section__module__group=None)
        ]
    else:
        rows = [
            Piece.objects.filter(scenario__group=place, withdrawn_at=None),
            ModuleActivity.objects.filter(section__module__group=place),
            Support.objects.filter(group=place),
        ]
    return sum(each.aggregate(total=Sum("size"))["total"] or 0 for each in rows)


def files_wanted() -> Iterator[str]:
    """The names of the files that the productions speak of, in what is written now and in every version."""
    yield from Piece.objects.filter(withdrawn_at=None).exclude(file="").values_list("file", flat=True)
    yield from ModuleActivity.objects.exclude(file="").values_list("file", flat=True)
    for names in Support.objects.values_list("file", "captions"):
        yield from filter(None, names)
    contents = Version.objects.values_list("content", flat=True).iterator()
    yield from chain.from_iterable(map(storage.names_in, contents))
