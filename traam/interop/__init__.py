"""Doors for machines: OAI-PMH, the state of the site."""
