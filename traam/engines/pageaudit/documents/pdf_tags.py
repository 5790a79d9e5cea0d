"""The tags of a PDF: what they are, in what order, and what they leave aside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from traam.engines.pageaudit.documents.pdf_pages import DrawnImage, Page
from traam.engines.pageaudit.documents.report import Report, shortened
from traam.engines.pageaudit.documents.structure import Heading, Table, judge_headings, judge_no_heading, judge_table
from traam.engines.pageaudit.documents.wording import Picture, judge_picture

MOST_TAGS = 150_000
MOST_DEPTH = 300
_SHOWN = {"Figure", "Formula"}


@dataclass
class Tag:
    """An element of the structure. `kind` is a standard one ("P", "H2"), after the document's own names."""

    kind: str
    page: int  # from 1, 0 when it is not said
    parent: "Tag | None" = None
    alternative: str = ""
    actual: str = ""
    depth: int = 0
    spans: bool = False
    marks: list[tuple[int, int]] = field(default_factory=list)
    kids: list["Tag"] = field(default_factory=list)

    @property
    def ancestors(self) -> Iterator["Tag"]:
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def within(self) -> Iterator["Tag"]:
        """The elements below this one, in reading order."""
        waiting = list(reversed(self.kids))
        while waiting:
            tag = waiting.pop()
            yield tag
            waiting.extend(reversed(tag.kids))


def judge(report: Report, root: Any, pages: list[Any], read: list[Page]) -> None:
    """`read` is what each of `pages` draws."""
    tree = root.get("/StructTreeRoot")
    marked = root.get("/MarkInfo")
    declared = isinstance(marked, pikepdf.Dictionary) and bool(marked.get("/Marked"))
    if not isinstance(tree, pikepdf.Dictionary) or not declared:
        _tell_untagged(report, read, isinstance(tree, pikepdf.Dictionary))
        return
    top, complete = _read(tree, pages)
    tags = list(top.within())
    if not any(tag.marks for tag in tags):
        report.fault(
            "doc.structure",
            "Le PDF se dit balisé, mais ses balises ne contiennent rien : une aide technique n'y trouve aucun texte.",
            part="balises vides",
        )
        return
    if not complete:
        report.untested(
            "doc.structure", "Les balises sont trop nombreuses : les dernières n'ont pas été lues.", part="balises"
        )
    _judge_left_aside(report, read)
    _judge_headings(report, tags, read)
    _judge_figures(report, tags)
    _judge_images(report, tags, read)
    _judge_tables(report, tags, read)


def _tell_untagged(report: Report, read: list[Page], half: bool) -> None:
    if read and all(page.is_scan and not page.hidden_signs for page in read):
        return  # said of the scan itself, which tags would not mend
    report.fault(
        "doc.structure",
        "Le PDF a des balises, mais ne se déclare pas balisé : une aide technique les ignore."
        if half
        else "Le PDF n'est pas balisé : une aide technique n'y distingue ni titres, ni listes, ni tableaux, ni "
        "images, et devine l'ordre de lecture.",
        part="balises",
    )


# Reading the tree: a crafted one may loop, or be larger than any memory.


def _read(tree: Any, pages: list[Any]) -> tuple[Tag, bool]:
    numbers = {page.objgen: number for number, page in enumerate(pages, 1)}
    roles = tree.get("/RoleMap")
    names = {str(key): str(value) for key, value in roles.items()} if isinstance(roles, pikepdf.Dictionary) else {}
    top = Tag("Root", 0)
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, Tag]] = [(tree.get("/K"), top)]
    left = MOST_TAGS
    while waiting and left > 0:
        value, parent = waiting.pop()
        left -= 1
        if isinstance(value, pikepdf.Array):
            waiting.extend((one, parent) for one in reversed([value[at] for at in range(min(len(value), left))]))
        elif isinstance(value, int):
            parent.marks.append((parent.page, int(value)))
        elif isinstance(value, pikepdf.Dictionary):
            _enter(value, parent, waiting, seen, names, numbers)
    return top, left > 0


def _enter(
    value: Any,
    parent: Tag,
    waiting: list[tuple[Any, Tag]],
    seen: set[tuple[int, int]],
    names: Mapping[str, str],
    numbers: Mapping[tuple[int, int], int],
) -> None:
    at = value.get("/Pg")
    page = numbers.get(at.objgen, 0) if isinstance(at, pikepdf.Dictionary) else parent.page
    if value.get("/Type") == "/MCR" and isinstance(value.get("/MCID"), int):
        parent.marks.append((page, int(value.get("/MCID"))))
        return
    if value.get("/Type") == "/OBJR":
        return
    if parent.depth >= MOST_DEPTH:
        return
    if value.objgen != (0, 0):
        if value.objgen in seen:
            return
        seen.add(value.objgen)
    kind = _standard(str(value.get("/S", "")), names)
    tag = Tag(kind, page, parent, _string(value, "/Alt"), _string(value, "/ActualText"), parent.depth + 1)
    tag.spans = _spans(value.get("/A"))
    parent.kids.append(tag)
    waiting.append((value.get("/K"), tag))


def _standard(name: str, names: Mapping[str, str]) -> str:
    for _ in range(10):
        if name not in names or names[name] == name or name.lstrip("/") in _KNOWN:
            break
        name = names[name]
    return name.lstrip("/")


_KNOWN = frozenset(
    re.findall(
        r"\w+",
        "Document Part Art Sect Div H H1 H2 H3 H4 H5 H6 P L LI Lbl LBody Table TR TH TD THead TBody TFoot Caption "
        "Figure Formula Form Link Note Quote BlockQuote Span Code Reference TOC TOCI Annot",
    )
)


