"""A role has a first and a last day; who holds several chooses the one she acts under."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.journal.models import Entry
from traam.programme.letters.actions import invite
from traam.programme.letters.models import Letter
from traam.programme.people import actions, policies
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection.policies import found_conflict

pytestmark = pytest.mark.django_db
AT = timezone.localtime()
TODAY = AT.date()
DAY = timedelta(days=1)


def someone(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def give(person: Person, since: date | None = None, until: date | None = None, role: Role = Role.EXPERT) -> Appointment:
    return actions.appoint(person, role, since=since, until=until, actor=someone("bureau"), at=AT)


@pytest.fixture
def new() -> Person:
    return actions.know("nouvelle@example.org", "Nouvelle", actor=someone("bureau"), at=AT)


def test_rights_begin_on_the_first_day_and_end_after_the_last(new: Person) -> None:
    give(new, TODAY + 5 * DAY, TODAY + 9 * DAY)
    held = {n: policies.roles(Person.objects.get(pk=new.pk), AT + n * DAY) for n in (0, 4, 5, 9, 10)}
    assert held == {0: set(), 4: set(), 5: {"expert"}, 9: {"expert"}, 10: set()}
    assert [a.role for a in policies.to_come(new, AT)] == ["expert"]


@pytest.mark.parametrize(
    ("since", "until", "name", "said"),
    [
        (TODAY, TODAY - DAY, "until", "vient avant le premier"),
        (date(1999, 1, 1), None, "since", "trop loin"),
        (TODAY, date(2101, 1, 1), "until", "trop loin"),
    ],
)
def test_days_that_cannot_be_are_refused(new: Person, since: date, until: date, name: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(new, since, until)
    assert said in refused.value.errors[name][0]
    assert not new.appointments.exists()


def test_giving_again_prolongs_and_never_doubles(new: Person) -> None:
    first = give(new, TODAY, TODAY + 10 * DAY)
    assert give(new, TODAY + 2 * DAY, TODAY + 5 * DAY) == first
    assert give(new, TODAY + 8 * DAY, TODAY + 20 * DAY).until == TODAY + 20 * DAY
    assert give(new, TODAY + 30 * DAY, TODAY + 40 * DAY) != first
    with pytest.raises(Invalid, match="déjà donné"):
        give(new, TODAY + 15 * DAY, TODAY + 35 * DAY)
    assert new.appointments.count() == 2
    assert Entry.objects.filter(verb="appoint", data__person=new.pk).count() == 3


def test_an_invitation_says_its_days(new: Person) -> None:
    bureau = someone("bureau")
    invite("x@example.org", "X", Role.EXPERT, since=TODAY + DAY, until=date(2099, 6, 30), actor=bureau, at=AT)
    body = Letter.objects.get(to__email="x@example.org").body
    assert f"à partir du {TODAY + DAY:%d/%m/%Y} jusqu'au 30/06/2099" in body


def test_a_role_ended_yesterday_ends_within_the_session(sign_in: Any, client: Any) -> None:
    dan = sign_in("dan.lyon")
    assert dan.get("/academie/", follow=True).status_code == 200
    held = someone("dan.lyon").appointments.get()
    with pytest.raises(Invalid):
        actions.end_appointment(held, last_day=held.since - 2 * DAY, actor=someone("bureau"), at=AT)
    Appointment.objects.filter(pk=held.pk).update(since=TODAY - 30 * DAY)
    held.refresh_from_db()
    actions.end_appointment(held, last_day=TODAY - DAY, actor=someone("bureau"), at=AT)
    assert dan.get("/academie/", follow=True).status_code == 403


def test_the_pages_give_and_end_roles_on_days_chosen(sign_in: Any) -> None:
    bureau = sign_in("bureau")
    typed = {"name": "X", "email": "x@example.org", "role": "expert", "academy": ""}
    wrong = bureau.post("/pilotage/personnes/inviter", typed | {"since": "31/12/2098", "until": "1/1/2098"})
    assert wrong.status_code == 422 and "vient avant le premier" in wrong.content.decode()
    bureau.post("/pilotage/personnes/inviter", typed | {"since": "1/9/2098", "until": "31/8/2099"})
    role = Appointment.objects.get(person__email="x@example.org")
    assert (role.since, role.until) == (date(2098, 9, 1), date(2099, 8, 31))
    assert "à partir du 01/09/2098" in bureau.get("/pilotage/personnes/?q=x@example.org").content.decode()
    from django.urls import reverse

    address = reverse("steering:end_role", args=[role.pk])
    early = bureau.post(address, {"last_day": "1/1/2098"})
    assert early.status_code == 422 and "commence le 01/09/2098" in early.content.decode()
    bureau.post(address, {"last_day": "30/6/2099"})
    role.refresh_from_db()
    assert role.until == date(2099, 6, 30)


@pytest.fixture
def several() -> Person:
    """A DAN of Lyon who is an expert too."""
    dan = someone("dan.lyon")
    give(dan)
    return dan


def test_she_acts_under_all_her_roles_until_she_chooses(several: Person, sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    expert = several.appointments.get(role="expert")
    assert {client.get(page, follow=True).status_code for page in ("/academie/", "/evaluation/")} == {200}
    assert client.post("/mon-compte/role", {"role": str(expert.pk)}).url == "/tableau-de-bord"
    page = client.get("/tableau-de-bord").content.decode()
    assert "J&#39;agis comme : Expert numérique" in page
    assert client.get("/evaluation/").status_code == 200
    assert client.get("/academie/", follow=True).status_code == 403
    client.post("/mon-compte/role", {"role": "tous"})
    assert client.get("/academie/", follow=True).status_code == 200
    assert Entry.objects.filter(verb="choose_acting", data__appointment=expert.pk).exists()


def test_the_journal_says_under_which_role(several: Person) -> None:
    dan, expert = several.appointments.get(role="dan"), several.appointments.get(role="expert")
    told = []
    for chosen in (dan, expert, None):
        person = Person.objects.get(pk=several.pk)
        actions.choose_acting(chosen, actor=person, at=AT)
        told.append(Entry.objects.order_by("pk").last().data["acting_as"])  # type: ignore[union-attr]
    assert told == [str(dan), str(expert), f"{dan} · {expert}"]
    single = someone("inspecteur.lyon")
    policies.held(single, AT)
    actions.choose_acting(None, actor=single, at=AT)
    assert "acting_as" not in Entry.objects.order_by("pk").last().data  # type: ignore[union-attr]


def test_nobody_acts_under_what_she_does_not_hold(several: Person, sign_in: Any) -> None:
    others = someone("inspecteur.lyon").appointments.get()
    with pytest.raises(Refused, match="propres rôles"):
        actions.choose_acting(others, actor=several, at=AT)
    assert sign_in("dan.lyon").post("/mon-compte/role", {"role": str(others.pk)}).status_code == 422
    coming = give(several, TODAY + DAY, role=Role.GENERAL_INSPECTOR)
    several.__dict__.pop("_appointments", None)
    with pytest.raises(Refused, match="pas en cours"):
        actions.choose_acting(coming, actor=several, at=AT)


def test_a_role_that_ends_gives_the_others_back(several: Person) -> None:
    expert = several.appointments.get(role="expert")
    several.acting = expert.pk
    assert policies.roles(several, AT) == {"expert"}
    Appointment.objects.filter(pk=expert.pk).update(since=TODAY - 9 * DAY, until=TODAY - DAY)
    several.__dict__.pop("_appointments", None)
    assert policies.roles(several, AT) == {"dan"}


def test_nobody_steps_out_of_a_conflict_of_interests(several: Person) -> None:
    from traam.programme.calls.models import Application

    several.acting = several.appointments.get(role="expert").pk
    application = Application.objects.filter(academy=several.appointments.get(role="dan").academy).first()
    assert application is not None
    assert "votre académie" in found_conflict(several, application, AT).reason
