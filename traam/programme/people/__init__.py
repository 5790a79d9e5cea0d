"""Persons, and the appointments that say in which role, for which academy and when they act."""
