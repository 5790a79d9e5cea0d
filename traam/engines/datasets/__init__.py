"""A table for everyone, in the forms that people and programs open: written row by row, whatever its length.

`writer(form, stream, columns, name=…)` gives an object with `add(row)` and `close()`; `table_schema` and `dcat`
describe the table. The same rows give the same bytes.
"""

from typing import BinaryIO

from traam.engines.datasets.columns import Column, Row, Writer
from traam.engines.datasets.delimited import Delimited
from traam.engines.datasets.describing import Dataset, Distribution, dcat, table_schema
from traam.engines.datasets.ods import OpenDocument
from traam.engines.datasets.parquet import Parquet
from traam.engines.datasets.xlsx import OfficeOpen

FORMS = ("csv", "ods", "xlsx", "parquet")


def writer(form: str, stream: BinaryIO, columns: tuple[Column, ...], *, name: str) -> Writer:
    """Of one of `FORMS`; `name` is that of the sheet. The stream stays open after `close()`."""
    match form:
        case "csv":
            return Delimited(stream, columns)
        case "ods":
            return OpenDocument(stream, columns, name)
        case "xlsx":
            return OfficeOpen(stream, columns, name)
        case "parquet":
            return Parquet(stream, columns)
        case _:
            raise ValueError(f"no such form: {form}")


__all__ = [
    "FORMS",
    "Column",
    "Dataset",
    "Distribution",
    "Row",
    "Writer",
    "dcat",
    "table_schema",
    "writer",
]
