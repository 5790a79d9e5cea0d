"""The photographs of a page: do they tell where, or by whom, they were taken?"""

from collections.abc import Mapping

from traam.engines.pageaudit.documents.photos import photo
from traam.engines.pageaudit.reading import Node, Page
from traam.engines.pageaudit.report import Report


def photographs(page: Page, report: Report, images: Mapping[str, bytes]) -> None:
    """`images` are the bytes of the images of the page, by address."""
    if not images:
        return
    shown: dict[str, Node] = {}
    for node in page.all("img"):
        if node.get("src"):
            shown.setdefault(page.absolute(node.get("src")), node)
    for address, content in images.items():
        _judge(address, content, shown.get(address), report)


def _judge(address: str, content: bytes, node: Node | None, report: Report) -> None:
    found = photo(content)
    on = node if node is not None else address
    if found.place:
        report.fault("photo", f"Cette photographie dit où elle fut prise ({found.place}).", on)
    elif found.town:
        report.review("photo", f"Cette image garde le nom d'un lieu, « {found.town} ».", on)
    if found.author:
        report.review(
            "photo", f"Cette image garde un nom, « {found.author} » : est-ce son auteur, et l'a-t-il voulu ?", on
        )
