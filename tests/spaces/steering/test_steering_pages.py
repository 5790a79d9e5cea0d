from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.gateways.mail import message_id
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.catalogue.models import PublicCall, PublicTheme
from traam.programme.letters.models import Letter
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection.models import Decision

pytestmark = pytest.mark.django_db
OTHERS = ("inspection.generale", "expert", "dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon")


def called(name: str, *args: object) -> str:
    return reverse(f"steering:{name}", args=args)


def the_open_call() -> Campaign:
    return Campaign.objects.get(state="open")


def the_announced() -> Campaign:
    return Campaign.objects.get(announcement__isnull=False)


def text(answer: Any) -> str:
    """The page as read: one kind of space."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def pages(campaign: Campaign) -> list[str]:
    theme = campaign.themes.order_by("pk")[0]
    named = ("campaign", "edit_campaign", "new_theme", "selection", "groups", "followup")
    return [
        called("home"),
        called("new_campaign"),
        *(called(name, campaign.pk) for name in named),
        called("edit_theme", campaign.pk, theme.pk),
        called("people"),
        called("invite"),
        called("letters"),
        called("end_role", Appointment.objects.get(person__email=f"dan.lyon@{DOMAIN}").pk),
    ]


def test_the_national_team_opens_every_page(sign_in: Any) -> None:
    client = sign_in("bureau")
    for address in pages(the_open_call()):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_any(sign_in: Any, who: str) -> None:
    client = sign_in(who)
    for address in pages(the_open_call()):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "bureau national" in text(answer), address


def test_a_passer_by_is_led_to_the_door(client: Any) -> None:
    for address in pages(the_open_call()):
        assert client.get(address).url.startswith("/connexion?next="), address


def test_what_does_not_exist_is_missing(sign_in: Any) -> None:
    client, campaign, announced = sign_in("bureau"), the_open_call(), the_announced()
    stranger = announced.themes.order_by("pk")[0]
    for address in (
        called("campaign", 999999),
        called("edit_theme", campaign.pk, stranger.pk),
        called("move_campaign", campaign.pk, "exploser"),
        called("move_theme", stranger.pk, "exploser"),
        called("end_role", 999999),
    ):
        assert client.get(address).status_code == 404, address


# Campaigns -----------------------------------------------------------------------------------------------


def form_of(campaign: Campaign, **changes: str) -> dict[str, str]:
    days = {name: campaign.on(name) for name in campaign.calendar}
    typed = {name: f"{day:%d/%m/%Y}" for name, day in days.items() if day}
    return {"title": campaign.title, "first_year": str(campaign.first_year), **typed, **changes}


def test_a_campaign_begins_with_its_edition_then_the_dates_it_proposes(sign_in: Any) -> None:
    client = sign_in("bureau")
    choice = text(client.get(called("new_campaign")))
    assert "TraAM, depuis 2022" in choice
    assert "AAM, vers 2008" in choice
    proposed = text(client.get(called("new_campaign"), {"edition": "traam-2022", "rentree": "2031"}))
    assert 'value="15/05/2031"' in proposed
    assert 'value="30/06/2033"' in proposed


def test_a_campaign_is_prepared(sign_in: Any) -> None:
    client = sign_in("bureau")
    address = called("new_campaign") + "?edition=traam-2022&rentree=2031"
    typed = {"title": "TraAM 2031-2033", "first_year": "2031", "applications_due": "15/05/2031", "launch": "15/09/2031"}
    answer = client.post(address, typed)
    made = Campaign.objects.get(title="TraAM 2031-2033")
    assert answer.url == called("campaign", made.pk)
    assert (made.state, made.edition_id, made.calendar["launch"]) == ("draft", "traam-2022", "2031-09-15")
    page = text(client.get(answer.url))
    assert "Ajouter les thèmes de la campagne" in page
    assert not PublicCall.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "« Titre »"),
        ({"first_year": "bientôt"}, "écrivez-le en chiffres"),
        ({"launch": "hier"}, "n'est pas une date connue"),
        ({"launch": ""}, "Lancement des travaux"),
        ({"launch": "01/01/2001"}, "corrigez l'une des deux dates"),
        ({"title": "prise"}, "porte déjà ce titre"),
    ],
)
def test_a_campaign_typed_wrong_says_where_and_writes_nothing(
    sign_in: Any, changes: dict[str, str], sentence: str
) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    Campaign.objects.filter(pk=campaign.pk).update(state="draft")
    if changes.get("title") == "prise":
        changes = {"title": the_announced().title}
    answer = client.post(called("edit_campaign", campaign.pk), form_of(campaign, **changes))
    assert answer.status_code == 422
    assert sentence in text(answer).replace("&#39;", "'").replace("’", "'")
    assert Campaign.objects.get(pk=campaign.pk).calendar == campaign.calendar


def test_the_title_corrected_during_the_call_changes_its_public_page_and_no_date_does(sign_in: Any) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    answer = client.post(
        called("edit_campaign", campaign.pk), {"title": "Un nouveau titre", "applications_due": "01/01/2030"}
    )
    assert answer.status_code == 302
    public = PublicCall.objects.get(pk=campaign.pk)
    assert (public.title, public.state) == ("Un nouveau titre", "open")
    assert Campaign.objects.get(pk=campaign.pk).calendar == campaign.calendar


def test_an_announced_campaign_no_longer_changes(sign_in: Any) -> None:
    answer = sign_in("bureau").get(called("edit_campaign", the_announced().pk))
    assert answer.status_code == 403
    assert "ne change plus" in text(answer)


def test_a_campaign_opens_when_its_themes_are_ready_and_says_why_not_before(sign_in: Any) -> None:
    client = sign_in("bureau")
    typed = {"title": "Essai", "first_year": "2031", "applications_due": "15/05/2031", "launch": "15/09/2031"}
    client.post(called("new_campaign") + "?edition=traam-2022&rentree=2031", typed)
    campaign = Campaign.objects.get(title="Essai")
    opening = called("move_campaign", campaign.pk, "open")
    refused = client.post(opening)
    assert refused.status_code == 422
    assert "Ajoutez au moins un thème" in text(refused)
    theme = {"title": "Un thème", "framing": "Un cadrage.", "axes": "Lire\nÉcrire\nDire", "degree": "second"}
    code = Theme.objects.all()[0].disciplines[0]
    expert = Person.objects.get(email=f"expert@{DOMAIN}")
    client.post(called("new_theme", campaign.pk), {**theme, "disciplines": [code]})
    without = client.post(opening)
    assert without.status_code == 422
    assert "Désignez l'expert" in text(without).replace("’", "'").replace("&#39;", "'")
    made = campaign.themes.get()
    client.post(called("edit_theme", campaign.pk, made.pk), {**theme, "disciplines": [code], "experts": [expert.pk]})
    assert client.post(opening).url == called("campaign", campaign.pk)
    assert Campaign.objects.get(pk=campaign.pk).state == "open"
    assert PublicTheme.objects.get(source_key=f"theme:{made.pk}").call_id == campaign.pk


@pytest.mark.parametrize("move", CAMPAIGN.moves, ids=lambda move: move.verb)
@pytest.mark.parametrize("who", ["bureau", *OTHERS])
def test_every_move_of_a_campaign_is_the_national_teams(sign_in: Any, move: Any, who: str) -> None:
    client, campaign = sign_in(who), the_open_call()
    state = sorted(move.sources)[0]
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    if state == "draft":
        campaign.themes.update(state="draft")
    if move.verb == "archive":
        Application.objects.filter(theme__campaign=campaign).update(state="draft")
    answer = client.post(called("move_campaign", campaign.pk, move.verb))
    after = Campaign.objects.get(pk=campaign.pk).state
    if who == "bureau":
        assert (answer.status_code, after) == (302, move.target)
        assert PublicCall.objects.get(pk=campaign.pk).state == move.target
    else:
        assert (answer.status_code, after) == (403, state)
        assert "est réservé à : le bureau national" in text(answer)


@pytest.mark.parametrize("move", CAMPAIGN.moves, ids=lambda move: move.verb)
def test_a_move_out_of_its_state_says_which_state_it_needs(sign_in: Any, move: Any) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    state = next(state for state in CAMPAIGN.states if state not in move.sources)
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    answer = client.post(called("move_campaign", campaign.pk, move.verb))
    assert answer.status_code == 403
    assert "il faut l" in text(answer)
    assert Campaign.objects.get(pk=campaign.pk).state == state


def test_announced_results_keep_the_call_closed(sign_in: Any) -> None:
    client, campaign = sign_in("bureau"), the_announced()
    answer = client.post(called("move_campaign", campaign.pk, "reopen"))
    assert answer.status_code == 403
    assert "sont annoncés" in text(answer)
    assert Campaign.objects.get(pk=campaign.pk).state == "closed"


def test_following_a_move_by_a_link_changes_nothing(sign_in: Any) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    assert client.get(called("move_campaign", campaign.pk, "close")).url == called("campaign", campaign.pk)
    assert Campaign.objects.get(pk=campaign.pk).state == "open"


def test_what_cannot_be_done_yet_is_dimmed_and_says_why(sign_in: Any) -> None:
    page = text(sign_in("bureau").get(called("campaign", the_open_call().pk)))
    assert "Closez d" in page
    assert "disabled" in page
    assert "Rouvrir l" not in page  # nothing to reopen: not worth a button nor a sentence


# Themes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", THEME.moves, ids=lambda move: move.verb)
@pytest.mark.parametrize("who", ["bureau", *OTHERS])
def test_every_move_of_a_theme_is_the_national_teams(sign_in: Any, move: Any, who: str) -> None:
    client, theme = sign_in(who), the_open_call().themes.order_by("pk")[0]
    state = sorted(move.sources)[0]
    Theme.objects.filter(pk=theme.pk).update(state=state)
    answer = client.post(called("move_theme", theme.pk, move.verb))
    theme.refresh_from_db()
    if who == "bureau":
        assert answer.url == called("campaign", theme.campaign_id) + "#themes"
        assert theme.state == move.target
    else:
        assert (answer.status_code, theme.state) == (403, state)
        assert "est réservé à : le bureau national" in text(answer)


def test_a_theme_corrected_during_the_call_is_corrected_in_public(sign_in: Any) -> None:
    client, theme = sign_in("bureau"), the_open_call().themes.order_by("pk")[0]
    expert = Person.objects.get(email=f"expert@{DOMAIN}")
    typed = {
        "title": "Titre corrigé",
        "framing": "Cadrage corrigé.",
        "axes": "Premier axe\n\n  Second axe  \nTroisième",
        "constraints": "Une classe de sixième au moins.",
        "degree": "mixte",
        "disciplines": theme.disciplines[:1],
        "experts": [expert.pk],
    }
    assert client.post(called("edit_theme", theme.campaign_id, theme.pk), typed).status_code == 302
    theme.refresh_from_db()
    assert theme.axes == ["Premier axe", "Second axe", "Troisième"]
    assert [s.role for s in theme.stewards.all()] == ["expert"]
    public = PublicTheme.objects.get(source_key=f"theme:{theme.pk}")
    assert (public.title, public.degree_label) == ("Titre corrigé", "Premier et second degrés")
    assert public.constraints == "Une classe de sixième au moins."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "« Titre »"),
        ({"axes": "\n".join("abcdef")}, "de trois à cinq axes"),
        ({"axes": "Un\nDeux"}, "il y en a 2"),
        ({"disciplines": []}, "au moins une discipline"),
        ({"year": "2", "continues": "999999"}, "Choisissez le thème poursuivi"),
        ({"experts": ["999999"]}, "experts"),
    ],
)
def test_a_theme_typed_wrong_says_where(sign_in: Any, changes: dict[str, Any], sentence: str) -> None:
    client, theme = sign_in("bureau"), the_open_call().themes.order_by("pk")[0]
    typed = {
        "title": "Autre",
        "framing": "Cadrage.",
        "axes": "Lire\nÉcrire\nDire",
        "degree": "second",
        "disciplines": theme.disciplines,
    }
    answer = client.post(called("edit_theme", theme.campaign_id, theme.pk), {**typed, **changes})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert Theme.objects.get(pk=theme.pk).title == theme.title


# Follow-up -----------------------------------------------------------------------------------------------


def test_the_followup_counts_by_academy_and_names_those_who_are_silent(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    with django_assert_max_num_queries(9):
        page = text(client.get(called("followup", campaign.pk)))
    answered = set(
        Application.objects.filter(theme__campaign=campaign, state="forwarded").values_list("academy", flat=True)
    )
    assert f"{len(answered)} académies ont répondu" in page
    assert "<strong>9</strong>" in page
    assert f"mailto:dan.lyon@{DOMAIN}" in page
    silent = text(client.get(called("followup", campaign.pk), {"muettes": "1"}))
    assert f"mailto:dan.lyon@{DOMAIN}" in silent  # only drafts
    assert f"mailto:dan.lille@{DOMAIN}" not in silent


def test_the_late_groups_come_first_and_may_be_filtered(sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client, campaign = sign_in("bureau"), the_announced()
    with django_assert_max_num_queries(8):
        page = client.get(called("groups", campaign.pk))
    shown = text(page)
    assert shown.index("fr-badge--error") < shown.index("Rien ne manque")
    lyon = text(client.get(called("groups", campaign.pk), {"academie": "10"}))
    assert "3 groupes" in lyon.split("data-say-after-swap")[1][:40]
    complete = text(client.get(called("groups", campaign.pk), {"manque": "rien"}))
    assert "1 groupe<" in complete
    none = text(client.get(called("groups", campaign.pk), {"manque": "rien", "retard": "1"}))
    assert "Aucun résultat" in none
    exported = client.get(reverse("steering:groups_file", args=[campaign.pk, "csv"]), {"academie": "10"})
    lines = exported.content.decode("utf-8-sig").splitlines()
    assert sum(line.startswith("Lyon") for line in lines) == 3
    assert client.get(reverse("steering:groups_file", args=[campaign.pk, "doc"])).status_code == 404


def test_groups_that_do_not_exist_yet_say_when_they_will(sign_in: Any) -> None:
    page = text(sign_in("bureau").get(called("groups", the_open_call().pk)))
    assert "s’ouvrent à l’annonce" in page


# People and letters --------------------------------------------------------------------------------------


def test_the_directory_finds_people_without_accents_and_by_role(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("bureau")
    Person.objects.filter(email=f"dan.lyon@{DOMAIN}").update(name="Éléonore d'Essai")
    with django_assert_max_num_queries(6):
        found = text(client.get(called("people"), {"q": "eleonore"}))
    assert "1 personne" in found
    assert f"dan.lyon@{DOMAIN}" in found
    dans = text(client.get(called("people"), {"role": Role.DAN}))
    assert f"inspecteur.lyon@{DOMAIN}" not in dans
    assert "Personne ne répond" in text(client.get(called("people"), {"q": "zzzz"}))


def test_inviting_writes_the_letter_that_opens_the_account(sign_in: Any) -> None:
    client = sign_in("bureau")
    typed = {"name": "Nouvelle DAN", "email": f"nouvelle.dan@{DOMAIN}", "role": "dan", "academy": "20"}
    assert client.post(called("invite"), typed).url == called("people")
    person = Person.objects.get(email=typed["email"])
    assert [(a.role, a.academy) for a in person.appointments.all()] == [("dan", "20")]
    assert "/invitation/" in Letter.objects.get(to=person).body
    assert "invitation en attente" in text(client.get(called("people"), {"q": "nouvelle dan"}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"academy": ""}, "s'exerce dans une académie"),
        ({"email": "pas-une-adresse"}, "n'est pas une adresse"),
        ({"role": ""}, "« Rôle »"),
    ],
)
def test_an_invitation_typed_wrong_says_where(sign_in: Any, changes: dict[str, str], sentence: str) -> None:
    before = Person.objects.count()
    typed = {"name": "Nouvelle DAN", "email": f"nouvelle.dan@{DOMAIN}", "role": "dan", "academy": "20", **changes}
    answer = sign_in("bureau").post(called("invite"), typed)
    assert answer.status_code == 422
    assert sentence in text(answer).replace("’", "'").replace("&#39;", "'")
    assert Person.objects.count() == before


def test_a_role_ends_and_one_does_not_leave_the_national_team_alone(sign_in: Any) -> None:
    client = sign_in("bureau")
    dan = Appointment.objects.get(person__email=f"dan.lyon@{DOMAIN}")
    assert client.post(called("end_role", dan.pk)).url == called("people")
    dan.refresh_from_db()
    assert dan.until == timezone.localdate()
    mine = Appointment.objects.get(person__email=f"bureau@{DOMAIN}")
    answer = client.post(called("end_role", mine.pk))
    assert answer.status_code == 403
    assert "demandez-le" in text(answer)


def test_the_letters_say_their_state_and_what_failed(sign_in: Any) -> None:
    letter = Letter.objects.order_by("pk")[0]
    Letter.objects.filter(pk=letter.pk).update(state="failed", problem="Adresse refusée", attempts=8)
    client = sign_in("bureau")
    page = text(client.get(called("letters")))
    assert "1 courriel attend votre décision" in page
    assert "Adresse refusée" in page
    assert client.post(called("send_again", letter.pk)).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)
    assert client.post(called("send_again", letter.pk)).status_code == 403


def test_a_letter_in_doubt_shows_what_to_look_for_and_is_settled_by_the_national_team(sign_in: Any) -> None:
    letter = Letter.objects.order_by("pk")[0]
    Letter.objects.filter(pk=letter.pk).update(state="unsure", problem="L'envoi a été interrompu")
    assert sign_in("dan.lyon").post(called("leave_letter", letter.pk)).status_code == 403
    client = sign_in("bureau")
    assert message_id(letter.reference).strip("<>") in text(client.get(called("letters")))
    assert client.get(called("leave_letter", letter.pk)).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "unsure", "reading decides nothing"
    client.post(called("leave_letter", letter.pk))
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_the_home_says_what_comes_next(sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client, campaign = sign_in("bureau"), the_open_call()
    with django_assert_max_num_queries(8):
        page = text(client.get(called("home")))
    assert "Suivre les remontées" in page
    past = {**campaign.calendar, "applications_due": (timezone.localdate() - timedelta(days=1)).isoformat()}
    Campaign.objects.filter(pk=campaign.pk).update(calendar=past)
    assert "clore l" in text(client.get(called("home")))
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    assert "Décider de chaque candidature" in text(client.get(called("home")))
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    bureau, at = Person.objects.get(email=f"bureau@{DOMAIN}"), timezone.now()
    for application in Application.objects.filter(theme__campaign=campaign, state="forwarded"):
        Decision.objects.create(application=application, state="retained", decided_by=bureau, decided_at=at)
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    assert "annoncer les résultats" in text(client.get(called("home")))
