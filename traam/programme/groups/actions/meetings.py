from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from traam.engines import calendars
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups.models import Attendance, Group, Meeting
from traam.programme.groups.policies import meetings as policies
from traam.programme.groups.queries import diary, meetings
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.people.models import Person

LONGEST = {"subject": 200, "place": 200, "agenda": 5_000, "reason": 300}
SEEN_BY_DIARIES = ("on", "begins", "ends", "mode", "place", "link", "subject")


@dataclass(frozen=True)
class MeetingValues:
    """What is said of a meeting when it is planned. Hours are those of Paris."""

    on: date
    begins: time
    ends: time
    mode: str
    subject: str
    agenda: str = ""
    place: str = ""
    link: str = ""


@transaction.atomic
def plan(host: Group | Theme, values: MeetingValues, *, actor: Person, at: datetime) -> Meeting:
    """Plan a meeting of a group, or of the national group of a theme. Nobody is told yet: see `convene`."""
    if isinstance(host, Group):
        policies.may_plan(actor, host, at).require()
        meeting = Meeting(group=host, uid=str(uuid4()))
    else:
        policies.may_plan_national(actor, host, at).require()
        meeting = Meeting(theme=host, uid=str(uuid4()))
    _fill(meeting, values, at)
    meeting.recorded_at = at
    meeting.save()
    record("plan_meeting", meeting, actor=actor, at=at, data={"on": values.on.isoformat(), "mode": values.mode})
    return meeting


def _fill(meeting: Meeting, values: MeetingValues, at: datetime) -> None:
    """Raises `Invalid` with every fault of the values."""
    errors = _faults(values, _campaign(meeting))
    if errors:
        raise Invalid(errors)
    for name, value in asdict(values).items():
        setattr(meeting, name, value.strip() if isinstance(value, str) else value)
    meeting.changed_at = at


def _campaign(meeting: Meeting) -> Campaign:
    theme = meeting.group.application.theme if meeting.group else meeting.theme
    assert theme is not None  # noqa: S101 - the table holds that a meeting has a group or a theme
    return theme.campaign


def _faults(values: MeetingValues, campaign: Campaign) -> dict[str, list[str]]:
    errors = _where(values)
    first, last = date(campaign.first_year, 1, 1), date(campaign.first_year + 4, 12, 31)
    if not first <= values.on <= last:
        errors["on"] = [f"Le {values.on:%d/%m/%Y} est hors de la campagne {campaign.years}."]
    if values.ends <= values.begins:
        errors["ends"] = ["La réunion finit avant de commencer : vérifiez les deux heures."]
    if not values.subject.strip():
        errors["subject"] = ["Écrivez l'objet de la réunion."]
    for name in ("subject", "place", "agenda"):
        length = len(getattr(values, name))
        if length > LONGEST[name]:
            errors[name] = [f"Ce texte compte {length} caractères : {LONGEST[name]} au plus."]
    return errors


def _where(values: MeetingValues) -> dict[str, list[str]]:
    """In person somewhere, or remote by a link."""
    if values.mode not in Meeting.Mode.values:
        return {"mode": ["Dites si la réunion se tient en présence ou à distance."]}
    if values.mode == Meeting.Mode.IN_PERSON and not values.place.strip():
        return {"place": ["Dites où se tient la réunion : établissement, salle, adresse."]}
    if values.mode == Meeting.Mode.REMOTE and not values.link.strip():
        return {"link": ["Donnez l'adresse de la visioconférence."]}
    if values.link.strip():
        try:
            URLValidator(["http", "https"])(values.link.strip())
        except ValidationError:
            return {"link": ["Écrivez l'adresse entière de la visioconférence, qui commence par https://."]}
    return {}


def _locked(meeting: Meeting) -> Meeting:
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    return meetings.meeting(meeting.pk)


