from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.groups import states
from traam.programme.groups.models import Meeting, Milestone, Minutes, Point
from traam.programme.groups.policies import meetings as policies
from traam.programme.groups.queries import meetings
from traam.programme.journal.actions import record
from traam.programme.letters import actions as digest
from traam.programme.people.models import Person

LONGEST_SECTION, LONGEST_POINT, LONGEST_LABEL, LONGEST_DETAIL = 20_000, 1_000, 200, 2_000
# The template of minutes: decisions and actions are points, each with its owner and its date.
SECTIONS: Mapping[str, str] = {
    "agenda": "Ordre du jour",
    "said": "Ce qui s'est dit",
    "next": "Prochaine réunion",
}


class Stale(Exception):
    """Somebody else wrote the minutes since: `stored` is what they wrote."""

    def __init__(self, stored: Minutes) -> None:
        super().__init__("stale")
        self.stored = stored


def _locked(meeting: Meeting) -> Meeting:
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    return meetings.meeting(meeting.pk)


@transaction.atomic
def save_minutes(
    meeting: Meeting, sections: Mapping[str, str], *, revision: int, actor: Person, at: datetime
) -> Minutes:
    """Write the minutes of a meeting. `revision` is the one that was read, 0 when there were none: raises `Stale`."""
    meeting = _locked(meeting)
    policies.may_write_minutes(actor, meeting, at).require()
    minutes = getattr(meeting, "minutes", None) or Minutes(meeting=meeting, revision=0, state=states.MINUTES.initial)
    texts = {key: sections.get(key, "").strip() for key in SECTIONS}
    _check_sections(texts)
    if minutes.revision != revision:
        if minutes.sections == texts:
            return minutes
        raise Stale(minutes)
    minutes.sections, minutes.written_by, minutes.changed_at = texts, actor, at
    minutes.revision += 1
    minutes.save()
    record("save_minutes", minutes, actor=actor, at=at, data={"revision": minutes.revision})
    return minutes


def _check_sections(texts: Mapping[str, str]) -> None:
    errors = {
        key: [f"Ce texte compte {len(text)} caractères : {LONGEST_SECTION} au plus."]
        for key, text in texts.items()
        if len(text) > LONGEST_SECTION
    }
    if errors:
        raise Invalid(errors)


@transaction.atomic
def move_minutes(minutes: Minutes, verb: str, *, actor: Person, at: datetime) -> Minutes:
    """Declare the minutes valid, or take them back to correct them."""
    meeting = _locked(minutes.meeting)
    minutes = meeting.minutes
    policies.may_move_minutes(verb, actor, minutes, at).require()
    if verb == "publish":
        _check_complete(meeting)
        minutes.published_at = at
    else:
        minutes.published_at = None
    machine = states.MINUTES if meeting.group is not None else states.NATIONAL_MINUTES
    minutes.state = machine.move(verb).target
    minutes.save(update_fields=["state", "published_at"])
    record(f"{verb}_minutes", minutes, actor=actor, at=at)
    return minutes


def _check_complete(meeting: Meeting) -> None:
    if meeting.state != "held":
        raise Invalid("Notez d'abord les présences : un compte rendu est celui d'une réunion qui s'est tenue.")
    if not meeting.minutes.sections.get("said", "").strip():
        raise Invalid("Écrivez d'abord ce qui s'est dit : le compte rendu est vide.")


