"""A synthesis as others read it: bibliographies, search engines, the card that goes with its address."""

from django.conf import settings
from markupsafe import Markup

from traam import reference
from traam.engines import notices
from traam.engines.cards import Card
from traam.engines.notices.citations import PROGRAMME
from traam.engines.notices.lrmi import report, script
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.posters import LONGEST_LIST, listed, shortened
from traam.programme.catalogue.queries import plain
from traam.programme.catalogue.records import domain
from traam.programme.catalogue.syntheses import queries
from traam.programme.catalogue.syntheses.content import opening

LONGEST_SUMMARY = 420
KIND = "Synthèse nationale"
MOST_FIGURES = 3


def identifier(public: PublicSynthesis) -> str:
    """Kept for life, whatever the address of the site becomes."""
    return f"tag:{domain()},2026:syntheses/{public.pk}"


def address(public: PublicSynthesis) -> str:
    """Of its public page, whole."""
    return f"{settings.SITE_ADDRESS}/syntheses/{public.pk}"


def disciplines(public: PublicSynthesis) -> list[reference.Discipline]:
    """Those of its themes, by label."""
    codes = {code for theme in public.themes.all() for code in theme.disciplines}
    return sorted((reference.disciplines()[code] for code in codes), key=lambda one: plain(one.label))


def years(public: PublicSynthesis) -> list[str]:
    """Those of its themes, each once, the first first."""
    return sorted({theme.years for theme in public.themes.all() if theme.years})


def as_notice(public: PublicSynthesis) -> notices.Notice:
    """Nobody is named in it: it is signed by the programme. Its themes are read with it, or cost a query."""
    content, licence, known = queries.content(public), public.licence_known, disciplines(public)
    return notices.Notice(
        identifier=identifier(public),
        url=address(public),
        title=public.title,
        summary=shortened(opening(content), LONGEST_SUMMARY),
        creators=(),
        publisher=PROGRAMME,
        date=public.published_on,
        period=", ".join(years(public)),
        licence_url=licence.url if licence else None,
        licence_label=licence.label if licence else None,
        disciplines=tuple(one.label for one in known),
        discipline_codes=tuple(one.code for one in known),
        relations=tuple(f"{settings.SITE_ADDRESS}{quote.address}" for quote in content.quotes if quote.address),
        version=public.version,
        kind=KIND,
    )


def json_ld(public: PublicSynthesis, *, image: str = "") -> Markup:
    """The text of its script element, with nothing left to escape."""
    themes = [(theme.title, f"{settings.SITE_ADDRESS}/themes/{theme.pk}") for theme in queries.themes_of(public)]
    told = report(as_notice(public), themes=themes, modified=public.changed_at, image=image)
    return Markup(script(told))  # noqa: S704 - `script` left no sign that ends an element


def card(public: PublicSynthesis, site: str) -> Card:
    """Its card: what it is about, and what was counted."""
    about = " · ".join(filter(None, (_labels(public), ", ".join(years(public)))))
    figures = [f"{one.value} {one.label}" for one in queries.content(public).essential[:MOST_FIGURES]]
    lines = (KIND, about, " · ".join(figures))
    return Card(site, public.title, tuple(filter(None, lines)), address(public).partition("://")[2])


def card_said(public: PublicSynthesis) -> str:
    """What the card says, in one sentence, for whom does not see it."""
    return f"Carte de la synthèse nationale « {public.title} »{_after(_labels(public))}."


def _labels(public: PublicSynthesis) -> str:
    return listed([one.label for one in disciplines(public)], LONGEST_LIST)


def _after(text: str) -> str:
    return f", {text}" if text else ""


def citation(public: PublicSynthesis, day: str) -> str:
    """How to cite it: title, programme, version, `day` of the publication in words, address."""
    return f"« {public.title} », synthèse nationale, {PROGRAMME}, version {public.version}, {day}. {address(public)}"
