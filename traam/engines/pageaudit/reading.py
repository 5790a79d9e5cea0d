# ruff: noqa: E501 - patterns and sentences, each on its line
"""A page's bytes, whatever they are, read once into a flat list of nodes that every check can ask in constant time.

lxml's own elements are walked a single time. A node knows its rank, the rank of its last descendant, and where its text
starts and ends in the text of the page: "the text of this link", "the images of this link" then cost nothing, however
deep the page is nested. Whether a node is hidden, inside a figure, a footer or a `noscript` is inherited on the way down.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lxml import etree

from traam.engines.pageaudit.addresses import joined
from traam.engines.pageaudit.decoding import decoded
from traam.engines.pageaudit.values import EXCERPT, Fetched

MOST_NODES = 60_000  # beyond, nobody reads the page either: what was left out is told
MOST_TEXT = 2_000  # characters of a name or a paragraph that are looked at

_BLOCKS_WORDS = (
    "address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section select"
    " summary table tbody td tfoot th thead title tr ul video audio iframe"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_UNREAD_WORDS = "script style template title noscript textarea datalist head option optgroup iframe noembed noframes"
_UNREAD = frozenset(_UNREAD_WORDS.split())
_UNDISPLAYED = re.compile(r"(?:display\s?:\s?none|visibility\s?:\s?hidden)", re.I)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|menus|breadcrumbs?|fil-?ariane|ariane|aside|sidebar|secondary|colonne|widgets?|bandeau|banner|cookies?"
    r"|consent|skiplinks?|toolbar|topbar|header|site-header|footer|site-footer|pied|pied-de-page|colophon)(?:$|[\s_-])",
    re.I,
)
_FOOT = re.compile(r"(?:^|[\s_-])(?:footer|pied|pied-de-page|colophon)(?:$|[\s_-])", re.I)


class Within:
    """What a node is inside of, itself included: bits of `Node.within` (plain numbers, asked a hundred thousand times)."""

    NOSCRIPT = 1
    TEMPLATE = 2
    UNDISPLAYED = 4  # hidden from everybody
    ARIA_HIDDEN = 8  # hidden from assistive technologies
    MAIN = 16
    CHROME = 32  # menus, header, footer, side columns: what surrounds the content
    FOOTER = 64
    FIGURE = 128
    CODE = 256
    LINK = 512
    LABEL = 1024
    SVG = 2048
    TABLE = 4096
    LIST = 8192
    QUOTE = 16384
    FOREIGN = 32768  # says its own language
    BODY = 65536
    FIELDSET = 131072
    HEADING = 262144
    FORM = 524288


UNSEEN = Within.NOSCRIPT | Within.TEMPLATE | Within.UNDISPLAYED
UNHEARD = UNSEEN | Within.ARIA_HIDDEN
_SILENT = UNHEARD

_BY_TAG: Mapping[str, int] = {
    "noscript": Within.NOSCRIPT,
    "template": Within.TEMPLATE,
    "main": Within.MAIN,
    "article": Within.MAIN,
    "nav": Within.CHROME,
    "aside": Within.CHROME,
    "figure": Within.FIGURE,
    "figcaption": Within.FIGURE,
    "pre": Within.CODE,
    "code": Within.CODE,
    "kbd": Within.CODE,
    "samp": Within.CODE,
    "a": Within.LINK,
    "label": Within.LABEL,
    "svg": Within.SVG,
    "table": Within.TABLE,
    "li": Within.LIST,
    "dl": Within.LIST,
    "blockquote": Within.QUOTE,
    "body": Within.BODY,
    "fieldset": Within.FIELDSET,
    "form": Within.FORM,
    **{f"h{level}": Within.HEADING for level in range(1, 7)},
}
_BY_ROLE: Mapping[str, int] = {
    "main": Within.MAIN,
    "navigation": Within.CHROME,
    "banner": Within.CHROME,
    "complementary": Within.CHROME,
    "search": Within.CHROME,
    "contentinfo": Within.CHROME | Within.FOOTER,
    "heading": Within.HEADING,
    "group": Within.FIELDSET,
    "radiogroup": Within.FIELDSET,
}


class Node:
    """An element: its tag and attributes in lower case, its line, its rank, and its span in the text of the page."""

    __slots__ = ("attrs", "element", "end", "last", "parent", "rank", "start", "tag", "within")

    def __init__(self, element: Any, tag: str, attrs: dict[str, str], rank: int, parent: "Node | None") -> None:
        self.element = element
        self.tag = tag
        self.attrs = attrs
        self.rank = rank
        self.last = rank
        self.parent = parent
        self.start = self.end = 0
        self.within = 0

    def get(self, name: str) -> str:
        """The value of an attribute, trimmed; "" without it."""
        return self.attrs.get(name, "").strip()

    @property
    def line(self) -> int:
        return int(self.element.sourceline or 0)

    @property
    def where(self) -> str:
        return f"ligne {self.line}" if self.line else ""

    @property
    def marks(self) -> str:
        """Its identifier and classes: how tools name what they insert."""
        return f"{self.attrs.get('id', '')} {self.attrs.get('class', '')}".strip()


class Place(NamedTuple):
    """A sentence of the text, when no one element holds it."""

    sentence: str
    line: int = 0


class Page:
    """A page read. Build it with `read`."""

    def __init__(self, fetched: Fetched, source: str) -> None:
        self.fetched = fetched
        self.address = fetched.final or fetched.address
        self.cut = fetched.truncated
        self.nodes: list[Node] = []
        self.by_tag: dict[str, list[Node]] = {}
        self.ids: dict[str, Node] = {}
        self.text = ""
        self.kept: dict[str, object] = {}  # what one check worked out and another will ask again
        self.memory: dict[str, str] = {}
        self._joined: dict[str, str] = {}
        self._names: dict[int, str] = {}
        root = _parsed(source)
        if root is not None:
            self._walk(root)
        self._images = [node for node in self.all("img", "svg", "input", "area") if not node.within & _SILENT]
        self._image_ranks = [node.rank for node in self._images]
        self.base = self.address
        for node in self.all("base"):
            if node.get("href"):
                self.base = joined(self.address, node.get("href")) or self.address
                break

    def all(self, *tags: str) -> list[Node]:
        """The elements of these tags, in the order of the page."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        found = [node for tag in tags for node in self.by_tag.get(tag, ())]
        return sorted(found, key=lambda node: node.rank)

    def seen(self, *tags: str) -> list[Node]:
        """Those that a reader meets, by the eye or by the ear."""
        return [node for node in self.all(*tags) if not node.within & _SILENT]

    def absolute(self, address: str) -> str:
        """The address as the browser would ask it, "" when it cannot be read."""
        if address not in self._joined:
            self._joined[address] = joined(self.base, address)
        return self._joined[address]

    def inner(self, node: Node, *tags: str) -> list[Node]:
        """The descendants of these tags."""
        found = []
        for tag in tags:
            listed = self.by_tag.get(tag, [])
            first = bisect_left(listed, node.rank + 1, key=lambda each: each.rank)
            while first < len(listed) and listed[first].rank <= node.last:
                found.append(listed[first])
                first += 1
        return found

    def has(self, node: Node, *tags: str) -> bool:
        for tag in tags:
            listed = self.by_tag.get(tag, [])
            first = bisect_left(listed, node.rank + 1, key=lambda each: each.rank)
            if first < len(listed) and listed[first].rank <= node.last:
                return True
        return False

    def text_of(self, node: Node, most: int = MOST_TEXT) -> str:
        """What is read in it, spaces made single."""
        return " ".join(self.text[node.start : min(node.end, node.start + most)].split())

    def name_of(self, node: Node) -> str:
        """Its accessible name: aria-labelledby, aria-label, text and alternatives inside, title."""
        known = self._names.get(node.rank)
        if known is None:
            known = self.referred(node) or node.get("aria-label") or self.content_name(node) or node.get("title")
            self._names[node.rank] = known
        return known

    def referred(self, node: Node) -> str:
        """The text of the elements that aria-labelledby names."""
        words = []
        for identifier in node.get("aria-labelledby").split()[:10]:
            target = self.ids.get(identifier)
            if target is not None:
                words.append(target.get("aria-label") or self.text_of(target) or target.get("alt") or _raw_text(target))
        return " ".join(" ".join(words).split())

    def content_name(self, node: Node) -> str:
        """Its text and the alternatives of the images inside."""
        words = [self.text_of(node)]
        first = bisect_left(self._image_ranks, node.rank)
        for image in self._images[first : first + 20]:
            if image.rank > node.last:
                break
            words.append(self.alternative(image))
        words += [each.get("aria-label") for each in self.inner(node, "i", "span")[:5] if not each.within & _SILENT]
        return " ".join(" ".join(words).split())

    def alternative(self, node: Node) -> str:
        """What is heard instead of an image: attributes, or the title element of an SVG."""
        said = self.referred(node) or node.get("aria-label") or node.get("alt") or node.get("title")
        if not said and node.tag == "svg":
            said = " ".join(_raw_text(title) for title in self.inner(node, "title", "text", "desc")[:3]).strip()
        return said

    def lines_with(self, *words: str) -> list[tuple[int, str]]:
        """The lines of the text that hold one of these words (in lower case), with where they begin, in order."""
        if "lower" not in self.memory:
            lower = self.text.lower()  # a few letters of other scripts grow when lowered: positions must hold
            self.memory["lower"] = lower if len(lower) == len(self.text) else self.text
        lower = self.memory["lower"]
        begins: dict[int, int] = {}
        for word in words:
            at = lower.find(word)
            while at >= 0:
                begin = lower.rfind("\n", 0, at) + 1
                end = lower.find("\n", at)
                begins[begin] = end = len(lower) if end < 0 else end
                at = lower.find(word, end)
        return [(begin, self.text[begin:end]) for begin, end in sorted(begins.items())]

    def _walk(self, root: Any) -> None:
        chunks: list[str] = []
        size = 0
        node: Node | None = None
        nodes, by_tag = self.nodes, self.by_tag
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                if len(nodes) >= MOST_NODES:
                    self.cut = True
                    break
                tag = element.tag.lower()
                node = Node(element, tag, {k.lower(): v for k, v in element.attrib.items()}, len(nodes), node)
                nodes.append(node)
                by_tag.setdefault(tag, []).append(node)
                node.within = _within(node)
                if "id" in node.attrs:
                    self.ids.setdefault(node.attrs["id"].strip(), node)
                if tag in _BLOCKS:
                    chunks.append("\n")
                    size += 1
                node.start = size
                text = element.text
                if text and tag not in _UNREAD and not node.within & _SILENT:
                    chunks.append(text)
                    size += len(text)
                continue
            assert node is not None  # noqa: S101 - every end has its start
            node.end, node.last = size, len(nodes) - 1
            if node.tag in _BLOCKS:
                chunks.append("\n")
                size += 1
            node, tail = node.parent, element.tail
            if tail and node is not None and node.tag not in _UNREAD and not node.within & _SILENT:
                chunks.append(tail)
                size += len(tail)
        while node is not None:  # a walk that was cut leaves elements open
            node.end, node.last, node = size, len(nodes) - 1, node.parent
        self.text = "".join(chunks)


