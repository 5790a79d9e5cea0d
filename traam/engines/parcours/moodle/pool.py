"""The files of the backup: rows of `files.xml`, and each content once, named after its SHA-1 as Moodle does."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from traam.engines.parcours.model import File
from traam.engines.parcours.moodle.markup import Html, Xml, authored, columns, document, tag
from traam.engines.parcours.moodle.plan import LICENCES, Placed, Plan
from traam.engines.parcours.texts import clean, file_names, media_type, readdress


class Row(NamedTuple):
    """One file in its place: the digest of its content, and the area of the module that holds it."""

    number: int
    placed: Placed
    area: str
    name: str
    digest: str
    file: File


@dataclass
class Pool:
    """Gathers files as activities are written."""

    rows: list[Row] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def put(self, placed: Placed, area: str, files: Iterable[File]) -> dict[str, str]:
        """Take the files into an area of an activity; the name that each has there."""
        files = {file.name: file for file in files}.values()
        names = file_names(file.name for file in files)
        for file in files:
            digest = hashlib.sha1(file.data, usedforsecurity=False).hexdigest()
            self.contents[f"files/{digest[:2]}/{digest}"] = file.data
            self.rows.append(Row(len(self.rows) + 1, placed, area, names[file.name], digest, file))
        return names

    def html(self, placed: Placed, area: str, fragment: str, files: Iterable[File]) -> Html:
        """The fragment, its images taken into the area that shows it."""
        names = self.put(placed, area, files)
        return Html(readdress(authored(fragment), lambda name: f"@@PLUGINFILE@@/{quote(names.get(name, name))}"))

    def of(self, placed: Placed) -> list[int]:
        """The numbers of the files of an activity."""
        return [row.number for row in self.rows if row.placed is placed]


def files_xml(pool: Pool, plan: Plan) -> bytes:
    """`files.xml`: no user, the authors as they sign."""
    return document(tag("files", *(_row(row, plan) for row in pool.rows)))


def _row(row: Row, plan: Plan) -> Xml:
    licence = LICENCES.get(row.file.licence or plan.course.licence, "unknown")
    return tag(
        "file",
        columns(
            contenthash=row.digest,
            contextid=row.placed.context,
            component=f"mod_{row.placed.name}",
            filearea=row.area,
            itemid=0,
            filepath="/",
            filename=row.name,
            userid=None,
            filesize=len(row.file.data),
            mimetype=media_type(row.name, row.file.media_type),
            status=0,
            timecreated=plan.now,
            timemodified=plan.now,
            source=None,
            author=clean(", ".join(plan.course.authors))[:255],
            license=licence,
            sortorder=1 if row.area in ("content", "package") and row.file is row.placed.activity.file else 0,
            repositorytype=None,
            repositoryid=None,
            reference=None,
        ),
        id=row.number,
    )
