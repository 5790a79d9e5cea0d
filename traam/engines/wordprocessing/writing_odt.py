"""A paper written as .odt (OpenDocument 1.3): real headings, lists and heading rows, title and language declared."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from traam.engines.wordprocessing.blocks import Block, Kind, Paper, Run, runs

MEDIA = "application/vnd.oasis.opendocument.text"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
        "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    }.items()
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LOOKS = {"strong": "Strong_20_Emphasis", "emphasis": "Emphasis", "code": "Source_20_Text"}


def write_odt(paper: Paper) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        # The kind of the file comes first and is not compressed (OpenDocument 1.3, part 2, 3.3).
        _put(archive, "mimetype", MEDIA, zipfile.ZIP_STORED)
        _put(archive, "content.xml", _content(paper))
        _put(archive, "styles.xml", _styles(paper))
        _put(archive, "meta.xml", _meta(paper))
        _put(archive, "META-INF/manifest.xml", _manifest())
    return written.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.compress_type = how
    archive.writestr(entry, text.encode("utf-8"))


def _clean(text: str) -> str:
    """The text escaped, without what XML cannot hold, its spaces kept."""
    held = "".join(
        c for c in text if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )
    said = escape(held, quote=True)
    return said.replace("  ", ' <text:s text:c="1"/>').replace("\n", "<text:line-break/>")


def _manifest() -> str:
    files = {"/": MEDIA, "content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml"}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in files.items()
    )
    return f'{_HEAD}<manifest:manifest {_NAMESPACES} manifest:version="1.3">{entries}</manifest:manifest>'


def _meta(paper: Paper) -> str:
    author = f"<meta:initial-creator>{_clean(paper.author)}</meta:initial-creator>" if paper.author else ""
    return (
        f'{_HEAD}<office:document-meta {_NAMESPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{_clean(paper.title)}</dc:title><dc:subject>{_clean(paper.subtitle)}</dc:subject>"
        f"<dc:language>{_clean(paper.language)}</dc:language>{author}"
        f"<meta:creation-date>{paper.dated:%Y-%m-%d}T00:00:00</meta:creation-date>"
        f"<dc:date>{paper.dated:%Y-%m-%d}T00:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )


def _styles(paper: Paper) -> str:
    language, _, country = paper.language.partition("-")
    headings = "".join(
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" '
        f'style:default-outline-level="{level}" style:class="text"><style:paragraph-properties fo:margin-top="0.4cm" '
        'fo:margin-bottom="0.2cm" fo:keep-with-next="always"/>'
        f'<style:text-properties fo:font-size="{22 - 2 * level}pt" '
        'fo:font-weight="bold"/></style:style>'
        for level in range(1, 7)
    )
    return (
        f'{_HEAD}<office:document-styles {_NAMESPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"/>'
        f'<style:text-properties fo:language="{_clean(language)}" fo:country="{_clean(country or "none")}" '
        'fo:font-size="11pt" style:font-name="Liberation Sans" fo:font-family="Liberation Sans, Arial, sans-serif"/>'
        "</style:default-style>"
        '<style:style style:name="Standard" style:family="paragraph" style:class="text"/>'
        '<style:style style:name="Title" style:family="paragraph" style:class="chapter"><style:text-properties '
        'fo:font-size="24pt" fo:font-weight="bold"/></style:style>'
        '<style:style style:name="Subtitle" style:family="paragraph" style:class="chapter"><style:text-properties '
        'fo:font-size="14pt"/></style:style>'
        '<style:style style:name="Quotations" style:family="paragraph"><style:paragraph-properties '
        'fo:margin-left="1cm"/></style:style>'
        '<style:style style:name="Caption" style:family="paragraph"><style:text-properties fo:font-style="italic"/>'
        "</style:style>"
        '<style:style style:name="Preformatted" style:family="paragraph"><style:text-properties '
        'fo:font-family="Liberation Mono, Courier New, monospace"/></style:style>'
        '<style:style style:name="Strong_20_Emphasis" style:display-name="Strong Emphasis" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/>'
        "</style:style>"
        '<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/>'
        "</style:style>"
        '<style:style style:name="Source_20_Text" style:display-name="Source Text" style:family="text">'
        "<style:text-properties "
        'fo:font-family="Liberation Mono, Courier New, monospace"/></style:style>'
        f"{headings}{_list_style('Puces', numbered=False)}{_list_style('Numeros', numbered=True)}"
        "</office:styles></office:document-styles>"
    )


def _list_style(name: str, *, numbered: bool) -> str:
    levels = "".join(
        (
            f'<text:list-level-style-number text:level="{n}" style:num-suffix="." style:num-format="1">{_indent(n)}'
            "</text:list-level-style-number>"
            if numbered
            else f'<text:list-level-style-bullet text:level="{n}" text:bullet-char="•">{_indent(n)}'
            "</text:list-level-style-bullet>"
        )
        for n in range(1, 7)
    )
    return f'<text:list-style style:name="{name}">{levels}</text:list-style>'


def _indent(level: int) -> str:
    return (
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        f'<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" '
        f'fo:margin-left="{0.6 * level:.1f}cm"/></style:list-level-properties>'
    )


def _content(paper: Paper) -> str:
    subtitle = f'<text:p text:style-name="Subtitle">{_clean(paper.subtitle)}</text:p>' if paper.subtitle else ""
    return (
        f'{_HEAD}<office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>'
        '<style:style style:name="Case" style:family="table-cell"><style:table-cell-properties '
        'fo:border="0.5pt solid #666666" fo:padding="0.1cm"/></style:style></office:automatic-styles>'
        f'<office:body><office:text><text:p text:style-name="Title">{_clean(paper.title)}</text:p>{subtitle}'
        f"{''.join(_body(paper.blocks))}</office:text></office:body></office:document-content>"
    )


def _body(blocks: Iterable[Block]) -> Iterator[str]:
    number = 0
    for listed, several in groupby(blocks, key=lambda block: block.kind in {Kind.BULLET, Kind.NUMBER}):
        if listed:
            yield from _lists(list(several))
            continue
        for block in several:
            number += block.kind is Kind.TABLE
            yield _block(block, number)


def _block(block: Block, number: int) -> str:
    if block.kind is Kind.HEADING:
        level = min(max(block.level, 1), 6)
        return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{_said(block.text)}</text:h>'
    if block.kind is Kind.TABLE:
        return _table(block, number)
    if block.kind is Kind.CODE:
        return f'<text:p text:style-name="Preformatted">{_clean(block.text)}</text:p>'
    if block.kind is Kind.IMAGE:
        return f'<text:p text:style-name="Caption">[Image : {_clean(block.text)}]</text:p>'
    style = "Quotations" if block.kind is Kind.QUOTE else "Standard"
    return f'<text:p text:style-name="{style}">{_said(block.text)}</text:p>'


def _lists(items: list[Block]) -> Iterator[str]:
    """Items of one depth and kind are one list; what is deeper goes in the item before it."""
    at = 0
    while at < len(items):
        depth, kind = items[at].level, items[at].kind
        style = "Numeros" if kind is Kind.NUMBER else "Puces"
        parts = [f'<text:list text:style-name="{style}">']
        while at < len(items) and (items[at].level > depth or items[at].kind is kind and items[at].level == depth):
            item = items[at]
            at += 1
            deeper = []
            while at < len(items) and items[at].level > depth:
                deeper.append(items[at])
                at += 1
            inner = "".join(_lists(deeper))
            parts.append(
                f'<text:list-item><text:p text:style-name="Standard">{_said(item.text)}</text:p>{inner}'
                "</text:list-item>"
            )
        yield "".join([*parts, "</text:list>"])


def _table(block: Block, number: int) -> str:
    if not block.rows:
        return ""
    width = max(map(len, block.rows))
    rows = [_row(row, width) for row in block.rows]
    caption = f'<text:p text:style-name="Caption">{_clean(block.text)}</text:p>' if block.text else ""
    return (
        f'{caption}<table:table table:name="Tableau{number}">'
        f'<table:table-column table:number-columns-repeated="{width}"/>'
        f"<table:table-header-rows>{rows[0]}</table:table-header-rows>{''.join(rows[1:])}</table:table>"
    )


def _row(cells: tuple[str, ...], width: int) -> str:
    filled = [*cells, *[""] * (width - len(cells))]
    return "<table:table-row>{}</table:table-row>".format(
        "".join(
            f'<table:table-cell table:style-name="Case" office:value-type="string"><text:p>{_said(cell)}</text:p>'
            "</table:table-cell>"
            for cell in filled
        )
    )


def _said(text: str) -> str:
    return "".join(map(_run, runs(text)))


def _run(run: Run) -> str:
    if run.line_end:
        return "<text:line-break/>"
    said = _clean(run.text)
    for look, style in _LOOKS.items():
        if getattr(run, look):
            said = f'<text:span text:style-name="{style}">{said}</text:span>'
    if run.address:
        said = f'<text:a xlink:type="simple" xlink:href="{escape(run.address, quote=True)}">{said}</text:a>'
    return said
