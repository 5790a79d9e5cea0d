"""`traam journal`: the proof that the journal is whole, from the command line."""

import argparse
import json
import sys

from django.db import DatabaseError

from traam.engines.chain import Anchor
from traam.programme.journal.verification import Verdict, verify

DONE, REFUSED, USAGE = 0, 1, 2


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="la réponse en JSON")
    parser.add_argument("--anchor", metavar="ANCRE", default="", help="une ancre notée auparavant : la fin d'alors")


def check(options: argparse.Namespace) -> int:
    """Read the whole journal again; say what is wrong first."""
    try:
        anchor = Anchor.read(options.anchor) if options.anchor else None
    except ValueError:
        sys.stderr.write("Une ancre s'écrit NUMÉRO:EMPREINTE, comme la dernière ligne de « traam journal verify ».\n")
        return USAGE
    try:
        verdict = verify(anchor)
    except DatabaseError as problem:
        sys.stderr.write(f"La base ne répond pas, ou n'est pas à jour (« traam prepare » l'y met) : {problem}\n")
        return REFUSED
    if options.json:
        sys.stdout.write(json.dumps(_told(verdict), ensure_ascii=False) + "\n")
        return DONE if verdict.whole else REFUSED
    (sys.stdout if verdict.whole else sys.stderr).write(verdict.sentence + "\n")
    if verdict.rewritten:
        sys.stdout.write(f"Mots récrits pour oublier une personne, sous un acte qui le dit : {verdict.rewritten}.\n")
    if verdict.whole:
        sys.stdout.write(f"Ancre à noter hors de cette machine : {verdict.end}\n")
    return DONE if verdict.whole else REFUSED


def _told(verdict: Verdict) -> dict[str, object]:
    fault = verdict.fault
    return {
        "whole": verdict.whole,
        "acts": verdict.end.number,
        "rewritten": verdict.rewritten,
        "anchor": str(verdict.end),
        "sentence": verdict.sentence,
        "fault": None if fault is None else {"code": fault.code, "number": fault.number, "row": fault.pk},
    }
