"""Scenarios of the groups: written, tested in class, submitted, sent back or validated by the inspector."""
