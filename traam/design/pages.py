"""The two doors of a page: `@reads` and `@writes` find the object, ask the policy, then call the page."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from threading import get_ident
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from traam.design import handlers, patience
from traam.engines.workflow import ALLOWED, Verdict, allow_if

View = Callable[..., HttpResponseBase]
Decorator = Callable[[View], View]
WRITING = re.compile(
    r"^\s*(?:WITH\b.*?(?<!\bFOR\s))?"
    r"(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)"
    r'\s+(?:ONLY\s+)?"?(?P<table>\w+)',
    re.IGNORECASE | re.DOTALL,
)
READING = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.IGNORECASE)
# The session is the server's own notebook: a page that reads may renew it.
NOTEBOOKS = frozenset({"django_session"})


class Request(HttpRequest):
    """What a page receives: `user` is the person signed in (or anonymous), `at` the time of the request.

    `about` is what the page declared of itself: the topic of its `why` ("" for none) and the object it found.
    `tables_read` are those that a page reached by GET asked, once it is drawn.
    """

    user: Any
    at: datetime
    about: tuple[str, Any]
    tables_read: frozenset[str]


def is_seen_by_another(request: HttpRequest) -> bool:
    """Whether `request.user` is the person whose view is borrowed (« Voir comme »), not who sits at the screen: what
    she keeps for herself is then not shown."""
    return getattr(request, "seeing", None) is not None


class WroteOnRead(RuntimeError):
    """A page reached by GET wrote in the database: a mistake of the program."""


@dataclass(frozen=True)
class Policy:
    """What a page declares, for the architecture test and for the table of rights."""

    may: Callable[..., Verdict]
    find: Callable[..., Any] | None
    public: bool
    writes: bool
    why: str = ""
    keep: bool = True
    by_get: bool = False


def anyone(person: Any, *rest: Any) -> Verdict:
    """For the pages that everyone may see."""
    return ALLOWED


def signed_in(person: Any, *rest: Any) -> Verdict:
    """For the pages of every person who has an account, whatever they are."""
    return allow_if(person is not None, "Connectez-vous pour voir cette page.")


class _Guard:
    """Refuses what one reading thread writes. The tests in a browser lend one connection to several threads at once:
    a page that reads does not judge what another one writes meanwhile.
    """

    def __init__(self) -> None:
        self.reader: int | None = get_ident()
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = WRITING.match(sql)
        if match and match["table"] not in NOTEBOOKS and get_ident() == self.reader:
            raise WroteOnRead(f"a GET request wrote in {match['table']}: {sql[:200]}")
        self.tables.update(READING.findall(sql))
        return execute(sql, params, many, context)


@contextmanager
def reading_only() -> Iterator[set[str]]:
    """Raises `WroteOnRead` at the first row written on any database; gives the tables that were read."""
    guard = _Guard()
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(guard))
        try:
            yield guard.tables
        finally:
            guard.reader = None


def reads(
    *,
    may: Callable[..., Verdict],
    find: Callable[..., Any] | None = None,
    public: bool = False,
    why: str = "",
    keep: bool = True,
) -> Decorator:
    """A page that only shows. GET and HEAD; anything written raises `WroteOnRead`.

    `find(**address_arguments)` gives the object, or raises `Missing` (404). `may(person, object, at)`, or
    `may(person, at)` without `find`, answers a `Verdict` (403 with its sentence). A `public` page needs no
    account, and `person` is then None for a passer-by. The page receives `(request, object)` or
    `(request, **address_arguments)`.

    `why` is a topic of the cahier des charges ("forwarding"): the page then shows « Pourquoi me demande-t-on
    cela ? », which leads to the article that the setting `WHY` finds for this topic and this object.

    A public page is given again as it was drawn, to readers without a session, until something public changes
    (`design.readymade`). `keep=False` has it drawn each time: it depends on files, or on the hour.
    """
    return _door(Policy(may, find, public, writes=False, why=why, keep=keep))


def writes(
    *,
    may: Callable[..., Verdict],
    find: Callable[..., Any] | None = None,
    public: bool = False,
    why: str = "",
    by_get: bool = False,
) -> Decorator:
    """A page that changes something: GET shows the form and writes nothing, POST acts. Else as `reads`.

    `by_get`: somebody comes back from another site, which can only send her by GET; the page then proves itself that
    this browser asked for it.
    """
    return _door(Policy(may, find, public, writes=True, why=why, by_get=by_get))


def _door(policy: Policy) -> Decorator:
    methods = ("GET", "HEAD", "POST") if policy.writes else ("GET", "HEAD")

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if request.method not in methods:
                return handlers.wrong_method(request, methods)
            asked = cast(Request, request)
            asked.at = timezone.localtime()  # its date is that of the people: "today" in Paris, not in UTC
            if request.method == "POST" or (policy.by_get and request.method == "GET"):
                return patience.again(asked, lambda: _answer(policy, view, asked, arguments))
            with reading_only() as tables:
                response = _rendered(_answer(policy, view, asked, arguments))
            asked.tables_read = frozenset(tables)
            return response

        page.policy = policy  # type: ignore[attr-defined]
        return login_not_required(page) if policy.public else page

    return decorate


def _answer(policy: Policy, view: View, request: Request, arguments: dict[str, Any]) -> HttpResponseBase:
    person = request.user if request.user.is_authenticated else None
    request.about = (policy.why, None)
    if policy.find is None:
        policy.may(person, request.at).require()
        return view(request, **arguments)
    found = policy.find(**arguments)
    policy.may(person, found, request.at).require()
    request.about = (policy.why, found)
    return view(request, found)


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A response that renders later would render outside of the guard: do it now."""
    render = getattr(response, "render", None)
    return cast(HttpResponse, render()) if callable(render) else response
