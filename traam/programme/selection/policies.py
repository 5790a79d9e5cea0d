from datetime import datetime

from django.db.models import QuerySet

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.calls.models import Application
from traam.programme.calls.policies import may_answer_for, may_carry_on
from traam.programme.campaigns import policies as campaign_policies
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.campaigns.policies import national_standing
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import held, roles
from traam.programme.selection import queries, states
from traam.programme.selection.models import Announcement, Assignment, Conflict

NOT_A_JUDGE = "Les avis sont donnés par les experts et l'inspecteur général du thème, et par ses lecteurs."
NOT_A_READER = (
    "Les candidatures d'un thème sont lues par ses experts, son inspecteur général, les lecteurs désignés "
    "et le bureau national."
)
DECLARED = "Conflit d'intérêts : vous avez déclaré ne pas pouvoir juger ce dossier, un autre lecteur le jugera."
AFTER_ONES_OWN = "Les autres avis se lisent après avoir donné le vôtre."
KNOWN = "Les résultats de cette campagne sont annoncés : avis et décisions ne changent plus."


def announced(campaign: Campaign) -> bool:
    return Announcement.objects.filter(campaign=campaign).exists()


def standing(person: Person, application: Application, at: datetime) -> frozenset[str]:
    """What the person is to the reading of an application: by its theme, or because she was asked to read it."""
    held = theme_standing(person, application.theme, at)
    if held & states.READERS:  # whoever reads the whole theme is not asked to read a part of it
        return held
    return held | {"reader"} if _asked(person, at).filter(application=application).exists() else held


def _asked(person: Person, at: datetime) -> QuerySet[Assignment]:
    """What the person was asked to read, as long as she may be asked. The national team does not judge."""
    asked, held = Assignment.objects.filter(reader=person), roles(person, at)
    return asked if held & states.MAY_BE_ASKED and Role.NATIONAL not in held else asked.none()


def reads_whole(person: Person, theme: Theme, at: datetime) -> bool:
    """Whether the person reads every application of a theme, or only those she was asked to read."""
    return bool(theme_standing(person, theme, at))


