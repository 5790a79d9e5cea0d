"""What is visited, what a visit found, and what people say of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import Fetched, Finding
from traam.engines.workflow import Invalid
from traam.programme.journal.actions import System, record
from traam.programme.letters.actions import settle, tell
from traam.programme.people.models import Person
from traam.programme.productions.actions.telling import authors, inspectors
from traam.programme.productions.models import Scenario
from traam.programme.publication import addresses, audit_policies, audit_states
from traam.programme.publication.models import AuditRun, Contest, Release, Watched

LEASE = timedelta(seconds=90)
"""A worker renews its leases while it lives: those of one that was killed are taken by another after that."""

MONTH = timedelta(days=30)
SPREAD = timedelta(days=3)
SOONER = tuple(map(timedelta, (1, 3, 7)))
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Seen:
    """What one visit brought back. `static_only` says why no browser rendered the page, "" when one did."""

    page: Fetched
    findings: Sequence[Finding] = ()
    static_only: str = ""
    seconds: float = 0.0


# --- what is visited


@transaction.atomic
def watch(
    address: str,
    *,
    release: Release | None = None,
    academy: str = "",
    licence: str = "",
    ours: bool = False,
    at: datetime,
) -> Watched:
    """Visit this address from now on: at once, then every month. Watched already, it is visited again at once.

    The other addresses of the same scenario are left: one page at a time proves a publication.
    """
    scenario = release.scenario_id if release else None
    values = {
        "scenario_id": scenario,
        "release": release,
        "academy": academy,
        "licence": licence,
        "ours": ours,
        "next_at": at,
        "stopped_at": None,
    }
    if release is not None:
        _stop(Watched.objects.filter(scenario=scenario, stopped_at=None).exclude(address=address), at)
    found, _ = Watched.objects.update_or_create(
        address=address, defaults=values, create_defaults={**values, "added_at": at}
    )
    record("watch", found, actor=System(), at=at, data={"release": release.pk if release else None})
    return found


@transaction.atomic
def stop_watching(release: Release, *, at: datetime) -> int:
    """What was withdrawn is visited no more; how many addresses were."""
    return _stop(Watched.objects.filter(scenario=release.scenario_id, stopped_at=None), at)


def _stop(rows: QuerySet[Watched], at: datetime) -> int:
    stopped = list(rows)
    for watched in stopped:
        settle(_key(watched), at=at)
        watched.stopped_at, watched.claimed_until = at, None
        watched.save(update_fields=["stopped_at", "claimed_until"])
        record("stop_watching", watched, actor=System(), at=at)
    return len(stopped)


@transaction.atomic
def ask_audit(scenario: Scenario, *, actor: Person, at: datetime) -> Watched:
    """Ask for the audit of the page that would be released; the worker makes it."""
    audit_policies.may_audit(actor, scenario, at).require()
    address, ours = addresses.address_to_release(scenario)
    if not address:
        raise Invalid("Donnez d'abord, dans la fiche de droits, l'adresse de la page sur le site de l'académie.")
    other = Watched.objects.filter(address=address).exclude(scenario=scenario).first()
    if other is not None and other.scenario_id is not None and other.stopped_at is None:
        raise Invalid(f"L'adresse {address} est déjà celle d'un autre scénario publié : donnez celle de celui-ci.")
    values = {"scenario": scenario, "academy": scenario.group.academy, "licence": scenario.licence, "ours": ours}
    Watched.objects.get_or_create(address=address, defaults={**values, "next_at": at, "added_at": at, "stopped_at": at})
    Watched.objects.filter(address=address).update(**values)
    return _queue(addresses.to_release(scenario) or Watched(), actor, at)


@transaction.atomic
def ask_visit(watched: Watched, *, actor: Person, at: datetime) -> Watched:
    """Ask for another visit of an address; the worker makes it."""
    Watched.objects.select_for_update().get(pk=watched.pk)
    return _queue(addresses.watched(watched.pk), actor, at)


def _queue(watched: Watched, actor: Person, at: datetime) -> Watched:
    audit_policies.may_visit(actor, watched, at).require()
    watched.next_at, watched.stopped_at = at, None
    watched.save(update_fields=["next_at", "stopped_at"])
    record("ask_visit", watched, actor=actor, at=at)
    return watched


# --- leases


def due(at: datetime, but_hosts: Collection[str] = ()) -> QuerySet[Watched]:
    """What is to be visited and that nobody visits, those of these hosts left out; the longest due first."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    rows = Watched.objects.filter(free, stopped_at=None, next_at__lte=at)
    for host in but_hosts:
        rows = rows.exclude(Q(address__startswith=f"https://{host}/") | Q(address__startswith=f"http://{host}/"))
    return rows.order_by("next_at", "pk")


