"""The chain of the journal, read again from its beginning: what is wrong first, in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from traam.engines import chain
from traam.engines.chain import Act, Anchor, Fault
from traam.programme.journal.models import Entry, Link

BATCH = 1_000
NEIGHBOURS = 5_000  # how far an act that was moved is looked for
SENTENCES = {
    chain.CHANGED: "l'acte n° {number} a été changé : sa date, son auteur, son verbe ou son objet n'est plus celui de "
    "son empreinte",
    chain.WORDS: "les mots de l'acte n° {number} ont été changés : son auteur, son objet, son motif ou ses valeurs ne "
    "sont plus ceux de son empreinte",
    chain.REMOVED: "l'acte n° {number} manque : il a été retiré",
    chain.BROKEN: "l'acte n° {number} ne suit pas le précédent : il a été récrit, ou mis à la place d'un autre",
    chain.MOVED: "l'acte n° {number} n'est pas à sa place : des actes ont changé d'ordre",
    chain.INSERTED: "un acte est hors de la chaîne : il y a été glissé sans passer par la plateforme",
    chain.TRUNCATED: "l'acte n° {number} manque, et tous ceux qui le suivaient jusqu'à l'ancre : la fin du journal a "
    "été coupée",
    chain.ANCHOR: "l'acte n° {number} n'est pas celui que dit l'ancre : le journal a été récrit jusque-là",
}


@dataclass(frozen=True)
class Verdict:
    """`end` is where the reading stopped: the anchor to note when all is well. `rewritten` counts the acts whose words
    were rewritten, under an act that says so, because a person was forgotten."""

    end: Anchor
    rewritten: int
    fault: Fault | None = None

    @property
    def whole(self) -> bool:
        return self.fault is None

    @property
    def sentence(self) -> str:
        if self.fault is None:
            return f"Le journal est entier : {self.end.number} actes se suivent."
        told = SENTENCES[self.fault.code].format(number=self.fault.number)
        where = f" (ligne {self.fault.pk} de journal_entry)" if self.fault.pk else ""
        return f"Le journal n'est plus entier : {told}{where}. Jusque-là, {self.end.number} actes se suivent."


def verify(anchor: Anchor | None = None) -> Verdict:
    """Read the whole chain, a batch at a time: memory does not grow with it. Acts may be written meanwhile."""
    reading = chain.Reading(anchor)
    for act in acts():
        if fault := reading.read(act):
            return Verdict(reading.end, reading.rewritten, _moved(fault, reading.link))
    fault = reading.close() or _outside()
    return Verdict(reading.end, reading.rewritten, fault)


def acts(after: int = 0) -> Iterator[Act]:
    """Every act of the chain after this number, in order."""
    while batch := list(_chained(after)):
        rewritten = _rewritten([link.entry for link in batch])
        yield from (_act(link, rewritten.get(link.entry_id, "")) for link in batch)
        after = batch[-1].number or 0


def _chained(after: int) -> list[Link]:
    links = Link.objects.filter(number__gt=after).select_related("entry").order_by("number")
    return list(links[:BATCH])


def _rewritten(entries: list[Entry]) -> dict[int, str]:
    """The digest of the rewritten words of these entries, as the acts that rewrote them say it. An act that is not
    there, or is not about the entry, says nothing that fits."""
    named = {entry.redacted_by: entry.pk for entry in entries if entry.redacted_by}
    said = Entry.objects.filter(pk__in=named, verb="redact", object_type="journal.entry")
    found = {act.pk: act for act in said}
    return {
        pk: str(found[by].data.get("words")) if by in found and found[by].object_id == str(pk) else "—"
        for by, pk in named.items()
    }


def _act(link: Link, rewritten: str) -> Act:
    row = link.entry
    return Act(
        number=link.number or 0,
        pk=row.pk,
        at=row.at,
        actor=row.actor_id,
        verb=row.verb,
        object_type=row.object_type,
        object_id=row.object_id,
        salt=row.salt,
        actor_label=row.actor_label,
        object_label=row.object_label,
        reason=row.reason,
        data=row.data,
        words=row.words,
        content=row.content,
        link=link.link,
        rewritten=rewritten,
    )


def _moved(fault: Fault, previous: str) -> Fault:
    """An act that does not follow, while another one nearby would: their order was changed."""
    if fault.code != chain.BROKEN:
        return fault
    near = Link.objects.filter(number__range=(fault.number - NEIGHBOURS, fault.number + NEIGHBOURS))
    rows = near.exclude(entry=fault.pk).values_list("link", "entry__content")
    here = Link.objects.filter(number=fault.number).values_list("link", flat=True).first()
    if any(chain.link_of(previous, fault.number, content) in {here, link} for link, content in rows.iterator()):
        return Fault(chain.MOVED, fault.number, fault.pk)
    return fault


def _outside() -> Fault | None:
    """An act that no link holds."""
    pk = Entry.objects.filter(Q(link=None) | Q(link__number=None)).values_list("pk", flat=True).order_by("pk").first()
    return Fault(chain.INSERTED, 0, pk) if pk else None


def end() -> Anchor:
    """The end of the chain now, as the database says it: what to note elsewhere."""
    last = Link.objects.filter(number__isnull=False).order_by("-number").values_list("number", "link").first()
    return Anchor(last[0] or 0, last[1]) if last else Anchor(0, chain.START)
