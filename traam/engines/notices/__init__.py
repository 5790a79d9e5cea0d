"""One published record, as the notices other catalogues read: one function for each format.

Dublin Core (`dublin_core`) and ScoLOMFR (`scolomfr`) take a `Notice` and give the root element; `edubase` gives the
fields of a form; `bibtex` and `ris` are for bibliographies.
"""

from traam.engines.notices.citations import bibtex, ris
from traam.engines.notices.dublin_core import OAI_DC_NAMESPACE, OAI_DC_SCHEMA, dublin_core
from traam.engines.notices.edubase import Entry, edubase
from traam.engines.notices.notice import Notice
from traam.engines.notices.scolomfr import LOM_NAMESPACE, LOM_SCHEMA, PROFILES, lom, scolomfr, vcard

__all__ = [
    "LOM_NAMESPACE",
    "LOM_SCHEMA",
    "OAI_DC_NAMESPACE",
    "OAI_DC_SCHEMA",
    "PROFILES",
    "Entry",
    "Notice",
    "bibtex",
    "dublin_core",
    "edubase",
    "lom",
    "ris",
    "scolomfr",
    "vcard",
]
