"""Documents and pictures that a page offers: can everyone read them, and what do they say without showing it?"""

from traam.engines.pageaudit.documents.bounded import Bounds, audit_document
from traam.engines.pageaudit.documents.kinds import is_document

__all__ = ["Bounds", "audit_document", "is_document"]
