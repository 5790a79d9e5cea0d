from django.db.models import QuerySet

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


def of_key(source_key: str) -> PublicSynthesis | None:
    """The public copy of a synthesis ("synthesis:12"), on line or withdrawn."""
    return _syntheses().filter(source_key=source_key).first()


def of_theme(theme: PublicTheme) -> list[PublicSynthesis]:
    """Those on line of a theme, the latest first."""
    return list(_online().filter(themes=theme))


def published() -> list[PublicSynthesis]:
    """Every one on line, the latest first."""
    return list(_online())


def _online() -> QuerySet[PublicSynthesis]:
    rows = _syntheses().filter(state=PublicSynthesis.State.PUBLISHED)
    return rows.order_by("-published_on", "-pk")
