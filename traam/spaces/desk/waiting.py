"""What waits for a person: one line for each thing to do, the most urgent first. Constant queries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from traam import reference
from traam.design.typography import date_fr, plural
from traam.programme.calls import queries as calls
from traam.programme.calls.policies import editable_academies
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import policies as group_policies
from traam.programme.groups import rules as group_rules
from traam.programme.groups.models import Group
from traam.programme.groups.queries import service
from traam.programme.groups.queries.late import late_groups
from traam.programme.groups.queries.meetings import my_actions
from traam.programme.letters import queries as letters
from traam.programme.people import forgetting
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of, roles
from traam.programme.productions import kinds
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import ToRead, sent_back, trials
from traam.programme.publication import addresses as audits
from traam.programme.publication import queries as publication
from traam.programme.publication import sheet_queries as sheets
from traam.programme.publication.audit_states import FAULTY
from traam.programme.publication.queries import InHand
from traam.programme.selection import queries as selection
from traam.programme.selection.queries import Reading, Stand
from traam.programme.valorisation.syntheses import queries as syntheses

MOST_ACTIONS = 10


@dataclass(frozen=True)
class Task:
    """One thing to do. `on` is the last day to do it, None when nothing presses."""

    label: str
    href: str
    count: int | None = None
    on: date | None = None
    late: bool = False
    detail: str = ""

    @property
    def due(self) -> str:
        if self.on is None:
            return ""
        return f"attendu le {date_fr(self.on)}" if self.late else f"avant le {date_fr(self.on)}"


def _late(due: date | None, today: date) -> bool:
    return due is not None and due < today


def tasks(person: Person, at: datetime, mine: list[Group], readings: list[Reading]) -> list[Task]:
    """Everything that waits for this person; `mine` are the groups she belongs to, `readings` the themes she reads."""
    today = timezone.localdate(at)
    scenarios = publication.in_hand(person, at)
    found = [
        *_applications(person, at, today),
        *_written(person, at, today),
        *_opinions(readings, today),
        *_reviews(scenarios.to_review),
        *_syntheses(person, at),
        *_publications(scenarios.to_publish),
        *_groups(person, at, mine, today),
        *_scenarios(person, mine, scenarios),
        *_sent_back_too(person),
        *_late_groups(person, at, mine),
        *_actions(person, today),
        *(_to_sign(person) if any(_answers_for(person, group) for group in mine) else ()),
        *(_trials(person, today) if any(_writes(person, group) for group in mine) else ()),
        *_service(person, at, mine),
        *_faulty_pages(person, at),
        *_steering(person, at, today),
    ]
    return sorted(found, key=lambda task: (not task.late, task.on or date.max))


def _actions(person: Person, today: date) -> Iterator[Task]:
    """What she took upon herself at a meeting: one line for each, as many as a screen holds."""
    for point in my_actions(person)[:MOST_ACTIONS]:
        href = reverse("workshop:meeting", args=[point.meeting_id]) + "#releve"
        yield Task(point.text, href, on=point.due, late=_late(point.due, today), detail=point.meeting.subject)


def _trials(person: Person, today: date) -> Iterator[Task]:
    """Tests in class: those asked of her groups, one line for each; those she promised whose day has passed."""
    for promise in trials.waiting_for(person, today)[:MOST_ACTIONS]:
        href = reverse("workshop:scenario", args=[promise.scenario_id]) + "#tests"
        if promise.state == "asked":
            detail = f"Demandé au groupe {promise.group.of_academy} le {date_fr(timezone.localdate(promise.asked_at))}"
            yield Task(f"Promettre ou décliner un test : {promise.scenario}", href, detail=detail)
        else:
            label, detail = f"Noter le test promis : {promise.scenario}", "Notez-le, ou changez la date"
            yield Task(label, href, on=promise.planned_on, late=True, detail=detail)


def _service(person: Person, at: datetime, mine: list[Group]) -> Iterator[Task]:
    """Service fait: what an inspector attests, what a DAN sends."""
    if (_pilots(person, mine) or Role.INSPECTOR in roles(person, at)) and (waiting := service.to_attest(person, at)):
        yield Task("Attester le service fait", reverse("workshop:services"), waiting)
    academies = academies_of(person, at, Role.DAN)
    for campaign, code, waiting in service.waiting_to_be_sent(academies) if academies else ():
        academy = reference.academies()[code]
        label = f"Envoyer le service fait, académie {academy.of_name}"
        yield Task(label, reverse("academy:service", args=[academy.slug, campaign]), waiting)


def _applications(person: Person, at: datetime, today: date) -> Iterator[Task]:
    """An academy's answer to the open calls: what to endorse, to finish, to send up, or nothing written yet."""
    academies = editable_academies(person, at)
    if not academies:
        return
    calls_open = campaigns.open_calls()
    tally = calls.counts_by_stage(calls_open, academies)
    forwards = set(academies_of(person, at, Role.DAN))
    endorses = set(academies_of(person, at, Role.INSPECTOR))
    for campaign in calls_open:
        for academy in academies:
            stages = tally.get((campaign.pk, academy), Counter())
            answer = _Answer(campaign, academy, stages, today)
            yield from answer.to_endorse() if academy in endorses else ()
            yield from answer.to_send_up() if academy in forwards else ()
            yield from answer.to_finish(academy in forwards)