def claim(most: int, *, but_hosts: Collection[str] = (), at: datetime) -> list[Watched]:
    """Take some of what is due: nobody else has it until the lease ends."""
    rows = due(at, but_hosts)
    return _claim(rows, most, at) if rows.exists() else []  # asked every second: it takes no lock for nothing


@transaction.atomic
def _claim(rows: QuerySet[Watched], most: int, at: datetime) -> list[Watched]:
    taken = list(rows.select_for_update(skip_locked=True)[:most])
    until = at + LEASE
    Watched.objects.filter(pk__in=[one.pk for one in taken]).update(claimed_until=until)
    for one in taken:
        one.claimed_until = until
    return taken


@transaction.atomic
def renew(held: Collection[Watched], *, at: datetime) -> None:
    """Keep what is held for a while more. What another worker took meanwhile stays with it."""
    until = at + LEASE
    for lease in {one.claimed_until for one in held}:
        mine = [one for one in held if one.claimed_until == lease]
        Watched.objects.filter(pk__in=[one.pk for one in mine], claimed_until=lease).update(claimed_until=until)
        for one in mine:
            one.claimed_until = until


@transaction.atomic
def let_go(held: Collection[Watched], *, at: datetime) -> None:
    """Give back what was taken and will not be visited."""
    for one in held:
        Watched.objects.filter(pk=one.pk, claimed_until=one.claimed_until).update(claimed_until=None)


# --- a visit


@transaction.atomic
def visit(watched: Watched, seen: Seen, *, at: datetime) -> AuditRun | None:
    """Keep what a visit found, tell its people when the state changed, decide of the next one.

    `watched` as it was claimed; None, and nothing, when another worker has taken it since.
    """
    lease = watched.claimed_until
    watched = Watched.objects.select_for_update(of=("self",)).select_related("scenario").get(pk=watched.pk)
    if watched.claimed_until != lease:
        return None
    page = seen.page
    run = AuditRun.objects.create(
        watched=watched,
        at=at,
        seconds=round(seen.seconds, 3),
        status=page.status,
        final=page.final[:2000],
        error=page.error,
        detail=page.detail,
        static_only=seen.static_only,
        findings=[audit_states.to_json(finding) for finding in seen.findings],
        counts=audit_states.count(seen.findings),
    )
    failures = _failures(watched) if audit_states.is_away(page.status, page.error) else 0
    watched.claimed_until, watched.next_at = None, _next(watched, failures, at)
    if watched.before_release:
        watched.stopped_at = at  # whoever asked reads the answer; nothing is published yet
    else:
        _tell_change(watched, run, seen.findings, failures, at)
    watched.save(update_fields=["claimed_until", "next_at", "stopped_at", "told"])
    return run


def _failures(watched: Watched) -> int:
    """How many visits in a row, this one included, had no answer."""
    last = watched.runs.order_by("-at", "-pk").values_list("status", "error")[: len(SOONER) + 1]
    answered = [n for n, (status, error) in enumerate(last) if not audit_states.is_away(status, error)]
    return answered[0] if answered else len(last)


def _next(watched: Watched, failures: int, at: datetime) -> datetime:
    """Sooner when there was no answer, then every month, spread so that a year's releases do not come on one night."""
    if 0 < failures <= len(SOONER):
        return at + SOONER[failures - 1]
    draw = int.from_bytes(sha256(f"{watched.address}{at:%Y-%m}".encode()).digest()[:4]) / 2**32
    return at + MONTH + SPREAD * (2 * draw - 1)


def _tell_change(watched: Watched, run: AuditRun, found: Sequence[Finding], failures: int, at: datetime) -> None:
    """One line in the next digest of those who published it. A site away for one night is told to nobody."""
    if failures == 1:
        return
    faults = addresses.blocking(watched, found, at) if not failures else []
    state = audit_states.AWAY if failures else audit_states.FAULTY if faults else audit_states.CLEAR
    before, watched.told = watched.told, state
    if state == before:
        return
    untold = settle(_key(watched), at=at)
    record("audit_changed", watched, actor=System(), at=at, data={"before": before, "after": state, "run": run.pk})
    if state == audit_states.CLEAR and (not before or untold):
        return  # nothing was said of it, nothing to take back
    sentence = _sentence(state, before, run, faults)
    for person in _people(watched):
        tell(
            f"{_key(watched)}:{run.pk}:{person.pk}",
            to=person,
            text=f"« {watched.scenario or watched.address} » : {sentence}",
            label="Lire l'audit de la page",
            address=f"/evaluation/adresses/{watched.pk}",
            at=at,
        )


