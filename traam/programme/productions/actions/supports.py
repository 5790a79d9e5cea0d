"""The verbs of a communication support: begun, written, given its file and its captions."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines.sharing import BadAddress, cues, normal
from traam.engines.workflow import Invalid
from traam.gateways.intake import Taken
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.productions import policies, states, support_policies, support_rules
from traam.programme.productions.actions import filing
from traam.programme.productions.models import Review, Support
from traam.programme.productions.queries.supports import support as find

LONGEST = {
    "title": 200,
    "summary": 1_500,
    "alternative": 5_000,
    "transcript": 40_000,
    "no_speech": 300,
    "authors": 300,
}
MOST_OF_A_GROUP = 60
CAPTIONS = frozenset({"vtt"})
MOST_OF_CAPTIONS = 1_000_000
Upload = tuple[str, bytes]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class SupportContent:
    """What is typed of a support. `transcript` is Markdown; `licence` a code; `rights_checked`: nobody may object."""

    title: str
    summary: str = ""
    address: str = ""
    alternative: str = ""
    transcript: str = ""
    no_speech: str = ""
    licence: str = ""
    authors: str = ""
    rights_checked: bool = False


class StaleSupport(Exception):
    """Somebody saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Support) -> None:
        super().__init__("Ce support a été modifié pendant que vous l'écriviez.")
        self.stored = stored


@transaction.atomic
def begin(group: Group, kind: str, title: str, *, actor: Person, at: datetime) -> Support:
    """Begin a support of a kind (`Support.Kind`) in a group whose edition has supports."""
    Group.objects.select_for_update().get(pk=group.pk)
    group = find_group(group.pk)
    support_policies.may_begin(actor, group, at).require()
    errors = _text_errors(SupportContent(title))
    if kind not in Support.Kind.values:
        errors["kind"] = ["Choisissez la nature du support dans la liste."]
    if errors:
        raise Invalid(errors)
    if Support.objects.filter(group=group).count() >= MOST_OF_A_GROUP:
        raise Invalid({"": [f"Le groupe a déjà {MOST_OF_A_GROUP} supports : complétez l'un d'eux."]})
    made = Support.objects.create(
        group=group,
        review=Review.objects.create(opened_at=at),
        state=states.SUPPORT.initial,
        kind=kind,
        title=title.strip(),
        created_by=actor,
        created_at=at,
        changed_at=at,
    )
    record("begin", made, actor=actor, at=at, data={"kind": kind})
    return made


@transaction.atomic
def save(support: Support, content: SupportContent, *, revision: int, actor: Person, at: datetime) -> Support:
    """Keep what was typed. `revision` is the one the page was opened on: `StaleSupport` when somebody saved since."""
    support = _changeable(support, actor, at)
    if revision != support.revision:
        raise StaleSupport(support)
    errors = _text_errors(content)
    address, wrong = _address(content.address, support.kind)
    if wrong:
        errors["address"] = [wrong]
    if content.licence and content.licence not in {support.licence, *reference.licences()}:
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if errors:
        raise Invalid(errors)
    for name, value in asdict(content).items():
        setattr(support, name, value.strip() if isinstance(value, str) else value)
    support.address = address
    support.revision += 1
    _keep(support, "save", actor, at, revision=support.revision)
    return support


def set_file(support: Support, upload: Upload, *, actor: Person, at: datetime) -> Support:
    """Give a support its file (its name, its bytes), in the place of the one it had.

    The versions that were submitted keep theirs. The bytes are on the disk before the row is written.
    """
    support = find(support.pk)
    policies.may_edit(actor, support, at).require()
    accepted = support_rules.ACCEPTED[support.kind]
    if not accepted:
        raise Invalid({"file": ["Une vidéo se met en ligne sur PeerTube : donnez son adresse, dans les textes."]})
    filing.judged(upload[1], accepted=accepted)
    filing.check_room(support.group, len(upload[1]) - support.size)
    return _set_file(support, filing.taken(upload, accepted=accepted), actor, at)


@transaction.atomic
def _set_file(support: Support, taken: Taken, actor: Person, at: datetime) -> Support:
    support = _changeable(support, actor, at)
    support.file, support.filename = taken.file, taken.filename
    support.size, support.screened = taken.size, taken.screened
    _keep(support, "set_file", actor, at, file=taken.file, filename=taken.filename)
    return support


@transaction.atomic
def remove_file(support: Support, *, actor: Person, at: datetime) -> Support:
    """Take its file away from a support; it leaves the disk unless a version has it."""
    support = _changeable(support, actor, at)
    gone, support.file, support.filename, support.size, support.screened = support.file, "", "", 0, ""
    _keep(support, "remove_file", actor, at, file=gone)
    return support


def set_captions(support: Support, upload: Upload, *, actor: Person, at: datetime) -> Support:
    """Give a video its captions, in WebVTT: each is shown for a while, with words, in the order of time."""
    support = find(support.pk)
    policies.may_edit(actor, support, at).require()
    if support.kind != Support.Kind.VIDEO:
        raise Invalid({"file": ["Seule une vidéo a des sous-titres."]})
    _judge_captions(upload[1])
    return _set_captions(support, filing.taken(upload, accepted=CAPTIONS), actor, at)


def _judge_captions(data: bytes) -> None:
    if len(data) > MOST_OF_CAPTIONS:
        raise Invalid({"file": ["Ces sous-titres pèsent plus de 1 Mo : un fichier de sous-titres n'a que du texte."]})
    filing.judged(data, accepted=CAPTIONS)
    found, faults = cues(data.decode("utf-8-sig"))
    if faults:
        raise Invalid({"file": [f"Ces sous-titres ne se liraient pas bien, {fault}" for fault in faults]})
    if not found:
        raise Invalid({"file": ["Ces sous-titres sont vides : vérifiez le fichier."]})


@transaction.atomic
def _set_captions(support: Support, taken: Taken, actor: Person, at: datetime) -> Support:
    support = _changeable(support, actor, at)
    support.captions = taken.file
    _keep(support, "set_captions", actor, at, file=taken.file)
    return support


@transaction.atomic
def remove_captions(support: Support, *, actor: Person, at: datetime) -> Support:
    support = _changeable(support, actor, at)
    gone, support.captions = support.captions, ""
    _keep(support, "remove_captions", actor, at, file=gone)
    return support


def _changeable(support: Support, actor: Person, at: datetime) -> Support:
    """The support read again, that nobody else changes before the end of the transaction, and that she may change."""
    Support.objects.select_for_update().get(pk=support.pk)
    support = find(support.pk)
    policies.may_edit(actor, support, at).require()
    return support


def _keep(support: Support, verb: str, actor: Person, at: datetime, **data: object) -> None:
    support.changed_at = at
    support.save()
    record(verb, support, actor=actor, at=at, data=data)


def _text_errors(content: SupportContent) -> Errors:
    errors: Errors = {}
    if not content.title.strip():
        errors["title"] = ["Donnez un titre au support, même provisoire."]
    for name, longest in LONGEST.items():
        length = len(getattr(content, name))
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    return errors


def _address(typed: str, kind: str) -> tuple[str, str]:
    """The address in one form, and why it is refused ("" when it is not)."""
    if not typed.strip():
        return "", ""
    try:
        address = normal(typed)
    except BadAddress as bad:
        return "", str(bad)
    if kind == Support.Kind.VIDEO and not address.startswith("https://"):
        return "", "L'adresse d'une vidéo commence par https:// : prenez celle de sa page sur PeerTube."
    return address, ""
