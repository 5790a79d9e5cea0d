from dataclasses import dataclass

from django.db.models import F, Q

from traam.engines.workflow import Missing
from traam.programme.catalogue.information.models import Content, InformationPage, InformationRevision

WEBINARS = "webinaires"
ABSENT = "Cette page d'information n'existe pas."


@dataclass(frozen=True)
class Written:
    """A page with its last revision, as the national team sees it."""

    page: InformationPage
    last: InformationRevision

    @property
    def ahead(self) -> bool:
        """Whether what was saved last is not what the public reads."""
        return self.page.shown_id is not None and self.page.shown_id != self.last.pk


@dataclass(frozen=True)
class Shown:
    """A page as the public reads it. `gone`: it was withdrawn, and nothing but its title is told."""

    page: InformationPage
    content: Content

    @property
    def gone(self) -> bool:
        return self.page.state == InformationPage.State.WITHDRAWN

    def of_area(self, area: str) -> bool:
        """Whether it belongs to a domain of the CRCN-Édu, or to the webinars."""
        return self.content.webinar if area == WEBINARS else area in self.content.areas


def written(slug: str) -> Written:
    row = InformationRevision.objects.filter(page__slug=slug, number=F("page__last")).select_related("page").first()
    if row is None:
        raise Missing(ABSENT)
    return Written(row.page, row)


def every() -> list[Written]:
    """Every page with its last revision, by title: one query."""
    rows = InformationRevision.objects.filter(number=F("page__last")).select_related("page")
    return sorted((Written(row.page, row) for row in rows), key=lambda one: one.last.content.title.casefold())


def revisions(written: Written) -> list[InformationRevision]:
    """The latest first, without their texts."""
    return list(written.page.revisions.defer("stored").order_by("-number"))


def revision(written: Written, number: int) -> InformationRevision:
    found = written.page.revisions.filter(number=number).first()
    if found is None:
        raise Missing(f"Cette page n'a pas de version {number}.")
    return found


def shown(slug: str) -> Shown:
    """A page that is, or was, public."""
    page = InformationPage.objects.filter(slug=slug, shown__isnull=False).select_related("shown").first()
    if page is None or page.shown is None:
        raise Missing(ABSENT)
    return Shown(page, page.shown.content)


def published() -> list[Shown]:
    """The pages on line, in the order of their places, then of their titles: one query."""
    live = Q(state=InformationPage.State.PUBLISHED, shown__isnull=False)
    rows = InformationPage.objects.filter(live).select_related("shown")
    every = [Shown(page, page.shown.content) for page in rows if page.shown]
    return sorted(every, key=lambda one: (one.content.place, one.content.title.casefold()))
