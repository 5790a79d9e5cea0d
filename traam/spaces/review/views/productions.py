"""A production of any kind, read by those the circuit names: what it says, what is said of it, what is decided."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, writes
from traam.design.prose import Pictures, pictures
from traam.engines.workflow import Invalid, Missing, Move
from traam.programme.people.models import Person
from traam.programme.productions import actions, kinds, policies, queries, rereading
from traam.programme.productions.models import Module, Production, Remark, Turn, Version, theme_of, written_by
from traam.programme.productions.parts import Part
from traam.programme.productions.queries import Said
from traam.programme.productions.rereading import Reread
from traam.programme.productions.states import TURNS
from traam.spaces.review.forms import RemarkForm, VerdictForm
from traam.spaces.review.views import beside

# The moves of this page, the one that goes on first.
VERDICTS = ("submit", "endorse", "validate", "confirm", "send_back", "reopen")
DONE = {
    "submit": "Soumis à l'inspecteur, qui est prévenu.",
    "endorse": "Transmis à l'expert du thème, qui le valide.",
    "validate": "Validé. Les auteurs sont prévenus.",
    "confirm": "Validé. Les auteurs sont prévenus.",
    "send_back": "Renvoyé aux auteurs, avec votre commentaire et les remarques.",
    "reopen": "Rouvert : les auteurs peuvent le reprendre.",
}
WHOLE = "L'ensemble"


@dataclass(frozen=True)
class Thread:
    """A remark as this reader sees it."""

    remark: Remark
    closable: bool
    withdrawable: bool


@dataclass
class Block:
    """A part on the page: its text, or the words that changed; what is said of it; the form to say more."""

    part: Part
    reread: Reread | None = None
    threads: list[Thread] = field(default_factory=list)
    closed: list[Thread] = field(default_factory=list)
    form: RemarkForm | None = None

    @property
    def anchor(self) -> str:
        return f"partie-{self.part.key or 'ensemble'}"


@dataclass(frozen=True)
class Exchange:
    """One turn of the review, and the remarks that were made with it."""

    turn: Turn
    label: str
    remarks: list[tuple[str, Remark]]


def _asked_since(request: Request, production: Production, version: Version | None) -> int:
    """The version to compare with, 0 to read everything: what the address asks, or the last one she read."""
    raw = request.POST.get("depuis", request.GET.get("depuis", ""))
    asked = int(raw) if re.fullmatch(r"[0-9]{1,4}", raw) else rereading.last_read(production, request.user)
    return asked if asked in _comparable(production, version) else 0


def _comparable(production: Production, version: Version | None) -> range:
    """The versions that are not what is read: the last one too, while the référent reads what was written since."""
    latest = version.number if version else 0
    return range(1, latest + (production.state == "proposed"))


def _threads(request: Request, production: Production) -> list[Thread]:
    person, at = request.user, request.at
    return [
        Thread(
            remark,
            closable=bool(policies.may_close(person, Said(remark, production), at)),
            withdrawable=bool(policies.may_withdraw(person, Said(remark, production), at)),
        )
        for remark in queries.remarks(production)
    ]


def _blocks(parts: list[Part], changed: list[Reread] | None, threads: list[Thread]) -> list[Block]:
    """Every part, or those that changed and those of which something is still said; then the whole."""
    rewritten = {reread.part.key: reread for reread in changed or ()}
    known = parts + [reread.part for reread in changed or () if reread.gone]
    blocks = {part.key: Block(part, rewritten.get(part.key)) for part in known}
    blocks[""] = Block(Part("", WHOLE, ""))
    for thread in threads:
        block = blocks.get(thread.remark.section, blocks[""])
        (block.closed if thread.remark.closed_at else block.threads).append(thread)
    if changed is None:
        return list(blocks.values())
    return [block for block in blocks.values() if block.reread or block.threads or not block.part.key]


def _history(production: Production, threads: list[Thread], titles: dict[str, str]) -> list[Exchange]:
    """The turns, latest first, each with the remarks its author made since the turn before."""
    turns = queries.turns(production)
    found = []
    for turn, before in zip(turns, [*turns[1:], None], strict=False):
        mine = [
            (titles.get(thread.remark.section, WHOLE), thread.remark)
            for thread in threads
            if thread.remark.by_id == turn.by_id and thread.remark.at <= turn.at
            if before is None or thread.remark.at > before.at
        ]
        found.append(Exchange(turn, TURNS.get(turn.verb, turn.verb), mine))
    return found


def _verdicts(person: Person, production: Production, at: Any) -> list[Move]:
    """The moves this person may make here; authors take back and reopen in their own pages."""
    held = policies.standing(person, production, at)
    found = [move for move in policies.moves(person, production, at) if move.verb in VERDICTS]
    found = [move for move in found if move.verb != "submit" or production.state == "proposed"]
    found = [move for move in found if move.verb != "reopen" or "inspector" in held]
    return sorted(found, key=lambda move: VERDICTS.index(move.verb))


def _show(
    request: Request, production: Production, form: VerdictForm, refused: RemarkForm | None = None
) -> HttpResponse:
    version = queries.last_version(production)
    context = {
        "kind": kinds.of(production),
        "production": production,
        "version": version,
        "theme": theme_of(production),
        "written_by": written_by(production),
        "state": kinds.of(production).machine.states[production.state],
        "refused": refused,
        "images": _images(production, version),
        **_read(request, production, version, refused),
        **_decided(request, production),
        **beside.context(request, production, version),
    }
    answer = show(request, "review/production.html", form, **context)
    if refused:
        answer.status_code = 422
    return answer


def _read(
    request: Request, production: Production, version: Version | None, refused: RemarkForm | None
) -> dict[str, Any]:
    """The text as this reader sees it, and what is said of it."""
    readable = version is not None or production.state == "proposed"
    since = _asked_since(request, production, version)
    parts = kinds.read(production) if readable else []
    threads = _threads(request, production)
    blocks = _blocks(parts, rereading.since(production, since) if since else None, threads)
    if readable and policies.may_remark(request.user, production, request.at):
        for block in blocks:
            mine = refused is not None and refused.section == block.part.key
            block.form = refused if mine else RemarkForm(section=block.part.key)
    shown = {block.part.key for block in blocks}
    return {
        "readable": readable,
        "blocks": blocks,
        "since": since,
        "unchanged": [part.title for part in parts if part.key not in shown],
        "compared": list(_comparable(production, version)),
        "history": _history(production, threads, {part.key: part.title for part in parts}),
    }


def _decided(request: Request, production: Production) -> dict[str, Any]:
    """What this reader has done and may do."""
    person, at = request.user, request.at
    return {
        "read": queries.reading(production, person),
        "may_note": bool(policies.may_note_reading(person, production, at)),
        "may_review": bool(policies.may_review(person, at)),
        "moves": _verdicts(person, production, at),
        "waiting": queries.unanswered(production),
    }


def _images(production: Production, version: Version | None) -> Pictures:
    """Where the text that is read finds its images and its files."""
    submitted = version is not None and production.state != "proposed"
    content = version.content if version and submitted else kinds.of(production).snapshot(production)
    pieces = content.get("pieces", [])
    if isinstance(production, Module):
        return pictures(pieces, lambda piece: reverse("workshop:activity_file", args=[production.pk, piece["id"]]))
    return pictures(pieces, lambda piece: reverse("workshop:scenario_file", args=[production.pk, piece["file"]]))


def _page(name: str) -> Callable[..., HttpResponseBase]:
    """The page of one kind."""

    @writes(find=kinds.KINDS[name].find, may=policies.may_see, why="review")
    def page(request: Request, production: Production) -> HttpResponse:
        form = VerdictForm(posted(request))
        if request.method == "POST" and form.is_valid():
            verb = request.POST.get("verb", "")
            if verb not in VERDICTS or (verb == "submit" and production.state != "proposed"):
                raise Missing("Cette action n'existe pas : revenez à la page et choisissez un bouton.")
            try:
                actions.move(production, verb, **form.cleaned_data, actor=request.user, at=request.at)
            except Invalid as invalid:
                apply_invalid(form, invalid)
            else:
                messages.success(request, DONE[verb])
                return redirect(address(production))
        return _show(request, production, form)

    page.__name__ = name
    return page


def address(production: Production) -> str:
    return f"{kinds.of(production).review}/{production.pk}"


scenario, module, bilan, support = (_page(name) for name in ("scenario", "module", "bilan", "support"))


def find(kind: str, pk: int) -> Production:
    """A production of the kind that the address names ("scenarios")."""
    for known in kinds.KINDS.values():
        if known.review.endswith(f"/{kind}"):
            found: Production = known.find(pk)
            return found
    raise Missing("Cette page n'existe pas : aucune production n'est de cette nature.")


@writes(find=find, may=policies.may_remark, why="review")
def remark(request: Request, production: Production) -> HttpResponse:
    """Say something of one part."""
    if request.method != "POST":
        return redirect(address(production))
    section = request.POST.get("section", "")
    form = RemarkForm(request.POST, section=section)
    if attempt(request, form, lambda given: actions.remark(production, section, **given)):
        messages.success(request, "Remarque enregistrée : elle partira avec votre décision.")
        return redirect(_back(request, production, section))
    return _show(request, production, VerdictForm(), form)


def _back(request: Request, production: Production, section: str) -> str:
    """The same reading, at the same part."""
    since = request.POST.get("depuis", "")
    asked = f"?{urlencode({'depuis': since})}" if since.isdecimal() else ""
    return f"{address(production)}{asked}#partie-{section or 'ensemble'}"


@writes(find=find, may=policies.may_note_reading, why="review")
def note_reading(request: Request, production: Production) -> HttpResponse:
    if request.method == "POST":
        actions.note_reading(production, actor=request.user, at=request.at)
        messages.success(request, "Lecture notée : la prochaine fois, vous verrez d'abord ce qui aura changé.")
    return redirect(address(production))


@writes(find=queries.said, may=policies.may_close, why="review")
def close_remark(request: Request, said: Said) -> HttpResponse:
    if request.method == "POST":
        actions.close(said.remark, actor=request.user, at=request.at)
        messages.success(request, "Remarque close.")
    return redirect(_back(request, said.production, said.remark.section))


@writes(find=queries.said, may=policies.may_withdraw, why="review")
def withdraw_remark(request: Request, said: Said) -> HttpResponse:
    if request.method == "POST":
        actions.withdraw_remark(said.remark, actor=request.user, at=request.at)
        messages.success(request, "Remarque retirée.")
    return redirect(_back(request, said.production, said.remark.section))
