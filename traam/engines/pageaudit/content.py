"""What of a page is its content, once the menus, the header, the footer and the forms are put aside."""

from traam.engines.pageaudit.reading import Node, Page, Within

_MOST = 20_000


def content(page: Page) -> str:
    """The running text: that of main (or article) when there is one, without links nor what surrounds the content.

    A wall has next to none; a page about walls has plenty.
    """
    left_out = Within.CHROME | Within.LINK | Within.FORM | Within.NOSCRIPT | Within.TEMPLATE
    return _gathered(page, left_out)


def readable(page: Page) -> str:
    """The text of the content, links and forms included."""
    return _gathered(page, Within.CHROME | Within.NOSCRIPT | Within.TEMPLATE)


def _gathered(page: Page, left_out: int) -> str:
    key = f"\x00{left_out}"
    cached = page.memory.get(key)
    if cached is None:
        cached = page.memory[key] = _spans(page, left_out)
    return cached


def _spans(page: Page, left_out: int) -> str:
    """Cuts the spans of the nodes left out from the text: the outermost of each, in one pass over the nodes."""
    bodies = page.all("body")
    if not bodies:
        return " ".join(page.text[:_MOST].split())
    root = _main(page) or bodies[0]
    outside = root.within & left_out
    parts, at, rank = [], root.start, root.rank + 1
    while rank <= root.last:
        node = page.nodes[rank]
        if node.within & left_out & ~outside:
            parts.append(page.text[at : node.start])
            at = max(at, node.end)
            rank = node.last + 1
        else:
            rank += 1
    parts.append(page.text[at : root.end])
    return "\n".join(" ".join(line.split()) for part in parts for line in part.split("\n") if line.strip())[:_MOST]


def is_little(page: Page, most_headings: int = 2) -> bool:
    """Nothing but a sentence: hardly an image, a document or a heading that would make a content."""
    shown = [node for node in page.seen("img", "video", "iframe", "table", "audio") if not node.within & Within.CHROME]
    headings = [node for node in page.seen("h2", "h3") if not node.within & Within.CHROME]
    links = [node for node in page.seen("a") if not node.within & Within.CHROME]
    return len(shown) <= 2 and len(headings) <= most_headings and len(links) <= 15


def has_main(page: Page) -> bool:
    """Does the page say which part of it is the content?"""
    return _main(page) is not None


def _main(page: Page) -> Node | None:
    mains = [node for node in page.all("main", "div", "section") if _is_main(node.tag, node.attrs)]
    return next((node for node in mains if page.text[node.start : node.end].strip()), None)


def _is_main(tag: str, attrs: dict[str, str]) -> bool:
    return tag == "main" or attrs.get("role", "").lower() == "main"


def title_of(page: Page) -> str:
    """The text of the title element of the document, not that of a drawing."""
    for node in page.all("title"):
        if not node.within & Within.SVG:
            return " ".join((node.element.text or "").split())
    return ""


def first_heading(page: Page) -> str:
    """That of the content; failing that, that of the site."""
    heads = page.seen("h1") or page.seen("h2")
    inside = [node for node in heads if not node.within & Within.CHROME]
    return page.name_of((inside or heads)[0]) if heads else ""


def first_headings(page: Page) -> list[str]:
    """The names of the first three headings of the content."""
    heads = [node for node in page.seen("h1", "h2", "h3") if not node.within & Within.CHROME]
    return [name for node in heads[:3] if (name := page.name_of(node))]
