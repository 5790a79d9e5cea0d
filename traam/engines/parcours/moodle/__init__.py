"""A module as a Moodle course backup (.mbz), the "moodle2" format that Moodle 4.1 and later restore.

Shape: Moodle's own `backup/moodle2`, the XML of its tables. What was tried by hand in a Moodle 4.1.10 is told in
docs/decisions/0009.
"""

from traam.engines.parcours.moodle.writing import mbz

__all__ = ["mbz"]
