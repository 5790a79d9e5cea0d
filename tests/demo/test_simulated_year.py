from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from traam.config.commands import run
from traam.demo.simulate import DOMAIN, Year, simulate
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.models import PublicCall
from traam.programme.groups import queries
from traam.programme.groups.models import (
    Attendance,
    Document,
    Group,
    Meeting,
    Member,
    Minutes,
    ProgressNote,
    Share,
    WatchItem,
)
from traam.programme.groups.queries import service as service_queries
from traam.programme.groups.rules import rights
from traam.programme.journal.models import Entry
from traam.programme.selection.models import Decision, Opinion

pytestmark = pytest.mark.django_db

DAY = datetime(2027, 3, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))


def written(year: Year) -> list[object]:
    """All that a simulation chose by chance, without the keys of the rows."""
    mine = Application.objects.filter(theme__campaign=year.campaign).order_by("pk")
    fields = ("theme__title", "academy", "state", "titles", "description", "rank", "referent_email", "forwarded_at")
    opinions = Opinion.objects.filter(application__in=mine).order_by("pk")
    decisions = Decision.objects.filter(application__in=mine).order_by("pk")
    return [
        list(mine.values_list(*fields)),
        list(opinions.values_list("application__referent_email", "reader__email", "marks", "score")),
        list(decisions.values_list("application__referent_email", "state", "waiting_rank")),
    ]


def made_and_undone(groups: int, seed: int) -> list[object]:
    with transaction.atomic():
        found = written(simulate(groups, seed, at=DAY, themes=3))
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_year_and_another_gives_another() -> None:
    first = made_and_undone(6, 1)
    assert first == made_and_undone(6, 1)
    assert first != made_and_undone(6, 2)


def test_the_year_holds_the_groups_that_were_asked_and_respects_the_edition() -> None:
    year = simulate(6, 1, at=DAY, themes=3)
    mine = Application.objects.filter(theme__campaign=year.campaign)
    assert (year.applications, mine.count()) == (15, 15)
    assert year.retained == 6 == Group.objects.filter(application__in=mine).count()
    retained = mine.filter(decision__state="retained")
    assert len(set(retained.values_list("theme", "academy"))) == 6, "one team of an academy for a theme"
    assert PublicCall.objects.get(pk=year.campaign.pk).state == "announced"
    # What was written in bulk is what the actions would have written: scores of the edition, an entry for each act.
    selection = year.campaign.edition.selection
    given = Opinion.objects.filter(application__in=mine)
    assert all(one.score == selection.score(one.marks) for one in given)
    assert all(len(row.description) <= 1000 for row in mine)
    about = Entry.objects.filter(object_type="calls.application", object_id__in=[str(row.pk) for row in mine])
    assert about.filter(verb="give_opinion").count() == given.count() == year.opinions
    assert about.filter(verb="forward").count() == mine.filter(state="forwarded").count()


def test_a_year_that_stops_early_leaves_the_rest_to_try() -> None:
    call = simulate(4, 1, at=DAY, until="call", themes=2).campaign
    assert call.state == "open"
    assert not Opinion.objects.filter(application__theme__campaign=call).exists()
    judged = simulate(4, 2, at=DAY, until="opinions", themes=2).campaign
    assert judged.state == "closed"
    assert not Decision.objects.filter(application__theme__campaign=judged).exists()


def test_a_year_larger_than_the_edition_says_so_by_amendments() -> None:
    campaign = simulate(40, 1, at=DAY, until="decisions", themes=2).campaign
    assert {row.name for row in campaign.amendments.all()} == {"academies_per_theme_max"}
    assert campaign.edition.limit("academies_per_theme_max").value == 26  # type: ignore[union-attr]


def test_the_same_year_is_not_written_twice() -> None:
    simulate(4, 1, at=DAY, until="call", themes=2)
    with pytest.raises(Invalid, match="est déjà là"):
        simulate(4, 1, at=DAY, until="call", themes=2)


def test_the_command_writes_the_year_and_says_who_may_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--groups", "2", "--seed", "5", "--until", "call"]) == 0
    said = capsys.readouterr().out
    assert "5 candidatures" in said and f"dan.lyon@{DOMAIN}" in said
    assert run(["simulate", "--groups", "2", "--seed", "5", "--until", "call"]) == 1
    assert "est déjà là" in capsys.readouterr().err
    assert run(["simulate", "--groups", "0", "--seed", "5"]) == 1


