"""Addresses in one form, files told by their bytes, words found again."""

import pytest

from traam.engines.sharing import (
    ACCEPTED,
    BadAddress,
    BadTags,
    folded,
    kind_of_name,
    likeness,
    normal,
    read_tags,
    safe_name,
)


def test_a_name_keeps_no_folder_and_takes_the_extension_of_what_the_file_is() -> None:
    pdf = ACCEPTED["pdf"]
    assert safe_name("../../etc/Compte rendu.docx", pdf) == "Compte rendu.pdf"
    assert safe_name(r"C:\Users\moi\été.PDF", pdf) == "été.pdf"
    assert safe_name('a"b\r\nc;.pdf', pdf) == "a-bc-.pdf".replace("-.", ".")
    assert safe_name("...", pdf) == "document.pdf"
    assert len(safe_name("x" * 500, pdf)) < 120
    assert kind_of_name("été.pdf") == pdf and kind_of_name("x.exe") is None


def test_an_address_is_put_in_form() -> None:
    assert normal(" HTTPS://Eduscol.Education.FR:443?utm_source=x&id=3&fbclid=1#haut ") == (
        "https://eduscol.education.fr/?id=3#haut"
    )
    assert normal("http://é.fr/a") == "http://xn--9ca.fr/a"
    assert normal("https://a.fr:8443/b") == "https://a.fr:8443/b"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "eduscol.education.fr",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.fr/",
        "file:///etc/passwd",
        "https://moi:secret@a.fr/",
        "https://localhost/",
        "https:///a",
        "https://a.fr/deux mots",
        "https://a.fr/\u202eb",
        "https://a.fr:99999/",
        "https://[::1]/",
        "https://a.fr/" + "x" * 500,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        normal(typed)


def test_two_addresses_of_one_page_are_alike() -> None:
    assert likeness(normal("http://www.a.fr/b/")) == likeness(normal("https://A.fr/b#c"))
    assert likeness(normal("https://a.fr/?a=1&b=2")) == likeness(normal("https://a.fr/?b=2&a=1"))
    assert likeness(normal("https://a.fr/b")) != likeness(normal("https://a.fr/c"))


def test_words_are_each_there_once_as_the_theme_writes_them() -> None:
    assert read_tags("IA, Évaluation ; ia,, #jeu", ["évaluation"]) == ["IA", "évaluation", "jeu"]
    assert folded("L’Œuvre  ÉTÉ") == "l'oeuvre ete"
    with pytest.raises(BadTags, match="8 au plus"):
        read_tags(",".join("abcdefghi"))
    with pytest.raises(BadTags, match="40 caractères"):
        read_tags("x" * 41)
