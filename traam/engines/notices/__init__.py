"""One published record, as the notices other catalogues read: one function for each format.

Dublin Core today (`dublin_core.py`). LOM comes beside it as `lom.py`, with the same signature: a `Notice` in,
the root element out.
"""

from traam.engines.notices.dublin_core import OAI_DC_NAMESPACE, OAI_DC_SCHEMA, dublin_core
from traam.engines.notices.notice import Notice

__all__ = ["OAI_DC_NAMESPACE", "OAI_DC_SCHEMA", "Notice", "dublin_core"]
