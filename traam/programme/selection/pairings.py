"""Which academies of a theme work together: proposed exactly, decided by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines import assignment
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies
from traam.programme.selection.models import Pairing

AGAIN = 300  # points lost by two academies already paired in another theme of the campaign


@dataclass(frozen=True)
class Proposed:
    """The best pairs of a theme: codes of academies, the sentence of the whole, and why each two go together."""

    pairs: tuple[tuple[str, ...], ...]
    summary: str
    reasons: tuple[str, ...]


def members(theme: Theme) -> list[assignment.Member]:
    """The retained academies of a theme, with what they bring. Two teams of an academy count together."""
    kept = Application.objects.filter(theme=theme, decision__state="retained").order_by("academy", "pk")
    found: dict[str, list[Application]] = {}
    for application in kept:
        found.setdefault(application.academy, []).append(application)
    return [_member(academy, several) for academy, several in found.items()]


def _member(academy: str, several: Sequence[Application]) -> assignment.Member:
    kinds = {application.get_school_kind_display() for application in several}
    degrees = {application.degree for application in several}
    return assignment.Member(
        academy=academy,
        region=reference.academies()[academy].region,
        axes=frozenset(axis for application in several for axis in application.axes),
        school_kind=kinds.pop() if len(kinds) == 1 else "",
        degree=degrees.pop() if len(degrees) == 1 else "mixte",
    )


def propose(theme: Theme) -> Proposed:
    """The best pairs or triples of the retained academies, exact; two academies already together elsewhere part."""
    try:
        found = assignment.pair(members(theme), _elsewhere(theme))
    except assignment.BadProblem:  # more academies than the exact computation takes
        return Proposed((), "Ce thème réunit trop d'académies pour que le calcul les associe : décidez à la main.", ())
    called = assignment.Names(
        academies={code: academy.name for code, academy in reference.academies().items()},
        axes={n: f"{n} « {axis} »" for n, axis in enumerate(theme.axes, 1)},
    )
    return Proposed(
        pairs=found.groups,
        summary=assignment.pairing_sentence(found, called),
        reasons=tuple(assignment.link_sentence(link, called) for link in found.links),
    )


def _elsewhere(theme: Theme) -> dict[tuple[str, str], int]:
    """The pairs decided in the other themes of the campaign."""
    others = Pairing.objects.filter(theme__campaign=theme.campaign_id).exclude(theme=theme)
    return {(a, b): AGAIN for pairing in others for group in pairing.pairs for a in group for b in group if a < b}


def of(theme: Theme) -> Pairing | None:
    return Pairing.objects.filter(theme=theme).select_related("decided_by").first()


@transaction.atomic
def decide_pairs(theme: Theme, pairs: Sequence[Sequence[str]], *, actor: Person, at: datetime) -> Pairing:
    """Decide the pairs or triples of a theme: each retained academy in one, and one only."""
    Campaign.objects.select_for_update().get(pk=theme.campaign_id)
    policies.may_pair(actor, theme, at).require()
    sentences = problems(theme, pairs)
    if sentences:
        raise Invalid({"": sentences})
    written, _ = Pairing.objects.update_or_create(
        theme=theme,
        defaults={"pairs": sorted(sorted(group) for group in pairs), "decided_by": actor, "decided_at": at},
    )
    record("pair", theme, actor=actor, at=at, data={"pairs": written.pairs})
    return written


def problems(theme: Theme, pairs: Sequence[Sequence[str]]) -> list[str]:
    """What is wrong with these pairs, in French: an academy given up since, left alone, placed twice."""
    there = {member.academy for member in members(theme)}
    named = [academy for group in pairs for academy in group]
    sentences = []
    if strangers := sorted(set(named) - there):
        sentences.append(f"{_called(strangers)} : académie qui n'est pas retenue pour le thème « {theme} ».")
    if twice := sorted({academy for academy in named if named.count(academy) > 1}):
        sentences.append(f"{_called(twice)} : académie placée deux fois, gardez une seule équipe pour chacune.")
    if left := sorted(there - set(named)):
        sentences.append(f"{_called(left)} : académie sans partenaire, placez-la dans une paire ou un trio.")
    sentences += _sizes(pairs, len(there))
    return sentences


def _sizes(pairs: Sequence[Sequence[str]], academies: int) -> list[str]:
    """Nobody works alone, nor in a crowd; a theme of one academy has nobody to work with."""
    if not academies:
        return ["Aucune académie n'est retenue pour ce thème : il n'y a personne à associer."]
    found = [
        f"{_called(group)} : académie seule, donnez-lui au moins une partenaire." for group in pairs if len(group) == 1
    ]
    found = found if academies > 1 else []
    found += [f"{_called(group)} : trois académies au plus travaillent ensemble." for group in pairs if len(group) > 3]
    return found


def named(pairs: Sequence[Sequence[str]]) -> list[str]:
    """Each group of academies by its names: « Lille, Lyon »."""
    return [_called(group) for group in pairs]


def _called(codes: Sequence[str]) -> str:
    known = reference.academies()
    return ", ".join(known[code].name if code in known else code for code in codes)