@dataclass(frozen=True)
class _Answer:
    """What an academy answers to a call: how many applications at each stage."""

    campaign: Campaign
    academy: str
    stages: Counter[str]
    today: date

    @property
    def due(self) -> date | None:
        return self.campaign.on("applications_due")

    @property
    def late(self) -> bool:
        return _late(self.due, self.today)

    @property
    def detail(self) -> str:
        return f"{self.campaign}, académie {reference.academies()[self.academy].of_name}"

    @property
    def href(self) -> str:
        return reverse("academy:applications", args=[reference.academies()[self.academy].slug, self.campaign.pk])

    def to_endorse(self) -> Iterator[Task]:
        n = self.stages["to_endorse"]
        if n and not self.late:
            what = "la candidature proposée" if n == 1 else "les candidatures proposées"
            yield Task(
                f"Viser {what} par les enseignants", f"{self.href}?etat=to_endorse", n, self.due, False, self.detail
            )

    def to_send_up(self) -> Iterator[Task]:
        n = self.stages["endorsed"]
        if n and not self.late:
            what = "la candidature visée" if n == 1 else "les candidatures visées"
            yield Task(f"Remonter {what}", f"{self.href}?etat=endorsed", n, self.due, False, self.detail)

    def to_finish(self, forwards: bool) -> Iterator[Task]:
        drafts, detail = self.stages["draft"], self.detail
        if drafts:
            verb = "Compléter et remonter" if forwards else "Compléter"
            what = "la candidature en brouillon" if drafts == 1 else "les candidatures en brouillon"
            if self.late:
                detail += ". La date limite est passée : pour une remontée tardive, écrivez au bureau national."
            yield Task(f"{verb} {what}", self.href, drafts, self.due, self.late, detail)
        elif not self.late and not any(self.stages[stage] for stage in ("to_endorse", "endorsed", "forwarded")):
            nothing = f"{detail} : rien n'est encore saisi"
            yield Task("Répondre à l'appel à candidatures", self.href, None, self.due, False, nothing)


def _written(person: Person, at: datetime, today: date) -> Iterator[Task]:
    """The drafts of a teacher in the open calls: to finish, then to propose."""
    if Role.TEACHER not in roles(person, at):
        return
    for campaign, drafts in calls.drafts_written_by(person, at):
        due = campaign.on("applications_due")
        if not _late(due, today):
            what = "votre candidature" if drafts == 1 else "vos candidatures"
            detail = f"{campaign} : l'inspecteur la lit avant le DAN"
            yield Task(f"Compléter et proposer {what}", reverse("academy:mine"), drafts, due, False, detail)


def _opinions(readings: list[Reading], today: date) -> Iterator[Task]:
    for waiting in (reading for reading in readings if reading.without_opinion > 0):
        campaign = waiting.theme.campaign
        due = campaign.on("selection") or campaign.on("announcement")
        yield Task(
            f"Donner votre avis : {waiting.theme}",
            reverse("review:theme", args=[waiting.theme.pk]),
            waiting.without_opinion,
            due,
            _late(due, today),
            f"{campaign} : {plural(waiting.without_opinion, 'candidature')} sans votre avis",
        )


def _publications(scenarios: list[Scenario]) -> Iterator[Task]:
    """The scenarios an inspector validated and nobody published yet."""
    if len(scenarios) == 1:
        href = reverse("review:scenario", args=[scenarios[0].pk])
        yield Task(f"Publier le scénario : {scenarios[0]}", href, 1, detail=f"{scenarios[0].group}, validé")
    elif scenarios:
        yield Task("Publier les scénarios validés", reverse("review:home"), len(scenarios))


MOST_READINGS = 3


_OF_A_SYNTHESIS = {
    "submitted": "Lire la synthèse : {}",
    "returned": "Reprendre la synthèse : {}",
    "validated": "Publier la synthèse : {}",
}


def _syntheses(person: Person, at: datetime) -> Iterator[Task]:
    """National syntheses: what a general inspector judges, what an expert mends or publishes."""
    if roles(person, at) & {Role.EXPERT, Role.GENERAL_INSPECTOR}:
        for one in syntheses.waiting_for(person, at)[:MOST_ACTIONS]:
            yield Task(_OF_A_SYNTHESIS[one.state].format(one.title), reverse("review:synthesis", args=[one.pk]))


