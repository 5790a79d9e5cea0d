"""What Word, PowerPoint and Excel files share: their properties, their theme, their pictures, their paths."""

from collections.abc import Iterator, Mapping
from typing import Any

from traam.engines.pageaudit.documents.colours import Colour, colour, modified
from traam.engines.pageaudit.documents.package import Package, attribute, child, local, parsed, text_of
from traam.engines.pageaudit.documents.people import judge_company, judge_mail, judge_path, judge_person
from traam.engines.pageaudit.documents.photos import judge_embedded
from traam.engines.pageaudit.documents.report import Report
from traam.engines.pageaudit.documents.wording import judge_title

_MEDIA = ("word/media/", "ppt/media/", "xl/media/", "docProps/")


def main_part(package: Package) -> str:
    """The name of the part a document starts at."""
    return next((one.target for one in package.relations("").values() if one.kind == "officeDocument"), "")


def without_fallbacks(root: Any) -> Any:
    """The tree without the second writing of what newer programs read from the first."""
    for fallback in list(root.iter("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")):
        if child(fallback.getparent(), "Choice") is not None:
            fallback.getparent().remove(fallback)
    return root


def judge_properties(report: Report, package: Package, visible: str | None) -> None:
    """Title, names, company and paths. `visible` is the text of the document."""
    core, app = package.xml("docProps/core.xml"), package.xml("docProps/app.xml")
    judge_title(report, text_of(core, "title"))
    judge_hidden(report, package, visible, core, app)


def judge_hidden(report: Report, package: Package, visible: str | None, core: Any, app: Any) -> None:
    judge_person(report, "auteur", text_of(core, "creator"), visible)
    judge_person(report, "modifié en dernier par", text_of(core, "lastModifiedBy"), visible)
    judge_person(report, "responsable", text_of(app, "Manager"), visible)
    judge_company(report, text_of(app, "Company"))
    for field, name in (("modèle", "Template"), ("base des liens", "HyperlinkBase")):
        judge_path(report, field, text_of(app, name))
    for part in package.names:
        if part.endswith(".rels"):
            _judge_targets(report, parsed(package.part(part)))
    custom = package.xml("docProps/custom.xml")
    if custom is not None:
        judge_mail(report, "propriété personnalisée", " ".join(custom.itertext()))


def _judge_targets(report: Report, root: Any) -> None:
    for element in root.iter("{*}Relationship"):
        if element.get("TargetMode") == "External":
            kind = element.get("Type", "").rpartition("/")[2]
            field = {"attachedTemplate": "modèle joint", "image": "image liée", "hyperlink": "lien"}.get(kind, "lien")
            judge_path(report, field, element.get("Target", ""))


def judge_media(report: Report, package: Package) -> None:
    for name, data in package.media(_MEDIA):
        judge_embedded(report, data, name)


def is_decorative(properties: Any) -> bool:
    """Whether the author said that a drawing shows nothing (Office 2019 and later)."""
    return any(attribute(one, "val") not in {"0", "false"} for one in properties.iter("{*}decorative"))


def alternative(properties: Any) -> str:
    return str(properties.get("descr") or properties.get("title") or "")


def drawn_kind(element: Any) -> str:
    """What a drawing is, as a sentence starts with it; "" for one that needs no alternative of its own."""
    for uri in (local_uri(one) for one in element.iter("{*}graphicData")):
        if uri in _KINDS:
            return _KINDS[uri]
    return ""


def local_uri(graphic: Any) -> str:
    return str(graphic.get("uri", "")).rpartition("/")[2]


_KINDS = {
    "picture": "L'image",
    "chart": "Le graphique",
    "chartex": "Le graphique",
    "diagram": "Le diagramme SmartArt",
    "wordprocessingGroup": "Le groupe de dessins",
    "wordprocessingCanvas": "La zone de dessin",
    "wordprocessingInk": "Le dessin à main levée",
    "ole": "L'objet incorporé",
    "oleObject": "L'objet incorporé",
}


# Colours of a theme.


class Theme:
    """The twelve colours of a theme, seen through the map of a master or of the settings."""

    def __init__(self, root: Any, renamed: Mapping[str, str] | None = None) -> None:
        self._colours = dict(_theme_colours(root))
        self._renamed = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2", **(renamed or {})}

    def named(self, name: str) -> Colour | None:
        name = _LONG_NAMES.get(name, name)
        return self._colours.get(self._renamed.get(name, name))

    def solid(self, fill: Any) -> Colour | None:
        """The colour of an element that holds one (`a:solidFill`, `a:bgRef`); None when it cannot be known."""
        for element in [] if fill is None else fill:
            kind = local(element)
            changes = {local(one): int(attribute(one, "val") or 100_000) / 100_000 for one in element}
            if changes.get("alpha", 1.0) < 1.0:
                return None
            base = {
                "srgbClr": lambda one: colour(attribute(one, "val")),
                "schemeClr": lambda one: self.named(attribute(one, "val")),
                "sysClr": lambda one: colour(attribute(one, "lastClr")),
                "prstClr": lambda one: _PRESETS.get(attribute(one, "val")),
            }.get(kind, lambda one: None)(element)
            return None if base is None else modified(base, changes)
        return None


_LONG_NAMES = {
    "text1": "tx1",
    "text2": "tx2",
    "background1": "bg1",
    "background2": "bg2",
    "dark1": "dk1",
    "dark2": "dk2",
    "light1": "lt1",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
_PRESETS: Mapping[str, Colour] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "lightGray": (211, 211, 211),
    "ltGray": (211, 211, 211),
    "orange": (255, 165, 0),
}


def _theme_colours(root: Any) -> Iterator[tuple[str, Colour]]:
    scheme = None if root is None else root.find(".//{*}clrScheme")
    for slot in [] if scheme is None else scheme:
        for element in slot:
            found = colour(attribute(element, "lastClr") or attribute(element, "val"))
            if found:
                yield local(slot), found
