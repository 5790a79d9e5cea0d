"""The images and the files that a text leads to: ours are shown with their words, those of other sites are followed."""

import pytest

from traam.design.prose import markdown, pictures

PIECES = [
    {"id": 12, "file": "a" * 64, "alternative": "Une frise", "decorative": False},
    {"id": 13, "file": "b" * 64, "alternative": "", "decorative": True},
    {"id": 14, "file": "", "alternative": "", "decorative": False},
]
IMAGES = pictures(PIECES, lambda piece: f"/fichiers/{piece['file'][:1]}")


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("![Quatre *dates*](fichier:12)", '<img src="/fichiers/a" alt="Quatre dates">'),
        ("![](fichier:12)", '<img src="/fichiers/a" alt="Une frise">'),
        ("![une ligne](fichier:13 'titre')", '<img src="/fichiers/b" alt="">'),
        ('![a"><script>](fichier:12)', '<img src="/fichiers/a" alt="a&quot;&gt;&lt;script&gt;">'),
        ("![Frise][f]\n\n[f]: fichier:12", '<img src="/fichiers/a" alt="Frise">'),
        ("[La fiche](fichier:12)", '<a href="/fichiers/a" rel="noopener noreferrer">La fiche</a>'),
        (
            "![Carte](https://a.fr/c.png)",
            '<a href="https://a.fr/c.png" rel="noopener noreferrer">Image\u00a0: Carte</a>',
        ),
        ("![](https://a.fr/c.png)", '<a href="https://a.fr/c.png" rel="noopener noreferrer">Image\u00a0: a.fr</a>'),
        (
            "[![Carte](https://a.fr/c.png)](https://b.fr)",
            '<a href="https://b.fr" rel="noopener noreferrer">Image\u00a0: Carte</a>',
        ),
        ("![Frise](fichier:99)", "[Image absente\u00a0: Frise]"),
        ("![](fichier:14)", "[Image absente\u00a0: fichier:14]"),
        ("![Ici](/local.png)", "[Image absente\u00a0: Ici]"),
        ("![x](data:image/png;base64,AA==)", "[Image absente\u00a0: x]"),
        ("![x](javascript:alert(1))", "![x](javascript:alert(1))"),
    ],
)
def test_an_image_is_ours_or_it_is_a_link(typed: str, drawn: str) -> None:
    assert f"<p>{drawn}</p>" in markdown(typed, images=IMAGES).replace("&nbsp;", "\u00a0")


@pytest.mark.parametrize("typed", ["![Frise](fichier:12)", "[La fiche](fichier:12)"])
def test_without_files_nothing_leads_to_one(typed: str) -> None:
    html = markdown(typed)
    assert "<img" not in html and "fichier:" not in html and "href" not in html