def _within(node: Node) -> int:
    inherited = node.parent.within if node.parent is not None else 0
    tag, attrs = node.tag, node.attrs
    within = inherited | _BY_TAG.get(tag, 0)
    if tag == "template" and any(name.startswith(_OF_CONSENT) for name in attrs):
        within = inherited | Within.UNDISPLAYED  # what a consent manager keeps to load later
    if tag in ("header", "footer") and not inherited & Within.MAIN:
        within |= Within.CHROME | (Within.FOOTER if tag == "footer" else 0)
    if not attrs:
        return within
    role = attrs.get("role")
    if role:
        within |= _BY_ROLE.get(role.strip().lower(), 0)
    if "hidden" in attrs or ("style" in attrs and _UNDISPLAYED.search(attrs["style"][:1000])):
        within |= Within.UNDISPLAYED
    if attrs.get("aria-hidden", "").strip().lower() == "true":
        within |= Within.ARIA_HIDDEN
    if "lang" in attrs and tag not in ("html", "body"):
        within |= Within.FOREIGN
    if tag in _BOXES and not within & (Within.MAIN | Within.CHROME) and ("id" in attrs or "class" in attrs):
        within |= _named(node.marks[:300])
    return within


_OF_CONSENT = ("data-purpose", "data-consent", "data-cookie", "data-category", "data-service")
_BOXES = frozenset(("div", "section", "ul", "td", "table", "p"))


