"""Nothing that the site runs can lift the guards of the journal."""

from pathlib import Path

import pytest
from django.conf import settings

PACKAGE = Path(settings.PACKAGE)
# What fills an empty database with acts already chained.
MAY_LIFT = ("programme/journal/guards.py", "config/backup")


WAYS = ("guards.lifted", "guards.remove", "DISABLE TRIGGER", "DROP TRIGGER", "session_replication_role")


@pytest.mark.parametrize("way", WAYS)
def test_only_a_restore_lifts_the_guards(way: str) -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    lifting = [path for path, text in sources.items() if way in text and "journal" in text]
    outside = [str(path.relative_to(PACKAGE)) for path in lifting if "migrations" not in path.parts]
    assert [path for path in outside if not path.startswith(MAY_LIFT)] == []
