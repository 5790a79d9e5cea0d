"""The research groups that a theme is linked with: written by who leads it, shown to its groups and, later, to all."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.campaigns import policies
from traam.programme.campaigns.models import ResearchLink, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

LONGEST = {"name": 150, "laboratory": 200, "address": 300, "brings": 1000}
_web = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class ResearchValues:
    """What is typed of a research group; lengths at most those of `LONGEST`."""

    name: str
    laboratory: str
    address: str
    brings: str


def _trimmed(values: ResearchValues) -> ResearchValues:
    return ResearchValues(*(getattr(values, name).strip() for name in LONGEST))


def _check(theme: Theme, values: ResearchValues) -> None:
    errors: dict[str, list[str]] = {}
    asked = {
        "name": "Nommez le groupe de recherche, par exemple : GTnum #Traces.",
        "laboratory": "Dites quel laboratoire ou quelle équipe le porte.",
        "brings": "Dites en quelques lignes ce que ses travaux apportent au thème.",
    }
    for name, most in LONGEST.items():
        value = getattr(values, name)
        if name in asked and not value:
            errors[name] = [asked[name]]
        elif len(value) > most:
            errors[name] = [f"{len(value)} caractères, {most} au plus : raccourcissez."]
    try:
        _web(values.address)
    except ValidationError:
        errors["address"] = ["Écrivez l'adresse entière de sa page, qui commence par https://."]
    if theme.research.filter(name__iexact=values.name).exists():
        errors["name"] = ["Ce groupe de recherche est déjà relié à ce thème."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def link_research(theme: Theme, values: ResearchValues, *, actor: Person, at: datetime) -> ResearchLink:
    """Link a theme with a research group. Public once the call is: `catalogue.actions.link_research`."""
    theme = Theme.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=theme.pk)
    policies.may_link_research(actor, theme, at).require()
    values = _trimmed(values)
    _check(theme, values)
    link = ResearchLink.objects.create(theme=theme, linked_at=at, **{name: getattr(values, name) for name in LONGEST})
    record("link_research", theme, actor=actor, at=at, data={"link": link.pk, "name": link.name})
    return link


@transaction.atomic
def unlink_research(link: ResearchLink, *, actor: Person, at: datetime) -> None:
    """Take a link away: the journal keeps that it was."""
    theme = Theme.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=link.theme_id)
    policies.may_link_research(actor, theme, at).require()
    record("unlink_research", theme, actor=actor, at=at, data={"link": link.pk, "name": link.name})
    link.delete()
