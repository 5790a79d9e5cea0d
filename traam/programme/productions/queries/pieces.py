"""The files and addresses that go with the productions."""

from collections.abc import Iterable, Iterator
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
    """A file of a scenario. `submitted`: its last version has it."""

    scenario: Scenario
    file: str
    filename: str
    title: str
    submitted: bool


def stored_file(pk: int, name: str) -> StoredFile:
    """A file by its name in the storage, of what is written now or of a version. A piece that was withdrawn is read in
    the versions that had it."""
    scenario = read_scenario(pk)
    contents = Version.objects.filter(review=scenario.review_id).order_by("-number").values_list("content", flat=True)
    versions = [content.get("pieces", []) for content in contents]
    for piece in chain(pieces_of(scenario), *versions):
        if piece["file"] == name != "":
            submitted = any(each["file"] == name for each in chain(*versions[:1]))
            return StoredFile(scenario, name, piece["filename"], piece["title"], submitted)
    raise Missing("Ce fichier n'est plus parmi les pièces du scénario, ni dans une de ses versions.")


def pieces_of(scenario: Scenario) -> list[dict[str, Any]]:
    """The pieces as plain JSON, as a version keeps them: `file` is "" for an address, `address` for a file; the others
    are told by the model `Piece`, dates in ISO form or "". Read without a query once they are prefetched."""
    if scenario.pieces_then is not None:
        return scenario.pieces_then
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
        for piece in scenario.pieces.all()
        if piece.withdrawn_at is None
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
