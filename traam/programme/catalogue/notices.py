"""The notices: released as a frozen copy, corrected beside, withdrawn, and told of the tests in class."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Unpack

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.programme.catalogue.models import Change, ChangeCounter, Notice, NoticeVersion, PublicTheme
from traam.programme.catalogue.telling import tell_erratum, tell_release, tell_withdrawal
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import trials
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.productions.rules import read
from traam.programme.publication.actions import auditing, releasing
from traam.programme.publication.models import Release, Way

SAME = ("title", "summary", "disciplines", "levels", "competences", "licence", "tools", "duration_minutes")
"""The fields a notice takes from a version of the scenario as they are."""


def one_at_a_time() -> ChangeCounter:
    """Have whoever else changes notices wait for the end of this transaction."""
    return ChangeCounter.objects.select_for_update().get_or_create(pk=1)[0]


def note_changes(notices: Iterable[Notice]) -> None:
    """Tell the index that these notices changed, in the transaction of the change."""
    notices, counter = list(notices), one_at_a_time()
    first = counter.last + 1
    Change.objects.bulk_create(Change(number=first + i, notice=notice) for i, notice in enumerate(notices))
    counter.last += len(notices)
    counter.save(update_fields=["last"])


@transaction.atomic
def release(scenario: Scenario, *, actor: Person, at: datetime) -> Notice:
    """Publish a validated scenario: a frozen copy at an address that will not change, here or beside the academy's."""
    released = releasing.release(scenario, actor=actor, at=at)
    notice = draw(released, at)
    note_changes([notice])
    _watch(released, notice, at)
    tell_release(released, notice, actor, at)
    return notice


def _watch(release: Release, notice: Notice, at: datetime) -> None:
    """What is on line is audited from now on, wherever it is."""
    auditing.watch(
        release.address or f"{settings.SITE_ADDRESS}/notices/{notice.pk}",
        release=release,
        academy=release.scenario.group.application.academy,
        licence=notice.licence,
        ours=release.way == Way.HERE,
        at=at,
    )


def draw(release: Release, at: datetime) -> Notice:
    """What readers see of a released version: the notice, and the address of this version."""
    notice = _publish_notice(release, at)
    _keep_version(notice, release, at)
    return notice


def _publish_notice(release: Release, at: datetime) -> Notice:
    scenario = release.scenario
    fields = {
        **_frozen(release),
        "state": Notice.State.PUBLISHED,
        "version": release.version,
        "tests": _tests(scenario),
        "errata": _errata(release),
        "inspired_by": _inspiration(scenario),
        "reason": "",
        "datestamp": at.replace(microsecond=0),
    }
    notice, _ = Notice.objects.update_or_create(
        source_key=f"scenario:{scenario.pk}",
        defaults=fields,
        create_defaults={**fields, "published_on": published_on(release, at)},
    )
    return notice


def _inspiration(scenario: Scenario) -> Notice | None:
    """The notice that the scenario was begun from, or that of the scenario it was drawn from."""
    key = scenario.source or (f"scenario:{scenario.origin_id}" if scenario.origin_id else "")
    return Notice.objects.filter(source_key=key).first() if key else None


def published_on(release: Release, at: datetime) -> date:
    """Elsewhere, the day the academy says it put it on line; here, today."""
    return release.dated or localtime(at).date()


def _frozen(release: Release) -> dict[str, Any]:
    """The fields of a notice that each version keeps as they were."""
    content, application = release.content, release.scenario.group.application
    theme = PublicTheme.objects.filter(source_key=f"theme:{application.theme_id}").first()
    return {
        **{name: content[name] for name in SAME},
        **_read_where(release),
        "authors": content["authors"]
        or f"Groupe TraAM de l'académie {reference.academies()[application.academy].of_name}",
        "theme_id": theme.pk if theme else None,
        "years": application.theme.campaign.years,
        "academies": [application.academy],
    }


def _read_where(release: Release) -> dict[str, Any]:
    """The text and its pieces, here; elsewhere, the address where the academy gives them: the summary only is here."""
    if release.way == Way.ELSEWHERE:
        return {"sections": [], "pieces": [], "links": [], "source_url": release.address}
    content = release.content
    return {
        "sections": [list(row) for row in read(content["sections"], content.get("phases", []))],
        "pieces": content["pieces"],
        "links": [piece["address"] for piece in content["pieces"] if piece["address"]],
        "source_url": "",
    }


