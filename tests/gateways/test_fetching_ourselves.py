"""Pages of this very site, fetched without leaving the process."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, re_path

from traam.gateways.fetching import Fetcher, ask_ours, fetch_ours, is_ours, ourselves

pytestmark = pytest.mark.django_db
OPENED: list[Any] = []


def heard(request: HttpRequest, rest: str) -> HttpResponse:
    told = f"{request.path}|{request.GET.get('q')}|{request.get_host()}|{request.scheme}|{request.COOKIES}"
    return HttpResponse(told + f"|{request.user.is_authenticated}")


def go(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(request.GET["vers"])


def broken(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(savepoint=False):  # its failure condemns the transaction around it
        raise LookupError


def file(request: HttpRequest) -> FileResponse:
    OPENED.append(Path(__file__).open("rb"))  # noqa: SIM115 - it is for the response to close it
    return FileResponse(OPENED[-1])


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"a" * 1000 for _ in range(1000))


urlpatterns = [
    re_path("^entendu/(?P<rest>.*)$", login_not_required(heard)),
    path("va", login_not_required(go)),
    path("rond", login_not_required(lambda request: HttpResponseRedirect("/rond"))),
    path("casse", login_not_required(broken)),
    path("fichier", login_not_required(file)),
    path("flux", login_not_required(stream)),
]


@pytest.fixture(autouse=True)
def _trial_pages(settings: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    settings.SITE_ADDRESS = "https://traam.example"
    settings.ALLOWED_HOSTS = ["traam.example"]
    ourselves._site.cache_clear()
    yield
    ourselves._site.cache_clear()


@pytest.mark.parametrize(
    "asked", ["/entendu/é à?q=d'été", "entendu/é à?q=d'été", "https://traam.example/entendu/é%20à?q=d%27été#haut"]
)
def test_a_page_is_what_an_anonymous_reader_gets(asked: str) -> None:
    fetched = fetch_ours(asked)
    assert fetched.body.decode() == "/entendu/é à|d'été|traam.example|https|{}|False"
    assert (fetched.status, fetched.error, fetched.media_type) == (200, "", "text/html")
    assert fetched.header("x-content-type-options") == "nosniff"  # the middleware was crossed too
    assert fetched.address.startswith("https://traam.example/entendu/")


def test_redirects_are_followed_within_the_site() -> None:
    fetched = fetch_ours("/va?vers=/va%3Fvers%3D/entendu/ici")
    assert fetched.body.startswith(b"/entendu/ici|")
    assert fetched.redirects == (
        "https://traam.example/va?vers=/va%3Fvers%3D/entendu/ici",
        "https://traam.example/va?vers=/entendu/ici",
    )


@pytest.mark.parametrize(
    "there",
    [
        "https://autre.example/",
        "http://traam.example/",
        "https://traam.example:8443/",
        "//169.254.169.254/",
    ],
)
def test_a_redirect_out_of_the_site_is_not_followed(there: str) -> None:
    fetched = fetch_ours(f"/va?vers={there}")
    assert (fetched.error, fetched.status, len(fetched.redirects)) == ("refused", 0, 1) and fetched.detail


def test_a_redirect_that_turns_round_is_said() -> None:
    assert fetch_ours("/rond").error == "redirects"


@pytest.mark.parametrize("address", ["https://autre.example/", "http://127.0.0.1/", "file:///etc/passwd", "https://["])
def test_what_is_not_ours_is_not_fetched_here(address: str) -> None:
    assert fetch_ours(address).error == "refused"


def test_a_missing_page_and_a_broken_one_are_answers() -> None:
    """A page that breaks in the middle of a transaction leaves the transaction of who asks as it was."""
    assert (fetch_ours("/absente").status, fetch_ours("/casse").status) == (404, 500)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_links_of_the_site_are_asked_without_leaving_it() -> None:
    assert (ask_ours("/entendu/ici").status, ask_ours("/absente").status) == (200, 404)
    assert ask_ours("https://autre.example/").error == "refused"


def test_bodies_are_cut_and_files_closed() -> None:
    cut = fetch_ours("/flux", most_bytes=1500)
    assert (cut.truncated, len(cut.body)) == (True, 1500)
    assert fetch_ours("/fichier").body == Path(__file__).read_bytes()
    assert OPENED[-1].closed


def test_the_connection_of_who_asks_stays_open() -> None:
    """Django closes those of a request once it is over; here, a transaction may be under way."""
    before = connection.connection
    fetch_ours("/entendu/ici")
    assert connection.connection is before and connection.in_atomic_block


def test_static_files_come_through_the_same_door(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "essai.css").write_text("p { color: red }")
    settings.STATIC_ROOT = tmp_path
    ourselves._site.cache_clear()
    fetched = fetch_ours("/static/essai.css")
    assert (fetched.body, fetched.media_type) == (b"p { color: red }", "text/css")


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("https://traam.example/", True),
        ("HTTPS://TRAAM.example:443/page", True),
        ("http://traam.example/", False),
        ("https://traam.example.autre.example/", False),
        ("https://traam.example@autre.example/", False),
        ("https://traam.example:99999/", False),
        ("https://[/", False),
        ("", False),
    ],
)
def test_which_addresses_are_ours(address: str, ours: bool) -> None:
    assert is_ours(address) is ours


def test_the_outer_door_never_leads_to_this_machine(settings: Any) -> None:
    settings.SITE_ADDRESS = "http://127.0.0.1:8000"
    assert is_ours("http://127.0.0.1:8000/") and Fetcher().fetch("http://127.0.0.1:8000/").error == "refused"
