"""What every test may ask for: files of pages without collecting them, and a real browser.

Browser fixtures: `page` (1280 px wide), `phone` (390 px), `browser_page(width, scheme)`; `axe(page)`, which returns the
violations found by axe-core; `enter(page, who)`, which opens a session; `sound(pages)`, which says what is wrong with
many pages. Mark the test `@pytest.mark.browser`; pytest-django's `live_server` gives the address.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

pytest_plugins = ["accessibility_report"]

# The shell is Chromium without its windows: the same pages for two thirds of the time.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What the width of a screen and its colours change in a page already judged.
LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "aria-hidden-focus"]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _leave_out_what_knows_no_database(config, items)
    _longest_files_first(items)


def _longest_files_first(items: list[pytest.Item]) -> None:
    """So that the workers end together. In a browser, and where processes are killed, few tests to a file are long."""
    many = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[int, int]:
        long = _is_a_kill(item) or item.get_closest_marker("browser") is not None
        return (0, many[item.path]) if long else (1, -many[item.path])

    items.sort(key=place)


def _leave_out_what_knows_no_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what asks nothing of a database is left out: beside SQLite it said all that it has to say."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    asks = {"db", "transactional_db", "live_server", "rows_put_back"}
    kept = {
        item
        for item in items
        if not item.get_closest_marker("once")
        if item.get_closest_marker("django_db") or asks & set(getattr(item, "fixturenames", ())) or _is_a_kill(item)
    }
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def _is_a_kill(item: pytest.Item) -> bool:
    """Those open a database of their own, in the processes they kill."""
    return "kill" in item.path.parts


@pytest.fixture(autouse=True)
def _files_straight_from_their_folders(request: pytest.FixtureRequest) -> Iterator[None]:
    """The manifest of hashed names exists only after `collectstatic`, which tests do not need."""
    if not request.config.pluginmanager.hasplugin("django") or not os.environ.get("DJANGO_SETTINGS_MODULE"):
        yield
        return
    from django.conf import settings
    from django.test import override_settings
    from django.test.signals import setting_changed

    from traam.design import readymade

    # What was drawn in the same state of the database, by a test before or with other settings.
    readymade.SHELF.clear()
    setting_changed.connect(lambda **_: readymade.SHELF.clear(), weak=False, dispatch_uid="pages kept")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run. Debian's: Playwright downloads none."""
    there = [path for path in CHROMIUMS if path.exists()]
    if not there:
        pytest.skip(f"no browser at {CHROMIUMS[0]}: apt-get install chromium-headless-shell")
    # Playwright's synchronous interface runs a loop in this thread: Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(there[0]), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`browser_page(width=1280, scheme="light", script=True)`: a page of a fresh, French browser."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: Any = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(browser_page: Callable[..., Page]) -> Page:
    """A screen of 1280 px."""
    return browser_page(1280)


@pytest.fixture
def phone(browser_page: Callable[..., Page]) -> Page:
    """A screen of 390 px."""
    return browser_page(390)


