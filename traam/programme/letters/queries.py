from collections.abc import Iterable

from traam.engines.workflow import Missing
from traam.programme.letters.models import Letter
from traam.programme.letters.policies import UNSETTLED


def waiting_count() -> int:
    return Letter.objects.filter(state__in=[Letter.State.WAITING, Letter.State.SENDING]).count()


def failed_count() -> int:
    """Letters that somebody must look at: those given up, and those of which nobody knows whether they left."""
    return Letter.objects.filter(state__in=UNSETTLED).count()


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
