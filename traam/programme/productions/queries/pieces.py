"""The files and addresses that go with the productions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

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


def piece(pk: int, piece: int) -> Piece:
    """The piece of this number of a scenario, withdrawn or not, with its scenario as `scenario` reads it."""
    try:
        found = Piece.objects.select_related("added_by").get(pk=piece, scenario_id=pk)
    except Piece.DoesNotExist:
        raise Missing("Cette pièce n'existe pas.") from None
    found.scenario = read_scenario(pk)
    return found


@dataclass(frozen=True)
class StoredFile:
    """A file of a scenario, of what is written now or of one of its versions."""

    scenario: Scenario
    file: str
    filename: str
    title: str


def stored_file(scenario_pk: int, name: str) -> StoredFile:
    """A file by its name in the storage. A piece that was withdrawn is read in the versions that had it."""
    scenario = read_scenario(scenario_pk)
    live = scenario.pieces.filter(withdrawn_at=None, file=name).values("file", "filename", "title")
    for row in [*live[:1], *_of_versions(scenario)]:
        if row["file"] == name:
            return StoredFile(scenario, name, row["filename"], row["title"])
    raise Missing("Ce fichier n'est plus parmi les pièces du scénario, ni dans une de ses versions.")


def _of_versions(scenario: Scenario) -> Iterator[Mapping[str, Any]]:
    contents = Version.objects.filter(review=scenario.review_id).order_by("-number").values_list("content", flat=True)
    for content in contents:
        yield from content.get("pieces", [])


def pieces_of(scenario: Scenario) -> list[dict[str, Any]]:
    """The pieces as plain JSON, for a version: `file` is "" for an address, `address` for a file; the others are told
    by the model `Piece`, dates in ISO form or ""."""
    return [
        {
            "id": piece.pk,
            "title": piece.title,
            "address": piece.address,
            "file": piece.file,
            "filename": piece.filename,
            "size": piece.size,
            "screened": piece.screened,
            "alternative": piece.alternative,
            "decorative": piece.decorative,
            "licence": piece.licence,
            "holder": piece.holder,
            "terms_read_on": piece.terms_read_on.isoformat() if piece.terms_read_on else "",
        }
        for piece in scenario.pieces.filter(withdrawn_at=None)
    ]


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
