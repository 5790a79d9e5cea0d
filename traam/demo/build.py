from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from traam import reference
from traam.demo import rights, texts
from traam.demo.autumn import Autumn
from traam.demo.corresponding import correspond
from traam.demo.informing import inform
from traam.demo.sharing import tell_and_share
from traam.demo.synthesising import write_syntheses
from traam.programme.calls import actions as call_actions
from traam.programme.calls.models import Application
from traam.programme.campaigns import actions as campaign_actions
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.rules import ThemeValues
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.catalogue import imports as catalogue_imports
from traam.programme.groups import actions as group_actions
from traam.programme.groups.models import Group, Member
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import System
from traam.programme.people.actions import appoint, know, save_contact
from traam.programme.people.models import Person, Role
from traam.programme.productions import actions as production_actions
from traam.programme.productions.actions import Content
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.selection import actions as selection_actions

PASSWORD = "demonstration-traam"  # noqa: S105 - printed for whoever tries the demonstration
DOMAIN = "demo.traam.invalid"
HISTORY = reference.HERE / "history"

# One working school number for each academy of the demonstration: invented, with the right control letter.
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
WORKING = ("10", "09", "14", "23", "33", "19", "13", "17")  # Lyon, Lille, Rennes, Nice, Guyane, Reims, Poitiers, Nantes


@dataclass(frozen=True)
class Account:
    role: str
    email: str


ACCOUNTS = (
    Account("Bureau national", f"bureau@{DOMAIN}"),
    Account("Inspection générale", f"inspection.generale@{DOMAIN}"),
    Account("Expert numérique", f"expert@{DOMAIN}"),
    Account("DAN de Lyon", f"dan.lyon@{DOMAIN}"),
    Account("Inspecteur de Lyon", f"inspecteur.lyon@{DOMAIN}"),
    Account("Professeur référent de Lyon", f"referent.lyon@{DOMAIN}"),
    Account("Enseignante de Lyon", f"enseignante.lyon@{DOMAIN}"),
    Account("Enseignant de Lyon, qui candidate", f"enseignant.lyon@{DOMAIN}"),
)


def school_number(academy: str, n: int = 1) -> str:
    """A school number that exists nowhere but has its control letter."""
    department = reference.academies()[academy].departments[0].zfill(3).replace("02A", "620")[:3]
    digits = f"{department}99{n:02d}"
    return digits + LETTERS[int(digits) % 23]


@dataclass
class Cast:
    """Who plays. Names say the role: nobody is real."""

    at: datetime

    def person(self, email: str, name: str, role: str, academy: str = "") -> Person:
        actor = System()
        person = know(f"{email}@{DOMAIN}", name, phone="01 99 00 00 00", actor=actor, at=self.at)
        appoint(person, role, academy=academy, actor=actor, at=self.at)
        if not person.has_usable_password():
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
        return person

    def of_academy(self, code: str) -> tuple[Person, Person]:
        """The DAN and the inspector of an academy."""
        academy = reference.academies()[code]
        return (
            self.person(f"dan.{academy.slug}", f"DAN de {academy.name}", Role.DAN, code),
            self.person(f"inspecteur.{academy.slug}", f"Inspecteur de {academy.name}", Role.INSPECTOR, code),
        )


def _raw(theme: Theme, academy: str, n: int, inspector: Person) -> dict[str, object]:
    """The form of an application, as a DAN would fill it."""
    name = reference.academies()[academy]
    title, description = texts.PROJECTS[n % len(texts.PROJECTS)]
    return {
        "theme": theme.title,
        "degree": "Second degré",
        "titles": title,
        "axes": "Axe 1 ; Axe 2",
        "description": description,
        "inspector_name": inspector.name,
        "inspector_email": inspector.email,
        "inspector_phone": "01 99 00 00 00",
        "referent_name": f"Professeur référent de {name.name}",
        "referent_school": school_number(academy),
        "referent_email": f"referent.{name.slug}@{DOMAIN}" if n == 0 else f"referent{n}.{name.slug}@{DOMAIN}",
        "referent_phone": "01 99 00 00 01",
        "dasen_agreement": "Oui",
        "rank": "1",
    }


