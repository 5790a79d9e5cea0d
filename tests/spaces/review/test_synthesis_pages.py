"""The pages of a national synthesis: written without typing a figure, cited, judged, published, sent."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from traam.engines.wordprocessing import read, to_markdown
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.letters.models import Letter
from traam.programme.productions.models import ClassTest
from traam.programme.valorisation.syntheses import rules
from traam.programme.valorisation.syntheses.models import Citation, MailingList, Synthesis

pytestmark = pytest.mark.django_db

LIST = "/evaluation/syntheses"


@pytest.fixture
def begun() -> Synthesis:
    """That of the demonstration which is being written."""
    return Synthesis.objects.get(state="draft")


@pytest.fixture
def on_line() -> Synthesis:
    return Synthesis.objects.get(state="published")


def fields(synthesis: Synthesis, **given: Any) -> dict[str, Any]:
    texts = {key: synthesis.sections.get(key, f"À propos de {key}.") for key in rules.TITLES}
    fixed = {"title": synthesis.title, "licence": "CC-BY-SA", "nobody_named": "on", "revision": synthesis.revision}
    return {**texts, **fixed, **given}


def text_of(answer: Any) -> str:
    """The words of a page, with plain spaces."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("who", "status"),
    [("expert", 200), ("inspection.generale", 200), ("bureau", 200), ("referent.lyon", 200), ("dan.lyon", 403)],
)
def test_the_national_group_reads_it_before_the_public(who: str, status: int, begun: Synthesis, sign_in: Any) -> None:
    client = sign_in(who)
    assert client.get(f"{LIST}/{begun.pk}").status_code == status
    assert client.get(f"{LIST}/{begun.pk}.odt").status_code == status
    assert client.get(LIST).status_code == status


def test_the_figures_are_counted_and_lead_to_their_definitions(begun: Synthesis, sign_in: Any) -> None:
    page = sign_in("expert").get(f"{LIST}/{begun.pk}").content.decode()
    assert re.search(r'Depuis septembre, <a href="#chiffre-academies"[^>]*>6</a> académies', page)
    assert 'id="chiffre-academies"' in page and "{{" not in page


def test_writing_keeps_what_is_not_sound_and_says_it(begun: Synthesis, sign_in: Any) -> None:
    client = sign_in("expert")
    pupils = sum(
        ClassTest.objects.filter(scenario__group__application__theme__in=begun.theme_list).values_list(
            "pupils", flat=True
        )
    )
    given = fields(begun, work=f"{{{{ essais }}}} essais, {pupils} élèves.", findings="Pour 26 %.")
    answer = client.post(f"{LIST}/{begun.pk}/ecrire", given, follow=True)
    told = text_of(answer)
    assert "Synthèse enregistrée." in told and "{{ essais }} n'est pas dans la liste des chiffres" in told
    assert f"{pupils} est tapé à la main" in told
    begun.refresh_from_db()
    assert begun.sections["findings"] == "Pour 26 %." and begun.nobody_named


def test_two_experts_at_once_lose_nothing(begun: Synthesis, sign_in: Any) -> None:
    client = sign_in("expert")
    client.post(f"{LIST}/{begun.pk}/ecrire", fields(begun, findings="Le premier texte."))
    answer = client.post(f"{LIST}/{begun.pk}/ecrire", fields(begun, findings="Le second texte."))
    assert answer.status_code == 409
    assert "Le premier texte." in text_of(answer) and "Le second texte." in text_of(answer)


def test_the_page_of_writing_is_for_its_authors(begun: Synthesis, on_line: Synthesis, sign_in: Any) -> None:
    assert sign_in("referent.lyon").get(f"{LIST}/{begun.pk}/ecrire").status_code == 403
    page = sign_in("expert").get(f"{LIST}/{begun.pk}/ecrire").content.decode()
    assert 'data-inserts="{{ tests }}"' in page and 'data-inserts="{{ tableau:niveaux }}"' in page
    refused = sign_in("expert").get(f"{LIST}/{on_line.pk}/ecrire")
    assert refused.status_code == 403 and "Reprenez-en d'abord la rédaction" in text_of(refused)


def test_words_are_cited_word_for_word(begun: Synthesis, sign_in: Any) -> None:
    client = sign_in("expert")
    test = ClassTest.objects.filter(scenario__group__application__theme__in=begun.theme_list).order_by("pk")[0]
    address, key = f"{LIST}/{begun.pk}/extraits", f"test-{test.pk}"
    wrong = {"source": f"test:{test.pk}", f"{key}-section": "worked", f"{key}-words": "Les élèves ont dormi."}
    refused = client.post(address, wrong)
    assert refused.status_code == 422 and "mot pour mot" in text_of(refused)
    assert "Les élèves ont dormi." in refused.content.decode()
    words = test.worked.split(".")[0]
    kept = client.post(address, {**wrong, f"{key}-words": words}, follow=True)
    assert "Citation 1 gardée" in text_of(kept)
    assert Citation.objects.get(synthesis=begun).words == words
    assert client.post(address, {**wrong, "source": "bilan:999"}).status_code == 404
    client.post(f"{address}/retrait", {"number": "1"})
    assert not Citation.objects.filter(synthesis=begun).exists()


