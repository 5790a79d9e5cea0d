"""What the `traam` command does."""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from traam import reference
from traam.config import archiving, auditing, documentation, journaling, returned
from traam.config.backup import command as keeping
from traam.config.daily import Daily
from traam.demo import build as demonstration
from traam.demo import proconnect
from traam.demo import simulate as simulation
from traam.design.typography import size_fr
from traam.engines.assignment import problem_from_json, to_json
from traam.engines.workflow import Invalid, Refused
from traam.gateways import signs
from traam.interop import measuring
from traam.programme.calls import imports as call_imports
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.catalogue import edubase, index, sheets_read
from traam.programme.catalogue import imports as catalogue_imports
from traam.programme.catalogue.deposits.actions import bring
from traam.programme.catalogue.information import imports as information_imports
from traam.programme.catalogue.readings.counting import gather as gather_readings
from traam.programme.catalogue.reports import Report
from traam.programme.catalogue.searches.counting import gather as gather_searches
from traam.programme.journal.actions import System
from traam.programme.letters.actions import deliver, invitation_address
from traam.programme.people.actions import appoint, know
from traam.programme.people.models import Role
from traam.programme.people.queries import by_email, holders
from traam.programme.selection import advice, proposals
from traam.programme.subscriptions.posting import Postman

DONE, REFUSED, USAGE = 0, 1, 2

MEANWHILE = 0.5  # seconds for the letters of readers, each time a long work lets others pass


