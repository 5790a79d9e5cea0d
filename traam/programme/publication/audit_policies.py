"""Who reads the audit of an address, contests what it says, and answers."""

from datetime import datetime, timedelta

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.groups.states import READERS
from traam.programme.people.models import Person
from traam.programme.people.policies import is_national, roles, standing_in_academy
from traam.programme.productions import queries as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.policies import standing as scenario_standing
from traam.programme.publication.addresses import SeenThere
from traam.programme.publication.models import Contest, Watched

REST = timedelta(minutes=10)
"""How long an address is left alone between two visits that people ask for."""

FOLLOWERS = frozenset({"national", "dan", "inspector", "expert", "general_inspector"})
HANDS = frozenset({"referent", "member", "inspector", "dan", "expert", "general_inspector", "national"})


def standing(person: Person, watched: Watched, at: datetime) -> frozenset[str]:
    """What the person is to what is read at this address: to its scenario, or to its academy."""
    if watched.scenario is not None:
        return scenario_standing(person, watched.scenario, at)
    return standing_in_academy(person, watched.academy, at) - {"teacher"}


def may_follow(person: Person, at: datetime) -> Verdict:
    """Open the list of the addresses that are visited."""
    return allow_if(
        roles(person, at) & FOLLOWERS or productions.reads_somewhere(person, at),
        "Cette page est celle des DAN, des inspecteurs, des experts et du bureau national. L'audit d'un scénario de "
        "votre groupe s'ouvre depuis sa page de publication.",
    )


def may_see(person: Person, watched: Watched, at: datetime) -> Verdict:
    return allow_if(
        standing(person, watched, at) & READERS,
        "L'audit d'une adresse est lu par le groupe qui l'a publiée, l'inspection et le DAN de son académie, et le "
        "groupe national.",
    )


def may_visit(person: Person, watched: Watched, at: datetime) -> Verdict:
    """Ask for another visit; not at once after the last one: the sites are not ours."""
    verdict = may_see(person, watched, at)
    if not verdict:
        return verdict
    if watched.claimed_until is not None and watched.claimed_until > at:
        return refuse("La visite est en cours.")
    if watched.stopped_at is None and watched.next_at <= at:
        return refuse("Une visite est déjà demandée : elle attend son tour.")
    if watched.stopped_at is not None and not watched.before_release:
        return refuse("Cette adresse n'est plus visitée : ce qu'on y lisait a été retiré.")
    return _rested(watched, at)


def _rested(watched: Watched, at: datetime) -> Verdict:
    last = watched.runs.order_by("-at").values_list("at", flat=True).first()
    if last is None or last + REST <= at:
        return ALLOWED
    minutes = max(1, round((last + REST - at).total_seconds() / 60))
    left = "une minute" if minutes == 1 else f"{minutes} minutes"
    return refuse(f"Cette adresse vient d'être visitée : redemandez-le dans {left}.")


def may_audit(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Ask for the audit of a scenario before it is published."""
    return allow_if(
        scenario_standing(person, scenario, at) & HANDS,
        "L'audit d'un scénario est demandé par son groupe, l'inspection ou le bureau national.",
    )


def may_contest(person: Person, watched: Watched, at: datetime) -> Verdict:
    return allow_if(
        standing(person, watched, at) & HANDS,
        "Un défaut est contesté par le groupe qui a publié la page, l'inspection ou le DAN de son académie.",
    )


def may_contest_seen(person: Person, seen: SeenThere, at: datetime) -> Verdict:
    return may_contest(person, seen.watched, at)


def may_answer(person: Person, contest: Contest, at: datetime) -> Verdict:
    return may_judge(person, at) and allow_if(not contest.answer, "Cette contestation a déjà reçu sa réponse.")


def may_judge(person: Person, at: datetime) -> Verdict:
    """Open the page of the contests."""
    return allow_if(is_national(person, at), "Le bureau national répond aux contestations.")
