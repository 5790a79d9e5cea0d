"""Whatever changes something public is noted, in its transaction, by the database itself."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from traam.programme.catalogue import generation, index
from traam.programme.catalogue.models import Notice, PublicTheme
from traam.programme.people.models import AcademyContact

pytestmark = pytest.mark.django_db

TABLES = sorted(generation.followed())


def _triggers() -> set[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {name for (name,) in cursor.fetchall() if name.startswith(generation._NOTED)}


def test_every_table_of_the_catalogue_is_followed_or_said_to_be_unseen() -> None:
    mine = {model._meta.db_table for model in apps.get_app_config("catalogue").get_models(include_auto_created=True)}
    assert mine <= generation.followed() | generation.UNSEEN
    assert generation.UNSEEN.isdisjoint(generation.followed())
    events = ("any",) if connection.vendor == "postgresql" else ("insert", "update", "delete")
    wanted = {generation._name(table, event).strip('"') for table in TABLES for event in events}
    assert wanted == _triggers()


@pytest.mark.parametrize("table", TABLES)
def test_rewriting_a_row_by_hand_is_noted_too(table: str) -> None:
    before = generation.now()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{table}" LIMIT 1')
        found = cursor.fetchone()
        assert generation.now() == before, "reading changes nothing"
        if found is None:
            pytest.skip("no row in the demonstration")
        cursor.execute(f'UPDATE "{table}" SET id = id WHERE id = %s', found)
    assert generation.now() != before


def test_rows_that_come_and_go_are_noted() -> None:
    seen = [generation.now()]
    theme = PublicTheme.objects.create(source_key="x", years="2020-2021", title="T", changed_at="2026-01-01T00:00Z")
    seen.append(generation.now())
    PublicTheme.objects.filter(pk=theme.pk).update(title="U")
    seen.append(generation.now())
    PublicTheme.objects.filter(pk=theme.pk).delete()
    seen.append(generation.now())
    AcademyContact.objects.create(academy="27", service="DRANE", changed_at="2026-01-01T00:00Z")
    seen.append(generation.now())
    assert len(set(seen)) == 5


def test_what_is_rolled_back_never_was() -> None:
    before = generation.now()
    notice = Notice.objects.order_by("pk")[0]
    inside = []
    for _ in range(2):
        with transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(title="Autre")
            inside.append(generation.now())
            transaction.set_rollback(True)
        assert generation.now() == before
    assert len({before, *inside}) == 3, "the page of a rehearsal is nobody else's, not even the next rehearsal's"


def test_what_the_index_learns_is_told_apart(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_FOLDER = tmp_path
    none = generation.now()
    index.rebuild()
    built = generation.now()
    Notice.objects.order_by("pk")[0].save()
    changed = generation.now()
    index.rebuild()
    assert len({none, built, changed, generation.now()}) == 4


def test_migrating_again_changes_nothing_but_the_state() -> None:
    before, held = generation.now(), _triggers()
    call_command("migrate", verbosity=0, interactive=False)
    assert _triggers() == held
    assert generation.now() != before, "what was written while nothing was noted"


def test_the_settings_name_this_state() -> None:
    assert generation.__name__ == settings.PUBLIC_STATE
