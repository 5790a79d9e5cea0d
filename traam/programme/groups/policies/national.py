"""Who is in the national group of a theme, and what she may do there."""

from datetime import datetime

from django.db.models import Exists

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups.models import Correspondent, Member
from traam.programme.people.models import Person


def in_national_group(person: Person, theme: Theme, at: datetime) -> bool:
    """Whether the person is in the national group of a theme: leads it, is référent of a group, or was invited."""
    if theme_standing(person, theme, at):
        return True
    current = {"person": person, "until": None}
    answers = Member.objects.filter(role=Member.Role.REFERENT, group__application__theme=theme, **current)
    invited = Correspondent.objects.filter(person=person, theme=theme, since__lte=at.date())
    seats = answers.exclude(group__state="ended"), invited.exclude(until__lt=at.date())
    return Theme.objects.filter(Exists(seats[0]) | Exists(seats[1]), pk=theme.pk).exists()


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


def may_follow_theme(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read where all the groups of a theme stand."""
    return allow_if(
        in_national_group(person, theme, at),
        "L'avancement des groupes d'un thème est lu par son groupe national : bureau, inspection générale, experts, "
        "professeurs référents et correspondants.",
    )
