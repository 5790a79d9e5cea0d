"""PowerPoint presentations."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from traam.engines.pageaudit.documents import office
from traam.engines.pageaudit.documents.colours import Colour, Contrasts, Words
from traam.engines.pageaudit.documents.package import BROKEN, Package, Relation, attribute, child, local
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened
from traam.engines.pageaudit.documents.structure import Table, judge_table
from traam.engines.pageaudit.documents.wording import Picture, judge_language, judge_picture

_TITLES = {"title", "ctrTitle"}
Box = tuple[int, int, int, int]


def audit(report: Report, package: Package) -> None:
    main = office.main_part(package) or "ppt/presentation.xml"
    root = package.xml(main)
    if root is None:
        raise Unreadable(BROKEN)
    slides = list(_slides(package, main, root))
    text = "\n".join(slide.text for slide in slides)
    judge_language(report, _language(root, slides), text)
    office.judge_properties(report, package, text)
    contrasts = Contrasts()
    for slide in slides:
        _judge_title(report, slide)
        _judge_pictures(report, slide)
        _judge_tables(report, slide)
        _judge_history(report, package, slide)
        _add_contrasts(contrasts, slide)
    contrasts.judge(report)
    office.judge_media(report, package)


class _Slide:
    """A slide with what it is laid on."""

    def __init__(self, package: Package, number: int, name: str, root: Any) -> None:
        self.number, self.root = number, office.without_fallbacks(root)
        self.where = f"diapositive {number}"
        self.relations = package.relations(name)
        self.layout, self._layout_name = self._under(package, self.relations, "slideLayout")
        relations = package.relations(self._layout_name) if self._layout_name else {}
        self.master, self._master_name = self._under(package, relations, "slideMaster")
        relations = package.relations(self._master_name) if self._master_name else {}
        theme, _ = self._under(package, relations, "theme")
        names = child(self.master, "clrMap")
        own = child(self.root, "clrMapOvr", "overrideClrMapping")
        renamed = {str(key): str(value) for key, value in dict(names.attrib if names is not None else {}).items()}
        renamed |= {str(key): str(value) for key, value in dict(own.attrib if own is not None else {}).items()}
        self.theme = office.Theme(theme, renamed)

    @staticmethod
    def _under(package: Package, relations: dict[str, Relation], kind: str) -> tuple[Any, str]:
        one = next((one for one in relations.values() if one.kind == kind and not one.external), None)
        return (None, "") if one is None else (package.xml(one.target), one.target)

    @property
    def tree(self) -> Any:
        return child(self.root, "cSld", "spTree")

    @cached_property
    def text(self) -> str:
        return "\n".join(_text(one) for one in self.root.iter("{*}p"))

    @property
    def back(self) -> Colour | None:
        """The colour of the slide; None for a picture, a gradient, or a colour that cannot be known."""
        for root in (self.root, self.layout, self.master):
            back = child(root, "cSld", "bg")
            if back is not None:
                filled = child(back, "bgPr", "solidFill")
                named = child(back, "bgRef")
                if filled is None and named is not None and attribute(named, "idx") == "1001":
                    filled = named
                return self.theme.solid(filled)
        return self.theme.named("bg1")


def _slides(package: Package, main: str, root: Any) -> Iterator[_Slide]:
    relations = package.relations(main)
    listed = child(root, "sldIdLst")
    for number, element in enumerate([] if listed is None else listed, 1):
        relation = relations.get(_relation_id(element))
        slide = None if relation is None else package.xml(relation.target)
        if relation is not None and slide is not None:
            yield _Slide(package, number, relation.target, slide)


def _relation_id(element: Any) -> str:
    """`r:id`, and not the `id` beside it."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _text(element: Any) -> str:
    return "".join(" " if local(one) == "br" else one.text or "" for one in element.iter("{*}t", "{*}br"))


def _language(root: Any, slides: list[_Slide]) -> str:
    """That of most words; else the one words take by default."""
    said: dict[str, int] = {}
    for slide in slides:
        for run in slide.root.iter("{*}r", "{*}fld"):
            tag = child(run, "rPr").get("lang", "") if child(run, "rPr") is not None else ""
            said[tag] = said.get(tag, 0) + len(_text(run))
    said.pop("", None)
    if said:
        return max(said, key=lambda tag: said[tag])
    default = root.find(".//{*}defaultTextStyle//{*}defRPr[@lang]")
    return "" if default is None else str(default.get("lang"))


