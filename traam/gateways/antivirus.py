"""The antivirus, when the site has one: clamd, spoken to over its socket. Nothing leaves the machine it runs on."""

import re
import socket
import struct
from contextlib import closing

from django.conf import settings

from traam.engines.sharing import BadFile

SECONDS = 20.0  # to answer, connection included: a person is waiting
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
CLEAN = "clean"
_SILENT = (
    "L'antivirus du site ne répond pas : le fichier n'a pas été gardé. Réessayez dans quelques minutes ; si cela "
    "dure, prévenez l'équipe du site."
)


class Silent(BadFile):
    """The antivirus is configured and does not answer: nothing is accepted meanwhile."""


def configured() -> bool:
    return bool(settings.CLAMAV)


def screen(data: bytes) -> str:
    """`CLEAN` when nothing was found, "" when the site has no antivirus. Raises `BadFile`, or `Silent`."""
    if not configured():
        return ""
    try:
        answer = _ask(data)
    except OSError:
        raise Silent(_SILENT) from None
    if answer.endswith("OK"):
        return CLEAN
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        raise BadFile(
            f"L'antivirus a reconnu un programme malveillant dans ce fichier ({found[1][:80]}) : il n'a pas été gardé. "
            "Faites analyser votre poste, puis prévenez celui ou celle qui vous l'a transmis."
        )
    raise Silent(_SILENT)  # a limit of clamd, or words we do not know: never taken for a yes


def _ask(data: bytes) -> str:
    """What clamd says of these bytes (its INSTREAM command)."""
    with closing(_connect(settings.CLAMAV)) as door:
        door.settimeout(SECONDS)
        door.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            door.sendall(struct.pack("!I", len(piece)) + piece)
        door.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            got = door.recv(LONGEST_ANSWER)
            if not got:
                break
            answer += got
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    """`unix:/run/clamav/clamd.ctl`, or `host:port`."""
    if address.startswith("unix:"):
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            door.settimeout(SECONDS)
            door.connect(address.removeprefix("unix:"))
        except OSError:
            door.close()
            raise
        return door
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