def _reviews(waiting: list[ToRead]) -> Iterator[Task]:
    """What is proposed, submitted or sent on to her: a line for each, or one for all when they are many."""
    proposed = [one for one in waiting if one.state == "proposed"]
    judged = [one for one in waiting if one.state != "proposed"]
    yield from map(_to_read, proposed)
    if len(judged) <= MOST_READINGS:
        yield from map(_to_read, judged)
    else:
        detail = f"Attente la plus longue : depuis le {date_fr(timezone.localdate(judged[0].changed_at))}"
        yield Task("Relire ce qui vous est soumis", reverse("review:home"), len(judged), detail=detail)


def _to_read(one: ToRead) -> Task:
    kind = kinds.KINDS[one.kind]
    since = date_fr(timezone.localdate(one.changed_at))
    detail = f"{one.written_by}, {kind.machine.states[one.state]} le {since}"
    return Task(f"Relire {kind.noun} : {one.name}", f"{kind.review}/{one.pk}", 1, detail=detail)


def _groups(person: Person, at: datetime, mine: list[Group], today: date) -> Iterator[Task]:
    """What the groups she keeps still lack under the cahier des charges, and those ready to be declared."""
    for group in mine:
        if not group_policies.may_compose(person, group, at):
            continue
        href = reverse("workshop:group", args=[group.pk])
        missing = [finding for finding in group_rules.findings(group, today) if not finding.met]
        if missing:
            dates = [day for finding in missing if (day := group.application.theme.campaign.on(finding.due))]
            due = min(dates, default=None)
            late = _late(due, today)
            others = len(missing) - 1
            detail = missing[0].message + (f" Et {plural(others, 'autre point', 'autres points')}." if others else "")
            yield Task(f"Mettre en règle le groupe : {group}", href, len(missing), due, late, detail)
        elif group_policies.may_move("start", person, group, at):
            yield Task(f"Déclarer constitué le groupe : {group}", href, detail="Rien ne manque à sa composition")


FOLLOW = frozenset({Role.NATIONAL, Role.INSPECTOR, Role.EXPERT, Role.GENERAL_INSPECTOR})


def _late_groups(person: Person, at: datetime, mine: list[Group]) -> Iterator[Task]:
    """The groups she follows that are late on their cahier des charges: a line, for the national team one for each
    campaign."""
    held = roles(person, at)
    if not held & FOLLOW and not _pilots(person, mine):
        return
    late = late_groups(person, at)
    if Role.NATIONAL in held:
        for one in late:
            yield _late_line(one.groups, reverse("steering:groups", args=[one.campaign]), one.title)
    elif late:
        where = ", ".join(one.title for one in late)
        yield _late_line(sum(one.groups for one in late), reverse("review:groups"), where)


def _late_line(late: int, table: str, where: str) -> Task:
    what = "le groupe en retard" if late == 1 else "les groupes en retard"
    detail = f"{where} : ce que demande le cahier des charges n'est pas fait à temps"
    return Task(f"Suivre {what}", f"{table}?retard=1", late, late=True, detail=detail)


def _pilots(person: Person, mine: list[Group]) -> bool:
    return any(m.person_id == person.pk and m.role == "inspector" for group in mine for m in group.members.all())


def _scenarios(person: Person, mine: list[Group], scenarios: InHand) -> Iterator[Task]:
    """What the groups of an author write: scenarios sent back, drafts."""
    written = [group for group in mine if group.state != "ended" and _writes(person, group)]
    keys = {group.pk for group in written}
    for scenario in scenarios.to_mend:
        if scenario.group_id in keys:
            yield _sent_back(scenario)
    drafts = Counter(scenario.group_id for scenario in scenarios.drafts)
    for group in written:
        if drafts[group.pk]:
            href = reverse("workshop:group", args=[group.pk])
            yield Task("Continuer les scénarios en rédaction", href, drafts[group.pk], detail=str(group))


def _writes(person: Person, group: Group) -> bool:
    return any(m.person_id == person.pk and m.role in {"referent", "teacher"} for m in group.members.all())


def _answers_for(person: Person, group: Group) -> bool:
    return any(m.person_id == person.pk and m.role == "referent" for m in group.members.all())


def _sent_back(scenario: Scenario) -> Task:
    return Task(
        f"Reprendre le scénario renvoyé : {scenario}",
        reverse("workshop:scenario", args=[scenario.pk]),
        1,
        detail=f"{scenario.group}. Le commentaire de l'inspecteur est sur la page.",
    )