def _key(watched: Watched) -> str:
    return f"audit:{watched.pk}"


def _sentence(state: str, before: str, run: AuditRun, faults: Sequence[Finding]) -> str:
    if state == audit_states.AWAY:
        why = audit_states.why_away(run.status, run.error, run.detail)
        return f"la page publiée ne répond plus aux visites ({why})."
    if state == audit_states.CLEAR:
        now = "répond à nouveau" if before == audit_states.AWAY else "n'a plus de défaut bloquant constaté"
        return f"la page publiée {now}."
    titles = ", ".join(dict.fromkeys(f"« {CHECKS[fault.code].title} »" for fault in faults))
    return f"un défaut bloquant est constaté sur la page publiée ({titles})."


def _people(watched: Watched) -> list[Person]:
    """The référents and the inspectors of what is read there."""
    if watched.scenario is None:
        return []
    people = [*authors(watched.scenario), *inspectors(watched.scenario)]
    return list({person.pk: person for person in people}.values())


# --- what people say of it


@transaction.atomic
def contest(watched: Watched, finding: str, reason: str, *, actor: Person, at: datetime) -> Contest:
    """Say that a finding of the last visit is wrong; the national team answers."""
    Watched.objects.select_for_update().get(pk=watched.pk)
    watched = addresses.watched(watched.pk)
    audit_policies.may_contest(actor, watched, at).require()
    last = addresses.run(watched)
    seen = next((one for one in addresses.findings(last) if one.key == finding), None) if last else None
    if seen is None:
        raise Invalid("La dernière visite ne montre plus ce point : il n'y a plus rien à contester.")
    if finding in addresses.contests(watched):
        raise Invalid({"reason": ["Ce point a déjà été contesté : la réponse se lit, ou se lira, à côté de lui."]})
    _check_reason(reason, "Dites ce qui est faux, en une phrase au moins : quelqu'un ira voir.")
    made = Contest.objects.create(
        watched=watched,
        code=seen.code,
        finding=finding,
        element=seen.element or seen.message,
        reason=reason.strip(),
        made_by=actor,
        made_at=at,
    )
    record("contest", watched, actor=actor, at=at, reason=reason.strip(), data={"code": seen.code, "contest": made.pk})
    return made


@transaction.atomic
def answer_contest(contest: Contest, answer: str, reason: str, *, actor: Person, at: datetime) -> Contest:
    """Accept a contest (the finding no longer counts) or refuse it, saying why to whoever made it."""
    Contest.objects.select_for_update().get(pk=contest.pk)
    contest = addresses.contest(contest.pk)
    audit_policies.may_answer(actor, contest, at).require()
    if answer not in {Contest.Answer.ACCEPTED, Contest.Answer.REFUSED}:
        raise Invalid({"answer": ["Choisissez : la contestation est acceptée, ou refusée."]})
    _check_reason(reason, "Dites pourquoi : la personne qui conteste le lira.")
    contest.answer, contest.answer_reason = answer, reason.strip()
    contest.answered_by, contest.answered_at = actor, at
    contest.save(update_fields=["answer", "answer_reason", "answered_by", "answered_at"])
    record("answer_contest", contest, actor=actor, at=at, reason=reason.strip(), data={"answer": answer})
    _judge_again(contest.watched, at)
    said = "acceptée" if answer == Contest.Answer.ACCEPTED else "refusée"
    tell(
        f"contest:{contest.pk}",
        to=contest.made_by,
        text=f"Votre contestation (« {CHECKS[contest.code].title} ») est {said} : {reason.strip()}",
        label="Lire la réponse",
        address=f"/evaluation/adresses/{contest.watched_id}#{contest.finding}",
        at=at,
    )
    return contest


def _check_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": [sentence]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"Ce texte compte {len(reason)} caractères : {LONGEST_REASON} au plus."]})


def _judge_again(watched: Watched, at: datetime) -> None:
    """An accepted contest may have been all that was wrong: what was told of it is settled, without a letter."""
    last = addresses.run(watched)
    if last is None or watched.told != audit_states.FAULTY:
        return
    if not addresses.blocking(watched, addresses.findings(last), at):
        settle(_key(watched), at=at)
        watched.told = audit_states.CLEAR
        watched.save(update_fields=["told"])
