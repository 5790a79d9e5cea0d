"""Whether people have opened their accounts, and what became of their invitations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from traam.programme.letters.models import Letter
from traam.programme.people.models import Person


@dataclass(frozen=True)
class Account:
    """`open`: a password was chosen. `written_at` and `state` are those of the last invitation, None and "" without."""

    open: bool
    written_at: datetime | None = None
    state: str = ""

    @property
    def failed(self) -> bool:
        return self.state in {Letter.State.FAILED, Letter.State.DROPPED, Letter.State.UNSURE}


def accounts(people: Iterable[Person]) -> dict[int, Account]:
    """The account of each person, by her number. One query."""
    found = {person.pk: Account(open=person.is_open) for person in people}
    waiting = [pk for pk, account in found.items() if not account.open]
    letters = Letter.objects.filter(to__in=waiting, key__startswith="invitation:").order_by("written_at", "pk")
    for to, written_at, state in letters.values_list("to", "written_at", "state"):
        found[to] = Account(open=False, written_at=written_at, state=state)
    return found
