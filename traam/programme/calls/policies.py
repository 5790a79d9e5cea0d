from datetime import datetime

from django.utils.timezone import localtime

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.calls import states
from traam.programme.calls.models import Application, Upload
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.policies import accepts_applications, before_deadline
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, roles, standing_in_academy


def standing(person: Person, application: Application, at: datetime) -> frozenset[str]:
    """What the person is to an application: by her academy, by its theme, or as the teacher who wrote it."""
    held = standing_in_academy(person, application.academy, at)
    if Role.TEACHER in held and _wrote(person, application):
        held |= {"author"}
    return held | theme_standing(person, application.theme, at)


def _wrote(person: Person, application: Application) -> bool:
    """Whether a teacher began the application, or is the référent it names."""
    return application.created_by_id == person.pk or application.referent_email.lower() == person.email.lower()


def edits_all(person: Person, academy: str, at: datetime) -> bool:
    """Whether the person answers for every application of an academy: its DAN, its inspectors."""
    return bool(standing_in_academy(person, academy, at) & states.EDITORS)


def written_by_teacher(application: Application) -> bool:
    """Whether it was begun by somebody who, that day, was neither the DAN nor an inspector of the academy.

    `queries.staged` says the same in SQL.
    """
    return not edits_all(application.created_by, application.academy, localtime(application.created_at))


def editable_academies(person: Person, at: datetime) -> list[str]:
    """The academies for which the person enters applications."""
    return academies_of(person, at, *states.EDITORS)


def may_follow_some(person: Person, at: datetime) -> Verdict:
    """Open the pages of an academy, whichever."""
    return allow_if(editable_academies(person, at), "Ces pages sont celles des DAN et des inspecteurs d'une académie.")


def may_write_some(person: Person, at: datetime) -> Verdict:
    """Open the page of the applications one wrote."""
    return allow_if(
        academies_of(person, at, Role.TEACHER),
        "Cette page est celle des enseignants invités par leur académie. Demandez l'invitation à votre DAN ou à "
        "votre inspecteur.",
    )


def may_follow(person: Person, call: AcademyCall, at: datetime) -> Verdict:
    """Read what an academy answers to a call, and its results."""
    if not edits_all(person, call.academy.code, at):
        return refuse(
            f"Les candidatures de l'académie {call.academy.of_name} sont suivies par son DAN et ses inspecteurs."
        )
    return allow_if(call.campaign.state != "draft", "Cette campagne est en préparation : l'appel n'est pas ouvert.")


def may_answer(person: Person, call: AcademyCall, at: datetime) -> Verdict:
    """Enter applications of any team on the pages of an academy."""
    return may_enter(person, call.academy.code, call.campaign, at)


def may_begin_on(person: Person, call: AcademyCall, at: datetime) -> Verdict:
    return may_begin(person, call.academy.code, call.campaign, at)


def may_forward_call(person: Person, call: AcademyCall, at: datetime) -> Verdict:
    return may_forward_all(person, call.academy.code, call.campaign, at)


def may_enter(person: Person, academy: str, campaign: Campaign, at: datetime) -> Verdict:
    """Enter applications for an academy, by form or by file."""
    if not edits_all(person, academy, at):
        return refuse("Les candidatures d'une académie sont saisies par son DAN et par ses inspecteurs.")
    return _takes_entries(campaign, at)


def may_begin(person: Person, academy: str, campaign: Campaign, at: datetime) -> Verdict:
    """Write a new application: for one's own team, or for any team of the academy one answers for."""
    if not standing_in_academy(person, academy, at) & (states.EDITORS | {Role.TEACHER}):
        return refuse("Les candidatures d'une académie sont écrites par ses enseignants, ses inspecteurs et son DAN.")
    return _takes_entries(campaign, at)


def _takes_entries(campaign: Campaign, at: datetime) -> Verdict:
    if campaign.state != "open":
        return refuse(f"L'appel de la campagne « {campaign} » n'est pas ouvert.")
    return before_deadline(campaign, at)


def may_see(person: Person, application: Application, at: datetime) -> Verdict:
    held = standing(person, application, at)
    if held & (states.EDITORS | states.AUTHORS):
        return ALLOWED
    leads = held & {"expert", "general_inspector"} and "national" not in held
    if leads and application.theme.campaign.edition.selection.blind:
        return refuse("La lecture est à l'aveugle : les dossiers se lisent dans l'espace Évaluation, par leur numéro.")
    return allow_if(
        held & {"national", "expert", "general_inspector"} and application.state == "forwarded",
        "Cette candidature n'est lue que par son auteur, le DAN et les inspecteurs de son académie tant qu'elle n'est "
        "pas remontée, puis par le bureau national et les experts de son thème.",
    )


