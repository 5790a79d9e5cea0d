"""Fields and their labels, buttons and their names."""

from traam.engines.pageaudit.reading import UNHEARD, Node, Page, Within
from traam.engines.pageaudit.report import Report

_UNLABELLED = ("hidden", "submit", "reset", "button", "image")
_ROLES = ("textbox", "searchbox", "combobox", "listbox", "spinbutton", "slider", "checkbox", "radio", "switch")
_SILENT = UNHEARD


def labels(page: Page, report: Report) -> None:
    linked = _labels_by_target(page)
    for node in page.seen("input", "select", "textarea"):
        if node.tag == "input" and node.get("type").lower() in _UNLABELLED:
            _button_input(page, node, report)
        elif not _name(page, node, linked):
            report.fault("a11y.form", f"{_what(node)} n'a pas d'étiquette.{_placeholder(node)}", node)
    for node in page.seen("div", "span", "p"):
        if node.get("role").lower() in _ROLES[:5] and not _name(page, node, linked) and "contenteditable" in node.attrs:
            report.fault("a11y.form", "Ce champ fait de scripts n'a pas d'étiquette.", node)
    for node in page.seen("button"):
        if not page.name_of(node):
            report.fault("a11y.form", "Ce bouton n'a pas de nom.", node)
    _radios(page, report)


def _labels_by_target(page: Page) -> dict[str, str]:
    """What the labels say, by the identifier they are for; a label may be heard though it is hidden from the eye."""
    found: dict[str, str] = {}
    for node in page.all("label"):
        target = node.get("for")
        if target and not node.within & Within.TEMPLATE:
            said = page.content_name(node) if not node.within & _SILENT else ""
            found[target] = found.get(target) or said
    return found


def _name(page: Page, node: Node, linked: dict[str, str]) -> str:
    said = page.referred(node) or node.get("aria-label") or node.get("title")
    if said or (node.get("id") and linked.get(node.get("id"))):
        return said or linked[node.get("id")]
    if not node.within & Within.LABEL:
        return ""
    up = node.parent
    while up is not None and up.tag != "label":
        up = up.parent
    return page.content_name(up) if up is not None else ""


def _what(node: Node) -> str:
    if node.tag == "select":
        return "Cette liste"
    if node.tag == "textarea":
        return "Cette zone de texte"
    return {"checkbox": "Cette case à cocher", "radio": "Ce bouton radio", "file": "Ce champ de fichier"}.get(
        node.get("type").lower(), "Ce champ"
    )


def _placeholder(node: Node) -> str:
    return " Le texte d'exemple (placeholder) n'en tient pas lieu." if node.get("placeholder") else ""


def _button_input(page: Page, node: Node, report: Report) -> None:
    if node.get("type").lower() == "button" and not (node.get("value") or page.name_of(node)):
        report.fault("a11y.form", "Ce bouton n'a pas de nom.", node)


def _radios(page: Page, report: Report) -> None:
    groups: dict[str, list[Node]] = {}
    for node in page.seen("input"):
        if node.get("type").lower() == "radio" and node.get("name"):
            groups.setdefault(node.get("name"), []).append(node)
    for nodes in groups.values():
        if len(nodes) >= 2 and not nodes[0].within & Within.FIELDSET:
            report.review("a11y.form", "Ces boutons radio ne sont pas regroupés sous une légende (fieldset).", nodes[0])
