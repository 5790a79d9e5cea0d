"""What the référent signs: the sheet, and the version of the scenario it is about."""

import json
from hashlib import sha256
from typing import Any

from traam.programme.productions.queries import last_version
from traam.programme.publication.models import Resource, RightsSheet

OF_THE_SHEET = ("pupils", "authorisations", "way", "address", "dated")
OF_A_RESOURCE = (
    "kind",
    "name",
    "address",
    "holder",
    "licence",
    "authorisation",
    "terms_read_on",
    "terms_address",
    "account",
    "data_place",
    "framework",
)


def signed_digest(sheet: RightsSheet) -> str:
    """The digest of all that a signature is about. One query."""
    version = last_version(sheet.scenario)
    signed = {
        "scenario": sheet.scenario.pk,
        "version": sheet.scenario.version,
        "content": version.content if version else None,
        "sheet": {name: _plain(getattr(sheet, name)) for name in OF_THE_SHEET},
        "resources": [said(one) for one in sorted(sheet.resources.all(), key=lambda one: one.pk)],
    }
    return sha256(json.dumps(signed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_signed(sheet: RightsSheet) -> bool:
    """Whether what the sheet and the scenario say now is what was signed."""
    return bool(sheet.declared) and sheet.declared == signed_digest(sheet)


def said(resource: Resource) -> dict[str, Any]:
    """What a resource says, as plain JSON: what is signed, what the journal keeps, what tells two writers apart."""
    return {**{name: _plain(getattr(resource, name)) for name in OF_A_RESOURCE}, "piece": resource.piece_id}


def seal_of(resource: Resource) -> str:
    """A short word that changes when the resource does."""
    return sha256(json.dumps(said(resource), sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
