"""A year of a group: it meets, writes its minutes, says where it stands; who follows it is told once a day."""

import re
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from journey_stage import Visitor, day, person
from playwright.sync_api import Locator, expect

from traam.config.daily import Daily
from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group, Meeting
from traam.programme.letters.actions import deliver
from traam.programme.letters.models import Letter

MEETING, NATIONAL = "Point d'étape sur les deux scénarios", "Relire les premiers scénarios entre académies"
MILESTONE = "Chaque scénario essayé en classe"
ACTION = "Trouver une classe de troisième pour le second test"
NEED = "Une classe de troisième dans un autre collège"
READ = "https://exemple.traam.invalid/debattre-avec-une-machine?utm_source=lettre"
PAPER = "Grille d'observation du second test"


def the_group() -> Group:
    """The group of the demonstration that is at work, in Lyon."""
    return Group.objects.select_related("application__theme__campaign").get(application__academy="10", state="working")


def unfinished() -> Group:
    """Another of the same academy, and of the same expert, that lacks people since the autumn."""
    return Group.objects.filter(application__academy="10", state="forming").order_by("-pk")[0]


def _place(group: Group) -> str:
    return f"/atelier/groupes/{group.pk}"


def later(v: Visitor, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The clock of the site is put forward: nobody is signed in any more."""
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=days))
    v.forget()


# --- the expert of the theme


def lead_a_theme(v: Visitor) -> None:
    """She sees which groups are late, proposes a date to all of them, and convenes the national group."""
    theme = the_group().application.theme
    v.enter("expert")
    v.go("/evaluation/groupes")
    _late_first(v)
    v.look("suivi-des-groupes")
    v.go(f"/evaluation/themes/{theme.pk}/echeances")
    v.fill(label=MILESTONE, on=day(15), detail="Un test au moins dans une autre académie.")
    v.send()
    v.told("Échéance proposée")
    v.look("echeances")
    v.go(f"/atelier/themes/{theme.pk}/calendrier")
    v.look("calendrier-national")
    v.follow("Prévoir une réunion")
    v.fill(subject=NATIONAL, on=day(12), begins="17h", ends="18 h 30", link="https://visio.exemple.fr/groupe-national")
    v.tick("À distance")
    v.press("Prévoir la réunion")
    v.press(re.compile("^Convoquer"))
    v.told("Convocation écrite à")
    v.look("reunion-nationale")
    referents = Letter.objects.filter(subject__endswith=NATIONAL, to__email__startswith="referent")
    assert referents.count() == Group.objects.filter(application__theme=theme).count()


def _late_first(v: Visitor) -> None:
    """The first line of the table is late, the last one is not; the filter keeps the late ones."""
    rows = v.page.locator("#liste tbody tr")
    expect(rows.first).to_contain_text("en retard")
    expect(rows.last).to_contain_text("Rien ne manque")
    everyone = rows.count()
    v.page.get_by_label("En retard", exact=True).check(force=True)
    expect(rows.filter(has_text="Rien ne manque")).to_have_count(0)
    assert 0 < rows.count() < everyone


# --- the référent and the group


def meet(v: Visitor) -> str:
    """A meeting planned and convened, held, told: its address."""
    v.enter("referent.lyon")
    v.go(_place(the_group()))
    v.told(MILESTONE)  # what the expert proposed
    v.told(NATIONAL)
    v.look("page-du-groupe")
    v.follow("Prévoir une réunion")
    v.fill(subject=MEETING, on=day(1), begins="14:00", ends="16:30", place="Collège, salle des conseils")
    v.fill(agenda="1. Le premier scénario après son test\n2. Le second : trouver une classe")
    v.tick("En présence")
    v.look("prevoir-une-reunion")
    v.press("Prévoir la réunion")
    v.told("Réunion prévue")
    path = v.page.url.removeprefix(v.base)
    v.look("reunion-prevue")
    v.press(re.compile("^Convoquer 5 personnes"))
    v.told("Convocation écrite à 5 personnes")
    v.look("reunion-convoquee")
    _convened(v, path)
    return path


def _convened(v: Visitor, path: str) -> None:
    """Each has a letter, with the event for her diary; the same file is on the page."""
    send_letters(timezone.localtime())
    letters = [one for one in mail.outbox if MEETING in one.subject]
    assert {one.to[0] for one in letters} >= {f"{who}@{DOMAIN}" for who in ("cardie.lyon", "inspecteur.lyon")}
    event = next(p for p in letters[0].message().walk() if p.get_content_type() == "text/calendar")
    assert event.get_param("method") == "REQUEST"
    file = v.page.request.get(f"{v.base}{path}.ics").text()
    assert f"SUMMARY:{MEETING}" in file.replace("\r\n ", "").replace("TraAM : ", "")


def send_letters(at: datetime) -> None:
    """What the worker does all day."""
    while deliver(at=at):
        pass


def tell_the_meeting(v: Visitor, path: str) -> None:
    """Attendance, minutes, a decision, an action with its owner and its day."""
    v.enter("referent.lyon")
    v.go(path)
    v.follow("Noter les présences")
    for one in v.page.locator("main fieldset").all():
        state = "Excusé" if "CARDIE" in one.inner_text() else "Présent"
        one.get_by_role("radio", name=state).check(force=True)
    v.page.get_by_label("Durée en minutes, Enseignant de Lyon").fill("90")
    v.look("presences")
    v.press("Enregistrer les présences")
    v.told("la réunion est tenue")
    v.follow("Écrire le compte rendu")
    expect(v.page.get_by_label("Ordre du jour")).to_have_value(re.compile("trouver une classe"))
    v.fill(said="Le premier scénario **a tenu** en trois séances.\n\n- Le second attend une classe.", next="En mars.")
    v.look("compte-rendu")
    v.press("Enregistrer")
    v.told("Compte rendu enregistré")
    v.told("validé par l’inspecteur du groupe")
    _note_a_point(v, "Décision", "Le second scénario change de niveau : la troisième.")
    v.page.locator("main [name=owner]").select_option("Enseignante de Lyon")
    _note_a_point(v, "Action", ACTION, day(15))
    v.look("reunion-tenue")
    assert Meeting.objects.get(subject=MEETING).state == "held"
    v.go(_place(the_group()) + "/calendrier")
    v.look("calendrier-du-groupe")
    v.follow(re.compile("^À faire"))
    v.told(ACTION)
    v.look("a-faire")


def _note_a_point(v: Visitor, kind: str, text: str, due: str = "") -> None:
    v.page.locator("main [name=kind]").locator("xpath=..").get_by_label(kind).check(force=True)
    v.fill(text=text, due=due)
    v.press("Noter")
    v.told(text)


def tell_and_share(v: Visitor, folder: Path) -> None:
    """Where the group stands, a page that was read, a document with its rights."""
    place = _place(the_group())
    v.enter("referent.lyon")
    v.go(f"{place}/avancement/nouvelle-note")
    v.tick("Fragile")
    v.fill(text="Le premier scénario est testé. Le second attend une classe.", need=NEED)
    v.look("note-d-avancement")
    v.press("Enregistrer")
    v.told("Note enregistrée")
    v.look("avancement")
    v.go(f"{place}/veille")
    v.fill(address=READ, title="Débattre avec une machine", why="Une séance proche de la nôtre.", tags="oral, débat")
    v.look("partager-une-page")
    v.press("Ajouter à la veille")
    v.told("Débattre avec une machine")
    v.look("veille")
    file = folder / "grille-d-observation.pdf"
    file.write_bytes(b"%PDF-1.7\ngrille\nstartxref\n9\n%%EOF\n")
    v.go(f"{place}/documents/nouveau")
    v.fill(title=PAPER, terms_read_on=day(0))
    v.page.locator("main input[type=file]").set_input_files(file)
    v.page.locator("main [name=licence]").select_option("CC-BY-SA")
    v.tick("Aucune donnée personnelle")
    v.look("partager-un-document")
    v.press("Partager le document")
    v.told(PAPER)
    v.look("documents")
    with v.page.expect_download() as download:
        v.follow(re.compile(PAPER))
    assert download.value.path().read_bytes() == file.read_bytes()


def follow_one_s_own_calendar(v: Visitor) -> None:
    """A teacher finds what she took on, gives her dates to her diary, then takes the address back."""
    v.enter("enseignante.lyon")
    v.go("/mon-calendrier")
    v.told(ACTION)
    v.look("mon-calendrier")
    v.press("Créer une adresse secrète")
    v.told("elle ne sera plus montrée")
    secret = v.page.locator(".secret-address").inner_text()
    v.look("adresse-secrete")
    feed = v.base + "/" + secret.split("/", 3)[3]
    diary = v.page.request.get(feed)
    assert diary.ok and MEETING in diary.text().replace("\r\n ", "")
    v.follow(re.compile("^Révoquer"))
    v.look("revoquer")
    v.press("Révoquer l’adresse")
    v.told("elle ne répond plus")
    assert v.page.request.get(feed).status == 404
    v.go(f"/atelier/reunions/{Meeting.objects.get(subject=MEETING).pk}")
    v.press(re.compile("^C’est fait"))
    v.told("Action faite")


# --- who follows


def pilot(v: Visitor, path: str) -> None:
    """The inspector validates the minutes, and puts another group a little more in order: everybody sees it at once."""
    v.enter("inspecteur.lyon")
    v.go("/evaluation/groupes")
    _late_first(v)
    v.look("groupes-que-je-pilote")
    v.go(path)
    v.press("Valider le compte rendu")
    v.told("Compte rendu validé")
    v.look("compte-rendu-valide")
    line = _line(v, "/evaluation/groupes", unfinished())
    expect(line).to_contain_text("Un inspecteur qui pilote")
    v.go(_place(unfinished()))
    v.follow("Indiquer son corps")
    v.tick("IA-IPR")
    v.send()
    expect(_line(v, "/evaluation/groupes", unfinished())).not_to_contain_text("Un inspecteur qui pilote")


def _line(v: Visitor, table: str, group: Group) -> Locator:
    """The line of a group in a table of what groups owe."""
    v.go(table)
    return v.page.locator("#liste tbody tr").filter(has=v.page.locator(f'a[href="{_place(group)}"]'))


def follow_from_afar(v: Visitor) -> None:
    """The expert and the bureau read the same table as the inspector, and what the référent wrote once."""
    group = unfinished()
    campaign = the_group().application.theme.campaign_id
    v.enter("expert")
    line = _line(v, "/evaluation/groupes", group)
    expect(line).to_contain_text("en retard")
    expect(line).not_to_contain_text("Un inspecteur qui pilote")
    v.go(f"/evaluation/themes/{the_group().application.theme_id}/avancement")
    v.told(NEED)
    v.look("avancement-du-theme")
    v.enter("bureau")
    expect(_line(v, f"/pilotage/campagnes/{campaign}/groupes", group)).not_to_contain_text("Un inspecteur qui pilote")
    v.look("groupes-de-la-campagne")
    v.page.locator("main [name=academie]").select_option("Lyon")
    v.press("Filtrer")
    expect(v.page.locator("#liste tbody tr").filter(has_text="Rennes")).to_have_count(0)
    expect(v.page.locator("#liste tbody tr")).to_have_count(3)
    v.go(f"/pilotage/campagnes/{campaign}/avancement")
    v.told(NEED)
    v.look("avancement-de-la-campagne")
    v.go(f"/pilotage/campagnes/{Campaign.objects.get(state='open').pk}/courriels")
    v.look("qui-recevra-quoi")


def receive_a_digest(v: Visitor) -> None:
    """The next morning, what waits for the DAN is in one letter, that one click stops."""
    v.enter("dan.lyon")
    v.go("/mes-courriels")
    v.told(NEED)
    v.look("mes-courriels")
    tomorrow = timezone.localtime().replace(hour=8) + timedelta(days=1)
    mail.outbox.clear()
    assert Daily().work(tomorrow) >= 2
    send_letters(tomorrow)
    mine = [one for one in mail.outbox if one.to == [f"dan.lyon@{DOMAIN}"]]
    assert len(mine) == 1, "one digest a day at most"
    message = mine[0].message()
    page = _part(message, "text/html")
    assert NEED in _part(message, "text/plain")
    v.page.set_content(page)
    v.look("recapitulatif")
    stop = re.search(r"<\S+?(/courriels/arreter/\S+)>", message["List-Unsubscribe"])
    assert stop and message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    v.leave()
    v.go(stop[1])
    v.look("arreter-le-recapitulatif")
    v.press("Ne plus le recevoir")
    v.told("n’est plus envoyé")
    assert person("dan.lyon").habit.period == "never"


def _part(message: Message, kind: str) -> str:
    part = next(one for one in message.walk() if one.get_content_type() == kind)
    return part.get_payload(decode=True).decode()  # type: ignore[union-attr]
