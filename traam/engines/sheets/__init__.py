"""Spreadsheet ↔ typed rows: a model to fill offline, read back with every error by cell.

`write` makes an .xlsx, an .ods or a .csv, `read` takes them back, `check` judges the fields of a form
with the sentences that `read` gives to the cells, `mark` gives a workbook back with its problems in it. What was
sent is opened in a bounded process.
"""

from traam.engines.sheets.bounded import Bounds
from traam.engines.sheets.cells import CellProblem, check, parse
from traam.engines.sheets.layout import Column, Layout
from traam.engines.sheets.marking import form_of, mark
from traam.engines.sheets.package import BadFile
from traam.engines.sheets.problems import Heading, Problem, Reading, Row
from traam.engines.sheets.reading import read
from traam.engines.sheets.wording import fold, fold_all
from traam.engines.sheets.writing import Form, write

__all__ = [
    "BadFile",
    "Bounds",
    "CellProblem",
    "Column",
    "Form",
    "Heading",
    "Layout",
    "Problem",
    "Reading",
    "Row",
    "check",
    "fold",
    "fold_all",
    "form_of",
    "mark",
    "parse",
    "read",
    "write",
]
