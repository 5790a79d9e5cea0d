"""A synthesis as a paper: what a .docx and an .odt of it say, in order."""

from collections.abc import Iterator
from datetime import date

from traam.engines.wordprocessing import Block, Kind, Paper, from_markdown
from traam.engines.wordprocessing.blocks import escaped
from traam.programme.catalogue.syntheses.content import Content, Drawn, unlinked


def paper(content: Content, *, dated: date) -> Paper:
    """The analysis first, then what was counted and how: the order of the page and of the PDF."""
    blocks = [Block(Kind.HEADING, "Les chiffres essentiels", 1)]
    blocks += [Block(Kind.BULLET, escaped(f"{one.value} {one.label}")) for one in content.essential]
    for section in content.sections:
        blocks.append(Block(Kind.HEADING, escaped(section.title), 1))
        for block in section.blocks:
            blocks += _blocks(content, block.text, block.table, block.quote)
    blocks.append(Block(Kind.HEADING, "Les faits", 1))
    for table in content.apart:
        blocks += _table(table)
    blocks.append(Block(Kind.HEADING, "Comment c'est compté", 1))
    blocks += [Block(Kind.PARAGRAPH, escaped(note)) for note in content.notes]
    defined = (one for one in content.figures if one.value or one.cited)
    blocks += [Block(Kind.BULLET, escaped(f"{one.value} {one.label} : {one.definition}")) for one in defined]
    return Paper(title=content.title, subtitle=_subtitle(content), blocks=blocks, dated=dated)


def _subtitle(content: Content) -> str:
    years = ", ".join(dict.fromkeys(years for _, years in content.themes))
    if len(content.themes) == 1:
        return f"Synthèse nationale du thème « {content.themes[0][0]} », {years}"
    return f"Synthèse nationale de {len(content.themes)} thèmes, {years}"


def _blocks(content: Content, text: str, table: str, quote: int) -> Iterator[Block]:
    if text:
        yield from from_markdown(unlinked(text), base=2)
    if table and (found := content.table(table)):
        yield from _table(found)
    if quote and (said := content.quote(quote)):
        yield Block(Kind.QUOTE, escaped(" ".join(said.words.split())))
        yield Block(Kind.PARAGRAPH, escaped(f"Source : {said.source}"))


def _table(table: Drawn) -> list[Block]:
    rows = [table.columns, *(tuple(map(str, row)) for row in table.rows)]
    return [
        Block(Kind.HEADING, escaped(table.title), 2),
        Block(Kind.PARAGRAPH, escaped(table.definition)),
        Block(Kind.TABLE, escaped(table.title), rows=tuple(tuple(map(escaped, row)) for row in rows)),
    ]