def _placeholder(shape: Any) -> str:
    """The role of a shape in its layout, "" for one drawn freely."""
    found = next(shape.iter("{*}ph"), None)
    return "" if found is None else str(found.get("type", "body"))


def _judge_title(report: Report, slide: _Slide) -> None:
    titles = [shape for shape in slide.root.iter("{*}sp") if _placeholder(shape) in _TITLES]
    if any(_text(shape).strip() for shape in titles):
        return
    lack = "a une zone de titre vide" if titles else "n'a pas de titre"
    first = next((line for line in slide.text.splitlines() if line.strip()), "")
    report.fault(
        "doc.structure",
        f"La diapositive {lack} : qui écoute la présentation ne peut pas la retrouver dans le plan.",
        where=slide.where,
        part=f"{slide.where}{' : ' + shortened(first, 120) if first else ''}",
    )


# Pictures, groups, charts.


def _judge_pictures(report: Report, slide: _Slide) -> None:
    number = 0
    for element in _drawn(slide.tree):
        properties = next(element.iter("{*}cNvPr"), None)
        what = _kind(element)
        if properties is None or not what:
            continue
        number += 1
        where = f"{slide.where}, image {number}"
        label = " ".join(filter(None, (slide.where, f"« {properties.get('name', '')} »", _file(element, slide))))
        judge_picture(
            report,
            Picture(where, label, office.alternative(properties), office.is_decorative(properties), what),
        )
        if next(element.iter("{*}videoFile", "{*}audioFile"), None) is not None:
            report.review(
                "doc.alt",
                "La diapositive contient un son ou une vidéo : vérifiez ses sous-titres ou sa transcription.",
                where=where,
                part=f"{label}, son ou vidéo",
            )


def _drawn(tree: Any) -> Iterator[Any]:
    """What is drawn on a slide; a group that has an alternative stands for all it holds."""
    waiting = [] if tree is None else list(reversed(tree))
    while waiting:
        element = waiting.pop()
        if local(element) == "AlternateContent":
            waiting.extend(reversed(list(child(element, "Choice") if child(element, "Choice") is not None else [])))
        elif local(element) == "grpSp":
            properties = child(element, "nvGrpSpPr", "cNvPr")
            if properties is not None and (office.alternative(properties) or office.is_decorative(properties)):
                yield element
            else:
                waiting.extend(reversed(element))
        else:
            yield element


def _kind(element: Any) -> str:
    """What needs an alternative, as a sentence starts with it."""
    name = local(element)
    if name == "pic":
        return "L'image"
    if name == "grpSp":
        return "Le groupe de dessins"
    if name == "graphicFrame":
        return office.drawn_kind(element)
    if name == "sp" and child(element, "spPr", "blipFill") is not None and not _text(element).strip():
        return "La forme remplie d'une image"
    return ""


def _file(element: Any, slide: _Slide) -> str:
    for one in element.iter("{*}blip", "{*}chart"):
        relation = slide.relations.get(attribute(one, "embed") or attribute(one, "id"))
        if relation is not None:
            return relation.target.rpartition("/")[2]
    return ""


def _judge_tables(report: Report, slide: _Slide) -> None:
    for number, table in enumerate(slide.root.iter("{*}tbl"), 1):
        rows = list(table.iter("{*}tr"))
        properties = child(table, "tblPr")
        declared = {} if properties is None else properties.attrib
        headed = len(rows) < 2 or any(declared.get(name) in {"1", "true"} for name in ("firstRow", "firstCol"))
        spread = (cell for cell in table.iter("{*}tc") if {"gridSpan", "rowSpan"} & set(cell.attrib))
        merged = next(map(_text, spread), None)
        shown = " | ".join(_text(cell) for cell in rows[0].iter("{*}tc")) if rows else ""
        judge_table(report, Table(f"{slide.where}, tableau {number}", shown, headed, merged))


# Comments, hidden slides.