def test_it_goes_from_the_expert_to_everybody(begun: Synthesis, sign_in: Any, client: Client) -> None:
    address = f"{LIST}/{begun.pk}"
    expert = sign_in("expert")
    expert.post(f"{address}/ecrire", fields(begun))
    refused = expert.post(f"{address}/etat/submit")
    assert refused.status_code == 422 and "pas de réponse" in text_of(refused)
    remark = begun.review.remarks.get()
    empty = expert.post(f"{LIST}/remarques/{remark.pk}/reponse", {"answer": " "})
    assert empty.status_code == 422
    expert.post(f"{LIST}/remarques/{remark.pk}/reponse", {"answer": "C'est dit."})
    assert expert.post(f"{address}/etat/submit").status_code == 302
    assert expert.post(f"{address}/etat/validate").status_code == 403
    judge = sign_in("inspection.generale")
    for home in ("/tableau-de-bord", "/evaluation/"):
        assert f"Lire la synthèse : {begun.title}" in text_of(judge.get(home))
    assert judge.post(f"{address}/etat/send_back", {"comment": ""}).status_code == 422
    assert judge.post(f"{address}/etat/validate", {"comment": "Très clair."}).status_code == 302
    sign_in("expert").post(f"{address}/publier")
    public = PublicSynthesis.objects.get(source_key=begun.source_key)
    client.logout()
    theme = client.get(f"/themes/{public.themes.get().pk}")
    assert f"/syntheses/{public.pk}" in theme.content.decode()


@pytest.mark.parametrize("who", ["dan.lyon", "referent.lyon", "inspecteur.lyon"])
def test_sending_is_for_its_authors(who: str, on_line: Synthesis, sign_in: Any) -> None:
    assert sign_in(who).post(f"{LIST}/{on_line.pk}/envoyer", {"audiences": "groups"}).status_code == 403
    assert not Letter.objects.filter(key__startswith=f"synthesis:{on_line.pk}:1:").exists()


def test_who_will_receive_it_is_read_before_it_leaves(on_line: Synthesis, sign_in: Any) -> None:
    client, address = sign_in("expert"), f"{LIST}/{on_line.pk}/envoyer"
    shown = text_of(client.get(address))
    assert "Secrétariat DGESCO" in shown and "Professeur référent de Lille" in shown
    assert client.post(address, {}).status_code == 422
    sent = client.post(address, {"audiences": ["groups", "dgesco"]}, follow=True)
    assert "courriels partent" in text_of(sent) and "l'ont déjà reçue" in text_of(sent).replace("’", "'")
    assert client.post(address, {"audiences": ["dgesco"]}).status_code == 422


def test_everyone_reads_it_in_four_forms(on_line: Synthesis, client: Client) -> None:
    public = PublicSynthesis.objects.get(source_key=on_line.source_key)
    page = text_of(client.get(f"/syntheses/{public.pk}"))
    assert "Retour de classe du" in page and "Comment c’est compté" in page and "{{" not in page
    for form in ("odt", "docx"):
        text = to_markdown(read(client.get(f"/syntheses/{public.pk}.{form}").content).blocks)
        assert "élèves concernés" in text and "](#" not in text and "{{" not in text
    assert client.get(f"/syntheses/{public.pk}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/syntheses/{public.pk}.exe").status_code == 404
    assert f"/syntheses/{public.pk}<" in client.get("/plan-du-site/pages.xml").content.decode()


def test_a_withdrawn_one_says_why_at_its_address(on_line: Synthesis, sign_in: Any, client: Client) -> None:
    judge = sign_in("inspection.generale")
    assert judge.post(f"{LIST}/{on_line.pk}/retirer", {"reason": ""}).status_code == 422
    judge.post(f"{LIST}/{on_line.pk}/retirer", {"reason": "Un tableau était faux."})
    public = PublicSynthesis.objects.get(source_key=on_line.source_key)
    gone = client.get(f"/syntheses/{public.pk}")
    assert gone.status_code == 410 and "Un tableau était faux." in text_of(gone)
    assert client.get(f"/syntheses/{public.pk}.pdf").status_code == 404


def test_an_erratum_stands_above_the_text(on_line: Synthesis, sign_in: Any, client: Client) -> None:
    sign_in("expert").post(f"{LIST}/{on_line.pk}/erratum", {"text": "Lire « deux classes »."})
    public = PublicSynthesis.objects.get(source_key=on_line.source_key)
    assert "Lire « deux classes »." in text_of(client.get(f"/syntheses/{public.pk}"))


def test_a_transversal_one_is_opened_over_chosen_themes(sign_in: Any) -> None:
    client = sign_in("bureau")
    keys = list(Theme.objects.filter(applications__group__isnull=False).distinct().values_list("pk", flat=True))
    one = client.post(f"{LIST}/transversale", {"title": "Le numérique", "themes": keys[:1]})
    assert one.status_code == 422 and "au moins deux thèmes" in text_of(one)
    made = client.post(f"{LIST}/transversale", {"title": "Le numérique", "themes": keys}, follow=True)
    assert "rien n'est compté deux fois" in text_of(made)
    assert sign_in("dan.lyon").get(f"{LIST}/transversale").status_code == 403


def test_the_bureau_writes_the_lists(sign_in: Any) -> None:
    client, address = sign_in("bureau"), "/pilotage/listes-de-diffusion"
    assert "IH2EF" in text_of(client.get(address))
    wrong = client.post(f"{address}/ih2ef", {"name": "IH2EF", "recipients": "a@b.fr\nrien"})
    assert wrong.status_code == 422 and "Ligne 2" in text_of(wrong) and "rien" in wrong.content.decode()
    client.post(f"{address}/nouvelle", {"name": "Canopé", "recipients": "Une équipe <equipe@canope.invalid>"})
    assert MailingList.objects.get(key="canope").recipients == [["equipe@canope.invalid", "Une équipe"]]
    assert sign_in("expert").get(address).status_code == 403


def test_the_list_costs_the_same_however_many(sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client = sign_in("bureau")
    with django_assert_max_num_queries(16):
        client.get(LIST)
