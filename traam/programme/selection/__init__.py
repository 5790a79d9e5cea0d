"""Opinions of the experts, decisions of the national team within the edition's limits, and their announcement."""
