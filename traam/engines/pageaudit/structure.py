# ruff: noqa: E501 - patterns and sentences, each on its line
"""The language of the page, its title, its headings, and whether it can be enlarged."""

import re
from collections import Counter

from traam.engines.pageaudit.content import title_of
from traam.engines.pageaudit.reading import Node, Page, Within
from traam.engines.pageaudit.report import Report, folded, quoted

# --- Language

_TAG = re.compile(
    r"^[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-x(?:-[A-Za-z0-9]{1,8})+)?$"
)
_TWO_WORDS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee"
    " el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is"
    " it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms"
    " mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk"
    " sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi"
    " yo za zh zu sh"
)
_TWO = frozenset(_TWO_WORDS.split())
_COMMON = {
    "fr": "au aux avec ce ces cette dans des du elle est et il la le les nous par pas plus pour que qui sont sur une vous",
    "en": "an and are as at be by can for from have in is it not of on or that the this to will with you your",
    "es": "al como con del el en es esta este las lo los más para pero por que se son su sus una y",
    "de": "als auch auf das dem den der die ein eine für im ist mit nicht oder sich sind und von wird zu",
    "it": "alla anche che come con del della delle di gli il lo nel non per più questa questo si sono una",
    "pt": "ao com como da das dos em foi mais não o os para pela pelo por que seu sua são uma",
}
_WORDS = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_NAMES = {"fr": "français", "en": "anglais", "es": "espagnol", "de": "allemand", "it": "italien", "pt": "portugais"}
_WORD = re.compile(r"[a-zà-ÿœ]+")


def language(page: Page, report: Report) -> None:
    roots = page.all("html")
    if not roots:
        return
    root = roots[0]
    said = root.attrs.get("lang", root.attrs.get("xml:lang"))
    if said is None or not said.strip():
        report.fault(
            "a11y.lang", "La page ne dit pas sa langue : l'élément html n'a pas d'attribut lang.", _opening(page, root)
        )
        return
    tag = said.strip()
    primary = tag.split("-")[0].lower()
    if not _TAG.match(tag) or (len(primary) == 2 and primary not in _TWO):
        report.fault(
            "a11y.lang", f"{quoted(tag)} n'est pas le code d'une langue : écrivez « fr ».", _opening(page, root)
        )
        return
    spoken = spoken_language(page)
    if spoken and primary in _NAMES and spoken != primary:
        message = f"La page se dit en {_NAMES[primary]} ({tag}), et son texte semble en {_NAMES[spoken]}."
        (report.fault if spoken == "fr" else report.review)("a11y.lang", message, _opening(page, root))


def _opening(page: Page, root: Node) -> str:
    said = "".join(f' {name}="{value}"' for name, value in list(root.attrs.items())[:8])
    return f"<html{said}>"


def spoken_language(page: Page) -> str:
    """The language most of the text is in, passages that say their own left out; "" when it is not plain."""
    bodies = page.all("body")
    if not bodies:
        return ""
    foreign = [
        (node.start, node.end)
        for node in page.nodes
        if node.within & Within.FOREIGN and node.parent and not node.parent.within & Within.FOREIGN
    ]
    parts, at = [], bodies[0].start
    for begin, end in foreign[:2000]:
        parts.append(page.text[at:begin])
        at = max(at, end)
    parts.append(page.text[at : bodies[0].end])
    words = _WORD.findall(" ".join(parts)[:20_000].lower())
    if len(words) < 60:
        return ""
    counts = Counter(words)
    scores = sorted(((sum(counts[word] for word in known), name) for name, known in _WORDS.items()), reverse=True)
    (best, name), (second, _) = scores[0], scores[1]
    return name if best >= 0.12 * len(words) and best > 2.2 * second else ""


# --- Title

_OF_TOOL = re.compile(
    r"^(?:document|documents?\d*|(?:document |page |fichier |diaporama |presentation |site )?sans (?:titre|nom)\d*|nouvelle page ?\d*|new page ?\d*|blank page|page (?:d'accueil|principale)|presentation powerpoint|powerpoint presentation|diapositive \d+|untitled(?: document| page| site)?\d*|new (?:page|document|tab)|nouvelle page|nouveau document|page sans titre"
    r"|titre(?: de (?:la page|votre page|l'article|mon site))?|title|titre du document|page title|my (?:page|site|website|webpage)|mon site|ma page|index|home|homepage"
    r"|accueil|page|page ?\d+|page web|web page|default|insert title here|lorem ipsum.*|test|exemple|example|react app|vite app|vite \+ \w+|vue app|nuxt app"
    r"|welcome to \w+|wordpress|joomla!?|spip|moodle|drupal|bienvenue(?: sur mon site)?|html|h5p|google sites|a venir|todo|xxx+|\.+|-+|\?+)$"
)
_OF_FILE = re.compile(
    r"^(?:microsoft (?:word|powerpoint) - .*|[\w ().~%+-]{1,120}\.(?:html?|php|docx?|odt|odp|pptx?|pdf|aspx?|xhtml|md|indd)|https?://\S+|www\.\S+)$"
)


