"""What is asked besides a password, of whom, and how one's account is kept."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN, PASSWORD
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Letter
from traam.programme.people import factors, securing
from traam.programme.people.models import Person, SignIn
from traam.spaces.desk import door, entrance

pytestmark = pytest.mark.django_db
BUREAU, DAN = f"bureau@{DOMAIN}", f"dan.lyon@{DOMAIN}"


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "FLOOR", 0.0)


def enter(client: Any, email: str = DAN, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/connexion", {"email": email, "password": password, **more})


def inside(client: Any) -> bool:
    return "_auth_user_id" in client.session


def someone(email: str = DAN) -> Person:
    return Person.objects.get(email=email)


def code_of(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def told(person: Person) -> list[str]:
    return list(Letter.objects.filter(to=person, key__startswith="account:").values_list("body", flat=True))


def with_app(email: str = DAN) -> tuple[str, list[str]]:
    """An application of codes is tied, by the code of the half minute before. Its secret, the recovery codes."""
    secret = securing.new_app_secret()
    return secret, securing.add_app(secret, code_of(secret, -1), actor=someone(email), at=timezone.localtime())


def test_an_application_of_codes_is_tied_then_asked(client: Any) -> None:
    enter(client)
    page = client.get("/mon-compte/application-de-codes").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret and "data:image/svg+xml;base64," in page
    plain = secret[1].replace(" ", "")
    wrong = client.post("/mon-compte/application-de-codes", {"code": "000 000"})
    assert wrong.status_code == 422 and "recopiez-le" in wrong.content.decode()
    done = client.post("/mon-compte/application-de-codes", {"code": code_of(plain, -1)})
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", done.content.decode())
    assert len(codes) == 10
    assert "application de codes" in told(someone())[0]
    assert Entry.objects.filter(verb="add_factor", data={"factor": "totp"}).exists()
    assert plain not in Authenticator.objects.get(type="totp").data["secret"], "sealed in the database"

    client.post("/deconnexion")
    answer = enter(client, next="/academie/")
    assert answer.url == "/connexion/second-facteur" and not inside(client)
    assert client.get("/tableau-de-bord").status_code == 302
    assert client.post(answer.url, {"code": "123456"}).status_code == 422
    opened = client.post(answer.url, {"code": code_of(plain)})
    assert opened.url == "/academie/" and inside(client)


def test_a_code_serves_once(client: Any) -> None:
    secret, _ = with_app()
    enter(client)
    used = code_of(secret)
    client.post("/connexion/second-facteur", {"code": used})
    assert inside(client)
    client.post("/deconnexion")
    enter(client)
    assert client.post("/connexion/second-facteur", {"code": used}).status_code == 422
    assert not inside(client)


def test_a_recovery_code_opens_once_and_is_told(client: Any) -> None:
    _, codes = with_app()
    enter(client)
    client.post("/connexion/second-facteur", {"code": f"{codes[3][:4]} {codes[3][4:]}"})
    assert inside(client)
    assert "il vous en reste 9" in told(someone())[-1]
    client.post("/deconnexion")
    enter(client)
    assert client.post("/connexion/second-facteur", {"code": codes[3]}).status_code == 422


def test_guessing_the_second_factor_ends(client: Any) -> None:
    secret, _ = with_app()
    enter(client)
    for n in range(door.MOST_TRIES):
        client.post("/connexion/second-facteur", {"code": f"{n:06}"})
    over = client.post("/connexion/second-facteur", {"code": code_of(secret)})
    assert over.url == "/connexion" and not inside(client)


def test_a_forgotten_password_does_not_go_round_the_second_factor(client: Any) -> None:
    with_app()
    client.post("/mot-de-passe-oublie", {"email": DAN})
    path = Letter.objects.get(key__startswith="password:").body.split("127.0.0.1:8000")[1].split()[0]
    answer = client.post(path, {"password": "une autre phrase longue", "again": "une autre phrase longue"})
    assert answer.url == "/connexion/second-facteur" and not inside(client)


def test_on_a_real_site_the_national_team_is_led_to_protect_its_accounts(client: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = ["national"]
    enter(client, BUREAU)
    for address in ("/tableau-de-bord", "/pilotage/", "/mes-courriels", "/mon-compte/mot-de-passe", "/mon-compte/role"):
        assert client.get(address).url.startswith("/mon-compte/second-facteur?next="), address
    assert client.post("/pilotage/personnes/inviter", {"email": "x@y.fr"}).status_code == 302
    led = client.get("/mon-compte/second-facteur").content.decode()
    assert "Votre rôle demande un second facteur" in led
    client.get("/mon-compte/application-de-codes")
    secret = client.session["account.app_secret"]
    client.post("/mon-compte/application-de-codes", {"code": code_of(secret)})
    assert client.get("/pilotage/").status_code == 200
    factor = factors.of(someone(BUREAU))[0]
    kept = client.get(f"/mon-compte/moyens/{factor.pk}/retirer")
    assert kept.status_code == 403 and "dernier" in kept.content.decode()


def test_other_roles_and_demonstrations_are_not_led_there(client: Any, settings: Any) -> None:
    enter(client, BUREAU)
    assert client.get("/pilotage/").status_code == 200
    assert "aucun second facteur n’est exigé" in client.get("/mon-compte").content.decode()
    client.post("/deconnexion")
    settings.SECOND_FACTOR = ["national"]
    enter(client)
    assert client.get("/tableau-de-bord").status_code == 200


def test_a_session_opened_before_the_role_came_gives_its_factor_first(client: Any, settings: Any) -> None:
    enter(client, BUREAU)
    secret, _ = with_app(BUREAU)
    settings.SECOND_FACTOR = ["national"]
    led = client.get("/pilotage/")
    assert led.url == "/mon-compte/confirmation?next=%2Fpilotage%2F"
    page = client.get(led.url).content.decode()
    assert "Votre mot de passe" not in page, "the password is not a second factor"
    assert client.post(led.url, {"code": code_of(secret), "next": "/pilotage/"}).url == "/pilotage/"
    assert client.get("/pilotage/").status_code == 200


def test_what_opens_the_account_changes_only_for_who_proved_lately_who_she_is(sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    asked = client.get("/mon-compte/mot-de-passe")
    assert asked.url == "/mon-compte/confirmation?next=%2Fmon-compte%2Fmot-de-passe"
    refused = client.post(asked.url, {"password": "ce n'est pas elle"})
    assert refused.status_code == 422
    proved = client.post(asked.url, {"password": PASSWORD, "next": "/mon-compte/mot-de-passe"})
    assert proved.url == "/mon-compte/mot-de-passe"
    assert client.get(proved.url).status_code == 200


def test_another_password_closes_the_other_sessions_and_is_told(client: Any) -> None:
    from django.test import Client

    elsewhere = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/131.0")
    enter(elsewhere)
    enter(client)
    assert "Firefox, Windows" in client.get("/mon-compte").content.decode()
    key = client.session.session_key
    good = {"password": "une autre phrase longue", "again": "une autre phrase longue"}
    assert client.post("/mon-compte/mot-de-passe", good).url == "/mon-compte"
    assert client.session.session_key != key, "a new key"
    assert client.get("/tableau-de-bord").status_code == 200
    assert elsewhere.get("/tableau-de-bord").status_code == 302
    assert "celle-ci" in client.get("/mon-compte").content.decode()
    assert any("mot de passe" in body for body in told(someone()))
    assert Entry.objects.filter(verb="change_password").count() == 1


def test_sessions_are_closed_one_by_one_or_all(client: Any) -> None:
    from django.test import Client

    others = [Client(), Client(), Client()]
    for other in others:
        enter(other)
    enter(client)
    [first, *_] = SignIn.objects.filter(person=someone()).order_by("pk")
    client.post(f"/mon-compte/sessions/{first.pk}/fermer")
    assert others[0].get("/tableau-de-bord").status_code == 302
    assert others[1].get("/tableau-de-bord").status_code == 200
    client.post("/mon-compte/sessions/fermer")
    assert others[1].get("/tableau-de-bord").status_code == 302
    assert client.get("/tableau-de-bord").status_code == 200


def test_the_session_has_a_new_key_once_signed_in(client: Any) -> None:
    client.get("/connexion/cle-d-acces")
    before = client.session.session_key
    enter(client)
    assert before and client.session.session_key != before


def letters_with_code() -> list[Letter]:
    return list(Letter.objects.filter(key__startswith="code:"))


def test_a_code_by_mail_opens_the_account_in_this_browser_only(client: Any) -> None:
    from django.test import Client

    asked = client.post("/connexion/code", {"email": DAN.upper(), "next": "/academie/"})
    assert asked.url == "/connexion/code/saisir"
    [letter] = letters_with_code()
    code = re.search(r"\d{4} \d{4}", letter.body)
    assert code
    assert code[0].replace(" ", "") not in str(dict(client.session))
    stranger = Client()
    stranger.post("/connexion/code", {"email": f"personne@{DOMAIN}"})
    assert stranger.post(asked.url, {"code": code[0]}).status_code == 422
    assert client.post(asked.url, {"code": "1234 5678"}).status_code == 422
    assert client.post(asked.url, {"code": code[0]}).url == "/academie/"
    assert inside(client)
    client.post("/deconnexion")
    assert client.post(asked.url, {"code": code[0]}).url == "/connexion/code", "it served"


def test_a_code_by_mail_does_not_say_which_accounts_exist(client: Any) -> None:
    pages = []
    for email in (DAN, f"personne@{DOMAIN}"):
        client.post("/connexion/code", {"email": email})
        pages.append(client.get("/connexion/code/saisir").content.decode().replace(email, ""))
        pages.append(client.post("/connexion/code/saisir", {"code": "1"}).content.decode().replace(email, ""))
    plain = [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[2] and plain[1] == plain[3]
    assert len(letters_with_code()) == 1


def test_guessing_a_code_by_mail_ends_and_letters_are_few(client: Any) -> None:
    client.post("/connexion/code", {"email": DAN})
    for n in range(4):
        client.post("/connexion/code/saisir", {"code": f"{n:08}"})
    assert client.get("/connexion/code/saisir").url == "/connexion/code"
    answers = [client.post("/connexion/code", {"email": DAN}).status_code for _ in range(6)]
    assert answers[-1] == 429 and answers[0] == 302


def test_who_never_opened_her_account_has_her_invitation_again(client: Any) -> None:
    person = someone()
    person.set_unusable_password()
    person.save()
    client.post("/connexion/code", {"email": DAN})
    assert letters_with_code() == []
    assert Letter.objects.filter(to=person, key__startswith="invitation:").exists()


def test_no_page_of_allauth_answers(client: Any) -> None:
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/2fa/", "/login/", "/signup/", "/2fa/"):
        assert client.get(address).status_code == 404
    for name in ("account_login", "account_signup", "mfa_index", "socialaccount_connections"):
        with pytest.raises(Exception, match="not found"):
            reverse(name)
