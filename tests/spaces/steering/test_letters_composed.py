"""The pages of the letters: an expert composes, the national team sends, and everybody sees how far it is."""

from collections.abc import Callable
from typing import Any

import pytest

from traam.demo.build import DOMAIN
from traam.programme.catalogue.models import Notice
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.programme.subscriptions import posting, queries
from traam.programme.subscriptions.models import Delivery, Newsletter, Post, Sending
from traam.programme.valorisation.issues import queries as issue_queries
from traam.programme.valorisation.issues.models import Block, Issue

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Any]


def draft() -> Issue:
    return Issue.objects.get(newsletter__slug="ia")


def page(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def test_an_expert_composes_an_issue_by_buttons(sign_in: SignIn) -> None:
    client = sign_in("expert")
    answer = client.post("/pilotage/lettres/mathematiques/nouveau", {"title": "L'erreur", "introduction": "Bonjour."})
    issue = Issue.objects.get(title="L'erreur")
    here = f"/pilotage/lettres/numeros/{issue.pk}"
    assert answer["Location"] == here and "Avant de dire ce numéro prêt" in page(client, here)
    notice = Notice.objects.get(title__startswith="Enquêter sur une image")
    assert "Enquêter sur une image" in page(client, f"{here}/choisir/productions?q=enquêter+image")
    client.post(f"{here}/choisir/productions?q=enquêter+image", {"picked": [notice.pk]})
    event = {"title": "Webinaire", "details": "jeudi, 17 h", "text": "", "address": "ftp://x", "label": ""}
    wrong = client.post(f"{here}/ajouter/event", event)
    assert wrong.status_code == 422 and "commence par https" in wrong.content.decode()
    client.post(f"{here}/ajouter/event", event | {"address": "https://exemple.fr"})
    first, second = issue_queries.blocks(issue)
    client.post(f"/pilotage/lettres/elements/{second.pk}/deplacer", {"sens": "monter"})
    assert [one.pk for one in issue_queries.blocks(issue)] == [second.pk, first.pk]
    client.post(f"/pilotage/lettres/elements/{first.pk}", {"title": "Récrit", "text": "Court."})
    assert Block.objects.get(pk=first.pk).title == "Récrit"
    client.post(f"{here}/pret")
    assert client.get(f"{here}/envoyer").status_code == 403
    assert "réservé à : le bureau national" in page(client, here)


def test_the_bureau_sends_and_everybody_sees_how_far_it_is(sign_in: SignIn, mailoutbox: list[Any]) -> None:
    Sending.objects.update(state="done")
    client, issue = sign_in("bureau"), draft()
    here = f"/pilotage/lettres/numeros/{issue.pk}"
    client.post(f"{here}/pret")
    assert "1 personne recevra ce numéro" in page(client, f"{here}/envoyer")
    sent = client.post(f"{here}/envoyer")["Location"]
    assert "en cours d’envoi" in page(client, sent) and 'data-hx-trigger="every 3s"' in page(client, sent)
    for verb, said in (("pause", "en pause"), ("reprendre", "en cours d’envoi")):
        client.post(f"{sent}/{verb}")
        assert said in page(client, sent)
    posting.Postman().work(5)
    mine = [one for one in mailoutbox if "Ce que les élèves demandent" in one.subject]
    assert [one.to for one in mine] == [[f"cdi@{DOMAIN}"]] and "envoyé" in page(client, sent)
    assert client.get(f"/lettres/{issue.newsletter.slug}/1").status_code == 200
    assert client.post(f"{sent}/pause").status_code == 403


def test_a_message_in_doubt_is_shown_with_its_identifier_and_settled(sign_in: SignIn) -> None:
    sending = Sending.objects.get()
    posting.freeze(sending)
    one = Delivery.objects.filter(sending=sending).first()
    assert one
    Delivery.objects.filter(pk=one.pk).update(state=Post.UNSURE)
    here = f"/pilotage/lettres/envois/{sending.pk}"
    told = page(sign_in("bureau"), here)
    assert "1 message à vérifier" in told and "@traam.invalid&gt;" in told
    assert "Des envois attendent une décision" in page(sign_in("bureau"), "/pilotage/lettres/")
    expert = page(sign_in("expert"), here)
    assert "@traam.invalid" not in expert and DOMAIN not in expert, "addresses of readers are the bureau's"
    sign_in("bureau").post(f"/pilotage/lettres/messages/{one.pk}/parti")
    assert queries.delivery(one.pk).state == Post.SENT


def test_the_mail_is_shown_as_it_leaves_and_a_trial_goes_to_oneself(sign_in: SignIn) -> None:
    client, here = sign_in("expert"), f"/pilotage/lettres/numeros/{draft().pk}"
    mail = client.get(f"{here}/apercu?forme=courriel")
    assert mail.content.startswith(b"<!doctype html>") and "default-src 'none'" in mail["Content-Security-Policy"]
    assert "En texte brut" in page(client, f"{here}/apercu")
    client.post(f"{here}/essai")
    trial = Letter.objects.get(key__startswith="issue-trial:")
    assert trial.to == Person.objects.get(email=f"expert@{DOMAIN}") and trial.html


@pytest.mark.parametrize("kind", ["notices", "numeros", "syntheses"])
def test_short_texts_and_a_card_are_ready_to_be_posted(sign_in: SignIn, kind: str) -> None:
    from traam.programme.catalogue.models import PublicSynthesis
    from traam.programme.subscriptions.models import PublishedIssue

    rows: dict[str, Any] = {"notices": Notice, "numeros": PublishedIssue, "syntheses": PublicSynthesis}
    found = rows[kind].objects.order_by("-pk").first()
    if found is None:
        pytest.skip("the demonstration has none")
    here = f"/pilotage/lettres/annoncer/{kind}/{found.pk}"
    told = page(sign_in("expert"), here)
    assert "280 caractères au plus" in told and "#TraAM" in told and "Télécharger l’image" in told
    assert sign_in("expert").get(f"{here}/carte.png").content.startswith(b"\x89PNG")
    assert sign_in("expert").get(f"/pilotage/lettres/annoncer/autre/{found.pk}").status_code == 404


@pytest.mark.parametrize("who", ["dan.lyon", "enseignante.lyon", "inspection.generale"])
def test_others_compose_and_send_nothing(sign_in: SignIn, who: str) -> None:
    client, issue, sending = sign_in(who), draft(), Sending.objects.get()
    pages = ["", f"numeros/{issue.pk}", f"numeros/{issue.pk}/essai", f"envois/{sending.pk}", "nouvelle", "ia/nouveau"]
    assert {client.get(f"/pilotage/lettres/{one}").status_code for one in pages} == {403}


def test_the_bureau_begins_a_letter_whose_address_stays(sign_in: SignIn) -> None:
    client = sign_in("bureau")
    typed = {
        "title": "ÉduNum Sciences",
        "slug": "numeros",
        "about": "Sciences.",
        "disciplines": ["PC", "SVT"],
        "opened": "on",
    }
    assert client.post("/pilotage/lettres/nouvelle", typed).status_code == 422
    client.post("/pilotage/lettres/nouvelle", typed | {"slug": "sciences"})
    client.post("/pilotage/lettres/sciences", {"title": "ÉduNum Sciences", "about": "Finie.", "disciplines": ["PC"]})
    made = Newsletter.objects.get(slug="sciences")
    assert (made.about, made.disciplines, made.opened) == ("Finie.", ["PC"], False)
    assert sign_in("expert").get("/pilotage/lettres/sciences").status_code == 403
