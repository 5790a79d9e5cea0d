"""What a page asks for, and what it is answered: without a browser."""

import base64
from collections.abc import Mapping
from typing import Any

from traam.engines.pageaudit.values import Fetched
from traam.gateways.browser.interception import Bounds, Interception, Paused

PAGE = "https://page.exemple/"


class Net:
    """A fetcher from memory: addresses to what they answer; it remembers what it was asked."""

    def __init__(self, *known: Fetched) -> None:
        self.known = {one.address: one for one in known}
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []

    def __call__(self, method: str, address: str, headers: Mapping[str, str]) -> Fetched:
        self.asked.append((method, address, headers))
        return self.known.get(address) or Fetched(address, address, error="name")


def paused(address: str = PAGE, **more: Any) -> Paused:
    given = {"method": "GET", "headers": {}, "kind": "Script", "frame": "F", "network": "N", **more}
    return Paused(number="1", address=address, **given)


def test_the_answer_is_given_without_what_the_transfer_needed() -> None:
    headers = [
        ("content-type", "text/html"),
        ("content-encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("content-length", "7"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]
    net = Net(Fetched(PAGE, PAGE, 200, headers, b"<p>\xe9"))
    command, params = Interception(net, Bounds()).reply(paused())
    assert command == "Fetch.fulfillRequest"
    assert params["responseCode"] == 200
    assert [(one["name"], one["value"]) for one in params["responseHeaders"]] == [headers[0], *headers[4:]]
    assert base64.b64decode(params["body"]) == b"<p>\xe9"


def test_redirections_are_crossed_one_by_one_and_fetched_once() -> None:
    middle, end = "https://milieu.exemple/", "https://fin.exemple/x"
    net = Net(Fetched(PAGE, end, 200, (), b"end", redirects=(PAGE, middle)))
    requests = Interception(net, Bounds())
    answers = [requests.reply(paused(address)) for address in (PAGE, middle, end)]
    assert [params["responseCode"] for _, params in answers] == [302, 302, 200]
    assert [params["responseHeaders"][0]["value"] for _, params in answers[:2]] == [middle, end]
    assert base64.b64decode(answers[2][1]["body"]) == b"end"
    assert len(net.asked) == 1


def test_a_failure_of_the_network_is_the_failure_the_browser_sees() -> None:
    net = Net(Fetched(PAGE, PAGE, error="timeout", detail="Trop lent."))
    requests = Interception(net, Bounds())
    assert requests.reply(paused(kind="Document")) == ("Fetch.failRequest", {"errorReason": "TimedOut"})
    assert requests.documents["F"].detail == "Trop lent."


def test_what_would_write_play_or_stay_does_not_leave() -> None:
    net = Net(Fetched(PAGE, PAGE, 200))
    requests = Interception(net, Bounds())
    refused = [
        paused(method="POST"),
        paused(kind="Media"),
        paused(kind="Ping"),
        paused("file:///etc/passwd"),
        paused("chrome://settings/"),
        paused(headers={"Service-Worker": "script"}),
    ]
    for one in refused:
        assert requests.reply(one)[0] == "Fetch.failRequest", one
    assert net.asked == []
    assert requests.reply(paused("data:text/css,"))[0] == "Fetch.continueRequest"


def test_the_fetcher_is_told_neither_cookies_nor_conditions() -> None:
    net = Net(Fetched(PAGE, PAGE, 200))
    Interception(net, Bounds()).reply(
        paused(headers={"Cookie": "a=1", "Authorization": "x", "If-None-Match": "x", "Accept": "text/css"})
    )
    assert net.asked == [("GET", PAGE, {"Accept": "text/css"})]


def test_a_page_may_not_ask_without_end() -> None:
    net = Net(Fetched(PAGE, PAGE, 200, (), b"x" * 60))
    few = Interception(net, Bounds(requests=2))
    assert [few.reply(paused())[0] for _ in range(3)][-1] == "Fetch.failRequest"
    light = Interception(net, Bounds(size=100))
    assert [light.reply(paused())[0] for _ in range(3)][-1] == "Fetch.failRequest"


def test_what_is_noted_has_an_end() -> None:
    requests = Interception(Net(), Bounds(noted=2))
    for address in ("https://a.exemple/" + "x" * 9000, "https://b.exemple/", "https://c.exemple/"):
        requests.note(address)
    assert [one[:18] for one in requests.seen] == ["https://a.exemple/", "https://b.exemple/"]
    assert len(requests.seen[0]) == 4000


def test_it_is_quiet_only_once_everything_is_answered() -> None:
    requests = Interception(Net(), Bounds())
    requests.begin()
    assert requests.quiet() == 0.0
    requests.end()
    assert requests.quiet() > 0.0
