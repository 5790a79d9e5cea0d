"""The reads of syntheses: what they say, with which figures, and all that was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.queries import leading
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries as public
from traam.programme.catalogue.syntheses.content import Content, Figure
from traam.programme.groups.models import Correspondent, Group, Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.productions.models import Remark, Turn, Version
from traam.programme.valorisation.syntheses import composing, counting, sources
from traam.programme.valorisation.syntheses import figures as counted
from traam.programme.valorisation.syntheses.counting import Facts
from traam.programme.valorisation.syntheses.models import Citation, Synthesis


def _syntheses() -> QuerySet[Synthesis]:
    stewards = Prefetch("stewards", Steward.objects.select_related("person").order_by("pk"))
    themes = Prefetch("themes", Theme.objects.select_related("campaign").prefetch_related(stewards).order_by("pk"))
    return Synthesis.objects.select_related("review", "created_by").prefetch_related(themes)


def synthesis(pk: int) -> Synthesis:
    try:
        return _syntheses().get(pk=pk)
    except Synthesis.DoesNotExist:
        raise Missing("Cette synthèse n'existe pas.") from None


def of_theme(theme: Theme) -> list[Synthesis]:
    """Those that are about a theme, alone or with others, the latest first."""
    return list(_syntheses().filter(themes=theme).order_by("-pk"))


def listed(theme: Theme) -> list[Synthesis]:
    """Those that are about a theme, to name them: one query."""
    return list(Synthesis.objects.filter(themes=theme).order_by("-pk"))


def of_person(person: Person, at: datetime) -> list[Synthesis]:
    """Those of the themes a person leads, or is in the national group of; all of them for the bureau."""
    if Role.NATIONAL in roles(person, at):
        return list(_syntheses().order_by("-pk"))
    today = at.date()
    seats = Member.objects.filter(person=person, role=Member.Role.REFERENT, until=None).exclude(group__state="ended")
    invited = Correspondent.objects.filter(person=person, since__lte=today).exclude(until__lt=today)
    mine = Theme.objects.filter(
        Q(pk__in=leading(person, at).values("theme"))
        | Q(pk__in=seats.values("group__application__theme"))
        | Q(pk__in=invited.values("theme"))
    )
    keys = Synthesis.themes.through.objects.filter(theme__in=mine).values("synthesis")
    return list(_syntheses().filter(pk__in=keys).order_by("-pk"))


def waiting_for(person: Person, at: datetime) -> list[Synthesis]:
    """Those that wait for a person: to judge as the general inspector of a theme, to write again as its expert."""
    led = leading(person, at)
    submitted = Q(state="submitted", themes__in=led.filter(role=Steward.Role.GENERAL_INSPECTOR).values("theme"))
    to_mend = Q(state__in=["returned", "validated"], themes__in=led.filter(role=Steward.Role.EXPERT).values("theme"))
    return list(Synthesis.objects.filter(submitted | to_mend).distinct().order_by("changed_at", "pk"))


def in_progress(theme: Theme) -> Synthesis | None:
    """The synthesis of this theme alone that is being written, if there is one."""
    rows = [one for one in of_theme(theme) if not one.transversal and one.state not in {"published", "withdrawn"}]
    return rows[0] if rows else None


def themes_at_work() -> list[Theme]:
    """The themes that have groups: what a transversal synthesis may join."""
    stewards = Prefetch("stewards", Steward.objects.select_related("person").order_by("pk"))
    at_work = Group.objects.values("application__theme")
    rows = Theme.objects.filter(pk__in=at_work).select_related("campaign").prefetch_related(stewards)
    return list(rows.order_by("-campaign__first_year", "pk"))


def campaign_of(synthesis: Synthesis) -> Campaign:
    return synthesis.theme.campaign


# --- what it says


def citations(synthesis: Synthesis) -> list[Citation]:
    rows = Citation.objects.filter(synthesis=synthesis).order_by("number")
    return list(rows.select_related("bilan__group__application", "bilan__review", "test__scenario__group__application"))


def live(synthesis: Synthesis, today: date) -> Content:
    """What it says now, with the figures of today."""
    facts = counting.facts(synthesis.theme_list)
    quotes = sources.quotes(citations(synthesis))
    return composing.content(synthesis.title, synthesis.sections, facts, quotes, counted_on=today)


@dataclass(frozen=True)
class Shown:
    """What a reader has before her. `number` is that of the version, 0 while it is being written."""

    content: Content
    number: int
    at: datetime
    licence: str


def shown(synthesis: Synthesis, at: datetime) -> Shown:
    """The text under way while it may be written, what was submitted afterwards."""
    version = None if synthesis.state in {"draft", "returned"} else last_version(synthesis)
    if version is None:
        return Shown(live(synthesis, localdate(at)), 0, synthesis.changed_at, synthesis.licence)
    return Shown(Content.known(version.content["content"]), version.number, version.made_at, version.content["licence"])


@dataclass(frozen=True)
class Moved:
    """A figure of a version that is no longer the same."""

    label: str
    before: int
    after: int


def moved_since(then: Content, facts: Facts) -> list[Moved]:
    """The figures that have another value today."""
    today: dict[str, Figure] = {one.key: one for one in counted.figures(facts)}
    found = []
    for one in then.figures:
        after = today[one.key].value if one.key in today else 0
        if after != one.value:
            found.append(Moved(today[one.key].label if one.key in today else one.label, one.value, after))
    return found


def facts(synthesis: Synthesis) -> Facts:
    return counting.facts(synthesis.theme_list)


def tokens(synthesis: Synthesis) -> set[str]:
    """All that may stand between braces in its text."""
    return composing.known_tokens(facts(synthesis), sources.quotes(citations(synthesis)))


def of_public(synthesis: Synthesis) -> PublicSynthesis | None:
    """Its public copy, on line or withdrawn."""
    return public.of_key(synthesis.source_key)


# --- its review


def last_version(synthesis: Synthesis) -> Version | None:
    return Version.objects.filter(review=synthesis.review_id).order_by("-number").first()


def turns(synthesis: Synthesis) -> list[Turn]:
    """The exchanges, latest first."""
    return list(Turn.objects.filter(review=synthesis.review_id).select_related("by").order_by("-at", "-pk"))


def remarks(synthesis: Synthesis) -> list[Remark]:
    """Every remark, the oldest first."""
    rows = Remark.objects.filter(review=synthesis.review_id).select_related("by", "answered_by", "closed_by")
    return list(rows.order_by("at", "pk"))


def unanswered(remarks: Sequence[Remark]) -> list[Remark]:
    return [one for one in remarks if not one.answer and one.closed_at is None]


@dataclass(frozen=True)
class Said:
    """A remark, and the synthesis it is about."""

    remark: Remark
    synthesis: Synthesis

    @property
    def theme(self) -> Theme:
        return self.synthesis.theme


def said(pk: int) -> Said:
    try:
        remark = Remark.objects.select_related("by", "answered_by").get(pk=pk)
    except Remark.DoesNotExist:
        raise Missing("Cette remarque n'existe pas, ou a été retirée.") from None
    found = _syntheses().filter(review=remark.review_id).first()
    if found is None:
        raise Missing("Cette remarque n'est pas celle d'une synthèse.")
    return Said(remark, found)
