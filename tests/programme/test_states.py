"""Every move of every machine, from every state, by every role: allowed, or refused with its reason."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from publication_ready import ready

from traam.demo.build import DOMAIN
from traam.engines.workflow import ALLOWED, Machine, Refused
from traam.programme.calls import actions as call_actions
from traam.programme.calls.models import Application
from traam.programme.calls.states import APPLICATION
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.catalogue.models import Notice
from traam.programme.groups import actions as group_actions
from traam.programme.groups.actions import meetings as meeting_actions
from traam.programme.groups.actions import minutes as minutes_actions
from traam.programme.groups.actions import service as service_actions
from traam.programme.groups.actions.service import Done
from traam.programme.groups.models import Attendance, Evidence, Group, Meeting, Minutes, ServicePeriod, Share
from traam.programme.groups.queries import service as service_queries
from traam.programme.groups.queries.meetings import seats
from traam.programme.groups.states import GROUP, MEETING, MINUTES, NATIONAL_MEETING, NATIONAL_MINUTES, SHARE
from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry
from traam.programme.people.actions import appoint, know
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.productions import actions as production_actions
from traam.programme.productions import kinds
from traam.programme.productions import policies as production_policies
from traam.programme.productions.actions import trials
from traam.programme.productions.models import Bilan, ClassTest, Module, Production, Promise, Review, Scenario, Support
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.productions.queries import trials as reading_trials
from traam.programme.productions.states import BILAN, MODULE, PROMISE, SCENARIO, SUPPORT
from traam.programme.productions.trial_policies import may_try
from traam.programme.publication.models import Release, Watched
from traam.programme.publication.states import RELEASE
from traam.programme.selection import actions as selection_actions
from traam.programme.selection.models import Announcement, Decision
from traam.programme.selection.states import AFTER_ANNOUNCEMENT, DECISION
from traam.programme.subscriptions import actions as subscription_actions
from traam.programme.subscriptions.models import Newsletter, PublishedIssue, Sending
from traam.programme.subscriptions.states import SENDING
from traam.programme.valorisation.issues import actions as issue_actions
from traam.programme.valorisation.issues.models import Issue
from traam.programme.valorisation.issues.states import ISSUE
from traam.programme.valorisation.syntheses import actions as synthesis_actions
from traam.programme.valorisation.syntheses import policies as synthesis_policies
from traam.programme.valorisation.syntheses import queries as synthesis_queries
from traam.programme.valorisation.syntheses import rules as synthesis_rules
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.programme.valorisation.syntheses.states import SYNTHESIS

pytestmark = pytest.mark.django_db

# Who holds each role over the objects of Lyon, and who holds the same role elsewhere.
WHO = {
    "national": "bureau",
    "general_inspector": "inspection.generale",
    "expert": "expert",
    "dan": "dan.lyon",
    "inspector": "inspecteur.lyon",
    "referent": "referent.lyon",
    "member": "enseignante.lyon",
    "teacher": "un.enseignant",
    "author": "une.autrice",
    "reader": "un.lecteur",
    "dan elsewhere": "dan.lille",
    "inspector elsewhere": "inspecteur.lille",
    "referent elsewhere": "referent.lille",
    "author_referent": "referent.rennes",  # what Lyon may try was written in Rennes
}


def actor_of(role: str, at: datetime) -> Person:
    if role in {"teacher", "author"}:
        person = know(f"{WHO[role]}@{DOMAIN}", "Enseignant de Lyon", actor=System(), at=at)
        appoint(person, Role.TEACHER, academy="10", actor=System(), at=at)
    if role == "reader":
        person = know(f"{WHO[role]}@{DOMAIN}", "Lecteur désigné", actor=System(), at=at)
        appoint(person, Role.EXPERT, actor=System(), at=at)
    return Person.objects.get(email=f"{WHO[role]}@{DOMAIN}")


def open_campaign() -> Campaign:
    return Campaign.objects.get(state="open")


def _campaign(state: str) -> Campaign:
    campaign = open_campaign()
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    if state == "draft":
        campaign.themes.update(state="draft")
    Application.objects.filter(theme__campaign=campaign).update(state="draft")  # nobody waits for a result
    campaign.refresh_from_db()
    return campaign


def _theme(state: str) -> Theme:
    theme = open_campaign().themes.order_by("pk")[0]
    theme.state = state
    theme.save()
    return theme


def _application(state: str) -> Application:
    application = Application.objects.get(theme__campaign__state="open", academy="09", theme__title__startswith="L'int")
    application.pk, application.academy, application.state = None, "10", state
    application.created_by = actor_of("author", timezone.localtime())
    application.inspector_opinion = "favourable"  # without it, what a teacher wrote does not go up
    application._state.adding = True
    application.save()
    return application


def _decision(state: str) -> Application:
    application = _application("forwarded")
    Campaign.objects.filter(state="open").update(state="closed")
    if state != "pending":
        bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
        Decision.objects.create(application=application, state=state, decided_by=bureau, decided_at=timezone.now())
    return application


def _group(state: str) -> Group:
    group = Group.objects.get(application__academy="10", application__theme__title__startswith="L'int")
    Group.objects.filter(pk=group.pk).update(state=state)
    group.refresh_from_db()
    return group


def _meeting(state: str) -> Meeting:
    return _held_yesterday(state, group=_group("working"))


def _national_meeting(state: str) -> Meeting:
    return _held_yesterday(state, theme=_group("working").application.theme)


def _held_yesterday(state: str, **host: Any) -> Meeting:
    at = timezone.localtime()
    return Meeting.objects.create(
        **host, on=at.date(), mode="remote", subject="Point d'étape", state=state, uid=f"trial-{state}", recorded_at=at
    )


def _minutes(state: str) -> Minutes:
    return _written(_meeting("held"), state)


def _national_minutes(state: str) -> Minutes:
    return _written(_national_meeting("held"), state)


def _written(meeting: Meeting, state: str) -> Minutes:
    bureau, at = Person.objects.get(email=f"bureau@{DOMAIN}"), timezone.localtime()
    said = {"said": "Les scénarios avancent."}
    return Minutes.objects.create(meeting=meeting, sections=said, state=state, written_by=bureau, changed_at=at)


def _move_meeting(meeting: Meeting, verb: str, actor: Person, at: datetime) -> None:
    if verb == "hold":
        there = {seat.person.pk: meeting_actions.Presence(Attendance.State.PRESENT) for seat in seats(meeting, at)}
        meeting_actions.hold(meeting, there, actor=actor, at=at)
    elif verb == "cancel":
        meeting_actions.cancel(meeting, "Une grève des transports.", actor=actor, at=at)
    else:
        meeting_actions.reopen(meeting, actor=actor, at=at)


def _share(state: str) -> Share:
    group = _group("working")
    campaign = group.application.theme.campaign
    since, until = date(campaign.first_year, 9, 1), date(campaign.first_year + 1, 8, 31)
    wanted = {"label": "Premier temps", "since": since, "until": until, "unit": "hours"}
    period, _ = ServicePeriod.objects.update_or_create(campaign=campaign, number=1, defaults=wanted)
    member = group.members.get(role="referent")
    inspector = actor_of("inspector", timezone.localtime())
    attested = {} if state == "planned" else {"done": 900, "attested_by": inspector, "attested_at": timezone.now()}
    values = {"planned": 1000, "state": state, **attested}
    share, _ = Share.objects.update_or_create(period=period, member=member, defaults=values)
    Evidence.objects.create(share=share, kind="statement", said="Vu en réunion.", digest="0" * 64)
    return share


def _scenario(state: str) -> Scenario:
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    Scenario.objects.filter(pk=scenario.pk).update(state=state)
    scenario.refresh_from_db()
    return scenario


def _production(model: type[Production], state: str) -> Any:
    """A module, a bilan or a support of Lyon, begun by somebody who reads none."""
    group, at, bureau = _group("working"), timezone.localtime(), Person.objects.get(email=f"bureau@{DOMAIN}")
    named = {} if model is Bilan else {"title": "Parcours hybride"}
    themed = {"theme": group.application.theme} if model is Module else {}
    review = Review.objects.create(opened_at=at)
    values = {"group": group, "review": review, "state": state, "created_by": bureau, **named, **themed}
    return model._default_manager.create(**values, created_at=at, changed_at=at)


def _trial(state: str) -> reading_trials.Trial:
    group, at = _group("working"), timezone.localtime()
    rennes = Group.objects.get(application__academy="14", application__theme=group.application.theme)
    bureau, member = actor_of("national", at), actor_of("member", at)
    scenario = Scenario.objects.create(
        group=rennes,
        review=Review.objects.create(opened_at=at),
        title="Lire une carte",
        version=1,
        created_by=bureau,
        created_at=at,
        changed_at=at,
    )
    if state != "missing":
        said = {"state": state, "person": member, "planned_on": at.date(), "asked_at": at, "changed_at": at}
        promise = Promise.objects.create(scenario=scenario, group=group, **said)
    if state == "kept":
        done = {"academy": "10", "level": "201", "on": at.date(), "pupils": 28, "worked": "Tout.", "recorded_at": at}
        ClassTest.objects.create(scenario=scenario, version=1, group=group, promise=promise, by=member, **done)
    return reading_trials.trial(find_scenario(scenario.pk), group)


def _release(state: str) -> Scenario:
    scenario = _scenario("validated")
    if state == "absent":
        Watched.objects.filter(scenario=scenario).update(release=None)
        Release.objects.filter(scenario=scenario).delete()
    else:
        Release.objects.filter(scenario=scenario).update(state=state)
        Scenario.objects.filter(pk=scenario.pk).update(version=scenario.version + 1)
    return ready(scenario)


def _move_campaign(campaign: Campaign, verb: str, actor: Person, at: datetime) -> None:
    if verb == "open":
        catalogue_actions.open_call(campaign, actor=actor, at=at)
    else:
        catalogue_actions.move_call(campaign, verb, actor=actor, at=at)


def _move_application(application: Application, verb: str, actor: Person, at: datetime) -> None:
    reason = {"reason": "Le projet est abandonné."} if verb in {"withdraw", "send_back"} else {}
    getattr(call_actions, verb)(application, actor=actor, at=at, **reason)


def _move_decision(application: Application, verb: str, actor: Person, at: datetime) -> None:
    if verb in AFTER_ANNOUNCEMENT:
        bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
        Announcement.objects.create(campaign=application.theme.campaign, announced_by=bureau, announced_at=at)
    selection_actions.decide(application, verb, actor=actor, at=at, reason="Une mutation.")


def _move_trial(trial: reading_trials.Trial, verb: str, actor: Person, at: datetime) -> None:
    about = (trial.scenario, trial.group)
    who: dict[str, Any] = {"actor": actor, "at": at}
    done: dict[str, Any] = {"on": at.date(), "level": "201", "pupils": 28, "worked": "Le débat a pris."}
    if verb == "ask":
        trials.ask(*about, **who)
    elif verb == "promise":
        trials.promise(*about, level="201", planned_on=at.date(), person=actor_of("member", at), **who)
    elif verb == "keep":
        trials.record_test(about[0], group=about[1], **done, **who)
    elif trial.promise is None or (verb in {"correct", "undo"} and not trial.tests):
        may_try(verb, actor, trial, at).require()  # there is nothing to change
    elif verb == "postpone":
        trials.postpone(trial.promise, level="201", planned_on=at.date(), **who)
    elif verb == "correct":
        trials.correct_test(trial.tests[0], **done, **who)
    elif verb == "undo":
        trials.withdraw_test(trial.tests[0], "Noté deux fois.", **who)
    else:
        getattr(trials, verb)(trial.promise, "La classe a changé.", **who)


def _move_release(scenario: Scenario, verb: str, actor: Person, at: datetime) -> None:
    if verb == "release":
        catalogue_actions.release(scenario, actor=actor, at=at)
    else:
        catalogue_actions.withdraw(scenario, reason="Une image est à remplacer.", actor=actor, at=at)


def _move_share(share: Share, verb: str, actor: Person, at: datetime) -> None:
    group, period, member = share.member.group, share.period, share.member_id
    if verb == "plan":
        service_actions.plan(group, period, {member: 1200}, actor=actor, at=at)
    elif verb == "attest":
        statement = "Vu au travail avec sa classe."
        done = {member: Done(900)}
        service_actions.attest(group, period, done, statement, deliverables={}, actor=actor, at=at)
    elif verb == "send":
        service = service_queries.academy_service("lyon", period.campaign_id)
        service_actions.send(period, service, only=[share.pk], actor=actor, at=at)
    else:
        getattr(service_actions, verb)(share, 800, "Une séance annulée.", actor=actor, at=at)


def _move_production(production: Any, verb: str, actor: Person, at: datetime) -> None:
    """Only under an edition where the expert reads last is there something to send on to her. What each kind must
    hold before it is submitted is tried with that kind."""
    steps = ("referent", "inspector", "expert")[: 3 if verb == "endorse" else 2]
    whole = replace(kinds.of(production), breaches=lambda _: [])
    with (
        patch.object(production_policies, "circuit", return_value=steps),
        patch.dict(kinds.KINDS, {whole.name: whole}),
    ):
        production_actions.move(production, verb, comment="À préciser.", actor=actor, at=at)


def _synthesis(state: str) -> Synthesis:
    """Begun by somebody who then judges nothing, with a version and a public copy where its state has them."""
    group = Group.objects.filter(application__academy="10").order_by("pk")[0]
    at, writer = timezone.localtime(), know(f"autrice@{DOMAIN}", "Autrice", actor=System(), at=timezone.localtime())
    review = Review.objects.create(opened_at=at)
    made = Synthesis.objects.create(
        review=review,
        title="Une synthèse",
        sections=dict.fromkeys(synthesis_rules.TITLES, "Ce que nous retenons."),
        licence="CC-BY-SA",
        nobody_named=True,
        created_by=writer,
        created_at=at,
        changed_at=at,
    )
    made.themes.set([group.application.theme])
    for verb, after in (("submit", "submitted"), ("validate", "validated"), ("publish", "published")):
        if state not in {"draft", "returned"} and made.state != state:
            found = synthesis_queries.synthesis(made.pk)
            with patch.object(synthesis_policies, "may_move", return_value=ALLOWED):
                _move_synthesis(found, verb, writer, at)
            made.state = after
    Synthesis.objects.filter(pk=made.pk).update(state=state)
    return synthesis_queries.synthesis(made.pk)


def _move_synthesis(synthesis: Synthesis, verb: str, actor: Person, at: datetime) -> None:
    if verb == "publish":
        synthesis_actions.publish(synthesis, actor=actor, at=at)
    elif verb == "withdraw":
        synthesis_actions.withdraw(synthesis, "Une erreur.", actor=actor, at=at)
    else:
        synthesis_actions.move(synthesis, verb, comment="À préciser.", actor=actor, at=at)


def _issue(state: str) -> Issue:
    at, bureau = timezone.localtime(), Person.objects.get(email=f"bureau@{DOMAIN}")
    issue = issue_actions.begin(
        Newsletter.objects.order_by("pk")[0], "L'esprit critique", "Bonjour.", actor=bureau, at=at
    )
    issue_actions.pick_notices(issue, [Notice.objects.filter(state="published")[0].pk], actor=bureau, at=at)
    Issue.objects.filter(pk=issue.pk).update(state=state)
    return Issue.objects.get(pk=issue.pk)


def _sending(state: str) -> Sending:
    at = timezone.localtime()
    newsletter = Newsletter.objects.order_by("pk")[0]
    told = {"title": "L'esprit critique", "content": {}, "html": "<p>Bonjour.</p>", "text": "Bonjour."}
    published = PublishedIssue.objects.create(newsletter=newsletter, number=99, published_at=at, **told)
    when = {"begun_at": at, "leased_until": at, "next_attempt_at": at}
    return Sending.objects.create(issue=published, state=state, **when)


def _move_sending(sending: Sending, verb: str, actor: Person, at: datetime) -> None:
    if verb == "finish":  # the platform's alone, once everything left
        SENDING.check(verb, sending.state, roles(actor, at) & {"national"}).require()
    getattr(subscription_actions, verb)(sending, actor=actor, at=at)


@dataclass(frozen=True)
class Trial:
    """`also`: what somebody who holds a role here is for this machine."""

    machine: Machine
    make: Callable[[str], Any]
    move: Callable[[Any, str, Person, datetime], object]
    also: Mapping[str, str] = field(default_factory=dict)


TRIALS = {
    trial.machine.name: trial
    for trial in (
        Trial(CAMPAIGN, _campaign, _move_campaign),
        Trial(THEME, _theme, lambda o, v, p, at: catalogue_actions.move_theme(o, v, actor=p, at=at)),
        Trial(APPLICATION, _application, _move_application),
        Trial(DECISION, _decision, _move_decision),
        Trial(GROUP, _group, lambda o, v, p, at: group_actions.move(o, v, actor=p, at=at)),
        Trial(MEETING, _meeting, _move_meeting),
        Trial(NATIONAL_MEETING, _national_meeting, _move_meeting),
        Trial(MINUTES, _minutes, lambda o, v, p, at: minutes_actions.move_minutes(o, v, actor=p, at=at)),
        Trial(
            NATIONAL_MINUTES, _national_minutes, lambda o, v, p, at: minutes_actions.move_minutes(o, v, actor=p, at=at)
        ),  # fmt: skip # noqa: E501
        Trial(SHARE, _share, _move_share),
        Trial(SCENARIO, _scenario, _move_production),
        Trial(MODULE, lambda state: _production(Module, state), _move_production),
        Trial(BILAN, lambda state: _production(Bilan, state), _move_production),
        Trial(SUPPORT, lambda state: _production(Support, state), _move_production),
        Trial(PROMISE, _trial, _move_trial),
        Trial(RELEASE, _release, _move_release),
        Trial(SYNTHESIS, _synthesis, _move_synthesis),
        # Whoever is asked to read a dossier is an expert, and all of them compose.
        Trial(ISSUE, _issue, lambda o, v, p, at: getattr(issue_actions, v)(o, actor=p, at=at), {"reader": "expert"}),
        Trial(SENDING, _sending, _move_sending),
    )
}
CASES = [(name, state) for name, trial in TRIALS.items() for state in trial.machine.states]


@pytest.mark.parametrize(("name", "state"), CASES)
def test_each_move_is_allowed_or_refused_with_its_reason(name: str, state: str) -> None:
    """Each verb by each role, on the same object, put back as it was after each."""
    trial, at = TRIALS[name], timezone.localtime()
    actors = {role: actor_of(role, at) for role in WHO}
    thing = trial.make(state)
    wrong = []
    for verb in dict.fromkeys(move.verb for move in trial.machine.moves):
        for role, actor in actors.items():
            put_back = transaction.savepoint()
            try:
                _try_to_move(trial, state, verb, role, deepcopy(thing), actor, at)
            except (Exception, pytest.fail.Exception) as problem:
                wrong.append(f"{verb} by {role}: {problem!r}")
            finally:
                transaction.savepoint_rollback(put_back)
    assert wrong == []


def _try_to_move(trial: Trial, state: str, verb: str, role: str, thing: Any, actor: Person, at: datetime) -> None:
    machine = trial.machine
    arrows = [move for move in machine.moves if move.verb == verb]
    mine = [move for move in arrows if trial.also.get(role, role) in move.roles]
    entries = Entry.objects.count()
    if any(state in move.sources for move in mine):
        trial.move(thing, verb, actor, at)
        assert Entry.objects.count() > entries, "an act leaves its entry in the journal"
        return
    with pytest.raises(Refused) as refusal:
        trial.move(thing, verb, actor, at)
    reason = refusal.value.verdict.reason
    assert arrows[0].label in reason
    if not mine:
        assert "réservé à" in reason
    else:
        assert machine.states[state] in reason
    assert Entry.objects.count() == entries, "a refusal writes nothing"


def test_every_machine_of_the_steps_is_tried() -> None:
    from importlib import import_module
    from pathlib import Path

    from django.conf import settings

    from traam.programme import __path__ as folders

    machines = set()
    for step in settings.STEPS:
        if (Path(folders[0]) / step / "states.py").exists():
            module = import_module(f"traam.programme.{step}.states")
            machines |= {value.name for value in vars(module).values() if isinstance(value, Machine)}
    assert machines == set(TRIALS)
