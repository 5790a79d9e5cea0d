# ruff: noqa: E501 - pages, each on its line
"""Junk, nests and traps: the audit answers, and its work grows as the page does."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages_made import fetched, html

from traam.engines import pageaudit
from traam.engines.pageaudit import audit_page, is_soft_missing, reading, wanted
from traam.engines.pageaudit.reading import read

PIECES = st.sampled_from(
    [
        "<div",
        "<p>",
        "<a",
        "href='",
        "<a",
        "href='https://twitter.com/@x'>",
        "</a>",
        "<img",
        "src=",
        "srcset=',",
        ",",
        "a",
        "2x'",
        "<table><tr><td>",
        "<h1>",
        "</h6>",
        "<style>@import",
        "url(",
        "<script>",
        "gtag('",
        "</script>",
        "<!--",
        "-->",
        "<svg",
        "role=img>",
        "<title>",
        "<base",
        "href='http://[::1'>",
        "<meta",
        "charset=utf-16>",
        "<input",
        "id=a",
        "aria-labelledby='a",
        "a'",
        "<label",
        "for=a>",
        "style='width:1px;background:url('",
        "<template>",
        "<noscript>",
        "&amp",
        "&#x0;",
        "\x00",
        "\ufffe",
        "licence",
        "cc",
        "by",
        "-",
        "nc",
        "-",
        "sa",
        "eleves",
        "creent",
        "un",
        "compte",
        "http://[",
        "https://a.b:99999/",
        "javascript:",
        "data:,",
        "<iframe",
        "src='//'",
        "<math>",
        "<frameset>",
        "<ul><li>",
        "role=heading",
        "aria-level=99",
        "lang='",
        "]]>",
        "<?xml",
        "<![CDATA[",
        "<a",
        "href='http://x.fr/%zz?u=http%3A//['",
        "<link",
        "rel=me",
        "href='http:///'",
        "<body>",
        "<html>",
        "9999-",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(PIECES, max_size=40).map(lambda parts: " ".join(parts).encode("utf-8", "replace")),
    )
)
@example(b"<a href='http://[::1'>x</a><base href='http://['>")
@example(b"\xff\xfe<\x00h\x00")
@example("<p>‎‏\u2028\U0010ffff</p>".encode())
def test_any_bytes_are_answered(body: bytes) -> None:
    page = fetched(body)
    audit_page(page)
    wanted(page)
    is_soft_missing(page)


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, max_size=25), st.text(max_size=60))
def test_any_body_within_a_page_is_answered(parts: list[str], text: str) -> None:
    audit_page(fetched(html(" ".join(parts) + text).encode("utf-8", "replace"), headers=(("set-cookie", text),)))


NESTS = (
    "<div>",
    "<b>",
    "<table><tr><td>",
    "<ul><li>",
    "<p><font>",
    "<div class=footer>",
    "<span role=img>",
    "<label for=a>",
)


@pytest.mark.parametrize("nest", NESTS)
def test_five_megabytes_of_nested_tags_are_answered(nest: str) -> None:
    audit_page(fetched(nest * (5_000_000 // len(nest))))


GROWING: dict[str, Callable[[int], str]] = {
    "links": lambda n: "<a href='https://x.fr/@a'>u</a>" * n,
    "deep links": lambda n: "<i>" * 1000 + "<a href='/x'>u</a>" * n,
    "labels": lambda n: "<label>a<input>" * n,
    "open comments of styles": lambda n: "<style>" + "/*a" * n * 10,
    "open comments of scripts": lambda n: "<script>" + " /*a" * n * 10,
    "addresses of styles": lambda n: "<style>" + "url( " * n * 10,
    "spaces": lambda n: "<p>" + " \n" * n * 10 + "cc by",
    "licences": lambda n: "<p>" + "creative commons attribution - " * n,
    "accounts": lambda n: "<p>" + "eleves un compte " * n,
    "credits": lambda n: "<p>cc by photo.</p>" * n,
    "rows": lambda n: "<table>" + "<tr><td>a<td>b" * n,
    "bold": lambda n: "<p><b>Titre</b></p>" * n,
    "identifiers": lambda n: "<input id=a aria-labelledby='a a a a a'>" * n,
    "images": lambda n: "<a href=/x>" + "<img src=a>" * n,
}


@pytest.mark.parametrize("case", GROWING)
def test_work_grows_as_the_page_does(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in calls of Python functions and not in seconds: four times the page, less than seven times the work."""
    assert _calls(GROWING[case](800)) < 7 * _calls(GROWING[case](200)) + 2000


def _calls(body: str) -> int:
    import sys

    count = 0

    def counted(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    page = fetched(html(body))
    pageaudit.audit_page(page)  # what is read once or remembered is not counted
    sys.setprofile(counted)
    try:
        pageaudit.audit_page(page)
    finally:
        sys.setprofile(None)
    return count


def test_a_page_that_was_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_NODES", 100)
    found = audit_page(fetched(html("<p>" * 200)))
    assert any(f.code == "reach" and "début" in f.message for f in found)


def test_text_and_descendants_are_those_of_the_page() -> None:
    page = read(fetched("<html><body><div id=a>un <b>deux <i>trois</i></b> quatre</div><p>cinq</p></body></html>"))
    node = page.ids["a"]
    assert page.text_of(node) == "un deux trois quatre"
    assert [each.tag for each in page.inner(node, "i", "b", "p")] == ["i", "b"]
    assert page.has(node, "i") and not page.has(node, "p")
