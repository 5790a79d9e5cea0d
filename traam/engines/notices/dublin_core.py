"""Dublin Core, fifteen elements: the format every OAI-PMH harvester reads.

Shape: https://www.openarchives.org/OAI/2.0/oai_dc.xsd. Dublin Core has no element for a level, a
competence or a tool: they become subjects, which is where other catalogues look for words to search by.
"""

import re
from collections.abc import Iterator

from lxml import etree

from traam.engines.notices.notice import Notice

OAI_DC_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC = "http://purl.org/dc/elements/1.1/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dublin_core(notice: Notice) -> etree._Element:
    """The `oai_dc:dc` element of a notice. Empty values and repeated ones are left out."""
    root = etree.Element(f"{{{OAI_DC_NAMESPACE}}}dc", nsmap={"oai_dc": OAI_DC_NAMESPACE, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{OAI_DC_NAMESPACE} {OAI_DC_SCHEMA}")
    written = set()
    for name, value in _statements(notice):
        text = _NOT_XML.sub("", value or "").strip()
        if text and (name, text) not in written:
            written.add((name, text))
            etree.SubElement(root, f"{{{_DC}}}{name}").text = text
    return root


def _statements(notice: Notice) -> Iterator[tuple[str, str | None]]:
    yield "title", notice.title
    for creator in notice.creators:
        yield "creator", creator
    for subject in _subjects(notice):
        yield "subject", subject
    yield "description", notice.summary
    yield "publisher", notice.publisher
    yield "date", notice.date.isoformat() if notice.date else notice.period
    yield "type", "LearningObject"
    yield "type", notice.kind
    yield "format", "text/html"
    yield "format", _extent(notice.duration_minutes)
    yield "identifier", notice.url
    yield "source", notice.source_url
    yield "language", notice.language
    for relation in notice.relations:
        yield "relation", relation
    yield "relation", notice.based_on
    yield "relation", notice.edubase_url
    yield "rights", notice.licence_url
    yield "rights", notice.licence_label


def _subjects(notice: Notice) -> Iterator[str]:
    yield from notice.disciplines
    yield from notice.levels
    for code, label in notice.competences:
        yield f"{code} {label}"
    yield from notice.keywords
    yield from notice.tools
    yield notice.theme or ""


def _extent(minutes: int | None) -> str | None:
    """A duration as ISO 8601 writes it: Dublin Core's `format` holds extent as well as media type."""
    return f"PT{minutes}M" if minutes else None
