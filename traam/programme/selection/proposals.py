"""The selection proposed by the solver: asked, computed by the worker, explained, kept with its inputs.

A proposal decides nothing. The committee pins or sets aside, asks again, then decides and may differ: both stay.
What a proposal says is read in `advice`.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, Max, Q, QuerySet, Sum

from traam import reference
from traam.engines import assignment
from traam.engines.workflow import Invalid, Missing
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries
from traam.programme.selection.decisions import decide_each
from traam.programme.selection.models import Announcement, Decision, Pin, Proposal

LEASE = timedelta(minutes=5)
LARGEST_SEED = 2_000_000_000
OUT_OF_REACH = frozenset({"dropped"})  # who gave up is no longer a candidate
log = logging.getLogger(__name__)


# --- what the solver is given


def problem(campaign: Campaign, seed: int) -> assignment.Problem:
    """The forwarded applications of a campaign, the numbers of its edition, the pins.

    The score of a dossier is the mean of the opinions that count; without any, the lowest mark of the scale.
    """
    settings = campaign.edition.selection.proposal
    dossiers = [d for d in queries.dossiers_of_campaign(campaign) if d.state not in OUT_OF_REACH]
    before = teams_last_year(campaign)
    most = settings.academies_most.value if settings.academies_most else len(reference.academies())
    themes = list(campaign.themes.all())
    continuing = {theme.pk: retained_before(theme) for theme in themes}
    return assignment.Problem(
        candidates=tuple(_candidate(d, continuing[d.application.theme_id], before) for d in dossiers),
        themes=tuple(_theme(theme, settings, most) for theme in themes),
        limits=assignment.Limits(
            places=settings.places.value if settings.places else None,
            per_region_per_theme=settings.per_region_most.value,
            per_academy=settings.per_academy_most.value,
        ),
        weights=assignment.Weights(settings.mixed_degrees.value, settings.served_academy.value),
        pins=_pins(campaign),
        seed=seed,
    )


def _candidate(dossier: queries.Dossier, continuing: set[str], before: Mapping[str, int]) -> assignment.Candidate:
    application = dossier.application
    selection = application.theme.campaign.edition.selection
    mean = selection.mean(opinion.score for opinion in dossier.opinions)
    degree: Any = application.degree
    return assignment.Candidate(
        id=str(application.pk),
        theme=str(application.theme_id),
        academy=application.academy,
        region=reference.academies()[application.academy].region,
        score=100 * selection.lowest.value if mean is None else mean,
        degree=degree,
        continuing=application.academy in continuing,
        places_last_year=before.get(application.academy, 0),
    )


def _theme(theme: Theme, settings: Any, most: int) -> assignment.Theme:
    goes_on = settings.continuing_least.value if settings.continuing_least and theme.continues_id else 0
    return assignment.Theme(
        id=str(theme.pk),
        least=min(settings.academies_least.value, most),
        most=most,
        continuing_least=min(goes_on, most),
    )


def _pins(campaign: Campaign) -> assignment.Pins:
    kinds: dict[str, set[str]] = {kind: set() for kind in Pin.Kind.values}
    for pin in pins(campaign).values():
        kinds[pin.kind].add(str(pin.application_id))
    return assignment.Pins(frozenset(kinds[Pin.Kind.RETAINED]), frozenset(kinds[Pin.Kind.EXCLUDED]))


def retained_before(theme: Theme) -> set[str]:
    """The academies retained for the theme that this one continues."""
    if theme.continues_id is None:
        return set()
    kept = Decision.objects.filter(application__theme=theme.continues_id, state="retained")
    return set(kept.values_list("application__academy", flat=True))


def teams_last_year(campaign: Campaign) -> Counter[str]:
    """How many teams each academy had in the campaign announced before this one."""
    earlier = Announcement.objects.filter(campaign__first_year__lt=campaign.first_year)
    last = earlier.order_by("-campaign__first_year", "-announced_at").values_list("campaign_id", flat=True).first()
    kept = Decision.objects.filter(application__theme__campaign=last, state="retained") if last else None
    return Counter(kept.values_list("application__academy", flat=True)) if kept is not None else Counter()


# --- pins


def pins(campaign: Campaign) -> dict[int, Pin]:
    """What the committee told the solver, by key of application."""
    rows = Pin.objects.filter(application__theme__campaign=campaign, application__state="forwarded")
    return {pin.application_id: pin for pin in rows.select_related("pinned_by", "application")}


@transaction.atomic
def pin(application: Application, kind: str, reason: str, *, actor: Person, at: datetime) -> None:
    """Tell the solver to keep an application or to leave it out, saying why; with kind "" it is free again."""
    pin_all([application], kind, reason, actor=actor, at=at)


@transaction.atomic
def pin_all(applications: Iterable[Application], kind: str, reason: str, *, actor: Person, at: datetime) -> int:
    """The same word to the solver about several applications: all or none; the number told."""
    applications = list(applications)
    if not applications:
        raise Invalid({"": ["Cochez au moins une candidature."]})
    Campaign.objects.select_for_update().get(pk=applications[0].theme.campaign_id)
    if kind and kind not in Pin.Kind.values:
        raise Invalid({"kind": ["Choisissez : à retenir, à écarter, ou laisser le choix au calcul."]})
    if kind and not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi en une phrase : le motif reste avec la proposition."]})
    for application in applications:
        policies.may_pin(actor, find_application(application.pk), at).require()
        if kind:
            _pin(application, kind, reason.strip(), actor, at)
        elif Pin.objects.filter(application=application).delete()[0]:
            record("unpin", application, actor=actor, at=at, reason=reason.strip())
    return len(applications)


def _pin(application: Application, kind: str, reason: str, actor: Person, at: datetime) -> None:
    Pin.objects.update_or_create(
        application=application, defaults={"kind": kind, "reason": reason, "pinned_by": actor, "pinned_at": at}
    )
    record("pin", application, actor=actor, at=at, reason=reason, data={"kind": kind})


# --- a run


@transaction.atomic
def ask(campaign: Campaign, seed: int, *, actor: Person, at: datetime) -> Proposal:
    """Ask for a proposal: the worker computes it from what is known now. `seed`: the public number of the draw."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_propose(actor, campaign, at).require()
    if not 0 <= seed <= LARGEST_SEED:
        raise Invalid({"seed": ["Donnez un nombre entier positif de neuf chiffres au plus, par exemple une date."]})
    given = problem(campaign, seed)
    if not given.candidates:
        raise Invalid("Aucune candidature n'est remontée : il n'y a rien à proposer.")
    proposal = Proposal.objects.create(
        campaign=campaign,
        seed=seed,
        inputs={
            "problem": assignment.to_json(given),
            "edition": campaign.edition_id,
            "overrides": campaign.overrides,
            "known": known(campaign),
        },
        total=len(given.candidates),
        asked_by=actor,
        asked_at=at,
    )
    record("ask_proposal", campaign, actor=actor, at=at, data={"proposal": proposal.pk, "seed": seed})
    return proposal


