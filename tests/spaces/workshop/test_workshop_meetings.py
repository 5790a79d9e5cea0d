"""A meeting from its plan to its minutes, through the pages, by each who may and who may not."""

from collections.abc import Callable
from datetime import date, time, timedelta
from html import unescape
from typing import Any

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.catalogue.models import PublicCall, PublicMinutes, PublicTheme
from traam.programme.groups.actions import meetings as actions
from traam.programme.groups.actions.meetings import MeetingValues
from traam.programme.groups.models import Attendance, Meeting, Member, Minutes, Point
from traam.programme.groups.queries.meetings import national_people, seats
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return unescape(response.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def in_days(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


PLAN = {
    "subject": "Point d'étape",
    "begins": "14h30",
    "ends": "16 h 00",
    "mode": "in_person",
    "place": "Lycée, salle 12 ; Lyon",
    "link": "",
    "agenda": "1. Avancement\n2. Tests en classe",
}


@pytest.fixture
def group(group_of: Callable[..., Any]) -> Any:
    return group_of("10")


@pytest.fixture
def meeting(group: Any) -> Meeting:
    """Held today by the group of Lyon, not noted yet."""
    return plan(group)


def plan(host: Any, days: int = 0, **values: Any) -> Meeting:
    at = timezone.localtime()
    by = "referent.lyon" if hasattr(host, "application") else "expert"
    told = {"mode": "remote", "subject": "Point d'étape", "agenda": "1. Avancement", "link": "https://visio.example/a"}
    when = at.date() + timedelta(days=days)
    return actions.plan(host, MeetingValues(when, time(14), time(16), **(told | values)), actor=person(by), at=at)


def test_a_meeting_is_planned_convened_moved_and_cancelled(sign_in: Callable[[str], Any], group: Any) -> None:
    client = sign_in("referent.lyon")
    answer = client.post(reverse("workshop:plan_meeting", args=[group.pk]), {**PLAN, "on": in_days(20)})
    meeting = group.meetings.get(subject=PLAN["subject"])
    assert answer.url == reverse("workshop:meeting", args=[meeting.pk])
    assert (meeting.begins, meeting.ends, meeting.state, meeting.sequence) == (time(14, 30), time(16), "planned", 0)
    told = Letter.objects.filter(key__startswith=f"meeting:{meeting.pk}:")
    assert not told.exists(), "nobody is told before the convocation"

    people = len(seats(meeting, timezone.localtime()))
    for _ in range(2):  # twice in a row: nobody is told twice
        client.post(reverse("workshop:convene", args=[meeting.pk]))
        letters = Letter.objects.filter(key__startswith=f"meeting:{meeting.pk}:0:")
        assert letters.count() == people
    assert "déjà sa convocation" in text(client.get(reverse("workshop:meeting", args=[meeting.pk])))
    one = letters.get(to=person("enseignante.lyon"))
    assert "1. Avancement" in one.body and "Lycée, salle 12" in one.body
    [event] = icalendar.Calendar.from_ical(one.attachment).walk("VEVENT")
    assert str(event["ATTENDEE"]) == f"mailto:enseignante.lyon@{DOMAIN}", "nobody else's address is given"
    assert event.decoded("DTSTART").hour == 14

    client.post(reverse("workshop:change_meeting", args=[meeting.pk]), {**PLAN, "on": in_days(20), "begins": "15:00"})
    moved = Letter.objects.get(key=f"meeting:{meeting.pk}:1:{one.to_id}")
    [again] = icalendar.Calendar.from_ical(moved.attachment).walk("VEVENT")
    assert (again["UID"], int(again["SEQUENCE"]), again.decoded("DTSTART").hour) == (event["UID"], 1, 15)

    refused = client.post(reverse("workshop:cancel_meeting", args=[meeting.pk]), {"reason": " "})
    assert refused.status_code == 422 and meeting.state == "planned"
    client.post(reverse("workshop:cancel_meeting", args=[meeting.pk]), {"reason": "Grève des transports."})
    last = Letter.objects.get(key=f"meeting:{meeting.pk}:2:{one.to_id}")
    assert "Grève des transports." in last.body and "METHOD:CANCEL" in last.attachment
    page = text(client.get(reverse("workshop:meeting", args=[meeting.pk])))
    assert "Réunion annulée" in page and "Grève des transports." in page


def test_words_alone_move_no_diary(sign_in: Callable[[str], Any], group: Any) -> None:
    meeting = plan(group, 5)
    client = sign_in("referent.lyon")
    client.post(reverse("workshop:convene", args=[meeting.pk]))
    same = {"subject": meeting.subject, "on": in_days(5), "begins": "14:00", "ends": "16:00", "mode": "remote"}
    client.post(
        reverse("workshop:change_meeting", args=[meeting.pk]), {**same, "link": meeting.link, "agenda": "Autre"}
    )
    meeting.refresh_from_db()
    assert (meeting.agenda, meeting.sequence) == ("Autre", 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends": "13:00"}, "La réunion finit avant de commencer"),
        ({"begins": "midi"}, "n'est pas une heure connue"),
        ({"place": ""}, "Dites où se tient la réunion"),
        ({"mode": "remote"}, "Donnez l'adresse de la visioconférence"),
        ({"mode": "remote", "link": "javascript:alert(1)"}, "qui commence par https://"),
        ({"on": "01/01/1999"}, "est hors de la campagne"),
        ({"subject": ""}, "obligatoire"),
    ],
)
def test_a_bad_plan_is_said_and_nothing_is_written(
    sign_in: Callable[[str], Any], group: Any, change: dict[str, str], sentence: str
) -> None:
    before = Meeting.objects.count()
    sent = {**PLAN, "on": in_days(3), **change}
    answer = sign_in("referent.lyon").post(reverse("workshop:plan_meeting", args=[group.pk]), sent)
    assert answer.status_code == 422 and sentence in text(answer)
    assert Meeting.objects.count() == before


@pytest.mark.parametrize("who", ["enseignante.lyon", "dan.lyon", "expert", "referent.lille", "bureau"])
def test_only_its_referent_and_inspector_hold_the_meetings_of_a_group(
    sign_in: Callable[[str], Any], group: Any, meeting: Meeting, who: str
) -> None:
    client = sign_in(who)
    assert client.get(reverse("workshop:plan_meeting", args=[group.pk])).status_code == 403
    for name in ("change_meeting", "convene", "cancel_meeting", "attendance", "edit_minutes", "add_point"):
        assert client.post(reverse(f"workshop:{name}", args=[meeting.pk]), {}).status_code == 403, name
    seen = client.get(reverse("workshop:meeting", args=[meeting.pk])).status_code
    assert seen == (403 if who == "referent.lille" else 200)


def test_attendance_is_noted_for_everyone_and_corrected(sign_in: Callable[[str], Any], meeting: Meeting) -> None:
    client, address = sign_in("inspecteur.lyon"), reverse("workshop:attendance", args=[meeting.pk])
    people = seats(meeting, timezone.localtime())
    half = {f"state-{people[0].person.pk}": "present"}
    answer = client.post(address, half)
    assert answer.status_code == 422 and f"Dites si {people[1].person.name} était là." in text(answer)
    assert not Attendance.objects.filter(meeting=meeting).exists()
    client.post(address, {"everyone": "1"})
    assert Attendance.objects.filter(meeting=meeting, state="present").count() == len(people)
    meeting.refresh_from_db()
    assert meeting.state == "held"
    sent = {f"state-{seat.person.pk}": "present" for seat in people}
    sent |= {f"state-{people[0].person.pk}": "excused", f"minutes-{people[1].person.pk}": "45"}
    client.post(address, sent)
    assert Attendance.objects.get(meeting=meeting, person=people[0].person).state == "excused"
    assert Attendance.objects.get(meeting=meeting, person=people[1].person).minutes == 45


def test_nobody_was_at_a_meeting_to_come(sign_in: Callable[[str], Any], group: Any) -> None:
    meeting = plan(group, 2)
    answer = sign_in("referent.lyon").post(reverse("workshop:attendance", args=[meeting.pk]), {"everyone": "1"})
    assert answer.status_code == 422 and "se notent ce jour-là ou après" in text(answer)


def test_a_stranger_cannot_be_noted(meeting: Meeting) -> None:
    from traam.engines.workflow import Invalid

    there = {seat.person.pk: actions.Presence("present") for seat in seats(meeting, timezone.localtime())}
    there[person("referent.lille").pk] = actions.Presence("present")
    with pytest.raises(Invalid, match="Le groupe a changé"):
        actions.hold(meeting, there, actor=person("referent.lyon"), at=timezone.localtime())


def test_minutes_are_written_by_two_and_neither_loses_a_word(sign_in: Callable[[str], Any], meeting: Meeting) -> None:
    address = reverse("workshop:edit_minutes", args=[meeting.pk])
    referent = sign_in("referent.lyon")
    assert "1. Avancement" in text(referent.get(address)), "the agenda begins the minutes"
    referent.post(address, {"revision": "0", "agenda": "1. Avancement", "said": "Le texte du référent.", "next": ""})
    inspector = sign_in("inspecteur.lyon")
    both = inspector.post(address, {"revision": "0", "agenda": "", "said": "Le texte de l’inspecteur.", "next": ""})
    assert both.status_code == 409
    assert "Le texte du référent." in text(both) and "Le texte de l’inspecteur." in text(both)
    assert Minutes.objects.get(meeting=meeting).sections["said"] == "Le texte du référent."
    inspector.post(address, {"revision": "1", "agenda": "", "said": "Les deux textes.", "next": ""})
    assert Minutes.objects.get(meeting=meeting).sections["said"] == "Les deux textes."


def _write(meeting: Meeting, client: Any, said: str = "Les scénarios avancent.") -> None:
    client.post(reverse("workshop:attendance", args=[meeting.pk]), {"everyone": "1"})
    sent = {"revision": "0", "agenda": "Avancement", "said": said, "next": ""}
    client.post(reverse("workshop:edit_minutes", args=[meeting.pk]), sent)


def test_minutes_are_valid_by_the_inspector_and_stay_in_the_group(
    sign_in: Callable[[str], Any], meeting: Meeting
) -> None:
    referent = sign_in("referent.lyon")
    publish = reverse("workshop:move_minutes", args=[meeting.pk, "publish"])
    assert referent.post(publish).status_code == 404, "nothing is written yet"
    _write(meeting, referent)
    assert referent.post(publish).status_code == 403
    sign_in("inspecteur.lyon").post(publish)
    assert Minutes.objects.get(meeting=meeting).state == "published"
    assert not PublicMinutes.objects.exists()
    late = sign_in("referent.lyon").post(
        reverse("workshop:edit_minutes", args=[meeting.pk]), {"revision": "1", "said": "Trop tard.", "next": ""}
    )
    assert late.status_code == 409 and "Trop tard." in text(late), "what was typed can still be copied"
    sign_in("inspecteur.lyon").post(reverse("workshop:move_minutes", args=[meeting.pk, "resume"]))
    assert Minutes.objects.get(meeting=meeting).state == "draft"


def test_an_action_has_its_owner_and_its_date_and_is_done_in_a_click(
    sign_in: Callable[[str], Any], group: Any, meeting: Meeting
) -> None:
    referent, address = sign_in("referent.lyon"), reverse("workshop:add_point", args=[meeting.pk])
    owner = person("enseignante.lyon")
    bad = referent.post(address, {"kind": "action", "text": "Tester en classe"})
    assert bad.status_code == 422 and "Choisissez qui est chargé de l" in text(bad)
    stranger = referent.post(
        address, {"kind": "action", "text": "x", "owner": str(person("bureau").pk), "due": in_days(9)}
    )
    assert stranger.status_code == 422 and not Point.objects.filter(meeting=meeting).exists()
    referent.post(address, {"kind": "action", "text": "Tester en classe", "owner": str(owner.pk), "due": in_days(9)})
    referent.post(address, {"kind": "action", "text": "Plus pressé", "owner": str(owner.pk), "due": in_days(1)})
    referent.post(address, {"kind": "decision", "text": "On garde deux scénarios."})
    Point.objects.filter(text="Tester en classe").update(due=timezone.localdate() - timedelta(days=2))
    told = Item.objects.get(to=owner, text__contains="Tester en classe")
    hers = sign_in("enseignante.lyon")
    assert "Tester en classe" in text(hers.get(reverse("desk:dashboard"))), "it waits for her on her desk"
    page = text(hers.get(reverse("workshop:group_actions", args=[group.pk])))
    assert page.index("Tester en classe") < page.index("Plus pressé"), "the late ones first"
    assert "En retard" in page and "dont 1 en retard" in page and "On garde deux" not in page
    point = Point.objects.get(text="Tester en classe")
    assert sign_in("dan.lyon").post(reverse("workshop:settle", args=[point.pk]), {"done": "1"}).status_code == 403
    hers = sign_in("enseignante.lyon")
    hers.post(reverse("workshop:settle", args=[point.pk]), {"done": "1"})
    page = text(hers.get(reverse("workshop:group_actions", args=[group.pk])))
    told.refresh_from_db()
    assert told.settled_at, "what is done is told to nobody"
    assert "Tester en classe" not in text(hers.get(reverse("desk:dashboard")))
    assert "En retard" not in page and page.index("Plus pressé") < page.index("Tester en classe")


def test_a_national_meeting_gathers_those_who_lead_and_the_referents(sign_in: Callable[[str], Any], group: Any) -> None:
    theme = group.application.theme
    meeting = plan(theme, 3)
    expected = {one.person.email.partition("@")[0] for one in national_people(theme, timezone.localtime())}
    assert {"expert", "inspection.generale", "referent.lyon"} <= expected and "enseignante.lyon" not in expected
    for who, seen in (("referent.lyon", 200), ("enseignante.lyon", 200), ("bureau", 200), ("dan.lille", 403)):
        assert sign_in(who).get(reverse("workshop:meeting", args=[meeting.pk])).status_code == seen, who
    assert sign_in("referent.lyon").get(reverse("workshop:plan_national", args=[theme.pk])).status_code == 403
    assert meeting.subject in text(sign_in("enseignante.lyon").get(reverse("workshop:group_calendar", args=[group.pk])))


def _ask_for_public_minutes(theme: Any) -> PublicTheme:
    """An edition that puts minutes on line: the campaign of the demonstration follows another."""
    theme.campaign.edition_id = "aam-2008"
    theme.campaign.save()
    PublicCall.objects.filter(pk=theme.campaign_id).update(edition_id="aam-2008")
    return PublicTheme.objects.get(source_key=f"theme:{theme.pk}")


def test_minutes_go_on_line_when_an_article_asks_and_name_nobody(
    client: Any, sign_in: Callable[[str], Any], group: Any
) -> None:
    theme = group.application.theme
    public = _ask_for_public_minutes(theme)
    meeting, expert = plan(theme), sign_in("expert")
    name = seats(meeting, timezone.localtime())[0].person.name
    _write(meeting, expert, f"{name} présente le calendrier. Écrire à a.b@ac-lyon.fr.")
    publish = reverse("workshop:move_minutes", args=[meeting.pk, "publish"])
    page = text(expert.post(publish, follow=True))
    assert f"nomme {name}" in page and "a.b@ac-lyon.fr" in page
    assert Minutes.objects.get(meeting=meeting).state == "draft" and not PublicMinutes.objects.exists()
    again = {"revision": "1", "said": "Le calendrier est présenté.", "next": "", "agenda": ""}
    expert.post(reverse("workshop:edit_minutes", args=[meeting.pk]), again)
    owner = seats(meeting, timezone.localtime())[0]
    expert.post(
        reverse("workshop:add_point", args=[meeting.pk]),
        {"kind": "action", "text": "Relire les scénarios", "owner": str(owner.person.pk), "due": in_days(9)},
    )
    expert.post(publish)
    client.logout()
    page = text(client.get(reverse("public:theme", args=[public.pk])))
    assert "Le calendrier est présenté." in page and "Relire les scénarios" in page and "article B.8" in page
    for seat in seats(meeting, timezone.localtime()):
        assert seat.person.email not in page and seat.person.name not in page
    sign_in("expert").post(reverse("workshop:move_minutes", args=[meeting.pk, "resume"]))
    assert "Le calendrier est présenté." not in text(client.get(reverse("public:theme", args=[public.pk])))


def test_without_an_article_minutes_stay_inside(sign_in: Callable[[str], Any], group: Any) -> None:
    meeting, expert = plan(group.application.theme), sign_in("expert")
    assert not group.application.theme.campaign.edition.public_minutes
    _write(meeting, expert)
    expert.post(reverse("workshop:move_minutes", args=[meeting.pk, "publish"]))
    assert Minutes.objects.get(meeting=meeting).state == "published" and not PublicMinutes.objects.exists()


def test_pages_cost_the_same_whatever_their_rows(
    sign_in: Callable[[str], Any], group: Any, django_assert_max_num_queries: Any
) -> None:
    for rank in range(12):
        meeting = plan(group, rank - 6)
        plan(group.application.theme, rank - 6)
        Point.objects.create(
            meeting=meeting, kind="action", text=f"Action {rank}", owner=person("referent.lyon"), due=date(2027, 1, 1)
        )
    theme = group.application.theme
    client = sign_in("referent.lyon")
    for name, pk in (
        ("group_calendar", group.pk),
        ("theme_calendar", theme.pk),
        ("group_actions", group.pk),
        ("meeting", meeting.pk),
    ):
        with django_assert_max_num_queries(14):
            answer = client.get(reverse(f"workshop:{name}", args=[pk]))
        assert answer.status_code == 200 and len(answer.content) < 120_000, name


def test_someone_who_left_stays_among_those_who_were_there(sign_in: Callable[[str], Any], meeting: Meeting) -> None:
    client = sign_in("referent.lyon")
    client.post(reverse("workshop:attendance", args=[meeting.pk]), {"everyone": "1"})
    Member.objects.filter(group=meeting.group, person=person("enseignante.lyon")).update(until=timezone.localdate())
    page = text(client.get(reverse("workshop:meeting", args=[meeting.pk])))
    assert person("enseignante.lyon").name in page and "A quitté le groupe" in page
