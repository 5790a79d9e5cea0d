"""Service fait: its periods, what is planned, what is attested, what is sent to the payment service."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.engines import ledger
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import states
from traam.programme.groups.actions.envelopes import keep_within
from traam.programme.groups.models import Evidence, Group, Member, ServiceLine, ServicePeriod, Share
from traam.programme.groups.policies import service as policies
from traam.programme.groups.policies.service import AcademyService
from traam.programme.groups.queries import service as queries
from traam.programme.groups.queries.composition import group as find_group
from traam.programme.groups.queries.envelopes import taken
from traam.programme.journal.actions import record
from traam.programme.letters.actions import settle, tell
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_academy

MOST = 100_000  # hundredths: a thousand hours for one person over one period is a slip of the keyboard
LONGEST_STATEMENT, SHORTEST_STATEMENT = 200, 20
LONGEST_REMARK = 150
Found = Mapping[str, Mapping[int, Sequence[str]]]
"""What was found for each person, by kind of evidence then number of person."""


@dataclass(frozen=True)
class PeriodValues:
    """What the national team says of a period. `rate_cents`: what a unit is worth, None when nobody said."""

    label: str
    since: date
    until: date
    unit: str
    rate_cents: int | None = None


@dataclass(frozen=True)
class Done:
    """What a member did over a period, in hundredths of the unit."""

    quantity: int
    remark: str = ""


@transaction.atomic
def set_periods(
    campaign: Campaign, wanted: Sequence[PeriodValues], *, actor: Person, at: datetime
) -> list[ServicePeriod]:
    """Write the periods of a campaign, in order. One where something was attested does not change any more."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_set_periods(actor, campaign, at).require()
    _check_periods(campaign, wanted)
    known = {period.number: period for period in queries.periods(campaign)}
    frozen = set(Share.objects.filter(period__campaign=campaign).exclude(state="planned").values_list("period__number"))
    for number, values in enumerate(wanted, start=1):
        _set_period(campaign, number, values, known.get(number), (number,) in frozen)
    data = {
        str(number): {**vars(values), "since": values.since.isoformat(), "until": values.until.isoformat()}
        for number, values in enumerate(wanted, start=1)
    }
    record("set_service_periods", campaign, actor=actor, at=at, data=data)
    return queries.periods(campaign)


def _set_period(
    campaign: Campaign, number: int, values: PeriodValues, known: ServicePeriod | None, frozen: bool
) -> None:
    period = known or ServicePeriod(campaign=campaign, number=number)
    now = PeriodValues(period.label, period.since, period.until, period.unit, period.rate_cents) if known else None
    if now == values:
        return
    if frozen and now and replace(now, label=values.label) != values:
        raise Invalid(
            {f"until_{number}": ["Des services de cette période sont attestés : seul son nom peut encore changer."]}
        )
    for name, value in vars(values).items():
        setattr(period, name, value)
    period.save()


def _check_periods(campaign: Campaign, wanted: Sequence[PeriodValues]) -> None:
    errors: dict[str, list[str]] = {}
    before: date | None = None
    for number, values in enumerate(wanted, start=1):
        if not values.label.strip():
            errors[f"label_{number}"] = ["Donnez un nom à la période : il est sur les pages et dans le fichier."]
        if values.unit not in ServicePeriod.Unit.values:
            errors[f"unit_{number}"] = ["Choisissez l'unité : heures ou parts d'IMP."]
        if values.until < values.since:
            errors[f"until_{number}"] = ["La période finit avant de commencer : vérifiez les deux dates."]
        elif before and values.since <= before:
            errors[f"since_{number}"] = [f"La période d'avant va jusqu'au {before:%d/%m/%Y} : commencez après."]
        elif not campaign.first_year <= values.since.year <= values.until.year <= campaign.first_year + 3:
            errors[f"since_{number}"] = [f"Ces dates sont hors de la campagne {campaign.years} : vérifiez l'année."]
        before = values.until
    if errors:
        raise Invalid(errors)


