"""Service fait: two periods, what is planned, attested on evidence, sent; and a file that proves itself."""

import re
import subprocess
import sys
from pathlib import Path

from journey_groups import the_group
from journey_stage import Visitor, day

HOURS = {"Professeur": "18", "Enseignante de Lyon": "12,5", "Enseignant de Lyon": "12,5"}


def set_periods(v: Visitor) -> None:
    campaign = the_group().application.theme.campaign
    v.enter("bureau")
    v.go(f"/pilotage/campagnes/{campaign.pk}/service-fait")
    v.look("service-fait-de-la-campagne")
    v.follow(re.compile("(Fixer|Changer) les périodes"))
    year = campaign.first_year
    v.fill(label_1="Premier temps", since_1=f"01/09/{year}", until_1=day(1), rate_1="40,12")
    v.fill(label_2="Second temps", since_2=day(2), until_2=day(200), rate_2="40,12")
    v.look("periodes-de-service")
    v.press("Enregistrer")
    v.told("Les périodes de service sont enregistrées")


def plan_and_attest(v: Visitor) -> None:
    """The inspector plans for each member, then attests what the attendances and the productions show."""
    place = f"/atelier/groupes/{the_group().pk}/service-fait"
    v.enter("inspecteur.lyon")
    v.go("/atelier/service-fait")
    v.look("service-a-attester")
    v.go(place)
    v.follow("Prévoir le service, Premier temps")
    for name, hours in HOURS.items():
        v.page.get_by_label(re.compile(f"^{name}")).fill(hours)
    v.look("prevoir-le-service")
    v.press("Enregistrer")
    v.told("43 h en tout")
    v.follow("Attester le service fait, Premier temps")
    v.told("Point d'étape sur les deux scénarios")
    v.page.get_by_label(re.compile("^Fait par Enseignant de Lyon")).fill("10")
    v.page.get_by_label(re.compile("^Observation pour Enseignant de Lyon")).fill("Parti avant la fin de la réunion.")
    v.look("attester-le-service")
    v.press("Attester")
    v.told("3 services attestés, 40,5")
    v.look("service-du-groupe")
    v.enter("enseignante.lyon")
    v.go(place)
    v.told("attesté")
    v.look("mon-service-fait")


def send_and_prove(v: Visitor, folder: Path) -> None:
    """The DAN sends; whoever receives the file proves it with a script that stands alone, and sees a change."""
    campaign = the_group().application.theme.campaign_id
    v.enter("dan.lyon")
    v.go(f"/academie/lyon/campagnes/{campaign}/service-fait")
    v.look("service-de-l-academie")
    v.follow("Envoyer au service de paye, Premier temps")
    v.look("envoyer-a-la-paye")
    v.press("Envoyer 3 lignes")
    v.told("3 lignes envoyées")
    v.look("service-envoye")
    paid, script = _taken(v, "Télécharger, .csv", folder), _taken(v, "Télécharger le vérificateur", folder)
    said = _prove(script, paid)
    assert "40,50 (Heures), 1624,86 euros" in said and "\nOK : 3 lignes" in said
    forged = folder / "forged.csv"
    forged.write_bytes(paid.read_bytes().replace(b"12,50", b"21,50"))
    assert "OK" not in _prove(script, forged)
    v.enter("bureau")
    v.go(f"/pilotage/campagnes/{campaign}/service-fait")
    v.follow("Vérifier les lignes")
    v.told("3 lignes vérifiées")
    v.look("service-verifie")


def _taken(v: Visitor, link: str, folder: Path) -> Path:
    with v.page.expect_download() as download:
        v.follow(re.compile(f"^{re.escape(link)}"))
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _prove(script: Path, file: Path) -> str:
    """What the script answers, run where the platform is not installed."""
    run = [sys.executable, "-I", "-S", str(script), str(file)]
    return subprocess.run(run, capture_output=True, text=True, cwd=script.parent, check=False).stdout