@pytest.fixture(scope="session")
def axe_script() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_script: str) -> Callable[..., list[str]]:
    """`axe(page)`: a line for each violation of WCAG 2.2 AA or of good practice: rule, count, first node.

    `axe(page, rules)` tries these rules only; `without` leaves some out. An address judged whole at one width is judged
    at another by what widths and colours change.
    """
    from accessibility_report import GATHERED

    widths: dict[str, int] = {}

    def run(page: Page, rules: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
        page.wait_for_load_state("load")  # a page without its style sheet yet is another page
        page.mouse.move(1, 450)  # the pointer rests in the margin: what it is over has other colours
        width = page.viewport_size["width"] if page.viewport_size else 0
        if widths.setdefault(page.url, width) != width:
            rules = rules or LOOKS
        page.evaluate(axe_script)
        found = page.evaluate(
            "([only, rules]) => axe.run(document, {runOnly: only, rules, resultTypes: ['violations']})",
            [
                {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_RULES},
                {rule: {"enabled": False} for rule in without},
            ],
        )
        GATHERED.add(page.url, found)
        return [f"{v['id']} x{len(v['nodes'])}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]

    return run


@pytest.fixture
def enter(live_server: Any) -> Callable[[Page, str], None]:
    """`enter(page, "dan.lyon")`: this browser is hers from now on; `""` is nobody.

    Somebody who is not of the demonstration is named by her whole address.
    """
    from django.conf import settings
    from django.test import Client

    from traam.demo.build import DOMAIN
    from traam.programme.people.models import Person

    opened: dict[str, str] = {}

    def sign_in(page: Page, who: str) -> None:
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if who and who not in opened:
            client = Client()
            client.force_login(Person.objects.get(email=who if "@" in who else f"{who}@{DOMAIN}"))
            opened[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        if who:
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": opened[who], "url": live_server.url}]
            )

    return sign_in


Sound = Callable[[Sequence[tuple[str, str]]], dict[str, list[str]]]


@pytest.fixture
def sound(browser_page: Callable[..., Page], axe: Callable[..., list[str]], enter: Any, live_server: Any) -> Sound:
    """`sound([("dan.lyon", "/academie/lyon")])`: what is wrong with each page, nothing when all is well.

    Each is judged by day on a desk, then what colours and width change by night on a phone. Pictures of them go in the
    folder named by TRAAM_PICTURES.
    """
    pictures = os.environ.get("TRAAM_PICTURES", "")

    def judge(pages: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
        wrong = {}
        for width, scheme, rules in ((1280, "light", ()), (390, "dark", LOOKS)):
            page = browser_page(width, scheme)
            for number, (who, address) in enumerate(pages):
                enter(page, who)
                answer = page.goto(live_server.url + address)
                found = [] if answer and answer.ok else [f"answered {answer.status if answer else 'nothing'}"]
                found += axe(page, rules)
                if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
                    found.append(f"overflows by {wide} px")
                if found:
                    wrong[f"{address} at {width} {scheme}"] = found
                if pictures:
                    page.screenshot(path=Path(pictures) / f"{number:02}-{width}-{scheme}.png", full_page=True)
        return wrong

    return judge


@pytest.fixture
def drawn_each_time(settings: Any) -> None:
    """No public page is kept: what is counted or timed is the drawing."""
    settings.PAGES_KEPT = 0


@pytest.fixture
def trial(settings: Any) -> Any:
    """The trial pages of `tests/design` in the place of the site's; returns the settings."""
    settings.ROOT_URLCONF = "trial_pages"
    templates = Path(__file__).parent / "design" / "trial_templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [templates]}]
    settings.NAVIGATION = "trial_pages.navigation"
    settings.ARTICLES = "trial_pages.article"
    settings.WHY = "trial_pages.why"
    return settings


Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
BUILT: Rows = {}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as in production: in memory, the threads of a live server share one connection, and the
    rows one of them is reading stop the others from writing."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test_traam.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database begins with the demonstration: every test sees it, and what a test writes is undone."""
    from django.conf import settings
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.utils import timezone

    from traam.demo.build import build

    settings.INDEX_FOLDER = tmp_path_factory.mktemp("index")
    settings.OPEN_DATA_FOLDER = tmp_path_factory.mktemp("open_data")
    # Slow on purpose in production; here, three quarters of the time of building the demonstration.
    PBKDF2PasswordHasher.iterations = 1
    empty_the_journal_too()
    with django_db_blocker.unblock():
        build(timezone.localtime())
        BUILT.update(every_row())


def empty_the_journal_too() -> None:
    """A test that commits ends by emptying the database, which the journal refuses: its guards are lifted for that."""
    from django.core.management.commands import flush
    from django.db import connection

    from traam.programme.journal import guards

    # Of the class: a browser changes the context of this thread, and the connection that Django finds in it.
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def emptied(self: Any, statements: Any) -> None:
        with guards.lifted(self.connection):
            empty(self, statements)

    operations.execute_sql_flush = emptied  # type: ignore[method-assign]
    # The rows that follow a migration are put back with the others, and what it does to the tables is still there.
    flush.emit_post_migrate_signal = lambda *_, **__: None  # type: ignore[attr-defined]


def every_row() -> Rows:
    """Every row of the database, by table: putting them back takes a tenth of the time of building them again."""
    from django.db import connection

    kept: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            kept[table] = [column[0] for column in cursor.description], [_as_given(row) for row in cursor.fetchall()]
    return kept


def _as_given(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as the database takes it: SQLite gives hours that it does not take back."""
    from django.db import connection

    return tuple(connection.ops.adapt_timefield_value(one) if isinstance(one, time) else one for one in row)


def put_back(kept: Rows) -> None:
    """Fill the tables that a test before emptied."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    from traam.programme.journal import guards
    from traam.programme.people.models import Person

    if Person.objects.exists():
        return
    quoted = connection.ops.quote_name
    with connection.constraint_checks_disabled(), guards.lifted(connection), connection.cursor() as cursor:
        for table, (columns, rows) in kept.items():
            cursor.execute(f"SELECT 1 FROM {quoted(table)} LIMIT 1")
            if rows and cursor.fetchone() is None:
                names, holes = ", ".join(map(quoted, columns)), ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({holes})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Files of tests come in any order: one that commits, and so empties the database, may come before this test.

    The rows are put back before its transaction begins, for it and for all that follow.
    """
    from pytest_django.plugin import blocking_manager_key

    mark, names = item.get_closest_marker("django_db"), getattr(item, "fixturenames", ())
    commits = "transactional_db" in names or (mark and (mark.args or mark.kwargs.get("transaction")))
    if BUILT and (mark or "db" in names) and not commits:
        with item.config.stash[blocking_manager_key].unblock():
            put_back(BUILT)


@pytest.fixture
def demonstration(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """The demonstration, for tests that commit (browser, concurrency): put back when a test before emptied it."""
    from traam.programme.catalogue import index

    settings.INDEX_FOLDER = tmp_path / "index"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    put_back(BUILT)
    index.update()


@pytest.fixture(scope="session")
def rows_put_back(django_db_setup: None) -> Callable[[], None]:
    """For the fixtures of a file that read the database before any test of theirs does."""
    return lambda: put_back(BUILT)


@pytest.fixture
def sign_in(client: Any) -> Callable[[str], Any]:
    """`sign_in("dan.lyon")`: the test client, signed in as that person of the demonstration."""
    from traam.demo.build import DOMAIN
    from traam.programme.people.models import Person

    def enter(name: str) -> Any:
        client.force_login(Person.objects.get(email=f"{name}@{DOMAIN}"))
        return client

    return enter
