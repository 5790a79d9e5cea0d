"""Who sets the periods, plans, attests, sends and reads service fait."""

from dataclasses import dataclass
from datetime import datetime

from traam import reference
from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.campaigns.models import Campaign
from traam.programme.campaigns.policies import may_steer
from traam.programme.groups import states
from traam.programme.groups.models import Group, ServicePeriod, Share
from traam.programme.groups.policies.composition import standing
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles, standing_in_academy


@dataclass(frozen=True)
class AcademyService:
    """The service fait of one academy in one campaign, over one period when it is given: the object of its pages."""

    campaign: Campaign
    academy: reference.Academy
    period: ServicePeriod | None = None


def may_set_periods(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    return may_steer(person, campaign, at) and allow_if(
        campaign.state != "archived", "La campagne est archivée : ses périodes de service ne changent plus."
    )


def may_set_envelopes(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    return may_steer(person, campaign, at) and allow_if(
        campaign.state != "archived", "La campagne est archivée : ses enveloppes ne changent plus."
    )


def may_see(person: Person, group: Group, at: datetime) -> Verdict:
    """Open the service fait of a group: a member sees hers only (`sees_all`)."""
    return allow_if(
        standing(person, group, at) & {"member", "referent", "inspector", "dan", "national"},
        "Le service fait d'un groupe est lu par ses membres, son inspecteur, le DAN de l'académie et le bureau "
        "national.",
    )


def sees_all(person: Person, group: Group, at: datetime) -> bool:
    """Whether she sees what is planned for every member, or only for herself."""
    return bool(standing(person, group, at) & {"referent", "inspector", "dan", "national"})


def may_attest_group(person: Person, group: Group, at: datetime) -> Verdict:
    """Come to the pages where service is planned and attested."""
    return allow_if(
        "inspector" in standing(person, group, at),
        "Le service est prévu et attesté par l'inspecteur qui pilote le groupe, ou par un inspecteur de son académie.",
    )


def may_move(verb: str, person: Person, share: Share, group: Group, at: datetime) -> Verdict:
    """Whether this verb may be done on the share of a member of this group."""
    verdict = states.SHARE.check(verb, share.state, standing(person, group, at))
    if not verdict or verb == "send":
        return verdict
    return allow_if(
        share.member.person_id != person.pk, "On n'atteste pas son propre service : demandez à un collègue."
    )


def may_change(person: Person, share: Share, at: datetime) -> Verdict:
    """Correct what was attested, before or after it was sent."""
    verb = "compensate" if share.state == "sent" else "correct"
    return may_move(verb, person, share, share.member.group, at)


def may_send(person: Person, service: AcademyService, at: datetime) -> Verdict:
    """Send what is attested in an academy to its payment service."""
    return states.SHARE.check("send", "attested", standing_in_academy(person, service.academy.code, at))


def may_follow(person: Person, service: AcademyService, at: datetime) -> Verdict:
    """See the service fait of an academy."""
    return allow_if(
        standing_in_academy(person, service.academy.code, at) & {Role.DAN, Role.INSPECTOR, Role.NATIONAL},
        "Le service fait d'une académie est suivi par son DAN, ses inspecteurs et le bureau national.",
    )


def may_export(person: Person, service: AcademyService, at: datetime) -> Verdict:
    return allow_if(
        standing_in_academy(person, service.academy.code, at) & {Role.DAN, Role.NATIONAL},
        "Le fichier de paye d'une académie est pris par son DAN ou par le bureau national.",
    )


def may_verify(person: Person, at: datetime) -> Verdict:
    """Take the script that proves a file of service fait."""
    if roles(person, at) & {Role.DAN, Role.INSPECTOR, Role.NATIONAL}:
        return ALLOWED
    return refuse("Ce programme est pour qui reçoit ou suit le service fait : DAN, inspecteurs et bureau national.")
