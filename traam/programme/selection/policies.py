from datetime import datetime

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.calls.models import Application
from traam.programme.campaigns import policies as campaign_policies
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


def may_read(person: Person, application: Application, at: datetime) -> Verdict:
    """Read one application to judge it."""
    return may_read_theme(person, application.theme, at) and allow_if(
        application.state == "forwarded",
        "Cette candidature n'est lue que par son académie tant qu'elle n'est pas remontée.",
    )


def no_conflict(person: Person, application: Application, at: datetime) -> Verdict:
    """Nobody judges an application of her own academy, nor one that names her."""
    if any(a.academy == application.academy for a in appointments(person, at)):
        return refuse("Conflit d'intérêts : cette candidature vient de votre académie, un autre lecteur la jugera.")
    named = {application.referent_email.lower(), application.inspector_email.lower()}
    return allow_if(
        person.email.lower() not in named,
        "Conflit d'intérêts : cette candidature vous nomme, un autre lecteur la jugera.",
    )


def may_see_opinions(person: Person, application: Application, *, given: bool, at: datetime) -> Verdict:
    """See what the other readers think: after having judged by oneself. `given`: whether the person did."""
    if "national" in theme_standing(person, application.theme, at):
        return ALLOWED
    return no_conflict(person, application, at) and allow_if(
        given, "Les autres avis se lisent après avoir donné le vôtre."
    )


def may_see_decision(person: Person, campaign: Campaign, *, announced: bool, at: datetime) -> Verdict:
    """Before the announcement, decisions are the national team's."""
    return allow_if(
        announced or national_standing(person, at),
        "Les décisions sont connues à l'annonce des résultats.",
    )


def may_give_opinion(person: Person, application: Application, at: datetime) -> Verdict:
    if not theme_standing(person, application.theme, at) & states.READERS:
        return refuse("Les avis sont donnés par les experts et l'inspecteur général du thème.")
    verdict = no_conflict(person, application, at)
    if not verdict:
        return verdict
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
    if application.theme.campaign.state == "open":
        return refuse("L'appel est encore ouvert, le DAN peut reprendre ce dossier : closez l'appel avant de décider.")
    return _not_announced(application.theme.campaign)


def may_change_call(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Correct a campaign: until its results are announced."""
    return campaign_policies.may_change(person, campaign, at) and allow_if(
        not announced(campaign), "Les résultats de cette campagne sont annoncés : son calendrier ne change plus."
    )


def may_move_call(verb: str, person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Close, reopen or archive a call; announced results are not called into question."""
    verdict = campaign_policies.may_move(verb, person, campaign, at)
    if not verdict or verb == "close":
        return verdict
    if verb == "archive":
        return _nothing_waits(campaign)
    if verb == "reopen" and announced(campaign):
        return refuse("Les résultats de cette campagne sont annoncés : l'appel ne se rouvre plus.")
    return campaign_policies.before_deadline(campaign, at)


def _nothing_waits(campaign: Campaign) -> Verdict:
    """A campaign is put away when its results are known, or when nobody answered its call."""
    answered = Application.objects.filter(theme__campaign=campaign, state="forwarded").exists()
    return allow_if(
        announced(campaign) or not answered,
        "Des candidatures attendent leur résultat : annoncez-le avant d'archiver la campagne.",
    )


def may_announce(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    if not national_standing(person, at):
        return refuse("Seul le bureau national annonce les résultats.")
    if campaign.state != "closed":
        return refuse("Closez d'abord l'appel : les résultats s'annoncent quand plus rien ne peut être remonté.")
    return allow_if(not announced(campaign), "Les résultats de cette campagne sont déjà annoncés.")