@dataclass
class Stage:
    """The demonstration as it is built: `now` is the day it is shown."""

    now: datetime
    cast: Cast
    bureau: Person
    expert: Person
    general_inspector: Person

    def campaign(
        self,
        title: str,
        first_year: int,
        calendar: Mapping[str, date | None],
        at: datetime,
        continues: Mapping[str, Theme] | None = None,
    ) -> Campaign:
        """A campaign whose call is open; `continues` maps a title to the theme whose second year begins."""
        campaign = campaign_actions.draft(title, "traam-2022", first_year, calendar, actor=self.bureau, at=at)
        for theme in texts.THEMES:
            first = (continues or {}).get(str(theme["title"]))
            values = ThemeValues(
                title=str(theme["title"]),
                framing=str(theme["framing"]),
                axes=list(theme["axes"]),
                disciplines=list(theme["disciplines"]),
                degree=str(theme["degree"]),
                experts=[self.expert],
                general_inspectors=[self.general_inspector],
                constraints=str(theme["constraints"]),
                year=2 if first else 1,
                continues=first,
            )
            campaign_actions.save_theme(campaign, values, actor=self.bureau, at=at)
        catalogue_actions.open_call(campaign, actor=self.bureau, at=at)
        campaign.refresh_from_db()
        return campaign

    def apply(self, campaign: Campaign, theme: Theme, academy: str, n: int, at: datetime) -> Application:
        dan, inspector = self.cast.of_academy(academy)
        raw = _raw(theme, academy, n, inspector)
        draft = call_actions.save_draft(campaign, academy, raw, actor=dan, at=at)
        return call_actions.forward(draft, actor=dan, at=at)


def _working_campaign(stage: Stage) -> None:
    """Last spring's call, announced in June: its groups are at work."""
    now = stage.now
    year = now.year if now.month >= 9 else now.year - 1
    paris = now.tzinfo
    spring = datetime(year, 4, 10, 10, tzinfo=paris)
    calendar = {
        "call_opens": date(year, 3, 15),
        "applications_due": date(year, 5, 15),
        "announcement": date(year, 6, 15),
        "launch": date(year, 9, 15),
        "end": date(year + 2, 6, 30),
    }
    campaign = stage.campaign(f"TraAM {year}-{year + 2}", year, calendar, spring)
    themes = list(campaign.themes.order_by("pk"))
    for rank, theme in enumerate(themes):
        for academy in WORKING[: 8 - 2 * rank]:
            application = stage.apply(campaign, theme, academy, rank, spring)
            mark = 4 if academy in WORKING[:6] else 2
            selection_actions.give_opinion(
                application,
                {criterion.id: mark for criterion in campaign.edition.selection.criteria},
                "Projet clair, réaliste, bien relié aux axes."
                if academy in WORKING[:6]
                else "Le lien aux axes est mince.",
                actor=stage.expert,
                at=datetime(year, 5, 28, 10, tzinfo=paris),
            )
    june = datetime(year, 6, 16, 10, tzinfo=paris)
    catalogue_actions.move_call(campaign, "close", actor=stage.bureau, at=june)
    for application in Application.objects.filter(theme__campaign=campaign).select_related("theme__campaign"):
        verb = "retain" if application.academy in WORKING[:6] else "put_on_waiting_list"
        selection_actions.decide(application, verb, actor=stage.bureau, at=june)
    opened = catalogue_actions.announce(campaign, actor=stage.bureau, at=june)
    _groups_at_work(stage, opened, datetime(year, 9, 20, 10, tzinfo=paris))