def _keep_version(notice: Notice, release: Release, at: datetime) -> None:
    """Published again after a withdrawal, a version finds its address and its first date again."""
    fields = {"content": _frozen(release), "errata": notice.errata, "withdrawn_on": None, "reason": ""}
    NoticeVersion.objects.update_or_create(
        notice=notice,
        version=release.version,
        defaults=fields,
        create_defaults={**fields, "published_on": published_on(release, at)},
    )


def _errata(release: Release) -> list[dict[str, str]]:
    return [{"on": localtime(one.signed_at).date().isoformat(), "text": one.text} for one in release.errata.all()]


@transaction.atomic
def add_erratum(scenario: Scenario, text: str, *, actor: Person, at: datetime) -> Notice:
    """Say a mistake beside the version that is published, which itself does not change."""
    erratum = releasing.add_erratum(scenario, text, actor=actor, at=at)
    notice = Notice.objects.select_for_update().get(source_key=f"scenario:{scenario.pk}")
    notice.errata = _errata(erratum.release)
    notice.versions.filter(version=erratum.release.version).update(errata=notice.errata)
    _save(notice, "errata", at=at)
    tell_erratum(erratum, notice, actor, at)
    return notice


@transaction.atomic
def note_edubase(scenario: Scenario, number: int | None, address: str, *, actor: Person, at: datetime) -> Notice:
    """Note the number and the address of the sheet in Édubase: the public page leads to it."""
    entry = releasing.note_edubase(scenario, number, address, actor=actor, at=at)
    notice = Notice.objects.select_for_update().get(source_key=f"scenario:{scenario.pk}")
    notice.edubase_number, notice.edubase_address = entry.number, entry.address
    _save(notice, "edubase_number", "edubase_address", at=at)
    return notice


@transaction.atomic
def withdraw(scenario: Scenario, *, reason: str, actor: Person, at: datetime) -> Notice:
    """Withdraw a published scenario: its addresses say so, its files are no longer given, harvesters see it deleted."""
    released = releasing.withdraw(scenario, reason=reason, actor=actor, at=at)
    auditing.stop_watching(released, at=at)
    notice = Notice.objects.select_for_update().get(source_key=f"scenario:{scenario.pk}")
    notice.state, notice.reason = Notice.State.WITHDRAWN, reason.strip()
    there = notice.versions.filter(withdrawn_on=None)
    there.update(withdrawn_on=localtime(at).date(), reason=notice.reason)
    _save(notice, "state", "reason", at=at)
    tell_withdrawal(released, notice, actor, at)
    return notice


def _save(notice: Notice, *fields: str, at: datetime) -> None:
    notice.datestamp = at.replace(microsecond=0)
    notice.save(update_fields=[*fields, "datestamp"])
    note_changes([notice])


@transaction.atomic
def record_test(
    scenario: Scenario,
    *,
    group: Group | None = None,
    version: int | None = None,
    actor: Person,
    at: datetime,
    **noted: Unpack[trials.Noted],
) -> ClassTest:
    """Write down a test in class; a scenario that is public says so on its page at once."""
    test = trials.record_test(scenario, group=group, version=version, actor=actor, at=at, **noted)
    _publish_tests(test.scenario_id, at)
    return test


@transaction.atomic
def correct_test(
    test: ClassTest, *, version: int | None = None, actor: Person, at: datetime, **noted: Unpack[trials.Noted]
) -> ClassTest:
    """Mend what was noted of a test, in public too."""
    test = trials.correct_test(test, version=version, actor=actor, at=at, **noted)
    _publish_tests(test.scenario_id, at)
    return test


@transaction.atomic
def withdraw_test(test: ClassTest, reason: str, *, actor: Person, at: datetime) -> Scenario:
    """Take away a test noted by mistake, from the public page too."""
    scenario = trials.withdraw_test(test, reason, actor=actor, at=at)
    _publish_tests(scenario.pk, at)
    return scenario


def _publish_tests(scenario: int, at: datetime) -> None:
    """The tests of a public scenario, as they are noted now. A withdrawn notice says nothing more."""
    notices = Notice.objects.select_for_update().filter(source_key=f"scenario:{scenario}")
    notice = notices.filter(state=Notice.State.PUBLISHED).first()
    if notice is None:
        return
    notice.tests = _tests(find_scenario(scenario))
    _save(notice, "tests", at=at)


def _tests(scenario: Scenario) -> list[dict[str, object]]:
    return [
        {
            "academy": test.academy,
            "level": test.level,
            "on": test.on.isoformat(),
            "pupils": test.pupils,
            "worked": test.worked,
            "resisted": test.resisted,
            "advice": test.advice,
        }
        for test in scenario.tests.all()
    ]
