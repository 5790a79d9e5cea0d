"""The pages of the DAN and of the inspectors of an academy."""

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
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.selection.models import Decision

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Any]


def address(page: str, slug: str = "lyon") -> str:
    return reverse(f"academy:{page}", args=[slug, open_campaign().pk])


def words(response: Any) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.split())


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def posted(**answers: object) -> dict[str, object]:
    """The form as a browser sends it."""
    given = {**good(axes=["Axe 1", "Axe 2"], referent_email="forme@ac-exemple.fr"), **answers}
    return {name: value for name, value in given.items() if value is not None}


def draft(**answers: object) -> Application:
    raw = posted(**answers)
    return actions.save_draft(open_campaign(), LYON, raw, actor=person("dan.lyon"), at=timezone.now())


def of(application: Application, verb: str = "") -> str:
    if verb:
        return reverse("academy:move", args=[application.pk, verb])
    return reverse("academy:application", args=[application.pk])


REFUSED = [
    "dan.lille",
    "inspecteur.lille",
    "referent.lyon",
    "enseignante.lyon",
    "expert",
    "inspection.generale",
    "bureau",
]
PAGES = ["applications", "template", "upload", "new", "axes", "forward_all"]


@pytest.mark.parametrize("who", REFUSED)
def test_the_pages_of_an_academy_are_hers(sign_in: SignIn, who: str) -> None:
    client, application = sign_in(who), draft()
    for page in PAGES:
        answer = client.get(address(page))
        assert answer.status_code == 403, page
        assert "DAN" in words(answer)
    before = held()
    assert client.post(address("new"), posted(referent_email="x@ac-exemple.fr")).status_code == 403
    assert client.post(address("forward_all")).status_code == 403
    assert client.get(of(application)).status_code == 403
    assert client.get(reverse("academy:edit", args=[application.pk])).status_code == 403
    assert client.post(of(application, "forward")).status_code == 403
    assert client.post(of(application, "withdraw"), {"reason": "Non."}).status_code == 403
    assert held() == before


def test_the_first_page_is_for_those_who_have_an_academy(sign_in: SignIn) -> None:
    assert sign_in("enseignante.lyon").get(reverse("academy:home")).status_code == 403
    assert sign_in("inspecteur.lyon").get(reverse("academy:home")).status_code == 200


def test_passers_by_are_asked_who_they_are(client: Any) -> None:
    application = draft()
    for where in (reverse("academy:home"), address("applications"), address("template"), of(application)):
        answer = client.get(where)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion")


