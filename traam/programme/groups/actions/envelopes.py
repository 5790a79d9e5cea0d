"""The envelopes of service fait: how much each academy may share out among its groups over a period."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines import ledger
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Envelope, ServicePeriod
from traam.programme.groups.policies import service as policies
from traam.programme.groups.queries.envelopes import Allotment, Taken, allotments, taken
from traam.programme.groups.queries.service import periods as periods_of
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

MOST = 10_000_000  # hundredths: a hundred thousand hours for one academy is a slip of the keyboard


@transaction.atomic
def set_envelopes(
    campaign: Campaign, wanted: Mapping[int, Allotment], *, strict: bool, actor: Person, at: datetime
) -> dict[int, Allotment]:
    """Write the envelopes of each period, by its number: all of them, those that are not there are taken away.

    `strict`: what is planned beyond an envelope is refused, not only told.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_set_envelopes(actor, campaign, at).require()
    periods = {period.number: period for period in periods_of(campaign)}
    _check(periods, wanted)
    before = allotments(campaign)
    changed = any(period.strict != strict for period in periods.values())
    if not changed and before == {number: one for number, one in wanted.items() if one != Allotment()}:
        return before
    Envelope.objects.filter(period__in=periods.values()).delete()
    Envelope.objects.bulk_create(
        Envelope(period=periods[number], academy=academy, quantity=quantity)
        for number, one in wanted.items()
        for academy, quantity in _rows(one).items()
    )
    ServicePeriod.objects.filter(campaign=campaign).update(strict=strict)
    data = {"before": _said(before), "after": _said(wanted), "strict": strict}
    record("set_envelopes", campaign, actor=actor, at=at, data=data)
    return allotments(campaign)


def _rows(one: Allotment) -> dict[str, int]:
    return one.own if one.default is None else {"": one.default, **one.own}


def _said(given: Mapping[int, Allotment]) -> dict[str, dict[str, int]]:
    """As the journal keeps it: by number of period, then academy, "" for all."""
    return {str(number): _rows(one) for number, one in given.items()}


def _check(periods: Mapping[int, ServicePeriod], wanted: Mapping[int, Allotment]) -> None:
    if not periods:
        raise Invalid("Fixez d'abord les périodes de service : une enveloppe est celle d'une période.")
    errors: dict[str, list[str]] = {}
    for number, one in wanted.items():
        if number not in periods or not set(one.own) <= set(reference.academies()):
            raise Invalid("Cette période ou cette académie n'existe pas : relisez la page, puis recommencez.")
        for academy, quantity in _rows(one).items():
            if not 0 <= quantity <= MOST:
                most = f"{MOST // 100:,}".replace(",", " ")
                name = f"own_{academy}_{number}" if academy else f"default_{number}"
                errors[name] = [f"Une enveloppe va de 0 à {most} : vérifiez la saisie."]
    if errors:
        raise Invalid(errors)


def keep_within(period: ServicePeriod, academy: str, before: Taken) -> None:
    """Raises `Invalid` when the groups of an academy take more of a strict envelope than they did `before`."""
    now = taken(period, academy)
    if now.over and now.quantity > before.quantity:
        unit = period.get_unit_display().lower()
        raise Invalid(
            f"L'enveloppe de l'académie serait dépassée de {ledger.decimal(now.over)} ({unit}) : elle est de "
            f"{ledger.decimal(now.envelope or 0)}, et le bureau national n'admet pas de la dépasser. Réduisez ce qui "
            "est prévu, ici ou dans un autre groupe de l'académie."
        )
