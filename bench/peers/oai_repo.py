"""`oai_repo` from PyPI over our notices, its interface filled in as its documentation asks, in bulk where it can be.

It is put under the folder of measures (`var/bench`, or what TRAAM_BENCH names) and nowhere else.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.peers.fulltext import Unavailable
from bench.peers.pretalx import folder as folder_of_measures

VERSION = "0.5.2"


def _installed() -> Path:
    home = folder_of_measures().parent / f"oai_repo-{VERSION}"
    if not (home / "installed").exists():
        options = ["--quiet", "--disable-pip-version-check", "--target", str(home)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *options, f"oai_repo=={VERSION}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"il n'a pas pu être installé (sans réseau ?). {done.stderr.strip()[-200:]}")
        (home / "installed").touch()
    return home


def repository() -> Any:
    """Its repository over the notices of the database that Django is set on."""
    sys.path.append(str(_installed()))  # after ours: it brings what we have too
    import oai_repo  # type: ignore[import-not-found]

    from traam.interop.repository import as_record, formats
    from traam.programme.catalogue.models import Notice

    known = {one.prefix: one for one in formats()}
    # It never says that a record was deleted: those are not in its lists.
    published = Notice.objects.filter(state=Notice.State.PUBLISHED)

    class Records(oai_repo.DataInterface):  # type: ignore[misc]
        limit = 100

        def __init__(self) -> None:
            self.page: dict[str, Any] = {}
            self.identity = oai_repo.Identify(
                repository_name="Mesure",
                base_url="https://exemple.fr/oai",
                admin_email=["contact@exemple.fr"],
                earliest_datestamp="2006-01-01T00:00:00Z",
                deleted_record="no",
                granularity="YYYY-MM-DDThh:mm:ssZ",
            )

        def get_identify(self) -> Any:
            return self.identity

        def get_metadata_formats(self, identifier: str | None = None) -> list[Any]:
            return [oai_repo.MetadataFormat(one.prefix, one.schema, one.namespace) for one in known.values()]

        def list_identifiers(self, prefix: str, *filters: Any) -> Any:
            start = filters[3]
            rows = published.select_related("theme").order_by("datestamp", "pk")[start : start + self.limit]
            self.page = {record.identifier: record for record in map(as_record, rows)}
            return list(self.page), published.count(), None

        def get_records_header(self, identifiers: list[str]) -> list[Any]:
            rows = [self.page[one] for one in identifiers]
            return [
                oai_repo.RecordHeader(identifier=one.identifier, datestamp=one.datestamp, setspecs=list(one.sets))
                for one in rows
            ]

        def get_records_metadata(self, identifiers: list[str], prefix: str) -> list[Any]:
            return [known[prefix].write(self.page[one].notice) for one in identifiers]

        def get_records_abouts(self, identifiers: list[str]) -> list[list[Any]]:
            return [[] for _ in identifiers]

    return oai_repo.OAIRepository(Records())
