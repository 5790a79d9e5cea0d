"""The XML of the answers, one function for each piece."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar, cast

from lxml import etree

from traam.engines.oaipmh.faults import Fault
from traam.engines.oaipmh.repository import Format, Record, Repository
from traam.engines.oaipmh.stamps import to_stamp

_OAI = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IDENTIFIER = re.compile(r"oai:([A-Za-z][A-Za-z0-9\-]*(?:\.[A-Za-z][A-Za-z0-9\-]*)+):[A-Za-z0-9\-_.!~*'();/?:@&=+$,%]+")

# The types of lxml forget that None stands for the default namespace.
_NAMESPACES = cast("Mapping[str, str]", {None: _OAI, "xsi": _XSI})
_SCHEME_NAMESPACES = cast("Mapping[str, str]", {None: _OAI_IDENTIFIER})

N = TypeVar("N")


def clean(text: str) -> str:
    """The text without the characters XML 1.0 cannot carry, even escaped."""
    return _NOT_XML.sub("", text)


def envelope(base_url: str, attributes: Mapping[str, str], now: datetime) -> etree._Element:
    """The root of every answer. `attributes` are the arguments echoed, none when they were malformed."""
    root = etree.Element(f"{{{_OAI}}}OAI-PMH", nsmap=_NAMESPACES)
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} {_OAI}OAI-PMH.xsd")
    _add(root, "responseDate", to_stamp(now))
    request = _add(root, "request", base_url)
    for name, value in attributes.items():
        request.set(name, clean(value))
    return root


def to_bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def add_errors(root: etree._Element, fault: Fault) -> None:
    for sentence in fault.sentences:
        _add(root, "error", sentence).set("code", fault.code)


def section(root: etree._Element, verb: str) -> etree._Element:
    return _add(root, verb)


def add_identity(identify: etree._Element, repository: Repository[N], sample: str | None) -> None:
    """What Identify says. `sample` is the identifier of some record: its domain is that of all of them."""
    _add(identify, "repositoryName", repository.name)
    _add(identify, "baseURL", repository.base_url)
    _add(identify, "protocolVersion", "2.0")
    _add(identify, "adminEmail", repository.admin_email)
    _add(identify, "earliestDatestamp", to_stamp(repository.earliest))
    _add(identify, "deletedRecord", "persistent")
    _add(identify, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    parts = _IDENTIFIER.fullmatch(sample or "")
    if parts:
        _add_identifier_scheme(_add(identify, "description"), parts[1], parts[0])


def _add_identifier_scheme(description: etree._Element, domain: str, sample: str) -> None:
    scheme = etree.SubElement(description, f"{{{_OAI_IDENTIFIER}}}oai-identifier", nsmap=_SCHEME_NAMESPACES)
    scheme.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_IDENTIFIER} {_OAI_IDENTIFIER}.xsd")
    for name, value in (
        ("scheme", "oai"),
        ("repositoryIdentifier", domain),
        ("delimiter", ":"),
        ("sampleIdentifier", sample),
    ):
        etree.SubElement(scheme, f"{{{_OAI_IDENTIFIER}}}{name}").text = value


def add_format(parent: etree._Element, form: Format[N]) -> None:
    element = _add(parent, "metadataFormat")
    _add(element, "metadataPrefix", form.prefix)
    _add(element, "schema", form.schema)
    _add(element, "metadataNamespace", form.namespace)


def add_set(parent: etree._Element, spec: str, name: str) -> None:
    element = _add(parent, "set")
    _add(element, "setSpec", spec)
    _add(element, "setName", name)


def add_header(parent: etree._Element, record: Record[N]) -> None:
    header = _add(parent, "header")
    if record.deleted:
        header.set("status", "deleted")
    _add(header, "identifier", record.identifier)
    _add(header, "datestamp", to_stamp(record.datestamp))
    for spec in record.sets:
        _add(header, "setSpec", spec)


def add_record(parent: etree._Element, record: Record[N], form: Format[N]) -> None:
    element = _add(parent, "record")
    add_header(element, record)
    if not record.deleted and record.notice is not None:
        _add(element, "metadata").append(form.write(record.notice))


def add_token(parent: etree._Element, token: str, *, cursor: int, total: int | None, expires: datetime | None) -> None:
    """The token of the next page; empty at the last page of a list that had several."""
    element = _add(parent, "resumptionToken", token)
    if expires:
        element.set("expirationDate", to_stamp(expires))
    if total:
        element.set("completeListSize", str(total))
    element.set("cursor", str(cursor))


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_OAI}}}{name}")
    if text:
        element.text = clean(text)
    return element
