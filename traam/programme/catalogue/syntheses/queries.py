from datetime import datetime

from django.db.models import Max, Prefetch, QuerySet

from traam.engines.workflow import Missing
from traam.programme.catalogue.models import PublicSynthesis, PublicTheme
from traam.programme.catalogue.syntheses.content import Content


def _syntheses() -> QuerySet[PublicSynthesis]:
    return PublicSynthesis.objects.prefetch_related("themes__call")


def public_synthesis(pk: int) -> PublicSynthesis:
    """One that is, or was, on line."""
    try:
        return _syntheses().get(pk=pk)
    except PublicSynthesis.DoesNotExist:
        raise Missing("Cette synthèse n'existe pas.") from None


def content(public: PublicSynthesis) -> Content:
    return Content.known(public.stored)


def themes_of(public: PublicSynthesis) -> list[PublicTheme]:
    """In the order of their numbers; without a query when they were read with it."""
    return sorted(public.themes.all(), key=lambda theme: theme.pk)


def of_key(source_key: str) -> PublicSynthesis | None:
    """The public copy of a synthesis ("synthesis:12"), on line or withdrawn."""
    return _syntheses().filter(source_key=source_key).first()


def of_theme(theme: PublicTheme) -> list[PublicSynthesis]:
    """Those on line of a theme, the latest first."""
    return list(online().prefetch_related("themes__call").filter(themes=theme))


def published() -> list[PublicSynthesis]:
    """Every one on line, the latest first, without their text."""
    return list(online().defer("stored"))


def latest(size: int) -> list[PublicSynthesis]:
    """The last put on line or corrected first, whole: two queries."""
    rows = online().prefetch_related("themes").order_by("-changed_at", "-pk")
    return list(rows[:size])


def every() -> list[PublicSynthesis]:
    """Those on line and those that were withdrawn, the latest first, without their text: two queries."""
    return list(listed(PublicSynthesis.objects.all()).order_by("-published_on", "-pk"))


def listed(rows: QuerySet[PublicSynthesis]) -> QuerySet[PublicSynthesis]:
    """As a list tells them: their themes in short, nothing of their text."""
    short = PublicTheme.objects.only("title", "years", "disciplines")
    return rows.defer("stored").prefetch_related(Prefetch("themes", short))


def online() -> QuerySet[PublicSynthesis]:
    rows = PublicSynthesis.objects.filter(state=PublicSynthesis.State.PUBLISHED)
    return rows.order_by("-published_on", "-pk")


def changed_at() -> datetime | None:
    """The last change of a synthesis, withdrawn or not, or of a theme it names."""
    last = PublicSynthesis.objects.aggregate(own=Max("changed_at"), theme=Max("themes__changed_at"))
    return max((one for one in last.values() if one), default=None)
