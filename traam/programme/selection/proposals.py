"""The selection proposed by the solver: asked, computed by the worker, explained, kept with its inputs.

A proposal decides nothing. The committee pins or sets aside, asks again, then decides and may differ: both stay.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from traam import reference
from traam.engines import assignment
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries
from traam.programme.selection.decisions import decide
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
    return {pin.application_id: pin for pin in rows.select_related("pinned_by")}


@transaction.atomic
def pin(application: Application, kind: str, reason: str, *, actor: Person, at: datetime) -> Pin | None:
    """Tell the solver to keep an application or to leave it out, saying why; with kind "" it is free again."""
    Campaign.objects.select_for_update().get(pk=application.theme.campaign_id)
    application = find_application(application.pk)
    policies.may_pin(actor, application, at).require()
    if not kind:
        Pin.objects.filter(application=application).delete()
        record("unpin", application, actor=actor, at=at)
        return None
    if kind not in Pin.Kind.values:
        raise Invalid({"kind": ["Choisissez : à retenir, à écarter, ou laisser le choix au calcul."]})
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi en une phrase : le motif reste avec la proposition."]})
    written, _ = Pin.objects.update_or_create(
        application=application,
        defaults={"kind": kind, "reason": reason.strip(), "pinned_by": actor, "pinned_at": at},
    )
    record("pin", application, actor=actor, at=at, reason=reason.strip(), data={"kind": kind})
    return written


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
            "unread": sum(not dossier.opinions for dossier in queries.dossiers_of_campaign(campaign)),
        },
        total=len(given.candidates),
        asked_by=actor,
        asked_at=at,
    )
    record("ask_proposal", campaign, actor=actor, at=at, data={"proposal": proposal.pk, "seed": seed})
    return proposal


def work(clock: Callable[[], datetime]) -> int:
    """Compute one proposal that waits, or whose worker died; the number computed. Nothing is decided."""
    proposal = _claim(clock())
    if proposal is None:
        return 0
    try:
        outcome = compute(assignment.problem_from_json(proposal.inputs["problem"]), _progress(proposal, clock))
    except (assignment.SolverRefused, assignment.BadProblem) as problem_met:
        log.exception("proposal %s", proposal.pk)
        _finish(proposal, Proposal.State.FAILED, {"problem": str(problem_met)}, clock())
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


def _progress(proposal: Proposal, clock: Callable[[], datetime]) -> Callable[[int, int], None]:
    """Tell the page how far we are, and the other workers that we live: about fifty times in all."""
    step = max(proposal.total // 50, 1)

    def tell(done: int, total: int) -> None:
        if done % step == 0 or done == total:
            Proposal.objects.filter(pk=proposal.pk).update(done=done, total=total, leased_until=clock() + LEASE)

    return tell


def _finish(proposal: Proposal, state: str, outcome: dict[str, Any], at: datetime) -> None:
    proposal.state, proposal.outcome, proposal.finished_at = state, outcome, at
    proposal.save(update_fields=["state", "outcome", "finished_at"])


# --- what it says


@dataclass(frozen=True)
class Line:
    """An application as the proposal and the committee see it. `why`: what the opposite would cost, in French."""

    application: Application
    score: int
    proposed: bool
    decided: str
    pin: Pin | None
    why: str

    @property
    def differs(self) -> bool:
        """Whether the committee decided otherwise."""
        return self.decided in {"retained", "refused", "waiting"} and self.proposed != (self.decided == "retained")


@dataclass(frozen=True)
class Result:
    """A finished proposal, readable: the paragraph of the whole, then its applications, by theme and score.

    `broken`: when there is no solution, the sentences of the rules that forbid it.
    """

    proposal: Proposal
    feasible: bool
    summary: str
    broken: tuple[str, ...]
    binding: tuple[str, ...]
    value: int
    lines: tuple[Line, ...]

    def of_theme(self, theme: int) -> list[Line]:
        return [line for line in self.lines if line.application.theme_id == theme]


def result(proposal: Proposal) -> Result:
    """A finished proposal as people read it, beside what was decided since."""
    given = assignment.problem_from_json(proposal.inputs["problem"])
    solution = assignment.solution_from_json(proposal.outcome["solution"])
    applications = _applications(given)
    called = names(given, applications)
    explained = proposal.outcome["explanations"]
    retained = set(solution.retained)
    pinned = pins(proposal.campaign)
    lines = [
        Line(
            application=applications[one.id],
            score=one.score,
            proposed=one.id in retained,
            decided=_decided(applications[one.id]),
            pin=pinned.get(applications[one.id].pk),
            why=assignment.explanation_sentence(assignment.explanation_from_json(explained[one.id]), called)
            if one.id in explained
            else "",
        )
        for one in given.candidates
        if one.id in applications
    ]
    lines.sort(key=lambda line: (line.application.theme_id, not line.proposed, -line.score, line.application.pk))
    return Result(
        proposal=proposal,
        feasible=solution.status == "optimal",
        summary=assignment.solution_sentence(solution, called),
        broken=tuple(assignment.sentence(one, called) for one in solution.broken),
        binding=tuple(_bound(one, called) for one in solution.binding),
        value=solution.value,
        lines=tuple(lines),
    )


def _applications(given: assignment.Problem) -> dict[str, Application]:
    keys = [int(one.id) for one in given.candidates]
    rows = Application.objects.filter(pk__in=keys).select_related("theme__campaign", "decision")
    return {str(row.pk): row for row in rows}


def _decided(application: Application) -> str:
    decision: Decision | None = getattr(application, "decision", None)
    return decision.state if decision else "pending"


def names(given: assignment.Problem, applications: Mapping[str, Application]) -> assignment.Names:
    """How people call what the solver numbers: the academy and the project."""
    academies = {code: academy.name for code, academy in reference.academies().items()}
    return assignment.Names(
        candidates={key: f"{row.academy_name}, « {row.title} »" for key, row in applications.items()},
        themes={str(theme.pk): theme.title for theme in Theme.objects.filter(pk__in=[int(t.id) for t in given.themes])},
        academies=academies,
        regions={academy.region: academy.region for academy in reference.academies().values()},
    )


def _bound(one: assignment.Broken, called: assignment.Names) -> str:
    """A rule met exactly: what holds the selection back."""
    where = [called.theme(one.theme)] if one.theme else []
    where += [f"région académique {called.region(one.region)}"] if one.region else []
    where += [f"académie {called.academy(one.academy)}"] if one.academy else []
    what = {
        "places": f"les {one.wanted} places sont prises",
        "theme_most": f"{one.wanted} académies, le maximum",
        "theme_least": f"{one.wanted} académies, le minimum",
        "continuing_least": f"{one.wanted} académies qui poursuivent, le minimum",
        "region_theme": f"{one.wanted} équipes, le maximum",
        "academy_total": f"{one.wanted} équipes, le maximum",
        "academy_theme": f"{one.wanted} équipe, le maximum",
    }[one.rule]
    return f"{', '.join(where)} : {what}" if where else what[0].upper() + what[1:]


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
    found = result(proposal)
    if not found.feasible:
        raise Invalid("Cette proposition n'a pas de solution : il n'y a rien à appliquer.")
    free = [line for line in found.lines if line.decided == "pending" and line.application.state == "forwarded"]
    refusals = []
    count = 0
    for line in free:
        verb = "retain" if line.proposed else REST[rest]
        if not verb:
            continue
        try:
            decide(line.application, verb, actor=actor, at=at, reason="")
            count += 1
        except Invalid as invalid:
            refusals += [
                f"{line.application} : {sentence}" for several in invalid.errors.values() for sentence in several
            ]
    if refusals:
        raise Invalid({"": refusals})
    if not count:
        raise Invalid("Il n'y a rien à appliquer : toutes les candidatures sont déjà décidées.")
    record("adopt_proposal", campaign, actor=actor, at=at, data={"proposal": proposal.pk, "decided": count})
    return count
