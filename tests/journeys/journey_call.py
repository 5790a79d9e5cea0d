"""The call: prepared from the last campaign, opened, put off; a teacher writes, her academy and others answer."""

import io
import re
from pathlib import Path

from django.utils import timezone
from journey_stage import (
    NOTEBOOK,
    PAPER,
    RADIO,
    TEACHER,
    THEME,
    TITLE,
    Visitor,
    coming,
    day,
    person,
    the_campaign,
    the_theme,
    titled,
)
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from traam import reference
from traam.demo.build import DOMAIN, PASSWORD, WORKING, school_number
from traam.design.typography import date_fr
from traam.programme.calls import actions as calls
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.programme.selection.actions import renew

DRAWN = "Une radio de collège, écrite, dite et montée par les élèves de 4e."
WHY_LATER = "Les vacances d'une zone tombent avant la date limite."


# --- the national team


def prepare(v: Visitor) -> None:
    """The campaign that was announced last, a year later: one theme goes on, another is new."""
    v.enter("bureau")
    v.go("/pilotage/")
    v.look("pilotage")
    v.follow("Nouvelle campagne")
    v.look("choisir-le-cahier-des-charges")
    last = Campaign.objects.get(announcement__isnull=False)
    v.go(f"/pilotage/campagnes/{last.pk}")
    v.follow("Préparer la campagne suivante d’après celle-ci")
    v.fill(title=TITLE)
    v.tick(re.compile("^L'intelligence artificielle"))
    v.page.get_by_label(re.compile("^Évaluer autrement")).uncheck(force=True)
    v.look("copier-une-campagne")
    v.press("Préparer la campagne")
    v.told("en préparation")
    made = the_campaign()
    assert (made.first_year, made.themes.get().year) == (last.first_year + 1, 2)
    assert int(made.calendar["launch"][:4]) == int(last.calendar["launch"][:4]) + 1
    _date(v, made)
    _add_a_theme(v, made)


def _date(v: Visitor, made: Campaign) -> None:
    """Not to wait for spring, the dates are typed anew: the call is not open yet."""
    v.go(f"/pilotage/campagnes/{made.pk}/modifier")
    dates = {"call_opens": -1, "applications_due": 20, "announcement": 40, "launch": 60, "end": 600}
    v.fill(**{name: day(days) for name, days in dates.items()})
    for other in v.page.locator("main form input[type=text]").all():
        if other.get_attribute("name") not in {"title", "first_year", *dates}:
            other.fill("")
    v.look("nouvelle-campagne")
    v.page.locator("main form button[type=submit]").first.click()
    v.told("enregistrée")


def _add_a_theme(v: Visitor, made: Campaign) -> None:
    v.follow("Ajouter un thème")
    v.fill(
        title=THEME,
        framing="Faire entendre la voix des élèves, avec des outils simples.",
        axes="Écouter\nDire\nPublier",
        constraints="Une production sonore par équipe.",
    )
    v.tick("Lettres", exact=True)
    v.tick("Expert numérique")
    v.page.get_by_label("Inspection générale").last.check(force=True)
    v.look("theme")
    v.press("Enregistrer le thème")
    v.go(f"/pilotage/campagnes/{made.pk}")
    v.look("campagne-en-preparation")


def open_and_put_off(v: Visitor) -> None:
    """The call opens; an amendment puts its deadline off, and everybody reads why."""
    v.press("Ouvrir l'appel")
    campaign = the_campaign()
    assert campaign.state == "open"
    v.look("campagne-ouverte")
    v.follow(re.compile("^Avenants"))
    v.look("avenants")
    v.go(f"/pilotage/campagnes/{campaign.pk}/avenants/date/applications_due")
    v.fill(after=day(27), reason=WHY_LATER)
    v.press("Voir ce que cela entraîne")
    v.look("avenant")
    v.press("Signer l’avenant")
    assert the_campaign().on("applications_due") == coming(27)
    v.leave()
    v.go(f"/campagnes/{campaign.pk}")
    for said in (THEME, "Seconde année", date_fr(coming(27)), date_fr(coming(20)), "Les vacances d’une zone"):
        v.told(re.compile(re.escape(said).replace("’", "['’]")))
    v.look("appel-public")