@transaction.atomic
def change(meeting: Meeting, values: MeetingValues, *, actor: Person, at: datetime) -> Meeting:
    """Correct a meeting to come. When diaries must move and people were convened, they are told again."""
    meeting = _locked(meeting)
    policies.may_change_meeting(actor, meeting, at).require()
    before = {name: getattr(meeting, name) for name in SEEN_BY_DIARIES}
    _fill(meeting, values, at)
    moved = [name for name in SEEN_BY_DIARIES if before[name] != getattr(meeting, name)]
    meeting.sequence += bool(moved)
    meeting.save()
    record("change_meeting", meeting, actor=actor, at=at, data={"changed": moved})
    if moved and meeting.called_at is not None:
        _tell(meeting, "Une réunion change", "La réunion à laquelle vous êtes convié a changé.", actor, at)
    return meeting


@transaction.atomic
def convene(meeting: Meeting, *, actor: Person, at: datetime) -> int:
    """Write the convocation of each person expected; the number of letters. Those already told are told nothing."""
    meeting = _locked(meeting)
    policies.may_change_meeting(actor, meeting, at).require()
    if meeting.begins is None or meeting.ends is None:
        raise Invalid("Donnez d'abord l'heure de la réunion : la convocation et les agendas la disent.")
    if meeting.on < at.date():
        raise Invalid("Cette réunion est passée : elle ne se convoque plus.")
    meeting.called_at = at
    meeting.save(update_fields=["called_at"])
    told = _tell(meeting, "Convocation", "Vous êtes convié à une réunion.", actor, at)
    record("convene", meeting, actor=actor, at=at, data={"people": told, "sequence": meeting.sequence})
    return told


def _tell(meeting: Meeting, title: str, opening: str, actor: Person, at: datetime) -> int:
    """A letter to each person expected, with the event for her diary: the number of those that are new.

    One for each state of the meeting: who was told already is not told again.
    """
    told, people = 0, meetings.convened(meeting, at)
    event = diary.event(meeting)
    for one in people:
        reader = calendars.Party(one.person.name, one.person.email)
        make = calendars.cancellation if event.cancelled else calendars.request
        told += write(
            f"meeting:{meeting.pk}:{meeting.sequence}:{one.person.pk}",
            to=one.person,
            subject=f"TraAM : {title.lower()} - {meeting.subject}"[:200],
            body=f"Bonjour {one.person.name},\n\n{opening}\n\n{_told(meeting)}\n\n{actor.name}",
            at=at,
            attachment=make(event, _organizer(), [reader]).decode(),
            filename="reunion.ics",
        )
    return told


