"""What the groups of the demonstration did since September, and what they prepare: meetings, minutes, service fait."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups import actions
from traam.programme.groups.actions import meetings, minutes, service
from traam.programme.groups.actions.meetings import MeetingValues, Presence
from traam.programme.groups.actions.service import PeriodValues
from traam.programme.groups.models import Group, Member, ServicePeriod
from traam.programme.groups.queries import group as find_group
from traam.programme.groups.queries.meetings import seats
from traam.programme.people.models import Person

SAID = {
    "agenda": "1. Ce que la classe de quatrième a fait du premier scénario\n2. Le second scénario\n3. Le calendrier",
    "said": "Le premier scénario tient en **trois séances**. La mise en commun a débordé : une étape est à alléger.\n\n"
    "- Le second scénario est écrit aux deux tiers.\n- Il manque une classe de troisième pour l'essayer.",
    "next": "Avant les vacances d'hiver, à distance : relire le second scénario.",
}
DECISIONS = ("Le second scénario vise la troisième.", "Les deux scénarios sont publiés sous la même licence.")
ACTIONS = (
    (Member.Role.TEACHER, 14, True, "Alléger la mise en commun du premier scénario"),
    (Member.Role.REFERENT, 160, False, "Trouver une classe de troisième dans un autre collège"),
)
HOURS = {Member.Role.REFERENT: 1800, Member.Role.TEACHER: 1250}  # hundredths of an hour
LATE = (
    "Deux collègues sont arrivés en octobre et aucun scénario n'est encore testé. Nous reprenons le calendrier en "
    "janvier.",
    "Un correspondant CARDIE : notre demande est sans réponse depuis la rentrée.",
)


@dataclass
class Autumn:
    """`september`: when the groups began; `now`: the day the demonstration is shown."""

    now: datetime
    september: datetime
    bureau: Person
    expert: Person
    inspector: Person

    def live(self, group: Group, referent: Person) -> None:
        """What the group that works did and prepares."""
        theme = group.application.theme
        self._call_the_national_group(theme)
        self._hold(group, referent)
        values = MeetingValues(
            self._coming(9),
            time(17),
            time(18, 30),
            "remote",
            "Relire le second scénario",
            agenda="1. Le second scénario, section par section\n2. Qui le teste, et quand",
            link="https://visio.traam.invalid/groupe-de-lyon",
        )
        meetings.plan(group, values, actor=referent, at=self.now - timedelta(days=1))
        self._plan_service(group, theme.campaign)

    def fall_behind(self, group: Group, referent: Person) -> None:
        """What a group that is late says of it."""
        text, need = LATE
        when = self.september + timedelta(days=50)
        actions.write_note(group, mood="late", text=text, need=need, actor=referent, at=when)

    def _coming(self, days: int) -> date:
        return (self.now + timedelta(days=days)).date()

    def _call_the_national_group(self, theme: Theme) -> None:
        when = self.september + timedelta(days=5)
        minutes.save_milestone(
            theme,
            label="Premiers scénarios relus par un autre groupe",
            on=self._coming(45),
            detail="Une page de retour par scénario, envoyée au groupe qui l'a écrit.",
            actor=self.expert,
            at=when,
        )
        values = MeetingValues(
            self._coming(18),
            time(10),
            time(16),
            "in_person",
            "Deuxième réunion du groupe national",
            agenda="1. Tour des académies\n2. Lecture croisée des premiers scénarios\n3. Calendrier du printemps",
            place="Ministère, salle des conférences",
            link="https://visio.traam.invalid/groupe-national",
        )
        called = self.now - timedelta(days=2)
        meetings.convene(meetings.plan(theme, values, actor=self.expert, at=called), actor=self.expert, at=called)

    def _hold(self, group: Group, referent: Person) -> None:
        """A meeting that was convened and held, with its minutes validated."""
        called, day = self.september + timedelta(days=27), self.september + timedelta(days=37)
        values = MeetingValues(
            day.date(),
            time(14),
            time(16, 30),
            "in_person",
            "Après le premier test en classe",
            agenda=SAID["agenda"],
            place="Collège, salle des conseils",
        )
        meeting = meetings.plan(group, values, actor=referent, at=called)
        there = {seat.person.pk: Presence("present") for seat in seats(meeting, day)}
        there[group.members.get(role=Member.Role.CARDIE).person_id] = Presence("excused")
        meeting = meetings.hold(meeting, there, actor=referent, at=day)
        written = minutes.save_minutes(meeting, SAID, revision=0, actor=referent, at=day + timedelta(days=2))
        for text in DECISIONS:
            minutes.add_point(meeting, kind="decision", text=text, actor=referent, at=day)
        for role, days, done, text in ACTIONS:
            owner = group.members.filter(role=role).order_by("pk")[0].person
            due = day.date() + timedelta(days=days)
            point = minutes.add_point(
                meeting, kind="action", text=text, owner=owner.pk, due=due, actor=referent, at=day
            )
            if done:
                minutes.settle(point, done=True, actor=owner, at=day + timedelta(days=days - 1))
        minutes.move_minutes(written, "publish", actor=self.inspector, at=day + timedelta(days=5))

    def _plan_service(self, group: Group, campaign: Campaign) -> None:
        year, when = campaign.first_year, self.september + timedelta(days=8)
        hours = ServicePeriod.Unit.HOURS.value
        wanted = [
            PeriodValues("Premier temps", date(year, 9, 1), date(year, 12, 31), hours, 4000),
            PeriodValues("Second temps", date(year + 1, 1, 1), date(year + 1, 7, 5), hours, 4000),
        ]
        periods = service.set_periods(campaign, wanted, actor=self.bureau, at=when)
        paid = [member for member in find_group(group.pk).members.all() if member.role in HOURS]
        quantities = {member.pk: HOURS[Member.Role(member.role)] for member in paid}
        service.plan(group, periods[0], quantities, actor=self.inspector, at=when)
