from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.groups.models import (
    DasenAgreement,
    Document,
    Group,
    Meeting,
    Member,
    Milestone,
    Point,
    ProgressNote,
    ServicePeriod,
    Share,
    WatchItem,
)
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode())


def test_each_role_sees_the_groups_of_its_scope(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    lyon, lille = group_of("10"), group_of("09")
    for who, seen in (
        ("referent.lyon", {lyon.pk}),
        ("enseignante.lyon", {lyon.pk}),
        ("dan.lyon", {lyon.pk}),
        ("inspecteur.lyon", {lyon.pk}),
        ("bureau", {lyon.pk, lille.pk}),
        ("expert", {lyon.pk, lille.pk}),
        ("inspection.generale", {lyon.pk, lille.pk}),
    ):
        client = sign_in(who)
        home = text(client.get("/atelier/"))
        for group in (lyon, lille):
            address = reverse("workshop:group", args=[group.pk])
            assert (f'href="{address}"' in home) is (group.pk in seen), (who, group)
            assert client.get(address).status_code == (200 if group.pk in seen else 403), (who, group)


def test_a_refused_group_says_who_reads_it(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    response = sign_in("dan.lille").get(reverse("workshop:group", args=[group_of("10").pk]))
    assert response.status_code == 403
    assert "Ce groupe est lu par ses membres" in text(response)


def test_nobody_reads_without_an_account(client: Any, group_of: Callable[..., Any]) -> None:
    for address in ("/atelier/", reverse("workshop:group", args=[group_of("10").pk])):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("who", ["enseignante.lyon", "dan.lyon", "expert", "bureau"])
@pytest.mark.parametrize("page", ["add_member", "add_meeting", "agreement"])
def test_only_its_referent_and_inspector_compose_a_group(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any], who: str, page: str
) -> None:
    client = sign_in(who)
    address = reverse(f"workshop:{page}", args=[group_of("10").pk])
    assert client.get(address).status_code == client.post(address, {}).status_code == 403


def test_the_page_shows_what_lacks_with_its_clause_and_where_to_mend(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lille = group_of("09", 1)
    page = text(sign_in("referent1.lille").get(reverse("workshop:group", args=[lille.pk])))
    assert f"{reverse('public:edition', args=['traam-2022'])}#B.12" in page
    assert f"{reverse('workshop:add_member', args=[lille.pk])}?role=cardie" in page
    assert "Complétez d&#39;abord ce que" in page
    reader = text(sign_in("dan.lille").get(reverse("workshop:group", args=[lille.pk])))
    assert "?role=cardie" not in reader
    assert "Déclarer le groupe constitué" not in reader


def test_adding_the_last_member_lets_the_group_start(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lille = group_of("09", 1)
    client = sign_in("referent1.lille")
    start = reverse("workshop:move_group", args=[lille.pk, "start"])
    refused = client.post(start)
    assert refused.status_code == 422
    assert "(article B.12)" in text(refused).replace("\u00a0", " ")
    added = client.post(
        reverse("workshop:add_member", args=[lille.pk]),
        {"role": "cardie", "name": "CARDIE de Lille", "email": f"cardie.lille@{DOMAIN}", "school": "", "corps": ""},
        follow=True,
    )
    assert "CARDIE de Lille est dans le groupe" in text(added)
    assert client.get(start).status_code == 302
    assert "au travail" in text(client.post(start, follow=True))
    lille.refresh_from_db()
    assert lille.state == "working"


def test_a_bad_member_is_refused_beside_the_fields(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    before = Member.objects.count()
    response = sign_in("referent.lyon").post(
        reverse("workshop:add_member", args=[group_of("10").pk]),
        {"role": "inspector", "name": "Personne", "email": f"p@{DOMAIN}", "school": "0699901A", "corps": ""},
    )
    assert response.status_code == 422
    assert "lettre de contrôle" in text(response)
    assert "Choisissez le corps" in text(response)
    assert Member.objects.count() == before


def test_ending_a_role_asks_first_and_ends_the_rights(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    member = Member.objects.get(group=lyon, person__email=f"enseignante.lyon@{DOMAIN}")
    address = reverse("workshop:end_member", args=[lyon.pk, member.pk])
    client = sign_in("referent.lyon")
    assert "ne verra plus" in text(client.get(address))
    given = {"on": f"{member.since:%d/%m/%Y}", "reason": "Fin de mission"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert client.post(address, {**given, "on": f"{tomorrow:%d/%m/%Y}"}).status_code == 422
    after = text(client.post(address, given, follow=True))
    assert "a pris fin" in after
    assert "Ont quitté le groupe (1)" in after
    assert "Fin de mission" in after
    former = sign_in("enseignante.lyon")
    assert former.get(reverse("workshop:group", args=[lyon.pk])).status_code == 403
    scenario = lyon.scenarios.order_by("pk")[0]
    assert former.get(reverse("workshop:scenario", args=[scenario.pk])).status_code == 403
    assert former.get(reverse("workshop:edit_scenario", args=[scenario.pk])).status_code == 403


def test_a_member_of_another_group_is_not_found_here(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    stranger = Member.objects.filter(group=group_of("09")).first()
    assert stranger is not None
    address = reverse("workshop:end_member", args=[group_of("10").pk, stranger.pk])
    assert sign_in("referent.lyon").post(address).status_code == 404


def test_meetings_and_the_agreement_are_noted(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    client = sign_in("referent.lyon")
    year = lyon.application.theme.campaign.first_year
    address = reverse("workshop:add_meeting", args=[lyon.pk])
    good = {"on": f"15/03/{year + 2}", "mode": "remote", "subject": "Point d'étape", "place": ""}
    assert client.post(address, {**good, "on": "15/03/2006"}).status_code == 422
    assert client.post(address, {**good, "mode": "letter"}).status_code == 422
    yesterday = timezone.localdate() - timedelta(days=1)
    before = Meeting.objects.filter(group=lyon).count()
    page = text(client.post(address, good, follow=True))
    assert "prévue" in page
    assert "Point d'étape" in page.replace("&#39;", "'").replace("’", "'")
    assert Meeting.objects.filter(group=lyon).count() == before + 1
    agreed = client.post(
        reverse("workshop:agreement", args=[lyon.pk]), {"given_on": f"{yesterday:%d/%m/%Y}"}, follow=True
    )
    assert "Accord du DASEN" in text(agreed)
    assert DasenAgreement.objects.get(group=lyon).given_on == yesterday


def test_the_corps_of_the_inspector_is_completed(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    group = group_of("10", 1)
    inspector = Member.objects.get(group=group, role="inspector")
    address = reverse("workshop:correct_member", args=[group.pk, inspector.pk])
    client = sign_in("inspecteur.lyon")
    assert address in text(client.get(reverse("workshop:group", args=[group.pk])))
    assert client.post(address, {"corps": "proviseur"}).status_code == 422
    assert client.post(address, {"corps": "IEN-ET", "school": "0690000Z"}).status_code == 422
    assert client.post(address, {"corps": "IEN-ET"}).status_code == 302
    inspector.refresh_from_db()
    assert inspector.corps == "IEN-ET"


def test_an_unknown_move_is_not_found(sign_in: Callable[[str], Any], group_of: Callable[..., Any]) -> None:
    client = sign_in("referent.lyon")
    assert client.post(reverse("workshop:move_group", args=[group_of("10").pk, "explode"])).status_code == 404
    assert client.post(reverse("workshop:move_group", args=[group_of("10").pk, "end"])).status_code == 403


def test_the_list_asks_as_much_for_sixteen_groups_as_for_one(
    sign_in: Callable[[str], Any], django_assert_max_num_queries: Any
) -> None:
    for who in ("referent.lyon", "bureau"):
        client = sign_in(who)
        with django_assert_max_num_queries(22):
            assert client.get("/atelier/").status_code == 200


def busy(group: Group, at: datetime) -> None:
    """Give a group twenty rows of each thing that its front page tells."""
    theme, author = group.application.theme, Person.objects.get(email=f"referent.lyon@{DOMAIN}")
    tomorrow = at.date() + timedelta(days=1)
    period = ServicePeriod.objects.filter(campaign=theme.campaign).first()
    for n in range(20):
        meeting = Meeting.objects.create(group=group, on=tomorrow, mode="remote", subject=f"R{n}", recorded_at=at)
        Meeting.objects.create(theme=theme, on=tomorrow, mode="remote", subject=f"N{n}", recorded_at=at)
        Milestone.objects.create(theme=theme, label=f"E{n}", on=tomorrow, proposed_by=author, changed_at=at)
        Point.objects.create(meeting=meeting, kind="action", text=f"A{n}", due=at.date() - timedelta(days=n))
        ProgressNote.objects.create(
            group=group, author=author, mood="late", text=f"T{n}", written_at=at + timedelta(seconds=n), changed_at=at
        )
        WatchItem.objects.create(
            group=group, address=f"https://exemple.fr/{n}", title=f"V{n}", why="?", shared_by=author, shared_at=at
        )
        Document.objects.create(group=group, title=f"D{n}", personal_data="none", shared_by=author, shared_at=at)
        person = Person.objects.create(email=f"m{n}@{DOMAIN}", name=f"M{n}", created_at=at)
        member = Member.objects.create(group=group, person=person, role="teacher", since=at.date())
        if period:
            Share.objects.create(period=period, member=member, planned=100)


@pytest.mark.parametrize(
    "who", ["referent.lyon", "enseignante.lyon", "inspecteur.lyon", "dan.lyon", "expert", "bureau"]
)
def test_the_front_page_takes_as_many_queries_whatever_the_group_did(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any], who: str
) -> None:
    group = group_of("10")
    client, address = sign_in(who), reverse("workshop:group", args=[group.pk])
    counts = []
    for made in (False, True):
        if made:
            busy(group, timezone.localtime())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 18  # one for each kind of production it lists


def test_the_front_page_tells_the_latest_of_each_part(
    sign_in: Callable[[str], Any], group_of: Callable[..., Any]
) -> None:
    group, at = group_of("10"), timezone.localtime()
    documents = group.documents.filter(withdrawn_at=None).count()
    busy(group, at)
    Meeting.objects.filter(subject__in=["R0", "N0"]).update(on=at.date())
    Meeting.objects.filter(subject="R0").update(state="cancelled")
    page = text(sign_in("referent.lyon").get(reverse("workshop:group", args=[group.pk]))).replace("\u00a0", " ")
    assert "T19" in page
    assert "T18" not in page
    assert f"Tous les documents ({documents + 20})" in page
    assert "À faire après les réunions" in page
    assert "19 en retard" in page  # those of today are not late yet
    assert "N0" in page
    assert "R0" not in page


@pytest.mark.parametrize("page", ["progress", "documents"])
def test_the_way_back_leads_to_the_group_for_who_may_see_it(
    client: Any, group_of: Callable[..., Any], page: str
) -> None:
    """A référent of another group of the theme reads what this one shares; its front page is not hers."""
    group = group_of("10")
    theme = group.application.theme
    referents = Member.objects.filter(role="referent", until=None, group__application__theme=theme)
    mine, other = (referents.filter(group=group)[0], referents.exclude(group=group).exclude(group__state="ended")[0])
    front = reverse("workshop:group", args=[group.pk])
    for member, sees in ((mine, True), (other, False)):
        client.force_login(member.person)
        assert client.get(front).status_code == (200 if sees else 403)
        answer = client.get(reverse(f"workshop:{page}", args=[group.pk]))
        assert answer.status_code == 200
        assert (f'href="{front}"' in text(answer)) is sees
        assert f">Groupe {group.of_academy}<" in text(answer)
