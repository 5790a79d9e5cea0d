from traam.programme.letters.models import Letter


def waiting_count() -> int:
    return Letter.objects.filter(state=Letter.State.WAITING).count()


def failed_count() -> int:
    return Letter.objects.filter(state=Letter.State.FAILED).count()


def latest(limit: int = 100) -> list[Letter]:
    return list(Letter.objects.select_related("to").order_by("-written_at", "-pk")[:limit])
