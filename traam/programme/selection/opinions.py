"""The verbs of the readers, and of those who ask them to read. What is decided is in `actions`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from traam.engines.rulebook import Selection
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.letters.actions import settle, tell
from traam.programme.people.actions import drop_typing
from traam.programme.people.models import Person
from traam.programme.selection import policies, readers
from traam.programme.selection.models import Assignment, Conflict, Note, Opinion
from traam.programme.selection.sharing import Sharing

MOST_EACH = 10  # readers asked for one dossier, in one sharing
LONGEST_NOTE = 20_000


def typing_place(application: int) -> str:
    """Where an opinion half written is kept (`people.Typing`)."""
    return f"opinion:{application}"


def _hold(application: Application) -> Application:
    """The application as it is, while no announcement is being made: it waits, or the policy sees it."""
    Campaign.objects.select_for_update().get(pk=application.theme.campaign_id)
    Application.objects.select_for_update().get(pk=application.pk)
    return find_application(application.pk)


def _hold_theme(theme: Theme) -> Theme:
    Campaign.objects.select_for_update().get(pk=theme.campaign_id)
    return Theme.objects.select_related("campaign").prefetch_related("stewards__person").get(pk=theme.pk)


@transaction.atomic
def give_opinion(
    application: Application, marks: Mapping[str, int], comment: str, *, actor: Person, at: datetime
) -> Opinion:
    """Give one's opinion of an application, or change it until the results are announced.

    `marks` holds a value of the edition's scale for each of its criteria.
    """
    application = _hold(application)
    policies.may_give_opinion(actor, application, at).require()
    selection = application.theme.campaign.edition.selection
    errors = _faults(selection, marks, comment)
    if errors:
        raise Invalid(errors)
    kept = {criterion.id: marks[criterion.id] for criterion in selection.criteria}
    opinion, _ = Opinion.objects.update_or_create(
        application=application,
        reader=actor,
        defaults={"marks": kept, "score": selection.score(kept), "comment": comment.strip(), "given_at": at},
    )
    drop_typing(typing_place(application.pk), actor=actor)
    _settle(application.theme, actor, at)
    record("give_opinion", application, actor=actor, at=at, data={"score": opinion.score})
    return opinion


def _faults(selection: Selection, marks: Mapping[str, int], comment: str) -> dict[str, list[str]]:
    scale = {mark.value for mark in selection.marks}
    errors = {
        criterion.id: [f"« {criterion.label} » : choisissez une réponse dans la liste."]
        for criterion in selection.criteria
        if marks.get(criterion.id) not in scale
    }
    if not comment.strip():
        errors["comment"] = ["Expliquez votre avis en une phrase au moins : le bureau s'appuie dessus pour décider."]
    return errors


@transaction.atomic
def keep_note(application: Application, text: str, *, actor: Person, at: datetime) -> Note | None:
    """Keep what a reader writes down for herself; nothing left of an empty note. Private: not journaled."""
    policies.may_read(actor, application, at).require()
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid({"text": [f"Votre note compte {len(text)} signes : gardez-en {LONGEST_NOTE} au plus."]})
    if not text:
        Note.objects.filter(application=application, author=actor).delete()
        return None
    note, _ = Note.objects.update_or_create(
        application=application, author=actor, defaults={"text": text, "changed_at": at}
    )
    return note


@transaction.atomic
def declare_conflict(application: Application, reason: str, *, actor: Person, at: datetime) -> Conflict:
    """Say that one cannot judge an application, and why. An opinion already given is kept, but set aside."""
    application = _hold(application)
    policies.may_declare_conflict(actor, application, at).require()
    if not reason.strip():
        raise Invalid({"reason": ["Dites en une phrase ce qui vous lie à ce dossier : le bureau national la lira."]})
    conflict, _ = Conflict.objects.update_or_create(
        application=application, reader=actor, defaults={"reason": reason.strip(), "declared_at": at}
    )
    record("declare_conflict", application, actor=actor, at=at, reason=reason.strip())
    return conflict


@transaction.atomic
def undeclare_conflict(application: Application, *, actor: Person, at: datetime) -> None:
    """Take back what one declared: an opinion that was set aside counts again."""
    application = _hold(application)
    policies.may_declare_conflict(actor, application, at).require()
    removed, _ = Conflict.objects.filter(application=application, reader=actor).delete()
    if removed:
        record("undeclare_conflict", application, actor=actor, at=at)


@transaction.atomic
def assign(
    applications: Collection[Application], chosen: Collection[Person], *, actor: Person, at: datetime
) -> list[Assignment]:
    """Ask these readers to judge these applications, of one theme. Each reader is told by one letter.

    Asking twice changes nothing. Returns the new rows. Raises `Invalid` when one of them has to do with a dossier.
    """
    if not applications or not chosen:
        raise Invalid("Choisissez au moins un dossier et un lecteur.")
    themes = {application.theme_id for application in applications}
    if len(themes) > 1:
        raise Invalid("Ces dossiers ne sont pas du même thème : désignez les lecteurs thème par thème.")
    theme = _hold_theme(next(iter(applications)).theme)
    policies.may_assign(actor, theme, at).require()
    pairs = {(application.pk, reader.pk) for application in applications for reader in chosen}
    _check_readers(theme, chosen, pairs, at)
    return _ask(theme, pairs, actor, at)


@transaction.atomic
def spread(
    theme: Theme, chosen: Collection[Person], each: int, *, stamp: str | None = None, actor: Person, at: datetime
) -> Sharing:
    """Share the dossiers of a theme evenly between these readers, each dossier read by `each` of them.

    `stamp` is that of the sharing that was shown (`readers.sharing`): another one is refused, not written.
    """
    theme = _hold_theme(theme)
    policies.may_assign(actor, theme, at).require()
    if not 1 <= each <= MOST_EACH:
        raise Invalid({"each": [f"Choisissez de 1 à {MOST_EACH} lecteurs par dossier."]})
    shared = readers.sharing(theme, chosen, each, at)
    if stamp is not None and stamp != shared.stamp:
        raise Invalid("Les dossiers ou les lecteurs ont changé depuis l'aperçu : relisez la nouvelle répartition.")
    if shared.lacking:
        raise Invalid(lacking_sentence(shared, each))
    if not shared.pairs:
        raise Invalid("Il n'y a rien à répartir : chaque dossier a déjà ces lecteurs.")
    _check_readers(theme, chosen, set(shared.pairs), at)
    _ask(theme, shared.pairs, actor, at)
    return shared


def lacking_sentence(shared: Sharing, each: int) -> str:
    """Why a sharing cannot be made."""
    numbers = ", ".join(f"n° {dossier}" for dossier in sorted(shared.lacking)[:10])
    more = len(shared.lacking) - 10
    return (
        f"La répartition est impossible : {each} lecteur(s) par dossier, mais trop peu peuvent juger sans conflit "
        f"d'intérêts le(s) dossier(s) {numbers}{f' et {more} autre(s)' if more > 0 else ''}. "
        "Ajoutez des lecteurs, ou demandez-en moins par dossier."
    )


def _check_readers(theme: Theme, chosen: Iterable[Person], pairs: set[tuple[int, int]], at: datetime) -> None:
    """Who may be asked to read, and what."""
    chosen = list(chosen)
    possible = {person.pk for person in readers.candidates(theme, at)}
    strangers = [person.name for person in chosen if person.pk not in possible]
    if strangers:
        raise Invalid(
            f"{', '.join(strangers)} : on désigne des experts et des inspecteurs généraux en fonction, "
            "qui ne lisent pas déjà tout le thème."
        )
    known = set(Application.objects.filter(theme=theme, state="forwarded").values_list("pk", flat=True))
    if {application for application, _ in pairs} - known:
        raise Invalid("Une de ces candidatures n'est pas remontée : il n'y a pas encore de dossier à lire.")
    conflicts = readers.conflicts_of(chosen, theme, at)
    names = {person.pk: person.name for person in chosen}
    barred = [
        f"{names[reader]} (dossier n° {dossier})" for dossier, reader in sorted(pairs) if dossier in conflicts[reader]
    ]
    if barred:
        raise Invalid(f"Conflit d'intérêts, choisissez d'autres lecteurs : {', '.join(barred[:10])}.")


def _ask(theme: Theme, pairs: Iterable[tuple[int, int]], actor: Person, at: datetime) -> list[Assignment]:
    """Write the assignments that are new, and one line of the digest of each reader."""
    held = Assignment.objects.filter(application__theme=theme).values_list("application_id", "reader_id")
    new = sorted(set(pairs) - set(held))
    rows = Assignment.objects.bulk_create(
        Assignment(application_id=dossier, reader_id=reader, assigned_by=actor, assigned_at=at)
        for dossier, reader in new
    )
    by_reader: dict[int, int] = {}
    for _, reader in new:
        by_reader[reader] = by_reader.get(reader, 0) + 1
    for person in Person.objects.filter(pk__in=by_reader).order_by("pk"):
        _tell(person, theme, by_reader[person.pk], actor, at)
    if new:
        record("assign", theme, actor=actor, at=at, data={"pairs": [list(pair) for pair in new]})
    return rows


def _key(theme: Theme, reader: Person) -> str:
    return f"assigned:{theme.pk}:{reader.pk}"


def _tell(reader: Person, theme: Theme, count: int, actor: Person, at: datetime) -> None:
    """What a reader is asked: how many dossiers, of which theme. It names no dossier."""
    what = f"{count} candidatures" if count > 1 else "une candidature"
    tell(
        f"{_key(theme, reader)}:{at.isoformat()}",
        to=reader,
        text=f"{actor.name} vous désigne pour lire {what} du thème « {theme} » ({theme.campaign}).",
        label="Lire et donner votre avis",
        address=f"/evaluation/themes/{theme.pk}",
        due=theme.campaign.on("selection") or theme.campaign.on("announcement"),
        at=at,
    )


def _settle(theme: Theme, reader: Person, at: datetime) -> None:
    """Nothing that was asked of this reader waits any more: what no digest told yet is not told."""
    asked = Assignment.objects.filter(application__theme=theme, reader=reader)
    given = Opinion.objects.filter(application__theme=theme, reader=reader).values("application")
    if not asked.exclude(application__in=given).exists():
        settle(_key(theme, reader), at=at)


@transaction.atomic
def unassign(application: Application, reader: Person, *, actor: Person, at: datetime) -> None:
    """No longer ask a reader to judge an application. An opinion given stays, and so does its reader."""
    application = _hold(application)
    policies.may_assign(actor, application.theme, at).require()
    if Opinion.objects.filter(application=application, reader=reader).exists():
        raise Invalid(f"{reader.name} a déjà donné son avis sur ce dossier : il reste, et son lecteur avec lui.")
    removed, _ = Assignment.objects.filter(application=application, reader=reader).delete()
    if removed:
        record("unassign", application, actor=actor, at=at, data={"reader": reader.pk})
        _settle(application.theme, reader, at)