def _groups_at_work(stage: Stage, opened: list[Group], september: datetime) -> None:
    lyon = [group for group in opened if group.academy == "10"]
    referent = _open_account(f"referent.lyon@{DOMAIN}")
    _compose(lyon[0], referent, september, complete=True)
    tell_and_share(lyon[0], referent, september)
    others = [group for group in opened if group.academy == "09"]
    _compose(others[1], _referent(others[1]), september, complete=False)
    autumn = Autumn(stage.now, september, stage.bureau, stage.expert, stage.cast.of_academy("10")[1])
    autumn.live(find_group(lyon[0].pk), referent)
    autumn.fall_behind(others[1], _referent(others[1]))
    lessons = (
        (lyon[0], referent, texts.DEBUNK, ("submit", "validate", "release")),
        (lyon[0], referent, texts.ASSISTANT, ("submit",)),
        (lyon[0], referent, texts.SKETCH, ()),
        (others[1], _referent(others[1]), texts.FEEDBACK, ("submit", "validate", "release")),
        (lyon[2], _referent(lyon[2]), texts.SOUNDS, ("submit", "send_back")),
    )
    for group, author, content, moves in lessons:
        _lesson(stage, group, author, content, moves, september + timedelta(days=30))
    told, begun = (group.application.theme for group in (others[1], lyon[0]))
    write_syntheses(told, begun, stage.expert, stage.general_inspector, stage.bureau, referent, stage.now)


def _open_account(email: str) -> Person:
    person = Person.objects.get(email=email)
    if not person.has_usable_password():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return person


def _referent(group: Group) -> Person:
    return _open_account(group.application.referent_email)


def _compose(group: Group, referent: Person, at: datetime, *, complete: bool) -> None:
    slug = reference.academies()[group.academy].slug
    name = reference.academies()[group.academy].name
    people = [
        (Member.Role.TEACHER, f"Enseignante de {name}", f"enseignante.{slug}@{DOMAIN}"),
        (Member.Role.TEACHER, f"Enseignant de {name}", f"enseignant.{slug}@{DOMAIN}"),
    ]
    if complete:
        people.append((Member.Role.CARDIE, f"CARDIE de {name}", f"cardie.{slug}@{DOMAIN}"))
    for role, who, email in people:
        group_actions.add_member(
            group, role=role, name=who, email=email, school=school_number(group.academy), actor=referent, at=at
        )
        _open_account(email)
    inspector = group.members.get(role=Member.Role.INSPECTOR)
    group_actions.complete_inspector(inspector, Member.Corps.IA_IPR, actor=referent, at=at)
    group_actions.record_meeting(
        group,
        on=at.date(),
        mode="in_person",
        subject="Lancement et répartition du travail",
        place=f"Rectorat de {name}",
        actor=referent,
        at=at,
    )
    if complete:
        group_actions.move(group, "start", actor=referent, at=at)


def _lesson(
    stage: Stage, group: Group, author: Person, content: Content, moves: tuple[str, ...], at: datetime
) -> Scenario:
    scenario = production_actions.begin(group, content, actor=author, at=at)
    if moves:
        production_actions.record_test(
            scenario,
            on=(at - timedelta(days=5)).date(),
            level=content.levels[0],
            pupils=26,
            worked="Les élèves ont argumenté sans attendre la réponse de l'enseignant.",
            resisted="La mise en commun demande plus de temps que prévu.",
            advice="Préparer les documents imprimés, la connexion peut manquer.",
            actor=author,
            at=at,
        )
    inspector = stage.cast.of_academy(group.academy)[1]
    for verb in moves:
        scenario = find_scenario(scenario.pk)
        if verb == "submit":
            production_actions.submit(scenario, actor=author, at=at)
        elif verb == "release":
            rights.fill(scenario, author, at)
            rights.sign(scenario, author, at)
            rights.check(scenario, inspector, at)
            rights.audit(scenario, inspector, at)
            catalogue_actions.release(scenario, actor=inspector, at=at)
        elif verb == "validate":
            read = production_actions.move(scenario, "endorse", actor=inspector, at=at)
            production_actions.move(read, "confirm", actor=stage.expert, at=at)
        else:
            comment = "Précisez la durée de chaque étape, et ce que fait l'élève qui n'enregistre pas."
            production_actions.move(scenario, verb, comment=comment, actor=inspector, at=at)
    return scenario


