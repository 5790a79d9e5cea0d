from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.catalogue.models import Correspondence, Deposit
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles


def may_import(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Le bureau national importe les fichiers du catalogue.")


def may_see(person: Person, deposit: Deposit, at: datetime) -> Verdict:
    return may_import(person, at)


def may_accept(person: Person, deposit: Deposit, at: datetime) -> Verdict:
    done = "Ce fichier est déjà importé : déposez-le de nouveau s'il a changé."
    return may_import(person, at) and allow_if(deposit.done_at is None, done)


def may_forget(person: Person, correspondence: Correspondence, at: datetime) -> Verdict:
    return may_import(person, at)


def may_read(person: Person, correspondence: Correspondence, at: datetime) -> Verdict:
    return may_import(person, at)
