"""The verbs of a review, the same for every kind of production: move it, remark, answer, close, say it was read."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import kinds, policies, queries, remarks, states
from traam.programme.productions.actions import telling
from traam.programme.productions.models import (
    Production,
    Reading,
    Remark,
    Turn,
    Version,
)
from traam.programme.productions.queries import Said

P = TypeVar("P", bound=Production)


def _locked(production: P) -> P:
    """The production read again, that nobody else moves before the end of the transaction."""
    type(production)._default_manager.select_for_update().get(pk=production.pk)
    found: P = kinds.of(production).find(production.pk)
    return found


@transaction.atomic
def move(production: P, verb: str, *, comment: str = "", actor: Person, at: datetime) -> P:
    """Make a move of the table of states. Submitting keeps a version, word for word.

    `Invalid` when it is submitted with a breach of the cahier des charges or a remark without an answer, and when it
    is sent back without a word.
    """
    production = _locked(production)
    policies.may_move(verb, actor, production, at).require()
    waiting = queries.unanswered(production)
    _check(production, verb, comment, waiting)
    if verb == "submit":
        _keep_version(production, actor, at)
    production.state, production.changed_at = kinds.of(production).machine.move(verb).target, at
    production.save(update_fields=["state", "version", "changed_at"])
    Turn.objects.create(
        review_id=production.review_id, version=production.version, verb=verb, comment=comment.strip(), by=actor, at=at
    )
    record(verb, production, actor=actor, at=at, reason=comment, data={"version": production.version})
    if verb in states.DECISIONS:
        _close_ones_own(production, actor, at)
    if not policies.is_author(actor, production, at):
        _note_reading(production, actor, at)
    telling.tell_move(production, verb, comment, waiting, actor, at)
    return production


def submit(production: P, *, comment: str = "", actor: Person, at: datetime) -> P:
    """Submit a production to the inspector: what was submitted is kept as a version."""
    return move(production, "submit", comment=comment, actor=actor, at=at)


def _check(production: Production, verb: str, comment: str, waiting: list[Remark]) -> None:
    if verb in {"propose", "submit"} and waiting:
        raise Invalid({"": [_unanswered(production, waiting)]})
    if verb == "submit" and (breaches := kinds.of(production).breaches(production)):
        raise Invalid({"": [breach.sentence for breach in breaches]})
    if verb == "send_back":
        remarks.check_sent_back(comment, waiting)


def _unanswered(production: Production, waiting: list[Remark]) -> str:
    kind = kinds.of(production)
    titles = {part.key: part.title for part in kind.parts(kind.snapshot(production))}
    where = ", ".join(dict.fromkeys(f"« {titles.get(remark.section, 'L’ensemble')} »" for remark in waiting))
    return f"{remarks.unanswered(waiting)} ({where}) : répondez point par point, même d'une ligne, puis recommencez."


def _keep_version(production: Production, actor: Person, at: datetime) -> None:
    production.version += 1
    content = kinds.of(production).snapshot(production)
    Version.objects.create(
        review_id=production.review_id, number=production.version, content=content, made_at=at, made_by=actor
    )


def _close_ones_own(production: Production, actor: Person, at: datetime) -> None:
    """Whoever lets a text go on has no more to say of it."""
    mine = Remark.objects.filter(review=production.review_id, by=actor, closed_at__isnull=True)
    mine.update(closed_by=actor, closed_at=at)


def _note_reading(production: Production, person: Person, at: datetime) -> None:
    if production.version:
        values = {"version": production.version, "at": at}
        Reading.objects.update_or_create(review_id=production.review_id, person=person, defaults=values)
        telling.forget_answers(production, person, at)


@transaction.atomic
def note_reading(production: Production, *, actor: Person, at: datetime) -> None:
    """« J'ai lu cette version »: the next time, she sees what changed since."""
    production = _locked(production)
    policies.may_note_reading(actor, production, at).require()
    _note_reading(production, actor, at)
    record("read", production, actor=actor, at=at, data={"version": production.version})


@transaction.atomic
def remark(production: Production, section: str, quote: str, text: str, *, actor: Person, at: datetime) -> Remark:
    """Say something of one part of what is read ("" for the whole), and of some words of it when `quote` is given."""
    production = _locked(production)
    policies.may_remark(actor, production, at).require()
    remarks.check(section, quote, text, sections={part.key for part in kinds.read(production)})
    made = Remark.objects.create(
        review_id=production.review_id,
        version=production.version,
        section=section,
        quote=quote.strip(),
        text=text.strip(),
        by=actor,
        at=at,
    )
    record("remark", production, actor=actor, at=at, reason=text.strip(), data={"section": section})
    if not policies.is_author(actor, production, at):
        _note_reading(production, actor, at)
    telling.tell_remark(production, made, at)
    return made


def _locked_remark(remark: Remark) -> Said:
    """A remark and what it is about, that nobody else changes before the end of the transaction."""
    production = _locked(queries.said(remark.pk).production)
    return Said(queries.said(remark.pk).remark, production)


@transaction.atomic
def answer(remark: Remark, text: str, *, actor: Person, at: datetime) -> Remark:
    """Answer a remark, for the authors; a new answer replaces the one before, until the remark is closed."""
    said = _locked_remark(remark)
    policies.may_answer(actor, said, at).require()
    remarks.answer(said.remark, text, by=actor, at=at)
    record("answer", said.production, actor=actor, at=at, reason=text.strip(), data={"remark": remark.pk})
    telling.tell_answer(said.production, said.remark, at)
    return said.remark


@transaction.atomic
def close(remark: Remark, *, actor: Person, at: datetime) -> Remark:
    """Say a remark is settled."""
    said = _locked_remark(remark)
    policies.may_close(actor, said, at).require()
    remarks.close(said.remark, by=actor, at=at)
    record("close_remark", said.production, actor=actor, at=at, data={"remark": remark.pk})
    return said.remark


@transaction.atomic
def withdraw_remark(remark: Remark, *, actor: Person, at: datetime) -> None:
    """Take away a remark nobody acted on yet; the journal keeps what it said."""
    said = _locked_remark(remark)
    policies.may_withdraw(actor, said, at).require()
    kept = {"section": said.remark.section}
    record("withdraw_remark", said.production, actor=actor, at=at, reason=said.remark.text, data=kept)
    said.remark.delete()
    if not any(other.by_id == actor.pk for other in queries.unanswered(said.production)):
        telling.forget_remarks(said.production, actor, at)
