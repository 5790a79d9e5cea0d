"""The pages where a group is composed, and the one of the national group of a theme."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.groups.models import Correspondent, Member
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.spaces.workshop.mailing import LONGEST_LINK, mailing

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SignIn = Callable[[str], Any]


def text(response: Any) -> str:
    return str(response.content.decode())


def address_of(name: str, *args: Any) -> str:
    return reverse(f"workshop:{name}", args=args)


# Replacing, and the history ------------------------------------------------------------------------------


def test_the_referent_is_replaced_and_the_history_says_it(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    before = Member.objects.get(group=lyon, role="referent")
    client = sign_in("inspecteur.lyon")
    page = address_of("replace_member", lyon.pk, before.pk)
    assert "Corps" not in text(client.get(page)), "a référent has no corps to say"
    given = {"name": "Professeure qui arrive", "email": f"arrive@{DOMAIN}", "on": f"{TODAY:%d/%m/%Y}", "school": ""}
    done = text(client.post(page, {**given, "reason": "Mutation à Grenoble"}, follow=True))
    assert "Professeure qui arrive remplace" in done
    assert "Ont quitté le groupe (1)" in done
    assert "Mutation à Grenoble" in done
    assert "sur le point de partir" in done
    assert sign_in("referent.lyon").get(address_of("group", lyon.pk)).status_code == 403
    client.force_login(Person.objects.get(email=f"arrive@{DOMAIN}"))
    assert client.get(address_of("add_member", lyon.pk)).status_code == 200


def test_who_passes_on_her_own_role_comes_back_to_her_workshop(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    lyon = group_of("10")
    mine = Member.objects.get(group=lyon, role="referent")
    given = {"name": "La suivante", "email": f"suivante@{DOMAIN}", "on": f"{TODAY:%d/%m/%Y}"}
    response = sign_in("referent.lyon").post(address_of("replace_member", lyon.pk, mine.pk), given)
    assert response["Location"] == address_of("home")


def test_a_replacement_that_cannot_be_says_why_and_writes_nothing(
    sign_in: SignIn, group_of: Callable[..., Any]
) -> None:
    lyon = group_of("10")
    before = Member.objects.get(group=lyon, role="referent")
    entries = Entry.objects.count()
    given = {"name": "X", "email": f"x@{DOMAIN}", "on": f"{TODAY + timedelta(days=3):%d/%m/%Y}"}
    response = sign_in("inspecteur.lyon").post(address_of("replace_member", lyon.pk, before.pk), given)
    assert response.status_code == 422
    assert "revenez le jour venu" in text(response)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("who", ["enseignante.lyon", "dan.lyon", "expert", "bureau"])
@pytest.mark.parametrize("page", ["replace_member", "end_member", "correct_member", "invite_again"])
def test_others_see_the_composition_and_change_nothing(
    sign_in: SignIn, group_of: Callable[..., Any], who: str, page: str
) -> None:
    lyon = group_of("10")
    member = Member.objects.filter(group=lyon).first()
    assert member is not None
    client = sign_in(who)
    shown = client.get(address_of("composition", lyon.pk))
    assert shown.status_code == 200
    assert "Remplacer" not in text(shown)
    assert client.post(address_of(page, lyon.pk, member.pk), {}).status_code == 403


def test_another_academy_does_not_see_the_composition(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    for who in ("dan.lille", "inspecteur.lille", "referent.lille"):
        assert sign_in(who).get(address_of("composition", group_of("10").pk)).status_code == 403


def test_an_invitation_is_sent_again_and_leads_to_the_account(
    sign_in: SignIn, group_of: Callable[..., Any], client: Any
) -> None:
    lyon = group_of("10")
    client = sign_in("referent.lyon")
    given = {"role": "teacher", "name": "Une collègue", "email": f"collegue@{DOMAIN}", "school": "", "corps": ""}
    client.post(address_of("add_member", lyon.pk), given)
    member = Member.objects.get(group=lyon, person__email=f"collegue@{DOMAIN}")
    again = address_of("invite_again", lyon.pk, member.pk)
    assert "déjà écrite aujourd" in text(client.post(again, follow=True))
    Letter.objects.filter(to=member.person).update(key="invitation:of-the-day-before", state="sent")
    assert f"Invitation envoyée le {TODAY:%d/%m/%Y}" in text(client.get(address_of("composition", lyon.pk)))
    assert "Une nouvelle invitation part" in text(client.post(again, follow=True))
    letter = Letter.objects.filter(to=member.person).latest("pk")
    link = next(word for word in letter.body.split() if "/invitation/" in word)
    client.logout()
    path = "/invitation/" + link.split("/invitation/")[1]
    assert client.get(path, follow=True).status_code == 200


def test_the_composition_costs_the_same_however_many_people(
    sign_in: SignIn, group_of: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    client = sign_in("referent.lyon")
    with django_assert_max_num_queries(13):
        assert client.get(address_of("composition", group_of("10").pk)).status_code == 200


# Ending a group ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "verb"), [("inspecteur.lyon", "end"), ("bureau", "dissolve")])
def test_closing_a_group_asks_first(sign_in: SignIn, group_of: Callable[..., Any], who: str, verb: str) -> None:
    lyon = group_of("10")
    client = sign_in(who)
    page = address_of("move_group", lyon.pk, verb)
    assert f'href="{page}"' in text(client.get(address_of("group", lyon.pk)))
    assert "ses pages restent lisibles" in text(client.get(page))
    lyon.refresh_from_db()
    assert lyon.state == "working"
    assert client.post(page, follow=True).status_code == 200
    lyon.refresh_from_db()
    assert lyon.state == "ended"
    refused = sign_in("referent.lyon").post(address_of("add_member", lyon.pk), {})
    assert refused.status_code == 403
    assert "terminé" in text(refused)


# Addresses -----------------------------------------------------------------------------------------------


def test_the_addresses_are_those_of_who_is_there(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    page = text(sign_in("enseignante.lyon").get(address_of("composition", group_of("10").pk)))
    start = page.index("mailto:?bcc=") + len("mailto:?bcc=")
    copies = page[start : page.index("&amp;subject", start)].split(",")
    assert set(copies) == set(group_of("10").members.values_list("person__email", flat=True))


def test_a_link_that_a_mail_client_would_cut_is_not_offered() -> None:
    few = mailing(["a@b.fr", "A@B.fr", "d'é@b.fr"], "Groupe d'Amiens & co")
    assert (few.count, few.text) == (2, "A@B.fr, d'é@b.fr")
    assert unquote(few.link) == "mailto:?bcc=A@B.fr,d'é@b.fr&subject=Groupe d'Amiens & co"
    assert "& co" not in few.link
    many = mailing([f"prenom.nom{n}@ac-academie.fr" for n in range(100)], "TraAM")
    assert many.link == ""
    assert many.text.count("@") == 100
    assert len(few.link) < LONGEST_LINK


# The national group --------------------------------------------------------------------------------------


def test_the_national_group_is_seen_by_its_members_only(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    page = address_of("national", group_of("10").application.theme_id)
    for who in ("bureau", "expert", "inspection.generale", "referent.lyon", "referent.lille"):
        assert sign_in(who).get(page).status_code == 200, who
        assert page in text(sign_in(who).get("/atelier/")), who
    for who in ("enseignante.lyon", "dan.lyon", "inspecteur.lyon"):
        refused = sign_in(who).get(page)
        assert refused.status_code == 403, who
        assert "est vu par ses membres" in text(refused)


def test_a_correspondent_comes_and_goes(sign_in: SignIn, group_of: Callable[..., Any]) -> None:
    theme = group_of("10").application.theme_id
    client = sign_in("expert")
    page = address_of("invite_correspondent", theme)
    given = {"name": "Une chercheuse", "email": f"chercheuse@{DOMAIN}", "capacity": "Chercheuse associée"}
    assert client.post(page, {**given, "since": "demain"}).status_code == 422
    shown = text(client.post(page, {**given, "since": f"{TODAY:%d/%m/%Y}", "until": ""}, follow=True))
    assert "Chercheuse associée" in shown
    row = Correspondent.objects.get()
    for name in ("end_correspondent", "invite_correspondent_again"):
        assert sign_in("referent.lyon").post(address_of(name, theme, row.pk), {}).status_code == 403
    assert sign_in("referent.lyon").get(page).status_code == 403
    client = sign_in("expert")
    assert client.post(address_of("end_correspondent", theme + 1, row.pk), {}).status_code == 404
    assert client.post(address_of("end_correspondent", theme, row.pk), {"until": ""}).status_code == 422
    ended = client.post(address_of("end_correspondent", theme, row.pk), {"until": f"{TODAY:%d/%m/%Y}"}, follow=True)
    assert "Dernier jour de Une chercheuse" in text(ended)
    row.refresh_from_db()
    assert row.until == TODAY


def test_the_national_group_costs_the_same_however_many_academies(
    sign_in: SignIn, group_of: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    client = sign_in("expert")
    with django_assert_max_num_queries(15):
        assert client.get(address_of("national", group_of("10").application.theme_id)).status_code == 200