def known(campaign: Campaign) -> dict[str, Any]:
    """What a proposal depends on, summed up: when it is no longer that of a run, the run is out of date."""
    dossiers = Application.objects.filter(theme__campaign=campaign, state="forwarded")
    opinions = queries.counted().filter(application__in=dossiers)
    read = opinions.aggregate(n=Count("pk"), total=Sum("score"), last=Max("given_at"))
    counted = dossiers.aggregate(n=Count("pk"), keys=Sum("pk"))  # PostgreSQL sums whole keys as decimals
    settings = campaign.edition.selection.proposal.settings
    return {
        "dossiers": {"n": counted["n"], "keys": int(counted["keys"] or 0)},
        "opinions": {**read, "last": read["last"].isoformat() if read["last"] else ""},
        "pins": {str(key): pin.kind for key, pin in sorted(pins(campaign).items())},
        "settings": {name: setting.value for name, setting in settings.items()},
    }


class Interrupted(Exception):
    """Raised by `meanwhile` when the worker is asked to stop: the proposal waits for the next one."""


def work(clock: Callable[[], datetime], meanwhile: Callable[[], object] = lambda: None) -> int:
    """Compute one proposal that waits, or whose worker died; the number computed. Nothing is decided.

    `meanwhile` is called about fifty times on the way, so that letters go on leaving.
    """
    proposal = _claim(clock())
    if proposal is None:
        return 0
    try:
        given = assignment.problem_from_json(proposal.inputs["problem"])
        outcome = compute(given, _progress(proposal, clock, meanwhile))
    except Interrupted:
        _mine(proposal).update(state=Proposal.State.WAITING, leased_until=None, done=0)
        return 0
    except DatabaseError:
        raise
    except Exception as met:  # whatever it is, the page says so and the letters go on leaving
        log.exception("proposal %s", proposal.pk)
        _finish(proposal, Proposal.State.FAILED, {"problem": f"{type(met).__name__} : {met}"}, clock())
    else:
        _finish(proposal, Proposal.State.DONE, outcome, clock())
    return 1


