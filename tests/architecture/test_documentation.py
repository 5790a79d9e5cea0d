"""The documents that are drawn from the code are those of the code."""

import pytest
from django.conf import settings

from traam.config import documentation


@pytest.mark.parametrize("name", sorted(documentation.PAGES))
def test_generated_pages_are_up_to_date(name: str) -> None:
    path = settings.ROOT / documentation.FOLDER / name
    assert path.read_text(encoding="utf-8") == documentation.PAGES[name](), "run `make docs`"


def test_every_setting_is_explained() -> None:
    assert set(documentation.read_settings()) == set(documentation.MEANINGS)


def test_the_glossary_names_every_model_and_every_state() -> None:
    from django.apps import apps

    glossary = (settings.ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")
    models = {m.__name__ for m in apps.get_models() if m._meta.app_label in settings.STEPS}
    states = {label for _, machine in documentation.machines() for label in machine.states.values()}
    assert [name for name in sorted(models) if f"`{name}`" not in glossary] == []
    assert [label for label in sorted(states) if label not in glossary] == []
