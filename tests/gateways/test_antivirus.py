"""The antivirus, against a small clamd of our own: what it says is obeyed, its silence is never taken for a yes."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from files_given import HONEST, PDF

from traam.engines.sharing import BadFile
from traam.gateways import antivirus, intake, storage

EICAR = b"STANDARD-ANTIVIRUS-TEST-FILE"


class Clamd(threading.Thread):
    """Reads one file after the other (INSTREAM), and answers as told: `say` is given what was sent."""

    def __init__(self, door: socket.socket, say: Callable[[bytes], bytes]) -> None:
        super().__init__(daemon=True)
        self.door, self.say, self.seen = door, say, list[bytes]()

    def run(self) -> None:
        while True:
            try:
                talk, _ = self.door.accept()
            except OSError:
                return
            with closing(talk), talk.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", sent.read(4))[0]:
                    data += sent.read(size)
                self.seen.append(data)
                with suppress(OSError):  # who asked did not wait
                    talk.sendall(self.say(data))


def judge(data: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


@pytest.fixture
def clamd(settings: Any, tmp_path: Path) -> Iterator[Callable[..., Clamd]]:
    """`clamd(say)`: a server on a socket of the disk, and the site told of it; `clamd(say, tcp=True)`: on a port."""
    doors = []

    def start(say: Callable[[bytes], bytes] = judge, tcp: bool = False) -> Clamd:
        door = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX, socket.SOCK_STREAM)
        doors.append(door)
        if tcp:
            door.bind(("127.0.0.1", 0))
            settings.CLAMAV = f"127.0.0.1:{door.getsockname()[1]}"
        else:
            door.bind(str(tmp_path / "clamd.ctl"))
            settings.CLAMAV = f"unix:{tmp_path / 'clamd.ctl'}"
        door.listen()
        server = Clamd(door, say)
        server.start()
        return server

    yield start
    for door in doors:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


@pytest.mark.parametrize("tcp", [False, True])
def test_a_clean_file_is_kept_and_said_to_be_clean(clamd: Any, media: Path, tcp: bool) -> None:
    server = clamd(tcp=tcp)
    data = HONEST["png"]
    taken = intake.take(("a.png", data))
    assert (taken.screened, taken.filename) == ("clean", "a.png") and server.seen == [data]
    with storage.reading(taken.file) as file:
        assert file.read() == data


def test_a_heavy_file_is_sent_whole(clamd: Any, media: Path) -> None:
    server = clamd()
    data = PDF.replace(b"trailer", b"0" * 300_000 + b"\ntrailer")
    assert intake.take(("a.pdf", data)).screened == "clean" and server.seen == [data]


def test_a_file_with_a_virus_is_not_kept(clamd: Any, media: Path) -> None:
    clamd()
    with pytest.raises(BadFile, match=r"programme malveillant dans ce fichier \(Eicar-Test-Signature\)"):
        intake.take(("a.pdf", PDF.replace(b"trailer", EICAR + b"\ntrailer")))
    assert not media.exists()


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"UNKNOWN COMMAND\0", b"", b"stream: O\0"]
)
def test_an_answer_that_is_not_a_yes_is_a_no(clamd: Any, media: Path, answer: bytes) -> None:
    clamd(lambda _: answer)
    with pytest.raises(antivirus.Silent, match="ne répond pas : le fichier n'a pas été gardé"):
        intake.take(("a.pdf", PDF))
    assert not media.exists()


def test_an_antivirus_that_is_away_accepts_nothing(settings: Any, media: Path, tmp_path: Path) -> None:
    for nobody in (f"unix:{tmp_path}/nobody", "127.0.0.1:1"):
        settings.CLAMAV = nobody
        with pytest.raises(antivirus.Silent):
            intake.take(("a.pdf", PDF))
    assert not media.exists()


def test_an_antivirus_that_hangs_is_not_waited_for_long(
    clamd: Any, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(antivirus, "SECONDS", 0.2)
    done = threading.Event()

    def hang(_: bytes) -> bytes:
        done.wait(10)
        return b""

    clamd(hang)
    with pytest.raises(antivirus.Silent):
        intake.take(("a.pdf", PDF))
    done.set()


def test_a_site_without_an_antivirus_says_that_nothing_was_screened(media: Path) -> None:
    assert not antivirus.configured()
    assert intake.take(("a.pdf", PDF)).screened == ""
