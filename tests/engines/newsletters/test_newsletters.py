from datetime import date
from html.parser import HTMLParser

import pytest

from traam.engines.newsletters import (
    Announcement,
    Issue,
    Links,
    Listing,
    Paragraph,
    Piece,
    html,
    read,
    short,
    spaced,
    text,
)

LINKS = Links("https://t.fr/lettres/svt/3", "https://t.fr/stop", "https://t.fr/choix", "t.fr")
LONG = "Un mot assez long pour remplir. " * 60
ISSUE = Issue(
    "ÉduNum SVT",
    3,
    "L'esprit critique : <oui> & non",
    date(2026, 12, 1),
    "Bonjour.\n\nCe mois-ci :\n- un scénario ;\n- une date.",
    (
        Piece(
            "notice", "Enquêter", "3e · académie de Lyon", LONG, "https://t.fr/notices/1?a=1&b=2", "Lire « Enquêter »"
        ),
        Piece("text", text="À bientôt !"),
    ),
)


class Outline(HTMLParser):
    """The elements of a document, and the words of its links."""

    VOID = frozenset({"meta", "br", "hr"})

    def __init__(self, document: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.href, self.words, self.attributes = "", "", set[str]()
        self.feed(document)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "a":
            self.href, self.words = dict(attrs)["href"] or "", ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "a":
            self.links.append((self.href, " ".join(self.words.split())))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_mail_is_titles_texts_and_links_that_say_where_they_lead() -> None:
    made = html(ISSUE, LINKS)
    outline = Outline(made)
    assert [name for name in outline.names if name in {"h1", "h2", "ul", "main", "footer"}] == [
        *("h1", "main", "ul", "h2", "footer")
    ]
    assert outline.links == [
        (LINKS.here, "Lire ce numéro en ligne"),
        ("https://t.fr/notices/1?a=1&b=2", "Lire « Enquêter »"),
        (LINKS.stop, "Ne plus recevoir cette lettre"),
        (LINKS.choices, "Choisir mes lettres ou tout arrêter"),
    ]
    assert "&lt;oui&gt; &amp; non" in made and "<oui>" not in made
    assert '<html lang="fr">' in made and "ÉduNum SVT, n° 3, 1er décembre 2026" in made


def test_the_mail_loads_nothing_and_keeps_the_colours_of_its_reader() -> None:
    made = html(ISSUE, LINKS)
    outline = Outline(made)
    assert not {"img", "link", "script", "style", "iframe", "table"} & set(outline.names)
    assert outline.attributes <= {"lang", "charset", "name", "content", "style", "href"}
    assert "color:" not in made and "background" not in made
    assert 'content="light dark"' in made


def test_no_line_is_longer_than_mail_allows() -> None:
    assert max(len(line.encode()) for line in html(ISSUE, LINKS).splitlines()) < 998
    assert max(len(line) for line in text(ISSUE, LINKS).splitlines()) <= 76


def test_the_plain_text_says_the_same() -> None:
    plain = text(ISSUE, LINKS)
    for words in ("L'ESPRIT CRITIQUE", "1. Enquêter", "3e · académie de Lyon", "- un scénario\xa0;", "À bientôt\xa0!"):
        assert words in plain
    for address in (LINKS.here, LINKS.stop, LINKS.choices, ISSUE.pieces[0].address):
        assert f"\n{address}\n" in plain + "\n"
    assert Issue.known(ISSUE.stored()) == ISSUE


def test_what_is_typed_is_paragraphs_and_lists() -> None:
    assert read("Un\r\nseul.\n \nListe :\n- a\n  suite\n- b") == [
        Paragraph("Un seul."),
        Paragraph("Liste\xa0:"),
        Listing(("a suite", "b")),
    ]
    assert read(" \n\n ") == [] and read("-5 degrés") == [Paragraph("-5 degrés")]
    assert spaced("« Oui » : 10 % ? http://x.fr") == "«\xa0Oui\xa0»\xa0: 10\xa0%\xa0? http://x.fr"


TOLD = Announcement(
    "Enquêter sur une image générée : du doute à la preuve",
    "Des élèves de 3e cherchent d'où vient une image. Ils comparent. " * 5,
    "https://traam.example/notices/55",
    ("#TraAM", "#ÉduNum"),
)


@pytest.mark.parametrize("most", [120, 280, 500])
def test_a_short_text_holds_and_keeps_its_address(most: int) -> None:
    made = short(TOLD, most)
    assert len(made) <= most and TOLD.address in made and made.startswith("Enquêter")
    assert most < 280 or (made.endswith("#TraAM #ÉduNum") and "élèves de 3e" in made)
    assert "générée\xa0:" in made and "«…" not in made


def test_what_holds_is_not_cut_and_what_cannot_is_the_address() -> None:
    whole = Announcement("Titre", "Une phrase.", "https://t.fr/1")
    assert short(whole, 280) == "Titre\n\nUne phrase.\n\nhttps://t.fr/1"
    assert short(Announcement("Titre " * 60, "", "https://t.fr/1"), 100).endswith("…\n\nhttps://t.fr/1")
    assert short(Announcement("T", "", "https://t.fr/" + "x" * 100), 50) == "https://t.fr/" + "x" * 100
