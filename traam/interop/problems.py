"""What went wrong, for a program and for whoever reads its log: RFC 9457, in French."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

MEDIA = "application/problem+json"
TITLES = {
    "parametre": (400, "Un paramètre ne convient pas"),
    "introuvable": (404, "Rien à cette adresse"),
    "methode": (405, "Cette interface se lit seulement"),
    "retire": (410, "Cette ressource a été retirée"),
    "trop": (429, "Trop de demandes"),
}
"""For each kind: its status and its title. The kind is also the anchor that explains it on the page of the API."""


@dataclass
class Problem(Exception):
    """Answers with its status. `errors` are pairs (parameter, sentence); `more` are members of our own."""

    kind: str
    detail: str
    errors: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return TITLES[self.kind][0]

    def body(self, instance: str) -> dict[str, Any]:
        told: dict[str, Any] = {
            "type": f"{settings.SITE_ADDRESS}/api/#{self.kind}",
            "title": TITLES[self.kind][1],
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.more,
        }
        if self.errors:
            told["errors"] = [{"parameter": name, "detail": sentence} for name, sentence in self.errors]
        return told