def _locked(group: Group, period: ServicePeriod) -> tuple[Group, dict[int, Share]]:
    """The group as it is, and its shares of the period by member, that nobody else changes meanwhile."""
    Group.objects.select_for_update().get(pk=group.pk)
    rows = Share.objects.select_for_update().filter(member__group=group, period=period).order_by("pk")
    group = find_group(group.pk)
    shares = {one.member_id: one for one in rows}
    for share in shares.values():
        share.period = period
    for member in group.members.all():
        if member.pk in shares:
            shares[member.pk].member = member
    return group, shares


@transaction.atomic
def plan(
    group: Group, period: ServicePeriod, quantities: Mapping[int, int], *, actor: Person, at: datetime
) -> list[Share]:
    """Say what is planned for the members over a period, in hundredths of the unit, by number of member."""
    # Whoever plans in another group of the academy waits: together, they must stay within a strict envelope.
    period = ServicePeriod.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=period.pk)
    before = taken(period, group.academy) if period.strict else None
    group, shares = _locked(group, period)
    members = {member.pk: member for member in queries.payable(group, period)}
    changed = []
    for pk, quantity in quantities.items():
        member = members.get(pk) or (shares[pk].member if pk in shares else None)
        if member is None:
            raise Invalid("Cette personne n'est pas payée par ce groupe sur cette période.")
        share = shares.get(pk) or Share(period=period, member=member)
        if share.planned == quantity:
            continue
        policies.may_move("plan", actor, share, group, at).require()
        _check_quantity(f"planned_{pk}", member, quantity)
        changed.append((share, share.planned))
        share.planned = quantity
        share.save()
    if before is not None:
        keep_within(period, group.academy, before)
    for share, known in changed:
        data = {"period": period.number, "member": share.member_id, "before": known, "planned": share.planned}
        record("plan_service", share, actor=actor, at=at, data=data)
    return [share for share, _ in changed]


def _check_quantity(name: str, member: Member, quantity: int) -> None:
    if not 0 <= quantity <= MOST:
        raise Invalid({name: [f"La quantité de {member.person.name} va de 0 à {MOST // 100} : vérifiez la saisie."]})


@transaction.atomic
def attest(
    group: Group,
    period: ServicePeriod,
    done: Mapping[int, Done],
    statement: str = "",
    *,
    deliverables: Mapping[int, Sequence[str]],
    actor: Person,
    at: datetime,
) -> list[Share]:
    """Attest what members did over a period, by number of member; what it rests on is kept with it.

    `deliverables` says what each person (by number) handed over in the period: a later step knows it. Without an
    attendance nor a production, the inspector writes what she saw.
    """
    group, shares = _locked(group, period)
    attended = queries.attended(group, period)
    found: Found = {Evidence.Kind.ATTENDANCE: attended, Evidence.Kind.PRODUCTION: deliverables}
    for pk in done:
        share = shares.get(pk)
        if share is None:
            raise Invalid("Rien n'est prévu pour cette personne : prévoyez son service avant de l'attester.")
        policies.may_move("attest", actor, share, group, at).require()
    if at.date() < period.since:
        raise Invalid(f"La période commence le {period.since:%d/%m/%Y} : le service s'atteste quand il est fait.")
    _check_done(shares, done, statement, found)
    for pk, each in done.items():
        _attest(shares[pk], each, statement.strip(), found, actor, at)
    _tell_who_sends(group, period, at)
    return [shares[pk] for pk in done]


def _tell_who_sends(group: Group, period: ServicePeriod, at: datetime) -> None:
    """Once a day, in the digest of the DAN: something waits to be sent."""
    academy = reference.academies()[group.academy]
    address = f"/academie/{academy.slug}/campagnes/{period.campaign_id}/service-fait"
    text = f"Du service est attesté, académie {academy.of_name} ({period.label}) : il attend d'être envoyé à la paye."
    for dan in by_academy(Role.DAN, at).get(group.academy, []):
        key = f"{_waits(period, group.academy)}:{at.date().isoformat()}:{dan.pk}"
        tell(key, to=dan, text=text, label="Envoyer le service fait", address=address, at=at)


def _waits(period: ServicePeriod, academy: str) -> str:
    return f"service:{period.pk}:{academy}"


