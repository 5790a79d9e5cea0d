from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from traam.engines import newsletters
from traam.engines.newsletters import Links
from traam.engines.workflow import Invalid
from traam.programme.catalogue.queries import notice_or_none
from traam.programme.journal.actions import record
from traam.programme.letters import actions as letters
from traam.programme.people.models import Person
from traam.programme.subscriptions import actions as subscriptions
from traam.programme.subscriptions import addresses
from traam.programme.subscriptions.actions import Finished
from traam.programme.subscriptions.models import Newsletter, PublishedIssue
from traam.programme.valorisation.issues import drafting, policies, queries, rules
from traam.programme.valorisation.issues.drafting import Drafted
from traam.programme.valorisation.issues.models import Block, Issue


@dataclass(frozen=True)
class BlockValues:
    """What is typed of a block."""

    title: str = ""
    details: str = ""
    text: str = ""
    address: str = ""
    label: str = ""


@transaction.atomic
def begin(newsletter: Newsletter, title: str, introduction: str = "", *, actor: Person, at: datetime) -> Issue:
    policies.may_compose(actor, at).require()
    _titled(title)
    issue = Issue.objects.create(
        newsletter=newsletter, title=title.strip(), introduction=introduction, begun_by=actor.label[:200], changed_at=at
    )
    record("begin", issue, actor=actor, at=at)
    return issue


@transaction.atomic
def edit(issue: Issue, title: str, introduction: str, *, actor: Person, at: datetime) -> Issue:
    row = _editable(issue, actor, at)
    _titled(title)
    row.title, row.introduction, row.changed_at = title.strip(), introduction, at
    row.save(update_fields=["title", "introduction", "changed_at"])
    record("edit", row, actor=actor, at=at)
    return row


def _titled(title: str) -> None:
    if not title.strip():
        raise Invalid({"title": ["Donnez un titre au numéro : il devient l'objet du courriel."]})


@transaction.atomic
def pick_notices(issue: Issue, notices: Sequence[int], *, actor: Person, at: datetime) -> int:
    """Add these notices, drafted; those already there are left. How many were added."""
    return _pick(issue, [drafting.of_work(one) for pk in notices if (one := notice_or_none(pk))], actor, at)


@transaction.atomic
def pick_themes(issue: Issue, themes: Sequence[int], *, actor: Person, at: datetime) -> int:
    return _pick(issue, [drafting.of_theme(one) for one in queries.themes_of(themes)], actor, at)


@transaction.atomic
def pick_syntheses(issue: Issue, syntheses: Sequence[int], *, actor: Person, at: datetime) -> int:
    return _pick(issue, [drafting.of_synthesis(one) for one in queries.syntheses_of(syntheses)], actor, at)


def _pick(issue: Issue, drafted: Sequence[Drafted], actor: Person, at: datetime) -> int:
    row = _editable(issue, actor, at)
    there = set(row.blocks.values_list("source", flat=True))
    new = [one for one in drafted if one.source not in there]
    _hold(row, len(new))
    first = _next_place(row)
    Block.objects.bulk_create(Block(issue=row, place=first + rank, **vars(one)) for rank, one in enumerate(new))
    return _touched(row, "pick", actor, at, {"sources": [one.source for one in new]}, len(new))


@transaction.atomic
def write_block(issue: Issue, kind: str, values: BlockValues, *, actor: Person, at: datetime) -> Block:
    """Add an event, or words of one's own."""
    row = _editable(issue, actor, at)
    _hold(row, 1)
    block = Block(issue=row, place=_next_place(row), kind=kind, **vars(values))
    _judged(block)
    block.save()
    _touched(row, "write_block", actor, at, {"block": block.pk}, 1)
    return block


@transaction.atomic
def edit_block(block: Block, values: BlockValues, *, actor: Person, at: datetime) -> Block:
    row = _editable(block.issue, actor, at)
    kept = _kept(block)
    for name, value in vars(values).items():
        setattr(kept, name, value)
    _judged(kept)
    kept.save()
    _touched(row, "edit_block", actor, at, {"block": kept.pk}, 1)
    return kept


@transaction.atomic
def move_block(block: Block, by: int, *, actor: Person, at: datetime) -> int:
    """One place up (-1) or down (1); its rank from 1. At the end, it stays."""
    row = _editable(block.issue, actor, at)
    every = queries.blocks(row)
    here = next((rank for rank, one in enumerate(every) if one.pk == block.pk), None)
    if here is None:
        raise Invalid("Cet élément n'est plus dans le numéro.")
    there = min(max(here + (1 if by > 0 else -1), 0), len(every) - 1)
    every[here], every[there] = every[there], every[here]
    for place, one in enumerate(every, 1):
        one.place = place
    Block.objects.bulk_update(every, ["place"])
    _touched(row, "move_block", actor, at, {"block": block.pk, "place": there + 1}, 1)
    return there + 1


