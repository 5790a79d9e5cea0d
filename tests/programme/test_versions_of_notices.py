"""Versions, errata, publication elsewhere, Édubase: what the public reads of a release, and what it no longer reads."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime
from publication_ready import ready

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.catalogue import actions, queries, records
from traam.programme.catalogue.models import Change, Notice, NoticeVersion
from traam.programme.letters.models import Item, Letter
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication import rules
from traam.programme.publication.models import EdubaseEntry, Release, RightsSheet, Way
from traam.programme.publication.sheet_rules import lacks

pytestmark = pytest.mark.django_db
AT = timezone.localtime()
DIGEST = "ab" * 32


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")


@pytest.fixture
def scenario() -> Scenario:
    """The scenario of Lyon that is published, with a file in its version."""
    return find_scenario(Scenario.objects.get(title__startswith="Enquêter", state="validated").pk)


@pytest.fixture
def notice(scenario: Scenario) -> Notice:
    found = queries.notice_of_scenario(scenario.pk)
    assert found is not None
    return found


def with_file(notice: Notice, name: str = "fiche.pdf", digest: str = DIGEST) -> None:
    piece = {"id": 1, "title": "Fiche", "address": "", "file": digest, "filename": name, "size": 3, "screened": True}
    piece |= {"alternative": "", "decorative": False, "licence": "CC-BY", "holder": "", "terms_read_on": ""}
    row = notice.versions.get()
    row.content["pieces"] = notice.pieces = [piece]
    row.save()
    notice.save()


def second(scenario: Scenario, at: datetime) -> Notice:
    """Its second version, released as the inspector does once it is ready."""
    Scenario.objects.filter(pk=scenario.pk).update(version=2, title="Enquêter, deuxième version")
    release = Release.objects.get(scenario=scenario)
    release.pk, release.version = None, 2
    release.content = {**release.content, "title": "Enquêter, deuxième version", "pieces": []}
    release.released_at = at
    release.save()
    notices = import_module("traam.programme.catalogue.notices")
    notice: Notice = notices._publish_notice(release, at)
    notices._keep_version(notice, release, at)
    return notice


def test_a_release_leaves_a_version_at_an_address_of_its_own(client: Client, notice: Notice) -> None:
    page = text(client.get(f"/notices/{notice.pk}/versions/1"))
    assert notice.title in page and "Vous lisez la version 1" in page and "celle d’aujourd’hui" in page
    assert client.get(f"/notices/{notice.pk}/versions/2").status_code == 404
    assert f"/notices/{notice.pk}/versions/1" in text(client.get(f"/notices/{notice.pk}"))


def test_an_old_version_stays_as_it_was(client: Client, scenario: Scenario, notice: Notice, settings: Any) -> None:
    with_file(notice)
    before = notice.title
    second(scenario, AT + timedelta(days=2))
    old, new = (text(client.get(f"/notices/{notice.pk}/versions/{n}")) for n in (1, 2))
    assert f"<h1>{before}" in old and "remplacée le" in old and "noindex" in old
    assert f'<link rel="canonical" href="{settings.SITE_ADDRESS}/notices/{notice.pk}">' in old
    assert "deuxième version" not in old and "deuxième version" in new
    page = text(client.get(f"/notices/{notice.pk}"))
    assert "noindex" not in page and "deuxième version" in page
    assert page.index("Version 2</a>") < page.index("Version 1</a>") and "remplacée le" in page
    assert f"/fichiers/{DIGEST}/fiche.pdf" in old and DIGEST not in page
    assert queries.notice_file(notice.pk, DIGEST, "fiche.pdf").withdrawn is False
    assert DIGEST in set(queries.files_wanted()), "a file of an old version is still wanted"


def test_a_withdrawal_takes_every_version_and_its_files(client: Client, scenario: Scenario, notice: Notice) -> None:
    with_file(notice)
    second(scenario, AT)
    actions.withdraw(scenario, reason="Un élève y est nommé.", actor=who("inspecteur.lyon"), at=AT)
    addresses = [f"/notices/{notice.pk}/versions/{n}" for n in (1, 2)]
    for address in [*addresses, f"/notices/{notice.pk}/fichiers/{DIGEST}/fiche.pdf"]:
        gone = client.get(address)
        assert gone.status_code == 410 and "Un élève y est nommé." in text(gone), address


def test_what_comes_back_is_what_is_published_again_only(client: Client, scenario: Scenario, notice: Notice) -> None:
    """The first version named a pupil: publishing the second does not put it back on line."""
    with_file(notice)
    actions.withdraw(scenario, reason="Un élève y est nommé.", actor=who("inspecteur.lyon"), at=AT)
    second(scenario, AT)
    assert client.get(f"/notices/{notice.pk}").status_code == 200
    assert client.get(f"/notices/{notice.pk}/versions/2").status_code == 200
    gone = client.get(f"/notices/{notice.pk}/versions/1")
    assert gone.status_code == 410 and "La version 1 a été retirée" in text(gone)
    file = client.get(f"/notices/{notice.pk}/fichiers/{DIGEST}/fiche.pdf")
    assert file.status_code == 410 and "nommé" in text(file)


def test_an_erratum_is_read_at_the_top_and_known_of_harvesters(
    client: Client, scenario: Scenario, notice: Notice
) -> None:
    later, changes = AT + timedelta(minutes=5), Change.objects.filter(notice=notice).count()
    actions.add_erratum(scenario, " Étape 2 : lire 1918. ", actor=who("inspecteur.lyon"), at=later)
    notice.refresh_from_db()
    assert notice.errata == [{"on": later.date().isoformat(), "text": "Étape 2 : lire 1918."}]
    assert notice.datestamp == later.replace(microsecond=0)
    assert Change.objects.filter(notice=notice).count() == changes + 1
    for address in (f"/notices/{notice.pk}", f"/notices/{notice.pk}/versions/1"):
        page = text(client.get(address))
        assert page.index("Erratum") < page.index("lire 1918") < page.index("fr-text--lead"), address
    assert notice.versions.get().content["title"] == notice.title
    told = Item.objects.filter(key__startswith="erratum:").values_list("to__email", flat=True)
    assert f"referent.lyon@{DOMAIN}" in told and f"inspecteur.lyon@{DOMAIN}" not in told
    second(scenario, later)
    assert "Erratum" not in text(client.get(f"/notices/{notice.pk}"))
    assert "Erratum" in text(client.get(f"/notices/{notice.pk}/versions/1"))


def test_an_erratum_is_signed_by_a_publisher_and_says_something(scenario: Scenario) -> None:
    with pytest.raises(Refused, match="signé par l'inspecteur"):
        actions.add_erratum(scenario, "Non", actor=who("referent.lyon"), at=AT)
    for bad in ("  ", "x" * 2001):
        with pytest.raises(Invalid) as caught:
            actions.add_erratum(scenario, bad, actor=who("bureau"), at=AT)
        assert set(caught.value.errors) == {"text"}
    actions.withdraw(scenario, reason="Retiré", actor=who("bureau"), at=AT)
    with pytest.raises(Refused, match="n'est pas publié"):
        actions.add_erratum(scenario, "Trop tard", actor=who("bureau"), at=AT)


def test_letters_of_a_withdrawal_leave_at_once(scenario: Scenario) -> None:
    actions.withdraw(scenario, reason="Une image n'est pas libre.", actor=who("inspecteur.lyon"), at=AT)
    letters = Letter.objects.filter(key__startswith="withdrawn:")
    told = set(letters.values_list("to__email", flat=True))
    assert {f"referent.lyon@{DOMAIN}", f"dan.lyon@{DOMAIN}"} <= told and f"inspecteur.lyon@{DOMAIN}" not in told
    assert all("Une image n'est pas libre." in letter.body for letter in letters)


@pytest.fixture
def campaign(scenario: Scenario) -> Any:
    return scenario.group.application.theme.campaign


def wrong(scenario: Scenario, address: str, dated: date | None) -> list[tuple[str, str]]:
    """What the sheet says of a page elsewhere: (field, sentence)."""
    sheet = RightsSheet.objects.get(scenario=scenario)
    sheet.scenario, sheet.way, sheet.address, sheet.dated = scenario, Way.ELSEWHERE, address, dated
    found = lacks(sheet, AT.date())
    return [(lack.field, lack.sentence) for lack in found if lack.field in {"address", "dated"} and not lack.resource]


@pytest.mark.parametrize(
    ("address", "day", "field", "said"),
    [
        ("", 0, "address", "Donnez l'adresse"),
        ("http://pedagogie.ac-lyon.fr/x", 0, "address", "https://"),
        ("ours", 0, "address", "celle de la plateforme"),
        ("https://pedagogie.ac-lyon.fr/x", None, "dated", "Donnez le jour"),
        ("https://pedagogie.ac-lyon.fr/x", 1, "dated", "pas encore venu"),
        ("https://pedagogie.ac-lyon.fr/x", "launch", "dated", "La campagne a commencé"),
    ],
)
def test_a_publication_elsewhere_does_not_contradict_the_campaign(
    scenario: Scenario, campaign: Any, settings: Any, address: str, day: int | str | None, field: str, said: str
) -> None:
    settings.SITE_ADDRESS = "https://traam.exemple.fr"
    days: dict[Any, date | None] = {"launch": campaign.on("launch") - timedelta(days=1), None: None}
    dated = days[day] if day in days else AT.date() + timedelta(days=int(day or 0))
    found = wrong(scenario, "https://traam.exemple.fr/notices/1" if address == "ours" else address, dated)
    assert [name for name, _ in found] == [field] and said in found[0][1]


def test_the_days_of_the_campaign_are_good(scenario: Scenario, campaign: Any) -> None:
    for dated in (campaign.on("launch"), AT.date()):
        assert wrong(scenario, "https://pedagogie.ac-lyon.fr/x", dated) == []


def test_a_version_is_not_older_than_the_one_before_it(scenario: Scenario) -> None:
    first = localtime(Release.objects.get(scenario=scenario).released_at).date()
    scenario.version = 2
    assert "avant la version 1" in rules.out_of_order(scenario, first - timedelta(days=1))
    assert rules.out_of_order(scenario, first) == rules.out_of_order(scenario, None) == ""


def test_published_elsewhere_the_text_is_read_there(
    client: Client, scenario: Scenario, notice: Notice, campaign: Any
) -> None:
    actions.withdraw(scenario, reason="Le site de l'académie est prêt.", actor=who("bureau"), at=AT)
    dated = campaign.on("launch") + timedelta(days=1)
    wished = {"way": Way.ELSEWHERE, "address": "https://pedagogie.ac-lyon.fr/enquete", "dated": dated}
    RightsSheet.objects.filter(scenario=scenario).update(**wished)
    with pytest.raises(Invalid, match="signature.*auditée"):
        actions.release(scenario, actor=who("bureau"), at=AT)
    ready(scenario, AT)
    found = actions.release(scenario, actor=who("bureau"), at=AT)
    assert (found.pk, found.source_url, found.sections) == (notice.pk, "https://pedagogie.ac-lyon.fr/enquete", [])
    release = Release.objects.get(scenario=scenario)
    assert (release.way, release.dated) == (Way.ELSEWHERE, dated) and release.content["sections"]
    page = text(client.get(f"/notices/{notice.pk}"))
    assert 'href="https://pedagogie.ac-lyon.fr/enquete"' in page and "se lit sur le site de l’académie" in page
    assert notice.summary.split(".")[0] in page and "Archive" not in page
    assert "Déroulement" not in page
    sheet = {entry.label: entry.value for entry in records.edubase_sheet(found)}
    assert sheet["Adresse de la ressource"] == "https://pedagogie.ac-lyon.fr/enquete"
    assert sheet["Point du programme"] == release.content["sections"]["objectives"]


@pytest.mark.parametrize(
    ("number", "address", "kept"),
    [
        (24254, "", 24254),
        (None, "https://edubase.eduscol.education.fr/fiche/24254", 24254),
        (24254, " https://edubase.eduscol.education.fr/fiche/24254/ ", 24254),
    ],
)
def test_the_number_of_edubase_comes_back(
    client: Client, scenario: Scenario, notice: Notice, number: int | None, address: str, kept: int
) -> None:
    later = AT + timedelta(minutes=1)
    actions.note_edubase(scenario, number, address, actor=who("referent.lyon"), at=later)
    notice.refresh_from_db()
    assert notice.edubase_number == kept and notice.datestamp == later.replace(microsecond=0)
    page = text(client.get(f"/notices/{notice.pk}"))
    assert f'href="https://edubase.eduscol.education.fr/fiche/{kept}"' in page and f"Fiche {kept}" in page


@pytest.mark.parametrize(
    ("number", "address", "field"),
    [
        (None, " ", "number"),
        (-1, "", "number"),
        (24255, "https://edubase.eduscol.education.fr/fiche/24254", "number"),
        (None, "http://edubase.eduscol.education.fr/fiche/24254", "address"),
        (None, "https://edubase.eduscol.education.fr.exemple.fr/fiche/24254", "address"),
        (None, "https://edubase.eduscol.education.fr/recherche?q=24254", "address"),
        (None, "https://edubase.eduscol.education.fr/fiche/0", "address"),
    ],
)
def test_a_sheet_that_is_not_of_edubase_is_refused(
    scenario: Scenario, number: int | None, address: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        actions.note_edubase(scenario, number, address, actor=who("referent.lyon"), at=AT)
    assert set(caught.value.errors) == {field} and not EdubaseEntry.objects.exists()


def test_a_sheet_of_edubase_is_that_of_one_scenario(scenario: Scenario) -> None:
    other = Scenario.objects.exclude(pk=scenario.pk).filter(releases__state="released").first()
    assert other is not None
    actions.note_edubase(other, 24254, "", actor=who("bureau"), at=AT)
    with pytest.raises(Invalid, match="déjà celle de"):
        actions.note_edubase(scenario, 24254, "", actor=who("bureau"), at=AT)
    with pytest.raises(Refused, match="rapporté par"):
        actions.note_edubase(scenario, 1, "", actor=who("enseignante.lyon"), at=AT)


def test_notices_released_before_get_the_row_of_their_version(notice: Notice) -> None:
    NoticeVersion.objects.all().delete()
    import_module("traam.programme.catalogue.migrations.0007_versions_of_notices").keep_versions(apps, None)
    assert [row.content["title"] for row in notice.versions.all()] == [notice.title]
    assert not NoticeVersion.objects.filter(notice__source_key__startswith="history:").exists()
    assert queries.version(notice.pk, 1).then.sections == notice.sections