def title(page: Page, report: Report) -> None:
    nodes = [node for node in page.all("title") if not node.within & Within.SVG]
    said = title_of(page)
    if not nodes:
        report.fault("a11y.title", "La page n'a pas d'élément title.")
    elif not said:
        report.fault("a11y.title", "Le titre de la page est vide.", nodes[0])
    elif _OF_TOOL.match(folded(said)) or _OF_FILE.match(folded(said)):
        report.fault("a11y.title", f"Le titre {quoted(said)} ne dit pas ce que contient la page.", nodes[0])


# --- Headings


def _level(node: Node) -> int:
    if node.get("role").lower() == "heading":
        level = node.get("aria-level")
        return int(level) if level.isdecimal() and len(level) < 3 else 2
    return int(node.tag[1])


def _headings(page: Page) -> list[Node]:
    found = [
        node
        for node in page.seen("h1", "h2", "h3", "h4", "h5", "h6")
        if node.get("role").lower() in ("", "heading", "none presentation")
    ]
    found += [node for node in page.seen("div", "p", "span") if node.get("role").lower() == "heading"]
    return sorted(found, key=lambda node: node.rank)


def headings(page: Page, report: Report) -> None:
    found = _headings(page)
    if not any(_level(node) == 1 for node in found):
        report.fault("a11y.head", "La page n'a pas de titre de niveau 1 (h1).", found[0] if found else "")
    before = 0
    for node in found:
        level, name = _level(node), page.name_of(node)
        if not name:
            report.fault("a11y.head", f"Ce titre de niveau {level} est vide.", node)
            continue
        if before and level > before + 1:
            report.fault(
                "a11y.head",
                f"Après un titre de niveau {before}, {quoted(name)} est de niveau {level} : un niveau est sauté.",
                node,
            )
        before = level
    _false_headings(page, report)


_BOLD = re.compile(r"font-weight\s?:\s?(?:bold|bolder|[6-9]00)", re.I)
_LARGE = re.compile(
    r"font-size\s?:\s?(?:(?:1[8-9]|[2-9]\d)(?:\.\d+)?p[xt]|1\.[2-9]\d?r?em|[2-9](?:\.\d+)?r?em|(?:1[2-9]\d|[2-9]\d\d)%|x{1,2}-large|large)",
    re.I,
)
_AFTER = ("p", "ul", "ol", "div", "table", "figure", "dl", "img", "section", "iframe", "video", "blockquote")


def _false_headings(page: Page, report: Report) -> None:
    found = [node for node in page.seen("p", "div") if _is_false_heading(page, node)]
    few = [node for node in page.seen("h2", "h3") if not node.within & Within.CHROME]
    sure = len(found) >= 2 or not few
    for node in found:
        message = f"Ce paragraphe tout en gras sert de titre : {quoted(page.text_of(node))}. Faites-en un titre."
        (report.fault if sure else report.review)("a11y.head", message, node)


def _is_false_heading(page: Page, node: Node) -> bool:
    outside = (
        Within.CHROME
        | Within.TABLE
        | Within.LIST
        | Within.QUOTE
        | Within.FIGURE
        | Within.HEADING
        | Within.LINK
        | Within.LABEL
        | Within.FORM
    )
    if node.within & outside or node.end - node.start > 200 or node.end == node.start:
        return False
    text = page.text_of(node)
    if (
        not 3 <= len(text) <= 90
        or len(text.split()) > 14
        or text[-1] in ".;,…!"
        or not any(letter.isalpha() for letter in text)
    ):
        return False
    if not _looks_bold(page, node, text) or page.has(node, "a", "img", "input", "button", "p", "ul", "br"):
        return False
    return _introduces(page, node)


def _looks_bold(page: Page, node: Node, text: str) -> bool:
    style = node.attrs.get("style", "")
    if node.tag == "p" and _BOLD.search(style):
        return True
    for each in page.inner(node, "strong", "b", "font", "span", "big", "u")[:6]:
        if page.text_of(each) != text:
            continue
        own = each.attrs.get("style", "")
        big = each.tag == "big" or each.get("size") in ("4", "5", "6", "7", "+1", "+2", "+3") or _LARGE.search(own)
        if each.tag in ("strong", "b") or _BOLD.search(own) or big:
            return node.tag == "p" or bool(each.parent is node)
    return node.tag == "p" and bool(_LARGE.search(style))


def _introduces(page: Page, node: Node) -> bool:
    """Something that is no heading comes right after it."""
    after = node.last + 1
    if after >= len(page.nodes):
        return False
    following = page.nodes[after]
    return following.parent is node.parent and following.tag in _AFTER and page.text_of(following) != page.text_of(node)


# --- Zoom

_MAXIMUM = re.compile(r"maximum-scale\s?[=:]\s?(\d{1,3}(?:\.\d+)?)")
_FORBIDDEN = re.compile(r"user-scalable\s?[=:]\s?(?:no|0|false)\b")


def zoom(page: Page, report: Report) -> None:
    for node in page.all("meta"):
        if node.get("name").lower() != "viewport":
            continue
        said = node.get("content").lower()
        most = _MAXIMUM.search(said)
        if _FORBIDDEN.search(said):
            report.fault("a11y.zoom", "La balise viewport interdit d'agrandir la page (user-scalable).", node)
        elif most and float(most.group(1)) < 2:
            report.fault("a11y.zoom", f"La balise viewport limite l'agrandissement à {most.group(1)}.", node)
