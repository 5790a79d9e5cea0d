"""Whatever a page asks of a campaign, it can say which article asks for it."""

import inspect
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from traam import editions
from traam.config.navigation import TOWARDS, why
from traam.engines.rulebook.topics import TOPICS
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person


def _pages(resolver: URLResolver) -> Iterator[Callable[..., object]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _pages(entry)
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "policy"):
            yield entry.callback


def _leads_to_a_campaign(kind: Any) -> bool:
    """Whether objects of this class hold a campaign, by the names that `why` follows."""
    if kind is Campaign:
        return True
    if isinstance(kind, UnionType):
        return all(map(_leads_to_a_campaign, get_args(kind)))
    if not inspect.isclass(kind):
        return False
    if issubclass(kind, models.Model):
        held = {
            each.name: each.related_model for each in kind._meta.get_fields() if each.many_to_one or each.one_to_one
        }
    else:
        held = get_type_hints(kind)
    held |= {name: get_type_hints(asked.fget)["return"] for name in TOWARDS if (asked := _property(kind, name))}
    return any(_leads_to_a_campaign(held[name]) for name in TOWARDS if name in held)


def _property(kind: Any, name: str) -> Any:
    found = getattr(kind, name, None)
    return found if isinstance(found, property) and found.fget else None


def _found(view: Callable[..., object]) -> Any:
    """The class of the object that the page receives."""
    bare = inspect.unwrap(view)
    parameters = list(inspect.signature(bare).parameters)
    return get_type_hints(bare).get(parameters[1]) if len(parameters) > 1 else None


PAGES = sorted(set(_pages(get_resolver())), key=lambda view: (view.__module__, view.__name__))
ASKING = [view for view in PAGES if view.policy.writes and view.policy.find and _leads_to_a_campaign(_found(view))]  # type: ignore[attr-defined]
DECLARING = [view for view in PAGES if view.policy.why]  # type: ignore[attr-defined]


def _name(view: Callable[..., object]) -> str:
    return f"{view.__module__.removeprefix('traam.spaces.')}.{view.__name__}"


@pytest.mark.parametrize("view", ASKING, ids=_name)
def test_a_page_that_asks_something_of_a_campaign_says_why(view: Any) -> None:
    assert view.policy.why, f"{_name(view)} declares no topic: @writes(…, why=…)"


@pytest.mark.parametrize("view", DECLARING, ids=_name)
def test_what_a_page_declares_leads_to_an_article(view: Any) -> None:
    assert view.policy.why in TOPICS
    assert _leads_to_a_campaign(_found(view)), f"{_name(view)}: no campaign in what it finds, the link would not show"


def test_many_pages_are_watched() -> None:
    """A class that leads to a campaign through others is seen, and one that does not is not."""
    assert len(ASKING) > 20
    assert _leads_to_a_campaign(Member) and _leads_to_a_campaign(Group)
    assert not _leads_to_a_campaign(str) and not _leads_to_a_campaign(Person)


@pytest.mark.parametrize("edition", sorted(editions.books()))
@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_edition_answers_every_topic(edition: str, topic: str) -> None:
    book = editions.book(edition)
    entry = why(topic, Campaign(edition_id=edition))
    assert entry is not None
    asked = book.topic(topic)
    assert entry.url.endswith(f"/{edition}#{asked.anchor}") and asked.title in entry.label
