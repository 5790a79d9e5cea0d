"""One Chromium: started shut in, asked through a pipe, killed with all its children, its profile taken away."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from traam.gateways.browser import memory
from traam.gateways.browser.machine import NO_NETWORK, Identity, Way
from traam.gateways.browser.pipe import Gone, Late, Pipe

PROFILE = "traam-chromium-"
START = 20.0  # seconds to answer for the first time, on a machine that is busy
WATCH = 0.5  # seconds between two weighings
SCRIPT_MEMORY = 384  # MiB of JavaScript for one page
# Chromium wants the pipe on descriptors 3 and 4; a shell moves them there, which is safe in a process with threads.
ON_3_AND_4 = ("/bin/sh", "-c", 'exec 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null; exec "$@"', "sh")
# The last line keeps every frame of a page in one process, so that one interception sees all of its requests.
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-proxy-server",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--block-new-web-contents",
    "--deny-permission-prompts",
    "--disable-notifications",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-hang-monitor",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-file-system",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--password-store=basic",
    "--hide-scrollbars",
    "--lang=fr-FR",
    "--accept-lang=fr-FR",
    f"--js-flags=--max-old-space-size={SCRIPT_MEMORY}",
    "--disable-site-isolation-trials",
    "--disable-features=site-per-process,IsolateOrigins,IsolateSandboxedIframes,Translate,MediaRouter,"
    "OptimizationHints,InterestFeedContentSuggestions,DialMediaRouteProvider,WebOTP,Prerender2",
)


class NotStarted(Exception):
    """Chromium did not start. Its text is a French sentence."""


class Chromium:
    """A browser that runs. `tainted`: it must not be given another page. `held`: bytes at the last look, at least.

    Above `most` bytes, all its processes together, the greediest is killed: the page that took too much falls alone.
    """

    def __init__(self, program: str, way: Way, most: int) -> None:
        self.tainted = False
        self.held = 0
        self._most = most
        self._killed = threading.Event()
        _sweep()
        self._profile = Path(tempfile.mkdtemp(prefix=f"{PROFILE}{os.getpid()}-"))
        try:
            self._process, self.pipe = self._start(program, way)
        except (OSError, KeyError, subprocess.SubprocessError) as problem:
            shutil.rmtree(self._profile, ignore_errors=True)
            raise NotStarted(f"Chromium ne démarre pas ({program}) : {problem}.") from problem
        try:
            self.pipe.ask("Browser.getVersion", within=START)
        except (Gone, Late) as problem:
            self.kill()
            raise NotStarted(f"Chromium s'arrête ou se tait dès son démarrage ({program}).") from problem
        threading.Thread(target=self._watch, name="chromium-memory", daemon=True).start()

    def _start(self, program: str, way: Way) -> "tuple[subprocess.Popen[bytes], Pipe]":
        asked, ask = os.pipe()
        read, told = os.pipe()
        try:
            return self._run(self._command(program, way), Identity.of(way.user), asked, told), Pipe(read, ask)
        except BaseException:
            os.close(ask)
            os.close(read)
            raise
        finally:
            os.close(asked)  # the child has its own: ours would keep the pipe open after its death
            os.close(told)

    def _run(self, command: Sequence[str], who: Identity, asked: int, told: int) -> "subprocess.Popen[bytes]":
        if who.user is not None and who.group is not None:
            os.chown(self._profile, who.user, who.group)
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self._profile),
            "TMPDIR": str(self._profile),
            "LANG": "C.UTF-8",
            "TZ": "Europe/Paris",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        return subprocess.Popen(  # noqa: S603 - a program the operator chose, and arguments of ours
            [*ON_3_AND_4, *command],
            stdin=asked,
            stdout=told,
            cwd=self._profile,
            env=environment,
            start_new_session=True,
            user=who.user,
            group=who.group,
            extra_groups=who.extra_groups,
        )

    def _command(self, program: str, way: Way) -> Sequence[str]:
        shut_in = NO_NETWORK if way.alone else ()
        free = () if way.sandbox else ("--no-sandbox",)
        return (*shut_in, program, *FLAGS, *free, f"--user-data-dir={self._profile}", "about:blank")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not self.pipe.gone and self._process.poll() is None

    def memory(self) -> int:
        """Bytes, all processes together."""
        return memory.total(self.pid)

    def _watch(self) -> None:
        while not self._killed.wait(WATCH):
            found = memory.holders(self.pid)
            self.held = sum(size for size, _ in found)
            if self.held > self._most:
                self.tainted = True
                with suppress(OSError):
                    os.kill(found[0][1], signal.SIGKILL)

    def kill(self) -> None:
        """End every process, whatever they are doing, and take the profile away."""
        self._killed.set()
        others = memory.tree(self.pid)
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for process in others[1:]:  # one that left the group, if there is
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        self.pipe.close()
        shutil.rmtree(self._profile, ignore_errors=True)


def _sweep() -> None:
    """Take away the profiles of those who were killed before they could: their browsers ended with their pipe."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PROFILE}*"):
        owner = folder.name.removeprefix(PROFILE).partition("-")[0]
        if owner.isdigit() and not (memory.PROC / owner).exists():
            shutil.rmtree(folder, ignore_errors=True)
