"""Information pages written in Markdown with a front matter: read into plain values, what is wrong told by line."""

from traam.engines.infopages.reading import FIELDS, Sheet, read

__all__ = ["FIELDS", "Sheet", "read"]