def _check_done(
    shares: Mapping[int, Share],
    done: Mapping[int, Done],
    statement: str,
    found: Found,
) -> None:
    errors: dict[str, list[str]] = {}
    if len(statement.strip()) > LONGEST_STATEMENT:
        errors["statement"] = [f"Votre attestation compte plus de {LONGEST_STATEMENT} caractères : résumez-la."]
    bare = []
    for pk, each in done.items():
        member = shares[pk].member
        _check_quantity(f"done_{pk}", member, each.quantity)
        if each.quantity > shares[pk].planned and not each.remark.strip():
            errors[f"remark_{pk}"] = [f"Le fait de {member.person.name} dépasse le prévu : dites pourquoi."]
        if len(each.remark.strip()) > LONGEST_REMARK:
            errors[f"remark_{pk}"] = [f"L'observation compte plus de {LONGEST_REMARK} caractères : résumez-la."]
        if each.quantity and not any(seen.get(member.person_id) for seen in found.values()):
            bare.append(member.person.name)
    if bare and len(statement.strip()) < SHORTEST_STATEMENT:
        errors["statement"] = [
            f"Ni présence ni production n'est notée dans la période pour {', '.join(bare)} : écrivez ce que vous avez "
            f"constaté ({SHORTEST_STATEMENT} caractères au moins), ou notez d'abord les présences."
        ]
    if errors:
        raise Invalid(errors)


def _attest(
    share: Share,
    done: Done,
    statement: str,
    found: Found,
    actor: Person,
    at: datetime,
) -> None:
    share.done, share.remark = done.quantity, done.remark.strip()
    _stand("attest", share, actor, at)
    for kind, by_person in found.items():
        for said in by_person.get(share.member.person_id, ()):
            _keep(share, kind, said)
    said = f"Attesté le {localtime(at):%d/%m/%Y} : {_told(share, share.done)}. {statement}"
    _keep(share, Evidence.Kind.STATEMENT, said.strip())
    record("attest", share, actor=actor, at=at, data={"planned": share.planned, "done": share.done})


def _stand(verb: str, share: Share, actor: Person, at: datetime) -> None:
    share.state = states.SHARE.move(verb).target
    share.attested_by, share.attested_at = actor, at
    share.save()


def _told(share: Share, quantity: int | None) -> str:
    return f"{ledger.decimal(quantity or 0)} ({share.period.get_unit_display().lower()})"


def _keep(share: Share, kind: str, said: str) -> None:
    said = said[: queries.LONGEST_SAID]
    Evidence.objects.create(share=share, kind=kind, said=said, digest=ledger.fingerprint(kind, said))


def correct(share: Share, quantity: int, reason: str, *, actor: Person, at: datetime) -> Share:
    """Change what was attested and is not sent yet; why is kept with what it rests on."""
    return _change("correct", share, quantity, reason, actor=actor, at=at)


def compensate(share: Share, quantity: int, reason: str, *, actor: Person, at: datetime) -> Share:
    """Say what should have been sent: the line sent stays, the next sending makes one for the difference."""
    return _change("compensate", share, quantity, reason, actor=actor, at=at)


@transaction.atomic
def _change(verb: str, share: Share, quantity: int, reason: str, *, actor: Person, at: datetime) -> Share:
    group, shares = _locked(share.member.group, share.period)
    share = shares[share.member_id]
    policies.may_move(verb, actor, share, group, at).require()
    _check_quantity("quantity", share.member, quantity)
    errors: dict[str, list[str]] = {}
    if quantity == share.done:
        errors["quantity"] = [f"C'est déjà ce qui est attesté : {_told(share, quantity)}."]
    if not reason.strip() or len(reason.strip()) > LONGEST_REMARK:
        errors["reason"] = [f"Dites pourquoi, en {LONGEST_REMARK} caractères au plus : le motif reste avec le service."]
    if errors:
        raise Invalid(errors)
    before, share.done = share.done, quantity
    share.remark = reason.strip()
    _stand(verb, share, actor, at)
    said = f"Corrigé le {localtime(at):%d/%m/%Y} de {_told(share, before)} à {_told(share, quantity)}. {reason.strip()}"
    _keep(share, Evidence.Kind.STATEMENT, said)
    data = {"before": before, "done": quantity}
    record(verb, share, actor=actor, at=at, reason=reason, data=data)
    _tell_who_sends(group, share.period, at)
    return share


