"""A bilan as a paper: what a .docx and an .odt of it say, in order."""

from collections.abc import Mapping
from datetime import date

from traam.engines.wordprocessing import Block, Kind, Paper, from_markdown
from traam.engines.wordprocessing.blocks import escaped
from traam.programme.productions.bilan_rules import SECTIONS
from traam.programme.productions.bilan_tables import Facts, Table, figures, tables


def paper(facts: Facts, sections: Mapping[str, str], *, dated: date) -> Paper:
    """The reflection first, then what was counted: the order of the page and of the PDF."""
    blocks = [Block(Kind.HEADING, "L'essentiel", 1), *_essential(facts)]
    for key, title, _, _ in SECTIONS:
        if sections.get(key, "").strip():
            blocks += [Block(Kind.HEADING, escaped(title), 1), *from_markdown(sections[key], base=2)]
    blocks.append(Block(Kind.HEADING, "Ce qui a été fait", 1))
    for table in tables(facts):
        blocks += [Block(Kind.HEADING, escaped(table.title), 2), _block(table)]
    return Paper(
        title=f"Bilan académique, académie {facts['of_academy']}",
        subtitle=f"{facts['theme']}, {facts['years']}",
        blocks=blocks,
        dated=dated,
    )


def _essential(facts: Facts) -> list[Block]:
    said = [f"{function} : {name}" for function, name in facts["named"]]
    said += [f"Axe traité : {axis}" for axis in facts["axes"]]
    said += [f"{number} {label}" for number, label in figures(facts)]
    return [Block(Kind.BULLET, escaped(line)) for line in said]


def _block(table: Table) -> Block:
    rows = [table.columns, *(tuple(map(str, row)) for row in table.rows)]
    return Block(Kind.TABLE, table.title, rows=tuple(tuple(map(escaped, row)) for row in rows))