def may_edit(person: Person, application: Application, at: datetime) -> Verdict:
    """Change a draft. Its theme may have closed since: changing it is how one chooses another."""
    held = standing(person, application, at)
    if not held & (states.EDITORS | states.AUTHORS):
        return refuse("Une candidature est modifiée par son auteur, et par le DAN et les inspecteurs de son académie.")
    if application.state != "draft" and not (application.state == "submitted" and held & states.EDITORS):
        return refuse(_why_not_edit(application))
    return _takes_entries(application.theme.campaign, at)


def _why_not_edit(application: Application) -> str:
    if application.state == "forwarded":
        return "La candidature est remontée : elle ne se modifie plus. Le DAN peut la reprendre pour la corriger."
    if application.state == "submitted":
        return "La candidature est proposée à l'inspecteur : reprenez-la pour la corriger."
    return "La candidature est retirée : elle ne se modifie plus. Saisissez-en une nouvelle."


def may_move(verb: str, person: Person, application: Application, at: datetime) -> Verdict:
    verdict = states.APPLICATION.check(verb, application.state, standing(person, application, at))
    if not verdict:
        return verdict
    if verb in {"submit", "forward"}:
        taken = accepts_applications(application.theme, at)
        return has_its_opinion(application) if taken and verb == "forward" else taken
    campaign = application.theme.campaign
    if campaign.state != "open":
        # The national team is judging, or has judged: an application no longer leaves by itself.
        return refuse("L'appel est clos : pour reprendre ou retirer une candidature, écrivez au bureau national.")
    return ALLOWED if verb in {"withdraw", "abandon"} else before_deadline(campaign, at)


def has_its_opinion(application: Application) -> Verdict:
    """What a teacher wrote goes up once an inspector said what she thinks of it."""
    if application.inspector_opinion or not written_by_teacher(application):
        return ALLOWED
    article = _article(application, "inspector_opinion")
    if application.state == "draft":
        return refuse(
            f"{application.created_by} écrit encore cette candidature : elle remonte après avoir été proposée à "
            "l'inspecteur et visée par lui.",
            article,
        )
    return refuse(
        "Cette candidature est écrite par un enseignant : elle remonte après l'avis de l'inspecteur. Demandez-le à "
        f"{application.inspector_name or 'un inspecteur de l’académie'} ; s'il n'a pas de compte, invitez-le.",
        article,
    )


def _article(application: Application, topic: str) -> str:
    book = application.theme.campaign.edition
    return f"{book.id}#{book.topic(topic).anchor}"


def may_give_inspector_opinion(person: Person, application: Application, at: datetime) -> Verdict:
    """Say what one thinks of a proposed application, or of a draft of the academy's own."""
    if Role.INSPECTOR not in standing_in_academy(person, application.academy, at):
        return refuse("L'avis sur une candidature est donné par les inspecteurs de son académie.")
    if application.state == "draft" and written_by_teacher(application):
        return refuse(
            f"{application.created_by} écrit encore cette candidature : elle attendra votre avis quand elle vous sera "
            "proposée."
        )
    if application.state not in {"draft", "submitted"}:
        label = states.APPLICATION.states[application.state]
        return refuse(f"La candidature est {label} : l'avis de l'inspecteur ne se donne plus.")
    return _takes_entries(application.theme.campaign, at)


def may_rank(person: Person, call: AcademyCall, at: datetime) -> Verdict:
    """Order the applications of an academy within each theme."""
    if Role.DAN not in standing_in_academy(person, call.academy.code, at):
        return refuse("Seul le DAN de l'académie classe les candidatures.")
    return _takes_entries(call.campaign, at)


def may_forward_all(person: Person, academy: str, campaign: Campaign, at: datetime) -> Verdict:
    if Role.DAN not in standing_in_academy(person, academy, at):
        return refuse("Seul le DAN de l'académie remonte les candidatures.")
    return _takes_entries(campaign, at)


def may_answer_for(person: Person, application: Application, at: datetime) -> Verdict:
    """Speak for the team of an application: its author, its DAN, its inspectors."""
    return allow_if(
        standing(person, application, at) & (states.EDITORS | states.AUTHORS),
        "Une équipe est renouvelée par son auteur, ou par le DAN et les inspecteurs de son académie.",
    )


def may_carry_on(person: Person, previous: Application, theme: Theme, at: datetime) -> Verdict:
    """Write the second year of a team from its first: those who could change the first."""
    return may_answer_for(person, previous, at) and accepts_applications(theme, at)


def may_see_upload(person: Person, upload: Upload, at: datetime) -> Verdict:
    return may_enter(person, upload.academy, upload.campaign, at)


def may_remind(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Write to the academies that have not answered a call yet."""
    if Role.NATIONAL not in roles(person, at):
        return refuse("Les académies sont relancées par le bureau national.")
    return _takes_entries(campaign, at)
