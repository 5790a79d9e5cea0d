from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.subscriptions.models import Newsletter
from traam.programme.valorisation.issues.models import Block, Issue
from traam.programme.valorisation.issues.states import ISSUE

COMPOSERS = frozenset({Role.NATIONAL, Role.EXPERT})


def may_compose(person: Person, at: datetime) -> Verdict:
    """Read the issues in preparation, and begin one."""
    return allow_if(
        roles(person, at) & COMPOSERS, "Les lettres sont composées par le bureau national et les experts numériques."
    )


def may_announce(person: Person, thing: object, at: datetime) -> Verdict:
    """Have the words and the card to make known what everybody may read."""
    return may_compose(person, at)


def may_begin(person: Person, newsletter: Newsletter, at: datetime) -> Verdict:
    return may_compose(person, at)


def may_see(person: Person, issue: Issue, at: datetime) -> Verdict:
    return may_compose(person, at)


def may_edit(person: Person, issue: Issue, at: datetime) -> Verdict:
    verdict = may_compose(person, at)
    if verdict and issue.state == "ready":
        return refuse("Ce numéro est prêt : reprenez sa préparation pour le modifier.")
    return verdict and allow_if(issue.state == "draft", "Ce numéro est parti : il ne change plus.")


def may_add(person: Person, found: tuple[Issue, str], at: datetime) -> Verdict:
    """Add a thing of this kind to this issue."""
    return may_edit(person, found[0], at)


def may_edit_block(person: Person, block: Block, at: datetime) -> Verdict:
    return may_edit(person, block.issue, at)


def may_move(verb: str, person: Person, issue: Issue, at: datetime) -> Verdict:
    return ISSUE.check(verb, issue.state, roles(person, at))


def may_make_ready(person: Person, issue: Issue, at: datetime) -> Verdict:
    return may_move("make_ready", person, issue, at)


def may_reopen(person: Person, issue: Issue, at: datetime) -> Verdict:
    return may_move("reopen", person, issue, at)


def may_launch(person: Person, issue: Issue, at: datetime) -> Verdict:
    return may_move("launch", person, issue, at)


def may_try(person: Person, issue: Issue, at: datetime) -> Verdict:
    """Receive it alone, to see it in one's mailbox."""
    return may_compose(person, at) and allow_if(issue.state != "launched", "Ce numéro est parti : chacun l'a reçu.")
