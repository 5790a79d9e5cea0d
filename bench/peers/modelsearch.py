"""`modelsearch` from PyPI over SQLite, the search that Django sites install: used as its documentation says.

It is put under the folder of measures (`var/bench`, or what TRAAM_BENCH names) and nowhere else. It has no extracts,
and counts facets of one value only: its pages do less than the others'.
"""

import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import Asked, Made
from bench.peers.fulltext import ONE, SEVERAL, SIZE, Page, Unavailable, bytes_of
from bench.peers.pretalx import folder as folder_of_measures

VERSION = "1.3.2"
NEEDED = ("django-tasks<0.13", "django-stubs-ext", "typing-extensions")
"""What it needs beside Django, which is ours."""


def _installed() -> Path:
    home = folder_of_measures().parent / f"modelsearch-{VERSION}"
    if not (home / "installed").exists():
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(home)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *options, f"modelsearch=={VERSION}", *NEEDED],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"il n'a pas pu être installé (sans réseau ?). {done.stderr.strip()[-200:]}")
        (home / "installed").touch()
    return home


class ModelSearch:
    name = "modelsearch"

    def __init__(self, folder: Path) -> None:
        sys.path.append(str(_installed()))
        import django
        from django.conf import settings

        self.file = folder / "modelsearch.sqlite3"
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.file}
        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "modelsearch", "bench.peers"],
            DATABASES={"default": database},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            MODELSEARCH_BACKENDS={"default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}},
        )
        django.setup()
        self.model = _model()

    def load(self, notices: Iterable[Made]) -> None:
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        with connection.schema_editor() as editor:
            editor.create_model(self.model)
        remaining = iter(notices)
        while batch := list(islice(remaining, 5_000)):
            self.model.objects.bulk_create(
                self.model(
                    id=n.id,
                    title=n.title,
                    summary=n.summary,
                    keywords=n.keywords,
                    day=n.date,
                    **{name: n.codes[name][0] for name in ONE},
                )
                for n in batch
            )
        call_command("rebuild_modelsearch_index", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("analyze")  # without it, each of its pages takes seconds

    def page(self, asked: Asked) -> Page:
        chosen = {name: codes for name, codes in asked.chosen.items() if name not in SEVERAL}
        found = self._found(asked, chosen)
        hits = list(found[:SIZE])
        counts = {name: self._counted(asked, chosen, name) for name in ONE}
        return Page([hit.pk for hit in hits], found.count(), counts, [])

    def _counted(self, asked: Asked, chosen: dict[str, Any], name: str) -> dict[str, int]:
        others = {other: codes for other, codes in chosen.items() if other != name}
        return dict(self._found(asked, others).facet(name))

    def _found(self, asked: Asked, chosen: dict[str, Any]) -> Any:
        from modelsearch.query import MATCH_ALL  # type: ignore[import-not-found]

        rows = self.model.objects.filter(**{f"{name}__in": sorted(codes) for name, codes in chosen.items()})
        if asked.prefix:
            return rows.autocomplete(asked.text, operator="and")
        return rows.search(asked.text or MATCH_ALL, **({"operator": "and"} if asked.text else {}))

    def cpu(self) -> float:
        return time.process_time()

    def size(self) -> int:
        return bytes_of(self.file)


def _model() -> Any:
    """Declared once the application is ready, as `modelsearch` wants it."""
    from django.db import models
    from modelsearch import index  # type: ignore[import-not-found]
    from modelsearch.queryset import SearchableQuerySetMixin  # type: ignore[import-not-found]

    class Rows(SearchableQuerySetMixin, models.QuerySet):  # type: ignore[misc,type-arg]
        pass

    text = {name: models.TextField() for name in ("title", "summary", "keywords")}
    facets = {name: models.CharField(max_length=20, db_index=True) for name in ONE}
    searched = [
        index.SearchField("title", boost=3.0),
        index.AutocompleteField("title"),
        index.AutocompleteField("summary"),
        index.SearchField("summary"),
        index.SearchField("keywords"),
        index.FilterField("day"),
        *(index.FilterField(name) for name in ONE),
    ]
    return type(
        "Notice",
        (index.Indexed, models.Model),
        {
            **text,
            **facets,
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "peers"}),
            "day": models.IntegerField(),
            "objects": Rows.as_manager(),
            "search_fields": searched,
        },
    )
