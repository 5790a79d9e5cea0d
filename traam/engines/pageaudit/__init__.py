"""What a public page, or a document it offers, proves or lacks. It never says that a page is right."""

from traam.engines.pageaudit.auditing import audit_page, together
from traam.engines.pageaudit.comparing import Differences, blocking, compare
from traam.engines.pageaudit.leads import wanted
from traam.engines.pageaudit.openness import is_soft_missing
from traam.engines.pageaudit.reading import is_page
from traam.engines.pageaudit.rendered import from_rendered

__all__ = [
    "Differences",
    "audit_page",
    "blocking",
    "compare",
    "from_rendered",
    "is_page",
    "is_soft_missing",
    "together",
    "wanted",
]
