"""The HTML of an issue, for mail alone: one column, titles in order, links that say where they lead.

No image, no colour and no style sheet: a mail reader in the dark turns its own colours, one that shows no image loses
nothing, and nobody learns that it was opened.
"""

from html import escape

from traam.engines.newsletters.prose import Listing, Paragraph, read, spaced
from traam.engines.newsletters.values import Issue, Links, Piece

_BODY = "margin:0;padding:0 16px"
_COLUMN = "max-width:38em;margin:0 auto;padding:16px 0;font-family:Arial,Helvetica,sans-serif;font-size:16px"
_TEXT = "margin:0 0 12px;line-height:1.5"
_LIST = "margin:0 0 12px;padding-left:24px;line-height:1.5"
_H1 = "margin:0 0 12px;font-size:26px;line-height:1.25"
_H2 = "margin:28px 0 8px;font-size:20px;line-height:1.3"
_LINK = "padding:2px 0"
_FOOT = "margin:32px 0 0;padding-top:12px;border-top:1px solid"


def html(issue: Issue, links: Links) -> str:
    """A whole document, in French. Every text is escaped; no line is longer than mail allows (RFC 5322)."""
    title = escape(spaced(issue.title))
    parts = [
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">',
        f"<title>{title}</title>\n</head>",
        f'<body style="{_BODY}">\n<div style="{_COLUMN}">\n<header>',
        _text(issue.heading),
        f'<h1 style="{_H1}">{title}</h1>',
        f'<p style="{_TEXT}">{_anchor(links.here, "Lire ce numéro en ligne")}</p>\n</header>\n<main>',
        *_prose(issue.introduction),
        *(line for piece in issue.pieces for line in _piece(piece)),
        f'</main>\n<footer style="{_FOOT}">',
        _text(f"Vous recevez cette lettre parce que vous l'avez demandée sur {links.site}. Personne ne sait si vous "
              "l'ouvrez, ni ce que vous y suivez."),
        f'<p style="{_TEXT}">{_anchor(links.stop, "Ne plus recevoir cette lettre")}</p>',
        f'<p style="{_TEXT}">{_anchor(links.choices, "Choisir mes lettres ou tout arrêter")}</p>',
        "</footer>\n</div>\n</body>\n</html>\n",
    ]  # fmt: skip
    return "\n".join(parts)


def _piece(piece: Piece) -> list[str]:
    lines = [f'<h2 style="{_H2}">{_wrapped(spaced(piece.title))}</h2>'] if piece.title else []
    if piece.details:
        lines.append(f'<p style="{_TEXT}"><strong>{_wrapped(spaced(piece.details))}</strong></p>')
    lines += _prose(piece.text)
    if piece.address:
        lines.append(f'<p style="{_TEXT}">{_anchor(piece.address, piece.label or piece.title or piece.address)}</p>')
    return lines


def _prose(text: str) -> list[str]:
    return [_block(block) for block in read(text)]


def _block(block: Paragraph | Listing) -> str:
    if isinstance(block, Paragraph):
        return _text(block.text)
    items = "\n".join(f"<li>{_wrapped(item)}</li>" for item in block.items)
    return f'<ul style="{_LIST}">\n{items}\n</ul>'


def _text(text: str) -> str:
    return f'<p style="{_TEXT}">{_wrapped(text)}</p>'


def _anchor(address: str, words: str) -> str:
    return f'<a style="{_LINK}" href="{escape(address)}">{_wrapped(spaced(words))}</a>'


def _wrapped(text: str) -> str:
    """Escaped, with a line break at a space now and then: the reader sees the same."""
    lines: list[str] = []
    length = 0
    for word in text.split(" "):
        if lines and length + len(word) < 100:
            lines[-1] += f" {word}"
            length += len(word) + 1
        else:
            lines.append(word)
            length = len(word)
    return escape("\n".join(lines), quote=False)
