"""What a remark and its answer must be, whatever text they are about, and how one is answered and closed."""

from collections.abc import Container, Sequence
from datetime import datetime

from traam.engines.workflow import Invalid
from traam.programme.people.models import Person
from traam.programme.productions.models import Remark

LONGEST_REMARK = 4_000
LONGEST_QUOTE = 500


def check(section: str, quote: str, text: str, *, sections: Container[str]) -> None:
    """Raise `Invalid` unless something short enough is said of one of the `sections`, or of the whole ("")."""
    errors: dict[str, list[str]] = {}
    if not text.strip():
        errors["text"] = ["Écrivez votre remarque."]
    elif len(text) > LONGEST_REMARK:
        errors["text"] = [f"Cette remarque compte {len(text)} caractères : {LONGEST_REMARK} au plus."]
    if len(quote) > LONGEST_QUOTE:
        errors["quote"] = [f"Ce passage compte {len(quote)} caractères : citez-en {LONGEST_QUOTE} au plus."]
    if section and section not in sections:
        errors["section"] = ["Cette partie n'est pas dans le texte : choisissez-en une autre, ou l'ensemble."]
    if errors:
        raise Invalid(errors)


def check_sent_back(comment: str, waiting: Sequence[Remark]) -> None:
    """Raise `Invalid` when a text goes back to its authors without a word or a remark that says why."""
    if not comment.strip() and not waiting:
        raise Invalid({"comment": ["Dites aux auteurs ce qu'il faut reprendre, ici ou par des remarques."]})


def answer(remark: Remark, text: str, *, by: Person, at: datetime) -> None:
    """Keep an answer, in the place of the one before. Raises `Invalid` when it is empty or too long."""
    if not text.strip():
        raise Invalid({"answer": ["Dites ce que vous avez changé, ou pourquoi vous ne changez rien."]})
    if len(text) > LONGEST_REMARK:
        raise Invalid({"answer": [f"Cette réponse compte {len(text)} caractères : {LONGEST_REMARK} au plus."]})
    remark.answer, remark.answered_by, remark.answered_at = text.strip(), by, at
    remark.save(update_fields=["answer", "answered_by", "answered_at"])


def close(remark: Remark, *, by: Person, at: datetime) -> None:
    remark.closed_by, remark.closed_at = by, at
    remark.save(update_fields=["closed_by", "closed_at"])


def unanswered(waiting: Sequence[Remark]) -> str:
    """The beginning of a sentence: « 3 remarques n'ont pas de réponse »."""
    return "Une remarque n'a pas de réponse" if len(waiting) == 1 else f"{len(waiting)} remarques n'ont pas de réponse"
