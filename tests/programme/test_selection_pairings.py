"""Which academies work together: proposed with its reasons, decided by people, counted by the cahier des charges."""

from datetime import datetime

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.selection import pairings, rules
from traam.programme.selection.models import Announcement, Decision, Pairing

pytestmark = pytest.mark.django_db
FOUR = {"01": [1, 2], "09": [1, 2], "10": [3], "12": [3]}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def retained(theme: Theme, academy: str, axes: list[int]) -> Application:
    day = timezone.now()
    made = Application.objects.create(
        theme=theme,
        academy=academy,
        state="forwarded",
        degree="second",
        axes=axes,
        school_kind="college",
        titles=["Projet"],
        created_by=person("bureau"),
        created_at=day,
        changed_at=day,
    )
    Decision.objects.create(application=made, state="retained", decided_by=person("bureau"), decided_at=day)
    return made


@pytest.fixture
def theme() -> Theme:
    """A theme of the closed call that the demonstration's expert and general inspector lead; four academies in it."""
    found = Theme.objects.filter(campaign__state="open", stewards__person=person("expert")).order_by("pk")[0]
    Steward.objects.get_or_create(theme=found, person=person("inspection.generale"), role="general_inspector")
    Application.objects.filter(theme=found).update(state="withdrawn")
    for academy, axes in FOUR.items():
        retained(found, academy, axes)
    Campaign.objects.filter(pk=found.campaign_id).update(state="closed")
    return find_theme(found.pk)


def announce(theme: Theme, at: datetime) -> None:
    Announcement.objects.create(campaign=theme.campaign, announced_by=person("bureau"), announced_at=at)


def test_academies_of_the_same_axes_are_proposed_together_and_it_says_why(theme: Theme) -> None:
    proposed = pairings.propose(theme)
    assert proposed.pairs == (("01", "09"), ("10", "12"))
    assert "axes communs" in proposed.reasons[0] and theme.axes[0] in proposed.reasons[0]
    assert "Collège" in proposed.reasons[0]


def test_academies_already_together_elsewhere_part(theme: Theme, at: datetime) -> None:
    other = theme.campaign.themes.exclude(pk=theme.pk)[0]
    for group in (["01", "09"], ["10", "12"]):
        pairs = [*(Pairing.objects.filter(theme=other).values_list("pairs", flat=True).first() or []), group]
        Pairing.objects.update_or_create(
            theme=other, defaults={"pairs": pairs, "decided_by": person("bureau"), "decided_at": at}
        )
    Application.objects.filter(theme=theme).update(axes=[1])
    assert pairings.propose(theme).pairs not in {(("01", "09"), ("10", "12"))}


def test_pairs_are_decided_signed_and_counted_by_the_edition(theme: Theme, at: datetime) -> None:
    assert rules.theme_facts(theme, 4)["associates_per_academy_max"] is None
    pairings.decide_pairs(theme, [["10", "01"], ["12", "09"]], actor=person("bureau"), at=at)
    decided = pairings.of(theme)
    assert decided is not None and decided.pairs == [["01", "10"], ["09", "12"]]
    assert rules.theme_facts(theme, 4)["associates_per_academy_max"] == 1
    told = Entry.objects.get(verb="pair", object_id=str(theme.pk))
    assert told.data["pairs"] == decided.pairs
    assert pairings.named(decided.pairs)[0] == "Paris, Lyon"


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([["01", "09"], ["10"]], "sans partenaire"),
        ([["01", "09"], ["10", "12", "01"]], "placée deux fois"),
        ([["01", "09"], ["10", "12", "15"]], "n'est pas retenue"),
        ([["01", "09", "10"], ["12"]], "académie seule"),
        ([["01", "09", "10", "12"]], "trois académies au plus"),
        ([], "sans partenaire"),
    ],
)
def test_pairs_that_leave_somebody_out_are_refused(
    theme: Theme, at: datetime, pairs: list[list[str]], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        pairings.decide_pairs(theme, pairs, actor=person("bureau"), at=at)
    assert pairings.of(theme) is None


def test_an_academy_that_gives_up_leaves_a_partner_alone_and_it_is_told(theme: Theme, at: datetime) -> None:
    pairings.decide_pairs(theme, [["10", "01"], ["12", "09"]], actor=person("bureau"), at=at)
    Decision.objects.filter(application__theme=theme, application__academy="12").update(state="dropped")
    decided = pairings.of(theme)
    assert decided is not None
    (sentence,) = pairings.problems(theme, decided.pairs)
    assert "n'est pas retenue" in sentence


@pytest.mark.parametrize("who", ["expert", "inspection.generale"])
def test_those_who_lead_the_theme_pair_after_the_announcement_only(theme: Theme, at: datetime, who: str) -> None:
    pairs = [["01", "09"], ["10", "12"]]
    with pytest.raises(Refused, match="après l'annonce"):
        pairings.decide_pairs(theme, pairs, actor=person(who), at=at)
    announce(theme, at)
    assert pairings.decide_pairs(theme, pairs, actor=person(who), at=at).pairs == pairs


@pytest.mark.parametrize("who", ["dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon"])
def test_nobody_else_pairs(theme: Theme, at: datetime, who: str) -> None:
    announce(theme, at)
    with pytest.raises(Refused, match="experts"):
        pairings.decide_pairs(theme, [["01", "09"], ["10", "12"]], actor=person(who), at=at)


def test_an_expert_of_another_theme_does_not_pair(theme: Theme, at: datetime) -> None:
    announce(theme, at)
    Steward.objects.filter(theme=theme, person=person("expert")).delete()
    with pytest.raises(Refused):
        pairings.decide_pairs(find_theme(theme.pk), [["01", "09"], ["10", "12"]], actor=person("expert"), at=at)