def say(sentence: str = "") -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def prepare() -> None:
    """The database and the static files, as this version of the code wants them. Safe to run again."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    stamp = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [p for folder in ("design", "spaces") for p in (settings.PACKAGE / folder).rglob("static/**/*")]
    if not stamp.exists() or any(p.stat().st_mtime > stamp.stat().st_mtime for p in sources):
        say("Préparation des fichiers de style…")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def demo(_: argparse.Namespace) -> int:
    """Build the demonstration."""
    if not settings.DEMONSTRATION:
        complain("TRAAM_DEMONSTRATION vaut non : ce site n'est pas une démonstration.")
        return REFUSED
    prepare()
    say("Construction de la démonstration…")
    made = demonstration.build(timezone.localtime())
    index.update()
    say("La démonstration est prête." if made else "La démonstration était déjà là : rien n'a changé.")
    return DONE


def simulate_year(options: argparse.Namespace) -> int:
    """Write a simulated campaign year, for measures and trials."""
    if not settings.DEMONSTRATION:
        complain("TRAAM_DEMONSTRATION vaut non : des dossiers inventés n'ont rien à faire sur ce site.")
        return REFUSED
    prepare()
    year = simulation.simulate(
        options.groups, options.seed, at=timezone.localtime(), until=options.until, tell=lambda done: say(f"  {done}")
    )
    index.update()
    say(f"{year.campaign} est prête. Comptes (mot de passe : {demonstration.PASSWORD}) :")
    for name in ("bureau", "inspection.generale1", "expert1", "dan.lyon", "inspecteur.lyon"):
        say(f"    {simulation.email_of(name)}")
    if year.work:
        say(f"    {year.work.referent}")
    return DONE


def prepare_site(_: argparse.Namespace) -> int:
    """What a new version needs before it serves."""
    prepare()
    say("La base et les fichiers de style sont à jour.")
    return DONE


def first(options: argparse.Namespace) -> int:
    """The first account of the national team: who invites all the others."""
    if holders(Role.NATIONAL, timezone.localtime()):
        complain("Le bureau national a déjà un compte : c'est lui qui invite, depuis la page Pilotage, Personnes.")
        return REFUSED
    at, actor = timezone.localtime(), System()
    person = know(options.email, options.name, actor=actor, at=at)
    appoint(person, Role.NATIONAL, actor=actor, at=at)
    say(f"Ouvrez le compte à cette adresse, elle ne sert qu'une fois :\n{invitation_address(person)}")
    return DONE


def accounts(address: str, *, proconnect_on_trial: bool) -> None:
    say(f"\n  Le site : {address}/\n\n  Comptes de démonstration (mot de passe : {demonstration.PASSWORD})")
    for account in demonstration.ACCOUNTS:
        say(f"    {account.role:<28} {account.email}")
    if proconnect_on_trial:
        say("\n  Le bouton « S'identifier avec ProConnect » mène à un faux ProConnect, servi à côté pour essayer.")
    say("\n  Les courriels écrits par la plateforme : " + str(settings.EMAIL_FILE_PATH))
    say("  Ctrl+C pour arrêter.\n")


def port_is_free(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            complain(
                f"Le port {port} est pris : arrêtez ce qui l'occupe, ou choisissez-en un autre (PORT=8001 make start)."
            )
            return False
    return True


def start(options: argparse.Namespace) -> int:
    """Set all up and serve the demonstration with its worker, and a ProConnect to try."""
    if not port_is_free(options.port):
        return REFUSED
    address = f"http://127.0.0.1:{options.port}"
    with _proconnect_on_trial(address) as told:
        if demo(options) != DONE:
            return REFUSED
        accounts(address, proconnect_on_trial=bool(told))
        with _working():
            return _serve(options.port, told)


def _proconnect_on_trial(address: str) -> AbstractContextManager[dict[str, str]]:
    """For a demonstration seen on this machine alone, unless a ProConnect was named."""
    here = urlsplit(settings.SITE_ADDRESS).hostname in {"127.0.0.1", "localhost"}
    wanted = settings.DEMONSTRATION and here and not settings.PROCONNECT["issuer"]
    return proconnect.beside(address) if wanted else nullcontext({})


@contextmanager
def _working() -> Iterator[None]:
    worker = subprocess.Popen([sys.executable, "-m", "traam", "work"])  # noqa: S603 - ourselves
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(10)


def serve(options: argparse.Namespace) -> int:
    """The site, by gunicorn."""
    return _serve(options.port, {}) if port_is_free(options.port) else REFUSED


def _serve(port: int, told: Mapping[str, str]) -> int:
    """`told` are settings that the environment does not say."""
    command = [sys.executable, "-m", "gunicorn", "traam.config.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    command += ["--log-level", "warning", "--logger-class", "traam.config.logs.ServersLogger", "--access-logfile", "-"]
    shared = Path(settings.DATA) / "mesures"  # what the processes of this server count together, from its beginning
    shutil.rmtree(shared, ignore_errors=True)
    shared.mkdir(parents=True)
    environment = {**os.environ, measuring.FOLDER: str(shared), **told}
    child = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command line
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        code = child.wait()
    except KeyboardInterrupt:
        code = child.wait()
    return DONE if code in {0, -signal.SIGTERM, -signal.SIGINT} else REFUSED


def work(options: argparse.Namespace) -> int:
    """The worker: sends letters and digests, keeps the index up to date, computes proposals, visits published pages."""
    running, daily, visits, postman = [True], Daily(), auditing.Visits(), Postman()
    alive = signs.Pulse("travailleur")

    def stop(*_: object) -> None:
        running[0] = False

    def meanwhile() -> None:
        """While a proposal is computed or pages are visited: letters go on leaving, and a stop is obeyed."""
        if not running[0]:
            raise proposals.Interrupted
        alive(timezone.localtime())
        deliver(at=timezone.localtime())
        index.update()  # what was released is found at once, however long the rest takes
        postman.work(MEANWHILE)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with nullcontext() if options.once else index.followed():
        while running[0]:
            close_old_connections()
            alive(timezone.localtime())
            try:
                busy = daily.work(timezone.localtime()) + deliver(at=timezone.localtime()) + index.update()
                busy += gather_searches(timezone.localtime().date())
                busy += gather_readings()
                busy += postman.work()
                busy += proposals.work(timezone.localtime, meanwhile)
                busy += visits.work(meanwhile)
            except proposals.Interrupted:  # what was being visited is free again
                break
            except OperationalError as problem:  # the database is away or locked: it will come back
                complain(f"Base de données indisponible : {problem}")
                busy = 0
            if options.once:
                break
            if not busy:
                time.sleep(1)
    return DONE


def propose(options: argparse.Namespace) -> int:
    """A selection computed from what is known now, or from a file; nothing is written."""
    if options.file:
        return _replay(options.file)
    wanted = options.campaign
    everything = campaign_queries.campaigns()
    campaign = next((c for c in everything if wanted in {str(c.pk), c.title}), None)
    if campaign is None:
        known = " ; ".join(f"{c.pk} {c.title}" for c in everything)
        complain(f"Campagne inconnue : « {wanted} ». Donnez son numéro ou son titre : {known}.")
        return USAGE
    if not 0 <= options.seed <= proposals.LARGEST_SEED:
        complain("Le nombre du tirage (--seed) est un entier positif de neuf chiffres au plus, par exemple une date.")
        return USAGE
    given = proposals.problem(campaign, options.seed)
    if not given.candidates:
        complain("Aucune candidature n'est remontée : il n'y a rien à proposer.")
        return REFUSED
    outcome = proposals.compute(given)
    if options.json:
        say(json.dumps({"problem": to_json(given), "outcome": outcome}, ensure_ascii=False, sort_keys=True))
    else:
        for sentence in advice.told(campaign, given, outcome):
            say(sentence)
    return DONE if outcome["solution"]["status"] == "optimal" else REFUSED


def _replay(file: Path) -> int:
    """Compute again a proposal that was exported: the answer must be the same, byte for byte."""
    try:
        kept = json.loads(file.read_bytes())
        given, before = problem_from_json(kept["problem"]), kept["outcome"]
    except (ValueError, KeyError, TypeError) as problem:
        complain(f"{file} n'est pas une proposition exportée : {problem}")
        return USAGE
    if proposals.compute(given) == before:
        say("La proposition recalculée est identique.")
        return DONE
    complain("La proposition recalculée diffère de celle du fichier.")
    return REFUSED


def import_history(options: argparse.Namespace) -> int:
    """Themes (.csv), scenarios or results (.jsonl) of past years."""
    file, at = (options.file.name, options.file.read_bytes()), timezone.localtime()
    if options.dry_run:
        report = catalogue_imports.take_in(file[1], filename=file[0], at=at, dry_run=True)
    else:
        report = bring("history", file, actor=System(), at=at)
    return _told(report, options)


def import_notices(options: argparse.Namespace) -> int:
    """Sheets of Édubase, read by a mapping file."""
    try:
        words = sheets_read.words(options.mapping) if options.mapping else sheets_read.words()
    except sheets_read.BadMapping as bad:
        complain(str(bad))
        return USAGE
    file, at = (options.file.name, options.file.read_bytes()), timezone.localtime()
    if options.dry_run:
        report = edubase.take_in(file[1], filename=file[0], words=words, at=at, dry_run=True)
    else:
        mapping = (options.mapping.name, options.mapping.read_text(encoding="utf-8")) if options.mapping else ("", "")
        report = bring("sheets", file, mapping=mapping, actor=System(), at=at)
    return _told(report, options)


def _told(report: Report, options: argparse.Namespace) -> int:
    """Say what a file did to the catalogue, or what is to be corrected in it."""
    for problem in report.problems:
        complain(problem)
    if report.problems:
        complain(f"Rien n'a été écrit : {len(report.problems)} problème(s) à corriger dans {options.file}.")
        return REFUSED
    for note in report.notes:
        say(f"À savoir : {note}")
    if not options.dry_run:
        index.update()
    for sentence in report.told(dry_run=options.dry_run):
        say(sentence)
    return DONE


def import_pages(options: argparse.Namespace) -> int:
    """Information pages in Markdown, a file or a folder of them."""
    report = information_imports.pages(
        options.path,
        actor=System(),
        at=timezone.localtime(),
        dry_run=options.dry_run,
        replace=options.replace,
        site=options.site,
    )
    for problem in report.problems:
        complain(problem)
    if report.problems:
        complain(f"Rien n'a été écrit : {len(report.problems)} problème(s) à corriger dans {options.path}.")
        return REFUSED
    for note in report.notes:
        say(f"À savoir : {note}")
    told = "seraient ajoutées" if options.dry_run else "ajoutées, à publier depuis Pilotage"
    say(f"{report.added} {told}, {report.changed} changées, {report.unchanged} inchangées.")
    return DONE


def import_applications(options: argparse.Namespace) -> int:
    """The spreadsheet of an academy."""
    academies = {academy.slug: academy.code for academy in reference.academies().values()}
    code = academies.get(options.academy)
    open_calls = campaign_queries.open_calls()
    campaign = next((c for c in open_calls if options.campaign in (None, c.pk)), None)
    if code is None or campaign is None:
        complain(
            "Académie inconnue (donnez son nom court, par exemple lyon)." if code is None else "Aucun appel ouvert."
        )
        return REFUSED
    actor = (
        by_email(options.actor) if options.actor else next(iter(holders(Role.DAN, timezone.localtime(), code)), None)
    )
    if actor is None:
        complain("Personne pour agir : donnez --acteur avec l'adresse du DAN de l'académie.")
        return REFUSED
    data, name = options.file.read_bytes(), options.file.name
    if options.dry_run:
        preview = call_imports.read(campaign, code, data, filename=name)
    else:
        preview = call_imports.apply(campaign, code, data, filename=name, actor=actor, at=timezone.localtime())
    for problem in preview.problems:
        complain(str(problem))
    for warning in preview.warnings:
        say(f"À savoir : {warning}")
    if options.marked:
        options.marked.write_bytes(call_imports.mark(campaign, code, data, preview, filename=name))
        say(f"Tableur annoté : {options.marked}")
    if preview.problems:
        complain(f"Rien n'a été écrit : {len(preview.problems)} problème(s) à corriger.")
        return REFUSED
    say(", ".join(f"{preview.count(k)} {label}" for k, label in call_imports.KINDS.items()) + ".")
    return DONE


def rebuild_index(_: argparse.Namespace) -> int:
    say(f"Index reconstruit : {index.rebuild()} notices.")
    return DONE


def index_status(_: argparse.Namespace) -> int:
    current = index.current()
    say(f"Index : {current.count()} notices, à jour du changement n° {current.mark}.")
    return DONE


def docs(_: argparse.Namespace) -> int:
    """The pages of docs/generated."""
    say("Écrit dans docs/generated : " + ", ".join(documentation.write(settings.ROOT / documentation.FOLDER)))
    return DONE


def archive(options: argparse.Namespace) -> int:
    """The public site as a folder of pages that open without it."""
    if options.target.exists():
        complain(f"{options.target} existe déjà : donnez un autre nom, rien n'est écrasé.")
        return REFUSED
    prepare()
    report = archiving.build(options.target, timezone.localtime(), say)
    for line in report.broken:
        complain(f"Adresse qui ne répond pas : {line}")
    say(f"{options.target} : {report.pages} pages, {report.files} fichiers, {size_fr(report.bytes)}.")
    return REFUSED if report.broken else DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("traam", description="La plateforme des travaux académiques mutualisés.")
    verbs = parser.add_subparsers(required=True, metavar="VERBE")

    def verb(name: str, does: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=about, description=about)
        sub.set_defaults(does=does)
        return sub

    port = int(os.environ.get("PORT", "8000"))
    for name, does, about in (
        ("start", start, "prépare tout et sert la démonstration"),
        ("serve", serve, "sert le site"),
    ):
        verb(name, does, about).add_argument("--port", type=int, default=port)
    verb("prepare", prepare_site, "met la base et les fichiers de style à jour")
    opening = verb("first", first, "ouvre le premier compte du bureau national")
    opening.add_argument("email")
    opening.add_argument("name", help="prénom et nom, entre guillemets")
    verb("docs", docs, "écrit les pages de docs/generated")
    verb("demo", demo, "construit la démonstration")
    simulating = verb("simulate", simulate_year, "écrit une année de campagne simulée, pour mesurer et essayer")
    simulating.add_argument("--groups", type=int, required=True, help="groupes retenus ; 2,5 fois plus de candidatures")
    simulating.add_argument("--seed", type=int, required=True, help="la même graine redonne la même année")
    simulating.add_argument(
        "--until", choices=simulation.STAGES, default=simulation.STAGES[-1], help="jusqu'où va l'année (year : tout)"
    )
    verb("work", work, "le travailleur : courriels, index, propositions, visites").add_argument(
        "--once", action="store_true"
    )
    proposing = verb("propose", propose, "calcule une proposition de sélection, n'écrit rien")
    what = proposing.add_mutually_exclusive_group(required=True)
    what.add_argument("campaign", nargs="?", metavar="CAMPAGNE", help="son numéro, ou son titre entre guillemets")
    what.add_argument("--replay", dest="file", type=Path, metavar="EXPORT", help="recalcule une proposition exportée")
    proposing.add_argument("--json", action="store_true", help="le problème et la réponse, en JSON")
    proposing.add_argument("--seed", type=int, default=0, help="le nombre public du tirage au sort (0)")
    auditing.arguments(verb("audit", auditing.audit, "audite une page publique, un document, ou ce qui est à visiter"))
    keeping.arguments(
        verb("backup", keeping.backup, "écrit le site entier dans un fichier, pendant qu'il sert"),
        verb("restore", keeping.restore, "met une sauvegarde à la place de ce que tient le site"),
    )
    archiving.arguments(verb("archive", archive, "écrit le site public en pages qui s'ouvrent sans lui"))
    importing = verbs.add_parser("import", help="importe un fichier").add_subparsers(required=True, metavar="QUOI")
    for name, does in (
        ("history", import_history),
        ("notices", import_notices),
        ("applications", import_applications),
    ):
        sub = importing.add_parser(name)
        sub.set_defaults(does=does)
        sub.add_argument("file", type=Path)
        sub.add_argument("--dry-run", action="store_true", help="dit ce qui serait écrit, n'écrit rien")
        if name == "notices":
            sub.add_argument("--mapping", type=Path, metavar="TOML", help="une autre correspondance des colonnes")
        if name == "applications":
            sub.add_argument(
                "--academie", "--academy", dest="academy", required=True, help="nom court, par exemple lyon"
            )
            sub.add_argument("--campagne", dest="campaign", type=int, help="numéro ; le dernier appel ouvert sinon")
            sub.add_argument("--acteur", dest="actor", help="adresse de la personne qui importe")
            sub.add_argument("--marked", type=Path, metavar="SORTIE", help="où écrire le tableur annoté")
    paging = importing.add_parser("pages", help="pages d'information en Markdown")
    paging.set_defaults(does=import_pages)
    paging.add_argument("path", type=Path, metavar="DOSSIER|FICHIER")
    paging.add_argument("--dry-run", action="store_true", help="dit ce qui serait écrit, n'écrit rien")
    paging.add_argument("--site", default="", metavar="ADRESSE", help="complète les documents donnés par un chemin")
    paging.add_argument("--replace", action="store_true", help="remplace aussi les pages modifiées en ligne")
    indexing = verbs.add_parser("index", help="l'index de recherche").add_subparsers(required=True, metavar="QUOI")
    indexing.add_parser("rebuild").set_defaults(does=rebuild_index)
    indexing.add_parser("status").set_defaults(does=index_status)
    returned.arguments(
        verb("bounces", returned.bounces, "lit un avis de non-remise, sur l'entrée standard ou d'un dossier")
    )
    acts = verbs.add_parser("journal", help="le journal des actes").add_subparsers(required=True, metavar="QUOI")
    checking = acts.add_parser("verify", help="relit la chaîne du journal et dit si rien n'y a été changé")
    checking.set_defaults(does=journaling.check)
    journaling.arguments(checking)
    return parser


def run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if getattr(options, "file", None) and not options.file.is_file():
        complain(f"{options.file} : ce fichier n'existe pas.")
        return REFUSED
    try:
        return int(options.does(options))
    except (Refused, Invalid) as refusal:
        complain(str(refusal))
        return REFUSED