@transaction.atomic
def remove_block(block: Block, *, actor: Person, at: datetime) -> Issue:
    row = _editable(block.issue, actor, at)
    kept = _kept(block)
    told = {"block": kept.pk, "title": str(kept)[:100]}
    kept.delete()
    _touched(row, "remove_block", actor, at, told, 1)
    return row


def _kept(block: Block) -> Block:
    found = Block.objects.select_for_update().filter(pk=block.pk).first()
    if found is None:
        raise Invalid("Cet élément n'est plus dans le numéro.")
    return found


def _judged(block: Block) -> None:
    if faults := rules.faults_of(block):
        raise Invalid(faults)


def _hold(issue: Issue, more: int) -> None:
    if issue.blocks.count() + more > rules.MOST_BLOCKS:
        raise Invalid(f"Un numéro compte {rules.MOST_BLOCKS} éléments au plus : personne ne lirait le reste.")


def _next_place(issue: Issue) -> int:
    last: int | None = issue.blocks.aggregate(last=Max("place"))["last"]
    return (last or 0) + 1


def _touched(row: Issue, verb: str, actor: Person, at: datetime, data: dict[str, object], many: int) -> int:
    row.changed_at = at
    row.save(update_fields=["changed_at"])
    if many:
        record(verb, row, actor=actor, at=at, data=data)
    return many


def _locked(issue: Issue) -> Issue:
    return Issue.objects.select_for_update(of=("self",)).select_related("newsletter").get(pk=issue.pk)


def _editable(issue: Issue, actor: Person, at: datetime) -> Issue:
    row = _locked(issue)
    policies.may_edit(actor, row, at).require()
    return row


@transaction.atomic
def make_ready(issue: Issue, *, actor: Person, at: datetime) -> Issue:
    """Say that it was read again, and may leave."""
    row = _locked(issue)
    policies.may_make_ready(actor, row, at).require()
    if lacks := rules.lacking(row, queries.blocks(row)):
        raise Invalid({"": lacks})
    return _moved(row, "make_ready", "ready", actor, at)


@transaction.atomic
def reopen(issue: Issue, *, actor: Person, at: datetime) -> Issue:
    row = _locked(issue)
    policies.may_reopen(actor, row, at).require()
    return _moved(row, "reopen", "draft", actor, at)


@transaction.atomic
def launch(issue: Issue, *, actor: Person, at: datetime) -> PublishedIssue:
    """Put it on line and begin its sending; what it says never changes again."""
    row = _locked(issue)
    policies.may_launch(actor, row, at).require()
    Newsletter.objects.select_for_update().get(pk=row.newsletter_id)
    number = subscriptions.next_number(row.newsletter)
    composed = queries.composed(row, queries.blocks(row), number=number, day=at.date())
    links = queries.links(row, number)
    finished = Finished(
        row.title,
        row.introduction,
        composed.stored(),
        newsletters.html(composed, links),
        newsletters.text(composed, links),
    )
    row.published = subscriptions.publish(row.newsletter, number, finished, actor=actor, at=at)
    row.save(update_fields=["published"])
    _moved(row, "launch", "launched", actor, at)
    return row.published


def _moved(row: Issue, verb: str, state: str, actor: Person, at: datetime) -> Issue:
    row.state, row.changed_at = state, at
    row.save(update_fields=["state", "changed_at"])
    record(verb, row, actor=actor, at=at)
    return row


@transaction.atomic
def send_trial(issue: Issue, *, actor: Person, at: datetime) -> None:
    """The issue as it is now, to who asks and to nobody else."""
    policies.may_try(actor, issue, at).require()
    composed = queries.preview(issue, at)
    here = queries.links(issue, 0)
    page = addresses.archive(issue.newsletter)
    links = Links(page, page, page, here.site)
    letters.write(
        f"issue-trial:{issue.pk}:{actor.pk}:{at:%Y-%m-%dT%H:%M:%S}",
        to=actor,
        subject=f"[Essai] {issue.newsletter.title} : {issue.title}"[:200],
        body=newsletters.text(composed, links),
        html=newsletters.html(composed, links),
        at=at,
    )
    record("send_trial", issue, actor=actor, at=at)


@transaction.atomic
def discard(issue: Issue, *, actor: Person, at: datetime) -> None:
    """Throw away an issue that never left."""
    row = _editable(issue, actor, at)
    record("discard", row, actor=actor, at=at)
    row.delete()
