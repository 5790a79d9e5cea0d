"""The machines of the step, by room."""

from traam.programme.valorisation.syntheses.states import SYNTHESIS  # noqa: F401 - gathered for the documents
