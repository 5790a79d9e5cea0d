"""An in-memory repository, and a harvester that checks every answer against the schemas, when present."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lxml import etree

from traam.engines.oaipmh import Format, Page, Provider, Record

NOW = datetime(2025, 6, 1, 12, 0, 0, tzinfo=UTC)
START = datetime(2025, 1, 1, 0, 0, 0, tzinfo=UTC)
SECRET = b"only for these tests"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
NO_SCHEMAS = (
    "Les schémas OAI-PMH sont absents : donnez leur dossier (celui qui contient oai/OAI-PMH.xsd) "
    "dans la variable TRAAM_SCHEMAS pour valider chaque réponse."
)


@cache
def schemas() -> etree.XMLSchema | None:
    beside = Path(__file__).resolve().parents[4] / "shared/data/xsd"
    folder = Path(os.environ.get("TRAAM_SCHEMAS", beside)) / "oai"
    if not (folder / "OAI-PMH.xsd").is_file():
        return None
    namespace = "http://www.openarchives.org/OAI/2.0/"
    imports = "".join(
        f'<xs:import namespace="{namespace}{path}" schemaLocation="{(folder / name).as_uri()}"/>'
        for path, name in (
            ("", "OAI-PMH.xsd"),
            ("oai_dc/", "oai_dc.xsd"),
            ("oai-identifier", "oai-identifier.xsd"),
        )
    )
    xsd = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(xsd))


@dataclass
class Shelf:
    """Records in memory. Its notice is a title."""

    records: dict[str, Record[str]] = field(default_factory=dict)
    named_sets: list[tuple[str, str]] = field(default_factory=list)
    name: str = "Catalogue d'essai"
    base_url: str = "https://traam.example.org/oai"
    admin_email: str = "catalogue@traam.example.org"
    earliest: datetime = START
    counted: bool = True

    def sets(self) -> list[tuple[str, str]]:
        return self.named_sets

    def record(self, identifier: str) -> Record[str] | None:
        return self.records.get(identifier)

    def page(
        self,
        *,
        after: tuple[datetime, int] | None,
        from_: datetime | None,
        until: datetime | None,
        set_spec: str | None,
        size: int,
    ) -> Page[str]:
        chosen = [
            record
            for record in sorted(self.records.values(), key=lambda record: record.key)
            if (from_ is None or record.datestamp >= from_)
            and (until is None or record.datestamp <= until)
            and (set_spec is None or any(f"{own}:".startswith(f"{set_spec}:") for own in record.sets))
        ]
        rest = [record for record in chosen if after is None or record.key > after]
        return Page(rest[:size], len(chosen) if self.counted and after is None else None)

    def put(self, record: Record[str]) -> None:
        self.records[record.identifier] = record

    def touch(self, identifier: str, at: datetime) -> None:
        self.put(replace(self.records[identifier], datestamp=at))

    def delete(self, identifier: str, at: datetime) -> None:
        self.put(replace(self.records[identifier], datestamp=at, deleted=True, notice=None))


def identifier(number: int) -> str:
    return f"oai:traam.example.org:scenario/{number:05}"


def shelf(size: int) -> Shelf:
    """`size` records, three a minute from START; every tenth deleted; themes ia and jeu in turn."""
    made = Shelf(named_sets=[("theme", "Thèmes"), ("theme:ia", "Intelligence artificielle"), ("theme:jeu", "Jeu")])
    for number in range(size):
        gone = number % 10 == 9
        made.put(
            Record(
                identifier=identifier(number),
                pk=number,
                datestamp=START + timedelta(minutes=number // 3),  # three records share each datestamp
                sets=("theme:jeu" if number % 2 else "theme:ia",),
                deleted=gone,
                notice=None if gone else f"Scénario n° {number}",
            )
        )
    return made


def write_title(title: str) -> etree._Element:
    root = etree.Element(f"{{{OAI_DC}}}dc")
    etree.SubElement(root, f"{{{DC}}}title").text = title
    return root


FORMAT = Format("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC, write_title)


def provider(repository: Shelf, page_size: int = 10, secret: bytes = SECRET) -> Provider[str]:
    return Provider(repository, {"oai_dc": FORMAT}, secret, page_size)


def checked(answer: bytes) -> etree._Element:
    """The root of a well-formed answer, valid too when the schemas are there to tell."""
    root = etree.fromstring(answer)
    schema = schemas()
    if schema is not None:
        schema.assertValid(root)
    return root


def pairs(query: str) -> list[tuple[str, str]]:
    """`verb=Identify a=b` as arguments: spaces separate, nothing is decoded."""
    return [(name, value) for name, _, value in (part.partition("=") for part in query.split())]


def ask(asked: Provider[str], query: str | Iterable[tuple[str, str]], now: datetime = NOW) -> etree._Element:
    return checked(asked.answer(pairs(query) if isinstance(query, str) else list(query), now=now))


def codes(root: etree._Element) -> set[str | None]:
    return {error.get("code") for error in root.findall(f"{OAI}error")}


def echoed(root: etree._Element) -> dict[str, str]:
    """The arguments the answer says it was asked."""
    return {str(name): str(value) for name, value in part(root, "request").attrib.items()}


def headers(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{OAI}header"))


def identifiers(root: etree._Element) -> list[str]:
    return [header.findtext(f"{OAI}identifier") or "" for header in headers(root)]


def part(root: etree._Element, name: str) -> etree._Element:
    """The first element of that name of the protocol: it must be there."""
    return next(root.iter(f"{OAI}{name}"))


def token(root: etree._Element) -> str:
    """The token of the next page, "" when there is none."""
    return root.findtext(f".//{OAI}resumptionToken") or ""


def harvest(asked: Provider[str], query: str) -> Iterator[etree._Element]:
    """Every page of a list, as a harvester follows it."""
    root = ask(asked, query)
    verb = dict(pairs(query))["verb"]
    while True:
        assert not codes(root), etree.tostring(root)
        yield root
        following = token(root)
        if not following:
            return
        root = ask(asked, [("verb", verb), ("resumptionToken", following)])
