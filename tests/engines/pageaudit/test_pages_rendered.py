# ruff: noqa: E501 - pages, each on its line
"""What a browser adds, how two runs differ, and what is wanted from a page."""

from pages_made import ADDRESS, HTML, fetched, html, marks

from traam.engines.pageaudit import audit_page, blocking, compare, from_rendered, wanted
from traam.engines.pageaudit.values import Answer, Cookie, Finding, Rendered

AXE = {
    "violations": [
        {
            "id": "color-contrast",
            "help": "Les éléments doivent avoir un contraste suffisant",
            "tags": ["wcag2aa", "RGAAv4", "RGAA-3.2.1"],
            "nodes": [{"html": f"<p class='g{n}'>gris</p>"} for n in range(5)],
        }
    ],
    "incomplete": [{"id": "aria-x", "help": "À voir", "tags": [], "nodes": [{"html": "<i></i>"}]}],
}


def test_what_a_browser_saw() -> None:
    rendered = Rendered(
        ADDRESS,
        requests=(
            ADDRESS,
            "https://www.google-analytics.com/g/collect?v=2",
            "https://cdn.exemple.com/a.js",
            "https://cdn.exemple.com/b.js",
            "https://platform.twitter.com/widgets.js",
            "https://static.ac-lyon.fr/a.css",
            "data:image/png;base64,AA",
        ),
        cookies=(
            Cookie("_ga", ".ac-lyon.fr", 63_072_000),
            Cookie("PHPSESSID", "svt.ac-lyon.fr"),
            Cookie("tarteaucitron", "x", 3600),
        ),
        axe=AXE,
    )
    found = from_rendered(rendered, ADDRESS)
    assert marks(found) == {"tracker", "thirdparty", "social", "cookie", "a11y.axe", "a11y.axe?"}
    assert [f.code for f in found].count("thirdparty") == 1
    contrast = [f for f in found if f.code == "a11y.axe" and f.answer is Answer.FAULT]
    assert len(contrast) == 3
    assert "(RGAA 3.2)" in contrast[0].message and "5 éléments" in contrast[0].message


def test_a_browser_that_failed_is_said() -> None:
    found = from_rendered(Rendered(ADDRESS, error="absent"), ADDRESS)
    assert {(f.code, f.answer) for f in found} == {("cookie", Answer.UNTESTED), ("a11y.axe", Answer.UNTESTED)}


def test_the_two_passes_together_tell_once() -> None:
    page = fetched(html(head="<script src='https://www.google-analytics.com/analytics.js'></script>"))
    rendered = Rendered(ADDRESS, requests=("https://www.google-analytics.com/analytics.js",), axe={"violations": []})
    found = audit_page(page, rendered=rendered)
    assert [f.code for f in found] == ["tracker"]


def test_the_browser_adds_what_the_source_did_not_show() -> None:
    page = fetched(html("<img src='https://un.exemple.org/a.png' alt='Carte'><img src='/b.png'>"))
    rules = [
        {"id": rule, "help": rule, "tags": [], "nodes": [{"html": f"<{rule}>"}]} for rule in ("image-alt", "tabindex")
    ]
    rendered = Rendered(
        ADDRESS,
        requests=("https://un.exemple.org/a.png", "https://deux.exemple.net/b.js"),
        axe={"violations": rules},
    )
    found = audit_page(page, rendered=rendered)
    assert [f.element for f in found if f.code == "thirdparty"][1:] == ["https://deux.exemple.net/b.js"]
    assert [f.message for f in found if f.code == "a11y.axe"] == ["tabindex [tabindex]."]


def test_a_finding_is_known_again_whatever_changes_at_each_visit() -> None:
    def seen(nonce: str, day: str) -> set[str]:
        head = f"<script nonce='{nonce}' src='https://www.google-analytics.com/a.js'></script>"
        body = f"<form action='https://x.exemple.org/'><input type=hidden name=csrf value='{nonce}'></form>"
        cookie = ("set-cookie", f"visiteur={nonce}; expires=Wed, {day} Nov 2028 10:00:00 GMT")
        return {f.key for f in audit_page(fetched(html(body, head=head), headers=(*HTML, cookie)))}

    assert seen("a1", "22") == seen("b2", "23")