# --- the academy of Lyon: a teacher, her inspector, the DAN


def invite_a_teacher(v: Visitor) -> None:
    v.enter("dan.lyon")
    v.go("/academie/")
    v.look("academie")
    v.follow(re.compile("^Inviter une personne"))
    v.fill(name="Professeure de Lyon", email=f"{TEACHER}@{DOMAIN}")
    v.tick("Enseignant")
    v.look("inviter-dans-l-academie")
    v.press("Inviter")
    v.told("est invité")
    v.leave()
    body = Letter.objects.get(to__email=f"{TEACHER}@{DOMAIN}").body
    path = re.search(r"/invitation/\S+", body)
    assert path
    v.go(path[0])
    v.look("ouvrir-mon-compte")
    v.fill(password=PASSWORD, again=PASSWORD)
    v.press("Ouvrir mon compte")
    v.arrive(TEACHER)


def write_as_a_teacher(v: Visitor) -> None:
    """She begins, leaves without saving, finds her text again, saves it and proposes it."""
    v.go("/academie/mes-candidatures")
    v.look("mes-candidatures")
    v.follow(re.compile(f"^Nouvelle candidature, {TITLE}"))
    v.arrived("Nouvelle candidature")
    v.page.locator("main [name=theme]").select_option(THEME)
    expect(v.page.get_by_label("Axe 3 : Publier")).to_have_count(1)
    v.fill(titles=RADIO)
    v.page.locator("#id_description").press_sequentially("Une radio de collège, écrite par les élèves.")
    expect(v.page.locator("#contenu").get_by_text("Votre saisie est gardée")).to_be_visible()
    v.go("/academie/mes-candidatures")
    v.follow(re.compile(f"^Nouvelle candidature, {TITLE}"))
    expect(v.page.get_by_role("heading", name="Texte retrouvé")).to_be_visible()
    expect(v.page.locator("#id_description")).to_have_value("Une radio de collège, écrite par les élèves.")
    v.look("texte-retrouve")
    _fill_in(v, "Lyon", "10", TEACHER)
    v.page.locator("main [name=school_kind]").select_option("Collège")
    v.press("Enregistrer le brouillon")
    v.told("Brouillon enregistré")
    v.look("candidature-complete")
    v.press("Proposer à l'inspecteur")
    v.told("son prochain récapitulatif l'en prévient")
    v.go("/academie/mes-candidatures")
    v.look("mes-candidatures-proposees")


def _fill_in(v: Visitor, academy: str, code: str, referent: str) -> None:
    v.tick("Second degré", exact=True)
    v.page.locator("main input[name=axes]").first.check(force=True)
    v.fill(
        inspector_name=f"Inspecteur de {academy}",
        inspector_email=f"inspecteur.{academy.lower()}@{DOMAIN}",
        inspector_phone="01 99 00 00 00",
        referent_name=f"Professeure de {academy}",
        referent_school=school_number(code),
        referent_email=f"{referent}@{DOMAIN}",
        referent_phone="01 99 00 00 01",
    )


def advise(v: Visitor) -> None:
    """The inspector sends the application back once, then gives a favourable opinion."""
    v.enter("inspecteur.lyon")
    v.go(f"/academie/lyon/campagnes/{the_campaign().pk}")
    v.follow("voir ce qui est à viser")
    v.look("candidatures-a-viser")
    v.follow(RADIO)
    v.look("candidature-a-viser")
    v.follow("Renvoyer à l'auteur")
    v.fill(reason="Dites qui monte les émissions.")
    v.press("Renvoyer à l'auteur")
    v.enter(TEACHER)
    v.go(f"/academie/candidatures/{titled(RADIO).pk}")
    v.told("Dites qui monte les émissions")
    v.look("candidature-renvoyee")
    v.follow(re.compile("^(Modifier|Compléter)"))
    v.fill(description=DRAWN)
    v.press("Enregistrer le brouillon")
    v.press("Proposer à l'inspecteur")
    v.enter("inspecteur.lyon")
    v.go(f"/academie/candidatures/{titled(RADIO).pk}")
    v.follow("Donner mon avis")
    v.tick("Favorable", exact=True)
    v.fill(comment="L'équipe est prête, le matériel aussi.")
    v.look("avis-de-l-inspecteur")
    v.press("Enregistrer mon avis")
    v.told("Votre avis est enregistré")


