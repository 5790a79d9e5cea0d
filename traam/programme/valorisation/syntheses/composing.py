"""From what an expert typed to what is read: figures, tables and words cited in the place of their braces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from traam.programme.catalogue.syntheses.content import ANCHOR, Block, Content, Drawn, Figure, Quote, Section
from traam.programme.valorisation.syntheses import figures as counted
from traam.programme.valorisation.syntheses import rules
from traam.programme.valorisation.syntheses.counting import Facts


def content(
    title: str, sections: Mapping[str, str], facts: Facts, quotes: Sequence[Quote], *, counted_on: date
) -> Content:
    """What a synthesis says with these facts: the figures one reads first, and those that the text cites."""
    figures, tables = counted.figures(facts), counted.tables(facts)
    cited = {name for text in sections.values() for name in rules.tokens(text)}
    kept = [
        replace(one, cited=one.key in cited, essential=one.key in counted.ESSENTIAL)
        for one in figures
        if one.key in cited or one.key in counted.FIRST
    ]
    shown = _Shown({one.key: one for one in figures}, {one.key: one for one in tables}, {one.number for one in quotes})
    return Content(
        title=title,
        themes=tuple((theme.title, theme.campaign.years) for theme in facts.themes),
        sections=tuple(
            Section(key, heading, tuple(shown.blocks(sections[key])))
            for key, heading in rules.TITLES.items()
            if sections.get(key, "").strip()
        ),
        figures=tuple(kept),
        tables=tuple(tables),
        quotes=tuple(one for one in quotes if f"{rules.CITATION}{one.number}" in cited),
        counted_on=counted_on.isoformat(),
        notes=(counted.OVER_SEVERAL,) if len(facts.themes) > 1 else (),
    )


def known_tokens(facts: Facts, quotes: Sequence[Quote]) -> set[str]:
    """All that may stand between braces."""
    names = {one.key for one in counted.figures(facts)}
    names |= {f"{rules.TABLE}{one.key}" for one in counted.tables(facts)}
    return names | {f"{rules.CITATION}{one.number}" for one in quotes}


class _Shown:
    """What may be shown in a text."""

    def __init__(self, figures: Mapping[str, Figure], tables: Mapping[str, Drawn], quotes: set[int]) -> None:
        self.figures, self.tables, self.quotes = figures, tables, quotes

    def blocks(self, text: str) -> Iterator[Block]:
        """A text cut where a table or a citation stands; its figures are links to their definitions."""
        words, begin = "", 0
        for found in rules.TOKEN.finditer(text):
            words += text[begin : found.start()]
            begin = found.end()
            name = found[1].lower()
            block = self._block(name)
            if block is None:
                words += self._words(name, found[0])
                continue
            if words.strip():
                yield Block(text=words.strip())
            words = ""
            yield block
        words += text[begin:]
        if words.strip():
            yield Block(text=words.strip())

    def _block(self, name: str) -> Block | None:
        key = name.removeprefix(rules.TABLE)
        if name.startswith(rules.TABLE) and key in self.tables:
            return Block(table=key)
        number = name.removeprefix(rules.CITATION)
        if name.startswith(rules.CITATION) and number.isdigit() and int(number) in self.quotes:
            return Block(quote=int(number))
        return None

    def _words(self, name: str, written: str) -> str:
        """A figure, as a link to its definition. What is unknown is shown as it was written."""
        figure = self.figures.get(name)
        return f"[{spaced(figure.value)}](#{ANCHOR}{figure.key})" if figure else f"`{written}`"


def spaced(number: int) -> str:
    """ "1 234", with the narrow space that no line breaks."""
    return f"{number:,}".replace(",", "\u202f")
