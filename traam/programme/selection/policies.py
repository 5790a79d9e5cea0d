from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.policies import national_standing
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.people.models import Person
from traam.programme.people.policies import appointments
from traam.programme.selection import states
from traam.programme.selection.models import Announcement


def announced(campaign: Campaign) -> bool:
    return Announcement.objects.filter(campaign=campaign).exists()


def may_read_theme(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read the applications of a theme and what was thought of them."""
    return allow_if(
        theme_standing(person, theme, at),
        "Les candidatures d'un thème sont lues par ses experts, son inspecteur général et le bureau national.",
    )


def may_give_opinion(person: Person, application: Application, at: datetime) -> Verdict:
    if not theme_standing(person, application.theme, at) & states.READERS:
        return refuse("Les avis sont donnés par les experts et l'inspecteur général du thème.")
    if any(a.academy == application.academy for a in appointments(person, at)):
        return refuse("Conflit d'intérêts : cette candidature vient de votre académie, un autre lecteur la jugera.")
    if application.state != "forwarded":
        return refuse("Cette candidature n'est pas remontée : il n'y a pas encore d'avis à donner.")
    return _not_announced(application.theme.campaign)


def _not_announced(campaign: Campaign) -> Verdict:
    return allow_if(
        not announced(campaign),
        "Les résultats de cette campagne sont annoncés : avis et décisions ne changent plus.",
    )


def may_decide(verb: str, person: Person, application: Application, state: str, at: datetime) -> Verdict:
    verdict = states.DECISION.check(verb, state, theme_standing(person, application.theme, at))
    if not verdict:
        return verdict
    if application.state != "forwarded":
        return refuse("Cette candidature n'est pas remontée : il n'y a rien à décider.")
    return _not_announced(application.theme.campaign)


def may_announce(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    if not national_standing(person, at):
        return refuse("Seul le bureau national annonce les résultats.")
    if campaign.state != "closed":
        return refuse("Closez d'abord l'appel : les résultats s'annoncent quand plus rien ne peut être remonté.")
    return allow_if(not announced(campaign), "Les résultats de cette campagne sont déjà annoncés.")