def answer_by_spreadsheet(v: Visitor, folder: Path) -> None:
    """A workbook with a column of its own and a false address: explained, marked, mended, written."""
    v.enter("dan.lyon")
    pk = the_campaign().pk
    v.go(f"/academie/lyon/campagnes/{pk}/depot")
    v.look("deposer-un-tableur")
    with v.page.expect_download() as download:
        v.follow(re.compile("^Télécharger le tableur de l’appel"))
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    _fill_the_workbook(book)
    sent = folder / "candidatures-lyon.xlsx"
    book.save(sent)
    _send(v, sent)
    expect(v.page.get_by_role("heading", level=1)).to_have_text("Vos colonnes")
    v.page.get_by_label("« Mail du prof »").select_option("Professeur référent : courriel")
    v.page.get_by_label("« Notes »").select_option("Ignorer cette colonne")
    v.look("vos-colonnes")
    v.press("Voir ce qui serait écrit")
    v.told("signe @")
    v.look("tableur-a-corriger")
    with v.page.expect_download() as given:
        v.follow("Télécharger le tableur annoté")
    marked = folder / given.value.suggested_filename
    book = load_workbook(io.BytesIO(given.value.path().read_bytes()))
    _mend(book)
    book.save(marked)
    _send(v, marked)
    v.look("apercu-du-tableur")
    v.press("Écrire ces candidatures")
    v.told("Le tableur est écrit")
    assert titled(NOTEBOOK).academy == "10" and titled(RADIO).state == "submitted"


def _send(v: Visitor, path: Path) -> None:
    v.page.locator("main input[type=file]").set_input_files(path)
    v.press("Voir ce qui serait écrit")


def _headings(book: Workbook) -> dict[str, int]:
    return {str(cell.value).rstrip(" *"): cell.column for cell in book["Candidatures"][1] if cell.value}


def _fill_the_workbook(book: Workbook) -> None:
    """One line more than what the call sent, under headings of the academy."""
    sheet = book["Candidatures"]
    places = _headings(book)
    row = next(n for n in range(2, 100) if sheet.cell(n, places["Thème"]).value is None)
    answers = {
        "Thème": THEME,
        "Degré": "Second degré",
        "Intitulé(s) du ou des projets": NOTEBOOK,
        "Axes traités": "Axe 1 ; Axe 2",
        "Description": "Les élèves enregistrent et situent les sons de leur ville.",
        "Inspecteur référent : nom": "Inspecteur de Lyon",
        "Inspecteur référent : courriel": f"inspecteur.lyon@{DOMAIN}",
        "Inspecteur référent : téléphone": "01 99 00 00 00",
        "Professeur référent : nom": "Professeur de Lyon",
        "Professeur référent : établissement (UAI)": school_number("10"),
        "Professeur référent : courriel": f"professeur.lyon(at){DOMAIN}",
        "Professeur référent : téléphone": "01 99 00 00 01",
    }
    for heading, answer in answers.items():
        sheet.cell(row, places[heading]).value = answer
    sheet.cell(1, places["Professeur référent : courriel"]).value = "Mail du prof"
    sheet.cell(1, max(places.values()) + 1).value = "Notes"
    sheet.cell(row, max(places.values()) + 1).value = "à relire"


def _mend(book: Workbook) -> None:
    """Find what was coloured and commented, and correct it."""
    marked = [cell for row in book["Candidatures"] for cell in row if cell.comment and "signe @" in cell.comment.text]
    assert [cell.value for cell in marked] == [f"professeur.lyon(at){DOMAIN}"]
    marked[0].value = f"professeur.lyon@{DOMAIN}"


