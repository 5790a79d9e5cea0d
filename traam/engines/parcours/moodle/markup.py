"""XML as Moodle's restore reads it: an element for a column, `$@NULL@$` for NULL, none of its commands in our texts."""

from html import escape

from traam.engines.parcours.texts import clean

NULL = "$@NULL@$"
_WORD_JOINER = "\u2060"


class Xml(str):
    """Text that is already XML."""

    __slots__ = ()


class Html(str):
    """A column that holds HTML: what would be a command to Moodle is written as an entity."""

    __slots__ = ()


def column(value: object) -> Xml:
    """A value as XML. Moodle obeys `$@NULL@$`, `$@FILEPHP@$`…: in our texts `$@` is disarmed, the same to the eye."""
    match value:
        case Xml():
            return value
        case None:
            return Xml(NULL)
        case bool():
            return Xml(int(value))
        case Html():
            return Xml(escape(clean(value).replace("$@", "&#36;@"), quote=False))
        case _:
            return Xml(escape(clean(str(value)).replace("$@", f"${_WORD_JOINER}@"), quote=False))


def authored(html: str) -> Html:
    """HTML that an author wrote: what Moodle would take for the address of a file is only text."""
    return Html(html.replace("@@PLUGINFILE@@", "&#64;@PLUGINFILE@@"))


def tag(name: str, *content: Xml, **attributes: int | str) -> Xml:
    """An element that holds others."""
    told = "".join(f' {key}="{escape(clean(str(value)))}"' for key, value in attributes.items())
    return Xml(f"<{name}{told}>{''.join(content)}</{name}>")


def columns(**values: object) -> Xml:
    """One element for each column, in the order given."""
    return Xml("".join(f"<{name}>{column(value)}</{name}>" for name, value in values.items()))


def document(root: Xml) -> bytes:
    """The bytes of a document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()
