"""Data tables and their headers; tables that only lay a page out are left aside, unless they claim to hold data."""

from traam.engines.pageaudit.reading import Node, Page
from traam.engines.pageaudit.report import Report, folded

MOST_ROWS = 200
_LONG = 250  # characters: a cell that long is a piece of layout


def tables(page: Page, report: Report) -> None:
    for node in page.seen("table"):
        if node.get("role").lower() in ("presentation", "none"):
            _layout(page, node, report)
        elif not page.has(node, "table"):
            _table(page, node, report)


def _layout(page: Page, node: Node, report: Report) -> None:
    if page.has(node, "th", "caption", "thead") and not page.has(node, "table"):
        report.fault(
            "a11y.table",
            "Ce tableau se dit de mise en page, et il a des en-têtes ou une légende de tableau de données.",
            node,
        )


def _rows(page: Page, node: Node) -> list[list[Node]]:
    found = []
    for row in page.inner(node, "tr")[:MOST_ROWS]:
        cells = sorted(page.inner(row, "td", "th"), key=lambda cell: cell.rank)
        if cells:
            found.append(cells)
    return found


def _table(page: Page, node: Node, report: Report) -> None:
    rows = _rows(page, node)
    columns = max((len(row) for row in rows), default=0)
    heads = [cell for row in rows for cell in row if _is_head(cell)]
    if not heads:
        if len(rows) >= 2 and columns >= 2:
            _headless(page, node, rows, report)
        return
    if not any(page.name_of(cell) for cell in heads):
        report.fault("a11y.table", "Les en-têtes de ce tableau sont vides.", node)
        return
    if _needs_scope(rows) and not any(cell.get("scope") or cell.get("headers") for row in rows for cell in row):
        report.review(
            "a11y.table",
            "Ce tableau a des en-têtes de plusieurs sortes sans dire ce que chacun commande (scope).",
            node,
        )
    _caption(page, node, report)


def _is_head(cell: Node) -> bool:
    return cell.tag == "th" or cell.get("role").lower() in ("columnheader", "rowheader")


def _headless(page: Page, node: Node, rows: list[list[Node]], report: Report) -> None:
    cells = [cell for row in rows for cell in row]
    filled = [cell for cell in cells if page.text_of(cell)]
    if page.has(node, "form", "input", "select", "textarea") and not page.has(node, "caption", "thead"):
        return
    short = [
        cell
        for cell in filled
        if cell.end - cell.start <= _LONG and not page.has(cell, "h1", "h2", "h3", "iframe", "video")
    ]
    regular = sum(1 for row in rows if len(row) == len(rows[0])) >= 0.6 * len(rows)
    claims = page.has(node, "caption", "thead") or node.get("summary") or _bold_first(page, rows)
    if claims or (len(filled) >= 0.5 * len(cells) and len(short) >= 0.9 * len(filled) and regular and len(filled) >= 4):
        report.fault("a11y.table", "Ce tableau n'a aucune cellule d'en-tête (th).", node)
    elif len(filled) >= 4 and regular and len(short) >= 0.5 * len(filled):
        report.review("a11y.table", "Ce tableau sans en-tête montre-t-il des données, ou met-il en page ?", node)


def _bold_first(page: Page, rows: list[list[Node]]) -> bool:
    first = [cell for cell in rows[0] if page.text_of(cell)]
    return len(first) >= 2 and all(
        any(page.text_of(bold) == page.text_of(cell) for bold in page.inner(cell, "strong", "b")[:2]) for cell in first
    )


def _needs_scope(rows: list[list[Node]]) -> bool:
    """Headers both at the top and at the left, or in the middle."""
    top = all(_is_head(cell) for cell in rows[0])
    left = sum(1 for row in rows[1:] if _is_head(row[0]))
    inside = any(_is_head(cell) for row in rows[1:] for cell in row[1:])
    return inside or (top and left > 0)


def _caption(page: Page, node: Node, report: Report) -> None:
    """A title written above the table, in a paragraph of its own, is not tied to it."""
    if page.has(node, "caption") or node.get("aria-label") or node.get("aria-labelledby") or node.get("title"):
        return
    line = page.text[max(0, node.start - 300) : node.start].strip().rpartition("\n")[2].strip()
    words = folded(line)
    if (
        words.startswith(("tableau 1", "tableau 2", "tableau 3", "tableau n", "tableau :", "tab. "))
        and len(words) < 150
    ):
        report.review("a11y.table", f"Le titre du tableau, « {line[:80]} », n'est pas sa légende (caption).", node)
