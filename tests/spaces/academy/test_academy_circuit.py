"""An application through the hands of a teacher, of an inspector and of the DAN, page by page."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from academy_workbooks import LYON, good, held, open_campaign
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.calls import actions
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.letters.models import Item, Letter
from traam.programme.people.actions import keep_typing
from traam.programme.people.models import Person, Typing

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]
AUTHOR, INSPECTOR, DAN = "enseignant.lyon", "inspecteur.lyon", "dan.lyon"


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def words(response: Any) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def address(page: str, *more: object) -> str:
    return reverse(f"academy:{page}", args=["lyon", open_campaign().pk, *more])


def of(application: Application, verb: str = "") -> str:
    if verb in {"edit", "opinion", "renew"}:
        return reverse(f"academy:{verb}", args=[application.pk])
    return reverse("academy:move" if verb else "academy:application", args=[application.pk, *([verb] if verb else [])])


def proposed() -> Application:
    return Application.objects.get(state="submitted")


def begun() -> Application:
    return Application.objects.get(state="draft", created_by=person(AUTHOR))


def posted(**answers: object) -> dict[str, object]:
    """The form as a browser sends it."""
    given = {
        **good(axes=["Axe 1"], referent_name="Enseignant de Lyon", referent_email=f"{AUTHOR}@{DOMAIN}"),
        "theme": open_campaign().themes.order_by("pk")[0].title,
        **answers,
    }
    return {name: value for name, value in given.items() if value is not None}


def draft(**answers: object) -> Application:
    raw = posted(**answers)
    return actions.save_draft(open_campaign(), LYON, raw, actor=person(DAN), at=timezone.now())


def test_a_teacher_finds_her_applications_and_no_other(sign_in: SignIn) -> None:
    other = draft(titles="Le projet d'une autre", referent_email="autre@ac-exemple.fr", referent_name="Autre")
    client = sign_in(AUTHOR)
    said = words(client.get(reverse("academy:mine")))
    assert "Nouvelle candidature" in said
    for hers in (proposed(), begun()):
        assert hers.title in said
        assert client.get(of(hers)).status_code == 200
    assert "Le projet d'une autre" not in said
    for where in (of(other), of(other, "edit")):
        assert client.get(where).status_code == 403
    for page in ("applications", "template", "upload", "forward_all"):
        assert client.get(address(page)).status_code == 403
    assert client.get(address("rank", other.theme_id)).status_code == 403
    assert client.get(reverse("academy:home")).status_code == 403
    assert client.get(reverse("academy:invite", args=["lyon"])).status_code == 403


@pytest.mark.parametrize("who", [DAN, INSPECTOR, "bureau", "expert", "enseignante.lyon"])
def test_her_page_is_for_teachers(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get(reverse("academy:mine")).status_code == 403


def test_a_teacher_never_reads_nor_writes_the_rank(sign_in: SignIn) -> None:
    one, client = begun(), sign_in(AUTHOR)
    Application.objects.filter(pk=one.pk).update(rank=7, dasen_agreement=True)
    form = client.get(of(one, "edit")).content.decode()
    assert 'name="rank"' not in form and 'name="dasen_agreement"' not in form
    assert "Rang" not in words(client.get(of(one)))
    answer = client.post(of(one, "edit"), posted(rank="1", theme=one.theme.title, revision=one.revision))
    assert answer.status_code == 302
    after = Application.objects.get(pk=one.pk)
    assert (after.rank, after.dasen_agreement, after.titles) == (7, True, ["Écrire avec des sources"])


def test_a_teacher_writes_completes_and_proposes(sign_in: SignIn) -> None:
    client = sign_in(AUTHOR)
    form = client.get(address("new")).content.decode()
    for value in ("Enseignant de Lyon", f"{AUTHOR}@{DOMAIN}", f"{INSPECTOR}@{DOMAIN}"):
        assert f'value="{value}"' in form, "what is known is filled in"
    assert "Pourquoi" in form
    said = words(client.post(address("new"), posted(description=""), follow=True))
    assert "Brouillon enregistré." in said
    assert "La description des projets est vide" in said and "Article B.2" in said
    one = Application.objects.latest("pk")
    assert one.school_kind == "college"
    refused = client.post(of(one, "submit"))
    assert refused.status_code == 422
    client.post(of(one, "edit"), posted(revision=one.revision))
    said = words(client.post(of(one, "submit"), follow=True))
    assert "Candidature proposée à l'inspecteur" in said
    assert Item.objects.filter(to=person(INSPECTOR), key__startswith=f"application:{one.pk}:submit:").count() == 1
    assert client.get(of(one, "edit")).status_code == 403
    assert "reprenez-la pour la corriger" in words(client.get(of(one, "edit")))
    assert "Vous avez repris" in words(client.post(of(one, "take_back"), follow=True))
    assert "ne revient pas" in words(client.get(of(one, "abandon")))
    assert "Brouillon abandonné" in words(client.post(of(one, "abandon"), follow=True))
    assert Application.objects.get(pk=one.pk).state == "withdrawn"


def test_what_is_typed_comes_back_and_goes_once_saved(sign_in: SignIn) -> None:
    one, client = begun(), sign_in(AUTHOR)
    fields = {"titles": ["Tapé sans enregistrer"], "theme": [one.theme.title], "revision": [str(one.revision)]}
    keep_typing(f"application:{one.pk}", fields, actor=person(AUTHOR), at=timezone.now())
    assert "Tapé sans enregistrer" not in words(sign_in(DAN).get(of(one, "edit"))), "hers alone"
    page = sign_in(AUTHOR).get(of(one, "edit"))
    assert "Texte retrouvé" in words(page) and "Tapé sans enregistrer" in words(page)
    assert f'data-typing-place="application:{one.pk}"' in page.content.decode() or "typing" in page.content.decode()
    client.post(of(one, "edit"), posted(titles="Tapé sans enregistrer", theme=one.theme.title, revision=one.revision))
    assert not Typing.objects.filter(person=person(AUTHOR)).exists()
    assert Application.objects.get(pk=one.pk).titles == ["Tapé sans enregistrer"]
    new = f"application:new:{open_campaign().pk}:{LYON}"
    keep_typing(new, {"titles": ["Une nouvelle idée"]}, actor=person(AUTHOR), at=timezone.now())
    assert "Une nouvelle idée" in words(client.get(address("new")))


def test_an_opinion_sent_after_the_session_ended_waits_for_the_inspector(sign_in: SignIn) -> None:
    page = of(proposed(), "opinion")
    client = sign_in(INSPECTOR)
    seal = client.get(page).content.decode().split('name="seal" value="')[1].split('"')[0]
    client.logout()
    raw = {"opinion": "reserved", "comment": "Écrit pendant une heure.", "revision": proposed().revision, "seal": seal}
    assert client.post(page, raw).status_code == 302
    assert proposed().inspector_opinion == ""
    back = sign_in(INSPECTOR).get(page)
    assert "Écrit pendant une heure." in words(back) and "Texte retrouvé" in words(back)


def test_a_text_typed_before_somebody_saved_shows_both_and_loses_nothing(sign_in: SignIn) -> None:
    one, client = begun(), sign_in(AUTHOR)
    opened = one.revision
    raw = posted(description="Celle du DAN.", theme=one.theme.title, rank="4")
    actions.save_draft(open_campaign(), LYON, raw, application=one, actor=person(DAN), at=timezone.now())
    answer = client.post(of(one, "edit"), posted(description="La mienne.", theme=one.theme.title, revision=opened))
    assert answer.status_code == 422
    said = words(answer)
    assert "Celle du DAN." in said and "La mienne." in said
    assert "Rang donné" not in said, "not even beside her own"


def test_the_inspector_endorses(sign_in: SignIn) -> None:
    one, client = proposed(), sign_in(INSPECTOR)
    listing = words(client.get(address("applications")))
    assert "1 candidature à viser" in listing
    only = client.get(address("applications"), {"etat": "to_endorse"})
    assert one.title in words(only) and words(only).count("À viser") >= 1
    assert "1 candidature" in words(only)
    page = client.get(of(one, "opinion")).content.decode()
    assert f'name="revision" value="{one.revision}"' in page
    before = held()
    for bad in ({}, {"opinion": "reserved"}, {"opinion": "unfavourable", "comment": "  "}, {"opinion": "bof"}):
        assert client.post(of(one, "opinion"), {**bad, "revision": one.revision}).status_code == 422
    old = client.post(of(one, "opinion"), {"opinion": "favourable", "revision": one.revision - 1})
    assert old.status_code == 422 and "relisez-la" in words(old)
    assert held() == before
    raw: dict[str, Any] = {"opinion": "reserved", "comment": "L'évaluation est à préciser.", "revision": one.revision}
    said = words(client.post(of(one, "opinion"), raw, follow=True))
    assert "Votre avis est enregistré" in said and "L'évaluation est à préciser." in said
    assert "L'évaluation est à préciser." in words(sign_in(AUTHOR).get(of(one)))


@pytest.mark.parametrize("who", [DAN, AUTHOR, "inspecteur.lille", "bureau", "expert"])
def test_only_an_inspector_of_the_academy_endorses(sign_in: SignIn, who: str) -> None:
    before = held()
    client = sign_in(who)
    assert client.get(of(proposed(), "opinion")).status_code == 403
    assert client.post(of(proposed(), "opinion"), {"opinion": "favourable"}).status_code == 403
    assert held() == before


def test_the_inspector_sends_back_and_the_author_reads_why(sign_in: SignIn) -> None:
    one, client = proposed(), sign_in(INSPECTOR)
    assert client.post(of(one, "send_back"), {"reason": ""}).status_code == 422
    said = words(client.post(of(one, "send_back"), {"reason": "Précisez l'axe 2."}, follow=True))
    assert "son auteur est prévenu par courriel" in said
    page = words(sign_in(AUTHOR).get(of(one)))
    assert "Inspecteur de Lyon vous l'a renvoyée" in page and "Précisez l'axe 2." in page
    client = sign_in(AUTHOR)
    client.post(of(one, "submit"))
    assert "vous l'a renvoyée" not in words(client.get(of(one)))


def test_the_dan_waits_for_the_opinion_and_is_told_what_to_do(sign_in: SignIn) -> None:
    one, client = proposed(), sign_in(DAN)
    assert "remonte après l'avis de l'inspecteur" in words(client.get(of(one)))
    refused = client.post(of(one, "forward"))
    assert refused.status_code == 403 and "Inspecteur de Lyon" in words(refused)
    raw: dict[str, Any] = {"opinion": "favourable", "revision": one.revision}
    sign_in(INSPECTOR).post(of(one, "opinion"), raw)
    assert "remontée au bureau national" in words(sign_in(DAN).post(of(one, "forward"), follow=True))


def test_all_that_goes_up_is_shown_first(sign_in: SignIn) -> None:
    draft(titles="Un conte, des sources et le musée", referent_email="a@ac-exemple.fr", referent_name="A")
    draft(titles="Un conte, des sources et un musée", referent_email="b@ac-exemple.fr", referent_name="B")
    client = sign_in(DAN)
    said = words(client.get(address("forward_all")))
    assert "Remonter 4 candidatures" in said
    assert "1 candidature attend l'avis de l'inspecteur" in said
    assert "1 candidature que son auteur écrit encore reste dans l'académie" in said
    assert "intitulé presque identique" in said
    before = held()
    answer = client.post(address("forward_all"))
    assert answer.status_code == 422 and "Rien n'a été remonté" in words(answer)
    assert held() == before


def test_the_dan_ranks_a_theme(sign_in: SignIn) -> None:
    one = draft(titles="Le premier", referent_email="a@ac-exemple.fr", rank=None)
    two = draft(titles="Le second", referent_email="b@ac-exemple.fr", rank=None)
    client, page = sign_in(DAN), address("rank", one.theme_id)
    assert client.get(page).status_code == 200
    others = [
        a.pk
        for a in Application.objects.filter(theme=one.theme, academy=LYON).exclude(state="withdrawn")
        if a.pk not in (one.pk, two.pk)
    ]
    blank = {f"rank-{pk}": "" for pk in others}
    before = held()
    for first, second in (("2", "2"), ("0", "1"), ("un", "2"), ("100", "1")):
        answer = client.post(page, {**blank, f"rank-{one.pk}": first, f"rank-{two.pk}": second})
        assert answer.status_code == 422, (first, second)
        assert held() == before
    assert "Deux candidatures ont le rang 2" in words(
        client.post(page, {**blank, f"rank-{one.pk}": "2", f"rank-{two.pk}": "2"})
    )
    done = client.post(page, {**blank, f"rank-{one.pk}": "2", f"rank-{two.pk}": "1"}, follow=True)
    assert "Classement enregistré." in words(done)
    assert words(done).index("Le second") < words(done).index("Le premier")
    assert "rang 2" in words(client.get(of(one)))
    assert sign_in(INSPECTOR).get(page).status_code == 403


def test_people_of_an_academy_are_invited_by_it(sign_in: SignIn) -> None:
    page = reverse("academy:invite", args=["lyon"])
    raw = {"name": "Une nouvelle", "email": "nouvelle@ac-exemple.fr", "role": "teacher"}
    inspector = sign_in(INSPECTOR)
    assert inspector.post(page, {**raw, "role": "inspector"}).status_code == 422
    assert inspector.post(page, {**raw, "email": "pas une adresse"}).status_code == 422
    assert not Person.objects.filter(email=raw["email"]).exists()
    assert "le courriel part à nouvelle@ac-exemple.fr" in words(inspector.post(page, raw, follow=True))
    invited = Person.objects.get(email=raw["email"])
    assert Letter.objects.filter(to=invited, key__startswith="invitation:").count() == 1
    inspector.force_login(invited)
    assert "Nouvelle candidature" in words(inspector.get(reverse("academy:mine")))
    dan = sign_in(DAN)
    assert dan.post(page, {**raw, "email": "ipr@ac-exemple.fr", "role": "inspector"}).status_code == 302
    assert dan.post(page, {**raw, "email": "x@ac-exemple.fr", "role": "dan"}).status_code == 422
    for who in ("dan.lille", AUTHOR, "expert"):
        assert sign_in(who).post(page, {**raw, "email": "y@ac-exemple.fr"}).status_code == 403


def test_a_team_of_last_year_is_renewed_from_its_dossier(sign_in: SignIn) -> None:
    previous = Application.objects.filter(
        academy=LYON, decision__state="retained", theme__campaign__state="closed"
    ).order_by("pk")[0]
    theme = open_campaign().themes.order_by("pk")[0]
    Theme.objects.filter(campaign=open_campaign()).update(continues=None)
    Theme.objects.filter(pk=theme.pk).update(continues=previous.theme, year=2)
    client = sign_in(DAN)
    listing = words(client.get(address("applications")))
    assert "Équipes de première année à renouveler" in listing
    said = words(client.post(of(previous, "renew"), follow=True))
    assert "repris en brouillon" in said and "le dossier de la première année" in said
    one = Application.objects.get(renews=previous)
    assert (one.theme, one.titles, one.state) == (theme, previous.titles, "draft")
    assert "à renouveler" not in words(client.get(address("applications")))
    assert "déjà renouvelée" in words(client.post(of(previous, "renew"), follow=True))
    for who in ("dan.lille", AUTHOR, "bureau"):
        refused = sign_in(who).post(of(previous, "renew"))
        assert refused.status_code == 403
        assert str(previous.theme) not in words(refused), "nothing is said of the dossier"


def test_the_list_is_by_theme_filtered_and_paged(sign_in: SignIn) -> None:
    client, themes = sign_in(DAN), list(open_campaign().themes.order_by("pk"))
    many(120)
    first = client.get(address("applications"))
    assert "1–50 sur" in words(first)
    assert "Projet n° 119" in words(client.get(address("applications"), {"page": "3", "theme": themes[0].pk}))
    only = words(client.get(address("applications"), {"etat": "writing"}))
    assert begun().title in only and "Projet n° 1" not in only
    for bad in ({"theme": "999999"}, {"etat": "explosée"}, {"page": "-3"}, {"page": "x"}, {"theme": "x'"}):
        assert client.get(address("applications"), bad).status_code == 200


def many(n: int) -> None:
    """So many drafts more in Lyon's list, all of one theme."""
    pattern = Application.objects.get(state="draft", created_by__email__startswith="inspecteur.lyon")
    fields = {f.attname: getattr(pattern, f.attname) for f in Application._meta.concrete_fields if f.attname != "id"}
    fields["created_by_id"] = person(DAN).pk
    Application.objects.bulk_create(
        Application(**{**fields, "titles": [f"Projet n° {i}"], "referent_email": f"r{i}@ac-exemple.fr", "rank": None})
        for i in range(n)
    )


