"""The pages of the readers: who sees what, what they may do, what is said to them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from publication_ready import ready

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Steward, Theme
from traam.programme.catalogue.models import Notice
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.productions.models import Scenario, Turn
from traam.programme.selection import actions
from traam.programme.selection.models import Decision, Opinion

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def open_theme() -> Theme:
    return Theme.objects.filter(campaign__state="open").order_by("pk")[0]


def marks(value: int) -> dict[str, int]:
    return {criterion.id: value for criterion in open_theme().campaign.edition.selection.criteria}


def to_read() -> Application:
    return Application.objects.filter(theme=open_theme(), state="forwarded").order_by("pk")[0]


def submitted() -> Scenario:
    return Scenario.objects.get(state="submitted")


def released() -> Scenario:
    return Scenario.objects.get(state="validated", group__application__academy="10")


def text(answer: Any) -> str:
    """What the page says, with ordinary spaces."""
    page: str = answer.content.decode()
    for space in ("\u00a0", "\u202f"):
        page = page.replace(space, " ")
    return page


def refused(answer: Any, sentence: str) -> bool:
    return answer.status_code == 403 and sentence in text(answer).replace("&#39;", "'")


def other_expert() -> Person:
    """An expert who leads nothing."""
    made = Person.objects.create(email="autre@exemple.invalid", name="Autre experte", created_at=timezone.now())
    Appointment.objects.create(person=made, role=Role.EXPERT, since=date(2020, 1, 1))
    return made


# --- the first page


def test_a_passer_by_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/evaluation/").status_code == 302


@pytest.mark.parametrize("name", ["dan.lyon", "enseignante.lyon", "referent.lyon"])
def test_the_first_page_is_for_those_who_read(sign_in: SignIn, name: str) -> None:
    assert refused(sign_in(name).get("/evaluation/"), "qui lisent et donnent leur avis")


def test_an_expert_sees_what_waits_first(sign_in: SignIn) -> None:
    page = text(sign_in("expert").get("/evaluation/"))
    assert page.index("Donner votre avis") < page.index("Mes thèmes")
    assert "3 candidatures sans votre avis" in page
    assert "Tous les thèmes" not in page


def test_an_inspector_sees_the_scenarios_that_wait(sign_in: SignIn) -> None:
    page = text(sign_in("inspecteur.lyon").get("/evaluation/"))
    assert "Relire le scénario : Réviser" in page
    assert "Mes thèmes" not in page


def test_an_inspector_of_elsewhere_has_nothing_of_lyon(sign_in: SignIn) -> None:
    assert "Réviser" not in text(sign_in("inspecteur.rennes").get("/evaluation/"))


def test_the_national_team_sees_every_theme(sign_in: SignIn) -> None:
    page = text(sign_in("bureau").get("/evaluation/"))
    assert all(theme.title.replace("'", "&#39;") in page for theme in Theme.objects.all())


# --- a theme


@pytest.mark.parametrize("name", ["dan.lyon", "inspecteur.lyon", "enseignante.lyon"])
def test_a_theme_is_read_by_its_readers(sign_in: SignIn, name: str) -> None:
    assert refused(sign_in(name).get(f"/evaluation/themes/{open_theme().pk}"), "lues par ses experts")


def test_an_expert_of_another_theme_does_not_read_this_one(client: Client) -> None:
    client.force_login(other_expert())
    assert client.get("/evaluation/").status_code == 200
    assert refused(client.get(f"/evaluation/themes/{open_theme().pk}"), "lues par ses experts")
    assert refused(client.get(f"/evaluation/candidatures/{to_read().pk}"), "lues par ses experts")


def test_a_theme_that_does_not_exist(sign_in: SignIn) -> None:
    assert sign_in("expert").get("/evaluation/themes/999999").status_code == 404


def test_opinions_of_others_come_after_mine_and_decisions_at_the_announcement(sign_in: SignIn) -> None:
    application = to_read()
    actions.give_opinion(application, marks(1), "Hors sujet.", actor=person("inspection.generale"), at=timezone.now())
    Decision.objects.create(
        application=application, state="retained", decided_by=person("bureau"), decided_at=timezone.now()
    )
    address = f"/evaluation/themes/{open_theme().pk}"
    before = text(sign_in("expert").get(address))
    assert "· Défavorable" not in before and "Retenue" not in before and "Après le vôtre" in before
    actions.give_opinion(application, marks(4), "Excellent.", actor=person("expert"), at=timezone.now())
    after = text(sign_in("expert").get(address))
    assert "· Défavorable" in after and "2,50" in after and "Retenue" not in after
    national = text(sign_in("bureau").get(address))
    assert "· Défavorable" in national and "Retenue" in national and "Mon avis" not in national


def test_the_filter_keeps_the_dossiers_without_my_opinion(sign_in: SignIn) -> None:
    application = to_read()
    actions.give_opinion(application, marks(4), "Excellent.", actor=person("expert"), at=timezone.now())
    address = f"/evaluation/themes/{open_theme().pk}"
    row = f'href="/evaluation/candidatures/{application.pk}"'
    assert row in text(sign_in("expert").get(address))
    filtered = text(sign_in("expert").get(address, {"filtre": "sans-mon-avis"}))
    assert row not in filtered and "2 dossiers" in filtered


def test_after_the_announcement_the_decision_is_known(sign_in: SignIn) -> None:
    theme = Theme.objects.filter(campaign__state="closed").order_by("pk")[0]
    page = text(sign_in("expert").get(f"/evaluation/themes/{theme.pk}"))
    assert "Retenue" in page and "En liste d&#39;attente" in page and "Sans mon avis" not in page


# --- a dossier


def give(client: Client, application: Application, **typed: object) -> Any:
    return client.post(f"/evaluation/candidatures/{application.pk}", typed)


def typed_marks(value: object) -> dict[str, object]:
    return {criterion.id: value for criterion in open_theme().campaign.edition.selection.criteria}


def test_an_opinion_is_given_and_the_next_dossier_is_offered(sign_in: SignIn) -> None:
    application = to_read()
    answer = give(sign_in("expert"), application, **typed_marks("3"), comment="Projet clair.")
    assert answer.status_code == 302
    page = text(sign_in("expert").get(answer["Location"]))
    assert "Avis enregistré" in page and "Dossier suivant : " in page and "2 dossiers sans votre avis" in page
    assert Opinion.objects.get(application=application, reader=person("expert")).score == 300


@pytest.mark.parametrize(
    ("mark", "others"), [("", {}), ("9", {"comment": "Bien."}), ("3", {"comment": "   "}), ("3", {"team": ""})]
)
def test_an_opinion_badly_typed_is_not_kept(sign_in: SignIn, mark: str, others: dict[str, str]) -> None:
    answer = give(sign_in("expert"), to_read(), **{**typed_marks(mark), **others})
    assert answer.status_code == 422
    assert "à corriger" in text(answer)
    assert not Opinion.objects.filter(application=to_read()).exists()


def test_a_conflict_of_interest_is_said_and_holds(sign_in: SignIn) -> None:
    application = to_read()
    Appointment.objects.create(
        person=person("expert"), role=Role.TEACHER, academy=application.academy, since=date(2020, 9, 1)
    )
    page = text(sign_in("expert").get(f"/evaluation/candidatures/{application.pk}"))
    assert "vient de votre académie" in page and "Enregistrer mon avis" not in page
    assert refused(give(sign_in("expert"), application, **typed_marks("4"), comment="Bien."), "Conflit d'intérêts")
    assert "Conflit d’intérêts" in text(sign_in("expert").get(f"/evaluation/themes/{open_theme().pk}"))


def test_the_national_team_reads_without_giving_an_opinion(sign_in: SignIn) -> None:
    page = text(sign_in("bureau").get(f"/evaluation/candidatures/{to_read().pk}"))
    assert "Enregistrer mon avis" not in page and "Aucun avis n’est encore donné" in page
    assert refused(give(sign_in("bureau"), to_read(), **typed_marks("4"), comment="Bien."), "Les avis sont donnés par")


def test_opinions_no_longer_change_after_the_announcement(sign_in: SignIn) -> None:
    application = Application.objects.filter(decision__state="retained")[0]
    page = text(sign_in("expert").get(f"/evaluation/candidatures/{application.pk}"))
    assert "avis et décisions ne changent plus" in page and "Changer mon avis" not in page
    assert refused(give(sign_in("expert"), application, **typed_marks("1"), comment="Non."), "annoncés")


@pytest.mark.parametrize("name", ["dan.lille", "inspecteur.lille", "enseignante.lyon"])
def test_a_dossier_is_for_its_readers(sign_in: SignIn, name: str) -> None:
    assert refused(sign_in(name).get(f"/evaluation/candidatures/{to_read().pk}"), "lues par ses experts")


def test_a_draft_is_not_read_here(sign_in: SignIn) -> None:
    draft = Application.objects.filter(state="draft")[0]
    assert refused(sign_in("expert").get(f"/evaluation/candidatures/{draft.pk}"), "pas remontée")


# --- a scenario


def waiting() -> Scenario:
    """The one that waits for the inspector, or already for the expert."""
    return Scenario.objects.get(state__in=["submitted", "endorsed"], group__application__academy="10")


def answer_authors(client: Client, verb: str, comment: str = "") -> Any:
    return client.post(f"/evaluation/scenarios/{waiting().pk}", {"verb": verb, "comment": comment})


def test_the_inspector_sends_on_to_the_expert_who_validates(sign_in: SignIn) -> None:
    scenario = submitted()
    page = text(sign_in("inspecteur.lyon").get(f"/evaluation/scenarios/{scenario.pk}"))
    assert "attend votre décision" in page and 'value="send_back"' in page and "art. " in page
    assert 'value="validate"' not in page
    assert refused(answer_authors(sign_in("inspecteur.lyon"), "validate"), "expert du thème valide")
    assert answer_authors(sign_in("inspecteur.lyon"), "endorse").status_code == 302
    assert refused(answer_authors(sign_in("inspecteur.lyon"), "confirm"), "réservé")
    assert answer_authors(sign_in("expert"), "confirm").status_code == 302
    scenario.refresh_from_db()
    assert scenario.state == "validated"


def test_to_send_back_one_says_why(sign_in: SignIn) -> None:
    answer = answer_authors(sign_in("inspecteur.lyon"), "send_back")
    assert answer.status_code == 422 and "ce qu&#39;il faut reprendre" in text(answer)
    scenario = submitted()
    assert answer_authors(sign_in("inspecteur.lyon"), "send_back", "Précisez les durées.").status_code == 302
    assert Turn.objects.get(review=scenario.review, verb="send_back").comment == "Précisez les durées."
    assert "Précisez les durées." in text(sign_in("inspecteur.lyon").get(f"/evaluation/scenarios/{scenario.pk}"))


@pytest.mark.parametrize("verb", ["", "submit", "take_back", "nothing"])
def test_a_verb_that_is_not_the_inspector_s(sign_in: SignIn, verb: str) -> None:
    assert answer_authors(sign_in("inspecteur.lyon"), verb).status_code == 404
    assert submitted().state == "submitted"


@pytest.mark.parametrize("name", ["expert", "inspection.generale", "bureau", "dan.lyon"])
def test_others_read_without_the_buttons(sign_in: SignIn, name: str) -> None:
    page = text(sign_in(name).get(f"/evaluation/scenarios/{submitted().pk}"))
    assert 'name="verb"' not in page and "Commentaire pour les auteurs" not in page
    assert refused(answer_authors(sign_in(name), "validate"), "réservé")


@pytest.mark.parametrize("name", ["inspecteur.lille", "dan.lille", "enseignante.lille"])
def test_a_scenario_of_lyon_is_not_read_in_lille(sign_in: SignIn, name: str) -> None:
    assert refused(sign_in(name).get(f"/evaluation/scenarios/{submitted().pk}"), "est lu par son groupe")


def test_readers_see_what_was_submitted_not_what_is_being_written(sign_in: SignIn) -> None:
    scenario = Scenario.objects.get(state="returned")
    Scenario.objects.filter(pk=scenario.pk).update(summary="Phrase en cours d'écriture")
    page = text(sign_in("expert").get(f"/evaluation/scenarios/{scenario.pk}"))
    assert "en cours d&#39;écriture" not in page and "la dernière version soumise" in page
    never = Scenario.objects.get(state="draft")
    page = text(sign_in("expert").get(f"/evaluation/scenarios/{never.pk}"))
    assert "encore en rédaction" in page


def test_the_inspector_publishes_what_she_validated(sign_in: SignIn) -> None:
    scenario = submitted()
    address = f"/evaluation/scenarios/{scenario.pk}"
    before = text(sign_in("inspecteur.lyon").get(address))
    assert "disabled>Publier" in before and "pas validé" in before
    assert refused(sign_in("inspecteur.lyon").post(f"{address}/publier"), "pas validé")
    answer_authors(sign_in("inspecteur.lyon"), "endorse")
    assert refused(sign_in("inspecteur.lyon").post(f"{address}/publier"), "pas validé")
    answer_authors(sign_in("expert"), "confirm")
    assert sign_in("inspecteur.lyon").post(f"{address}/publier").status_code == 422, "nothing proves it may be"
    assert not Notice.objects.filter(source_key=f"scenario:{scenario.pk}").exists()
    ready(scenario)
    assert sign_in("inspecteur.lyon").post(f"{address}/publier").status_code == 302
    notice = Notice.objects.get(source_key=f"scenario:{scenario.pk}")
    assert f"/notices/{notice.pk}" in text(sign_in("inspecteur.lyon").get(address))


@pytest.mark.parametrize("name", ["expert", "dan.lyon", "referent.lyon", "inspecteur.lille"])
def test_others_neither_publish_nor_withdraw(sign_in: SignIn, name: str) -> None:
    address = f"/evaluation/scenarios/{released().pk}"
    assert refused(sign_in(name).post(f"{address}/publier"), "réservé")
    assert refused(sign_in(name).post(f"{address}/retirer", {"reason": "Non"}), "réservé")


def test_a_publication_is_withdrawn_with_its_reason(sign_in: SignIn) -> None:
    scenario = released()
    address = f"/evaluation/scenarios/{scenario.pk}"
    assert sign_in("bureau").get(f"{address}/retirer").status_code == 200
    assert sign_in("bureau").post(f"{address}/retirer", {"reason": " "}).status_code == 422
    assert Notice.objects.get(source_key=f"scenario:{scenario.pk}").state == "published"
    assert sign_in("bureau").post(f"{address}/retirer", {"reason": "Image non libre."}).status_code == 302
    assert Notice.objects.get(source_key=f"scenario:{scenario.pk}").state == "withdrawn"
    assert "Image non libre." in text(sign_in("bureau").get(address))


def test_an_obligation_that_lacks_is_said_when_publishing(sign_in: SignIn) -> None:
    scenario = submitted()
    answer_authors(sign_in("inspecteur.lyon"), "endorse")
    answer_authors(sign_in("expert"), "confirm")
    Scenario.objects.filter(pk=scenario.pk).update(licence="")
    client = sign_in("inspecteur.lyon")
    answer = client.post(f"/evaluation/scenarios/{scenario.pk}/publier")
    assert "n’est pas publié" in text(answer) and "licence" in text(answer)


# --- cost


@pytest.mark.parametrize("name", ["expert", "bureau", "inspecteur.lyon"])
def test_the_first_page_costs_the_same_whatever_waits(
    sign_in: SignIn, django_assert_max_num_queries: Any, name: str
) -> None:
    client = sign_in(name)
    with django_assert_max_num_queries(17):
        client.get("/evaluation/")


@pytest.mark.parametrize("name", ["expert", "bureau"])
def test_a_theme_costs_the_same_whatever_its_dossiers(
    sign_in: SignIn, django_assert_max_num_queries: Any, name: str
) -> None:
    theme = open_theme()
    for n in range(15):
        Application.objects.create(
            theme=theme,
            academy="10",
            state="forwarded",
            titles=[f"Projet {n}"],
            referent_email=f"r{n}@exemple.invalid",
            created_by=person("bureau"),
            created_at=timezone.now(),
            changed_at=timezone.now(),
        )
    assert Steward.objects.filter(theme=theme).exists()
    client = sign_in(name)
    with django_assert_max_num_queries(20):
        assert client.get(f"/evaluation/themes/{theme.pk}").status_code == 200
