"""The work of a group: composed, written, tested in class, reviewed, released, found and harvested by anybody."""

import re
from datetime import datetime

import pytest
from django.utils import timezone
from journey_release import read_beside, release
from journey_stage import RADIO, TEACHER, Visitor, day, the_campaign, titled
from playwright.sync_api import expect

from traam.demo.build import DOMAIN
from traam.programme.catalogue import index
from traam.programme.catalogue.models import Notice

SCENARIO = "La revue de presse enregistrée d'une classe de 4e"
SECTIONS = {
    "Contexte": "Une classe de 4e de 27 élèves, au troisième trimestre, deux enregistreurs pour quatre élèves.",
    "Objectifs et points du programme": "S'exprimer à l'oral ; chercher et citer ses sources ; écouter les autres.",
    "Déroulement": "1. Choisir trois articles (30 min).\n2. Écrire et répéter (55 min).\n3. Enregistrer (55 min).",
    "Plus-value du numérique": "L'enregistrement permet de se réécouter et de recommencer sans public.",
}


def months_later(v: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the site is put forward to the autumn when the groups work: nobody is signed in any more."""
    start = datetime(the_campaign().first_year, 10, 5, 10, tzinfo=timezone.get_current_timezone())
    ahead, now = start - timezone.now(), timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + ahead)
    v.forget()


def compose_the_group(v: Visitor) -> str:
    v.enter(TEACHER)
    v.go("/atelier/")
    v.look("atelier")
    group = titled(RADIO).group
    path = f"/atelier/groupes/{group.pk}"
    v.go(path)
    v.told("enseignants")
    v.look("groupe-incomplet")
    people = [
        ("teacher", "Enseignante de Lyon", "enseignante.lyon"),
        ("teacher", "Enseignant de Lyon", "enseignant.lyon"),
        ("cardie", "CARDIE de Lyon", "cardie.lyon"),
    ]
    for role, name, address in people:
        v.follow("Ajouter une personne")
        v.page.locator("main [name=role]").select_option(role)
        v.fill(name=name, email=f"{address}@{DOMAIN}")
        v.look("ajouter-un-membre")
        v.send()
        v.go(path)
    v.follow("Indiquer son corps")
    v.tick("IA-IPR")
    v.send()
    v.go(f"{path}/reunions")
    v.fill(on=day(0), subject="Lancement")
    v.tick("En présence")
    v.send()
    v.go(path)
    v.press("Déclarer le groupe constitué")
    v.told("au travail")
    v.look("groupe-au-travail")
    return path


def write_the_scenario(v: Visitor, group_path: str) -> str:
    v.go(group_path)
    v.follow("Commencer un scénario")
    v.fill(title=SCENARIO)
    v.page.locator("main form button[type=submit]").first.click()
    v.look("scenario-commence")
    if "/modifier" not in v.page.url:
        v.follow("Modifier")
    v.fill(summary="Des élèves de 4e enregistrent chaque semaine une revue de presse sourcée et la publient.")
    for label, text in SECTIONS.items():
        v.write(label, text)
    v.page.get_by_label("Lettres", exact=True).check(force=True)
    v.page.get_by_label("4e", exact=True).check(force=True)
    v.page.get_by_label(re.compile("^2.2 Partager et publier")).check(force=True)
    v.page.locator("main [name=licence][value=CC-BY-SA]").check(force=True)
    v.fill(duration_minutes="140", tools="Enregistreur")
    v.page.locator("main [name=terms_read]").check(force=True)
    v.page.locator("main [name=personal_data_checked]").check(force=True)
    v.look("editeur-de-scenario")
    v.press(re.compile("^Enregistrer"))
    path = re.sub(r"/modifier.*", "", v.page.url.removeprefix(v.base))
    v.go(path)
    v.follow(re.compile("Noter un (essai|test)"))
    v.page.locator("main [name=level]").select_option(label="4e")
    v.fill(on=day(0), pupils="27", worked="Tous les élèves ont parlé.", advice="Prévoir une pièce calme.")
    v.look("noter-un-test")
    v.page.locator("main form button[type=submit]").first.click()
    v.press("Soumettre à l'inspecteur")
    v.look("scenario-soumis")
    return path


def review_and_release(v: Visitor, path: str) -> None:
    review = path.replace("/atelier/", "/evaluation/")
    v.enter("inspecteur.lyon")
    v.go(review)
    v.look("relecture-du-scenario")
    v.press("Renvoyer aux auteurs")
    v.told("Dites aux auteurs")
    v.fill(comment="Précisez ce que font les élèves qui n'enregistrent pas.")
    v.press("Renvoyer aux auteurs")
    v.enter(TEACHER)
    v.go(path)
    v.told("Précisez ce que font les élèves")
    v.look("scenario-renvoye")
    v.follow("Modifier")
    v.write("Différenciation", "Les élèves qui n'enregistrent pas chronomètrent et relisent.")
    v.press(re.compile("^Enregistrer"))
    v.go(path)
    v.press("Soumettre à l'inspecteur")
    v.enter("inspecteur.lyon")
    v.go(review)
    v.press("Transmettre à l'expert")
    v.look("scenario-transmis")
    v.enter("expert")
    v.go(review)
    v.press("Valider")
    v.look("scenario-valide-par-l-expert")
    read_beside(v, release(v, path, TEACHER))


def find_and_harvest(v: Visitor) -> None:
    index.update()  # what the worker does within a second
    notice = Notice.objects.get(title=SCENARIO)
    v.leave()
    v.go("/")
    v.page.locator("main [name=q]").first.fill("l'enregistrement d'une revue de presses par des élèves de quatrième")
    v.page.locator("main [name=q]").first.press("Enter")
    v.follow(re.compile("La revue de presse"))
    expect(v.page).to_have_url(f"{v.base}/notices/{notice.pk}")
    v.told("Prévoir une pièce calme")
    v.look("notice")
    v.go("/recherche?q=revue&discipline=LET")
    v.look("recherche")
    harvest = v.page.request.get(f"{v.base}/oai?verb=ListRecords&metadataPrefix=oai_dc&set=academie:lyon").text()
    assert SCENARIO.replace("'", "&apos;") in harvest or SCENARIO in harvest
