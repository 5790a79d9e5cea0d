"""The machine's own Chromium, and a network from memory: what a page shows, and what it cannot do."""

import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from traam.engines.pageaudit.values import Cookie, Fetched
from traam.gateways.browser import Browser, Care, Limits, availability, memory

pytestmark = pytest.mark.browser
QUICK = Limits(seconds=10.0, quiet=0.2, settling=1.0)
HTML = ("content-type", "text/html; charset=utf-8")
PAGE = "https://page.exemple/"
HEAD = "<!doctype html><html lang=fr><head><meta charset=utf-8><title>Une page</title></head>"


class Net:
    """A fetcher from memory. `before` is called at each request."""

    def __init__(self, **pages: str) -> None:
        self.before: Callable[[str], object] = lambda address: None
        self.known: dict[str, Fetched] = {}
        for name, body in pages.items():
            self.gives(f"https://{name}.exemple/", HEAD + body)

    def gives(self, address: str, body: str, *headers: tuple[str, str]) -> None:
        self.known[address] = Fetched(address, address, 200, (*headers, HTML), body.encode())

    def __call__(self, method: str, address: str, headers: Mapping[str, str]) -> Fetched:
        self.before(address)
        return self.known.get(address) or Fetched(address, address, error="name")


@pytest.fixture(scope="module")
def net() -> Net:
    return Net()


@pytest.fixture(scope="module")
def browser(net: Net) -> Iterator[Browser]:
    """One for the file. Where the machine lets it be shut in by the kernel too, it is not: the rest must be enough."""
    found = availability()
    if not found.ready:
        pytest.skip(found.sentence)
    assert found.way is not None
    with Browser(net, care=Care(limits=QUICK), machine=replace(found, way=replace(found.way, alone=False))) as browser:
        yield browser


def processes(profiles: Path) -> list[int]:
    """Every process of the Chromium whose profile is in that folder: others may be running."""
    for process in memory.tree(os.getpid()):
        with suppress(OSError):
            if f"--user-data-dir={profiles}/".encode() in Path(f"/proc/{process}/cmdline").read_bytes():
                return memory.tree(process)
    return []


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the profiles are put, in a folder that another user may cross."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def test_a_page_is_seen_once_its_scripts_have_run(browser: Browser, net: Net) -> None:
    body = """<body><main><h1>Été</h1><img src="/photo.png"><script src="https://traceur.exemple/t.js"></script>
      <script>document.title = 'Lu avec [' + document.cookie + ']'; document.cookie = 'suivi=1; max-age=3600'
      addEventListener('load', () => setTimeout(() => fetch('https://tard.exemple/', {method: 'POST'}), 50))
      alert('Une boîte'); open('https://fenetre.exemple/')</script></main>"""
    net.gives(PAGE, HEAD + body, ("set-cookie", "session=x; Path=/; HttpOnly"))
    asked: list[str] = []
    net.before = asked.append
    seen = browser.render(PAGE)
    net.before = lambda address: None
    assert seen.error == ""
    assert seen.html.startswith("<!DOCTYPE html>") and "<title>Lu avec []</title>" in seen.html
    assert "https://traceur.exemple/t.js" in seen.requests
    # What would write to a server is noted, and goes nowhere; a window that opens by itself does not open.
    assert "https://tard.exemple/" in seen.requests and "https://tard.exemple/" not in asked
    assert "https://fenetre.exemple/" not in seen.requests
    kept = {one.name: one for one in seen.cookies}
    assert kept["session"] == Cookie("session", "page.exemple", None)
    assert 3500 < (kept["suivi"].lifetime or 0) <= 3600
    faults: Any = seen.axe["violations"]
    [image] = [one for one in faults if one["id"] == "image-alt"]
    assert "RGAA-1.1.1" in image["tags"] and image["count"] == 1
    assert image["nodes"][0]["html"] == '<img src="/photo.png">'
    assert "<title>Lu avec []</title>" in browser.render(PAGE).html  # each page has a fresh reader


def test_it_goes_where_the_page_sends_it(browser: Browser, net: Net) -> None:
    """By the server, then by a script; what cannot be shown is told in a sentence."""
    start, middle, end = "https://depart.exemple/", "https://milieu.exemple/", "https://fin.exemple/"
    net.known[start] = Fetched(
        start, middle, 200, (HTML,), f"{HEAD}<script>location = '{end}'</script>".encode(), redirects=(start,)
    )
    net.gives(end, HEAD + "<script>document.write('<p>' + location)</script>")
    net.known["https://pdf.exemple/"] = Fetched("", "", 200, (("content-type", "application/pdf"),), b"%PDF-1.7")
    seen, nothing, file = browser.render_many([start, "https://rien.exemple/", "https://pdf.exemple/"])
    assert seen.requests == (start, middle, end)
    assert f"<p>{end}" in seen.html
    assert "le nom du site n'existe pas" in nothing.error and nothing.requests == ("https://rien.exemple/",)
    assert "application/pdf" in file.error and "télécharger" in file.error


