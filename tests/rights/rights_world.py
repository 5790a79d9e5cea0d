"""A small programme made for the table of rights: who asks, and the objects that they ask for.

Everything is written from the point of view of the group of Lyon on the theme A: what belongs to it is "own". The
same objects exist for the other group of the academy (Lyon, theme B), for the same theme in another academy (Lille,
theme A) and for a stranger (Lille, theme B).
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator

from traam.config.rights import NAMES
from traam.engines.pageaudit.values import Answer, Finding
from traam.programme.calls.models import Application, Upload
from traam.programme.campaigns.models import Campaign, ResearchLink, Steward, Theme
from traam.programme.catalogue.models import Correspondence, Deposit, InformationPage, InformationRevision, Notice
from traam.programme.catalogue.reports import Report
from traam.programme.groups.models import (
    Correspondent,
    Document,
    Group,
    Meeting,
    Member,
    Milestone,
    Minutes,
    Point,
    ProgressNote,
    Relay,
    ServicePeriod,
    Share,
    WatchItem,
)
from traam.programme.letters.models import Letter
from traam.programme.people.models import Appointment, CalendarKey, Forgetting, Person, Role, SignIn
from traam.programme.productions.models import (
    Bilan,
    ClassTest,
    Module,
    ModuleActivity,
    ModuleSection,
    Piece,
    Promise,
    Remark,
    Review,
    Scenario,
    Support,
    Version,
)
from traam.programme.publication.models import AuditRun, Contest, Release, Resource, RightsSheet, Waiver, Watched
from traam.programme.selection.models import Assignment, Proposal
from traam.programme.subscriptions.models import Delivery, Newsletter, PublishedIssue, Sending
from traam.programme.valorisation.issues.models import Block, Issue
from traam.programme.valorisation.syntheses.models import Synthesis

LYON, LILLE, RENNES = "10", "09", "14"
OWN, OTHER_GROUP, OTHER_ACADEMY, STRANGER = "propre", "autre groupe", "autre académie", "autre thème"
PLACES = {OWN: (LYON, 0), OTHER_GROUP: (LYON, 1), OTHER_ACADEMY: (LILLE, 0), STRANGER: (LILLE, 1)}
ROLES = tuple(NAMES)
"""Who asks, beside the passer-by. `former` held every role over the own objects; all of them ended."""
Arguments = dict[str, Any]
Objects = dict[str, Arguments]
FILE = "0" * 64


@dataclass
class Place:
    """What one group has: every object that an address may name."""

    group: Group
    application: Application
    draft: Application
    submitted: Application
    pk: dict[str, int] = field(default_factory=dict)


class World:
    """The rows. `people` maps a role to who holds it; `places` the name of a place to its objects."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.people = {role: self._person(role) for role in ROLES}
        self.nobody = self._person("elsewhere")
        self._appoint()
        self.working, self.open, self.preparing = (self._campaign(state) for state in ("closed", "open", "draft"))
        self.themes = [self._theme(self.working, letter) for letter in "AB"]
        self.open_themes = [self._theme(self.open, letter) for letter in "AB"]
        self.preparing_theme = self._theme(self.preparing, "A")
        self.period = ServicePeriod.objects.create(
            campaign=self.working,
            number=1,
            label="Première année",
            since=at.date() - timedelta(days=90),
            until=at.date() + timedelta(days=90),
            unit="hours",
        )
        self.places = {name: self._place(name, *where) for name, where in PLACES.items()}
        self.pk = self._of_the_nation()

    def _person(self, role: str) -> Person:
        return Person.objects.create(
            email=f"droits.{role}@demo.traam.invalid", name=f"Personne {role}", created_at=self.at
        )

    def _appoint(self) -> None:
        held = {
            "national": (Role.NATIONAL, ""),
            "general_inspector": (Role.GENERAL_INSPECTOR, ""),
            "expert": (Role.EXPERT, ""),
            "dan": (Role.DAN, LYON),
            "inspector": (Role.INSPECTOR, LYON),
            "teacher": (Role.TEACHER, LYON),
            "author": (Role.TEACHER, LYON),
            "reader": (Role.EXPERT, ""),
        }
        began, ended = self.at.date() - timedelta(days=400), self.at.date() - timedelta(days=1)
        rows = [
            Appointment(person=self.people[who], role=role, academy=code, since=began)
            for who, (role, code) in held.items()
        ]
        former = self.people["former"]
        rows += [
            Appointment(person=former, role=role, academy=code, since=began, until=ended)
            for role, code in {held[who] for who in held}
        ]
        Appointment.objects.bulk_create(rows)

    def _campaign(self, state: str) -> Campaign:
        today = self.at.date()
        days = {"draft": 30, "open": -20, "closed": -300}[state]
        steps = ("call_opens", "applications_due", "announcement", "launch", "end")
        calendar = {
            step: (today + timedelta(days=days + 50 * n * (n + 1) // 2)).isoformat() for n, step in enumerate(steps)
        }
        return Campaign.objects.create(
            title=f"Campagne {state} des droits",
            edition_id="traam-2022",
            first_year=today.year,
            calendar=calendar,
            state=state,
            created_at=self.at,
        )

    def _theme(self, campaign: Campaign, letter: str) -> Theme:
        state = "draft" if campaign.state == "draft" else "open"
        theme = Theme.objects.create(
            campaign=campaign, title=f"Thème {letter}", framing="…", axes=["Axe"], disciplines=["SVT"], state=state
        )
        if letter == "A":
            for role in (Steward.Role.EXPERT, Steward.Role.GENERAL_INSPECTOR):
                Steward.objects.create(theme=theme, person=self.people[str(role.value)], role=role)
                Steward.objects.create(theme=theme, person=self.people["former"], role=role)
        return theme

    def _application(self, theme: Theme, academy: str, state: str, author: Person, n: int) -> Application:
        return Application.objects.create(
            theme=theme,
            academy=academy,
            state=state,
            titles=["Projet"],
            referent_email=f"droits.{n}.{academy}@demo.traam.invalid",
            inspector_opinion="favourable",
            inspector_opinion_by=self.people["inspector"],
            inspector_opinion_at=self.at,
            created_by=author,
            created_at=self.at,
            changed_at=self.at,
        )

    def _place(self, name: str, academy: str, n: int) -> Place:
        mine = name == OWN
        author = self.people["author"] if mine else self.nobody
        forwarded = self._application(self.themes[n], academy, "forwarded", author, 1)
        if mine:
            for who in ("reader", "former"):
                Assignment.objects.create(
                    application=forwarded,
                    reader=self.people[who],
                    assigned_by=self.people["national"],
                    assigned_at=self.at,
                )
        retained = self._application(self.themes[n], academy, "forwarded", author, 2)
        group = Group.objects.create(application=retained, state="working", opened_at=self.at)
        place = Place(
            group,
            forwarded,
            self._application(self.open_themes[n], academy, "draft", author, 3),
            self._application(self.open_themes[n], academy, "submitted", author, 4),
        )
        members = self._members(group, mine)
        place.pk = {
            **self._shared(group, members["referent"]),
            **self._met(group, members["referent"]),
            **self._wrote(group, self.themes[n], members["referent"].person),
            "member": members["teacher"].pk,
            "share": Share.objects.create(period=self.period, member=members["teacher"], planned=100).pk,
        }
        return place

    def _members(self, group: Group, mine: bool) -> dict[str, Member]:
        since, gone = self.at.date() - timedelta(days=90), self.at.date() - timedelta(days=1)
        referent, teacher = (self.people["referent"], self.people["member"]) if mine else (self.nobody, self.nobody)
        if mine:
            for role in ("referent", "teacher", "inspector"):
                Member.objects.create(group=group, person=self.people["former"], role=role, since=since, until=gone)
        return {
            role: Member.objects.create(group=group, person=person, role=role, since=since)
            for role, person in (("referent", referent), ("teacher", teacher))
        }

    def _shared(self, group: Group, by: Member) -> dict[str, int]:
        note = ProgressNote.objects.create(
            group=group, author=by.person, mood="on_time", text="…", written_at=self.at, changed_at=self.at
        )
        watch = WatchItem.objects.create(
            group=group, address="https://exemple.invalid/", title="…", why="…", shared_by=by.person, shared_at=self.at
        )
        document = Document.objects.create(
            group=group, title="…", file=FILE, filename="a.pdf", size=1, shared_by=by.person, shared_at=self.at
        )
        return {"note": note.pk, "watch": watch.pk, "document": document.pk}

    def _met(self, group: Group, by: Member) -> dict[str, int]:
        common = {"group": group, "mode": "in_person", "subject": "…", "recorded_at": self.at}
        planned = Meeting.objects.create(on=self.at.date() + timedelta(days=9), **common)
        held = Meeting.objects.create(on=self.at.date() - timedelta(days=9), state="held", **common)
        Minutes.objects.create(meeting=held, written_by=by.person, changed_at=self.at)
        point = Point.objects.create(meeting=held, kind="action", text="…", owner=by.person)
        return {"planned": planned.pk, "held": held.pk, "point": point.pk}

    def _review(self, versions: int, by: Person) -> Review:
        review = Review.objects.create(opened_at=self.at)
        for number in range(1, versions + 1):
            Version.objects.create(review=review, number=number, content={"pieces": []}, made_at=self.at, made_by=by)
        return review

    def _wrote(self, group: Group, theme: Theme, by: Person) -> dict[str, int]:
        signed = {"created_by": by, "created_at": self.at, "changed_at": self.at}

        def scenario(state: str, version: int = 0) -> Scenario:
            return Scenario.objects.create(
                group=group, title=state, state=state, version=version, review=self._review(version, by), **signed
            )

        draft, submitted, validated = scenario("draft"), scenario("submitted", 1), scenario("validated", 1)
        found = {"draft": draft.pk, "submitted": submitted.pk, "validated": validated.pk}
        found |= self._beside(draft, submitted, group, by) | self._published(validated, by)
        module = Module.objects.create(
            group=group, theme=theme, title="…", framing="…", review=self._review(0, by), **signed
        )
        section = ModuleSection.objects.create(module=module, position=1, title="…")
        quiz = ModuleActivity.objects.create(
            section=section,
            position=1,
            kind="quiz",
            title="…",
            questions=[{"kind": "true_false", "text": "…", "answers": [], "feedback": ""}],
        )
        bilan = Bilan.objects.create(group=group, review=self._review(1, by), state="submitted", version=1, **signed)
        support = Support.objects.create(
            group=group,
            review=self._review(0, by),
            kind="infographic",
            title="…",
            file=FILE,
            filename="a.png",
            **signed,
        )
        rows = {"module": module, "section": section, "quiz": quiz, "bilan": bilan, "support": support}
        return found | {name: row.pk for name, row in rows.items()}

    def _beside(self, draft: Scenario, submitted: Scenario, group: Group, by: Person) -> dict[str, int]:
        piece = Piece.objects.create(
            scenario=draft, title="…", file=FILE, filename="a.pdf", size=1, added_by=by, added_at=self.at
        )
        sheet = RightsSheet.objects.create(scenario=draft, changed_at=self.at)
        resource = Resource.objects.create(sheet=sheet, kind="service", name="…", added_by=by, added_at=self.at)
        remark = Remark.objects.create(review=submitted.review, version=1, text="…", by=by, at=self.at)
        promise = Promise.objects.create(
            scenario=submitted, group=group, state="asked", asked_at=self.at, changed_at=self.at
        )
        test = ClassTest.objects.create(
            scenario=submitted,
            version=1,
            group=group,
            academy=group.academy,
            level="6e",
            on=self.at.date(),
            pupils=20,
            worked="…",
            by=by,
            recorded_at=self.at,
        )
        rows = {"piece": piece, "resource": resource, "remark": remark, "promise": promise, "test": test}
        return {name: row.pk for name, row in rows.items()}

    def _published(self, scenario: Scenario, by: Person) -> dict[str, int]:
        Release.objects.create(
            scenario=scenario, version=1, content={}, released_by=by, released_at=self.at, state="released"
        )
        RightsSheet.objects.create(scenario=scenario, changed_at=self.at)
        waiver = Waiver.objects.create(
            scenario=scenario,
            of="control",
            code="terms",
            reason="…",
            until=self.at.date() + timedelta(days=30),
            granted_by=by,
            granted_at=self.at,
        )
        watched = Watched.objects.create(
            address=f"https://exemple.invalid/{scenario.pk}",
            scenario=scenario,
            academy=scenario.group.academy,
            next_at=self.at,
            added_at=self.at,
        )
        AuditRun.objects.create(watched=watched, at=self.at, seconds=1, status=200, findings=[asdict(FINDING)])
        contest = Contest.objects.create(
            watched=watched, code="https", finding="elsewhere", reason="…", made_by=by, made_at=self.at
        )
        return {"waiver": waiver.pk, "watched": watched.pk, "contest": contest.pk}

    def second_year(self) -> Arguments:
        """A group of Lyon that goes on with the theme A, and a scenario of its first year."""
        theme = self.open_themes[0]
        theme.continues, theme.year = self.themes[0], 2
        theme.save()
        place = self.places[OWN]
        again = self._application(theme, LYON, "forwarded", self.people["author"], 9)
        group = Group.objects.create(application=again, state="working", opened_at=self.at)
        self._members(group, mine=True)
        return {"pk": group.pk, "number": place.pk["validated"]}

    def _synthesised(self) -> dict[str, list[int]]:
        """A synthesis for each theme, with a remark."""
        expert, at = self.people["expert"], self.at
        made, said = [], []
        for theme in self.themes:
            review = self._review(0, expert)
            signed = {"created_by": expert, "created_at": at, "changed_at": at}
            synthesis = Synthesis.objects.create(review=review, title="…", state="draft", **signed)
            synthesis.themes.set([theme])
            made.append(synthesis.pk)
            said.append(Remark.objects.create(review=review, version=0, text="…", by=self.nobody, at=at).pk)
        return {"syntheses": made, "synthesis_remarks": said}

    def _corresponded(self) -> dict[str, int]:
        """A letter to readers: an issue in preparation, one that is ready, one that left with a message in doubt."""
        at = self.at
        newsletter = Newsletter.objects.create(slug="droits", title="…", about="…", changed_at=at)
        content = {"letter": "…", "number": 1, "title": "…", "day": "2026-12-01", "introduction": "", "pieces": []}
        published = PublishedIssue.objects.create(
            newsletter=newsletter, number=1, title="…", content=content, html="", text="", published_at=at
        )
        times = {"begun_at": at, "leased_until": at, "next_attempt_at": at}
        sending = Sending.objects.create(issue=published, **times)
        delivery = Delivery.objects.create(sending=sending, state="unsure", next_attempt_at=at)
        issue = Issue.objects.create(newsletter=newsletter, title="…", changed_at=at)
        block = Block.objects.create(issue=issue, place=1, kind="text", text="…")
        ready = Issue.objects.create(newsletter=newsletter, title="…", changed_at=at, state="ready")
        rows = {"published_issue": published, "sending": sending, "delivery": delivery, "block": block}
        return {name: row.pk for name, row in (rows | {"issue": issue, "ready_issue": ready}).items()}

    def _of_the_nation(self) -> dict[str, Any]:
        """What belongs to no group."""
        at, bureau = self.at, self.people["national"]
        uploads = {
            code: Upload.objects.create(
                campaign=self.open, academy=code, filename="a.xlsx", data=b"", sent_by=bureau, sent_at=at
            ).pk
            for code in (LYON, LILLE)
        }
        keys = {
            who: CalendarKey.objects.create(person=person, digest=who, made_at=at).pk
            for who, person in (("own", self.people["member"]), ("other", self.nobody))
        }
        hers = (("own", self.people["member"]), ("other", self.nobody))
        factors = {who: Authenticator.objects.create(user=person, type="totp", data={}).pk for who, person in hers}
        sessions = {who: SignIn.objects.create(person=person, session=who, opened_at=at).pk for who, person in hers}
        page = InformationPage.objects.create(slug="page-des-droits", changed_at=at, last=1)
        InformationRevision.objects.create(page=page, number=1, stored={"title": "…"}, saved_by="…", saved_at=at)
        day = at.date()
        return {
            **self._corresponded(),
            "uploads": uploads,
            "deposit": Deposit.objects.create(
                kind="sheets", filename="a.csv", report=Report().stored(), sent_by=bureau, sent_at=at
            ).pk,
            "correspondence": Correspondence.objects.create(name="a.toml", text="", saved_by=bureau, saved_at=at).pk,
            "keys": keys,
            "factors": factors,
            "sessions": sessions,
            "letter": Letter.objects.create(
                key="droits", to=bureau, subject="…", body="…", written_at=at, next_attempt_at=at, state="failed"
            ).pk,
            "forgettings": [
                Forgetting.objects.create(person=person, asked_by=person, asked_at=at).pk
                for person in (bureau, self._person("parting"))
            ],
            "appointment": bureau.appointments.get().pk,
            "other_appointment": self.people["dan"].appointments.get().pk,
            "proposal": Proposal.objects.create(campaign=self.open, asked_by=bureau, asked_at=at, state="done").pk,
            "correspondents": [
                Correspondent.objects.create(theme=theme, person=self.nobody, capacity="…", since=day).pk
                for theme in self.themes
            ],
            "research": [
                ResearchLink.objects.create(
                    theme=theme, name="…", laboratory="…", address="https://exemple.fr", brings="…", linked_at=at
                ).pk
                for theme in self.themes
            ],
            "relays": [
                Relay.objects.create(person=self.nobody, academy=code, discipline="SVT", since=day).pk
                for code in (LYON, LILLE)
            ],
            "milestones": [
                Milestone.objects.create(
                    theme=theme, label="…", on=day, proposed_by=self.people["expert"], changed_at=at
                ).pk
                for theme in self.themes
            ],
            **self._synthesised(),
            "historical": Notice.objects.filter(source_key__startswith="history:", state="published")[0].pk,
        }


FINDING = Finding(code="https", answer=Answer.FAULT, message="…")