def _string(value: Any, name: str) -> str:
    said = value.get(name)
    return str(said).strip("\0 ") if isinstance(said, pikepdf.String) else ""


def _spans(attributes: Any) -> bool:
    """Whether a cell says that it spreads over others."""
    several: list[Any] = list(attributes)[:20] if isinstance(attributes, pikepdf.Array) else [attributes]
    said: list[Any] = [
        one.get(name) for one in several if isinstance(one, pikepdf.Dictionary) for name in ("/RowSpan", "/ColSpan")
    ]
    return any(isinstance(one, int) and one > 1 for one in said)


def _words(tag: Tag, read: list[Page]) -> str:
    if tag.actual:
        return tag.actual
    parts = []
    for one in (tag, *tag.within()):
        parts.append(
            one.actual or "".join(_marked(read, page, number) for page, number in one.marks) or one.alternative
        )
        if sum(map(len, parts)) > 2000:
            break
    return " ".join(" ".join(parts).split())


def _marked(read: list[Page], page: int, number: int) -> str:
    return read[page - 1].marked.get(number, "") if 0 < page <= len(read) else ""


def _where(tag: Tag) -> str:
    """The page of a tag: its own, or that of what it holds."""
    page = tag.page or next((page for one in (tag, *tag.within()) for page, _ in one.marks if page), 0)
    return f"page {page}" if page else ""


# Judging.


def _judge_left_aside(report: Report, read: list[Page]) -> None:
    for page in read:
        if page.untagged:
            words = shortened(" ".join(page.untagged), 150).replace("\ufffd", "?")
            report.fault(
                "doc.structure",
                "Du texte de cette page est hors des balises : une aide technique ne le lit pas.",
                where=f"page {page.number}",
                quote=words if words.strip("? ") else "",
                part=f"page {page.number}, texte hors des balises",
            )


def _judge_headings(report: Report, tags: list[Tag], read: list[Page]) -> None:
    found = [
        Heading(int(tag.kind[1]), _shown(tag, read), _where(tag))
        for tag in tags
        if len(tag.kind) == 2 and tag.kind[0] == "H" and tag.kind[1] in "123456"
    ]
    judge_headings(report, found)
    if not found and not any(tag.kind in {"H", "Title"} for tag in tags):
        judge_no_heading(report, sum(len(page.text.split()) for page in read if page.legible), len(read))


def _shown(tag: Tag, read: list[Page]) -> str:
    """The words of a heading; a sign in their place when there are some that cannot be read."""
    words = _words(tag, read)
    if words:
        return words
    drawn = any(
        page > len(read) or not read[page - 1].legible for one in (tag, *tag.within()) for page, _ in one.marks if page
    )
    return "(titre illisible)" if drawn or any(one.kind in _SHOWN for one in tag.within()) else ""


def _judge_figures(report: Report, tags: list[Tag]) -> None:
    number = 0
    for tag in tags:
        if tag.kind not in _SHOWN or any(above.kind in _SHOWN for above in tag.ancestors):
            continue
        number += 1
        where = ", ".join(filter(None, (_where(tag), f"image {number}")))
        said = tag.alternative or tag.actual
        if not said and any(one.kind in _SHOWN and one.alternative for one in tag.within()):
            continue
        what = "L'image" if tag.kind == "Figure" else "La formule"
        judge_picture(report, Picture(where, f"{where} : <{tag.kind}>", said, False, what))


def _judge_images(report: Report, tags: list[Tag], read: list[Page]) -> None:
    """Images that no figure covers."""
    owners = {mark: tag for tag in tags for mark in tag.marks}
    for page in read:
        for image in page.images:
            if _is_small(image) or image.artifact or page.is_scan:
                continue
            owner = owners.get((page.number, image.mark)) if image.mark is not None else None
            if owner is not None and any(
                one.kind in _SHOWN or one.alternative or one.actual for one in (owner, *owner.ancestors)
            ):
                continue
            if owner is not None and any(one.kind in _SHOWN for one in owner.within()):
                continue
            lack = "dans un texte, sans balise d'image" if image.tagged else "hors des balises"
            report.fault(
                "doc.alt",
                f"L'image est {lack} : elle n'a ni texte de remplacement, ni marque qui la dise décorative.",
                where=f"page {page.number}",
                part=f"page {page.number}, image {image.name}",
            )


def _is_small(image: DrawnImage) -> bool:
    left, bottom, right, top = image.box
    return right - left < 8 or top - bottom < 8


def _judge_tables(report: Report, tags: list[Tag], read: list[Page]) -> None:
    for number, table in enumerate((tag for tag in tags if tag.kind == "Table"), 1):
        where = ", ".join(filter(None, (_where(table), f"tableau {number}")))
        own = [tag for tag in table.within() if next((up for up in tag.ancestors if up.kind == "Table"), None) is table]
        rows = [tag for tag in own if tag.kind == "TR"]
        cells = [tag for tag in own if tag.kind in {"TH", "TD"}]
        small = len(rows) < 2 or len(cells) <= len(rows)
        headed = small or any(tag.kind == "TH" for tag in cells)
        shown = _words(rows[0], read) if rows else _words(table, read)
        merged = next((_words(tag, read) for tag in cells if tag.spans), None)
        judge_table(report, Table(where, shown, headed, merged))
        if not rows:
            report.fault(
                "doc.table",
                "Le tableau n'a pas de lignes dans les balises : ses cellules se lisent à la suite.",
                where=where,
                part=f"{where}, sans lignes : {shortened(shown, 200)}",
            )
