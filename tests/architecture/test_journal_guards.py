"""Nothing that the site runs can lift the guards of the journal."""

from pathlib import Path

import pytest
from django.conf import settings

PACKAGE = Path(settings.PACKAGE)
# What fills an empty database with acts already chained.
MAY_LIFT = ("programme/journal/guards.py", "config/backup")


@pytest.mark.parametrize("word", ["lifted", "DISABLE TRIGGER", "DROP TRIGGER", "session_replication_role"])
def test_only_a_restore_lifts_the_guards(word: str) -> None:
    sources = [path for path in PACKAGE.rglob("*.py") if word in path.read_text(encoding="utf-8")]
    guards = [path for path in sources if "guards" in path.read_text(encoding="utf-8") or "TRIGGER" in word]
    outside = [str(path.relative_to(PACKAGE)) for path in guards]
    assert [path for path in outside if not path.startswith(MAY_LIFT)] == []