def lived(year: Year) -> Iterator[list[object]]:
    """What the year of the groups chose by chance, without the keys of the rows."""
    mine = Group.objects.filter(application__theme__campaign=year.campaign)
    who = ("group__application__referent_email", "person__email", "role", "since", "until")
    yield list(Member.objects.filter(group__in=mine).order_by("pk").values_list(*who))
    yield list(
        Meeting.objects.filter(group__in=mine).order_by("pk").values_list("on", "mode", "state", "subject", "uid")
    )
    attended = Attendance.objects.filter(meeting__group__in=mine).order_by("pk")
    yield list(attended.values_list("meeting__on", "person__email", "state"))
    yield list(ProgressNote.objects.filter(group__in=mine).order_by("pk").values_list("mood", "text", "written_at"))
    yield list(WatchItem.objects.filter(group__in=mine).order_by("pk").values_list("address", "title", "tags"))
    yield list(Document.objects.filter(group__in=mine).order_by("pk").values_list("title", "licence", "shared_at"))


def test_the_same_seed_gives_the_same_year_of_work() -> None:
    several = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            several.append(list(lived(simulate(6, seed, at=DAY, until="year", themes=3))))
            transaction.set_rollback(True)
    assert several[0] == several[1]
    assert all(one != other for one, other in zip(several[0], several[2], strict=True))


def test_a_whole_year_holds_what_groups_do_and_what_some_do_not() -> None:
    year = simulate(24, 3, at=DAY, until="year", themes=4)
    mine = Group.objects.filter(application__theme__campaign=year.campaign)
    table = queries.owed_in_campaign(year.campaign, DAY.date())
    late = [line for line in table.lines if line.owed]
    assert 0 < len(late) < 12, "some groups are late, most are not"
    assert mine.filter(state="working").count() == 24 - len([line for line in late if line.state == "forming"])
    assert mine.filter(members__until__isnull=False).exists(), "somebody left, and was replaced"
    meetings = Meeting.objects.filter(group__in=mine) | Meeting.objects.filter(theme__campaign=year.campaign)
    assert year.work is not None and year.work.meetings == meetings.count() > 24 * 8
    assert not meetings.filter(on__lt=date(2026, 9, 11)).exists(), "nobody meets before the launch"
    assert set(meetings.filter(on__gt=DAY.date()).values_list("state", flat=True)) == {"planned"}
    assert not meetings.filter(on__lte=DAY.date(), state="planned").exists()
    assert set(Attendance.objects.filter(meeting__in=meetings).values_list("meeting__state", flat=True)) == {"held"}
    assert set(Minutes.objects.filter(meeting__in=meetings).values_list("meeting__state", flat=True)) == {"held"}
    assert not Attendance.objects.filter(meeting__in=meetings, recorded_at__gt=DAY).exists()
    rows = list(queries.progress_of_campaign(year.campaign, DAY))
    assert {bool(group.silent) for group in rows} == {True, False}  # type: ignore[attr-defined]
    assert any(rights.missing(one) for one in Document.objects.filter(group__in=mine))
    notes = Entry.objects.filter(verb="write_note", object_id__in=[str(group.pk) for group in mine])
    assert notes.count() == year.work.notes
    assert all(m.person.has_usable_password() for m in Member.objects.filter(group__in=mine).select_related("person"))


def test_invented_dossiers_stay_out_of_a_real_site(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.DEMONSTRATION", False)
    before = Campaign.objects.count()
    assert run(["simulate", "--groups", "2", "--seed", "5"]) == 1
    assert "TRAAM_DEMONSTRATION" in capsys.readouterr().err
    assert Campaign.objects.count() == before


def test_the_service_of_a_year_is_planned_sent_and_proved() -> None:
    year = simulate(12, 5, at=DAY, until="year", themes=3)
    shares = Share.objects.filter(period__campaign=year.campaign)
    assert set(shares.filter(period__number=1).values_list("state", flat=True)) == {"planned", "sent"}
    assert set(shares.filter(period__number=2).values_list("state", flat=True)) == {"planned"}
    proof = service_queries.proof(year.campaign)
    assert proof.fault == "" and proof.lines == shares.filter(state="sent").count() > 12
    assert not shares.filter(state="sent", evidence=None).exists()
