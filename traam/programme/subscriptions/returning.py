"""What comes back by mail of an issue that had left: an address that does not exist, a mailbox that is closed.

The message is found by its Message-ID, which nobody guesses (`gateways.mail`): a notice about another one does nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from traam.engines import bounces
from traam.gateways.mail import message_id
from traam.programme.subscriptions import queries
from traam.programme.subscriptions.models import Delivery, Post, Reader, Sending, reference
from traam.programme.subscriptions.posting import suspend

LEFT = (Post.SENDING, Post.SENT, Post.UNSURE)  # a notice came back: it had left


def take(data: bytes, *, at: datetime) -> int:
    """Read a message that came to the address of the sender; how many deliveries it says are refused for good."""
    notice = bounces.read(data)
    if notice is None:
        return 0
    said = notice.failures[0].said
    return sum(refuse(pk, said, at=at) for pk in _deliveries(notice))


def _deliveries(notice: bounces.Notice) -> Iterator[int]:
    """Of the readers it names; else, as mail may have been forwarded, of all those that are kept (a month)."""
    wanted, left = set(notice.message_ids), Delivery.objects.filter(state__in=LEFT)
    emails = {address for failure in notice.failures for address in failure.addresses}
    named = [pk for one in emails for pk in queries.of_address(Reader, one[:254]).values_list("pk", flat=True)]
    hers = list(_of(wanted, left.filter(reader__in=named).values_list("pk", flat=True)))
    yield from hers or _of(wanted, left.order_by("-pk").values_list("pk", flat=True).iterator())


def _of(wanted: set[str], deliveries: Iterable[int]) -> Iterator[int]:
    found = 0
    for pk in deliveries:
        if message_id(reference(pk)) in wanted:
            yield pk
            found += 1
            if found == len(wanted):
                return


@transaction.atomic
def refuse(delivery: int, said: str, *, at: datetime) -> bool:
    """Note that the address of a delivery refuses it for good; False when it was noted already.

    It counts as a refusal told on the spot does: at the third issue in a row, nothing more is written there.
    """
    found = Delivery.objects.filter(pk=delivery).values("sending", "reader", "refusals_before").first()
    if found is None:
        return False
    # `finish` takes the same row: either it counts this refusal, or it has ended and this does.
    sending = Sending.objects.select_for_update().get(pk=found["sending"])
    mine = Delivery.objects.filter(pk=delivery, state__in=LEFT)
    if not mine.update(state=Post.REFUSED, problem=said[: bounces.LONGEST], refusals_before=0):
        return False
    if sending.ended_at is not None:
        hers = Reader.objects.filter(pk=found["reader"])
        hers.update(refusals=F("refusals") + 1 + found["refusals_before"])
        suspend(sending, hers, at=at)
    return True
