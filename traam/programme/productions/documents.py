"""A document that a teacher already has, laid in the sections of a scenario by the words of its headings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from traam.engines.sharing import folded
from traam.engines.wordprocessing import Block, Kind, Text, to_markdown

LONGEST = {"title": 200, "summary": 1_500}
LONGEST_SECTION = 40_000
LONGEST_HEADING = 90  # characters of a line in bold, or ended by a colon, that a hurried author makes a heading of

# The first that matches is right: « bilan et limites » is no summary, « évaluation différenciée » is an evaluation.
WORDS = (
    (
        "added_value",
        r"plus.?values?|valeurs? ajoutees?|apports? du numerique|interets? du numerique|apports? de l'outil",
    ),
    ("limits", r"limites?|bilan|reussites?|obstacles?|difficultes|points? de vigilance|freins?|retours?|perspectives?"),
    ("evaluation", r"evaluations?|evaluer|criteres? de reussite|auto-?evaluation"),
    ("differentiation", r"differenciations?|differencier|besoins? particuliers|inclusion|accessibilite|etayages?"),
    ("objectives", r"objectifs?|competences?|programmes?|attendus|notions?|connaissances|problematique|capacites"),
    ("materials", r"materiels?|supports?|ressources?|outils?|equipements?|logiciels?|applications?"),
    ("steps", r"deroulement|deroule|etapes?|seances?|sequences?|mise en (?:oeuvre|place)|demarche|scenario|activites?"),
    ("context", r"contexte|cadre|public|classes?|situation|niveaux?|effectif|conditions?"),
    ("summary", r"resumes?|en bref|presentation|description|introduction"),
)
_PATTERNS = [(key, re.compile(rf"\b(?:{words})\b")) for key, words in WORDS]


@dataclass
class Placed:
    """Where the passages of a document went. `sections` maps a key to Markdown (`title` and `summary` among them);
    `unplaced` is Markdown to copy, `told` sentences on what was seen and not taken."""

    sections: dict[str, str] = field(default_factory=dict)
    unplaced: str = ""
    told: list[str] = field(default_factory=list)


@dataclass
class _Passage:
    """What stands under one heading. `key` is "" when nothing says where it goes."""

    key: str
    heading: Block | None
    blocks: list[Block] = field(default_factory=list)


def section_of(heading: str) -> str:
    """The key of the section that a heading speaks of, "" when no word says."""
    words = re.sub(r"[*_`\\]", "", folded(heading)).replace("œ", "oe")
    return next((key for key, pattern in _PATTERNS if pattern.search(words)), "")


def place(text: Text) -> Placed:
    """Lay the passages of a document in the sections of a scenario."""
    placed = Placed(told=[f"Le document contient {said} : ce n'est pas repris." for said in text.left])
    left: list[Block] = []
    blocks = [each for block in text.blocks for each in _unfolded(block)]
    title, blocks = _title(blocks)
    if title:
        placed.sections["title"] = title
    images = [block for block in blocks if block.kind is Kind.IMAGE]
    if images:
        placed.told.append(_about(images))
    for passage in _passages([block for block in blocks if block.kind is not Kind.IMAGE]):
        left += _settle(placed, passage)
    placed.unplaced = to_markdown(left)
    return placed


def _about(images: Sequence[Block]) -> str:
    """The images are not taken: they are told, with what they show."""
    shown = ", ".join(f"« {block.text} »" for block in images[:10] if block.text)
    count = f"{len(images)} images" if len(images) > 1 else "une image"
    verb = "ajoutez-les" if len(images) > 1 else "ajoutez-la"
    return f"Le document contient {count}{f' ({shown})' if shown else ''} : {verb} aux fichiers du scénario."


def _unfolded(block: Block) -> Iterator[Block]:
    """A table of two columns whose first one names sections is a text with headings; a line in bold is a heading."""
    if block.kind is Kind.TABLE and _names_sections(block.rows):
        for row in block.rows:
            yield Block(Kind.HEADING, row[0], 6)
            yield from (Block(Kind.PARAGRAPH, cell) for cell in row[1:] if cell.strip())
    elif block.kind is Kind.PARAGRAPH and (heading := _disguised(block.text)):
        yield Block(Kind.HEADING, heading, 6)
    else:
        yield block


def _names_sections(rows: Sequence[Sequence[str]]) -> bool:
    named = [row for row in rows if len(row) == 2 and len(row[0]) <= LONGEST_HEADING and section_of(row[0])]
    return len(named) >= 2 and len(named) * 2 > len(rows)


def _disguised(text: str) -> str:
    """The heading that a line in bold, or ended by a colon, is meant to be; "" when it is a line like another."""
    bold = re.fullmatch(r"\*\*([^*]+)\*\*\s*:?", text.strip())
    words = bold[1] if bold else text.strip().removesuffix(":") if text.strip().endswith(":") else ""
    words = words.strip().rstrip(":").strip()
    return words if words and len(words) <= LONGEST_HEADING and section_of(words) else ""


def _title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The title of the document: a heading that opens it and names no section."""
    if not blocks or blocks[0].kind is not Kind.HEADING:
        return "", blocks
    others = [block for block in blocks[1:] if block.kind is Kind.HEADING]
    alone = all(other.level > blocks[0].level for other in others) if others else True
    if section_of(blocks[0].text) and not alone:
        return "", blocks
    words = re.sub(r"\\(.)|[*`]", r"\1", blocks[0].text).strip()
    return (words, blocks[1:]) if len(words) <= LONGEST["title"] else ("", blocks)


def _passages(blocks: Iterable[Block]) -> Iterator[_Passage]:
    """Cut at the headings that name a section, and at those that close one without naming another."""
    passage = _Passage("summary", None)
    for block in blocks:
        if block.kind is not Kind.HEADING:
            passage.blocks.append(block)
            continue
        key = section_of(block.text)
        inside = passage.heading is not None and block.level > passage.heading.level
        if inside and (not key or key in {passage.key, "summary", "context", "materials"}):
            passage.blocks.append(block)
            continue
        yield passage
        passage = _Passage(key, block)
    yield passage


def _settle(placed: Placed, passage: _Passage) -> list[Block]:
    """Lay a passage in its section; what is left of it when it has none, or when it is too long."""
    left = [*([passage.heading] if passage.heading else []), *passage.blocks]
    if not passage.key or not passage.blocks:
        return left if passage.blocks or not passage.key else []
    text = to_markdown(_raised(passage.blocks))
    if passage.key == "summary":
        text = "\n\n".join(block.text for block in passage.blocks)
    written = "\n\n".join(filter(None, [placed.sections.get(passage.key, ""), text]))
    if len(written) > LONGEST.get(passage.key, LONGEST_SECTION):
        return left
    placed.sections[passage.key] = written
    return []


def _raised(blocks: Sequence[Block]) -> list[Block]:
    """The headings of a section begin at the first level: its title is that of the section."""
    levels = [block.level for block in blocks if block.kind is Kind.HEADING]
    top = min(levels, default=1)
    return [
        Block(Kind.HEADING, block.text, block.level - top + 1) if block.kind is Kind.HEADING else block
        for block in blocks
    ]