def _organizer() -> calendars.Party:
    """Always the same, whoever convenes: diaries obey only who invited them."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return calendars.Party(name or "TraAM", address)


def _told(meeting: Meeting) -> str:
    lines = [f"{meeting.subject} ({meeting.host_name})", f"Le {meeting.on:%d/%m/%Y} {meeting.hours}".strip()]
    lines += [f"{meeting.get_mode_display()} : {meeting.place or meeting.link}"]
    if meeting.place and meeting.link:
        lines.append(f"Visioconférence : {meeting.link}")
    if meeting.reason:
        lines.append(f"Motif : {meeting.reason}")
    elif meeting.agenda:
        lines.append(f"\nOrdre du jour :\n{meeting.agenda}")
    lines.append(f"\nLa page de la réunion : {settings.SITE_ADDRESS}/atelier/reunions/{meeting.pk}")
    lines.append("Le fichier joint la met à jour dans votre agenda.")
    return "\n".join(lines)


@transaction.atomic
def cancel(meeting: Meeting, reason: str, *, actor: Person, at: datetime) -> Meeting:
    """Cancel a meeting, and tell those who were convened why. It stays in calendars, cancelled."""
    meeting = _locked(meeting)
    policies.may_move_meeting("cancel", actor, meeting, at).require()
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": ["Dites pourquoi la réunion est annulée : les personnes conviées le liront."]})
    if len(reason) > LONGEST["reason"]:
        raise Invalid({"reason": [f"Ce texte compte {len(reason)} caractères : {LONGEST['reason']} au plus."]})
    meeting.state, meeting.reason = "cancelled", reason
    meeting.sequence += 1
    meeting.changed_at = at
    meeting.save(update_fields=["state", "reason", "sequence", "changed_at"])
    record("cancel_meeting", meeting, actor=actor, at=at, reason=reason)
    if meeting.called_at is not None:
        _tell(meeting, "Réunion annulée", "La réunion à laquelle vous étiez convié est annulée.", actor, at)
    return meeting


@dataclass(frozen=True)
class Presence:
    """What is noted of a person. `minutes`: how long she was there, when it is not all along."""

    state: str
    minutes: int | None = None


@transaction.atomic
def hold(meeting: Meeting, presences: Mapping[int, Presence], *, actor: Person, at: datetime) -> Meeting:
    """Say that a meeting was held, and who was there: every person expected is noted."""
    meeting = _locked(meeting)
    policies.may_move_meeting("hold", actor, meeting, at).require()
    if meeting.on > at.date():
        raise Invalid(f"La réunion est prévue le {meeting.on:%d/%m/%Y} : les présences se notent ce jour-là ou après.")
    _note(meeting, presences, at)
    meeting.state = "held"
    meeting.save(update_fields=["state"])
    record("hold_meeting", meeting, actor=actor, at=at, data=_counted(presences))
    return meetings.meeting(meeting.pk)


@transaction.atomic
def correct_attendance(meeting: Meeting, presences: Mapping[int, Presence], *, actor: Person, at: datetime) -> Meeting:
    """Correct who was at a meeting that was held."""
    meeting = _locked(meeting)
    policies.may_correct_attendance(actor, meeting, at).require()
    _note(meeting, presences, at)
    record("correct_attendance", meeting, actor=actor, at=at, data=_counted(presences))
    return meetings.meeting(meeting.pk)


def _counted(presences: Mapping[int, Presence]) -> dict[str, object]:
    present = sum(one.state == Attendance.State.PRESENT for one in presences.values())
    return {"present": present, "noted": len(presences)}


def _note(meeting: Meeting, presences: Mapping[int, Presence], at: datetime) -> None:
    _check_presences(meeting, presences, at)
    for pk, presence in presences.items():
        minutes = presence.minutes if presence.state == Attendance.State.PRESENT else None
        Attendance.objects.update_or_create(
            meeting=meeting, person_id=pk, defaults={"state": presence.state, "minutes": minutes, "recorded_at": at}
        )


def _check_presences(meeting: Meeting, presences: Mapping[int, Presence], at: datetime) -> None:
    expected = {seat.person.pk: seat.person for seat in meetings.seats(meeting, at)}
    errors: dict[str, list[str]] = {}
    if set(presences) - set(expected):
        errors[""] = ["Le groupe a changé depuis l'ouverture de la page : rechargez-la, puis notez les présences."]
    for pk, person in expected.items():
        presence = presences.get(pk)
        if presence is None or presence.state not in Attendance.State.values:
            errors[f"state-{pk}"] = [f"Dites si {person.name} était là."]
        elif presence.minutes is not None and not 1 <= presence.minutes <= 24 * 60:
            errors[f"minutes-{pk}"] = [f"La durée de présence de {person.name} s'écrit en minutes, 1 au moins."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def reopen(meeting: Meeting, *, actor: Person, at: datetime) -> Meeting:
    """Put a meeting declared held by mistake back among those to come. The attendance is kept."""
    meeting = _locked(meeting)
    policies.may_move_meeting("reopen", actor, meeting, at).require()
    meeting.state = "planned"
    meeting.sequence += 1
    meeting.changed_at = at
    meeting.save(update_fields=["state", "sequence", "changed_at"])
    record("reopen_meeting", meeting, actor=actor, at=at)
    return meeting
