"""What a table holds (Table Schema) and where it is (DCAT-AP, as JSON-LD that needs nothing from elsewhere)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from traam.engines.datasets.columns import SEPARATOR, Column

_TYPES = {
    "text": "string",
    "texts": "string",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "moment": "datetime",
}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_FRENCH = "http://publications.europa.eu/resource/authority/language/FRA"
_EDUCATION = "http://publications.europa.eu/resource/authority/data-theme/EDUC"
_DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
_FRANCE = "http://publications.europa.eu/resource/authority/country/FRA"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
}


def table_schema(columns: Sequence[Column], *, key: str) -> dict[str, Any]:
    """https://specs.frictionlessdata.io/table-schema/, for the CSV."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": [_field(column) for column in columns],
        "primaryKey": key,
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    several = f" Plusieurs valeurs sont séparées par « {SEPARATOR.strip()} »." if column.kind == "texts" else ""
    told: dict[str, Any] = {
        "name": column.name,
        "title": column.title,
        "type": _TYPES[column.kind],
        "description": column.says + several,
    }
    return told | ({"constraints": {"required": True}} if column.required else {})


@dataclass(frozen=True)
class Distribution:
    """One file: `kind` is its code among the file types of the European Union, "" for those that have none."""

    title: str
    address: str
    media: str
    kind: str
    size: int
    digest: str  # SHA-256
    at: datetime


@dataclass(frozen=True)
class Dataset:
    """`page` is the page for people, `api` the address of the interface, `contact` an e-mail address."""

    identifier: str
    title: str
    says: str
    keywords: Sequence[str]
    page: str
    api: str
    openapi: str
    publisher: str
    contact: str
    schema: str
    files: Sequence[Distribution]


def dcat(*every: Dataset, title: str) -> dict[str, Any]:
    """A catalogue of one dataset or several, with the service that gives them all, in one graph.

    `page`, `api` and who answers for the datasets are those of the first.
    """
    first = every[0]
    publisher = {"@id": f"{first.page}#editeur", "@type": "foaf:Agent", "foaf:name": _french(first.publisher)}
    contact = {
        "@id": f"{first.page}#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": first.publisher,
        "vcard:hasEmail": _is(f"mailto:{first.contact}"),
    }
    who = {"dct:publisher": publisher, "dcat:contactPoint": contact}
    service = {
        "@id": first.api,
        "@type": "dcat:DataService",
        "dct:title": _french(f"Interface REST : {title}"),
        "dcat:endpointURL": _typed(first.api, "http://www.w3.org/2000/01/rdf-schema#Resource"),
        "dcat:endpointDescription": _typed(first.openapi, "http://www.w3.org/2000/01/rdf-schema#Resource"),
        "dcat:servesDataset": [_is(one.identifier) for one in every],
        "dct:license": _typed(LICENCE, "dct:LicenseDocument"),
    }
    return {
        "@context": _CONTEXT,
        "@id": f"{first.page}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _french(title),
        "dct:description": _french(first.says),
        "dct:publisher": publisher,
        "dct:license": _typed(LICENCE, "dct:LicenseDocument"),
        "dct:language": _typed(_FRENCH, "dct:LinguisticSystem"),
        "dcat:dataset": [_dataset(one) | who for one in every],
        "dcat:service": service,
    }


def _dataset(told: Dataset) -> dict[str, Any]:
    changed = max((one.at for one in told.files), default=None)
    return {
        "@id": told.identifier,
        "@type": "dcat:Dataset",
        "dct:identifier": told.identifier,
        "dct:title": _french(told.title),
        "dct:description": _french(told.says),
        "dcat:keyword": [_french(word) for word in told.keywords],
        "dcat:theme": {
            "@id": _EDUCATION,
            "@type": "skos:Concept",
            "skos:prefLabel": _french("Éducation, culture et sport"),
        },
        "dcat:landingPage": _typed(told.page, "foaf:Document"),
        "dct:language": _typed(_FRENCH, "dct:LinguisticSystem"),
        "dct:accrualPeriodicity": _typed(_DAILY, "dct:Frequency"),
        "dct:spatial": _typed(_FRANCE, "dct:Location"),
        "dct:accessRights": _typed(_PUBLIC, "dct:RightsStatement"),
        "dct:conformsTo": _typed(told.schema, "dct:Standard"),
        "dcat:distribution": [_distribution(one) for one in told.files],
        **({"dct:modified": _moment(changed)} if changed else {}),
    }


def _distribution(one: Distribution) -> dict[str, Any]:
    kind = {"dct:format": _typed(_FILE_TYPES + one.kind, "dct:MediaTypeOrExtent")} if one.kind else {}
    return {
        "@id": one.address,
        "@type": "dcat:Distribution",
        "dct:title": _french(one.title),
        "dcat:accessURL": _typed(one.address, "http://www.w3.org/2000/01/rdf-schema#Resource"),
        "dcat:downloadURL": _typed(one.address, "http://www.w3.org/2000/01/rdf-schema#Resource"),
        "dcat:mediaType": _typed(f"http://www.iana.org/assignments/media-types/{one.media}", "dct:MediaType"),
        "dcat:byteSize": {"@value": str(one.size), "@type": "xsd:nonNegativeInteger"},
        "dct:modified": _moment(one.at),
        "dct:license": _typed(LICENCE, "dct:LicenseDocument"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _typed("http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "spdx:ChecksumAlgorithm"),
            "spdx:checksumValue": {"@value": one.digest, "@type": "xsd:hexBinary"},
        },
        **kind,
    }


def _is(address: str) -> dict[str, str]:
    return {"@id": address}


def _typed(address: str, kind: str) -> dict[str, str]:
    return {"@id": address, "@type": kind}


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _moment(at: datetime) -> dict[str, str]:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"}
