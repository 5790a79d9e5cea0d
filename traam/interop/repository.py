"""The catalogue as the harvesters of OAI-PMH see it."""

import re
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.urls import reverse

from traam.engines import notices
from traam.engines.oaipmh import Format, Page, Provider, Record
from traam.programme.catalogue import generation, queries
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.records import as_notice, domain, identifier

__all__ = ["Catalogue", "as_notice", "as_record", "domain", "identifier", "provider"]

PAGE_SIZE = 100
# Before any notice exists, a date no later than the first one.
BEFORE_ALL = datetime(2006, 1, 1, tzinfo=UTC)
_sets: tuple[generation.State, list[tuple[str, str]]] | None = None
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


def formats() -> tuple[Format[notices.Notice], ...]:
    """Dublin Core, and ScoLOMFR in the version that the site was set to."""
    scolomfr = partial(notices.scolomfr, version=settings.SCOLOMFR)
    return (
        Format("oai_dc", notices.OAI_DC_SCHEMA, notices.OAI_DC_NAMESPACE, notices.dublin_core),
        # The prefix under which French repositories give ScoLOMFR.
        Format("lom", notices.LOM_SCHEMA, notices.LOM_NAMESPACE, scolomfr),
    )


class Catalogue:
    """The notices, withdrawn ones included: they keep their row, and are deleted records for ever."""

    name = "Catalogue des travaux académiques mutualisés (TraAM)"

    @property
    def base_url(self) -> str:
        return f"{settings.SITE_ADDRESS}{reverse('interop:oai')}"

    @property
    def admin_email(self) -> str:
        return str(settings.CONTACT)

    @property
    def earliest(self) -> datetime:
        return queries.earliest() or BEFORE_ALL

    def sets(self) -> list[tuple[str, str]]:
        """Asked again at each page of a set: read from the tables only when something public changed."""
        global _sets  # noqa: PLW0603 - what this process knows, whichever thread asks
        state = generation.now()
        if _sets is None or _sets[0] != state:
            _sets = state, queries.sets()
        return _sets[1]

    def record(self, identifier: str) -> Record[notices.Notice] | None:
        number = identifier.removeprefix(f"oai:{domain()}:notice/")
        if not _NUMBER.fullmatch(number) or number == identifier:
            return None
        found = queries.notice_or_none(int(number))
        return None if found is None else as_record(found)

    def page(
        self,
        *,
        after: tuple[datetime, int] | None,
        from_: datetime | None,
        until: datetime | None,
        set_spec: str | None,
        size: int,
    ) -> Page[notices.Notice]:
        found = queries.harvest(after=after, since=from_, until=until, size=size, set_spec=set_spec)
        return Page([as_record(notice) for notice in found.notices], found.total)


def as_record(notice: Notice) -> Record[notices.Notice]:
    withdrawn = notice.state == Notice.State.WITHDRAWN
    return Record(
        identifier=identifier(notice),
        pk=notice.pk,
        datestamp=notice.datestamp.astimezone(UTC),
        sets=queries.sets_of(notice),
        deleted=withdrawn,
        notice=None if withdrawn else as_notice(notice),
    )


def provider() -> Provider[notices.Notice]:
    secret = settings.SECRET_KEY.encode()  # the engine signs for its own purpose: nothing else accepts its signatures
    return Provider(Catalogue(), {one.prefix: one for one in formats()}, secret, page_size=PAGE_SIZE)
