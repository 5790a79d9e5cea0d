"""A scenario: written in parts and steps with a piece and its rights, tried in two academies, read till it is valid."""

import re
from pathlib import Path

from journey_groups import the_group
from journey_release import release
from journey_review import decide, judge, part, remark
from journey_stage import Visitor, day, person
from PIL import Image
from playwright.sync_api import expect

from traam.demo.build import PASSWORD
from traam.programme.catalogue import index
from traam.programme.productions.models import Scenario

SCENARIO = "Interroger une machine comme on interroge un témoin"
SECTIONS = {
    "Contexte": "Une classe de troisième de 26 élèves, en salle informatique, après une séance sur les sources.",
    "Objectifs et points du programme": "Interroger une source ; croiser deux réponses ; nommer ce qu'on ignore.",
    "Plus-value du numérique": "La machine répond autant de fois qu'on veut : on voit ses réponses changer.",
}
STEPS = (
    ("Préparer les questions", "25", "Par deux, les élèves écrivent cinq questions."),
    ("Interroger", "30", "Ils posent trois fois la même question, et notent ce qui change."),
    ("Confronter", "45", "La classe compare avec une source imprimée."),
)
PIECE = "Grille d'interrogatoire"
SHOWN = "Un tableau de trois colonnes : la question, la réponse, ce qui la confirme."
TOO_SHORT = "Dites ce que fait le groupe qui a fini avant les autres."
WHICH = "De quelle source imprimée parlez-vous ?"
ANSWER = "Un article d'encyclopédie, ajouté à l'étape 3."
FASTER = "Qui a fini écrit une question piège pour un autre groupe."


def its_number() -> int:
    return Scenario.objects.get(title=SCENARIO).pk


def write(v: Visitor, folder: Path) -> str:
    """A teacher writes it: parts, steps whose minutes are added up, an image with its rights, shown in the text."""
    v.enter("enseignante.lyon")
    v.go(f"/atelier/groupes/{the_group().pk}")
    v.follow("Commencer un scénario")
    v.fill(title=SCENARIO)
    v.send()
    path = f"/atelier/scenarios/{its_number()}"
    if "/modifier" not in v.page.url:
        v.go(f"{path}/modifier")
    v.fill(summary="Des élèves de troisième interrogent une machine trois fois, et apprennent à ne pas la croire.")
    for label, text in SECTIONS.items():
        v.write(label, text)
    _write_the_steps(v)
    v.page.get_by_label("Lettres", exact=True).check(force=True)
    v.page.get_by_label("3e", exact=True).check(force=True)
    v.page.get_by_label(re.compile("^1.3 Traiter")).first.check(force=True)
    v.fill(tools="Un assistant conversationnel sans compte")
    v.page.locator("main [name=licence][value=CC-BY-SA]").check(force=True)
    v.page.locator("main [name=terms_read]").check(force=True)
    v.page.locator("main [name=personal_data_checked]").check(force=True)
    v.look("ecrire-le-scenario")
    v.page.locator("main .form-buttons").get_by_role("button", name="Enregistrer", exact=True).click()
    _add_an_image(v, path, folder)
    return path


def _write_the_steps(v: Visitor) -> None:
    for n, (title, minutes, text) in enumerate(STEPS):
        v.press("Ajouter une étape")
        row = v.page.locator(f"[name=phases-{n}-title]")
        expect(row).to_be_visible()
        row.fill(title)
        v.page.locator(f"[name=phases-{n}-minutes]").fill(minutes)
        v.page.locator(f"[name=phases-{n}-text]").fill(text)
    v.told("Les étapes durent 100 minutes en tout")
    v.press("Prendre ce total comme durée")
    expect(v.page.locator("[name=duration_minutes]")).to_have_value("100")


def _add_an_image(v: Visitor, path: str, folder: Path) -> None:
    """A piece with its alternative, its licence, its holder; then shown in a part of the text."""
    image = folder / "grille.png"
    Image.new("RGB", (600, 200), "white").save(image)
    v.go(path)
    v.follow("Ajouter une pièce")
    v.page.locator("main input[type=file]").set_input_files(image)
    v.fill(title=PIECE, alternative=SHOWN, holder="Groupe de Lyon", terms_read_on=day(0))
    v.page.locator("main [name=licence]").select_option("CC-BY-SA")
    v.look("ajouter-une-piece")
    v.press("Ajouter la pièce")
    v.told("est parmi les pièces du scénario")
    v.look("pieces-du-scenario")
    piece = Scenario.objects.get(pk=its_number()).pieces.get()
    v.go(f"{path}/modifier")
    v.write("Matériel et supports", f"Une grille par élève.\n\n![{SHOWN}](fichier:{piece.pk})")
    v.page.locator("main .form-buttons").get_by_role("button", name="Enregistrer", exact=True).click()
    expect(v.page.get_by_role("img", name=SHOWN)).to_be_visible()
    v.look("scenario-ecrit")


# --- tests in two academies


def try_it_at_home(v: Visitor, path: str) -> None:
    """The author notes the test of her own class."""
    v.go(path)
    v.follow("Noter un test")
    v.page.locator("main [name=level]").select_option(label="3e")
    v.fill(on=day(0), pupils="26", worked="Tous ont vu la réponse changer.", advice="Prévoir une source imprimée.")
    v.look("noter-le-test-des-auteurs")
    v.press("Enregistrer le test")
    v.told("Test en classe enregistré")


