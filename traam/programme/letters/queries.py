from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from traam.engines.workflow import Missing
from traam.programme.letters import digests
from traam.programme.letters.models import Habit, Item, Letter
from traam.programme.letters.policies import UNSETTLED
from traam.programme.people.models import Person


def waiting_count() -> int:
    return Letter.objects.filter(state__in=[Letter.State.WAITING, Letter.State.SENDING]).count()


def failed_count() -> int:
    """Letters that somebody must look at: those given up, and those of which nobody knows whether they left."""
    return Letter.objects.filter(state__in=UNSETTLED).count()


def due_since(at: datetime) -> datetime | None:
    """Since when the oldest letter that should leave has waited for a worker; None when none is late."""
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=at)
    return due.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()


def refused_count() -> int:
    """Letters that the mail server refused, and that will be given to it again."""
    return Letter.objects.filter(state=Letter.State.WAITING, attempts__gt=1).count()


def by_state() -> dict[str, int]:
    """How many letters are in each state."""
    counted = dict(Letter.objects.values_list("state").annotate(count=Count("pk")).order_by("state"))
    return {state: counted.get(state, 0) for state in Letter.State.values}


def letter(pk: int) -> Letter:
    try:
        return Letter.objects.select_related("to").get(pk=pk)
    except Letter.DoesNotExist:
        raise Missing("Ce courriel n'existe pas.") from None


def written(keys: Iterable[str]) -> set[str]:
    """Which of these letters are already written."""
    return set(Letter.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def unsettled(limit: int = 50) -> list[Letter]:
    """The oldest first."""
    return list(Letter.objects.filter(state__in=UNSETTLED).select_related("to").order_by("written_at", "pk")[:limit])


def latest(limit: int = 100) -> list[Letter]:
    return list(Letter.objects.select_related("to").order_by("-written_at", "-pk")[:limit])


def period(person: Person) -> str:
    """How often she wants her digest."""
    habit = Habit.objects.filter(person=person).first()
    return habit.period if habit else Habit.Period.DAILY


def habit_of(token: str) -> Habit:
    """Whose digest this secret address stops."""
    try:
        return Habit.objects.select_related("person").get(token=token)
    except Habit.DoesNotExist:
        raise Missing(
            "Cette adresse n'arrête aucun courriel. Copiez-la entière depuis le courriel, ou connectez-vous puis "
            "ouvrez « Mes courriels »."
        ) from None


def periods(people: Iterable[int]) -> dict[int, str]:
    """How often each of these people wants a digest, for those who chose."""
    return dict(Habit.objects.filter(person__in=list(people)).values_list("person_id", "period"))


def pending(person: Person) -> list[Item]:
    """What her next digest will tell."""
    return list(digests.pending().filter(to=person))


def received(person: Person) -> QuerySet[Letter]:
    """The letters written to a person, latest first."""
    return Letter.objects.filter(to=person).order_by("-written_at", "-pk")


def was_invited(person: Person) -> bool:
    """Whether somebody asked her to open an account: who is only named in a group was not."""
    return Letter.objects.filter(key__startswith=f"invitation:{person.pk}:").exists()
