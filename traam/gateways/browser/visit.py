"""One page, seen by a fresh reader: opened, left to settle, read, judged by axe, forgotten."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from traam.engines.pageaudit.values import FETCH_ERRORS, Cookie, Fetched, Rendered
from traam.gateways.browser.interception import Bounds, Fetch, Interception, Paused
from traam.gateways.browser.pipe import Gone, Late, Message, Refused
from traam.gateways.browser.process import Chromium
from traam.gateways.browser.scripts import BEFORE, READ, judge

WIDTH, HEIGHT = 1280, 900
HANDS = 4  # requests of one page fetched at once
TICK = 0.05
PAGES = ("", "text/html", "application/xhtml+xml")
_A_FILE = "L'adresse ne mène pas à une page, mais à un fichier à télécharger ({kind})."
SPARE = 0.05  # of its seconds, kept to tell the rest once axe is done or given up
TRIES = 3  # a page that goes elsewhere by itself is read where it ends


@dataclass(frozen=True)
class Limits:
    """Of one page: `seconds` in all; `quiet`: without any request, once loaded, it has settled; `settling` at most.

    `html` in characters; `nodes`: elements shown for each rule of axe.
    """

    seconds: float = 20.0
    quiet: float = 0.5
    settling: float = 4.0
    html: int = 2_000_000
    nodes: int = 20
    bounds: Bounds = field(default_factory=Bounds)


class Unreadable(Exception):
    """There is no page to look at. Its text is a French sentence."""


class Visit:
    """One look at one page, in a context of its own that is thrown away at the end."""

    def __init__(self, chromium: Chromium, fetch: Fetch, axe: str, limits: Limits) -> None:
        self._chromium, self._pipe, self._axe, self._limits = chromium, chromium.pipe, axe, limits
        self._requests = Interception(fetch, limits.bounds)
        self._until = time.monotonic() + limits.seconds
        self._spare = limits.seconds * SPARE
        self._session = ""
        self._frame = ""
        self._crashed = False
        self._loaded = threading.Event()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="chromium-fetch")

    def run(self, address: str) -> Rendered:
        """What was seen. Raises `Gone` when the browser itself ended: the page may not be to blame."""
        try:
            context = self._ask("Target.createBrowserContext", {"disposeOnDetach": True})["browserContextId"]
        except (Late, Refused):
            self._chromium.tainted = True
            return self._failed(address, "Le navigateur ne répond plus : la page n'a pas été affichée.")
        try:
            return self._look(address, context)
        except Unreadable as problem:
            return self._failed(address, str(problem))
        except Late:
            self._chromium.tainted = True  # whatever keeps the page busy must end with it
            seconds = f"{self._limits.seconds:g}".replace(".", ",")
            return self._failed(
                address, f"La page n'a pas fini de s'afficher en {seconds} secondes : elle a été fermée."
            )
        except Refused:
            if not self._chromium.alive:
                raise Gone("the browser ended") from None
            self._chromium.tainted = True
            why = "trop de mémoire, ou une faute du navigateur" if self._crashed else "elle change sans cesse"
            return self._failed(address, f"La page est tombée pendant qu'on la regardait ({why}).")
        finally:
            self._leave(context)

    def _leave(self, context: str) -> None:
        self._pipe.forget(self._session)
        self._hands.shutdown(wait=False, cancel_futures=True)
        with suppress(Gone):
            self._pipe.tell("Target.disposeBrowserContext", {"browserContextId": context})

    def _failed(self, address: str, error: str) -> Rendered:
        return Rendered(address, error=error, requests=self._requests.seen)

    # --- Asking

    def _ask(self, method: str, params: Message | None = None, session: str = "") -> Message:
        """A question, for as long as the page still has; the page itself must answer a little before."""
        left = self._until - time.monotonic() - (self._spare if session else 0.0)
        if left <= 0:
            raise Late(method)
        return self._pipe.ask(method, params, session=session, within=left)

    def _in_page(self, method: str, params: Message | None = None) -> Message:
        return self._ask(method, params, self._session)

    # --- Looking

    def _look(self, address: str, context: str) -> Rendered:
        self._open(context)
        moved = self._in_page("Page.navigate", {"url": address})
        self._frame = moved["frameId"]
        document = self._requests.documents.get(self._frame)
        if moved.get("errorText"):
            raise Unreadable(_why(document, moved["errorText"]))
        if document is not None and document.media_type not in PAGES:
            raise Unreadable(_A_FILE.format(kind=document.media_type))
        html, axe = self._read_settled()
        cookies = self._ask("Storage.getCookies", {"browserContextId": context})["cookies"]
        return Rendered(
            address,
            requests=self._requests.seen,
            cookies=[_cookie(one, time.time()) for one in cookies],
            axe=axe,
            html=html,
        )

    def _open(self, context: str) -> None:
        """An empty page, shut in, 1280 px wide."""
        self._ask("Browser.setDownloadBehavior", {"behavior": "deny", "browserContextId": context})
        target = self._ask(
            "Target.createTarget",
            {"url": "about:blank", "browserContextId": context, "width": WIDTH, "height": HEIGHT},
        )["targetId"]
        self._session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self._pipe.listen(self._session, self._hear)
        self._shut_in(self._session)
        for method, params in _SETUP:
            self._pipe.tell(method, params, session=self._session)
        self._in_page("Page.enable")  # answered after all that was told before it

    def _shut_in(self, session: str) -> None:
        """Its requests come to us, and so do the frames and workers it opens, that wait until they are shut in too."""
        for method, params in _SHUT_IN:
            self._pipe.tell(method, params, session=session)

    def _read_settled(self) -> tuple[str, Mapping[str, object]]:
        """The final document, and what axe says of it: nothing when axe could not end, on a page that never rests."""
        html = ""
        for left in reversed(range(TRIES)):
            self._settle()
            try:
                world = self._in_page("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": "audit"})
                html = self._read(world["executionContextId"])
                return html, self._judge(world["executionContextId"])
            except (Refused, Late):  # it went elsewhere while we were reading it, or is too much for axe
                over = self._crashed or not left or self._until - time.monotonic() <= 2 * self._spare
                if over and not html:
                    raise
                if over:
                    break
        self._chromium.tainted = True
        return html, {}

    def _settle(self) -> None:
        """Until it is loaded and quiet; a page that never is gets read as it stands, with time left for axe."""
        last, loaded = self._until - self._limits.seconds * 0.4, 0.0
        while (now := time.monotonic()) < last:
            self._check()
            loaded = (loaded or now) if self._loaded.is_set() else 0.0
            if loaded and (self._requests.quiet() >= self._limits.quiet or now - loaded > self._limits.settling):
                return
            time.sleep(TICK)

    def _check(self) -> None:
        if self._crashed or not self._chromium.alive:
            raise Refused("the page is no more")

    def _read(self, world: int) -> str:
        """The document as it stands, read out of reach of the page's own scripts."""
        return str(self._evaluate(READ % self._limits.html, world))

    def _judge(self, world: int) -> Mapping[str, object]:
        if not self._axe:
            return {}
        self._evaluate(self._axe + "\n;0", world)
        return _axe(self._evaluate(judge(self._limits.nodes), world))

    def _evaluate(self, script: str, world: int) -> object:
        answer = self._in_page(
            "Runtime.evaluate",
            {"expression": script, "contextId": world, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise Refused(str(answer["exceptionDetails"].get("text", "")))
        return answer["result"].get("value", "")

    # --- Hearing: in the thread that reads the pipe, so nothing here waits or writes

    def _hear(self, event: str, params: Message, session: str) -> None:
        match event:
            case "Fetch.requestPaused":
                paused = Paused.of(params)
                if not paused.address.startswith(("data:", "blob:")):
                    self._requests.note(paused.address)
                self._requests.begin()
                self._later(self._answer, paused, session)
            case "Page.frameNavigated" if session == self._session and "parentId" not in params["frame"]:
                self._loaded.clear()  # what was loaded until now was another page, the empty one first of all
            case "Page.loadEventFired" if session == self._session:
                self._loaded.set()
            case "Network.webSocketCreated" | "Network.webTransportCreated":
                self._requests.note(str(params.get("url", "")))
            case "Target.attachedToTarget":
                self._later(self._adopt, params)
            case "Page.javascriptDialogOpening":
                self._later(self._dismiss, session)
            case "Inspector.targetCrashed":
                self._crashed = self._crashed or session == self._session

    def _later(self, act: Any, *given: Any) -> None:
        with suppress(RuntimeError):  # the visit has ended meanwhile
            self._hands.submit(act, *given)

    def _answer(self, paused: Paused, session: str) -> None:
        try:
            method, params = self._requests.reply(paused)
        except Exception:  # a fetcher that fails costs the page one answer, not its audit
            method, params = "Fetch.failRequest", {"errorReason": "Failed"}
        try:
            with suppress(Gone):
                self._pipe.tell(method, {"requestId": paused.number, **params}, session=session)
        finally:
            self._requests.end()

    def _adopt(self, params: Message) -> None:
        """A frame or a worker of the page, that waits for us."""
        session = params["sessionId"]
        self._pipe.listen(session, self._hear)
        with suppress(Gone):
            self._shut_in(session)
            self._pipe.tell("Runtime.runIfWaitingForDebugger", session=session)

    def _dismiss(self, session: str) -> None:
        with suppress(Gone):
            self._pipe.tell("Page.handleJavaScriptDialog", {"accept": False}, session=session)


_SHUT_IN: Sequence[tuple[str, Message]] = (
    ("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]}),
    ("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}),
    ("Network.setBypassServiceWorker", {"bypass": True}),
    ("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}),
)
_SETUP: Sequence[tuple[str, Message]] = (
    ("Inspector.enable", {}),
    (
        "Emulation.setDeviceMetricsOverride",
        {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False},
    ),
    ("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}),
    ("Page.addScriptToEvaluateOnNewDocument", {"source": BEFORE}),
)


def _why(document: Fetched | None, told: str) -> str:
    """Why there is no page: what the fetcher says of it, otherwise what the browser does."""
    if document is not None and document.error:
        return document.detail or f"La page ne s'affiche pas : {FETCH_ERRORS.get(document.error, document.error)}."
    if document is not None and document.status == 204:
        return "L'adresse ne répond aucune page (réponse 204, vide)."
    if document is not None and (document.header("content-disposition") or document.media_type not in PAGES):
        return _A_FILE.format(kind=document.media_type or "type inconnu")
    return f"La page ne s'affiche pas ({told.removeprefix('net::')})."


def _cookie(one: Mapping[str, Any], now: float) -> Cookie:
    lifetime = None if one.get("session") else max(0, round(one.get("expires", now) - now))
    return Cookie(str(one.get("name", "")), str(one.get("domain", "")), lifetime)


def _axe(told: object) -> Mapping[str, object]:
    """What axe said, as long as it has the form of its results: it went through the page."""
    with suppress(ValueError):
        found = json.loads(str(told))
        if isinstance(found, dict) and all(isinstance(found.get(part), list) for part in ("violations", "incomplete")):
            return found
    raise Refused("axe did not answer")