def _judge_history(report: Report, package: Package, slide: _Slide) -> None:
    if slide.root.get("show") in {"0", "false"}:
        report.review(
            "doc.tracked",
            "Cette diapositive est masquée : elle ne se projette pas, mais chacun la télécharge. Gardez-la si c'est "
            "voulu, sinon supprimez-la.",
            where=slide.where,
            part=f"{slide.where}, masquée : {shortened(slide.text, 120)}",
        )
    for relation in slide.relations.values():
        if relation.kind == "comments" and not relation.external and (root := package.xml(relation.target)) is not None:
            for comment in root.iter("{*}cm"):
                text = " ".join("".join(one.itertext()) for one in comment.iter("{*}text", "{*}txBody"))
                report.fault(
                    "doc.tracked",
                    "Un commentaire est resté dans la présentation.",
                    where=slide.where,
                    quote=text,
                    part=f"{slide.where}, commentaire",
                )


# Contrasts.


@dataclass(frozen=True)
class _Ground:
    """Something drawn under others. `colour` is None when it cannot be known, `box` when its place cannot."""

    box: Box | None
    colour: Colour | None


def _add_contrasts(contrasts: Contrasts, slide: _Slide) -> None:
    """Words with a colour of their own, on a fill of their own or on what is known to lie under them."""
    grounds: list[_Ground] = []
    for layer in (slide.master, slide.layout):
        for element in [] if layer is None else _drawn(child(layer, "cSld", "spTree")):
            if not _placeholder(element):
                grounds.extend(_grounds(element, slide))
    for element in _drawn(slide.tree):
        own = _fill(element, slide)
        back = own[0] if own else _under(_box(element), grounds, slide.back)
        if back is not None and local(element) == "sp":
            _add_runs(contrasts, slide, element, back)
        if own:
            grounds.append(_Ground(_box(element), own[0]))
        else:
            grounds.extend(_grounds(element, slide))


def _grounds(element: Any, slide: _Slide) -> list[_Ground]:
    own = _fill(element, slide)
    if own:
        return [_Ground(_box(element), own[0])]
    return [_Ground(_box(element), None)] if local(element) in {"pic", "graphicFrame", "grpSp"} else []


def _fill(element: Any, slide: _Slide) -> tuple[Colour | None] | None:
    """The fill of a shape in a tuple of one (None there: a picture, a gradient); None when it has none."""
    properties = child(element, "spPr")
    if properties is None or local(element) != "sp":
        return None
    for one in properties:
        if local(one) == "solidFill":
            return (slide.theme.solid(one),)
        if local(one) == "noFill":
            return None
        if local(one) in {"gradFill", "blipFill", "pattFill", "grpFill"}:
            return (None,)
    named = child(element, "style", "fillRef")
    if named is not None and attribute(named, "idx") not in {"0", ""}:
        return (slide.theme.solid(named) if attribute(named, "idx") == "1" else None,)
    return None


def _under(box: Box | None, grounds: list[_Ground], slide: Colour | None) -> Colour | None:
    """The last thing drawn under a box. A box that is only partly on something has no known ground."""
    for ground in reversed(grounds):
        if box is None or ground.box is None:
            return None
        if _inside(box, ground.box):
            return ground.colour
        if _touches(box, ground.box):
            return None
    return slide


def _inside(box: Box, other: Box) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


def _touches(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _box(element: Any) -> Box | None:
    """Left, top, right and bottom, in EMU; None when the layout says it, or a group moves it."""
    if local(element.getparent()) == "grpSp":
        return None
    frame = next((one for one in element.iter("{*}xfrm")), None)
    at, size = child(frame, "off"), child(frame, "ext")
    if at is None or size is None:
        return None
    try:
        left, top = int(at.get("x", "")), int(at.get("y", ""))
        return left, top, left + int(size.get("cx", "")), top + int(size.get("cy", ""))
    except ValueError:
        return None


def _add_runs(contrasts: Contrasts, slide: _Slide, shape: Any, back: Colour) -> None:
    for run in shape.iter("{*}r"):
        properties = child(run, "rPr")
        front = slide.theme.solid(child(properties, "solidFill"))
        if front is None:
            continue
        size = properties.get("sz", "")
        # Without a size of its own, a title is large; other words are taken as such too, so that no finding is unjust.
        points = int(size) / 100 if size.isdigit() else 18.0
        contrasts.add(Words(_text(run), front, back, points, properties.get("b") in {"1", "true"}, slide.where))