def compute(given: assignment.Problem, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """The proposal of a problem, as plain JSON: the solution, and for each candidate what deciding otherwise costs."""
    solution = assignment.solve(given)
    explained = assignment.explain_all(given, solution, progress) if solution.status == "optimal" else iter(())
    return {
        "solution": assignment.to_json(solution),
        "explanations": {found.candidate: assignment.to_json(found) for found in explained},
    }


def _claim(at: datetime) -> Proposal | None:
    with transaction.atomic():
        rows = Proposal.objects.select_for_update().filter(state=Proposal.State.WAITING)
        dead = Proposal.objects.select_for_update().filter(state=Proposal.State.RUNNING, leased_until__lt=at)
        proposal = rows.order_by("pk").first() or dead.order_by("pk").first()
        if proposal is not None:
            proposal.state, proposal.leased_until, proposal.done = Proposal.State.RUNNING, at + LEASE, 0
            proposal.save(update_fields=["state", "leased_until", "done"])
        return proposal


def _mine(proposal: Proposal) -> QuerySet[Proposal]:
    """The row, as long as nobody finished it instead: the answers would be the same, the first one stays."""
    return Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.RUNNING)


def _progress(
    proposal: Proposal, clock: Callable[[], datetime], meanwhile: Callable[[], object]
) -> Callable[[int, int], None]:
    """Tell the page how far we are, and the other workers that we live: about fifty times in all."""
    step = max(proposal.total // 50, 1)

    def tell(done: int, total: int) -> None:
        if done % step == 0 or done == total:
            _mine(proposal).update(done=done, total=total, leased_until=clock() + LEASE)
            meanwhile()

    return tell


def _finish(proposal: Proposal, state: str, outcome: dict[str, Any], at: datetime) -> None:
    _mine(proposal).update(state=state, outcome=outcome, finished_at=at)


# --- what becomes of it

REST = {"waiting": "put_on_waiting_list", "refused": "refuse", "pending": ""}


@transaction.atomic
def adopt(proposal: Proposal, rest: str, *, actor: Person, at: datetime) -> int:
    """Decide what is still to decide as the proposal says; the number decided.

    What the committee already decided stays. `rest`: what becomes of the applications it does not retain
    ("waiting", "refused" or "pending"). All or nothing: a limit that would be passed is told with its dossier.
    """
    campaign = Campaign.objects.select_for_update().get(pk=proposal.campaign_id)
    policies.may_propose(actor, campaign, at).require()
    if rest not in REST:
        raise Invalid({"rest": ["Choisissez ce que deviennent les autres candidatures."]})
    if proposal.state != Proposal.State.DONE or proposal.outcome["solution"]["status"] != "optimal":
        raise Invalid("Cette proposition n'a pas de solution : il n'y a rien à appliquer.")
    moves = [(row, verb) for row, verb in _moves(proposal, REST[rest]) if verb]
    if not moves:
        raise Invalid("Il n'y a rien à appliquer : toutes les candidatures sont déjà décidées.")
    decide_each(moves, actor=actor, at=at)
    record("adopt_proposal", campaign, actor=actor, at=at, data={"proposal": proposal.pk, "decided": len(moves)})
    return len(moves)


def _moves(proposal: Proposal, rest: str) -> list[tuple[Application, str]]:
    """What is undecided, with the decision of the proposal: the waiting lists are filled from the best mark down."""
    scores = {int(one["id"]): one["score"] for one in proposal.inputs["problem"]["candidates"]}
    kept = {int(key) for key in proposal.outcome["solution"]["retained"]}
    free = Application.objects.filter(theme__campaign=proposal.campaign_id, state="forwarded").filter(
        Q(decision__isnull=True) | Q(decision__state="pending")
    )
    rows = [row for row in free.select_related("theme__campaign") if row.pk in scores]
    rows.sort(key=lambda row: (row.pk not in kept, -scores[row.pk], row.pk))
    return [(row, "retain" if row.pk in kept else rest) for row in rows]


# --- finding one


def proposal(pk: int) -> Proposal:
    try:
        return Proposal.objects.select_related("campaign", "asked_by").get(pk=pk)
    except Proposal.DoesNotExist:
        raise Missing("Cette proposition n'existe pas.") from None


def runs(campaign: Campaign) -> list[Proposal]:
    """The proposals asked for a campaign, the last first, without what they weigh."""
    rows = Proposal.objects.filter(campaign=campaign).select_related("asked_by").defer("inputs", "outcome")
    return list(rows.order_by("-pk")[:50])
