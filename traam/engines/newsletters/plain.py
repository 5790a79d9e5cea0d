"""The plain text of an issue: what whoever reads mail as text, or has it read, receives."""

from textwrap import fill

from traam.engines.newsletters.prose import Paragraph, read
from traam.engines.newsletters.values import Issue, Links, Piece

WIDTH = 76


def text(issue: Issue, links: Links) -> str:
    parts = [issue.heading, _filled(issue.title.upper()), f"Lire ce numéro en ligne :\n{links.here}"]
    parts += _prose(issue.introduction)
    for place, piece in enumerate(issue.pieces, 1):
        parts += _piece(place, piece)
    parts.append(
        "-- \n"
        + _filled(
            f"Vous recevez cette lettre parce que vous l'avez demandée sur {links.site}. Personne ne sait si vous "
            "l'ouvrez, ni ce que vous y suivez."
        )
        + f"\n\nNe plus recevoir cette lettre :\n{links.stop}\n\n"
        + f"Choisir mes lettres ou tout arrêter :\n{links.choices}\n"
    )
    return "\n\n".join(parts)


def _piece(place: int, piece: Piece) -> list[str]:
    head = _filled(f"{place}. {piece.title}") if piece.title else ""
    details = _filled(piece.details) if piece.details else ""
    lines = ["\n" + "\n".join(filter(None, (head, details)))] if head or details else []
    lines += _prose(piece.text)
    if piece.address:
        lines.append(f"{piece.label or 'Lire'} :\n{piece.address}")
    return lines


def _prose(words: str) -> list[str]:
    return [
        _filled(block.text)
        if isinstance(block, Paragraph)
        else "\n".join(fill(item, WIDTH, initial_indent="- ", subsequent_indent="  ") for item in block.items)
        for block in read(words)
    ]


def _filled(words: str) -> str:
    return fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
