from datetime import datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.groups import policies, queries
from traam.programme.groups.models import Group, Member, ProgressNote
from traam.programme.journal.actions import record
from traam.programme.letters.actions import Line, settle, tell_all
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import holders

LONGEST_NOTE, LONGEST_NEED = 1000, 500


@transaction.atomic
def write_note(group: Group, *, mood: str, text: str, need: str = "", actor: Person, at: datetime) -> ProgressNote:
    """Say where the work stands: everyone who follows the group reads it where they are."""
    policies.may_write_note(actor, queries.group(group.pk), at).require()
    _check(mood, text, need)
    note = ProgressNote.objects.create(
        group=group, author=actor, mood=mood, text=text.strip(), need=need.strip(), written_at=at, changed_at=at
    )
    record("write_note", group, actor=actor, at=at, data={"note": note.pk, "mood": mood, "need": bool(note.need)})
    _call_for_help(note, at)
    return note


@transaction.atomic
def change_note(note: ProgressNote, *, mood: str, text: str, need: str = "", actor: Person, at: datetime) -> None:
    """Correct a note of the day. Later, a new one says what changed."""
    ProgressNote.objects.select_for_update().get(pk=note.pk)
    note = queries.note(note.group_id, note.pk)
    policies.may_change_note(actor, note, at).require()
    _check(mood, text, need)
    note.mood, note.text, note.need, note.changed_at = mood, text.strip(), need.strip(), at
    note.save(update_fields=["mood", "text", "need", "changed_at"])
    settle(_key(note), at=at)
    _call_for_help(note, at)
    record("change_note", note.group, actor=actor, at=at, data={"note": note.pk, "mood": mood, "need": bool(note.need)})


def _key(note: ProgressNote) -> str:
    return f"note:{note.pk}:need"


def _call_for_help(note: ProgressNote, at: datetime) -> None:
    """Who may help is told in her next digest: the inspectors who pilot the group, the DAN of its academy."""
    if not note.need:
        return
    group = queries.group(note.group_id)
    pilots = [m.person for m in group.members.all() if m.role == Member.Role.INSPECTOR and m.until is None]
    helpers = {person.pk for person in [*pilots, *holders(Role.DAN, at, group.academy)]} - {note.author_id}
    text = f"Le groupe {group.of_academy} demande de l'aide : « {note.need} »"
    address = f"/atelier/groupes/{group.pk}/avancement"
    lines = [Line(f"{_key(note)}:{pk}:{at.isoformat()}", pk, text, "Lire la note", address) for pk in sorted(helpers)]
    tell_all(lines, at=at)


def _check(mood: str, text: str, need: str) -> None:
    errors: dict[str, list[str]] = {}
    if mood not in ProgressNote.Mood.values:
        errors["mood"] = ["Dites où en est le groupe : dans les temps, fragile ou en retard."]
    if not text.strip():
        errors["text"] = ["Écrivez quelques lignes : ce qui avance, ce qui bloque."]
    for name, value, most in (("text", text, LONGEST_NOTE), ("need", need, LONGEST_NEED)):
        if len(value.strip()) > most:
            errors[name] = [f"Ce texte compte {len(value.strip())} caractères : {most} au plus."]
    if errors:
        raise Invalid(errors)