@transaction.atomic
def add_point(
    meeting: Meeting,
    *,
    kind: str,
    text: str,
    owner: int | None = None,
    due: date | None = None,
    actor: Person,
    at: datetime,
) -> Point:
    """Write down a decision, or an action with who is in charge of it (a person of the meeting) and by when."""
    meeting = _locked(meeting)
    policies.may_write_minutes(actor, meeting, at).require()
    action = kind == Point.Kind.ACTION
    errors: dict[str, list[str]] = {}
    if kind not in Point.Kind.values:
        errors["kind"] = ["Dites si c'est une décision ou une action."]
    if not text.strip():
        errors["text"] = ["Écrivez ce qui est décidé, ou ce qui est à faire."]
    elif len(text) > LONGEST_POINT:
        errors["text"] = [f"Ce texte compte {len(text)} caractères : {LONGEST_POINT} au plus."]
    if action and owner not in {seat.person.pk for seat in meetings.seats(meeting, at)}:
        errors["owner"] = ["Choisissez qui est chargé de l'action, parmi les personnes de la réunion."]
    if action and due is None:
        errors["due"] = ["Donnez la date à laquelle l'action est faite."]
    elif action and due is not None and due < meeting.on:
        errors["due"] = ["Cette date est avant la réunion : vérifiez l'année."]
    if errors:
        raise Invalid(errors)
    point = Point.objects.create(
        meeting=meeting, kind=kind, text=text.strip(), owner_id=owner if action else None, due=due if action else None
    )
    if point.owner is not None and point.owner != actor:
        digest.tell(
            f"point:{point.pk}",
            to=point.owner,
            text=f"À faire après « {meeting.subject} » : {point.text}",
            label="Voir l'action",
            address=f"/atelier/reunions/{meeting.pk}#releve",
            due=due,
            at=at,
        )
    record("add_point", point, actor=actor, at=at, data={"kind": kind, "owner": point.owner_id})
    return point


@transaction.atomic
def remove_point(point: Point, *, actor: Person, at: datetime) -> None:
    """Take away what was written by mistake."""
    policies.may_write_minutes(actor, _locked(point.meeting), at).require()
    digest.settle(f"point:{point.pk}", at=at)
    record("remove_point", point, actor=actor, at=at, data={"text": point.text})
    point.delete()


@transaction.atomic
def settle(point: Point, done: bool, *, actor: Person, at: datetime) -> Point:
    """Say that an action is done, or is not after all."""
    Point.objects.select_for_update().get(pk=point.pk)
    point = meetings.point_with_meeting(point.pk)
    policies.may_settle(actor, point, at).require()
    if point.kind != Point.Kind.ACTION:
        raise Invalid("Une décision ne se coche pas : seules les actions sont à faire.")
    if done == (point.done_at is not None):
        return point
    point.done_at = at if done else None
    point.save(update_fields=["done_at"])
    if done:
        digest.settle(f"point:{point.pk}", at=at)
    record("settle_point" if done else "unsettle_point", point, actor=actor, at=at)
    return point


@transaction.atomic
def save_milestone(
    theme: Theme,
    *,
    label: str,
    on: date,
    detail: str = "",
    milestone: Milestone | None = None,
    actor: Person,
    at: datetime,
) -> Milestone:
    """Propose a date to every group of a theme, or change one."""
    policies.may_propose(actor, theme, at).require()
    errors: dict[str, list[str]] = {}
    if not label.strip():
        errors["label"] = ["Dites ce qui est attendu à cette date."]
    elif len(label) > LONGEST_LABEL:
        errors["label"] = [f"Ce texte compte {len(label)} caractères : {LONGEST_LABEL} au plus."]
    if len(detail) > LONGEST_DETAIL:
        errors["detail"] = [f"Ce texte compte {len(detail)} caractères : {LONGEST_DETAIL} au plus."]
    first = theme.campaign.first_year
    if not date(first, 1, 1) <= on <= date(first + 4, 12, 31):
        errors["on"] = [f"Le {on:%d/%m/%Y} est hors de la campagne {theme.campaign.years}."]
    if errors:
        raise Invalid(errors)
    milestone = milestone or Milestone(theme=theme)
    milestone.label, milestone.on, milestone.detail = label.strip(), on, detail.strip()
    milestone.proposed_by, milestone.changed_at = actor, at
    milestone.save()
    record("save_milestone", milestone, actor=actor, at=at, data={"on": on.isoformat()})
    return milestone


@transaction.atomic
def remove_milestone(milestone: Milestone, *, actor: Person, at: datetime) -> None:
    """Take a proposed date away from the calendars of the groups."""
    policies.may_propose(actor, milestone.theme, at).require()
    record("remove_milestone", milestone, actor=actor, at=at, data={"on": milestone.on.isoformat()})
    milestone.delete()