@transaction.atomic
def send(
    period: ServicePeriod,
    academy: AcademyService,
    *,
    only: Collection[int] = (),
    stamp: str = "",
    actor: Person,
    at: datetime,
) -> list[ServiceLine]:
    """Send what is attested in an academy over a period (or these shares of it) to its payment service.

    `stamp` is what the page showed (`queries.stamp`): refused when something changed since.
    """
    campaign = Campaign.objects.select_for_update().get(pk=period.campaign_id)
    policies.may_send(actor, academy, at).require()
    wanted = Share.objects.filter(period=period, member__group__application__academy=academy.academy.code)
    wanted = wanted.filter(pk__in=only) if only else wanted.filter(state="attested")
    # Locked in the order of their numbers, as those who plan and attest do.
    pks = [one.pk for one in wanted.select_for_update(of=("self",)).order_by("pk")]
    shares = queries.shares(pks)
    for share in shares:
        policies.may_move("send", actor, share, share.member.group, at).require()
    if not shares:
        raise Invalid("Rien n'est attesté et à envoyer pour cette période.")
    if stamp and stamp != queries.stamp(shares):
        raise Invalid("Une attestation a changé depuis l'affichage de la page : relisez les totaux, puis envoyez.")
    lines = _lines(campaign, academy, shares, actor, at)
    Share.objects.filter(pk__in=pks).update(state=states.SHARE.move("send").target)
    data = {"academy": academy.academy.code, "period": period.number, "lines": [line.number for line in lines]}
    settle(_waits(period, academy.academy.code), at=at)
    record("send_service", campaign, actor=actor, at=at, data=data)
    return lines


def _lines(
    campaign: Campaign, academy: AcademyService, shares: Sequence[Share], actor: Person, at: datetime
) -> list[ServiceLine]:
    """A line for each share whose quantity is not what was already sent, chained to the last of the campaign."""
    number, previous = queries.head(campaign)
    rank, _ = queries.head(campaign, academy.academy.code)
    concerned = [share for share in shares if not _is_sent(share)]
    contents = [
        _content(campaign, share, at) | {"number": number + place, "rank": rank + place}
        for place, share in enumerate(concerned, start=1)
    ]
    lines = [
        ServiceLine(
            campaign=campaign,
            number=number + place,
            share=share,
            group=share.member.group,
            payload=sealed.payload,
            digest=sealed.digest,
            sent_by=actor,
            sent_at=at,
        )
        for place, (share, sealed) in enumerate(zip(concerned, ledger.seal(contents, previous), strict=True), start=1)
    ]
    return list(ServiceLine.objects.bulk_create(lines))


def _is_sent(share: Share) -> bool:
    """Whether what was sent is already what is attested: corrected, then corrected back."""
    return bool(share.lines.all()) and queries.sent_of(share)[0] == share.done


def _content(campaign: Campaign, share: Share, at: datetime) -> dict[str, object]:
    """What is sealed of a share: copied words and whole numbers, what it rests on, nothing to look up later."""
    member, period = share.member, share.period
    evidence = sorted(f"{one.kind}:{one.digest}" for one in share.evidence.all())
    if not evidence or share.done is None or share.attested_by is None or share.attested_at is None:
        raise Invalid(f"Le service de {member.person.name} ne repose sur aucune pièce : faites-le attester.")
    leaving = queries.to_be_sent(share)
    numbers = [json.loads(line.payload)["number"] for line in share.lines.all()]
    return {
        "campaign": campaign.title,
        "academy": member.group.academy_name,
        "project": str(member.group.application.title),
        "theme": member.group.application.theme.title,
        "name": member.person.name,
        "school": member.school,
        "corps": member.corps,
        "role": member.get_role_display(),
        "period": period.number,
        "period_label": period.label,
        "unit": period.get_unit_display(),
        "planned": share.planned,
        "done": leaving.quantity,
        "rate_cents": period.rate_cents,
        "amount_cents": leaving.cents,
        "attested_on": f"{localtime(share.attested_at):%d/%m/%Y}",
        "inspector": share.attested_by.name,
        "state": f"rectifie la ligne {numbers[-1]}" if numbers else "envoyée",
        "remark": share.remark,
        "share": share.pk,
        "evidence": evidence,
        "sent_at": localtime(at).isoformat(timespec="seconds"),
    }
