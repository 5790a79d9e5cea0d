"""`traam bounces`: the notices of non-delivery that a mail server gives us, on the standard input or in a Maildir."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import Error
from django.utils import timezone

from traam.engines.bounces import MOST_BYTES
from traam.programme.subscriptions.returning import take

DONE, REFUSED, LATER = 0, 1, 75
"""LATER is EX_TEMPFAIL: the mail server keeps the message and gives it again."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--maildir", type=Path, metavar="DOSSIER", help="lit les messages neufs d'un dossier Maildir")


def bounces(options: argparse.Namespace) -> int:
    """Read one message from the standard input, or those of a folder. What is no notice of ours is left alone."""
    if options.maildir is None:
        return _taken([sys.stdin.buffer.read(MOST_BYTES)])
    fresh, seen = options.maildir / "new", options.maildir / "cur"
    if not fresh.is_dir() or not seen.is_dir():
        sys.stderr.write(f"{options.maildir} n'est pas un dossier Maildir : il y faut « new » et « cur ».\n")
        return REFUSED
    return _taken(_messages(fresh, seen))


def _messages(fresh: Path, seen: Path) -> Iterator[bytes]:
    """Each message, then put away as read: one that could not be noted stays new."""
    for path in sorted(fresh.iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            yield file.read(MOST_BYTES)
        path.replace(seen / f"{path.name}:2,S")


def _taken(messages: Iterator[bytes] | list[bytes]) -> int:
    read = refused = 0
    try:
        for data in messages:
            refused += take(data, at=timezone.localtime())
            read += 1
    except Error as problem:
        sys.stderr.write(f"La base de données ne répond pas, le message sera relu : {problem}\n")
        return LATER
    sys.stdout.write(f"{read} message(s) lu(s), {refused} adresse(s) refusée(s).\n")
    return DONE