def promise_elsewhere(v: Visitor, path: str) -> None:
    """The référent of another academy finds it in the matrix of the theme, reads it, and promises to try it."""
    _give_a_password("referent.lille")
    v.enter("referent.lille")
    v.go(f"/atelier/themes/{the_group().application.theme_id}/tests")
    v.told(SCENARIO)
    v.look("tests-du-theme")
    v.go(path)
    v.told("votre groupe travaille sur le même thème")
    v.look("scenario-d-un-autre-groupe")
    v.follow(re.compile("^Promettre un test"))
    v.page.locator("main [name=level]").select_option(label="3e")
    v.fill(planned_on=day(1), answer="Pouvez-vous nous envoyer la grille ?")
    v.look("promettre-un-test")
    v.press("Promettre ce test")
    v.told("Test promis")


def _give_a_password(name: str) -> None:
    one = person(name)
    one.set_password(PASSWORD)
    one.save(update_fields=["password"])


def keep_the_promise(v: Visitor, path: str) -> None:
    """The day after, the class of Lille has tried it; everybody sees « testé dans 2 académies »."""
    v.enter("referent.lille")
    v.go(path)
    v.follow("Noter un test")
    v.page.locator("main [name=level]").select_option(label="3e")
    v.fill(on=day(0), pupils="24", worked="Les élèves ont cessé de croire la première réponse.")
    v.fill(resisted="Le troisième essai a lassé deux groupes.", advice="Deux essais suffisent.")
    v.press("Enregistrer le test")
    v.told("Testé dans 2 académies")
    v.look("teste-dans-deux-academies")
    v.enter("expert")
    v.go("/evaluation/tests")
    v.look("tests-de-mes-themes")
    v.go(f"/atelier/themes/{the_group().application.theme_id}/tests")
    v.look("matrice-des-tests")


# --- read in three turns


def propose(v: Visitor, path: str) -> None:
    """The author proposes it; the référent reads it, and submits it to the inspector."""
    v.enter("enseignante.lyon")
    v.go(path)
    v.press("Proposer au professeur référent")
    v.told("proposé")
    decide(v, "referent.lyon", judge(path), "Soumettre à l'inspecteur", "Soumis à l'inspecteur")
    v.look("scenario-propose-puis-soumis")


def send_back(v: Visitor, path: str) -> None:
    """The inspector remarks on two parts, and sends it back."""
    v.enter("inspecteur.lyon")
    v.go(judge(path))
    v.look("lire-un-scenario")
    remark(v, "Déroulement", WHICH, quote="une source imprimée")
    remark(v, "Différenciation" if part(v, "Différenciation").count() else "L'ensemble", TOO_SHORT)
    v.look("remarques-de-l-inspecteur")
    decide(v, "inspecteur.lyon", judge(path), "Renvoyer aux auteurs", "Renvoyé aux auteurs", comment="Deux points.")


def answer(v: Visitor, path: str) -> None:
    """The authors answer each remark, correct the text, and submit it again."""
    v.enter("enseignante.lyon")
    v.go(path)
    v.told(WHICH)
    v.look("scenario-a-reprendre")
    for said, back in ((WHICH, ANSWER), (TOO_SHORT, FASTER)):
        one = v.page.locator("main .remark").filter(has_text=said)
        one.locator("textarea").fill(back)
        one.get_by_role("button", name=re.compile("^(Répondre|Enregistrer)")).click()
        v.told(back)
    v.go(f"{path}/modifier")
    v.write("Différenciation", FASTER)
    v.page.locator("[name=phases-2-text]").fill("La classe compare avec un article d'encyclopédie imprimé.")
    v.page.locator("main .form-buttons").get_by_role("button", name="Enregistrer", exact=True).click()
    v.enter("referent.lyon")
    v.go(path)
    v.page.locator("main form").get_by_role("button", name="Soumettre à l'inspecteur").click()
    v.told("soumis")


def validate(v: Visitor, path: str) -> None:
    """The inspector sees only what changed and passes it on; the expert validates; the inspector makes it public."""
    v.enter("inspecteur.lyon")
    v.go(judge(path))
    v.told("Ce qui a changé depuis votre lecture (version 1)")
    expect(part(v, "Contexte")).to_have_count(0)
    v.told(ANSWER)
    v.look("ce-qui-a-change")
    decide(v, "inspecteur.lyon", judge(path), "Transmettre à l'expert", "Transmis à l'expert")
    v.enter("expert")
    v.go(judge(path))
    v.look("decision-de-l-expert")
    decide(v, "expert", judge(path), "Valider", "Validé. Les auteurs sont prévenus.")
    v.enter("inspecteur.lyon")
    v.go(judge(path))
    v.look("scenario-valide")
    release(v, path, "referent.lyon")
    assert Scenario.objects.get(pk=its_number()).state == "validated"


def read_in_public(v: Visitor) -> None:
    """Anybody reads what both classes said of it."""
    v.leave()
    index.update()  # what the worker does within a second
    v.go("/")
    v.page.locator("main [name=q]").first.fill(SCENARIO)
    v.page.locator("main [name=q]").first.press("Enter")
    v.follow(re.compile("^Interroger une machine"))
    v.told("Deux essais suffisent")
    v.told("Prévoir une source imprimée")
    v.look("notice-testee")
