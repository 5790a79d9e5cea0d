"""A training module: written part by part by two authors, tried as an attendee, read, and taken away for Moodle."""

import re

from journey_groups import the_group
from journey_review import decide, judge
from journey_stage import Visitor
from playwright.sync_api import expect

from traam.engines.parcours.checking import check_mbz
from traam.programme.productions.models import Module

MODULE = "Faire débattre des élèves avec une machine"
PARTS = (
    ("Entrer dans le sujet", "Ce que savent les machines qui parlent, et ce qu'elles ne savent pas."),
    ("Mettre en œuvre", "Préparer une séance, et la raconter."),
)
READING = "Une machine répond **toujours**, même quand elle ne sait pas.\n\n- Ce qu'elle dit se vérifie.\n- Qui parle ?"
DOCUMENTS = {
    "framing": "## Public\n\nDes professeurs de collège.\n\n## Matériel\n\nUn poste pour deux.",
    "notebook": "## Ce que je retiens\n\nTrois idées, avec mes mots.",
    "guide": "## Première partie\n\nFaire lire, puis faire parler.",
}


def write_a_module(v: Visitor) -> str:
    """A teacher begins it; its address."""
    v.enter("enseignante.lyon")
    v.go(f"/atelier/groupes/{the_group().pk}")
    v.follow("Commencer un module")
    v.fill(title=MODULE)
    v.send()
    path = v.page.url.removeprefix(v.base).partition("#")[0]
    v.told("Aucune partie pour l'instant")
    v.look("module-commence")
    for n, (title, summary) in enumerate(PARTS):
        v.go(path)
        v.follow(re.compile("^Ajouter une partie"))
        v.fill(title=title, summary=summary)
        if n == 0:
            v.look("partie-du-module")
        v.press("Enregistrer")
        v.told("ajoutée. Donnez-lui ses activités")
    _add(v, path, 0, "Page", title="Ce qu'une machine sait dire", body=READING, minutes="20")
    v.told("Il manque 100 minutes")
    v.look("module-en-cours")
    _add(
        v,
        path,
        0,
        "Vidéo",
        title="Une séance filmée",
        address="https://tubes.example.org/w/une-seance",
        body="Regardez qui vérifie.",
        transcript="Le professeur demande la source ; deux élèves la cherchent.",
        minutes="15",
    )
    _add_the_quiz(v, path)
    _add(v, path, 1, "Travail à rendre", title="Ma séance", body="Décrivez votre séance en une page.", minutes="50")
    _add(v, path, 1, "Échange", title="Ce qui a résisté", body="Racontez un moment difficile.", minutes="20")
    return path


def _add(v: Visitor, path: str, part: int, kind: str, **answers: str) -> None:
    """An activity of a kind, in a part, by the pages that ask for it."""
    v.go(path)
    v.follow(f"Ajouter une activité à la partie {PARTS[part][0]}")
    if kind == "Page":
        v.look("choisir-une-activite")
    v.follow(re.compile(f"^{kind}"))
    v.fill(**answers)
    if kind == "Vidéo":
        v.look("activite-du-module")
    v.page.locator("main form.page-form").get_by_role("button", name=re.compile("^(Ajouter|Enregistrer)")).last.click()


def _add_the_quiz(v: Visitor, path: str) -> None:
    """Two questions: one answer among three, then true or false."""
    _add(v, path, 0, "Questionnaire", title="Qui a raison ?", body="Deux questions.", minutes="15")
    v.arrived("Qui a raison ?")
    v.follow("Choix unique")
    v.fill(text="Que fait une machine qui ne sait pas ?")
    for n, (text, back) in enumerate((("Elle répond.", "Oui."), ("Elle se tait.", "Rarement."), ("Elle dort.", ""))):
        v.page.locator(f"main [name=text_{n}]").fill(text)
        v.page.locator(f"main [name=feedback_{n}]").fill(back)
    v.page.locator("main [name=right_0]").check(force=True)
    v.look("question-du-module")
    v.press("Enregistrer la question")
    v.follow("Vrai ou faux")
    v.fill(text="Une réponse bien écrite est vraie.", feedback="La forme ne prouve rien.")
    v.page.locator("main [name=truth][value=Faux]").check(force=True)
    v.press("Enregistrer la question")
    v.told("2 questions")
    v.look("questionnaire")


def complete_it(v: Visitor, path: str) -> None:
    """The documents, the minutes that must add up, the rights; then seen as an attendee."""
    v.go(path)
    v.told("ce document est vide")
    v.follow("Écrire les textes du module")
    v.fill(
        summary="Deux heures pour préparer un débat où la machine est un adversaire de papier.",
        objectives="Préparer un débat.\nFaire vérifier ce que dit la machine.",
        audience="Professeurs de collège, toutes disciplines",
        minutes="120",
        keywords="débat, esprit critique",
        **DOCUMENTS,
    )
    v.page.locator("main [name=licence][value=CC-BY-SA]").check(force=True)
    v.page.locator("main [name=terms_read]").check(force=True)
    v.page.locator("main [name=personal_data_checked]").check(force=True)
    v.look("textes-du-module")
    v.page.locator("main form.page-form").get_by_role("button", name="Enregistrer", exact=True).last.click()
    v.told("Le compte y est")
    v.look("module-entier")
    v.follow("Voir comme un stagiaire")
    v.page.locator("main fieldset").first.get_by_label("Elle se tait.").check(force=True)
    v.press("Vérifier mes réponses")
    v.told("Rarement.")
    v.told("Réponse attendue")
    v.look("apercu-du-stagiaire")


def export_it(v: Visitor, path: str) -> None:
    """The same file twice, that holds together, with nobody's address in it."""
    v.go(path)
    files = []
    for _ in range(2):
        with v.page.expect_download() as download:
            v.follow("Sauvegarde Moodle (.mbz)")
        files.append(download.value.path().read_bytes())
    assert files[0] == files[1]
    assert check_mbz(files[0]) == []
    with v.page.expect_download() as cartridge:
        v.follow("Common Cartridge 1.1 (.imscc)")
    assert cartridge.value.suggested_filename.endswith(".imscc")


def review_it(v: Visitor, path: str) -> None:
    """Its référent submits it, the inspector passes it on, the expert validates it."""
    v.enter("referent.lyon")
    v.go(path)
    v.page.locator("#submit").get_by_role("button", name="Soumettre à l'inspecteur").click()
    v.told("Module soumis")
    review = judge(path)
    decide(v, "inspecteur.lyon", review, "Transmettre à l'expert", "Transmis à l'expert")
    v.look("module-transmis")
    decide(v, "expert", review, "Valider", "Validé. Les auteurs sont prévenus.")
    v.enter("enseignante.lyon")
    v.go(path)
    expect(v.page.locator(".page-head .fr-badge")).to_have_text("validé")
    v.look("module-valide")
    assert Module.objects.get(title=MODULE).state == "validated"
