"""The selection: read by two, compared, proposed, decided, announced; academies paired, a team replaced."""

import re

from django.utils import timezone
from journey_stage import (
    NOTEBOOK,
    PAPER,
    RADIO,
    TEACHER,
    Visitor,
    of_academy,
    person,
    the_campaign,
    the_theme,
    titled,
)
from playwright.sync_api import expect

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.letters.models import Letter
from traam.programme.selection import opinions, proposals
from traam.programme.selection.models import Conflict, Decision, Opinion, Pairing, Proposal

READERS = ("expert", "inspection.generale")
# The mark of both readers where it is not 4: who is kept does not hang on a draw.
MARKS = {"19": 3, "13": 2, "17": 2}  # Reims; Poitiers, Nantes
LINKED = "J'ai formé cette équipe l'an dernier."
WORDS = "Le séminaire de lancement se tient en visioconférence."


# --- the readers


def judge(v: Visitor) -> None:
    v.enter("expert")
    v.go("/evaluation/")
    v.look("evaluation")
    v.go(f"/evaluation/themes/{the_theme().pk}")
    v.look("dossiers-du-theme")
    expect(v.page.get_by_role("link", name="Lire le premier dossier sans mon avis")).to_be_visible()
    _give(v, titled(RADIO), "mon-avis")
    v.told("Les autres avis")
    _give(v, titled(PAPER), "")
    nantes = of_academy("17")
    v.go(f"/evaluation/candidatures/{nantes.pk}")
    v.follow(re.compile("^Je ne peux pas juger ce dossier"))
    v.fill(reason=LINKED)
    v.look("conflit-d-interets")
    v.press("Déclarer le conflit")
    v.told("Conflit d'intérêts déclaré")
    assert Conflict.objects.get(application=nantes).reader == person("expert")
    v.enter("inspection.generale")
    _give(v, titled(RADIO), "")
    v.told("Projet clair et réaliste.")
    _the_rest()


def _give(v: Visitor, dossier: Application, name: str) -> None:
    v.go(f"/evaluation/candidatures/{dossier.pk}")
    for answer in v.page.locator("main [type=radio][value='4']").all():  # one for each criterion
        answer.check(force=True)
    v.fill(comment="Projet clair et réaliste.")
    if name:
        v.look(name)
    v.press("Enregistrer mon avis")
    v.told("Avis enregistré")


def _the_rest() -> None:
    """The other opinions of the two readers: by hand, not to fill the same page thirty times."""
    campaign, at = the_campaign(), timezone.now()
    criteria = campaign.edition.selection.criteria
    waiting = Application.objects.filter(theme__campaign=campaign, state="forwarded").select_related("theme__campaign")
    for dossier in waiting:
        mark = MARKS.get(dossier.academy, 4) if dossier.titles != [NOTEBOOK] else 3
        for reader in map(person, READERS):
            given = Opinion.objects.filter(application=dossier, reader=reader).exists()
            aside = Conflict.objects.filter(application=dossier, reader=reader).exists()
            if not given and not aside:
                marks = {criterion.id: mark for criterion in criteria}
                opinions.give_opinion(dossier, marks, "Lu avec soin.", actor=reader, at=at)


def compare(v: Visitor) -> None:
    v.enter("expert")
    v.go(f"/evaluation/themes/{the_theme().pk}")
    v.follow("Comparer les dossiers")
    v.told("4,00")
    v.look("comparaison")
    v.enter("bureau")
    v.go(f"/evaluation/themes/{the_theme().pk}/lecteurs")
    v.told(LINKED)
    v.look("lecteurs")


# --- the committee


def decide_with_a_proposal(v: Visitor) -> None:
    campaign = the_campaign()
    v.go(f"/pilotage/campagnes/{campaign.pk}/selection")
    v.look("selection-a-faire")
    v.follow("Propositions calculées")
    v.fill(seed="20261122")
    v.look("demander-une-proposition")
    v.press("Calculer une proposition")
    v.look("proposition-en-attente")
    nantes = of_academy("17")
    assert nantes.pk not in _computed(v)
    v.look("proposition")
    v.page.get_by_role("checkbox", name=f"Nantes, n° {nantes.pk}").check(force=True)
    v.fill(reason="Aucune autre académie de l'Ouest ne travaille le son.")
    v.press("À retenir")
    v.told("Recalculez")
    v.press("Recalculer")
    assert nantes.pk in _computed(v)
    v.look("proposition-avec-consigne")
    v.tick(re.compile("^Les mettre en liste d'attente"))
    v.tick("Je décide ce qui reste comme la proposition")
    v.press("Décider ce qui reste")
    v.told("comme la proposition")
    _change_by_hand(v)
    _order(v)


