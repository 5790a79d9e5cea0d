"""Who reads and writes what a group tells and shares: its notes, its watch, its documents."""

from datetime import datetime, timedelta

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Document, Group, Member, ProgressNote, WatchItem
from traam.programme.groups.policies.composition import may_see, standing
from traam.programme.groups.policies.national import in_national_group
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of


def may_read_shared(person: Person, group: Group, at: datetime) -> Verdict:
    """Read what a group tells and shares: who sees the group, and the national group of its theme."""
    return may_see(person, group, at) or allow_if(
        in_national_group(person, group.application.theme, at),
        "Ces pages sont lues par les membres du groupe, par l'inspection et le DAN de son académie, et par le "
        "groupe national du thème.",
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


NOTE_CHANGES_FOR = timedelta(days=1)


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