@pytest.mark.parametrize("page", ["applications", "forward_all", "rank"])
def test_two_thousand_ask_no_more_questions(sign_in: SignIn, django_assert_max_num_queries: Any, page: str) -> None:
    client = sign_in(DAN)
    theme = Application.objects.get(state="draft", created_by=person(INSPECTOR)).theme_id
    where = address(page, *([theme] if page == "rank" else []))
    client.get(where)
    for n in (0, 20, 2000):
        many(n)
        with django_assert_max_num_queries(15):
            answer = client.get(where)
        assert answer.status_code == 200
        assert len(answer.content) < 120_000, (n, len(answer.content))
        Application.objects.filter(referent_email__endswith="@ac-exemple.fr").delete()


def test_a_closed_call_says_so_to_the_teacher(sign_in: SignIn) -> None:
    one, client = begun(), sign_in(AUTHOR)
    Campaign.objects.filter(pk=open_campaign().pk).update(calendar={"applications_due": "2020-01-01"})
    said = words(client.get(reverse("academy:mine")))
    assert "La date limite de remontée est passée" in said
    assert "Nouvelle candidature" not in said
    assert "date limite" in words(client.get(of(one)))
    assert client.get(address("new")).status_code == 403


def test_a_dossier_read_blind_that_names_itself_is_told_to_who_writes_it(sign_in: SignIn) -> None:
    application = begun()
    campaign = application.theme.campaign
    Application.objects.filter(pk=application.pk).update(description="Six classes de l'académie de Lyon.")
    client = sign_in("enseignant.lyon")
    assert "à l'aveugle" not in words(client.get(of(application)))
    type(campaign).objects.filter(pk=campaign.pk).update(overrides={"blind": True})
    page = words(client.get(of(application)))
    assert "Les candidatures sont lues à l'aveugle" in page and "« Lyon »" in page
