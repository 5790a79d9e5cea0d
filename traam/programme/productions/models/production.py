from typing import TypeAlias

from traam.programme.campaigns.models import Theme
from traam.programme.productions.models.bilans import Bilan
from traam.programme.productions.models.modules import Module
from traam.programme.productions.models.scenarios import Scenario
from traam.programme.productions.models.supports import Support

Production: TypeAlias = Scenario | Module | Bilan | Support
"""What is written, read and published: each kind has its state, its version and its review."""


def theme_of(production: Production) -> Theme:
    """The theme a production answers: that of its group, or its own when the national group writes it."""
    if isinstance(production, Module) and production.group is None:
        return production.theme
    assert production.group is not None  # noqa: S101 - only a module has no group
    return production.group.application.theme


def written_by(production: Production) -> str:
    """Who writes it, in words: "Lyon, L'esprit critique", or the national group of its theme."""
    return str(production.group or f"Groupe national, {theme_of(production)}")