def may_read_theme(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read the applications of a theme, or those of them that one was asked to read."""
    asked = _asked(person, at).filter(application__theme=theme)
    return allow_if(reads_whole(person, theme, at) or asked.exists(), NOT_A_READER)


def names_hidden(person: Person, campaign: Campaign, at: datetime, *, announced: bool) -> bool:
    """Whether the person must not know who applies: the edition asks for it, until the announcement."""
    return campaign.edition.selection.blind and not announced and not national_standing(person, at)


def may_read(person: Person, application: Application, at: datetime) -> Verdict:
    """Read one application to judge it."""
    if not standing(person, application, at):
        return refuse(NOT_A_READER)
    if application.state != "forwarded":
        return refuse("Cette candidature n'est lue que par son académie tant qu'elle n'est pas remontée.")
    if found_conflict(person, application, at):
        return ALLOWED
    campaign = application.theme.campaign
    # Saying why would say whose the dossier is: it is refused as a dossier of another theme would be.
    return allow_if(not names_hidden(person, campaign, at, announced=announced(campaign)), NOT_A_READER)


def found_conflict(person: Person, application: Application, at: datetime) -> Verdict:
    """Refuses whoever is of the same academy, is named in the application, or wrote in it."""
    if any(a.academy == application.academy for a in held(person, at)):
        return refuse("Conflit d'intérêts : cette candidature vient de votre académie, un autre lecteur la jugera.")
    named = {application.referent_email.lower(), application.inspector_email.lower()}
    if person.email.lower() in named:
        return refuse("Conflit d'intérêts : cette candidature vous nomme, un autre lecteur la jugera.")
    return allow_if(
        person.pk not in {application.created_by_id, application.inspector_opinion_by_id},
        "Conflit d'intérêts : vous avez écrit dans cette candidature, un autre lecteur la jugera.",
    )


def no_conflict(person: Person, application: Application, at: datetime) -> Verdict:
    """Nobody judges an application she has to do with: it is found from the dossier, or she said so."""
    found = found_conflict(person, application, at)
    if not found:
        return found
    declared = Conflict.objects.filter(application=application, reader=person).exists()
    return allow_if(not declared, DECLARED)


def may_see_opinions(person: Person, application: Application, *, given: bool, at: datetime) -> Verdict:
    """See what the other readers think: after having judged by oneself. `given`: whether the person did."""
    if national_standing(person, at):
        return ALLOWED
    return no_conflict(person, application, at) and allow_if(given, AFTER_ONES_OWN)


def may_see_decision(person: Person, campaign: Campaign, *, announced: bool, at: datetime) -> Verdict:
    """Before the announcement, decisions are the national team's."""
    return allow_if(
        announced or national_standing(person, at),
        "Les décisions sont connues à l'annonce des résultats.",
    )


def _may_judge(person: Person, application: Application, at: datetime) -> Verdict:
    """Whether the person is one of its readers, and may read it."""
    if not standing(person, application, at) & states.READERS:
        return refuse(NOT_A_JUDGE)
    if application.state != "forwarded":
        return refuse("Cette candidature n'est pas remontée : il n'y a pas encore d'avis à donner.")
    return ALLOWED


def may_give_opinion(person: Person, application: Application, at: datetime) -> Verdict:
    verdict = _may_judge(person, application, at)
    if not verdict:
        return verdict
    return no_conflict(person, application, at) and _not_announced(application.theme.campaign)


def may_declare_conflict(person: Person, application: Application, at: datetime) -> Verdict:
    """Say that one cannot judge an application, or no longer say it: by its readers, until the announcement."""
    verdict = may_read(person, application, at)
    if not verdict:
        return verdict
    if not standing(person, application, at) & states.READERS:
        return refuse("Un conflit d'intérêts est déclaré par les lecteurs du dossier.")
    return _not_announced(application.theme.campaign)


def may_assign(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Ask more readers to judge applications of a theme.

    Read blind, it is the national team's alone: whoever may not be asked would tell whose the dossier is.
    """
    campaign = theme.campaign
    held = theme_standing(person, theme, at)
    known = announced(campaign)
    if names_hidden(person, campaign, at, announced=known):
        return refuse("La lecture est à l'aveugle : les lecteurs sont désignés par le bureau national.")
    if not held & states.ASSIGNERS:
        return refuse("Les lecteurs sont désignés par le bureau national ou l'inspecteur général du thème.")
    if campaign.state not in {"open", "closed"}:
        return refuse("Les lecteurs sont désignés une fois l'appel ouvert, et tant que la campagne est en cours.")
    return allow_if(not known, KNOWN)


def may_follow_readers(person: Person, theme: Theme, at: datetime) -> Verdict:
    """See how far each reader is. Read blind, who is in conflict would tell whose a dossier is."""
    if national_standing(person, at):
        return ALLOWED
    if names_hidden(person, theme.campaign, at, announced=announced(theme.campaign)):
        return refuse("La lecture est à l'aveugle : l'avancement des lecteurs est suivi par le bureau national.")
    return allow_if(
        theme_standing(person, theme, at) & states.ASSIGNERS,
        "L'avancement des lecteurs est suivi par le bureau national et l'inspecteur général du thème.",
    )


def _not_announced(campaign: Campaign) -> Verdict:
    return allow_if(
        not announced(campaign),
        KNOWN,
    )


def may_decide(verb: str, person: Person, application: Application, state: str, at: datetime) -> Verdict:
    verdict = states.DECISION.check(verb, state, theme_standing(person, application.theme, at))
    if not verdict:
        return verdict
    if application.state != "forwarded":
        return refuse("Cette candidature n'est pas remontée : il n'y a rien à décider.")
    if application.theme.campaign.state == "open":
        return refuse("L'appel est encore ouvert, le DAN peut reprendre ce dossier : closez l'appel avant de décider.")
    if verb in states.AFTER_ANNOUNCEMENT:
        return _may_replace(verb, application.theme.campaign)
    return _not_announced(application.theme.campaign)


def _may_replace(verb: str, campaign: Campaign) -> Verdict:
    """Who gives up is replaced once the results are known, as long as the campaign is at work."""
    label = states.DECISION.move(verb).label
    if not announced(campaign):
        return refuse(f"« {label} » vient après l'annonce des résultats : décidez autrement d'ici là.")
    return allow_if(campaign.state != "archived", "La campagne est archivée : plus personne n'y est remplacé.")


def may_order_waiting(person: Person, theme: Theme, at: datetime) -> Verdict:
    if not national_standing(person, at):
        return refuse("La liste d'attente est ordonnée par le bureau national.")
    return _not_announced(theme.campaign)


def may_propose(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Ask the solver for a selection, and decide as it says."""
    if not national_standing(person, at):
        return refuse("La sélection est préparée par le bureau national.")
    if campaign.state != "closed":
        return refuse("Closez d'abord l'appel : une sélection se calcule quand plus rien ne peut être remonté.")
    return _not_announced(campaign)


def may_pin(person: Person, application: Application, at: datetime) -> Verdict:
    """Tell the solver to keep an application or to leave it out."""
    if application.state != "forwarded":
        return refuse("Cette candidature n'est pas remontée : le calcul ne la connaît pas.")
    return may_propose(person, application.theme.campaign, at)


def may_pair(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Decide which academies of a theme work together: its experts, its general inspector, the national team."""
    held = theme_standing(person, theme, at)
    if not held & {"national", "expert", "general_inspector"}:
        return refuse(
            "L'appariement est décidé par les experts et l'inspecteur général du thème, ou le bureau national."
        )
    campaign = theme.campaign
    if campaign.state != "closed" or (held.isdisjoint({"national"}) and not announced(campaign)):
        return refuse("L'appariement se décide entre académies retenues : après l'annonce des résultats.")
    return ALLOWED


def may_change_call(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Correct a campaign: until its results are announced."""
    return campaign_policies.may_change(person, campaign, at) and allow_if(
        not announced(campaign), "Les résultats de cette campagne sont annoncés : son calendrier ne change plus."
    )


# The dates of the call itself: results announced, they belong to the past.
OF_THE_CALL = frozenset({"call_opens", "applications_due", "selection", "announcement"})


def may_amend(person: Person, campaign: Campaign, kind: str, name: str, at: datetime, *, announced: bool) -> Verdict:
    """Sign an amendment. Results announced, only the dates of the work to come may still move."""
    verdict = campaign_policies.may_amend(person, campaign, kind, at)
    if not verdict or not announced:
        return verdict
    return allow_if(
        kind == Amendment.Kind.DATE and name not in OF_THE_CALL,
        "Les résultats de cette campagne sont annoncés : seules les dates des travaux peuvent encore changer.",
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


def may_renew(person: Person, application: Application, at: datetime) -> Verdict:
    """Carry a retained team on to the second year, in the open call that continues its theme."""
    hers = may_answer_for(person, application, at)
    if not hers:
        return hers  # before anything is said of the dossier
    theme = queries.continuation(application)
    if theme is None:
        return refuse(f"Aucun appel ouvert ne continue le thème « {application.theme} » : il n'y a rien à renouveler.")
    if not announced(application.theme.campaign) or queries.decision_state(application) != "retained":
        return refuse("Seule une équipe retenue la première année se renouvelle : écrivez une nouvelle candidature.")
    return may_carry_on(person, application, theme, at)