def rank_renew_and_send_up(v: Visitor) -> None:
    pk = the_campaign().pk
    v.go(f"/academie/lyon/campagnes/{pk}")
    v.told("Équipes de première année à renouveler")
    v.press(re.compile("^Renouveler"))
    renewed = Application.objects.get(theme__campaign=pk, renews__isnull=False)
    v.look("equipe-renouvelee")
    v.go(f"/academie/lyon/campagnes/{pk}/classement/{the_theme().pk}")
    v.page.get_by_label(RADIO).fill("1")
    v.page.get_by_label(NOTEBOOK).fill("2")
    v.look("classement")
    v.press("Enregistrer le classement")
    v.go(f"/academie/lyon/campagnes/{pk}")
    v.look("candidatures-de-lyon")
    v.follow(re.compile("^Tout remonter"))
    v.look("tout-remonter")
    v.press(re.compile("^Remonter"))
    v.told("remontées")
    states = {one.titles[0]: (one.state, one.rank) for one in Application.objects.filter(theme=the_theme())}
    assert states == {RADIO: ("forwarded", 1), NOTEBOOK: ("forwarded", 2)}
    renewed.refresh_from_db()
    assert renewed.state == "forwarded"


# --- the other academies


def answer_by_form(v: Visitor) -> None:
    v.enter("inspecteur.lille")
    pk = the_campaign().pk
    v.go(f"/academie/lille/campagnes/{pk}/nouvelle")
    v.page.locator("main [name=theme]").select_option(THEME)
    v.fill(titles=PAPER)
    v.press("Enregistrer le brouillon")
    v.look("candidature-incomplete")
    v.follow(re.compile("Modifier|Compléter"))
    v.fill(description="Un journal parlé hebdomadaire.")
    _fill_in(v, "Lille", "09", "professeure.lille")
    v.look("formulaire-de-candidature")
    v.press("Enregistrer le brouillon")
    v.enter("dan.lille")
    v.go(f"/academie/lille/campagnes/{pk}")
    v.follow(re.compile("Tout remonter"))
    v.press(re.compile("^Remonter"))
    v.told("remontée")


def follow_up_and_close(v: Visitor) -> None:
    """The national team sees who is silent, reminds one academy; the others answer; the call is closed."""
    v.enter("bureau")
    campaign = the_campaign()
    v.go(f"/pilotage/campagnes/{campaign.pk}/suivi")
    v.look("suivi-des-remontees")
    v.follow("Relancer des académies")
    v.page.locator("main input[name=academies]").evaluate_all("boxes => boxes.forEach(box => { box.checked = false })")
    v.tick("Nantes")
    v.look("relancer")
    v.press("Voir ce qui partirait")
    v.look("ce-qui-partirait")
    v.press(re.compile("^Envoyer 1 courriel"))
    assert Letter.objects.get(key__startswith="reminder").to == person("dan.nantes")
    _the_others_answer(campaign)
    v.go(f"/pilotage/campagnes/{campaign.pk}")
    v.press("Clore l'appel")
    v.told("clos")


def _the_others_answer(campaign: Campaign) -> None:
    """Six more academies to the new theme, three teams more that go on: by hand, not to fill the same pages again."""
    at = timezone.now()
    for code in WORKING[2:]:
        dan = _dan(code)
        draft = calls.save_draft(campaign, code, _answers(code), actor=dan, at=at)
        calls.forward(draft, actor=dan, at=at)
    first = campaign.themes.get(year=2).continues
    assert first
    for one in Application.objects.filter(theme=first, academy__in=WORKING[1:4], state="forwarded"):
        calls.forward(renew(one, actor=_dan(one.academy), at=at), actor=_dan(one.academy), at=at)


def _dan(code: str) -> Person:
    return person(f"dan.{reference.academies()[code].slug}")


def _answers(code: str) -> dict[str, object]:
    academy = reference.academies()[code]
    return {
        "theme": THEME,
        "degree": "Second degré",
        "titles": f"Voix de {academy.name}",
        "axes": "Axe 2 ; Axe 3",
        "description": "Les élèves enregistrent, écoutent et publient.",
        "inspector_name": f"Inspecteur de {academy.name}",
        "inspector_email": f"inspecteur.{academy.slug}@{DOMAIN}",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": f"Professeure de {academy.name}",
        "referent_school": school_number(code),
        "referent_email": f"professeure.{academy.slug}@{DOMAIN}",
        "referent_phone": "01 99 00 00 01",
        "school_kind": "Collège",
        "rank": "1",
    }
