import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import ACCOUNTS, DOMAIN, PASSWORD
from traam.programme.letters.models import Letter
from traam.programme.people.actions import know
from traam.programme.people.models import Person
from traam.programme.people.queries import invitation_path
from traam.spaces.desk import throttle

pytestmark = pytest.mark.django_db
DAN = f"dan.lyon@{DOMAIN}"


@pytest.fixture(autouse=True)
def _empty_notebook(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def enter(client: Any, email: str = DAN, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("desk:sign_in"), {"email": email, "password": password, **more})


def signed_in_as(client: Any) -> str:
    key = client.session.get("_auth_user_id")
    return str(Person.objects.get(pk=key).email) if key else ""


def test_the_right_password_opens_the_dashboard(client: Any) -> None:
    answer = enter(client, email=DAN.upper())
    assert answer.status_code == 302
    assert answer.url == reverse("desk:dashboard")
    assert signed_in_as(client) == DAN


def test_a_wrong_password_says_what_to_do(client: Any) -> None:
    answer = enter(client, password="autre-chose-12")
    assert answer.status_code == 422
    assert "ne vont pas ensemble" in answer.content.decode()
    assert not signed_in_as(client)


def test_an_unknown_account_is_not_told_from_a_wrong_password(client: Any, settings: Any) -> None:
    settings.DEMONSTRATION = False  # its list of accounts names this one
    known = enter(client, password="autre-chose-12").content.decode()
    stranger = enter(client, email=f"personne@{DOMAIN}").content.decode()
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", known).replace(DAN, "") == token.sub("", stranger).replace(f"personne@{DOMAIN}", "")


def test_a_closed_account_does_not_open(client: Any) -> None:
    Person.objects.filter(email=DAN).update(is_active=False)
    assert enter(client).status_code == 422
    assert not signed_in_as(client)


@pytest.mark.parametrize("asked", ["/pilotage/", "/academie/?q=1"])
def test_the_page_asked_for_opens_after(client: Any, asked: str) -> None:
    assert enter(client, next=asked).url == asked


@pytest.mark.parametrize(
    "trap", ["https://ailleurs.invalid/", "//ailleurs.invalid", "javascript:alert(1)", "\\\\ailleurs"]
)
def test_no_one_is_sent_elsewhere(client: Any, trap: str) -> None:
    assert enter(client, next=trap).url == reverse("desk:dashboard")
    client.logout()
    shown = client.get(reverse("desk:sign_in"), {"next": trap})
    assert f'name="next" value="{reverse("desk:dashboard")}"' in shown.content.decode()


def test_a_page_that_needs_an_account_leads_to_the_door_and_back(client: Any) -> None:
    asked = client.get(reverse("desk:dashboard"))
    assert asked.status_code == 302
    door = client.get(asked.url)
    assert f'name="next" value="{reverse("desk:dashboard")}"' in door.content.decode()


def test_five_failures_close_the_door_even_to_the_right_password(client: Any) -> None:
    for _ in range(throttle.MOST_FAILURES):
        enter(client, password="faux-faux-faux")
    refused = enter(client)
    assert refused.status_code == 429
    assert "Attendez dix minutes" in refused.content.decode()
    assert not signed_in_as(client)
    enter(client, email=f"bureau@{DOMAIN}")  # another account is not concerned
    assert signed_in_as(client) == f"bureau@{DOMAIN}"


def test_another_address_is_not_held_responsible(client: Any) -> None:
    for _ in range(throttle.MOST_FAILURES):
        enter(client, password="faux-faux-faux")
    client.post(reverse("desk:sign_in"), {"email": DAN, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert signed_in_as(client) == DAN


def test_a_success_forgets_the_failures(client: Any) -> None:
    for _ in range(throttle.MOST_FAILURES - 1):
        enter(client, password="faux-faux-faux")
    enter(client)
    client.logout()
    enter(client, password="faux-faux-faux")
    enter(client)
    assert signed_in_as(client) == DAN


def test_the_demonstration_shows_its_accounts_and_only_it(client: Any, settings: Any) -> None:
    shown = client.get(reverse("desk:sign_in")).content.decode()
    for account in ACCOUNTS:
        assert account.email in shown
        assert account.role in shown
    assert PASSWORD in shown
    settings.DEMONSTRATION = False
    hidden = client.get(reverse("desk:sign_in")).content.decode()
    assert PASSWORD not in hidden
    assert DOMAIN not in hidden


def test_signing_out_needs_a_post(sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    client.get(reverse("desk:sign_out"))
    assert signed_in_as(client) == DAN
    assert client.post(reverse("desk:sign_out")).url == django_settings.LOGOUT_REDIRECT_URL
    assert not signed_in_as(client)


@pytest.fixture
def invitation() -> tuple[Person, str]:
    at = timezone.now()
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    invited = know(f"nouvelle@{DOMAIN}", "Nouvelle experte", actor=bureau, at=at)
    return invited, f"/invitation/{invitation_path(invited)}"


def test_an_invitation_opens_an_account_once(client: Any, invitation: tuple[Person, str]) -> None:
    invited, address = invitation
    shown = client.get(address)
    assert shown.status_code == 200
    assert "Nouvelle experte" in shown.content.decode()
    good = {"password": "quatre-mots-au-hasard", "again": "quatre-mots-au-hasard"}
    assert client.post(address, good).url == reverse("desk:dashboard")
    assert signed_in_as(client) == invited.email
    client.logout()
    again = client.get(address)
    assert again.status_code == 404
    assert "plus valable" in again.content.decode()
    enter(client, email=invited.email, password="quatre-mots-au-hasard")
    assert signed_in_as(client) == invited.email


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "quatre-mots-au-hasard", "again": "autre"}, "écrivez deux fois le même"),
        ({"password": "court", "again": "court"}, "12"),
        ({"password": "", "again": ""}, "Votre mot de passe"),
    ],
)
def test_a_password_that_does_not_do_opens_nothing(
    client: Any, invitation: tuple[Person, str], typed: dict[str, str], sentence: str
) -> None:
    invited, address = invitation
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_the_address_of_an_invitation_letter_is_the_one_of_the_page(client: Any) -> None:
    letter = Letter.objects.filter(key__startswith="invitation:", to__password__startswith="!").first()
    assert letter is not None
    path = re.search(r"/invitation/\S+", letter.body)
    assert path is not None
    assert client.get(path.group()).status_code == 200


def test_a_forgotten_password_is_chosen_again_by_letter(client: Any) -> None:
    Letter.objects.all().delete()
    answers = [
        client.post("/mot-de-passe-oublie", {"email": f"{name}@{DOMAIN}"}, follow=True) for name in ("dan.lyon", "x")
    ]
    said = [re.search(r"Si un compte porte cette adresse[^<]*", answer.content.decode()) for answer in answers]
    assert said[0] and said[1] and said[0][0] == said[1][0], "the answer tells nobody which accounts exist"
    letter = Letter.objects.get()
    assert letter.to.email == f"dan.lyon@{DOMAIN}"
    path = letter.body.split("127.0.0.1:8000")[1].split()[0]
    chosen = {"password": "une autre phrase longue", "again": "une autre phrase longue"}
    assert client.post(path, chosen).status_code == 302
    assert Person.objects.get(email=f"dan.lyon@{DOMAIN}").check_password("une autre phrase longue")
    client.logout()
    assert client.get(path).status_code == 404, "the link worked once"