def test_an_unknown_academy_or_verb_is_not_found(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    assert client.get(address("applications", "atlantide")).status_code == 404
    assert client.get(of(draft(), "explode")).status_code == 404
    assert client.get(reverse("academy:preview", args=[999_999])).status_code == 404


def test_home_says_what_comes_next(sign_in: SignIn) -> None:
    said = words(sign_in("dan.lyon").get(reverse("academy:home"))).replace("\xa0", " ")
    assert "1 brouillon à compléter et à remonter avant le" in said
    assert "Les résultats sont annoncés" in said


def test_the_number_of_queries_does_not_grow(sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = sign_in("dan.lyon")
    for n in range(12):
        draft(referent_email=f"r{n}@ac-exemple.fr", titles=f"Projet {n}")
    with django_assert_max_num_queries(9):
        assert client.get(reverse("academy:home")).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(address("applications")).status_code == 200


def test_a_new_draft_may_be_incomplete(sign_in: SignIn) -> None:
    client = sign_in("inspecteur.lyon")
    assert 'value="Inspecteur de Lyon"' in client.get(address("new")).content.decode()
    answer = client.post(address("new"), {"theme": good()["theme"]}, follow=True)
    said = words(answer)
    assert "Brouillon enregistré" in said
    assert "La description des projets est vide" in said
    link = f"{reverse('public:edition', args=[open_campaign().edition_id])}#B.2"
    assert link in answer.content.decode()
    assert Entry.objects.filter(verb="enter").latest("pk").actor_label == "Inspecteur de Lyon"


def test_bad_answers_are_said_beside_their_field_and_nothing_is_written(sign_in: SignIn) -> None:
    client, before = sign_in("dan.lyon"), held()
    raw = posted(description="x" * 1001, referent_school="0699901A", rank="zéro")
    answer = client.post(address("new"), raw)
    assert answer.status_code == 422
    said = words(answer).replace("\u202f", " ").replace("\xa0", " ")
    assert "3 erreurs sont à corriger" in said
    for part in ("1 001 caractères", "lettre de contrôle", "« zéro » n'est pas un nombre entier"):
        assert part in said
    assert "x" * 1001 in answer.content.decode(), "what was typed is kept"
    assert held() == before


def test_changing_a_draft_and_seeing_it_in_the_history(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("dan.lyon")
    form = client.get(reverse("academy:edit", args=[application.pk])).content.decode()
    assert f'name="revision" value="{application.revision}"' in form
    raw = posted(description="Une autre.", revision=application.revision)
    said = words(client.post(reverse("academy:edit", args=[application.pk]), raw, follow=True))
    assert "Candidature modifiée par DAN de Lyon Description" in said


def test_a_save_over_somebody_s_shows_both_versions(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("dan.lyon")
    opened = application.revision
    actions.save_draft(
        open_campaign(),
        LYON,
        posted(description="Celle de l'inspecteur."),
        application=application,
        revision=opened,
        actor=person("inspecteur.lyon"),
        at=timezone.now(),
    )
    edit = reverse("academy:edit", args=[application.pk])
    answer = client.post(edit, posted(description="Celle du DAN.", revision=opened))
    assert answer.status_code == 422
    said = words(answer)
    assert "Celle de l'inspecteur." in said
    assert "Celle du DAN." in said
    assert Application.objects.get(pk=application.pk).description == "Celle de l'inspecteur."
    known = re.search(r'name="revision" value="(\d+)"', answer.content.decode())
    assert known is not None
    client.post(edit, posted(description="Celle du DAN.", revision=known[1]))
    assert Application.objects.get(pk=application.pk).description == "Celle du DAN."


def test_the_axes_follow_the_theme(sign_in: SignIn) -> None:
    client, theme = sign_in("dan.lyon"), open_campaign().themes.order_by("pk")[1]
    chosen = client.get(address("axes"), {"theme": theme.title, "axes": ["Axe 1", "Axe 5"]}).content.decode()
    chosen = html.unescape(chosen).replace("\xa0", " ")
    assert f"Axe 3 : {theme.axes[2]}" in chosen
    assert "Axe 4" not in chosen
    assert chosen.count("checked") == 1
    none = client.get(address("axes"), {"theme": ""}).content.decode()
    assert "Axe 5" in none
    assert theme.axes[2] in html.unescape(none)


def test_forward_recall_withdraw(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("dan.lyon")
    assert "remontée au bureau national" in words(client.post(of(application, "forward"), follow=True))
    assert "Candidature reprise" in words(client.post(of(application, "recall"), follow=True))
    assert client.get(of(application, "recall")).status_code == 403, "it is a draft again"
    assert client.get(of(application, "forward")).status_code == 302, "a move is never made by following a link"
    confirm = client.get(of(application, "withdraw"))
    assert "Retirer définitivement" in words(confirm)
    assert client.post(of(application, "withdraw"), {"reason": " "}).status_code == 422
    said = words(client.post(of(application, "withdraw"), {"reason": "Le projet est abandonné."}, follow=True))
    assert "Candidature retirée" in said
    assert "Le projet est abandonné." in said
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_an_incomplete_application_is_not_forwarded(sign_in: SignIn) -> None:
    application, client = draft(description=""), sign_in("dan.lyon")
    assert "Complétez d'abord ce qui manque" in words(client.get(of(application)))
    answer = client.post(of(application, "forward"))
    assert answer.status_code == 422
    assert "(article B.2)" in words(answer)


def test_the_inspector_sees_who_forwards(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("inspecteur.lyon")
    said = words(client.get(of(application)))
    assert "« Remonter la candidature » est réservé à : le DAN de l'académie." in said.replace("\xa0", " ")
    assert client.post(of(application, "forward")).status_code == 403
    listed = words(client.get(address("applications"))).replace("\xa0", " ")
    assert "Seul le DAN de l'académie remonte les candidatures." in listed


def test_all_forward_or_none(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("dan.lyon")
    answer = client.post(address("forward_all"))
    assert answer.status_code == 422
    assert "Rien n'a été remonté" in words(answer)
    Application.objects.filter(academy=LYON, description="").update(description="Décrite.")
    Application.objects.filter(academy=LYON, state="submitted").update(inspector_opinion="favourable")
    said = words(client.post(address("forward_all"), follow=True)).replace("\xa0", " ")
    assert "3 candidatures remontées au bureau national." in said
    application.refresh_from_db()
    assert application.state == "forwarded"


def test_the_national_team_reads_only_what_went_up(sign_in: SignIn) -> None:
    application = draft()
    assert sign_in("bureau").get(of(application)).status_code == 403
    actions.forward(application, actor=person("dan.lyon"), at=timezone.now())
    for who in ("bureau", "expert"):
        said = words(sign_in(who).get(of(application)))
        assert "Historique" not in said
        assert "Reprendre" not in said


def test_decisions_are_not_told_before_the_announcement(sign_in: SignIn) -> None:
    application = draft()
    actions.forward(application, actor=person("dan.lyon"), at=timezone.now())
    Decision.objects.create(
        application=application, state="refused", decided_by=person("bureau"), decided_at=timezone.now()
    )
    Entry.objects.create(
        at=timezone.now(),
        actor_label="Bureau",
        verb="refuse",
        object_type="calls.application",
        object_id=str(application.pk),
        object_label="x",
        reason="Trop mince.",
    )
    client = sign_in("dan.lyon")
    for where in (of(application), address("applications")):
        said = words(client.get(where))
        assert "Non retenue" not in said
        assert "Trop mince" not in said


def test_results_are_told_once_announced(sign_in: SignIn) -> None:
    past = Campaign.objects.get(state="closed")
    said = words(sign_in("dan.lyon").get(reverse("academy:applications", args=["lyon", past.pk])))
    assert "3 candidatures retenues" in said.replace("\xa0", " ")
    assert "Nouvelle candidature" not in said


def test_the_form_of_a_draft_whose_theme_closed_says_so(sign_in: SignIn) -> None:
    application, client = draft(), sign_in("dan.lyon")
    open_campaign().themes.filter(pk=application.theme_id).update(state="closed")
    said = words(client.get(reverse("academy:edit", args=[application.pk])))
    assert "Le thème est fermé aux candidatures" in said


def test_a_file_too_heavy_or_absent_is_refused(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from traam.programme.calls import imports

    client = sign_in("dan.lyon")
    assert client.post(address("upload"), {}).status_code == 422
    monkeypatch.setattr(imports, "LARGEST_FILE", 10)
    answer = client.post(address("upload"), {"file": SimpleUploadedFile("c.xlsx", b"x" * 11)})
    assert answer.status_code == 422
    assert "10 Mo" in words(answer)


def test_a_text_sent_after_the_session_ended_comes_back_once_signed_in(sign_in: SignIn) -> None:
    client = sign_in("dan.lyon")
    page = address("new")
    seal = client.get(page).content.decode().split('name="seal" value="')[1].split('"')[0]
    client.logout()
    count = Application.objects.count()
    away = client.post(page, {**posted(titles="Écrit pendant une heure"), "seal": seal})
    assert away.status_code == 302 and "/connexion" in away["Location"]
    assert Application.objects.count() == count
    back = words(sign_in("dan.lyon").get(page))
    assert "Écrit pendant une heure" in back and "Texte retrouvé" in back
    client.post(page, {**posted(titles="Écrit pendant une heure"), "seal": seal})
    assert Application.objects.count() == count + 1
    assert "Texte retrouvé" not in words(client.get(page))


def test_nobody_fills_the_session_of_a_passer_by(sign_in: SignIn, client: Any) -> None:
    page = address("new")
    client.post(page, {**posted(titles="Sans page"), "seal": "1:/ailleurs:faux"})
    assert "Sans page" not in words(sign_in("dan.lyon").get(page))
