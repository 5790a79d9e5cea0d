"""What an amendment would change, before it is signed: the rules it touches, and what would break them."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from traam.engines.rulebook import SUBJECTS, Finding, touched
from traam.programme.calls.models import Application
from traam.programme.calls.rules import facts_of, stored
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.campaigns.rules import Clause, amend, leading
from traam.programme.selection import rules as selection_rules
from traam.programme.selection.models import Decision


@dataclass(frozen=True)
class TouchedRule:
    """A rule that an amendment rewrites, as it is asked before and after."""

    before: str
    after: str
    article: str
    blocking: bool


@dataclass(frozen=True)
class Effect:
    """`breaches` are what would no longer respect the rules, and does today: (whose, sentence)."""

    rules: tuple[TouchedRule, ...]
    breaches: tuple[tuple[str, str], ...]


def effect(campaign: Campaign, changed: Clause, after: str, at: datetime) -> Effect:
    """What would come of this amendment; `Invalid` when it cannot be signed."""
    amended = copy(campaign)
    in_force = amend(campaign, changed, after, at)
    amended.calendar, amended.overrides = in_force.calendar, in_force.overrides
    if changed.kind != Amendment.Kind.LIMIT:
        return Effect((), ())
    return Effect(tuple(_touched(campaign, amended, changed.name)), tuple(_new_breaches(campaign, amended)))


def _touched(before: Campaign, after: Campaign, limit: str) -> Iterator[TouchedRule]:
    rewritten = {rule.id: rule for rule in touched(after.edition, limit)}
    for rule in touched(before.edition, limit):
        yield TouchedRule(rule.asked, rewritten[rule.id].asked, rule.article, rule.blocking)


def _new_breaches(before: Campaign, after: Campaign) -> Iterator[tuple[str, str]]:
    yield from _new("La campagne", *(selection_rules.campaign_findings(c, _teams(before)) for c in (before, after)))
    themes = campaign_queries.themes(before)
    academies = _retained({theme.pk for theme in themes} | {t.continues_id for t in themes if t.continues_id})
    for theme in themes:
        facts = _theme_facts(theme, academies)
        yield from _new(f"Thème « {theme} »", *(c.edition.judge("theme", facts) for c in (before, after)))
    yield from _new_in_applications(before, after)


def _theme_facts(theme: Theme, academies: Mapping[int, set[str]]) -> dict[str, object]:
    """What the numbers of an edition limit in a theme; nothing of its pairing, which is decided under its own."""
    mine, first = academies.get(theme.pk, set()), academies.get(theme.continues_id or 0, set())
    going_on = len(mine & first) if theme.continues_id and mine else None
    counted = {"academies": len(mine), "continuing_academies": going_on, "year": theme.year}
    return {**dict.fromkeys(SUBJECTS["theme"]), **leading(theme), **counted}


def _new(whose: str, before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    already = {finding.rule_id for finding in before if not finding.met}
    yield from ((whose, finding.sentence) for finding in after if not finding.met and finding.rule_id not in already)


def _teams(campaign: Campaign) -> int:
    return selection_rules.retained_teams(campaign)


def _retained(themes: Iterable[int]) -> dict[int, set[str]]:
    """The academies retained so far for these themes, by the theme's number."""
    found: dict[int, set[str]] = {}
    rows = Decision.objects.filter(application__theme__in=themes, state="retained")
    for theme, academy in rows.values_list("application__theme_id", "application__academy"):
        found.setdefault(theme, set()).add(academy)
    return found


def _new_in_applications(before: Campaign, after: Campaign) -> Iterator[tuple[str, str]]:
    """How many applications would break each rule that they respect today, with one of them as an example."""
    written = Application.objects.filter(theme__campaign=before).exclude(state="withdrawn")
    found: dict[str, list[str]] = {}
    for application in written.select_related("theme__campaign").order_by("pk"):
        facts = facts_of(stored(application), before)
        already = {finding.rule_id for finding in before.edition.breaches("application", facts)}
        for finding in after.edition.breaches("application", facts):
            if finding.rule_id not in already:
                found.setdefault(finding.rule_id, []).append(finding.sentence)
    for sentences in found.values():
        count = f"{len(sentences)} candidatures déjà saisies" if len(sentences) > 1 else "Une candidature déjà saisie"
        yield count, sentences[0]
