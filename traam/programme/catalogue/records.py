"""A notice as other catalogues read it: the same facts for Dublin Core, ScoLOMFR and the form of Édubase."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings

from traam import reference
from traam.engines import notices, sheets
from traam.engines.notices import Entry
from traam.engines.sharing import kind_of_name
from traam.engines.sheets import Column, Form, Layout
from traam.programme.catalogue.models import Notice
from traam.programme.productions.rules import SECTION_TITLES
from traam.programme.publication.models import Release
from traam.reference import Academy

NO_DOMAIN = "traam.invalid"
KEYWORDS = "Mots-clés"
"""The section of an imported notice that holds the words of its sheet which have no other place, as a list."""
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9\-]*(\.[A-Za-z][A-Za-z0-9\-]*)+")


def domain() -> str:
    """The domain that names our identifiers; a reserved one when the site has only a number or "localhost"."""
    host = urlsplit(settings.SITE_ADDRESS).hostname or ""
    return host if _DOMAIN.fullmatch(host) else NO_DOMAIN


def identifier(notice: Notice) -> str:
    """The one of OAI-PMH, kept for life."""
    return f"oai:{domain()}:notice/{notice.pk}"


def address(notice: Notice) -> str:
    """Of its public page, whole."""
    return f"{settings.SITE_ADDRESS}/notices/{notice.pk}"


def as_notice(notice: Notice) -> notices.Notice:
    """Its theme is read with it, or costs a query."""
    licence = notice.licence_known
    return notices.Notice(
        identifier=identifier(notice),
        url=address(notice),
        title=notice.title,
        summary=notice.summary,
        creators=(notice.authors,) if notice.authors else (),
        publisher=", ".join(official_name(academy) for academy in notice.academy_list),
        date=notice.published_on,
        period=notice.years,
        licence_url=licence.url if licence else None,
        licence_label=licence.label if licence else None,
        disciplines=tuple(notice.discipline_labels),
        levels=tuple(notice.level_labels) or tuple(filter(None, [notice.level_text])),
        competences=tuple((competence.code, competence.label) for competence in notice.competence_list),
        keywords=_keywords(notice),
        tools=tuple(notice.tools),
        theme=notice.theme.title if notice.theme else None,
        relations=tuple(notice.links),
        source_url=notice.source_url or None,
        duration_minutes=notice.duration_minutes,
        discipline_codes=tuple(notice.disciplines),
        level_codes=tuple(notice.levels),
        competence_codes=tuple(notice.competences),
        validators=() if notice.archived else tuple(_inspection(academy) for academy in notice.academy_list),
        version=None if notice.archived else notice.version,
        media=("text/html", *_media(notice)),
        programme=_programme(notice),
        theme_url=f"{settings.SITE_ADDRESS}/themes/{notice.theme_id}" if notice.theme_id else "",
        edubase_url=notice.edubase_address,
        based_on=f"{settings.SITE_ADDRESS}/notices/{notice.inspired_by_id}" if notice.inspired_by_id else "",
    )


def official_name(academy: Academy) -> str:
    """Académie de Lyon; of a collectivity, its name."""
    return academy.name if academy.kind == "collectivite" else f"Académie {academy.of_name}"


def _inspection(academy: Academy) -> str:
    if academy.kind == "collectivite":
        return f"Inspection pédagogique, {academy.name}"
    return f"Inspection pédagogique de l'académie {academy.of_name}"


def _media(notice: Notice) -> Iterable[str]:
    kinds = (kind_of_name(piece["filename"]) for piece in notice.pieces if piece["file"])
    return (kind.media for kind in kinds if kind)


def _keywords(notice: Notice) -> tuple[str, ...]:
    said = next((text for title, text in notice.sections if title == KEYWORDS), "")
    return tuple(line.removeprefix("- ") for line in said.splitlines())


def _programme(notice: Notice) -> str:
    """What the text says of the objectives and of the official programme."""
    return next((text for title, text in notice.sections if title == SECTION_TITLES["objectives"]), "")


def edubase_sheet(notice: Notice) -> list[Entry]:
    """The fields of the form of Édubase, filled, in its order."""
    told = as_notice(notice)
    if notice.elsewhere:
        told = replace(told, programme=_released_programme(notice))
    return notices.edubase(told, reference.edubase_form())


def _released_programme(notice: Notice) -> str:
    """Of a text that is read elsewhere, what was released says it."""
    number = int(notice.source_key.removeprefix("scenario:"))
    release = Release.objects.filter(scenario=number, version=notice.version).first()
    sections = release.content["sections"] if release else {}
    return str(sections.get("objectives", ""))


def edubase_file(rows: Iterable[Notice], title: str, form: Form) -> bytes:
    """A line for each notice, under the labels of the form of Édubase; then what came back of it, "" before."""
    labels = [field.label for field in reference.edubase_form().fields] + ["Numéro de fiche", "Adresse de la fiche"]
    columns = tuple(Column(f"c{place}", label, width=30) for place, label in enumerate(labels))
    lines = [{f"c{place}": value for place, value in enumerate(_line(one))} for one in rows]
    return sheets.write(Layout("fiches Édubase", "Fiches Édubase", columns), lines, title=title, form=form)


def _line(notice: Notice) -> list[str]:
    number = str(notice.edubase_number or "")
    return [*(entry.value for entry in edubase_sheet(notice)), number, notice.edubase_address]