def test_a_page_written_by_scripts_is_judged_once_written() -> None:
    shell = fetched(
        "<html lang=fr><head><title>Relief</title></head><body><div id=root></div><script src=/a.js></script></body></html>"
    )
    alone = audit_page(shell)
    assert marks(alone) == set()
    assert any(f.code == "reach" and f.answer is Answer.UNTESTED for f in alone)
    seen = audit_page(shell, rendered=Rendered(ADDRESS, html=html("<img src='/a.png'>"), axe={"violations": []}))
    assert marks(seen) == {"a11y.alt"}


def test_differences_between_two_runs() -> None:
    moved = Finding("a11y.alt", Answer.FAULT, "m", "<img  src=a>", "ligne 9")
    before = [Finding("a11y.alt", Answer.FAULT, "m", "<img src=a>", "ligne 2"), Finding("legal", Answer.FAULT, "m")]
    after = [moved, Finding("social", Answer.FAULT, "m", "<a>")]
    seen = compare(before, after)
    assert [f.code for f in seen.appeared] == ["social"]
    assert [f.code for f in seen.vanished] == ["legal"]
    assert seen.remained == (moved,)
    assert seen.any and not compare(before, before).any


def test_only_faults_of_blocking_checks_block() -> None:
    found = [
        Finding("social", Answer.REVIEW, "m"),
        Finding("tracker", Answer.FAULT, "m"),
        Finding("legal", Answer.FAULT, "m"),
        Finding("auth", Answer.UNTESTED, "m"),
    ]
    assert [f.code for f in blocking(found)] == ["tracker"]


def test_what_is_wanted_from_a_page() -> None:
    body = (
        "<a href='/a.pdf#p2'>La fiche</a><a href='/a.pdf'>La fiche</a><a href='https://un.exemple.org/b.pdf'>Un rapport</a>"
        "<a href='page2?x=1#haut'>La suite de la séance</a><a href='#ici'>Ici</a><a href='mailto:a@b.fr'>Écrire</a>"
        "<a href='https://nuage.apps.education.fr/c.odt'>Le document</a><template><a href='/t'>t</a></template>"
        "<img src='/p.jpg' alt='Carte'><img src='/p.svg' alt='Plan'><img src='https://un.exemple.org/q.jpg' alt='Vue'>"
    )
    asked = wanted(fetched(html(body)))
    assert asked.documents == ("https://svt.ac-lyon.fr/a.pdf", "https://nuage.apps.education.fr/c.odt")
    assert "https://un.exemple.org/b.pdf" in asked.links
    assert "https://svt.ac-lyon.fr/traam/page2?x=1" in asked.links
    assert not any("#" in link or "mailto" in link or link.endswith("/t") for link in asked.links)
    assert asked.images == ("https://svt.ac-lyon.fr/p.jpg",)
    assert wanted(fetched(b"%PDF", headers=(("content-type", "application/pdf"),))).links == ()


def test_a_photograph_that_says_where_it_was_taken() -> None:
    from io import BytesIO

    from PIL import Image

    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (4.0, 50.0, 0.0)})
    exif[0x8825] = place
    kept = BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "JPEG", exif=exif)
    page = fetched(html("<img src='/p.jpg' alt='La rivière'>"))
    found = audit_page(page, images={"https://svt.ac-lyon.fr/p.jpg": kept.getvalue()})
    assert marks(found) == {"photo"}
    assert [f.element for f in found if f.code == "photo"] == ['<img src="/p.jpg" alt="La rivière">']
    assert marks(audit_page(page, images={"https://svt.ac-lyon.fr/p.jpg": b"\xff\xd8\xff junk"})) == set()
