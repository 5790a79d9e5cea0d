"""May they begin or read a training module; who writes and judges it is in `policies`, as for every production."""

from datetime import datetime

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import Group
from traam.programme.groups.policies import in_national_group
from traam.programme.groups.policies import standing as group_standing
from traam.programme.people.models import Person
from traam.programme.productions import states
from traam.programme.productions.models import Module
from traam.programme.productions.policies import is_author, may_edit, may_move, moves, standing
from traam.programme.productions.policies import may_see as may_see_any

__all__ = [
    "NOT_ASKED",
    "asked",
    "is_author",
    "may_begin",
    "may_begin_national",
    "may_edit",
    "may_move",
    "may_see",
    "moves",
    "standing",
]
NOT_ASKED = "Le cahier des charges de cette campagne ne demande pas de module de formation."


def asked(theme: Theme) -> Verdict:
    """Whether the edition of the theme's campaign has modules among its productions."""
    return allow_if(theme.campaign.edition.production_kind("module") is not None, NOT_ASKED)


def may_see(person: Person, module: Module, at: datetime) -> Verdict:
    """A module is shared by the whole theme: its national group reads it too."""
    verdict = may_see_any(person, module, at)
    return ALLOWED if not verdict and in_national_group(person, module.theme, at) else verdict


def may_begin(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin a module in a group."""
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("Les modules d'un groupe sont écrits par ses membres.")
    verdict = asked(group.application.theme)
    return verdict and allow_if(group.state != "ended", "Le groupe est terminé : on n'y commence plus de module.")


def may_begin_national(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Begin a module in the name of the national group of a theme."""
    if not standing(person, Module(theme=theme, group=None), at) & states.AUTHORS:
        return refuse(
            "Les modules du groupe national sont écrits par les experts et les professeurs référents du thème."
        )
    return asked(theme) and allow_if(
        theme.campaign.state != "archived", "La campagne est archivée : on n'y commence plus de module."
    )
