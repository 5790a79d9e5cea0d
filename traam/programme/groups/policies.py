from datetime import datetime, timedelta

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups import states
from traam.programme.groups.models import Correspondent, Document, Group, Member, ProgressNote, WatchItem
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, standing_in_academy
from traam.reference import Academy


def standing(person: Person, group: Group, at: datetime) -> frozenset[str]:
    """What the person is to a group: by membership, by her academy, or by its theme.

    "inspector" is the one who pilots the group, from any academy, or an inspector of the group's academy.
    """
    held = standing_in_academy(person, group.academy, at) - {"teacher"}
    held |= theme_standing(person, group.application.theme, at)
    for member in group.members.all():
        if member.person_id == person.pk and member.until is None:
            # Whoever validates the scenarios of a group does not write them.
            held |= {"inspector"} if member.role == "inspector" else {"member"} | ({member.role} & {"referent"})
    return held


def may_see(person: Person, group: Group, at: datetime) -> Verdict:
    return allow_if(
        standing(person, group, at) & states.READERS,
        "Ce groupe est lu par ses membres, par l'inspection et le DAN de son académie, et par le groupe national.",
    )


def may_compose(person: Person, group: Group, at: datetime) -> Verdict:
    """Change the members, record meetings and agreements."""
    if not standing(person, group, at) & states.KEEPERS:
        return refuse(
            "La composition et les réunions sont tenues par le professeur référent et l'inspecteur du groupe."
        )
    return allow_if(group.state != "ended", "Le groupe est terminé : il ne change plus.")


def may_follow_academy(person: Person, academy: Academy, at: datetime) -> Verdict:
    """Read what the groups of an academy still owe."""
    return allow_if(
        standing_in_academy(person, academy.code, at) & {Role.DAN, Role.INSPECTOR, Role.NATIONAL},
        "Les groupes d'une académie sont suivis par son DAN, ses inspecteurs et le bureau national.",
    )


def may_move(verb: str, person: Person, group: Group, at: datetime) -> Verdict:
    return states.GROUP.check(verb, group.state, standing(person, group, at))


NOTE_CHANGES_FOR = timedelta(days=1)


def in_national_group(person: Person, theme: Theme, at: datetime) -> bool:
    """Whether the person is in the national group of a theme: leads it, is référent of a group, or was invited."""
    if theme_standing(person, theme, at):
        return True
    current = {"person": person, "until": None}
    answers = Member.objects.filter(role=Member.Role.REFERENT, group__application__theme=theme, **current)
    if answers.exclude(group__state="ended").exists():
        return True
    invited = Correspondent.objects.filter(person=person, theme=theme, since__lte=at.date())
    return invited.exclude(until__lt=at.date()).exists()


def may_see_national(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read who is in the national group of a theme: its members."""
    return allow_if(
        in_national_group(person, theme, at),
        "Le groupe national d'un thème est vu par ses membres : bureau, inspection générale, experts, professeurs "
        "référents du thème et correspondants.",
    )


def may_compose_national(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Invite correspondents to the national group of a theme: the others are there by their role."""
    if not theme_standing(person, theme, at):
        return refuse("Les correspondants sont invités par les experts, l'inspection générale ou le bureau national.")
    return allow_if(theme.campaign.state != "archived", "La campagne est archivée : le groupe national ne change plus.")


def may_read_shared(person: Person, group: Group, at: datetime) -> Verdict:
    """Read what a group tells and shares: who sees the group, and the national group of its theme."""
    return may_see(person, group, at) or allow_if(
        in_national_group(person, group.application.theme, at),
        "Ces pages sont lues par les membres du groupe, par l'inspection et le DAN de son académie, et par le "
        "groupe national du thème.",
    )


def may_follow_theme(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read where all the groups of a theme stand."""
    return allow_if(
        in_national_group(person, theme, at),
        "L'avancement des groupes d'un thème est lu par son groupe national : bureau, inspection générale, experts, "
        "professeurs référents et correspondants.",
    )


def may_read_watch(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read what all the groups of a theme found: whoever is in one of them or follows one."""
    followed = Member.objects.filter(person=person, until=None, group__application__theme=theme)
    academies = academies_of(person, at, Role.DAN, Role.INSPECTOR)
    near = Group.objects.filter(application__theme=theme, application__academy__in=academies)
    return allow_if(
        in_national_group(person, theme, at) or followed.exists() or near.exists(),
        "La veille d'un thème est lue par les membres de ses groupes, par l'inspection et le DAN de leurs académies, "
        "et par le groupe national.",
    )


def may_write_note(person: Person, group: Group, at: datetime) -> Verdict:
    if "referent" not in standing(person, group, at):
        return refuse("L'avancement du groupe est écrit par son professeur référent.")
    return _not_ended(group)


def may_change_note(person: Person, note: ProgressNote, at: datetime) -> Verdict:
    if note.author_id != person.pk:
        return refuse("Une note d'avancement est corrigée par qui l'a écrite.")
    if at - note.written_at > NOTE_CHANGES_FOR:
        return refuse("Cette note a plus d'un jour : elle a été lue. Écrivez-en une nouvelle.")
    return may_write_note(person, note.group, at)


def may_share(person: Person, group: Group, at: datetime) -> Verdict:
    """Share an address or a document in the name of the group."""
    if not standing(person, group, at) & {"referent", "member"}:
        return refuse("La veille et les documents d'un groupe sont partagés par ses membres.")
    return _not_ended(group)


def _not_ended(group: Group) -> Verdict:
    return allow_if(group.state != "ended", "Le groupe est terminé : ses pages se lisent, elles ne changent plus.")


def may_remove_watch(person: Person, item: WatchItem, at: datetime) -> Verdict:
    return _may_take_away(person, item.group, item.shared_by_id, at)


def _may_take_away(person: Person, group: Group, by: int, at: datetime) -> Verdict:
    held = standing(person, group, at)
    return allow_if(
        "referent" in held or (by == person.pk and "member" in held),
        "Seuls la personne qui l'a partagé et le professeur référent du groupe peuvent le changer ou le retirer.",
    ) and _not_ended(group)


def may_change_document(person: Person, document: Document, at: datetime) -> Verdict:
    """Complete the rights of a document, or withdraw it."""
    if document.withdrawn_at:
        return refuse("Ce document a été retiré.")
    return _may_take_away(person, document.group, document.shared_by_id, at)


def may_download(person: Person, document: Document, at: datetime) -> Verdict:
    if document.withdrawn_at:
        return refuse("Ce document a été retiré : il ne se télécharge plus.")
    return may_read_shared(person, document.group, at)
