"""Who may plan, hold and write down a meeting, and give the groups of a theme its dates."""

from datetime import datetime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups import states
from traam.programme.groups.models import Group, Meeting, Member, Minutes, Point
from traam.programme.groups.policies.composition import may_see, standing
from traam.programme.groups.policies.national import in_national_group
from traam.programme.people.models import Person


def national_standing(person: Person, theme: Theme, at: datetime) -> frozenset[str]:
    """What the person is to the national group of a theme. The members of its groups read what it does.

    Read once for each person and each reading of the theme: a page asks it of every verb.
    """
    known: dict[int, frozenset[str]] = theme.__dict__.setdefault("_standings", {})
    if person.pk not in known:
        known[person.pk] = _national_standing(person, theme, at)
    return known[person.pk]


def _national_standing(person: Person, theme: Theme, at: datetime) -> frozenset[str]:
    held = theme_standing(person, theme, at)
    mine = Member.objects.filter(person=person, group__application__theme=theme, until__isnull=True)
    roles = set(mine.values_list("role", flat=True))
    if roles or in_national_group(person, theme, at):
        held |= {"member"}
    return held | ({"referent"} & roles)


def meeting_standing(person: Person, meeting: Meeting, at: datetime) -> frozenset[str]:
    """What the person is to a meeting: to its group, or to the national group of its theme."""
    if meeting.group is not None:
        return standing(person, meeting.group, at)
    return national_standing(person, _theme(meeting), at)


def _theme(meeting: Meeting) -> Theme:
    """The theme of a national meeting: the table holds that there is one when there is no group."""
    assert meeting.theme is not None  # noqa: S101
    return meeting.theme


def may_see_national(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read the calendar and the meetings of the national group of a theme."""
    return allow_if(
        national_standing(person, theme, at),
        "Les réunions nationales d'un thème sont lues par son groupe national et par les membres de ses groupes.",
    )


def may_propose(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Propose dates to the groups of a theme."""
    verdict = allow_if(
        theme_standing(person, theme, at),
        "Les échéances d'un thème sont proposées par ses experts, l'inspection générale ou le bureau national.",
    )
    return verdict and _still_works(theme)


def _still_works(theme: Theme) -> Verdict:
    return allow_if(theme.campaign.state != "archived", "La campagne est archivée : son calendrier ne change plus.")


def may_plan(person: Person, group: Group, at: datetime) -> Verdict:
    """Plan a meeting of the group."""
    if not standing(person, group, at) & states.KEEPERS:
        return refuse("Les réunions sont prévues par le professeur référent et l'inspecteur du groupe.")
    return allow_if(group.state != "ended", "Le groupe est terminé : il ne change plus.")


def may_plan_national(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Plan a meeting of the national group of a theme."""
    verdict = allow_if(
        national_standing(person, theme, at) & states.STEWARDS,
        "Les réunions nationales sont prévues par les experts du thème, l'inspection générale ou le bureau national.",
    )
    return verdict and _still_works(theme)


def may_host(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    """Convene a meeting, and say who was there."""
    if meeting.group is not None:
        return may_plan(person, meeting.group, at)
    return may_plan_national(person, _theme(meeting), at)


def may_see_meeting(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    if meeting.group is not None:
        return may_see(person, meeting.group, at)
    return may_see_national(person, _theme(meeting), at)


def may_change_meeting(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    return may_host(person, meeting, at) and allow_if(
        meeting.state == "planned", "La réunion n'est plus à venir : seul son compte rendu se complète."
    )


def may_move_meeting(verb: str, person: Person, meeting: Meeting, at: datetime) -> Verdict:
    machine = states.MEETING if meeting.group is not None else states.NATIONAL_MEETING
    return machine.check(verb, meeting.state, meeting_standing(person, meeting, at))


def may_note_attendance(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    """Say who was there: when the meeting was held, or is being declared so."""
    return may_host(person, meeting, at) and allow_if(
        meeting.state != "cancelled", "La réunion est annulée : personne n'y était."
    )


def may_correct_attendance(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    return may_host(person, meeting, at) and allow_if(
        meeting.state == "held", "Les présences se corrigent après la réunion."
    )


def is_secretary(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    """Open the page where the minutes are written."""
    hosts = states.KEEPERS if meeting.group is not None else states.STEWARDS | {"referent"}
    return allow_if(
        meeting_standing(person, meeting, at) & hosts,
        "Le compte rendu est écrit par ceux qui tiennent la réunion"
        + (" : le professeur référent et l'inspecteur." if meeting.group else ", ou un professeur référent du thème."),
    )


def may_write_minutes(person: Person, meeting: Meeting, at: datetime) -> Verdict:
    """Write the minutes and the points of a meeting, until they are valid."""
    verdict = is_secretary(person, meeting, at)
    if verdict and meeting.state == "cancelled":
        return refuse("La réunion est annulée : elle n'a pas de compte rendu.")
    minutes = getattr(meeting, "minutes", None)
    return verdict and allow_if(
        minutes is None or minutes.state == "draft",
        "Le compte rendu est validé : il faut d'abord le remettre en correction.",
    )


def may_move_minutes(verb: str, person: Person, minutes: Minutes, at: datetime) -> Verdict:
    machine = states.MINUTES if minutes.meeting.group is not None else states.NATIONAL_MINUTES
    return machine.check(verb, minutes.state, meeting_standing(person, minutes.meeting, at))


def may_settle(person: Person, point: Point, at: datetime) -> Verdict:
    """Say that an action is done, or is not after all."""
    return allow_if(
        point.owner_id == person.pk or is_secretary(person, point.meeting, at),
        "Une action est dite faite par la personne qui en est chargée, ou par ceux qui tiennent la réunion.",
    )
