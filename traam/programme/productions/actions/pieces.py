"""The files and addresses that go with a scenario, each with its own rights."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from traam import reference
from traam.engines.sharing import ACCEPTED, IMAGES, BadAddress, kind_of_name, normal
from traam.engines.workflow import Invalid
from traam.gateways.intake import Taken
from traam.programme.groups.models import Group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import piece_policies, policies, queries
from traam.programme.productions.actions import filing
from traam.programme.productions.models import Piece, Scenario
from traam.programme.productions.queries import pieces as reads

LONGEST = {"title": 200, "holder": 200, "alternative": 2_000}
MOST_OF_A_SCENARIO = 60
Upload = tuple[str, bytes]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Rights:
    """What is typed of a piece beside its file or its address. `licence` is a code of the vocabulary; what is not known
    of the rights may wait, the alternative of an image may not."""

    title: str
    alternative: str = ""
    decorative: bool = False
    licence: str = ""
    holder: str = ""
    terms_read_on: date | None = None


def add_piece(
    scenario: Scenario, rights: Rights, *, address: str = "", file: Upload | None = None, actor: Person, at: datetime
) -> Piece:
    """Add a file (its name and its bytes) or an address to a scenario.

    The file is on the disk before its row is written, and goes there only when all the rest is right.
    """
    policies.may_edit(actor, queries.scenario(scenario.pk), at).require()
    made = Piece(scenario=scenario, added_by=actor, added_at=at)
    if file is None and not address.strip():
        raise Invalid({"file": ["Choisissez un fichier, ou donnez l'adresse d'une page."]})
    if file is not None and address.strip():
        raise Invalid({"address": ["Donnez un fichier ou une adresse, pas les deux : ce sont deux pièces."]})
    taken = _checked(made, rights, address, file, at)
    return _add(made, taken, actor, at)


@transaction.atomic
def _add(made: Piece, taken: Taken | None, actor: Person, at: datetime) -> Piece:
    scenario = _locked(made.scenario)
    policies.may_edit(actor, scenario, at).require()
    kept = scenario.pieces.filter(withdrawn_at=None)
    if kept.count() >= MOST_OF_A_SCENARIO:
        raise Invalid({"": [f"Ce scénario a déjà {MOST_OF_A_SCENARIO} pièces : retirez-en une pour en ajouter."]})
    if taken:
        _fit(scenario, taken.size)
        _put(made, taken)
    made.scenario, made.position = scenario, (kept.aggregate(last=Max("position"))["last"] or 0) + 1
    made.save()
    _touch(scenario, at)
    record("add_piece", scenario, actor=actor, at=at, data=_said(made))
    return made


def change_piece(
    piece: Piece, rights: Rights, *, address: str = "", file: Upload | None = None, actor: Person, at: datetime
) -> Piece:
    """Correct a piece. A new `file` takes the place of its file; the versions that had the first keep it."""
    piece = reads.piece(piece.scenario_id, piece.pk)
    piece_policies.may_change(actor, piece, at).require()
    if not piece.file and file is not None:
        raise Invalid({"file": ["Cette pièce est une adresse : ajoutez le fichier comme une autre pièce."]})
    taken = _checked(piece, rights, address if not piece.file else "", file, at)
    return _change(piece, taken, actor, at)


@transaction.atomic
def _change(piece: Piece, taken: Taken | None, actor: Person, at: datetime) -> Piece:
    scenario = _locked(piece.scenario)
    stored = reads.piece(scenario.pk, piece.pk)
    piece_policies.may_change(actor, stored, at).require()
    if taken:
        _fit(scenario, taken.size - stored.size)
        _put(piece, taken)
    piece.position = stored.position
    piece.save()
    _touch(scenario, at)
    record("change_piece", scenario, actor=actor, at=at, data=_said(piece))
    return piece


@transaction.atomic
def move_piece(piece: Piece, *, up: bool, actor: Person, at: datetime) -> Piece:
    """Move a piece before the one above it, or after the one below."""
    scenario = _locked(piece.scenario)
    piece = reads.piece(scenario.pk, piece.pk)
    piece_policies.may_change(actor, piece, at).require()
    ordered = reads.pieces(scenario)
    here = next(n for n, each in enumerate(ordered) if each.pk == piece.pk)
    there = here + (-1 if up else 1)
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
        for position, each in enumerate(ordered, 1):
            each.position = position
        Piece.objects.bulk_update(ordered, ["position"])
        _touch(scenario, at)
        record("move_piece", scenario, actor=actor, at=at, data={"piece": piece.pk, "up": up})
    return piece


@transaction.atomic
def withdraw_piece(piece: Piece, *, actor: Person, at: datetime) -> Piece:
    """Withdraw a piece: its row stays; its file goes, unless a version that was submitted had it."""
    scenario = _locked(piece.scenario)
    piece = reads.piece(scenario.pk, piece.pk)
    piece_policies.may_change(actor, piece, at).require()
    piece.withdrawn_at = at
    piece.save(update_fields=["withdrawn_at"])
    _touch(scenario, at)
    record("withdraw_piece", scenario, actor=actor, at=at, data=_said(piece))
    return piece


def _checked(piece: Piece, rights: Rights, address: str, file: Upload | None, at: datetime) -> Taken | None:
    """Put in the piece what was typed of it, and keep its file; raise `Invalid` with every fault."""
    errors = _text_errors(rights) | _rights_errors(rights, at.date())
    extension = ""
    try:
        if file is not None:
            extension = filing.judged(file[1], accepted=ACCEPTED)
            filing.check_room(piece.scenario.group, len(file[1]) - piece.size)
        elif piece.file:
            known = kind_of_name(piece.filename)
            extension = known.extension if known else ""
    except Invalid as bad:
        errors |= bad.errors
    if address or not (file or piece.file):
        errors |= _put_address(piece, address)
    if extension in IMAGES and not rights.decorative and not rights.alternative.strip():
        errors["alternative"] = [
            "Dites ce que montre l'image, pour qui ne la voit pas ; ou cochez « Image décorative » si elle ne dit rien."
        ]
    if errors:
        raise Invalid(errors)
    piece.title, piece.holder = rights.title.strip(), rights.holder.strip()
    piece.licence, piece.terms_read_on = rights.licence, rights.terms_read_on
    piece.decorative = rights.decorative and extension in IMAGES
    piece.alternative = "" if piece.decorative else rights.alternative.strip()
    return filing.taken(file, accepted=ACCEPTED) if file else None


def _fit(scenario: Scenario, size: int) -> None:
    """Ask again for the room of a file, one writer of the group at a time."""
    Group.objects.select_for_update().get(pk=scenario.group_id)
    filing.check_room(scenario.group, size)


def _put(piece: Piece, taken: Taken) -> None:
    piece.file, piece.filename, piece.size, piece.screened = taken.file, taken.filename, taken.size, taken.screened


def _put_address(piece: Piece, address: str) -> Errors:
    try:
        piece.address = normal(address)
    except BadAddress as bad:
        return {"address": [str(bad)]}
    return {}


def _text_errors(rights: Rights) -> Errors:
    errors: Errors = {}
    if not rights.title.strip():
        errors["title"] = ["Donnez un titre à la pièce : c'est lui qui se lit dans la liste."]
    for name, longest in LONGEST.items():
        length = len(getattr(rights, name).strip())
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    return errors


def _rights_errors(rights: Rights, today: date) -> Errors:
    errors: Errors = {}
    if rights.licence and rights.licence not in reference.licences():
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if rights.terms_read_on and not date(2000, 1, 1) <= rights.terms_read_on <= today:
        errors["terms_read_on"] = ["Donnez le jour où les conditions ont été lues : il n'est pas à venir."]
    return errors


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return queries.scenario(scenario.pk)


def _touch(scenario: Scenario, at: datetime) -> None:
    Scenario.objects.filter(pk=scenario.pk).update(changed_at=at)


def _said(piece: Piece) -> dict[str, object]:
    """What the journal keeps of a piece."""
    return {"piece": piece.pk, "title": piece.title, "address": piece.address, "file": piece.file}
