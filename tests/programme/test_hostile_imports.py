"""A file of the past that nobody checked: it is refused with sentences, and nothing of it is written."""

from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from traam.programme.catalogue.imports import history
from traam.programme.catalogue.models import Notice, PublicTheme

pytestmark = pytest.mark.django_db
PIECES = [
    b"titre",
    b";",
    b",",
    b'"',
    b"\r\n",
    b"{",
    b"}",
    b'"title":',
    b"[]",
    b"null",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\xff",
]
FILES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=40).map(b"".join)


@pytest.mark.parametrize("extension", ["csv", "jsonl"])
def test_a_file_of_the_past(extension: str, tmp_path: Path) -> None:
    path, at = tmp_path / f"past.{extension}", timezone.now()
    before = Notice.objects.count(), PublicTheme.objects.count()

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(FILES)
    @example(b"[" * 5_000)
    @example(b'{"title": "a", "title": {"b": []}}\n' * 3)
    @example(b'"' + b"a" * 200_000)
    def tried(data: bytes) -> None:
        path.write_bytes(data)
        report = history(path, at=at)
        assert report.problems or not data.strip(b"\xef\xbb\xbf\r\n ;,")

    tried()
    assert (Notice.objects.count(), PublicTheme.objects.count()) == before
