"""The page of the open data, its files and their descriptions."""

from datetime import datetime

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from traam.design.pages import Request, anyone, reads
from traam.engines import datasets
from traam.engines.workflow import Missing
from traam.interop.machines import as_json, conditional, given, machine
from traam.interop.opendata import files
from traam.interop.opendata.columns import TABLES, Table
from traam.interop.opendata.files import FORMS, Made


@reads(may=anyone, public=True, keep=False)  # it tells of files, made again from time to time
def page(request: Request) -> HttpResponse:
    made = files.current(request.at)
    shown = [
        (table, made.rows[name], [(form, FORMS[form], made.files[f"{name}.{form}"][0]) for form in FORMS])
        for name, table in TABLES.items()
    ]
    return render(request, "interop/open_data.html", {"made": made, "tables": shown})


def _table(table: str) -> Table:
    if table not in TABLES:
        raise Missing(f"Ces données n'ont pas de tableau de ce nom. Ceux qui existent : {', '.join(TABLES)}.")
    return TABLES[table]


def _file(table: str, form: str) -> tuple[Table, str]:
    found = _table(table)
    if form not in FORMS:
        raise Missing(f"Ce tableau n'existe pas sous cette forme. Celles qui existent : {', '.join(FORMS)}.")
    return found, form


def _there(at: datetime, name: str) -> Made:
    """The files in force; a disk that lost one of them does not keep the others from being made again."""
    made = files.current(at)
    return made if made.path(name).is_file() else files.made_again(at)


@machine
@reads(find=_file, may=anyone, public=True)
def file(request: Request, found: tuple[Table, str]) -> HttpResponseBase:
    table, form = found
    name = f"{table.name}.{form}"
    made = _there(request.at, name)

    def whole() -> FileResponse:
        opened = made.path(name).open("rb")
        return FileResponse(opened, as_attachment=True, filename=f"traam-{name}", content_type=FORMS[form].media)

    return conditional(request, whole, f'"{made.files[name][1][:32]}"', made.at, seconds=600)


@machine
@reads(find=_table, may=anyone, public=True)
def schema(request: Request, table: Table) -> HttpResponseBase:
    told = datasets.table_schema(table.columns, key="id")
    return given(request, as_json(told), media="application/json", seconds=3_600)


@machine
@reads(may=anyone, public=True)
def description(request: Request) -> HttpResponseBase:
    made = files.current(request.at)
    return given(request, as_json(files.described(made)), media="application/ld+json", changed=made.at, seconds=600)