def _computed(v: Visitor) -> set[int]:
    """The run that waits, computed as the worker does; the page then shown; what it proposes to retain."""
    address = v.page.url
    v.page.goto("about:blank")  # the page that waits would ask while the test computes
    assert proposals.work(timezone.now) == 1
    v.page.goto(address)
    v.told("Elle ne décide rien")
    return {int(key) for key in Proposal.objects.latest("pk").outcome["solution"]["retained"]}


def _change_by_hand(v: Visitor) -> None:
    """The second team of Lyon is left out, whatever the solver said."""
    v.go(f"/pilotage/candidatures/{titled(NOTEBOOK).pk}/decision")
    v.fill(reason="L'académie a déjà une équipe au thème.")
    v.look("decider")
    v.press("Ne pas retenir")
    v.told("non retenue")
    assert _kept() == {"Lyon", "Lille", "Rennes", "Nice", "Guyane", "Nantes"}
    v.go(f"/pilotage/campagnes/{the_campaign().pk}/selection")
    v.look("selection")


def _kept() -> set[str]:
    retained = Decision.objects.filter(application__theme=the_theme(), state="retained")
    return {one.application.academy_name for one in retained.select_related("application")}


def _order(v: Visitor) -> None:
    """Poitiers is called before Reims."""
    v.go(f"/pilotage/themes/{the_theme().pk}/attente")
    second = of_academy("13")
    v.fill(**{f"rang-{second.pk}": "1"})
    v.look("liste-d-attente")
    v.press("Enregistrer l’ordre")
    v.told("est enregistré")
    waiting = Decision.objects.filter(application__theme=the_theme(), state="waiting").order_by("waiting_rank")
    assert [one.application.academy for one in waiting] == ["13", "19"]


def announce(v: Visitor) -> None:
    """The letters are read as they will leave, with the words of the national team; then they leave."""
    campaign = the_campaign()
    v.go(f"/pilotage/campagnes/{campaign.pk}/annonce")
    v.fill(retained=WORDS)
    v.press("Relire les courriels avec ces textes")
    v.told("relisez-les, puis annoncez")
    v.look("annonce")
    v.page.get_by_role("row").filter(has_text=f"{TEACHER}@{DOMAIN}").get_by_role("link").click()
    v.told(WORDS)
    v.look("courriel-de-resultat")
    v.go(f"/pilotage/campagnes/{campaign.pk}/annonce")
    v.press("Annoncer les résultats")
    v.told("annoncés")
    v.look("groupes-de-la-campagne")
    assert Letter.objects.filter(to=person(TEACHER), body__contains=WORDS).count() == 1
    v.leave()
    v.go(f"/campagnes/{campaign.pk}")
    for academy in _kept():
        v.told(academy)
    v.told("Thèmes et académies retenues")
    v.look("resultats-publics")


def pair_and_replace(v: Visitor) -> None:
    """The expert decides who works together; a team gives up, the first of the waiting list is called."""
    theme = the_theme()
    v.enter("expert")
    v.go(f"/evaluation/themes/{theme.pk}")
    v.follow("Appariement")
    v.look("appariement")
    v.press("Enregistrer l’appariement")
    v.told("L'appariement est enregistré")
    assert {len(group) for group in Pairing.objects.get(theme=theme).pairs} <= {2, 3}
    v.enter("bureau")
    rennes = of_academy("14")
    v.go(f"/pilotage/candidatures/{rennes.pk}/decision")
    v.fill(reason="Le professeur référent change d'académie.")
    v.press("Constater le désistement")
    v.told("désistement constaté")
    v.fill(reason="Une équipe du thème renonce : la vôtre est la première de la liste d'attente.")
    v.look("appeler-une-equipe")
    v.press("Appeler cette équipe")
    v.told("Poitiers")
    assert _kept() == {"Lyon", "Lille", "Nice", "Guyane", "Nantes", "Poitiers"}
    v.leave()
    v.go(f"/campagnes/{the_campaign().pk}")
    v.told("Poitiers")
    v.enter("expert")
    v.go(f"/evaluation/themes/{theme.pk}/appariement")
    v.told("Les académies retenues ont changé depuis")
    v.look("appariement-a-revoir")
