"""What the page of a notice says to search engines."""

from markupsafe import Markup

from traam.engines.notices.lrmi import lrmi, script
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.records import as_notice


def json_ld(notice: Notice, *, image: str = "") -> Markup:
    """The text of its script element, with nothing left to escape. Its theme is read with it, or costs a query."""
    told = lrmi(as_notice(notice), modified=notice.datestamp, image=image)
    return Markup(script(told))  # noqa: S704 - `script` left no sign that ends an element
