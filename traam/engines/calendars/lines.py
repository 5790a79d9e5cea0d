"""Content lines (RFC 5545, section 3.1): what is escaped, how a long one is folded."""

import unicodedata
from collections.abc import Iterable

LONGEST = 75  # octets, without the line break
BREAKS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def text(value: str) -> str:
    """A TEXT value (section 3.3.11): what separates values is escaped, every line break becomes a written one."""
    escaped = "\n".join(value.replace("\r\n", "\n").splitlines())
    escaped = escaped.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(bare(line) for line in escaped.split("\n"))


def bare(value: str) -> str:
    """On one line, without the control characters that no client may be sent; half a character becomes a mark."""
    return "".join(_safe(character) for character in value)


def _safe(character: str) -> str:
    if character in BREAKS or character == "\t":
        return " "
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind == "Cc" else character


def parameter(value: str) -> str:
    """A quoted parameter (section 3.2): it can hold no quotation mark, whatever is done to it."""
    return '"' + bare(value).replace('"', "'") + '"'


def folded(line: str) -> bytes:
    """A long line goes on after a line break and a space; a character is never cut."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > LONGEST:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"


def joined(lines: Iterable[str]) -> bytes:
    return b"".join(folded(line) for line in lines)
