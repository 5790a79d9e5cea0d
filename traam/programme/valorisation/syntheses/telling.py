"""Who is told what of a synthesis: what is sent back leaves at once, the rest waits for the next digest."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from traam.programme.groups.queries.national import national_group
from traam.programme.letters.actions import settle, tell, write
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import holders
from traam.programme.productions.models import Remark
from traam.programme.valorisation.syntheses import rules
from traam.programme.valorisation.syntheses.models import Synthesis

# To whom each move is told, and what it says.
SENTENCES = {
    "submit": ("judges", "Une synthèse nationale attend votre lecture"),
    "validate": ("authors", "La synthèse est validée par l'inspection générale : elle peut être publiée"),
    "publish": ("group", "La synthèse nationale de votre thème est en ligne"),
    "reopen": ("authors", "La rédaction de la synthèse est rouverte"),
    "withdraw": ("authors", "La synthèse est retirée de la publication"),
}


def address(synthesis: Synthesis) -> str:
    return f"/evaluation/syntheses/{synthesis.pk}"


def tell_move(synthesis: Synthesis, verb: str, comment: str, waiting: list[Remark], by: Person, at: datetime) -> None:
    """Tell a move to those it concerns; the actor knows. `waiting` are the remarks that have no answer."""
    settle(f"synthesis:{synthesis.pk}:move", at=at)
    if verb == "send_back":
        for person in _others(authors(synthesis), by):
            _send_back(synthesis, comment, waiting, person, at)
    elif verb in SENTENCES:
        to, sentence = SENTENCES[verb]
        people = _concerned(to, synthesis, at)
        text = f"{sentence} : « {synthesis} ». {comment.strip()}".strip()
        for person in _others(people, by):
            _tell(synthesis, f"move:{verb}:{at.isoformat()}", person, text, at)


def _concerned(to: str, synthesis: Synthesis, at: datetime) -> list[Person]:
    if to == "group":
        return group(synthesis, at)
    return authors(synthesis) if to == "authors" else judges(synthesis) or holders(Role.NATIONAL, at)


def tell_remark(synthesis: Synthesis, remark: Remark, at: datetime) -> None:
    """One line for all the remarks of a reader that no digest has told yet."""
    settle(f"synthesis:{synthesis.pk}:remarks:{remark.by_id}", at=at)
    text = f"{remark.by.name} a fait des remarques : « {synthesis} »."
    for person in _others(authors(synthesis), remark.by):
        _tell(synthesis, f"remarks:{remark.by_id}:{at.isoformat()}", person, text, at)


def tell_answer(synthesis: Synthesis, remark: Remark, at: datetime) -> None:
    settle(f"synthesis:{synthesis.pk}:answers:{remark.by_id}", at=at)
    text = f"Les auteurs ont répondu à vos remarques : « {synthesis} »."
    _tell(synthesis, f"answers:{remark.by_id}:{at.isoformat()}", remark.by, text, at)


def authors(synthesis: Synthesis) -> list[Person]:
    return _stewards(synthesis, "expert") or [synthesis.created_by]


def judges(synthesis: Synthesis) -> list[Person]:
    return _stewards(synthesis, "general_inspector")


def group(synthesis: Synthesis, at: datetime) -> list[Person]:
    """The national groups of its themes, the bureau apart: it has its own page."""
    bureau = {person.pk for person in holders(Role.NATIONAL, at)}
    found = {one.pk: one for theme in synthesis.theme_list for one in national_group(theme, at).people}
    return [person for pk, person in found.items() if pk not in bureau]


def _stewards(synthesis: Synthesis, role: str) -> list[Person]:
    return [one.person for theme in synthesis.theme_list for one in theme.stewards.all() if one.role == role]


def _others(people: Iterable[Person], by: Person) -> list[Person]:
    return [person for person in {one.pk: one for one in people}.values() if person.pk != by.pk]


def _tell(synthesis: Synthesis, key: str, person: Person, text: str, at: datetime) -> None:
    tell(
        f"synthesis:{synthesis.pk}:{key}:{person.pk}",
        to=person,
        text=text,
        label="Ouvrir la synthèse",
        address=address(synthesis),
        at=at,
    )


def _send_back(synthesis: Synthesis, comment: str, waiting: list[Remark], person: Person, at: datetime) -> None:
    """What is to be mended is read while its reader remembers: this one leaves at once, with every remark."""
    said = [comment.strip()] if comment.strip() else []
    said += [_line(remark) for remark in waiting]
    write(
        f"synthesis:{synthesis.pk}:send_back:{at.isoformat()}:{person.pk}",
        to=person,
        subject=f"TraAM : {synthesis}"[:200],
        body=f"Bonjour {person.name},\n\nLa synthèse « {synthesis} » vous est renvoyée.\n\n"
        + "\n\n".join(said)
        + f"\n\nReprenez-la, et répondez à chaque remarque, ici : {settings.SITE_ADDRESS}{address(synthesis)}"
        "\n\nLa plateforme des TraAM",
        at=at,
    )


def _line(remark: Remark) -> str:
    quote = f" (« {remark.quote} »)" if remark.quote else ""
    return f"- {rules.TITLES.get(remark.section, 'L’ensemble')}{quote} : {remark.text}"