def _open_call(stage: Stage) -> None:
    """A call in progress, so that every role has something to do today."""
    now = stage.now
    year = (now.year if now.month >= 9 else now.year - 1) + 1
    today = now.date()
    calendar = {
        "call_opens": today - timedelta(days=20),
        "applications_due": today + timedelta(days=40),
        "announcement": today + timedelta(days=75),
        "launch": max(date(year, 9, 15), today + timedelta(days=100)),
        "end": date(year + 2, 6, 30),
    }
    last = texts.THEMES[-1]["title"]
    going_on = {str(last): Theme.objects.get(title=last, campaign__first_year=year - 1)}
    campaign = stage.campaign(f"TraAM {year}-{year + 2}", year, calendar, now - timedelta(days=20), going_on)
    _put_off_the_announcement(stage, campaign, today + timedelta(days=82))
    themes = list(campaign.themes.order_by("pk"))
    for rank, theme in enumerate(themes):
        for academy in WORKING[1 + rank : 4 + rank]:
            stage.apply(campaign, theme, academy, rank, now - timedelta(days=3))
    dan, inspector = stage.cast.of_academy("10")
    raw = {**_raw(themes[0], "10", 1, inspector), "referent_phone": "", "description": ""}
    call_actions.save_draft(campaign, "10", raw, actor=inspector, at=now - timedelta(days=2))
    _teacher_writes(stage, campaign, themes)


def _teacher_writes(stage: Stage, campaign: Campaign, themes: list[Theme]) -> None:
    """A teacher of Lyon proposes one application to the inspector, and still writes another."""
    teacher = stage.cast.person("enseignant.lyon", "Enseignant de Lyon", Role.TEACHER, "10")
    inspector = stage.cast.of_academy("10")[1]
    hers = {"referent_name": teacher.name, "referent_email": teacher.email, "school_kind": "Collège", "rank": ""}
    at = stage.now - timedelta(days=1)
    proposed = call_actions.save_draft(
        campaign, "10", {**_raw(themes[1], "10", 2, inspector), **hers}, actor=teacher, at=at
    )
    call_actions.submit(proposed, actor=teacher, at=at)
    begun = {**_raw(themes[2], "10", 3, inspector), **hers, "description": "", "inspector_email": ""}
    call_actions.save_draft(campaign, "10", begun, actor=teacher, at=at)


def _put_off_the_announcement(stage: Stage, campaign: Campaign, day: date) -> None:
    reason = "Le comité de sélection se réunit une semaine plus tard que prévu."
    at = stage.now - timedelta(days=5)
    catalogue_actions.amend(campaign, "date", "announcement", day.isoformat(), reason, actor=stage.bureau, at=at)
    campaign.refresh_from_db()


def _contacts(stage: Stage) -> None:
    """Whom to contact: invented services, and some academies that have not said it yet."""
    for code in WORKING[:6]:
        academy, dan = reference.academies()[code], stage.cast.of_academy(code)[0]
        save_contact(
            code,
            f"Délégation académique au numérique éducatif, académie {academy.of_name}",
            email=f"numerique.{academy.slug}@{DOMAIN}",
            phone="01 99 00 00 02",
            actor=dan,
            at=stage.now - timedelta(days=60),
        )


@transaction.atomic
def build(now: datetime) -> bool:
    """Make the demonstration; False, and nothing written, when it is already there."""
    if Person.objects.filter(email=ACCOUNTS[0].email).exists():
        return False
    for name in ("themes.csv", "scenarios.jsonl", "bilans.jsonl"):
        report = catalogue_imports.history(HISTORY / name, at=now)
        if report.problems:
            raise RuntimeError("; ".join(report.problems))
    cast = Cast(now - timedelta(days=400))
    bureau = cast.person("bureau", "Bureau national", Role.NATIONAL)
    stage = Stage(
        now,
        cast,
        bureau,
        cast.person("expert", "Expert numérique", Role.EXPERT),
        cast.person("inspection.generale", "Inspection générale", Role.GENERAL_INSPECTOR),
    )
    for code in WORKING:
        cast.of_academy(code)
    _contacts(stage)
    _working_campaign(stage)
    _open_call(stage)
    inform(bureau, now)
    correspond(bureau, stage.expert, DOMAIN, now)
    return True
