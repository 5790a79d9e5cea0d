"""The working year of simulated groups: who is in them, when they meet, what they write. In bulk, from one chance.

Written as the actions would write it, with an entry of the journal for each act; about one group in eight is late on
what its cahier des charges asks, one in ten has been silent for months.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from traam import reference
from traam.demo import output, words
from traam.demo.company import Company
from traam.demo.judging import BATCH, Act, journal
from traam.demo.output import Produced
from traam.demo.serving import Serving
from traam.engines.sharing import normal
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups import queries, rules
from traam.programme.groups.models import (
    Attendance,
    DasenAgreement,
    Document,
    Group,
    Meeting,
    Member,
    Milestone,
    Minutes,
    Point,
    ProgressNote,
    WatchItem,
)
from traam.programme.people.models import Person

LATE, SILENT = 0.12, 0.10  # shares of the groups
MEETINGS_OF_A_GROUP, MEETINGS_OF_A_THEME = (10, 13), 7
NOTES_EVERY = timedelta(days=35)
SILENCE = timedelta(days=100)


@dataclass(frozen=True)
class Worked:
    """How much was written; `referent` is the address of one who may sign in."""

    referent: str
    people: int
    meetings: int
    notes: int
    watch: int
    documents: int
    notices: int
    produced: Produced


@dataclass
class Work:
    """The year of the groups of a campaign, from its launch to `at`. `address` makes an address from a short name."""

    campaign: Campaign
    chance: Random
    at: datetime
    launch: date
    address: Callable[[str], str]
    groups: list[Group] = field(init=False)
    numbers: dict[int, int] = field(init=False)
    late: set[int] = field(init=False)
    silent: set[int] = field(init=False)
    members: dict[int, list[Member]] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.groups = queries.of_campaign(self.campaign)
        self.numbers = {group.pk: n for n, group in enumerate(self.groups, start=1)}
        self.late = {group.pk for group in self.groups if self.chance.random() < LATE}
        self.silent = {group.pk for group in self.groups if self.chance.random() < SILENT}

    def do(self, tell: Callable[[str], None]) -> Worked:
        """Write it all; `tell` receives a line for each step done."""
        people = self._compose()
        tell(f"{people} personnes de plus dans les groupes")
        meetings = self._meet()
        tell(f"{meetings} réunions")
        notes, watch, documents = self._note(), self._watch(), self._documents()
        tell(f"{notes} notes d'avancement, {watch} adresses de veille, {documents} documents")
        tell(f"{self._serve()} services, ceux du premier temps envoyés à la paye")
        company = self._company()
        produced = output.produce(company)
        tell(f"{produced.scenarios} scénarios, {produced.tests} tests en classe, {produced.bilans} bilans")
        journal(self.acts)
        notices = output.publish(company)
        tell(f"{notices} notices en ligne")
        referent = self.groups[0].application.referent_email
        return Worked(referent, people, meetings, notes, watch, documents, notices, produced)

    # --- Days

    def _moment(self, day: date, hour: int = 17) -> datetime:
        """That day at that hour in Paris, never after now."""
        moment = datetime.combine(day, time(hour, self.chance.randrange(60)), timezone.get_default_timezone())
        return min(moment, self.at)

    def _days(self, count: int, until: date) -> list[date]:
        """Working days spread from the launch to that day, in their order."""
        span = max((until - self.launch).days, 1)
        days = sorted(self.launch + timedelta(days=self.chance.randrange(span)) for _ in range(count))
        return [day - timedelta(days=max(0, day.weekday() - 4)) for day in days]

    @property
    def _end_of_year(self) -> date:
        return date(self.launch.year + 1, 6, 25)

    # --- People

    def _compose(self) -> int:
        """Put teachers and partners in the groups, replace a few; how many people that makes."""
        before = Person.objects.count()
        wanted = [seat for group in self.groups for seat in self._seats(group)]
        known = self._people({email: name for _, _, email, name, _, _ in wanted})
        rows = [
            Member(
                group=group,
                person=known[email],
                role=role,
                school=group.application.referent_school if role == Member.Role.TEACHER else "",
                since=since,
                until=until,
            )
            for group, role, email, _, since, until in wanted
        ]
        Member.objects.bulk_create(rows, batch_size=BATCH)
        self._say_the_corps()
        self._agree()
        for member in Member.objects.filter(group__in=self.groups).select_related("person").order_by("pk"):
            self.members.setdefault(member.group_id, []).append(member)
        for row in rows:
            self._did("enter_member", row.group, self._referent(row.group), self._moment(row.since))
        self._start()
        return Person.objects.count() - before

    def _seats(self, group: Group) -> Iterator[tuple[Group, str, str, str, date, date | None]]:
        """Group, role, address, name, first and last day of those that the announcement did not put there."""
        academy = reference.academies()[group.academy]
        numbers = itertools.count(1)
        lacking = group.pk in self.late
        for _ in range(1 if lacking else self.chance.choices((3, 4, 5), (5, 4, 2))[0]):
            n, gone = next(numbers), None
            if self.chance.random() < 0.08 and not lacking:
                gone = min(self.launch + timedelta(days=self.chance.randrange(60, 200)), self.at.date())
            yield (group, Member.Role.TEACHER, *self._teacher(group, academy, n), self.launch, gone)
            if gone:
                yield (group, Member.Role.TEACHER, *self._teacher(group, academy, next(numbers)), gone, None)
        if not lacking or self.chance.random() < 0.5:
            email = self.address(f"cardie.{academy.slug}")
            yield group, Member.Role.CARDIE, email, f"CARDIE {academy.of_name}", self.launch, None
        if group.application.degree != Theme.Degree.SECOND and not lacking:
            email = self.address(f"ien.tice.{academy.slug}")
            yield group, Member.Role.IEN_TICE, email, f"IEN-TICE {academy.of_name}", self.launch, None

    def _teacher(self, group: Group, academy: reference.Academy, n: int) -> tuple[str, str]:
        number = f"{self.numbers[group.pk]}-{n}"
        return self.address(f"enseignant{number}.{academy.slug}"), f"Enseignant {number} {academy.of_name}"

    def _people(self, wanted: dict[str, str]) -> dict[str, Person]:
        """Those people by address, made when they are not known."""
        there = set(Person.objects.filter(email__in=wanted).values_list("email", flat=True))
        made = [
            Person(email=email, name=name, password="!", created_at=self._moment(self.launch))  # noqa: S106 - none works
            for email, name in wanted.items()
            if email not in there
        ]
        Person.objects.bulk_create(made, batch_size=BATCH)
        return {person.email: person for person in Person.objects.filter(email__in=wanted)}

    def _say_the_corps(self) -> None:
        """Who pilots belongs to a corps, but for some late groups where nobody said it."""
        pilots = Member.objects.filter(role=Member.Role.INSPECTOR)
        for first, corps in ((True, Member.Corps.IEN_1D), (False, Member.Corps.IA_IPR)):
            told = [g for g in self.groups if (g.application.degree == Theme.Degree.FIRST) is first]
            pilots.filter(group__in=[g for g in told if g.pk not in self.late]).update(corps=corps)

    def _agree(self) -> None:
        asked = [g for g in self.groups if rules.needs_dasen_agreement(g) and g.pk not in self.late]
        DasenAgreement.objects.bulk_create(
            [DasenAgreement(group=g, given_on=self.launch, recorded_at=self._moment(self.launch)) for g in asked]
        )

    def _start(self) -> None:
        """Those that have all that is asked are declared complete."""
        today = self.at.date()
        ready = [g for g in queries.of_campaign(self.campaign) if not rules.composition_breaches(g, today)]
        Group.objects.filter(pk__in=[group.pk for group in ready]).update(state="working")
        for group in ready:
            self._did("start", group, self._referent(group), self._moment(self.launch + timedelta(days=10)))

    def _referent(self, group: Group) -> Person:
        return next(m.person for m in self.members[group.pk] if m.role == Member.Role.REFERENT)

    def _present(self, group: Group, day: date) -> list[Person]:
        """Who is in a group that day, each once."""
        there = {
            m.person_id: m.person
            for m in self.members[group.pk]
            if m.since <= day and (m.until is None or day < m.until)
        }
        return list(there.values())

    def _did(self, verb: str, about: Model, actor: Person, when: datetime) -> None:
        self.acts.append(Act(verb, about, actor, when))

    # --- Meetings

    def _meet(self) -> int:
        """Meetings of the groups and of the themes, held for most, some to come; attendance, minutes, points."""
        meetings = [meeting for group in self.groups for meeting in self._meetings_of(group)]
        themes = list(self.campaign.themes.prefetch_related("stewards__person").order_by("pk"))
        served = {group.application.theme_id for group in self.groups}
        meetings += [m for theme in themes if theme.pk in served for m in self._national(theme)]
        Meeting.objects.bulk_create(meetings, batch_size=BATCH)
        for one in meetings:
            called = one.called_at or one.recorded_at
            self._did("plan_meeting", one, self._keeper(one, themes), called)
        held = [meeting for meeting in meetings if meeting.state == "held"]
        there = {meeting.pk: self._called(meeting, themes) for meeting in held}
        self._attend(held, there)
        self._write_minutes(held, there, themes)
        self._propose([theme for theme in themes if theme.pk in served])
        return len(meetings)

    def _meetings_of(self, group: Group) -> Iterator[Meeting]:
        count = self.chance.randint(1, 2) if group.pk in self.late else self.chance.randint(*MEETINGS_OF_A_GROUP)
        for n, day in enumerate(self._days(count, self._end_of_year)):
            mode = Meeting.Mode.REMOTE if group.pk in self.late or (n and self.chance.random() < 0.5) else "in_person"
            yield self._meeting(day, str(mode), self.chance.choice(words.MEETINGS), group.academy_name, group=group)
        if self.chance.random() < 0.4:
            soon = self.at.date() + timedelta(days=self.chance.randrange(3, 60))
            yield self._meeting(soon, "remote", words.MEETINGS[0], group.academy_name, group=group)

    def _national(self, theme: Theme) -> Iterator[Meeting]:
        for n, day in enumerate(self._days(MEETINGS_OF_A_THEME, self._end_of_year)):
            mode = "in_person" if n in {0, MEETINGS_OF_A_THEME - 1} else "remote"
            yield self._meeting(
                day, mode, f"Groupe national : {words.MEETINGS[n % len(words.MEETINGS)]}", "", theme=theme
            )

    def _meeting(
        self, day: date, mode: str, subject: str, place: str, *, group: Group | None = None, theme: Theme | None = None
    ) -> Meeting:
        begins = self.chance.choice((time(9, 30), time(14), time(17)))
        state = "planned" if day > self.at.date() else "cancelled" if self.chance.random() < 0.04 else "held"
        called = self._moment(day - timedelta(days=15), 9)
        remote = mode == Meeting.Mode.REMOTE
        return Meeting(
            group=group,
            theme=theme,
            on=day,
            begins=begins,
            ends=begins.replace(hour=begins.hour + 2),
            mode=mode,
            subject=subject,
            agenda="Tour de table ; avancement des scénarios ; suite du calendrier.",
            place="" if remote else f"Rectorat, {place}" if place else "Paris, ministère",
            link=self._visio() if remote else "",
            state=state,
            reason="Trop peu de disponibilités : reportée." if state == "cancelled" else "",
            uid=str(UUID(int=self.chance.getrandbits(128), version=4)),
            called_at=called,
            recorded_at=called,
            changed_at=called,
        )

    def _visio(self) -> str:
        return f"https://visio.simulation.traam.invalid/{self.chance.getrandbits(32):08x}"

    def _keeper(self, meeting: Meeting, themes: Sequence[Theme]) -> Person:
        if meeting.group is not None:
            return self._referent(meeting.group)
        return self._stewards(meeting, themes)[0]

    def _stewards(self, meeting: Meeting, themes: Sequence[Theme]) -> list[Person]:
        theme = next(theme for theme in themes if theme.pk == meeting.theme_id)
        return [steward.person for steward in theme.stewards.all()]

    def _called(self, meeting: Meeting, themes: Sequence[Theme]) -> list[Person]:
        if meeting.group is not None:
            return self._present(meeting.group, meeting.on)
        mine = [group for group in self.groups if group.application.theme_id == meeting.theme_id]
        several = [*self._stewards(meeting, themes), *(self._referent(group) for group in mine)]
        return list({person.pk: person for person in several}.values())

    def _attend(self, held: Iterable[Meeting], there: dict[int, list[Person]]) -> None:
        rows = [
            Attendance(
                meeting=meeting,
                person=person,
                state=self.chance.choices(("present", "excused", "absent"), (82, 13, 5))[0],
                recorded_at=self._moment(meeting.on, 19),
            )
            for meeting in held
            for person in there[meeting.pk]
        ]
        Attendance.objects.bulk_create(rows, batch_size=BATCH)
        for meeting in held:
            self._did("hold_meeting", meeting, there[meeting.pk][0], self._moment(meeting.on, 19))

    def _write_minutes(self, held: Iterable[Meeting], there: dict[int, list[Person]], themes: Sequence[Theme]) -> None:
        written, points = [], []
        for meeting in held:
            if self.chance.random() < 0.3:
                continue
            author, day = self._keeper(meeting, themes), self._moment(meeting.on + timedelta(days=3))
            published = self.chance.random() < 0.8
            written.append(
                Minutes(
                    meeting=meeting,
                    sections={"agenda": meeting.agenda, "said": " ".join(self.chance.sample(words.SENTENCES, k=3))},
                    state="published" if published else "draft",
                    written_by=author,
                    changed_at=day,
                    published_at=day if published else None,
                )
            )
            points += [self._point(meeting, there[meeting.pk]) for _ in range(self.chance.randint(1, 3))]
        Minutes.objects.bulk_create(written, batch_size=BATCH)
        Point.objects.bulk_create(points, batch_size=BATCH)
        for one in written:
            self._did("save_minutes", one, one.written_by, one.changed_at)

    def _point(self, meeting: Meeting, there: Sequence[Person]) -> Point:
        if self.chance.random() < 0.4:
            return Point(meeting=meeting, kind=Point.Kind.DECISION, text=self.chance.choice(words.DECISIONS))
        due = meeting.on + timedelta(days=self.chance.randrange(10, 45))
        done = self.chance.random() < 0.7
        return Point(
            meeting=meeting,
            kind=Point.Kind.ACTION,
            text=self.chance.choice(words.ACTIONS),
            owner=self.chance.choice(there),
            due=due,
            done_at=self._moment(due) if done else None,
        )

    def _propose(self, themes: Iterable[Theme]) -> None:
        rows = [
            Milestone(
                theme=theme,
                label=label,
                on=date(self.launch.year + later, month, 15),
                detail="Une page par scénario suffit.",
                proposed_by=theme.stewards.all()[0].person,
                changed_at=self._moment(self.launch),
            )
            for theme in themes
            for label, later, month in (
                ("Premières ébauches partagées", 0, 12),
                ("Scénarios relus entre groupes", 1, 4),
            )
        ]
        Milestone.objects.bulk_create(rows)

    # --- What groups tell and share

    def _note(self) -> int:
        rows = []
        for group in self.groups:
            last = self.at - (SILENCE if group.pk in self.silent else timedelta())
            day = self._moment(self.launch + timedelta(days=self.chance.randrange(10, 40)))
            while day < last:
                rows.append(self._note_of(group, day))
                day += NOTES_EVERY + timedelta(days=self.chance.randrange(-8, 9))
        ProgressNote.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._did("write_note", row.group, row.author, row.written_at)
        return len(rows)

    def _note_of(self, group: Group, when: datetime) -> ProgressNote:
        weights = (1, 3, 5) if group.pk in self.late else (8, 2, 1)
        mood = self.chance.choices(("on_time", "fragile", "late"), weights)[0]
        return ProgressNote(
            group=group,
            author=self._referent(group),
            mood=mood,
            text=" ".join(self.chance.sample(words.NEWS, k=2)),
            need=self.chance.choice(words.NEEDS) if mood != "on_time" and self.chance.random() < 0.5 else "",
            written_at=when,
            changed_at=when,
        )

    def _shared(self, group: Group) -> tuple[Person, datetime]:
        """Someone of the group and a moment of the year."""
        last = max((self.at.date() - self.launch).days, 1)
        when = self._moment(self.launch + timedelta(days=self.chance.randrange(last)))
        teachers = [m.person for m in self.members[group.pk] if m.role in {"referent", "teacher"} and m.until is None]
        return self.chance.choice(teachers), when

    def _watch(self) -> int:
        rows, numbers = [], itertools.count(1)
        for group in self.groups:
            for _ in range(self.chance.randint(2, 5)):
                person, when = self._shared(group)
                kind = self.chance.choice(words.READINGS)
                rows.append(
                    WatchItem(
                        group=group,
                        address=normal(f"https://ressources.simulation.traam.invalid/page-{next(numbers)}"),
                        title=f"{kind} : {self.chance.choice(words.OBJECTS)}",
                        why=self.chance.choice(words.SENTENCES),
                        tags=self.chance.sample(words.TAGS, k=self.chance.randint(1, 3)),
                        shared_by=person,
                        shared_at=when,
                    )
                )
        WatchItem.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._did("share_watch", row.group, row.shared_by, row.shared_at)
        return len(rows)

    def _documents(self) -> int:
        rows = [self._document(group, n) for group in self.groups for n in range(self.chance.randint(1, 4))]
        Document.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._did("share_document", row.group, row.shared_by, row.shared_at)
        return len(rows)

    def _document(self, group: Group, n: int) -> Document:
        person, when = self._shared(group)
        return Document(
            group=group,
            title=self.chance.choice(words.PAPERS),
            address=normal(f"https://nuage.simulation.traam.invalid/groupe-{group.pk}/{n + 1}"),
            licence=self.chance.choice(("CC-BY", "CC-BY-SA", "LO-2.0", "")),
            terms_read_on=when.date() if self.chance.random() < 0.7 else None,
            personal_data=self.chance.choices(("none", "adults", "pupils"), (80, 15, 5))[0],
            shared_by=person,
            shared_at=when,
            withdrawn_at=self.at if self.chance.random() < 0.04 else None,
        )

    # --- Service fait, productions

    def _serve(self) -> int:
        def known(name: str) -> Person:
            return Person.objects.get(email=self.address(name))

        drawn = Serving(
            self.campaign,
            self.members,
            self.late,
            self.chance,
            self.launch,
            known,
            self._moment,
            self.acts,
        )
        return drawn.do(self.groups)

    def _company(self) -> Company:
        return Company(
            self.campaign,
            self.groups,
            self.members,
            self.late,
            self.chance,
            self.launch,
            self.at,
            self._moment,
            self.acts,
        )