def test_nothing_reaches_the_network_but_through_the_fetcher(browser: Browser, net: Net) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        door.settimeout(0.2)
        port = door.getsockname()[1]
        here = f"127.0.0.1:{port}"
        net.gives("https://page.exemple/w.js", f"fetch('http://{here}/worker').catch(() => 0)")
        net.gives("https://page.exemple/s.js", f"fetch('http://{here}/service').catch(() => 0)")
        body = f"""<link rel=preconnect href="http://{here}/"><link rel=dns-prefetch href="//{here}">
          <link rel=prefetch href="http://{here}/prefetch"><img src="http://{here}/image" alt="">
          <iframe src="http://{here}/frame"></iframe><video src="http://{here}/film" autoplay></video>
          <script>
            fetch('http://{here}/fetch', {{mode: 'no-cors'}}).catch(() => 0)
            navigator.sendBeacon('http://{here}/beacon', 'x')
            new WebSocket('ws://{here}/socket')
            new WebSocket('ws://localhost:{port}/socket')
            new EventSource('http://{here}/events')
            new Worker('/w.js')
            navigator.serviceWorker.register('/s.js').catch(() => 0)
            try {{ new WebTransport('https://{here}/transport') }} catch (e) {{}}
            try {{
              const peer = new RTCPeerConnection({{iceServers: [{{urls: 'turn:{here}?transport=tcp',
                username: 'a', credential: 'b'}}]}})
              peer.createDataChannel('x'); peer.createOffer().then(o => peer.setLocalDescription(o))
            }} catch (e) {{}}
            document.body.append(Object.assign(document.createElement('a'),
              {{href: 'http://{here}/download', download: 'x'}})); document.querySelector('a[download]').click()
          </script>"""
        net.gives(PAGE, HEAD + "<body>" + body)
        worked = threading.Event()

        def keep_open_until_the_worker_has_tried(address: str) -> None:
            """The image holds the page's load; the download of another site goes there, and its answer ends it."""
            if address.endswith("/worker"):
                worked.set()
            elif address.endswith(("/image", "/download")):
                worked.wait(20)

        net.before = keep_open_until_the_worker_has_tried
        seen = browser.render(PAGE, seconds=40)
        net.before = lambda address: None
        with pytest.raises(TimeoutError):
            door.accept()
    assert seen.error == ""
    assert {f"http://{here}/{one}" for one in ("image", "frame", "fetch", "beacon", "worker")} <= set(seen.requests)
    assert f"ws://{here}/socket" in seen.requests


def test_a_page_that_never_ends_is_cut_and_the_next_is_seen(browser: Browser, net: Net) -> None:
    net.gives("https://boucle.exemple/", HEAD + "<p>Sans fin<script>for (;;);</script>")
    net.gives(PAGE, HEAD + "<p>La suite")
    cut = browser.render("https://boucle.exemple/", seconds=1.5)
    assert "1,5 secondes" in cut.error
    seen = browser.render(PAGE)
    assert seen.error == "" and "La suite" in seen.html


def test_a_page_that_takes_too_much_falls_alone(browser: Browser, net: Net) -> None:
    greedy = "<script>for (const a = [];;) a.push(new Uint8Array(5e7).fill(1))</script>"
    net.gives("https://gourmande.exemple/", HEAD + greedy)
    net.gives(PAGE, HEAD + "<p>À côté")
    care = Care(limits=QUICK, memory=400 << 20)
    with Browser(net, care=care, machine=browser.machine) as frugal:
        fallen, beside = frugal.render_many(["https://gourmande.exemple/", PAGE])
    assert "mémoire" in fallen.error
    assert beside.error == "" and "À côté" in beside.html


def test_a_browser_that_is_killed_is_replaced_and_leaves_nothing(browser: Browser, net: Net, profiles: Path) -> None:
    net.gives(PAGE, HEAD + "<p>Vue quand même")
    killed: list[int] = []

    def kill_once(address: str) -> None:
        if not killed:
            killed.extend(processes(profiles))
            os.kill(killed[0], signal.SIGKILL)

    net.before = kill_once
    with Browser(net, care=Care(limits=QUICK), machine=browser.machine) as other:
        seen = other.render(PAGE)
        assert killed and seen.error == "" and "Vue quand même" in seen.html
        net.before = lambda address: None
        assert other.render(PAGE).error == ""
        running = processes(profiles)
        assert len(running) > 3 and list(profiles.iterdir())
    assert [process for process in (*killed, *running) if memory.held(process)] == []
    assert list(profiles.iterdir()) == []
