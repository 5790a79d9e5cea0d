"""The map of the addresses, and what crawlers and language models are told."""

from collections.abc import Iterator

from django.http.response import HttpResponseBase

from traam import editions, reference
from traam.design.pages import Request, anyone, reads
from traam.engines.syndication import MOST_ADDRESSES, Address, sitemap, sitemap_index
from traam.engines.workflow import Missing
from traam.interop.api.things import site
from traam.interop.machines import given, machine
from traam.programme.catalogue import listing
from traam.programme.catalogue.information import queries as information
from traam.programme.catalogue.syntheses import queries as syntheses
from traam.programme.subscriptions import queries as letters

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
BLOCK = MOST_ADDRESSES  # numbers of notices in one sitemap: no more addresses than it may hold
_PAGES = (
    "public:home",
    "public:themes",
    "public:syntheses",
    "public:academies",
    "public:years",
    "public:informations",
    "public:letters",
    "public:calls",
    "public:editions",
    "public:accessibility",
    "public:legal",
    "public:privacy",
    "interop:open_data",
    "interop:api",
    "interop:api_things",
    "interop:feeds",
)
# Pages of work: they ask for an account, and lead a crawler nowhere. Searches have no end: the sitemap has it all.
_CLOSED = ("/connexion", "/tableau-de-bord", "/academie/", "/atelier/", "/evaluation/", "/pilotage/", "/recherche?")


@machine
@reads(may=anyone, public=True)
def sitemaps(request: Request) -> HttpResponseBase:
    """The index: one sitemap of the pages, one for each block of notices."""
    rows: list[Address] = [(site("interop:sitemap_pages"), None)]
    rows += [(site("interop:sitemap_notices", block), last) for block, last in listing.notice_blocks(BLOCK)]
    return given(request, sitemap_index(rows), media=XML, seconds=3_600)


@machine
@reads(may=anyone, public=True)
def pages(request: Request) -> HttpResponseBase:
    return given(request, sitemap(_pages()), media=XML, seconds=3_600)


def _pages() -> Iterator[Address]:
    for name in _PAGES:
        yield site(name), None
    for academy in reference.academies().values():
        yield site("public:academy", academy.slug), None
    for book in editions.books():
        yield site("public:edition", book), None
    for page in information.published():
        yield site("public:information", page.page.slug), page.page.changed_at
    for issue in letters.latest_issues(BLOCK):
        yield site("public:letter_issue", issue.newsletter.slug, issue.number), issue.published_at
    for synthesis in syntheses.published():
        yield site("public:synthesis", synthesis.pk), synthesis.changed_at
    rows = {"call": listing.calls_changed(), "theme": listing.themes_changed(), "bilan": listing.bilans_changed()}
    for name, changed in rows.items():
        for pk, last in changed:
            yield site(f"public:{name}", pk), last


@machine
@reads(may=anyone, public=True)
def notices(request: Request, block: int) -> HttpResponseBase:
    rows = listing.notices_in_block(block, BLOCK) if block < 10**9 else []
    if not rows:
        raise Missing("Aucune notice n'a un de ces numéros : /plan-du-site.xml donne les plans qui existent.")
    prefix = site("public:notice", 0).removesuffix("0")  # an address is drawn once, not for each of 50,000
    return given(request, sitemap((f"{prefix}{pk}", last) for pk, last in rows), media=XML, seconds=3_600)


@machine
@reads(may=anyone, public=True)
def robots(request: Request) -> HttpResponseBase:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED), "", f"Sitemap: {site('interop:sitemap')}", ""]
    return given(request, "\n".join(lines).encode(), media=TEXT, seconds=86_400)


_LLMS = """# TraAM, travaux académiques mutualisés

> Catalogue public des scénarios pédagogiques avec le numérique que des groupes d'enseignants des académies de France
> produisent, testent en classe et publient depuis 2006, selon un appel national annuel.

Les données du catalogue sont sous Licence Ouverte 2.0. Chaque ressource a sa propre licence, dite par sa notice : une
ressource sans licence précisée ne peut pas être reprise sans demander. Citez l'adresse de la notice, qui ne change
jamais, et l'académie. Le contenu des notices est en français.

## Lire le catalogue

- [Interface REST]({api}): JSON, sans clé, en lecture seule ; décrite en [OpenAPI 3.1]({openapi})
- [Données ouvertes]({data}): tout le catalogue en CSV, ODS, XLSX, Parquet et JSON Lines
- [OAI-PMH]({oai}?verb=Identify): Dublin Core et ScoLOMFR, notices retirées comprises
- [Flux Atom]({feeds}): tout, une discipline, une académie, un thème, une recherche, les synthèses
- [Plan du site]({sitemap}): toutes les adresses

## Pages

- [Thèmes]({themes}): les thèmes de travail depuis 2006
- [Synthèses nationales]({syntheses}): ce que les académies ont appris, thème par thème
- [Académies]({academies}): ce que chacune a produit
- [Campagnes]({calls}): les appels à candidatures
- [Cahiers des charges]({editions}): les règles du programme, article par article
"""


@machine
@reads(may=anyone, public=True)
def llms(request: Request) -> HttpResponseBase:
    """https://llmstxt.org"""
    addresses = {
        "api": "interop:api",
        "openapi": "interop:api_document",
        "data": "interop:open_data",
        "oai": "interop:oai",
        "feeds": "interop:feeds",
        "sitemap": "interop:sitemap",
        "themes": "public:themes",
        "syntheses": "public:syntheses",
        "academies": "public:academies",
        "calls": "public:calls",
        "editions": "public:editions",
    }
    told = _LLMS.format(**{name: site(view) for name, view in addresses.items()})
    return given(request, told.encode(), media="text/plain; charset=utf-8", seconds=86_400)
