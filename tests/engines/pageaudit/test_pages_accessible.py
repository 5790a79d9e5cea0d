# ruff: noqa: E501 - pages, each on its line
"""Language, title, headings, images, forms, links, frames, tables, captions, zoom."""

import pytest
from pages_made import PROSE, fetched, html, marks, seen

from traam.engines.pageaudit import audit_page

ENGLISH = (
    "<p>The pupils read the map and find the river of their town, then they write a short text about what they have seen "
    "on the way. It is not an easy task for all of them, and the teacher will help those who cannot do it by themselves. "
    "At the end of the lesson they show their work to the class, and it is kept on the wall for the rest of the year.</p>"
)

CASES = {
    # --- language
    "no lang": ({"lang": ""}, {"a11y.lang"}),
    "empty lang": ({"lang": ' lang=""'}, {"a11y.lang"}),
    "a word": ({"lang": ' lang="français"'}, {"a11y.lang"}),
    "an underscore": ({"lang": ' lang="fr_FR"'}, {"a11y.lang"}),
    "no such language": ({"lang": ' lang="xx"'}, {"a11y.lang"}),
    "region": ({"lang": ' lang="fr-FR"'}, set()),
    "capitals": ({"lang": ' lang="FR-fr"'}, set()),
    "script": ({"lang": ' lang="zh-Hans-CN"', "prose": "<p>学生看地图。</p>"}, set()),
    "regional": ({"lang": ' lang="bre"', "prose": "<p>Demat.</p>"}, set()),
    "xml": ({"lang": ' xml:lang="fr"'}, set()),
    "french said english": ({"lang": ' lang="en"'}, {"a11y.lang"}),
    "english said french": ({"prose": ENGLISH}, {"a11y.lang?"}),
    "english that says so": ({"prose": f"<div lang=en>{ENGLISH}</div><p>Une carte.</p>"}, set()),
    # --- title
    "no title": ({"title": ""}, {"a11y.title"}),
    "empty title": ({"title": "<title> </title>"}, {"a11y.title"}),
    "of the tool": ({"title": "<title>Document</title>"}, {"a11y.title"}),
    "untitled": ({"title": "<title>Sans titre</title>"}, {"a11y.title"}),
    "file": ({"title": "<title>fiche_eleve.docx</title>"}, {"a11y.title"}),
    "of a drawing": ({"title": "", "body": "<svg role=img><title>Plan du fleuve</title></svg>"}, {"a11y.title"}),
    # --- headings
    "no h1": ({"h1": "<h2>Lire</h2>"}, {"a11y.head"}),
    "skipped": ({"body": "<h2>Objectifs</h2><h4>Détails</h4><p>Lire.</p>"}, {"a11y.head"}),
    "empty": ({"body": "<h2> </h2>"}, {"a11y.head"}),
    "back up": ({"body": "<h2>A</h2><h3>B</h3><p>b</p><h2>C</h2><p>c</p>"}, set()),
    "with an image": ({"body": "<h2><img src='/a.png' alt='Objectifs'></h2>"}, set()),
    "by role": ({"h1": "<div role=heading aria-level=1>Lire le relief</div>"}, set()),
    "bold instead": ({"body": "<p><strong>Objectifs</strong></p><p>Lire.</p><p><b>Matériel</b></p><ul><li>Carte</li></ul>"}, {"a11y.head"}),
    "bold by style": (
        {"body": "<p style='font-weight:bold;font-size:20px'>Objectifs</p><p>Lire.</p><p style='font-weight:bold'>Matériel</p><p>Une carte.</p>"},
        {"a11y.head"},
    ),
    "one bold among headings": ({"body": "<h2>A</h2><p>a</p><p><strong>Objectifs</strong></p><p>Lire.</p>"}, {"a11y.head?"}),
    "a bold sentence": ({"body": "<p><strong>Attention, la sortie est annulée s'il pleut.</strong></p><p>Lire.</p>"}, set()),
    "bold words": ({"body": "<p>Une <strong>carte</strong> du relief</p><p>Lire.</p>"}, set()),
    "bold in a list": ({"body": "<ul><li><strong>Objectifs</strong><p>Lire.</p></li></ul>"}, set()),
    # --- images
    "no alt": ({"body": "<img src='/a.png'>"}, {"a11y.alt"}),
    "decorative": ({"body": "<img src='/a.png' alt=''>"}, set()),
    "alt without value": ({"body": "<img src='/a.png' alt>"}, set()),
    "named otherwise": ({"body": "<img src='/a.png' aria-label='Carte du relief'>"}, set()),
    "presentation": ({"body": "<img src='/a.png' role=presentation>"}, set()),
    "not heard": ({"body": "<span aria-hidden=true><img src='/a.png'></span>"}, set()),
    "not shown": ({"body": "<div hidden><img src='/a.png'></div>"}, set()),
    "in noscript": ({"body": "<noscript><img src='/a.png'></noscript>"}, set()),
    "area": ({"body": "<map name=m><area href='/x' shape=rect coords='0,0,1,1'></map>"}, {"a11y.alt"}),
    "area without link": ({"body": "<map name=m><area shape=default></map>"}, set()),
    "image button": ({"body": "<form><input type=image src='/ok.png'></form>"}, {"a11y.alt"}),
    "image button named": ({"body": "<form><input type=image src='/ok.png' alt='Chercher'></form>"}, set()),
    "drawing": ({"body": "<svg role=img><path d='M0'/></svg>"}, {"a11y.alt"}),
    "drawing titled": ({"body": "<svg role=img><title>Plan du fleuve</title><path/></svg>"}, set()),
    "drawing labelled": ({"body": "<svg role=img aria-labelledby=t><title id=t>Plan</title></svg>"}, set()),
    "ornament": ({"body": "<svg aria-hidden=true><path/></svg><svg><path/></svg>"}, set()),
    "posing": ({"body": "<div role=img></div>"}, {"a11y.alt"}),
    "file name": ({"body": "<img src='/a.png' alt='IMG_2034.JPG'>"}, {"a11y.altq"}),
    "generic": ({"body": "<img src='/a.png' alt='image'>"}, {"a11y.altq"}),
    "numbered": ({"body": "<img src='/a.png' alt='DSC00123'>"}, {"a11y.altq"}),
    "capture": ({"body": "<img src='/a.png' alt='Capture d’écran 2024-01-12 à 10.12.45'>"}, {"a11y.altq"}),
    "long": ({"body": f"<img src='/a.png' alt=\"{PROSE}\">"}, {"a11y.altq?"}),
    "said": ({"body": "<img src='/a.png' alt='Image satellite de la vallée'>"}, set()),
    # --- forms
    "no label": ({"body": "<form><input type=text name=q></form>"}, {"a11y.form"}),
    "placeholder": ({"body": "<form><input name=q placeholder='Mot'></form>"}, {"a11y.form"}),
    "label": ({"body": "<form><label for=q>Mot</label><input id=q></form>"}, set()),
    "label around": ({"body": "<form><label>Mot <input></label></form>"}, set()),
    "label empty": ({"body": "<form><label for=q></label><input id=q></form>"}, {"a11y.form"}),
    "label of an image": ({"body": "<form><label for=q><img src='/a.png' alt='Mot'></label><input id=q></form>"}, set()),
    "label around a list": ({"body": "<form><label><select><option>Un</select></label></form>"}, {"a11y.form"}),
    "aria": ({"body": "<form><span id=l>Mot</span><input aria-labelledby='l'><textarea aria-label=Texte></textarea></form>"}, set()),
    "aria to nothing": ({"body": "<form><input aria-labelledby='rien'></form>"}, {"a11y.form"}),
    "title of a field": ({"body": "<form><input title='Mot cherché'></form>"}, set()),
    "hidden field": ({"body": "<form><input type=hidden name=a><input type=submit></form>"}, set()),
    "field not shown": ({"body": "<form style='display:none'><input name=a></form>"}, set()),
    "radios": ({"body": "<form><label><input type=radio name=r>A</label><label><input type=radio name=r>B</label></form>"}, {"a11y.form?"}),
    "radios together": (
        {"body": "<form><fieldset><legend>Choix</legend><label><input type=radio name=r>A</label><label><input type=radio name=r>B</label></fieldset></form>"},
        set(),
    ),
    "nameless button": ({"body": "<button><i class='fa fa-bars'></i></button>"}, {"a11y.form"}),
    "named button": ({"body": "<button aria-label='Menu'><i class='fa fa-bars'></i></button>"}, set()),
    # --- links
    "empty link": ({"body": "<p><a href='/x'></a></p>"}, {"a11y.link"}),
    "icon": ({"body": "<p><a href='/x'><i class='fa fa-home'></i></a></p>"}, {"a11y.link"}),
    "icon not heard": ({"body": "<p><a href='/x'><span aria-hidden=true>★</span></a></p>"}, {"a11y.link"}),
    "icon named": ({"body": "<p><a href='/x' aria-label='Favoris'><span aria-hidden=true>★</span></a></p>"}, set()),
    "icon titled": ({"body": "<p><a href='/x' title='Favoris'><i></i></a></p>"}, set()),
    "image with alt": ({"body": "<p><a href='/x'><img src='/a.png' alt='Le plan'></a></p>"}, set()),
    "image without": ({"body": "<p><a href='/x'><img src='/a.png' alt=''></a></p>"}, {"a11y.link"}),
    "drawing in a link": ({"body": "<p><a href='/x'><svg><title>Le plan</title></svg></a></p>"}, set()),
    "anchor": ({"body": "<p><a id=x></a><a name=y></a></p>"}, set()),
    "click here": ({"body": "<p>Pour la carte, <a href='/x'>cliquez ici</a>.</p>"}, {"a11y.linkq"}),
    "read more": ({"body": "<p><a href='/x'>Lire la suite…</a></p>"}, {"a11y.linkq"}),
    "read more of what": ({"body": "<p><a href='/x' aria-label='Lire la suite : la carte'>Lire la suite</a></p>"}, set()),
    "title says": ({"body": "<p><a href='/x' title='Lire la suite de la carte'>Lire la suite</a></p>"}, set()),
    "hidden words say": ({"body": "<p><a href='/x'>Lire la suite<span class=sr-only> de la carte</span></a></p>"}, set()),
    "address": ({"body": "<p><a href='https://svt.ac-lyon.fr/x'>https://svt.ac-lyon.fr/x</a></p>"}, {"a11y.linkq?"}),
    "same text": ({"body": "<p><a href='/x'>La carte</a> <a href='/y'>La carte</a></p>"}, {"a11y.linkq?"}),
    "same place": ({"body": "<p><a href='/x'>La carte</a> <a href='/x#b'>La carte</a></p>"}, set()),
    # --- frames
    "frame": ({"body": "<iframe src='/c'></iframe>"}, {"a11y.iframe"}),
    "frame titled": ({"body": "<iframe src='/c' title='Carte'></iframe>"}, set()),
    "frame hidden": ({"body": "<iframe src='/c' width=0 height=0></iframe><iframe src='/d' style='display:none'></iframe>"}, set()),
    "frame in noscript": ({"body": "<noscript><iframe src='/c'></iframe></noscript>"}, set()),
    "frame vaguely titled": ({"body": "<iframe src='/c' title='iframe'></iframe>"}, {"a11y.iframe?"}),
    # --- tables
    "headless": ({"body": "<table><tr><td>Ville</td><td>Altitude</td></tr><tr><td>Lyon</td><td>170</td></tr></table>"}, {"a11y.table"}),
    "headed": ({"body": "<table><tr><th>Ville</th><th>Altitude</th></tr><tr><td>Lyon</td><td>170</td></tr></table>"}, set()),
    "layout": ({"body": f"<table><tr><td>{PROSE}</td><td>{PROSE}</td></tr><tr><td>{PROSE}</td><td>{PROSE}</td></tr></table>"}, set()),
    "layout said": ({"body": "<table role=presentation><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"}, set()),
    "layout with heads": ({"body": "<table role=presentation><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"}, {"a11y.table"}),
    "layout by nesting": ({"body": "<table><tr><td><table><tr><th>a</th><td>b</td></tr></table></td><td>x</td></tr><tr><td>c</td><td>d</td></tr></table>"}, set()),
    "one column": ({"body": "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"}, set()),
    "two sorts of heads": (
        {"body": "<table><tr><th>Ville</th><th>Altitude</th></tr><tr><th>Lyon</th><td>170</td></tr></table>"},
        {"a11y.table?"},
    ),
    "two sorts scoped": (
        {"body": "<table><tr><th scope=col>Ville</th><th scope=col>Altitude</th></tr><tr><th scope=row>Lyon</th><td>170</td></tr></table>"},
        set(),
    ),
    # --- captions
    "video": ({"body": "<video src='/a.mp4' controls></video>"}, {"a11y.captions"}),
    "video captioned": ({"body": "<video src='/a.mp4' controls><track kind=captions src='/a.vtt' srclang=fr></video>"}, set()),
    "video of chapters": ({"body": "<video src='/a.mp4' controls><track kind=chapters src='/a.vtt'></video>"}, {"a11y.captions"}),
    "animation": ({"body": "<video src='/a.mp4' autoplay muted loop></video>"}, set()),
    "sound": ({"body": "<audio src='/a.mp3' controls></audio>"}, {"a11y.captions?"}),
    "platform": ({"body": "<iframe title='La rivière' src='https://podeduc.apps.education.fr/video/1-a/?is_iframe=true'></iframe>"}, {"a11y.captions?"}),
    # --- zoom
    "no zoom": ({"head": "<meta name=viewport content='width=device-width, user-scalable=no'>"}, {"a11y.zoom"}),
    "maximum": ({"head": "<meta name=viewport content='width=device-width, maximum-scale=1.0'>"}, {"a11y.zoom"}),
    "zoom": ({"head": "<meta name=viewport content='width=device-width, initial-scale=1, maximum-scale=5'>"}, set()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_of_a_page(case: str) -> None:
    parts, expected = CASES[case]
    assert seen(**parts) == expected


def test_every_finding_shows_its_element_and_its_line() -> None:
    found = [f for f in audit_page(fetched(html("\n\n<img src='/a.png'>"))) if f.code == "a11y.alt"]
    assert [(f.element, f.where) for f in found] == [('<img src="/a.png">', "ligne 3")]


def test_long_elements_are_cut_and_long_lists_counted() -> None:
    body = "".join(f"<img src='/{n}{'a' * 900}.png'>" for n in range(50))
    found = [f for f in audit_page(fetched(html(body))) if f.code == "a11y.alt"]
    assert len(found) == 21
    assert all(len(f.element) <= 300 for f in found)
    assert "30 autres" in found[-1].message


def test_the_same_element_is_told_once() -> None:
    assert len([f for f in audit_page(fetched(html("<img src='/a.png'>" * 9))) if f.code == "a11y.alt"]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    source = html("<h2>Éléments à relever</h2><h4>Détail déjà vu</h4>").replace('<meta charset="utf-8">', "")
    kind = "text/html" if encoding != "windows-1252" else "text/html; charset=iso-8859-1"
    page = fetched(source.encode(encoding), headers=(("content-type", kind),))
    (found,) = [f for f in audit_page(page) if f.code == "a11y.head"]
    assert "« Détail déjà vu »" in found.message
    assert marks(audit_page(page)) == {"a11y.head"}


def test_an_encoding_that_only_the_page_says() -> None:
    source = html("<h4>Détail déjà vu</h4>").replace("utf-8", "iso-8859-15")
    page = fetched(source.encode("iso-8859-15"), headers=(("content-type", "text/html"),))
    assert any("Détail déjà vu" in f.message for f in audit_page(page))


@pytest.mark.parametrize(
    "charset", ["base64", "rot13", "hex", "utf-7", "idna", "no-such", "zlib", "utf-16", "undefined"]
)
def test_an_encoding_that_is_none_breaks_nothing(charset: str) -> None:
    page = fetched(html(), headers=(("content-type", f"text/html; charset={charset}"),))
    assert marks(audit_page(page)) == set()
