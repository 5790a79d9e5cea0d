"""The house: what import contracts cannot see."""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

PACKAGE = Path(settings.PACKAGE)


def _pages(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _pages(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


@pytest.mark.parametrize(
    ("address", "view"), list(_pages(get_resolver())), ids=lambda value: getattr(value, "__name__", str(value))
)
def test_every_page_declares_its_policy(address: str, view: Callable[..., object]) -> None:
    assert hasattr(view, "policy"), f"/{address} declares no policy: use @reads or @writes"


def test_a_page_without_a_policy_would_be_seen() -> None:
    def bare(request: object) -> None: ...

    assert not hasattr(bare, "policy")


def _position(app_label: str) -> int:
    return settings.STEPS.index(app_label) if app_label in settings.STEPS else -1


def test_foreign_keys_point_to_the_same_step_or_an_earlier_one() -> None:
    backwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in settings.STEPS
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and field.is_relation and not isinstance(field.related_model, str)
        if _position(field.related_model._meta.app_label) > _position(model._meta.app_label)
    ]
    assert backwards == []


def _sources(folder: str) -> list[Path]:
    return sorted(path for path in (PACKAGE / folder).rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize(
    "path", [*_sources("spaces"), *_sources("interop")], ids=lambda path: path.parent.name + "/" + path.name
)
def test_pages_never_touch_the_tables(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    managers = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"objects", "save"}]
    imports = [
        n.lineno for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("django.db")
    ]
    assert (managers, imports) == ([], []), "read through queries, write through an action"


@pytest.mark.parametrize("step", settings.STEPS)
def test_an_action_takes_its_actor_and_its_time(step: str) -> None:
    """Wherever the step writes it: in `actions.py`, or in a module of a package that outgrew it."""
    sources = [path for path in (PACKAGE / "programme" / step).rglob("*.py") if "migrations" not in path.parts]
    has_tables = any(apps.get_app_config(step).get_models())
    written = any("actions" in path.stem or "actions" in path.parts for path in sources)
    assert written or not has_tables, f"{step} has tables and no actions"
    wrong = []
    for path in sources:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        public = [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        atomic = [n for n in public if any("atomic" in ast.unparse(d) for d in n.decorator_list)]
        wrong += [f"{path.name}: {n.name}" for n in atomic if "at" not in {a.arg for a in n.args.kwonlyargs}]
    assert wrong == []


def test_every_step_says_in_one_sentence_what_it_is_for() -> None:
    silent = [step for step in settings.STEPS if not (import_module(f"traam.programme.{step}").__doc__ or "").strip()]
    assert silent == []


def test_no_signal_is_connected() -> None:
    users = [
        path for path in _sources("programme") if "django.dispatch" in path.read_text() or "signals" in path.read_text()
    ]
    assert users == []
