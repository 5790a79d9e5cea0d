"""A synthesis remarked on, judged, published, corrected, withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from traam.engines.workflow import Invalid
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import actions as catalogue
from traam.programme.catalogue.syntheses.content import Content
from traam.programme.groups.models import Member
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import remarks
from traam.programme.productions.models import Remark, Turn, Version
from traam.programme.valorisation.syntheses import policies, queries, rules, sources, states, telling
from traam.programme.valorisation.syntheses.actions.writing import locked
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.programme.valorisation.syntheses.queries import Said


@transaction.atomic
def move(synthesis: Synthesis, verb: str, *, comment: str = "", actor: Person, at: datetime) -> Synthesis:
    """Make a move of the table of states. Submitting keeps a version, with the figures of that moment; publishing and
    withdrawing have their own verbs.

    `Invalid` when it is submitted with something missing or a remark without an answer, and sent back without a word.
    """
    if verb in {"publish", "withdraw"}:
        raise ValueError(f"{verb}: use its own verb")
    synthesis = locked(synthesis)
    policies.may_move(verb, actor, synthesis, at).require()
    waiting = queries.unanswered(queries.remarks(synthesis))
    if verb == "submit":
        check_ready(synthesis, waiting)
        _keep_version(synthesis, actor, at)
    if verb == "send_back":
        remarks.check_sent_back(comment, waiting)
    _turn(synthesis, verb, comment, actor, at)
    telling.tell_move(synthesis, verb, comment, waiting, actor, at)
    return synthesis


def _turn(synthesis: Synthesis, verb: str, comment: str, actor: Person, at: datetime) -> None:
    synthesis.state, synthesis.changed_at = states.SYNTHESIS.move(verb).target, at
    synthesis.save(update_fields=["state", "version", "changed_at"])
    told = {"version": synthesis.version, "verb": verb, "comment": comment.strip(), "by": actor, "at": at}
    Turn.objects.create(review_id=synthesis.review_id, **told)
    record(verb, synthesis, actor=actor, at=at, reason=comment, data={"version": synthesis.version})


def lacking(synthesis: Synthesis) -> list[str]:
    """What must be mended before it is submitted, in sentences."""
    found = queries.citations(synthesis)
    called = {name for text in synthesis.sections.values() for name in rules.tokens(text)}
    unread = [
        one.citation.source
        for one in sources.checked(found)
        if not one.validated and f"{rules.CITATION}{one.citation.number}" in called
    ]
    return rules.breaches(synthesis, queries.tokens(synthesis), unread)


def check_ready(synthesis: Synthesis, waiting: list[Remark]) -> None:
    if waiting:
        raise Invalid(f"{remarks.unanswered(waiting)} : répondez à chacune, même d'une ligne, puis recommencez.")
    if sentences := lacking(synthesis):
        raise Invalid({"": sentences})


def _keep_version(synthesis: Synthesis, actor: Person, at: datetime) -> None:
    synthesis.version += 1
    content: dict[str, Any] = {
        "title": synthesis.title,
        "sections": dict(synthesis.sections),
        "licence": synthesis.licence,
        "nobody_named": synthesis.nobody_named,
        "content": queries.live(synthesis, localdate(at)).stored(),
    }
    Version.objects.create(
        review_id=synthesis.review_id, number=synthesis.version, content=content, made_at=at, made_by=actor
    )


@transaction.atomic
def publish(synthesis: Synthesis, *, actor: Person, at: datetime) -> PublicSynthesis:
    """Put the validated version on line, with the figures that the general inspector read."""
    synthesis = locked(synthesis)
    policies.may_publish(actor, synthesis, at).require()
    version = queries.last_version(synthesis)
    assert version is not None  # noqa: S101 - it was submitted to be validated
    themes = [theme.pk for theme in synthesis.theme_list]
    members = Member.objects.filter(group__application__theme__in=themes)
    public = catalogue.publish(
        synthesis.source_key,
        Content.known(version.content["content"]),
        themes=themes,
        version=version.number,
        licence=version.content["licence"],
        names=members.values_list("person__name", flat=True).distinct(),
        actor=actor,
        at=at,
    )
    _turn(synthesis, "publish", "", actor, at)
    telling.tell_move(synthesis, "publish", "", [], actor, at)
    return public


@transaction.atomic
def withdraw(synthesis: Synthesis, reason: str, *, actor: Person, at: datetime) -> PublicSynthesis:
    """Take it off line; its address goes on saying why."""
    synthesis = locked(synthesis)
    policies.may_withdraw(actor, synthesis, at).require()
    public = catalogue.withdraw(_public(synthesis), reason, actor=actor, at=at)
    _turn(synthesis, "withdraw", reason, actor, at)
    telling.tell_move(synthesis, "withdraw", reason, [], actor, at)
    return public


@transaction.atomic
def add_erratum(synthesis: Synthesis, text: str, *, actor: Person, at: datetime) -> PublicSynthesis:
    """Say what is wrong in what is on line, without changing it."""
    synthesis = locked(synthesis)
    policies.may_correct(actor, synthesis, at).require()
    public = catalogue.add_erratum(_public(synthesis), text, actor=actor, at=at)
    record("add_erratum", synthesis, actor=actor, at=at, reason=text)
    return public


def _public(synthesis: Synthesis) -> PublicSynthesis:
    public = queries.of_public(synthesis)
    assert public is not None  # noqa: S101 - the policies asked for it
    return public


# --- remarks


@transaction.atomic
def remark(synthesis: Synthesis, section: str, quote: str, text: str, *, actor: Person, at: datetime) -> Remark:
    """Say something of one section ("" for the whole), and of some words of it when `quote` is given."""
    synthesis = locked(synthesis)
    policies.may_remark(actor, synthesis, at).require()
    remarks.check(section, quote, text, sections=rules.TITLES)
    said = {"section": section, "quote": quote.strip(), "text": text.strip(), "by": actor, "at": at}
    made = Remark.objects.create(review_id=synthesis.review_id, version=synthesis.version, **said)
    record("remark", synthesis, actor=actor, at=at, reason=text.strip(), data={"section": section})
    telling.tell_remark(synthesis, made, at)
    return made


@transaction.atomic
def answer(remark: Remark, text: str, *, actor: Person, at: datetime) -> Remark:
    """Answer a remark, for the authors; a new answer replaces the one before, until the remark is closed."""
    said = _locked(remark)
    policies.may_answer(actor, said, at).require()
    remarks.answer(said.remark, text, by=actor, at=at)
    record("answer", said.synthesis, actor=actor, at=at, reason=text.strip(), data={"remark": said.remark.pk})
    telling.tell_answer(said.synthesis, said.remark, at)
    return said.remark


@transaction.atomic
def close(remark: Remark, *, actor: Person, at: datetime) -> Remark:
    """Say a remark is settled."""
    said = _locked(remark)
    policies.may_close(actor, said, at).require()
    remarks.close(said.remark, by=actor, at=at)
    record("close_remark", said.synthesis, actor=actor, at=at, data={"remark": said.remark.pk})
    return said.remark


def _locked(remark: Remark) -> Said:
    locked(queries.said(remark.pk).synthesis)
    return queries.said(remark.pk)
