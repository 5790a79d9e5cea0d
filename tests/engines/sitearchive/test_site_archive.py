"""A site as pages that open without it: every link leads inside, or says what is not here."""

import pytest
from lxml import html

from traam.engines.sitearchive import Places, Site, file_of, named_by_style, read_links, rewrite, with_icons, with_main

SITE = Site("https://traam.exemple")
KEPT = {
    "/": "index.html",
    "/themes/": "themes/index.html",
    "/themes/?page=2": "themes/index-page-2.html",
    "/notices/12": "notices/12.html",
    "/notices/12/affiche.pdf": "notices/12/affiche.pdf",
}
PLACES = Places(SITE, KEPT, search="recherche.html", about="archive.html")


@pytest.mark.parametrize(
    ("address", "page", "file"),
    [
        ("/", True, "index.html"),
        ("/themes/", True, "themes/index.html"),
        ("/themes/?page=2", True, "themes/index-page-2.html"),
        ("/notices/12", True, "notices/12.html"),
        ("/notices/12/carte.png", False, "notices/12/carte.png"),
        ("/donnees/notices.csv?page=2", False, "donnees/notices-page-2.csv"),
        ("/notices/12/fichiers/ab/fiche%20élève.pdf", False, "notices/12/fichiers/ab/fiche-élève.pdf"),
        ("/../../etc/passwd", False, "etc/passwd.txt"),
        ("/..%2F..%2Fetc", True, "-..-etc.html"),
    ],
)
def test_each_address_has_a_file_inside_the_folder(address: str, page: bool, file: str) -> None:
    assert file_of(address, page=page) == file


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/themes/", "../themes/index.html"),
        ("https://traam.exemple/themes/?page=2", "../themes/index-page-2.html"),
        ("/themes/?tri=-titre", "../themes/index.html"),
        ("12/affiche.pdf", "12/affiche.pdf"),
        ("/#contenu", "../index.html#contenu"),
        ("#tests", "#tests"),
        ("/notices/12#tests", "#tests"),
        ("/recherche?q=carte&niveau=6e", "../recherche.html?q=carte&niveau=6e"),
        ("/connexion?next=/atelier/", "../archive.html"),
        ("https://traam.exemple.autre/themes/", None),
        ("https://eduscol.exemple/", None),
        ("mailto:contact@traam.exemple", None),
        ("http://[mauvaise", None),
    ],
)
def test_a_link_leads_inside_the_archive_or_stays_outside(value: str, expected: str | None) -> None:
    assert PLACES.link(value, "/notices/12", "notices/12.html") == expected


PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Notice</title><script src="/static/site.js"></script>
<link rel="stylesheet" href="/static/site.css"><meta name="htmx-config" content="{}">
<script type="application/ld+json">{"@type": "LearningResource"}</script></head>
<body><form action="/recherche" method="get"><input name="q"></form>
<main id="contenu"><h1>Été</h1><a href="/themes/" data-hx-get="/themes/">Thèmes</a>
<form method="post" action="/notices/12/reprendre"><button>Réutiliser</button></form>, puis la suite.
<a href="https://eduscol.exemple/">éduscol</a></main></body></html>""".encode()


def rewritten() -> html.HtmlElement:
    return read(rewrite(PAGE, "/notices/12", "notices/12.html", PLACES, script="archive.js", banner="Archive du jour."))


def read(content: bytes) -> html.HtmlElement:
    return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))


def test_a_page_keeps_its_words_and_its_links() -> None:
    page = rewritten()
    assert page.findtext(".//h1") == "Été"
    assert [a.get("href") for a in page.xpath("//main/a")] == ["../themes/index.html", "https://eduscol.exemple/"]
    assert page.xpath("//main//a")[1].get("data-hx-get") is None
    assert "puis la suite." in page.find(".//main").text_content()
    assert "LearningResource" in page.xpath("string(//script[@type='application/ld+json'])")


def test_only_the_script_of_the_archive_is_left() -> None:
    page = rewritten()
    assert [script.get("src") for script in page.iter("script") if script.get("type") is None] == ["../archive.js"]
    assert not page.xpath("//meta[@name='htmx-config']")


def test_what_needs_the_site_says_so() -> None:
    page = rewritten()
    assert [form.get("action") for form in page.iter("form")] == ["../recherche.html"]
    assert "ne peut pas faire" in page.find(".//main").text_content()
    assert "Archive du jour." in page.find(".//main").text_content()


def test_the_addresses_of_a_page_are_those_of_the_site_once_each() -> None:
    twice = PAGE.replace(b"</main>", b'<a href="/themes/#haut">x</a><img src="/carte.png"></main>')
    assert read_links(twice, "/notices/12", SITE) == ["/static/site.css", "/themes/", "/carte.png"]


def test_a_style_sheet_carries_its_icons() -> None:
    style = 'a{mask:url("../icons/a.svg#x")}b{src:url(fonts/f.woff2)}c{background:url(data:image/png;base64,AA)}'
    assert named_by_style(style, "/static/design/site.css", SITE) == [
        "/static/icons/a.svg",
        "/static/design/fonts/f.woff2",
    ]
    icons = {"/static/icons/a.svg": b"<svg/>"}
    drawn = with_icons(style, "/static/design/site.css", SITE, icons.get)
    assert 'a{mask:url("data:image/svg+xml;base64,PHN2Zy8+")}' in drawn
    assert "url(fonts/f.woff2)" in drawn and "base64,AA" in drawn


def test_a_page_of_the_archive_wears_the_dress_of_the_site() -> None:
    page = read(with_main(PAGE, "L’archive", "<h1>Ce que contient l’archive</h1><p>Tout.</p>"))
    assert page.findtext(".//title") == "L’archive"
    assert [h1.text for h1 in page.iter("h1")] == ["Ce que contient l’archive"]
    assert page.xpath("//form[@action='/recherche']") and not page.xpath("//script[@type='application/ld+json']")
