"""The catalogue as the harvesters of OAI-PMH see it."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from traam.engines import notices
from traam.engines.oaipmh import Format, Page, Provider, Record
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import Notice
from traam.reference import Academy

PAGE_SIZE = 100
# Before any notice exists, a date no later than the first one.
BEFORE_ALL = datetime(2006, 1, 1, tzinfo=UTC)
NO_DOMAIN = "traam.invalid"
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9\-]*(\.[A-Za-z][A-Za-z0-9\-]*)+")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")

DUBLIN_CORE = Format("oai_dc", notices.OAI_DC_SCHEMA, notices.OAI_DC_NAMESPACE, notices.dublin_core)


def domain() -> str:
    """The domain that names our identifiers; a reserved one when the site has only a number or "localhost"."""
    host = urlsplit(settings.SITE_ADDRESS).hostname or ""
    return host if _DOMAIN.fullmatch(host) else NO_DOMAIN


def identifier(notice: Notice) -> str:
    return f"oai:{domain()}:notice/{notice.pk}"


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
        return queries.sets()

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


def as_notice(notice: Notice) -> notices.Notice:
    licence = notice.licence_known
    return notices.Notice(
        identifier=identifier(notice),
        url=f"{settings.SITE_ADDRESS}{reverse('public:notice', args=[notice.pk])}",
        title=notice.title,
        summary=notice.summary,
        creators=(notice.authors,) if notice.authors else (),
        publisher=", ".join(_official_name(academy) for academy in notice.academy_list),
        date=notice.published_on,
        period=notice.years,
        licence_url=licence.url if licence else None,
        licence_label=licence.label if licence else None,
        disciplines=tuple(notice.discipline_labels),
        levels=tuple(notice.level_labels) or tuple(filter(None, [notice.level_text])),
        competences=tuple((competence.code, competence.label) for competence in notice.competence_list),
        tools=tuple(notice.tools),
        theme=notice.theme.title if notice.theme else None,
        relations=tuple(notice.links),
        source_url=notice.source_url or None,
        duration_minutes=notice.duration_minutes,
    )


def _official_name(academy: Academy) -> str:
    if academy.kind == "collectivite":
        return academy.name
    return f"Académie {academy.of_name}"


def provider() -> Provider[notices.Notice]:
    secret = settings.SECRET_KEY.encode()  # the engine signs for its own purpose: nothing else accepts its signatures
    return Provider(Catalogue(), {DUBLIN_CORE.prefix: DUBLIN_CORE}, secret, page_size=PAGE_SIZE)
