from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.subscriptions.models import Delivery, Newsletter, Post, Sending
from traam.programme.subscriptions.states import SENDING


def may_manage(person: Person, at: datetime) -> Verdict:
    """Say which letters exist, and send them."""
    return allow_if(
        Role.NATIONAL in roles(person, at), "Les lettres et leurs envois sont conduits par le bureau national."
    )


def may_edit(person: Person, newsletter: Newsletter, at: datetime) -> Verdict:
    return may_manage(person, at)


def may_follow(person: Person, sending: Sending, at: datetime) -> Verdict:
    return allow_if(
        roles(person, at) & {Role.NATIONAL, Role.EXPERT},
        "L'envoi d'une lettre est suivi par le bureau national et les experts numériques.",
    )


def _check(verb: str, person: Person, sending: Sending, at: datetime) -> Verdict:
    return SENDING.check(verb, sending.state, roles(person, at) & {"national"})


def may_pause(person: Person, sending: Sending, at: datetime) -> Verdict:
    return _check("pause", person, sending, at)


def may_resume(person: Person, sending: Sending, at: datetime) -> Verdict:
    return _check("resume", person, sending, at)


def may_retry(person: Person, sending: Sending, at: datetime) -> Verdict:
    return _check("retry", person, sending, at)


def may_settle(person: Person, delivery: Delivery, at: datetime) -> Verdict:
    """Say what became of a message of which nobody knows whether it left."""
    return may_manage(person, at) and allow_if(
        delivery.state == Post.UNSURE, "Ce message est parti, ou va partir : il n'y a rien à décider pour lui."
    )
