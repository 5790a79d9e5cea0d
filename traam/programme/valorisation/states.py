"""The machines of the step, by room."""

from traam.programme.valorisation.issues.states import ISSUE  # noqa: F401 - gathered for the documents
from traam.programme.valorisation.syntheses.states import SYNTHESIS  # noqa: F401 - gathered for the documents