def _named(marks: str) -> int:
    if _FOOT.search(marks):
        return Within.CHROME | Within.FOOTER
    return Within.CHROME if _CHROME.search(marks) else 0


def _raw_text(node: Node) -> str:
    words, size = [], 0
    for text in node.element.itertext():
        words.append(text)
        size += len(text)
        if size > MOST_TEXT or len(words) > 50:
            break
    return " ".join(" ".join(words).split())


# --- From bytes to a tree


def is_page(fetched: Fetched) -> bool:
    """Is what was answered an HTML page, and not a document?"""
    return not fetched.media_type or "html" in fetched.media_type


def read(fetched: Fetched) -> Page:
    """The page, read as a browser would: never raises, whatever the bytes."""
    return Page(fetched, decoded(fetched))


def _parsed(source: str) -> Any:
    cleaned = source.replace("\x00", "\ufffd").encode("utf-8", "replace")
    if not cleaned.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(cleaned, parser)
    except (etree.LxmlError, ValueError):
        return None


def excerpt(node: Node) -> str:
    """Its HTML, cut at EXCERPT, without what changes at each visit: a finding is known again by what it shows."""
    if node.last - node.rank > 60 or node.tag == "form":
        return _cut(_opening(node))
    try:
        html = etree.tostring(node.element, encoding="unicode", method="html", with_tail=False)
    except (etree.LxmlError, ValueError):
        html = _opening(node)
    return _cut(_FLEETING.sub("", " ".join(html[: 20 * EXCERPT].split())))


_FLEETING = re.compile(
    r' (?:nonce|data-nonce)="[^"]{0,200}"|;jsessionid=[\w.!-]{1,100}|(?<=[?&])(?:PHPSESSID|sid)=\w{1,100}&?', re.I
)


def _opening(node: Node) -> str:
    said = "".join(f' {name}="{value[:EXCERPT]}"' for name, value in list(node.attrs.items())[:20])
    return _FLEETING.sub("", f"<{node.tag}{said}>")


def _cut(html: str) -> str:
    return html if len(html) <= EXCERPT else html[: EXCERPT - 1] + "…"


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, a line break ending one as well."""
    for line in text.split("\n"):
        if line.strip():
            for sentence in _ENDS.split(line):
                said = " ".join(sentence.split())
                if said:
                    yield said


_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý«\"])")


def children(page: Page, node: Node) -> Sequence[Node]:
    """Its direct children, in order."""
    found, rank = [], node.rank + 1
    while rank <= node.last:
        found.append(page.nodes[rank])
        rank = page.nodes[rank].last + 1
    return found
