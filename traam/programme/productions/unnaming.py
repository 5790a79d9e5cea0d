"""Withdraw a name from what was written here: an author no longer agrees to sign."""

from datetime import datetime

from traam.programme.people.rewriting import Rewriting, rewrite
from traam.programme.productions.models import Module, Scenario, Support, Version


def withdraw(wanted: Rewriting, at: datetime) -> int:
    """How many rows changed."""
    works = [(Scenario, "authors"), (Module, "authors"), (Support, "authors"), (Version, "content")]
    return sum(len(rewrite(model, [name], wanted)) for model, name in works)
