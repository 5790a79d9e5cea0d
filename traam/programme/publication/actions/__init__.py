"""The verbs of the step, gathered."""

from .releasing import release, withdraw

__all__ = ["release", "withdraw"]