def _to_sign(person: Person) -> Iterator[Task]:
    """The validated scenarios of which she has the rights sheet to fill, or to sign."""
    for scenario in sheets.to_sign(person)[:MOST_ACTIONS]:
        href = reverse("workshop:rights", args=[scenario.pk])
        yield Task(f"Signer la fiche de droits : {scenario}", href, detail="Validé : il se publie une fois signée")


def _sent_back_too(person: Person) -> Iterator[Task]:
    """Modules, bilans and supports: what she writes with others, and a reader sent back."""
    for one in sent_back(person):
        kind = kinds.KINDS[one.kind]
        detail = f"Renvoyé le {date_fr(timezone.localdate(one.changed_at))}. Les remarques sont sur la page."
        yield Task(f"Reprendre {kind.noun} : {one.title}", f"{kind.workshop}/{one.pk}", 1, detail=detail)


def _steering(person: Person, at: datetime, today: date) -> Iterator[Task]:
    if Role.NATIONAL not in roles(person, at):
        return
    for stand in selection.stands():
        yield from _campaign(stand, today)
    failed = letters.failed_count()
    if failed:
        detail = "Refusés par le serveur, ou interrompus pendant l'envoi : dites s'il faut les renvoyer"
        yield Task("Courriels à régler", reverse("steering:letters"), failed, detail=detail)
    if contested := audits.contests_count():
        yield Task("Répondre aux contestations d'un audit", reverse("review:contests"), contested)
    if leaving := forgetting.waiting_count():
        yield Task("Répondre aux demandes d'effacement", reverse("steering:forgettings"), leaving)


def _faulty_pages(person: Person, at: datetime) -> Iterator[Task]:
    """What is on line and should not stay so, for those who answer for an academy."""
    if roles(person, at) & {Role.DAN, Role.INSPECTOR} and (faulty := audits.faulty_count(person, at)):
        label = "Faire corriger une page publiée" if faulty == 1 else "Faire corriger des pages publiées"
        href = f"{reverse('review:addresses')}?etat={FAULTY}"
        yield Task(label, href, faulty, detail="L'audit y a constaté un défaut bloquant")


# What the national team does at each step of a campaign: sentence, page, milestone.
STEPS = {
    "themes": ("Préparer les thèmes de la campagne", "steering:campaign", "call_opens"),
    "open": ("Ouvrir l'appel", "steering:campaign", "call_opens"),
    "follow": ("Suivre les remontées de l'appel ouvert", "steering:followup", "applications_due"),
    "close": ("Clore l'appel", "steering:campaign", "applications_due"),
    "announce": ("Annoncer les résultats", "steering:announce", "announcement"),
    "archive": ("Archiver la campagne", "steering:campaign", "end"),
}


def _campaign(stand: Stand, today: date) -> Iterator[Task]:
    campaign, step = stand.campaign, stand.step(today)
    announcement = campaign.on("announcement")
    if stand.undecided and not stand.announced and campaign.state in {"open", "closed"}:
        href = reverse("steering:selection", args=[campaign.pk])
        late = _late(announcement, today)
        yield Task("Décider des candidatures", href, stand.undecided, announcement, late, str(campaign))
    if step in STEPS:
        label, name, milestone = STEPS[step]
        due = campaign.on(milestone)
        late = _late(due, today)
        yield Task(label, reverse(name, args=[campaign.pk]), None, due, late, str(campaign))


@dataclass(frozen=True)
class Place:
    """A page a person comes back to: what it is, what it is called."""

    title: str
    href: str
    text: str = ""
    detail: str = ""


def places(person: Person, at: datetime, mine: list[Group], readings: list[Reading]) -> list[Place]:
    """The spaces of a person: her academies, her themes, her groups."""
    found = []
    if Role.NATIONAL in roles(person, at):
        found.append(Place("Pilotage", reverse("steering:home"), "Campagnes, sélection, groupes, personnes"))
    for code in academies_of(person, at, Role.DAN, Role.INSPECTOR):
        name = reference.academies()[code].of_name
        found.append(Place(f"Académie {name}", reverse("academy:home"), "Candidatures et résultats"))
    if Role.TEACHER in roles(person, at):
        found.append(Place("Mes candidatures", reverse("academy:mine"), "Les appels ouverts, et ce que j'y réponds"))
    led = [reading.theme for reading in readings if reading.whole]
    for theme in sorted(led, key=lambda theme: (-theme.campaign.first_year, theme.pk)):
        href = reverse("review:theme", args=[theme.pk])
        found.append(Place(theme.title, href, detail=f"Thème, {theme.campaign}"))
    for group in mine:
        theme = group.application.theme
        href = reverse("workshop:group", args=[group.pk])
        found.append(Place(f"Groupe {group.of_academy}", href, theme.title, f"Groupe, {theme.campaign}"))
    return found
