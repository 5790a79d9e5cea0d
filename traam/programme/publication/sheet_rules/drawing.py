"""What a scenario already says of its resources, so that nobody types it again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from traam.engines.sharing import IMAGES, BadAddress, kind_of_name, normal
from traam.programme.productions import rules
from traam.programme.productions.models import Piece, Scenario
from traam.programme.publication import services
from traam.programme.publication.licences import LINK
from traam.programme.publication.models import Resource, RightsSheet

_ADDRESS = re.compile(r"https?://[^\s<>\"'»|`\\^{}\[\]]+", re.IGNORECASE)
LONGEST_NAME = 80
_TRAILING = ".,;:!?…*_"


@dataclass(frozen=True)
class Proposal:
    """A resource the scenario uses and the sheet does not list. `needed`: the sheet is not whole without it.

    `key` names it in a form; `source` says where it was found. A service that we know brings `framework` and `place`.
    """

    key: str
    kind: str
    name: str
    source: str
    address: str = ""
    holder: str = ""
    licence: str = ""
    terms_read_on: date | None = None
    framework: str = ""
    place: str = ""
    piece: Piece | None = None
    needed: bool = True


def proposals(scenario: Scenario, sheet: RightsSheet | None) -> list[Proposal]:
    """What can be drawn from the pieces, the texts and the tools, and is not on the sheet yet. No query."""
    listed = list(sheet.resources.all()) if sheet else []
    pieces = {resource.piece_id for resource in listed}
    taken = {_same(resource.address) for resource in listed if resource.address}
    names = {resource.name.casefold() for resource in listed}
    found = []
    for drawn in [*_pieces(scenario), *_cited(scenario), *_tools(scenario)]:
        if drawn.piece is not None:
            new = drawn.piece.pk not in pieces
        else:
            new = _same(drawn.address) not in taken if drawn.address else drawn.name.casefold() not in names
        if new:
            found.append(drawn)
            taken.add(_same(drawn.address))
            names.add(drawn.name.casefold())
    return found


def _pieces(scenario: Scenario) -> Iterator[Proposal]:
    for piece in scenario.pieces.all():
        if piece.withdrawn_at is not None:
            continue
        service = services.of_address(piece.address) if piece.address else None
        yield Proposal(
            key=f"piece-{piece.pk}",
            kind=_kind(piece, service),
            name=piece.title,
            source="pièce du scénario",
            address=piece.address,
            holder=piece.holder,
            licence=piece.licence,
            terms_read_on=piece.terms_read_on,
            framework=service.framework if service else "",
            place=service.place if service else "",
            piece=piece,
        )


def _kind(piece: Piece, service: services.Service | None) -> str:
    known = kind_of_name(piece.filename)
    if known and (known.extension in IMAGES or known.extension in {"mp3", "ogg", "wav", "mp4", "webm"}):
        return Resource.Kind.MEDIUM
    return Resource.Kind.SERVICE if service else Resource.Kind.RESOURCE


def _cited(scenario: Scenario) -> Iterator[Proposal]:
    for title, text in [("résumé", scenario.summary), *rules.read(scenario.sections, scenario.phases)]:
        for address in addresses(text):
            yield _linked(address, short(address), f"adresse citée dans « {title} »")


def _tools(scenario: Scenario) -> Iterator[Proposal]:
    for line in scenario.tools:
        cited = addresses(line)
        name = _ADDRESS.sub("", line).strip(" :–—-()") or line
        service = services.of_address(cited[0]) if cited else services.of_text(line)
        yield Proposal(
            key=f"tool-{scenario.tools.index(line)}",
            kind=Resource.Kind.SERVICE,
            name=name[:200],
            source="outil du scénario",
            address=cited[0] if cited else "",
            framework=service.framework if service else "",
            place=service.place if service else "",
            needed=bool(cited),
        )


def _linked(address: str, name: str, source: str) -> Proposal:
    service = services.of_address(address)
    return Proposal(
        key=f"link-{address}",
        kind=Resource.Kind.SERVICE if service else Resource.Kind.RESOURCE,
        name=name[:200],
        source=source,
        address=address,
        licence="" if service else LINK,
        framework=service.framework if service else "",
        place=service.place if service else "",
    )


def addresses(text: str) -> list[str]:
    """The addresses a text cites, in one form, each once, in their order."""
    found: dict[str, None] = {}
    for typed in _ADDRESS.findall(text):
        kept = typed.rstrip(_TRAILING)
        while kept.endswith(")") and kept.count("(") < kept.count(")"):
            kept = kept[:-1].rstrip(_TRAILING)
        try:
            found[normal(kept)] = None
        except BadAddress:
            continue
    return [address for address in found if len(address) <= 500]


def short(address: str) -> str:
    """How an address is named until somebody gives it a better name: "exemple.fr/cartes/lyon"."""
    name = address.partition("://")[2].removeprefix("www.").rstrip("/")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _same(address: str) -> str:
    return address.rstrip("/").removeprefix("https://").removeprefix("http://")
