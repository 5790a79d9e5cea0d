"""Deciding, one application or many, until the announcement; after it, who gives up and who is called in her place."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from traam.engines.rulebook import Finding
from traam.engines.workflow import Invalid, Verdict
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import themes as find_themes
from traam.programme.journal.actions import record
from traam.programme.people.models import Person
from traam.programme.selection import policies, queries, rules, states
from traam.programme.selection.models import Announcement, Decision

LONGEST_REASON = 1_000


class Sitting:
    """A campaign while decisions are made: locked, counted once, and counted again by each decision.

    One sitting at a time in a campaign: two decisions made together must not pass a limit that each respects.
    """

    def __init__(self, campaign: int, *, actor: Person, at: datetime) -> None:
        self.campaign = Campaign.objects.select_for_update().get(pk=campaign)
        self.actor, self.at = actor, at
        self.themes = {theme.pk: theme for theme in find_themes(self.campaign)}
        decided = Decision.objects.filter(application__theme__campaign=campaign)
        self.retained: dict[int, Counter[str]] = {pk: Counter() for pk in self.themes}
        self.last_rank: Counter[int] = Counter()
        for theme, academy, state, rank in decided.values_list(
            "application__theme", "application__academy", "state", "waiting_rank"
        ):
            if state == "retained":
                self.retained[theme][academy] += 1
            if state == "waiting":
                self.last_rank[theme] = max(self.last_rank[theme], rank or 0)
        self.written: dict[int, Decision] = {}

    def read(self, keys: Iterable[int]) -> list[Application]:
        """These dossiers as they are now, locked, in the order of their keys."""
        keys = list(keys)
        rows = Application.objects.select_for_update(of=("self",)).select_related("decision")
        found = {row.pk: row for row in rows.filter(pk__in=keys, theme__in=self.themes)}
        for row in found.values():
            row.theme = self.themes[row.theme_id]
        if len(found) < len(set(keys)):
            raise Invalid("Une des candidatures n'est pas de cette campagne : relisez la page, puis recommencez.")
        return [found[key] for key in dict.fromkeys(keys)]

    def state(self, application: Application) -> str:
        decision: Decision | None = self.written.get(application.pk) or getattr(application, "decision", None)
        return decision.state if decision else "pending"

    def verdict(self, application: Application, verb: str) -> Verdict:
        return policies.may_decide(verb, self.actor, application, self.state(application), self.at)

    def breaches(self, application: Application, verb: str) -> list[Finding]:
        """The limits that this decision would pass."""
        if states.DECISION.move(verb).target != "retained":
            return []
        return breaches_if_retained(application, self.retained)

    def move(self, application: Application, verb: str, reason: str) -> None:
        """Note a decision that nothing forbids; `write` puts it in the database."""
        before, after = self.state(application), states.DECISION.move(verb).target
        theme = application.theme_id
        self.retained[theme][application.academy] += (after == "retained") - (before == "retained")
        self.last_rank[theme] += after == "waiting"
        self.written[application.pk] = Decision(
            application=application,
            state=after,
            waiting_rank=self.last_rank[theme] if after == "waiting" else None,
            reason=reason.strip(),
            decided_by=self.actor,
            decided_at=self.at,
        )
        record(verb, application, actor=self.actor, at=self.at, reason=reason.strip())

    def write(self) -> list[Decision]:
        Decision.objects.bulk_create(
            self.written.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["application"],
            update_fields=["state", "waiting_rank", "reason", "decided_by", "decided_at"],
        )
        return list(Decision.objects.filter(application__in=self.written))


def breaches_if_retained(application: Application, retained: Mapping[int, Counter[str]]) -> list[Finding]:
    """The limits that one more retained team would pass. `retained`: how many teams of each academy, by theme.

    A further team of an academy already retained makes no new academy; and a theme that is still too small is no
    reason to refuse one more.
    """
    theme = application.theme
    teams = sum(mine.total() for mine in retained.values())
    findings = rules.campaign_limits(theme.campaign, teams + 1)
    academies = retained.get(theme.pk, Counter())
    if not academies[application.academy]:
        findings += rules.limits(theme, sum(count > 0 for count in academies.values()) + 1)
    return rules.passed(findings)


def _check_reason(verb: str, reason: str) -> None:
    if verb in states.AFTER_ANNOUNCEMENT and not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi en une phrase : l'académie et le bureau national la liront."]})
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid({"reason": [f"Le motif compte {len(reason.strip())} caractères : {LONGEST_REASON} au plus."]})


@transaction.atomic
def decide(application: Application, verb: str, *, actor: Person, at: datetime, reason: str = "") -> Decision:
    """Retain an application, refuse it, put it on the waiting list or reopen it. The limits of the edition hold.

    After the announcement only `give_up` and `call_up` are left, each with its reason: call `catalogue.actions`,
    which also opens and closes the groups.
    """
    sitting = Sitting(application.theme.campaign_id, actor=actor, at=at)
    (mine,) = sitting.read([application.pk])
    sitting.verdict(mine, verb).require()
    _check_reason(verb, reason)
    breaches = sitting.breaches(mine, verb)
    if breaches:
        raise Invalid({"": [breach.sentence for breach in breaches]})
    sitting.move(mine, verb, reason)
    (decision,) = sitting.write()
    return decision


@transaction.atomic
def decide_all(
    applications: Iterable[Application], verb: str, *, actor: Person, at: datetime, reason: str = ""
) -> list[Decision]:
    """The same decision for several applications: all or none, and the sentences name those that refuse it."""
    return decide_each([(application, verb) for application in applications], actor=actor, at=at, reason=reason)


@transaction.atomic
def decide_each(
    moves: Iterable[tuple[Application, str]], *, actor: Person, at: datetime, reason: str = ""
) -> list[Decision]:
    """A decision for each of several applications of a campaign, in this order: all or none.

    Limits are counted once and decisions written together: a whole campaign is decided in a few seconds.
    """
    moves = list(moves)
    if not moves:
        raise Invalid({"": ["Cochez au moins une candidature."]})
    sitting = Sitting(moves[0][0].theme.campaign_id, actor=actor, at=at)
    found = {row.pk: row for row in sitting.read(application.pk for application, _ in moves)}
    refusals = []
    for application, verb in moves:
        _check_reason(verb, reason)
        mine = found[application.pk]
        verdict = sitting.verdict(mine, verb)
        problems = [breach.sentence for breach in sitting.breaches(mine, verb)] if verdict else [verdict.reason]
        refusals += [f"{mine} : {problem}" for problem in problems]
        if not problems:
            sitting.move(mine, verb, reason)
    if refusals:
        raise Invalid({"": refusals})
    return sitting.write()


@transaction.atomic
def order_waiting(theme: Theme, ranks: Mapping[int, int], *, actor: Person, at: datetime) -> None:
    """Order the waiting list of a theme: `ranks` gives its place, from 1, to each application of the list, by key."""
    Campaign.objects.select_for_update().get(pk=theme.campaign_id)
    policies.may_order_waiting(actor, theme, at).require()
    waiting = {d.application_id: d for d in Decision.objects.filter(application__theme=theme, state="waiting")}
    if set(ranks) != set(waiting):
        raise Invalid("La liste d'attente a changé depuis que vous l'avez lue : relisez-la, puis recommencez.")
    if sorted(ranks.values()) != list(range(1, len(ranks) + 1)):
        raise Invalid(f"Donnez à chacune un rang différent, de 1 à {len(ranks)}.")
    for key, rank in ranks.items():
        waiting[key].waiting_rank = rank
    Decision.objects.bulk_update(waiting.values(), ["waiting_rank"])
    record("order_waiting", theme, actor=actor, at=at, data={"order": sorted(ranks, key=lambda key: ranks[key])})


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime) -> Announcement:
    """Make the decisions known and final. Groups and public pages follow: call `catalogue.actions.announce`."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    policies.may_announce(actor, campaign, at).require()
    pending = queries.undecided(campaign)
    if pending:
        raise Invalid(
            f"Il reste {pending} candidature(s) à décider : retenez, refusez ou mettez en liste d'attente "
            "chacune d'elles avant d'annoncer."
        )
    if not queries.retained(campaign):
        raise Invalid("Aucune candidature n'est retenue : il n'y a rien à annoncer.")
    announcement = Announcement.objects.create(campaign=campaign, announced_by=actor, announced_at=at)
    record("announce", campaign, actor=actor, at=at)
    return announcement
