"""The network of the IAN: who relays which discipline, in which academy."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Relay
from traam.programme.people.queries import academy as find_academy


def _in_office() -> QuerySet[Relay]:
    return Relay.objects.filter(until=None).select_related("person")


def relays_of_academy(academy: str) -> list[Relay]:
    """Those in office, by discipline."""
    return sorted(_in_office().filter(academy=academy), key=lambda row: (row.discipline_label, row.person.name))


def relays_of_disciplines(disciplines: Collection[str]) -> list[Relay]:
    """Those in office for one of these disciplines, whose account is not closed, by academy."""
    rows = _in_office().filter(discipline__in=list(disciplines), person__is_active=True)
    return sorted(rows, key=lambda row: (row.academy_name, row.discipline_label, row.person.name))


def relays_of_theme(theme: Theme) -> list[Relay]:
    return relays_of_disciplines(theme.disciplines)


def relay(slug: str, pk: int) -> Relay:
    """An IAN of this academy."""
    try:
        return Relay.objects.select_related("person").get(pk=pk, academy=find_academy(slug).code)
    except Relay.DoesNotExist:
        raise Missing("Cet IAN n'est pas dans cette académie.") from None


@dataclass(frozen=True)
class RelayOfTheme:
    theme: Theme
    relay: Relay


def relay_for(theme: Theme, pk: int) -> RelayOfTheme:
    """An IAN in office for a discipline of the theme."""
    for row in relays_of_theme(theme):
        if row.pk == pk:
            return RelayOfTheme(theme, row)
    raise Missing("Cette personne n'est pas IAN d'une discipline du thème.")
