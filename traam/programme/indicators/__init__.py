"""Counts over all the steps: it reads everything, and no step reads it."""
