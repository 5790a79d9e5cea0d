"""One campaign lived in the browser, role after role, from the opening of the call to the public catalogue.

Every page that is crossed passes axe and fits its screen. With TRAAM_SCREENSHOTS=folder, those of `GUIDES` and `PHONES`
are also kept as pictures for the guides.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from traam import editions
from traam.demo.build import DOMAIN, PASSWORD, school_number
from traam.engines import sheets
from traam.programme.calls import rules
from traam.programme.calls.queries import open_themes
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import index
from traam.programme.catalogue.models import Notice
from traam.programme.letters.models import Letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Campagne d'essai"
THEME = "Écouter, dire, enregistrer"
SCENARIO = "La revue de presse enregistrée d'une classe de 4e"
# What the guides show of a page: from the top of this element, so many pixels high at most.
GUIDES = {
    "campagne-en-preparation": ("main h1", 900),
    "selection": ("main h1", 600),
    "annonce": ("main h1", 900),
    "candidatures-de-lyon": ("main h1", 900),
    "tableur-a-corriger": ("main h1", 440),
    "apercu-du-tableur": ("main h1", 900),
    "candidature-incomplete": ("main h1", 540),
    "relecture-du-scenario": ("main #decision", 440),
    "scenario-valide": ("main h1", 620),
    "dossiers-du-theme": ("main h1", 500),
    "mon-avis": ("main h1", 900),
    "groupe-incomplet": ("main h1", 900),
    "editeur-de-scenario": ("main h1", 840),
    "scenario-renvoye": ("main h1", 480),
    "recherche": ("main h1", 700),
    "notice": ("main h1", 900),
}
PHONES = {"noter-un-test", "recherche"}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SECTIONS = {
    "Contexte": "Une classe de 4e de 27 élèves, au troisième trimestre, deux enregistreurs pour quatre élèves.",
    "Objectifs et points du programme": "S'exprimer à l'oral ; chercher et citer ses sources ; écouter les autres.",
    "Déroulement": "1. Choisir trois articles (30 min).\n2. Écrire et répéter (55 min).\n3. Enregistrer (55 min).",
    "Plus-value du numérique": "L'enregistrement permet de se réécouter et de recommencer sans public.",
}


# check(force=True): in the design system, the box one sees is drawn by the label, over the input.
class Visitor:
    """A browser held by one person after another; `look` judges the page that is shown."""

    def __init__(self, page: Page, base: str, axe: Callable[[Page], list[str]]) -> None:
        self.page, self.base, self.axe = page, base, axe
        self.seen: list[str] = []

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def enter(self, name: str) -> None:
        self.page.context.clear_cookies()
        self.go("/connexion")
        form = self.page.locator("main form").first
        form.get_by_label("Adresse").fill(f"{name}@{DOMAIN}")
        form.get_by_label("Mot de passe").fill(PASSWORD)
        form.get_by_role("button", name="Se connecter").click()
        expect(self.page).to_have_url(re.compile("/tableau-de-bord$"))
        self.look(f"bureau-de-{name}")

    def leave(self) -> None:
        self.page.context.clear_cookies()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def fill(self, **answers: str) -> None:
        for name, value in answers.items():
            self.page.locator(f"main [name={name}]").first.fill(value)

    def told(self, sentence: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main, .fr-alert").filter(has_text=sentence).first).to_be_visible()

    def look(self, name: str) -> None:
        self.seen.append(name)
        self.page.wait_for_load_state("load")
        folder = os.environ.get("TRAAM_SCREENSHOTS")
        if folder:
            self.keep(Path(folder), name)
        assert self.axe(self.page) == [], name
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} overflows"

    def keep(self, folder: Path, name: str) -> None:
        """Keep what the guides show of this page, if anything."""
        folder.mkdir(parents=True, exist_ok=True)
        if name in GUIDES:
            self.page.screenshot(path=folder / f"{name}.png", full_page=True, clip=self._clip(*GUIDES[name]))
        if name in PHONES:
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            self.page.screenshot(path=folder / f"{name}-telephone.png", caret="initial")
            self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    def _clip(self, start: str, height: int) -> Any:
        """From a little above `start`, `height` pixels at most, and not below what the page says."""
        margin = 24
        scrolled = self.page.evaluate("window.scrollY")
        first, whole = self.page.locator(start).first.bounding_box(), self.page.locator("main").bounding_box()
        assert first is not None and whole is not None
        top, end = first["y"] + scrolled - margin, whole["y"] + scrolled + whole["height"]
        return {"x": 0, "y": top, "width": DESKTOP["width"], "height": min(height, end - top)}


@pytest.fixture
def visitor(demonstration: None, live_server: Any, page: Page, axe: Callable[[Page], list[str]]) -> Iterator[Visitor]:
    yield Visitor(page, live_server.url, axe)


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).strftime("%d/%m/%Y")


def the_campaign() -> Campaign:
    return Campaign.objects.get(title=TITLE)


def open_the_call(v: Visitor) -> None:
    v.enter("bureau")
    v.go("/pilotage/")
    v.look("pilotage")
    v.follow("Nouvelle campagne")
    v.look("choisir-le-cahier-des-charges")
    v.page.locator("main [name=rentree]").fill(str(timezone.localdate().year))
    v.page.locator("main button[value=traam-2020]").click()
    v.fill(
        title=TITLE, call_opens=day(-1), applications_due=day(20), announcement=day(40), launch=day(60), end=day(300)
    )
    for other in v.page.locator("main form input[type=text]").all():
        if other.get_attribute("name") not in {"title", "first_year", "call_opens", "applications_due"} | {
            "announcement",
            "launch",
            "end",
        }:
            other.fill("")
    v.look("nouvelle-campagne")
    v.press("Préparer la campagne")
    v.look("theme")
    v.go(f"/pilotage/campagnes/{the_campaign().pk}/themes")
    v.fill(
        title=THEME,
        framing="Faire entendre la voix des élèves, avec des outils simples.",
        axes="Écouter\nDire\nPublier",
    )
    v.page.get_by_label("Lettres", exact=True).check(force=True)
    v.page.get_by_label("Expert numérique").first.check(force=True)
    v.page.get_by_label("Inspection générale").last.check(force=True)
    v.press("Enregistrer le thème")
    v.go(f"/pilotage/campagnes/{the_campaign().pk}")
    v.look("campagne-en-preparation")
    v.press("Ouvrir l'appel")
    assert the_campaign().state == "open"
    v.look("campagne-ouverte")
    v.leave()
    v.go(f"/campagnes/{the_campaign().pk}")
    v.told(THEME)
    v.look("appel-public")


def workbook(path: Path, description: str) -> None:
    """What the DAN fills off line, in the workbook of the call."""
    campaign = the_campaign()
    row = {
        "theme": THEME,
        "degree": "Second degré",
        "titles": "La radio du collège",
        "axes": ("Axe 1", "Axe 2"),
        "description": description,
        "inspector_name": "Inspecteur de Lyon",
        "inspector_email": f"inspecteur.lyon@{DOMAIN}",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": "Professeur référent de Lyon",
        "referent_school": school_number("10"),
        "referent_email": f"referent.lyon@{DOMAIN}",
        "referent_phone": "01 99 00 00 01",
        "rank": 1,
    }
    path.write_bytes(sheets.write(rules.layout(campaign, open_themes(campaign)), [row], title="Essai"))


def apply_by_spreadsheet(v: Visitor, folder: Path) -> None:
    v.enter("dan.lyon")
    v.go("/academie/")
    v.look("academie")
    pk = the_campaign().pk
    v.go(f"/academie/lyon/campagnes/{pk}")
    v.look("candidatures-sans-rien")
    with v.page.expect_download() as download:
        v.follow("Télécharger le tableur")
    assert download.value.suggested_filename.endswith(".xlsx")
    path = folder / "lyon.xlsx"
    workbook(path, "d" * 1001)
    v.go(f"/academie/lyon/campagnes/{pk}/depot")
    v.look("deposer-un-tableur")
    v.page.locator("main input[type=file]").set_input_files(path)
    v.press("Voir ce qui serait écrit")
    v.told(re.compile(r"1\s001\s+caractères"))
    v.told(re.compile(r"Candidatures!\w+2"))
    v.look("tableur-a-corriger")
    workbook(path, "Une radio de collège, écrite, dite et montée par les élèves de 4e.")
    v.page.locator("main input[type=file]").set_input_files(path)
    v.press("Voir ce qui serait écrit")
    v.look("apercu-du-tableur")
    v.press("Écrire ces candidatures")
    v.go(f"/academie/lyon/campagnes/{pk}")
    v.look("candidatures-de-lyon")
    v.follow(re.compile("Tout remonter"))
    v.press(re.compile("^Remonter"))
    v.told("remontée")


def apply_by_form(v: Visitor) -> None:
    v.enter("inspecteur.lille")
    pk = the_campaign().pk
    v.go(f"/academie/lille/campagnes/{pk}/nouvelle")
    v.page.locator("main [name=theme]").select_option(THEME)
    v.fill(titles="Le journal parlé")
    v.press(re.compile("Enregistrer"))
    v.look("candidature-incomplete")
    v.follow(re.compile("Modifier|Compléter"))
    v.page.get_by_label("Second degré", exact=True).check(force=True)
    v.page.locator("main input[name=axes]").first.check(force=True)
    v.fill(
        description="Un journal parlé hebdomadaire.",
        inspector_name="Inspecteur de Lille",
        inspector_email=f"inspecteur.lille@{DOMAIN}",
        inspector_phone="01 99 00 00 00",
        referent_name="Professeur référent de Lille",
        referent_school=school_number("09"),
        referent_email=f"referent.lille@{DOMAIN}",
        referent_phone="01 99 00 00 01",
    )
    v.look("formulaire-de-candidature")
    v.press(re.compile("Enregistrer"))
    v.enter("dan.lille")
    v.go(f"/academie/lille/campagnes/{pk}")
    v.follow(re.compile("Tout remonter"))
    v.press(re.compile("^Remonter"))
    v.told("remontée")


def judge(v: Visitor) -> None:
    v.enter("expert")
    v.go("/evaluation/")
    v.look("evaluation")
    v.follow(THEME)
    v.look("dossiers-du-theme")
    v.follow("Lire le premier dossier sans mon avis")
    for others in (True, False):
        for answer in v.page.locator("main [type=radio][value='3']").all():  # one for each criterion
            answer.check(force=True)
        v.fill(comment="Projet clair et réaliste.")
        v.look("mon-avis")
        v.press("Enregistrer mon avis")
        if others:
            v.follow(re.compile("Dossier suivant"))
    v.told("Projet clair et réaliste.")


def decide_and_announce(v: Visitor) -> None:
    v.enter("bureau")
    campaign = the_campaign()
    v.go(f"/pilotage/campagnes/{campaign.pk}/suivi")
    v.look("suivi-des-remontees")
    v.go(f"/pilotage/campagnes/{campaign.pk}")
    v.press("Clore l'appel")
    v.go(f"/pilotage/campagnes/{campaign.pk}/selection")
    v.look("selection")
    v.press(re.compile(r"^Retenir.*La radio"))
    v.press(re.compile(r"^Ne pas retenir.*journal parlé"))
    v.go(f"/pilotage/campagnes/{campaign.pk}/annonce")
    v.look("annonce")
    v.press("Annoncer les résultats")
    v.told("annoncés")
    v.go(f"/pilotage/campagnes/{campaign.pk}/groupes")
    v.look("groupes-de-la-campagne")
    assert Letter.objects.filter(subject__contains=THEME).count() == 2


def compose_the_group(v: Visitor) -> str:
    v.enter("referent.lyon")
    v.go("/atelier/")
    v.look("atelier")
    v.page.locator("main").get_by_role("link", name=re.compile("Lyon")).filter(has_text="").first.wait_for()
    group = the_campaign().themes.get().applications.get(academy="10").group
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
        v.page.locator("main form button[type=submit]").first.click()
    v.follow("Indiquer son corps")
    v.page.get_by_label("IA-IPR").check(force=True)
    v.page.locator("main form button[type=submit]").first.click()
    v.follow("Noter une réunion")
    v.fill(on=day(0), subject="Lancement")
    v.page.get_by_label("En présence").check(force=True)
    v.page.locator("main form button[type=submit]").first.click()
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
        v.page.get_by_label(label).first.fill(text)
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
    v.enter("referent.lyon")
    v.go(path)
    v.told("Précisez ce que font les élèves")
    v.look("scenario-renvoye")
    v.follow("Modifier")
    v.page.get_by_label("Différenciation").first.fill("Les élèves qui n'enregistrent pas chronomètrent et relisent.")
    v.press(re.compile("^Enregistrer"))
    v.go(path)
    v.press("Soumettre à l'inspecteur")
    v.enter("inspecteur.lyon")
    v.go(review)
    v.press("Valider")
    v.look("scenario-valide")
    v.press("Publier")
    v.look("scenario-publie")


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


def test_a_campaign_from_the_call_to_the_catalogue(visitor: Visitor, tmp_path: Path) -> None:
    assert "traam-2020" in editions.books()
    open_the_call(visitor)
    apply_by_spreadsheet(visitor, tmp_path)
    apply_by_form(visitor)
    judge(visitor)
    decide_and_announce(visitor)
    group_path = compose_the_group(visitor)
    path = write_the_scenario(visitor, group_path)
    review_and_release(visitor, path)
    find_and_harvest(visitor)
    assert len(set(visitor.seen)) >= 35
