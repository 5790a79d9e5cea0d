"""The dates of the tests in class come: those promised, those asked and not answered, those that nobody planned."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Member
from traam.programme.letters.actions import Line
from traam.programme.letters.deadlines import tell
from traam.programme.productions.models import Promise, Scenario

PROMISED, ASKED, UNTRIED = "deadline:trial", "deadline:trial_asked", "deadline:untried"
NEAR = timedelta(days=3)  # before the day of a promised test, and after it
PATIENCE = timedelta(days=10)  # before a request without an answer is told again
END = timedelta(days=60)  # before the end of the work
STILL = timedelta(days=7)  # how long a thing is told by a worker that was away


def tell_deadlines(*, at: datetime) -> None:
    """To who promised a test, to the référents of a group that was asked, to those of a scenario nobody tried."""
    today = localtime(at).date()
    tell(PROMISED, list(_promised(today)), at=at)
    tell(ASKED, list(_asked(today)), at=at)
    tell(UNTRIED, list(_untried(today)), at=at)


def _promised(today: date) -> Iterator[Line]:
    """Three days before the day of a test, then three days after when it was not noted. Two queries."""
    near = Promise.objects.filter(
        state="promised", planned_on__gte=today - NEAR - STILL, planned_on__lte=today + NEAR
    ).exclude(planned_on__gt=today - NEAR, planned_on__lt=today)
    promises = list(near.select_related("scenario").order_by("pk"))
    referents = _referents(promise.group_id for promise in promises if promise.person_id is None)
    for promise in promises:
        if promise.planned_on is None:
            continue
        coming = promise.planned_on >= today
        said = f"Vous testez bientôt en classe « {promise.scenario} »."
        late = f"Vous deviez tester en classe « {promise.scenario} » : notez le test, ou donnez un autre jour."
        people = [promise.person_id] if promise.person_id else referents.get(promise.group_id, [])
        for person in people:
            yield Line(
                key=f"{PROMISED}:{promise.pk}:{promise.planned_on}:{'before' if coming else 'after'}:{person}",
                to=person,
                text=said if coming else late,
                label="Voir le scénario" if coming else "Noter le test",
                address=f"/atelier/scenarios/{promise.scenario_id}#tests",
                due=promise.planned_on,
            )


def _asked(today: date) -> Iterator[Line]:
    """A request that waits for ten days. Two queries."""
    waiting = [
        promise
        for promise in Promise.objects.filter(state="asked").select_related("scenario").order_by("pk")
        if PATIENCE <= today - localtime(promise.asked_at).date() <= PATIENCE + STILL
    ]
    referents = _referents(promise.group_id for promise in waiting)
    for promise in waiting:
        asked = localtime(promise.asked_at).date()
        for person in referents.get(promise.group_id, []):
            yield Line(
                key=f"{ASKED}:{promise.pk}:{asked}:{person}",
                to=person,
                text=f"On attend la réponse de votre groupe : tester en classe « {promise.scenario} », demandé le "
                f"{asked:%d/%m/%Y}.",
                label="Promettre ou décliner",
                address=f"/atelier/scenarios/{promise.scenario_id}#tests",
            )


def _untried(today: date) -> Iterator[Line]:
    """A validated scenario that no class has tried, sixty days before the end. Three queries at most."""
    ends = {
        campaign.pk: end
        for campaign in Campaign.objects.exclude(state__in=["draft", "archived"])
        if (end := campaign.on("end")) and end - END <= today <= end
    }
    rows = Scenario.objects.filter(
        state="validated", tests__isnull=True, group__application__theme__campaign__in=ends
    ).exclude(group__state="ended")
    untried = list(rows.select_related("group__application__theme").order_by("pk")) if ends else []
    referents = _referents(scenario.group_id for scenario in untried)
    for scenario in untried:
        end = ends[scenario.group.application.theme.campaign_id]
        for person in referents.get(scenario.group_id, []):
            yield Line(
                key=f"{UNTRIED}:{scenario.pk}:{end}:{person}",
                to=person,
                text=f"Aucune classe n'a encore testé « {scenario} » : prévoyez un test, ou demandez-le à un autre "
                "groupe.",
                label="Trouver une classe",
                address=f"/atelier/scenarios/{scenario.pk}#tests",
                due=end,
            )


def _referents(groups: Iterable[int]) -> dict[int, list[int]]:
    """Who answers for each group, by its number."""
    wanted = set(groups)
    current = Member.objects.filter(role=Member.Role.REFERENT, until__isnull=True, group__in=wanted)
    found: dict[int, list[int]] = {}
    for group, person in current.order_by("pk").values_list("group", "person") if wanted else ():
        found.setdefault(group, []).append(person)
    return found
