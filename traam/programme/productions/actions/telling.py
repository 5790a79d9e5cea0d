"""Who is told what of a review: what is sent back leaves at once, the rest waits for the next digest."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from traam.programme.groups.models import Member
from traam.programme.letters.actions import settle, tell, write
from traam.programme.people.models import Person
from traam.programme.productions import kinds
from traam.programme.productions.models import Production, Remark, Turn, theme_of, written_by
from traam.programme.productions.parts import Part

# What each move says, to the readers of the next state ("review") or to the authors ("workshop").
SENTENCES = {
    "propose": ("authors", "Un texte vous est proposé pour relecture"),
    "submit": ("inspectors", "Un texte attend votre lecture"),
    "endorse": ("experts", "Un texte attend votre lecture, après celle de l'inspecteur"),
    "validate": ("authors", "Votre texte est validé"),
    "confirm": ("authors", "Votre texte est validé par l'expert du thème"),
    "reopen": ("authors", "La rédaction est reprise"),
}


def tell_move(production: Production, verb: str, comment: str, waiting: list[Remark], by: Person, at: datetime) -> None:
    """Tell a move to those it concerns; the actor knows. `waiting` are the remarks the authors have to answer."""
    kind = kinds.of(production)
    settle(f"{kind.name}:{production.pk}", at=at)
    if verb == "send_back":
        for person in _others(authors(production), by):
            _send_back(production, comment, waiting, person, at)
    elif verb in SENTENCES:
        to, sentence = SENTENCES[verb]
        people = {"authors": authors, "inspectors": inspectors, "experts": experts}[to](production)
        text = f"{sentence} : {_named(production)}. {comment.strip()}".strip()
        _tell(production, verb, _others(people, by), text, kind.workshop if to == "authors" else kind.review, at)


def tell_remark(production: Production, remark: Remark, at: datetime) -> None:
    """One line for all the remarks of a reader that no digest has told yet."""
    forget_remarks(production, remark.by, at)
    text = f"{remark.by.name} a fait des remarques : {_named(production)}."
    key = f"remarks:{remark.by_id}"
    _tell(production, key, _others(authors(production), remark.by), text, kinds.of(production).workshop, at)


def tell_answer(production: Production, remark: Remark, at: datetime) -> None:
    """One line for all the answers to one reader; it waits until she reads, whatever is moved in the meantime."""
    kind = kinds.of(production)
    forget_answers(production, remark.by, at)
    tell(
        f"{_answers(production, remark.by)}:{production.version}:{at.isoformat()}",
        to=remark.by,
        text=f"Les auteurs ont répondu à vos remarques : {_named(production)}.",
        label="Lire les réponses",
        address=f"{kind.review}/{production.pk}",
        at=at,
    )


def forget_remarks(production: Production, reader: Person, at: datetime) -> None:
    settle(f"{kinds.of(production).name}:{production.pk}:remarks:{reader.pk}", at=at)


def forget_answers(production: Production, person: Person, at: datetime) -> None:
    settle(_answers(production, person), at=at)


def _answers(production: Production, person: Person) -> str:
    return f"answers:{kinds.of(production).name}:{production.pk}:{person.pk}"


def _named(production: Production) -> str:
    return f"« {production} » ({written_by(production)})"


def _others(people: Iterable[Person], by: Person) -> list[Person]:
    return [person for person in {one.pk: one for one in people}.values() if person.pk != by.pk]


def authors(production: Production) -> list[Person]:
    """Who answers for a text: the référents of its group, and whoever proposed or submitted it last."""
    people = _members(production, "referent")
    asked = Turn.objects.filter(review=production.review_id, verb__in=["propose", "submit"]).select_related("by")
    last = asked.order_by("-at", "-pk").first()
    if last is not None and last.by not in people:
        people.append(last.by)
    return people or [production.created_by]


def inspectors(production: Production) -> list[Person]:
    if production.group is None:
        return _stewards(production, "general_inspector")
    return _members(production, "inspector")


def experts(production: Production) -> list[Person]:
    return _stewards(production, "expert")


def _members(production: Production, role: str) -> list[Person]:
    if production.group is None:
        return []
    rows = Member.objects.filter(group=production.group, role=role, until=None).select_related("person")
    return [member.person for member in rows.order_by("pk")]


def _stewards(production: Production, role: str) -> list[Person]:
    return [steward.person for steward in theme_of(production).stewards.all() if steward.role == role]


def _tell(production: Production, key: str, people: list[Person], text: str, address: str, at: datetime) -> None:
    name = kinds.of(production).name
    for person in people:
        tell(
            f"{name}:{production.pk}:{key}:{production.version}:{at.isoformat()}:{person.pk}",
            to=person,
            text=text,
            label=f"Ouvrir {kinds.of(production).noun}",
            address=f"{address}/{production.pk}",
            at=at,
        )


def _send_back(production: Production, comment: str, waiting: list[Remark], person: Person, at: datetime) -> None:
    """What is to be mended is read while its reader remembers: this one leaves at once, with every remark."""
    kind = kinds.of(production)
    titles = {part.key: part.title for part in _parts(production)}
    said = [comment.strip()] if comment.strip() else []
    said += [_line(remark, titles) for remark in waiting]
    address = f"{settings.SITE_ADDRESS}{kind.workshop}/{production.pk}"
    write(
        f"{kind.name}:{production.pk}:send_back:{at.isoformat()}:{person.pk}",
        to=person,
        subject=f"TraAM : {production}"[:200],
        body=f"Bonjour {person.name},\n\n« {production} » vous est renvoyé.\n\n"
        + "\n\n".join(said)
        + f"\n\nReprenez-le, et répondez à chaque remarque, ici : {address}\n\nLa plateforme des TraAM",
        at=at,
    )


def _parts(production: Production) -> list[Part]:
    kind = kinds.of(production)
    return kind.parts(kind.snapshot(production))


def _line(remark: Remark, titles: dict[str, str]) -> str:
    where = titles.get(remark.section, "L'ensemble")
    quote = f" (« {remark.quote} »)" if remark.quote else ""
    return f"- {where}{quote} : {remark.text}"
