"""`traam backup` and `traam restore`, as they are typed."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from traam.config.backup import archive, restoring, saving
from traam.design.typography import datetime_fr, number_fr, plural, size_fr
from traam.engines.workflow import Refused
from traam.gateways import signs

DONE, REFUSED, USAGE = 0, 1, 2
SIGN = "sauvegarde"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Progress:
    """On a terminal, one line that changes; elsewhere nothing: the end says all."""

    def __init__(self, verb: str) -> None:
        self.verb, self.shown = verb, -1
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if self._live and percent != self.shown:
            self.shown = percent
            sys.stderr.write(f"\r{self.verb} : {percent} %{' ' * 8}" + ("\n" if percent == 100 else ""))
            sys.stderr.flush()


def _told(act: Callable[[], None]) -> int:
    """Do it, and say what stopped it: nothing is left half done."""
    try:
        act()
    except archive.Damaged as damaged:
        for problem in damaged.problems[:20]:
            _complain(problem)
        _complain("La sauvegarde est abîmée : rien n'a été changé.")
        return REFUSED
    except Refused as refused:
        _complain(str(refused))
        return REFUSED
    except BrokenPipeError:  # whoever listened left: all is done when something is said
        return DONE
    except OSError as problem:
        _complain(f"Le disque refuse ({problem}) : rien n'a été changé.")
        return REFUSED
    except DatabaseError as problem:
        _complain(f"La base refuse ({problem}) : rien n'a été changé.")
        return REFUSED
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Write one file that holds the site, or read one through."""
    return _told(lambda: _verify(options.target) if options.verify else _backup(options.target))


def _backup(target: Path) -> None:
    at = timezone.localtime()
    manifest, digest = saving.save(target, at=at, tell=Progress("Sauvegarde"))
    size = target.stat().st_size
    signs.leave(SIGN, at, rows=manifest.rows, size=size, digest=digest)
    _say(f"Sauvegarde relue et entière : {target} ({size_fr(size)})")
    _say(_contents(manifest))
    _say(f"Empreinte SHA-256 : {digest}")
    if manifest.lost:
        many = plural(len(manifest.lost), "fichier déposé manque", "fichiers déposés manquent")
        _complain(f"À savoir : {many} au disque, la page dit à qui le redemander.")
    for where in manifest.unfit:
        _complain(f"À savoir : PostgreSQL n'acceptera pas {where}.")


def _contents(manifest: archive.Manifest) -> str:
    rows, files = plural(manifest.rows, "ligne"), plural(manifest.media, "fichier déposé", "fichiers déposés")
    tables = plural(len(manifest.tables), "table")
    return f"{rows} de {tables}, {files} ({size_fr(manifest.media_bytes)}), depuis {manifest.database}."


def _verify(source: Path) -> None:
    if problems := saving.check(source, Progress("Relecture")):
        raise archive.Damaged(problems)
    reader = archive.Reader(source)
    try:
        manifest, digest = reader.manifest, reader.digest
    finally:
        reader.close()
    made = timezone.localtime(datetime.fromisoformat(manifest.made_at))
    _say(f"Sauvegarde entière, faite le {datetime_fr(made)} par la version {manifest.version}.")
    _say(_contents(manifest))
    _say(f"Empreinte SHA-256 : {digest}")


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of what the site holds."""
    return _told(lambda: _restore(options.file, options.replace))


def _restore(source: Path, replace: bool) -> None:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    done = restoring.restore(source, replace=replace, tell=Progress("Rétablissement"))
    _say(f"Site rétabli. {_contents(done.manifest)}")
    _say("Chaque table a été relue : ses lignes et son empreinte sont celles de la sauvegarde.")
    if done.notices is None:
        _complain("L'index de recherche n'a pas pu être reconstruit : lancez traam index rebuild.")
    else:
        _say(f"Index reconstruit : {number_fr(done.notices)} notices. Chacun se connecte de nouveau.")


def arguments(saver: argparse.ArgumentParser, restorer: argparse.ArgumentParser) -> None:
    """The arguments of the two verbs."""
    saver.add_argument("target", type=Path, metavar="FICHIER")
    saver.add_argument("--verify", action="store_true", help="relit une sauvegarde faite, n'écrit rien")
    restorer.add_argument("file", type=Path, metavar="FICHIER")
    restorer.add_argument("--replace", action="store_true", help="met la sauvegarde à la place de ce que tient le site")
