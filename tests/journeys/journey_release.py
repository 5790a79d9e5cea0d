"""From validated to released: rights sheet signed, control answered, page audited; then what everybody can read."""

import re

from django.utils import timezone
from journey_stage import Visitor, day
from playwright.sync_api import expect

from traam.gateways.fetching import Fetcher
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.rehearsal import drawn
from traam.programme.publication.sweeping import Sweep

TERMS = "https://www.education.gouv.fr/conditions-d-utilisation"


def release(v: Visitor, path: str, referent: str) -> Notice:
    """The référent signs, the inspector checks and publishes; the notice that everybody reads."""
    review = path.replace("/atelier/", "/evaluation/")
    _not_yet(v, review)
    _fill(v, path, referent)
    _sign(v, path)
    _check(v, review)
    _audit(v, review)
    return _publish(v, review)


def _not_yet(v: Visitor, review: str) -> None:
    """Nothing was signed, nothing was audited: the page says each thing that lacks, and does not publish."""
    v.enter("inspecteur.lyon")
    v.go(f"{review}/publier")
    v.told(re.compile("obstacles? à lever"))
    v.told("La fiche de droits")
    expect(v.page.locator("main").get_by_role("button", name="Publier")).to_be_disabled()
    v.look("publier-pas-encore")


def _fill(v: Visitor, path: str, referent: str) -> None:
    v.enter(referent)
    v.go(path)
    v.follow("Commencer la fiche de droits")
    for box in v.page.locator("main [name=key]").all():
        box.check(force=True)
    v.press("Ajouter à la fiche")
    while v.page.locator("main").get_by_role("link", name=re.compile("^Compléter ")).count():
        v.follow(re.compile("^Compléter "))
        _complete(v)
    v.page.locator(f'main a[href="{path}/droits/fiche"]').click()
    v.page.locator("main [name=pupils][value=none]").check(force=True)
    v.look("fiche-de-droits-eleves")
    v.press(re.compile("^Enregistrer"))
    v.look("fiche-de-droits")


def _complete(v: Visitor) -> None:
    """What the platform could not draw from the scenario: whose it is, by what right, and for a service its terms."""
    main = v.page.locator("main")
    if main.locator("[name=kind][value=service]").is_checked():
        v.fill(terms_read_on=day(0), terms_address=TERMS)
        for name, value in (("account", "none"), ("data_place", "none"), ("framework", "other")):
            main.locator(f"[name={name}]").select_option(value)
    else:
        main.locator("[name=licence]").select_option(index=1)
        v.fill(holder="Le groupe académique")
    v.look("ressource-de-la-fiche")
    v.press(re.compile("^Enregistrer"))


def _sign(v: Visitor, path: str) -> None:
    v.go(f"{path}/droits")
    v.follow("Relire et signer")
    v.look("signer-la-fiche")
    v.press("Signer la fiche")
    v.told("Signée par")


def _check(v: Visitor, review: str) -> None:
    v.enter("inspecteur.lyon")
    v.go(f"{review}/controle")
    v.page.locator("main [value=yes]").evaluate_all("boxes => boxes.forEach(box => { box.checked = true })")
    for reason in v.page.locator("main textarea").all():
        reason.fill("Vu sur la fiche, et dans le scénario.")
    v.look("controle-avant-publication")
    v.press("Enregistrer les réponses")


def _audit(v: Visitor, review: str) -> None:
    """The worker reads the page that would be drawn; nobody else can read it yet."""
    v.go(f"{review}/audit")
    v.press("Demander l’audit")
    assert Sweep(Fetcher(), timezone.localtime, drawn=drawn).run()
    v.go(f"{review}/audit")
    v.look("audit-avant-publication")
    v.told("Aucun défaut bloquant")


def _publish(v: Visitor, review: str) -> Notice:
    v.go(f"{review}/publier")
    v.told("Tout est prêt")
    v.look("publier-le-scenario")
    v.press("Publier")
    v.told("Adresse publique")
    v.look("scenario-publie")
    v.go(f"{review}/edubase")
    v.look("fiche-edubase")
    v.fill(number="24999")
    v.press("Noter la fiche")
    v.go(f"{review}/erratum")
    v.fill(text="Lire « quarante minutes » et non « quatorze ».")
    v.look("erratum")
    v.press(re.compile("^(Signer|Ajouter|Publier)"))
    return Notice.objects.get(source_key=f"scenario:{review.rsplit('/', 1)[1]}")


def read_beside(v: Visitor, notice: Notice) -> None:
    """The notice with its erratum, the version at its own address, the sheet for other catalogues."""
    v.leave()
    v.go(f"/notices/{notice.pk}")
    v.told("quarante minutes")
    v.told("24999")
    v.look("notice-et-son-erratum")
    v.go(f"/notices/{notice.pk}/versions/{notice.version}")
    v.look("version-publiee")
    sheet = v.page.request.get(f"{v.base}/notices/{notice.pk}/scolomfr.xml")
    assert sheet.ok and f"/notices/{notice.pk}" in sheet.text()
