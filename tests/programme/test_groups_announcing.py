"""The announcement: letters written as they were previewed, once; then who gives up and who comes in."""

from datetime import datetime

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue.models import PublicTheme
from traam.programme.groups.models import Group
from traam.programme.groups.queries import results
from traam.programme.letters.models import Letter
from traam.programme.people.models import Person
from traam.programme.selection.models import Announcement, Decision

pytestmark = pytest.mark.django_db
OTHERS = ("inspection.generale", "expert", "dan.lyon", "inspecteur.lyon", "referent.lyon", "enseignante.lyon")
WORDS = {"retained": "Réunion de lancement le 3 juin.", "waiting": "", "refused": "Merci de votre travail."}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def forwarded(theme: Theme, academy: str, state: str, rank: int | None = None, n: int = 1) -> Application:
    day = timezone.now()
    made = Application.objects.create(
        theme=theme,
        academy=academy,
        state="forwarded",
        titles=[f"Projet de {academy}"],
        referent_name=f"Référent {academy}",
        referent_email=f"r{n}.{academy}@exemple.invalid",
        inspector_name="Inspecteur commun",
        inspector_email="inspecteur.commun@exemple.invalid",
        created_by=person("bureau"),
        created_at=day,
        changed_at=day,
    )
    reason = "Le thème est complet." if state == "refused" else ""
    Decision.objects.create(
        application=made, state=state, waiting_rank=rank, reason=reason, decided_by=person("bureau"), decided_at=day
    )
    return made


@pytest.fixture
def campaign() -> Campaign:
    """The call, closed, and in its first theme: two retained, two waiting, one refused."""
    found = Campaign.objects.get(state="open")
    Application.objects.filter(theme__campaign=found).update(state="draft")
    theme = found.themes.order_by("pk")[0]
    for academy, state, rank in (
        ("10", "retained", None),
        ("09", "retained", None),
        ("01", "waiting", 1),
        ("02", "waiting", 2),
        ("03", "refused", None),
    ):
        forwarded(theme, academy, state, rank)
    Campaign.objects.filter(pk=found.pk).update(state="closed")
    found.refresh_from_db()
    return found


def of(campaign: Campaign, academy: str) -> Application:
    return Application.objects.get(theme__campaign=campaign, academy=academy, state="forwarded")


def announced(campaign: Campaign, at: datetime) -> None:
    catalogue.announce(campaign, actor=person("bureau"), at=at, words=WORDS)


def test_what_is_previewed_is_what_is_written(campaign: Campaign, at: datetime) -> None:
    preview = results.mailing(campaign, person("bureau"), at, WORDS)
    before = set(Letter.objects.values_list("key", flat=True))
    announced(campaign, at)
    written = Letter.objects.exclude(key__in=before).exclude(key__startswith="invitation:").select_related("to")
    assert {(one.key, one.to.email.lower(), one.subject, one.body) for one in written} == {
        (draft.key, draft.email.lower(), draft.subject, draft.body) for draft in preview.letters
    }
    assert (preview.count("referent"), preview.count("inspector")) == (5, 1)


def test_each_outcome_has_its_words_and_its_reason(campaign: Campaign, at: datetime) -> None:
    letters = {draft.key: draft.body for draft in results.mailing(campaign, person("bureau"), at, WORDS).letters}
    kept, waiting, refused = (letters[f"result:{of(campaign, code).pk}"] for code in ("10", "01", "03"))
    assert "est retenue" in kept and "3 juin" in kept and "Merci" not in kept
    assert "liste d'attente" in waiting and "3 juin" not in waiting
    assert "n'est pas retenue" in refused and "Le thème est complet." in refused and "Merci" in refused
    inspector = next(body for key, body in letters.items() if ":inspector:" in key)
    assert inspector.count("\n- ") == 5


def test_the_seal_follows_every_letter(campaign: Campaign, at: datetime) -> None:
    def seal(words: dict[str, str]) -> str:
        return results.mailing(campaign, person("bureau"), at, words).seal

    first = seal(WORDS)
    assert seal(WORDS) == first
    assert seal({**WORDS, "waiting": "Patience."}) != first
    Decision.objects.filter(application=of(campaign, "03")).update(state="waiting")
    assert seal(WORDS) != first


def test_who_cannot_be_told_is_named(campaign: Campaign, at: datetime) -> None:
    Application.objects.filter(pk=of(campaign, "01").pk).update(referent_email="", inspector_email="")
    missing = results.mailing(campaign, person("bureau"), at, {}).missing
    assert any("Paris" in one and "professeur référent" in one for one in missing)
    assert any("Paris" in one and "inspecteur" in one for one in missing)
    assert any("Aucun DAN" in one for one in missing)
    announced(campaign, at)
    assert not Letter.objects.filter(key=f"result:{of(campaign, '01').pk}").exists()


def test_an_announcement_is_made_once_and_whole(campaign: Campaign, at: datetime) -> None:
    with pytest.raises(Invalid, match="2000"):
        catalogue.announce(campaign, actor=person("bureau"), at=at, words={"retained": "x" * 2_001})
    Decision.objects.filter(application=of(campaign, "03")).delete()
    with pytest.raises(Invalid, match="à décider"):
        announced(campaign, at)
    assert not Announcement.objects.filter(campaign=campaign).exists()
    assert not Group.objects.filter(application__theme__campaign=campaign).exists()
    Application.objects.filter(pk=of(campaign, "03").pk).update(state="withdrawn")
    announced(campaign, at)
    letters = Letter.objects.count()
    with pytest.raises(Refused, match="déjà annoncés"):
        announced(campaign, at)
    assert Letter.objects.count() == letters


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_announces_or_replaces(campaign: Campaign, at: datetime, who: str) -> None:
    with pytest.raises(Refused, match="bureau national"):
        catalogue.announce(campaign, actor=person(who), at=at)
    announced(campaign, at)
    with pytest.raises(Refused, match="bureau national"):
        catalogue.give_up(of(campaign, "10"), "Parce que.", actor=person(who), at=at)
    with pytest.raises(Refused, match="bureau national"):
        catalogue.call_up(of(campaign, "01"), "Parce que.", actor=person(who), at=at)


def test_giving_up_closes_the_group_and_leaves_the_public_list(campaign: Campaign, at: datetime) -> None:
    announced(campaign, at)
    lyon = of(campaign, "10")
    public = PublicTheme.objects.get(source_key=f"theme:{lyon.theme_id}")
    assert public.academies == ["09", "10"]
    with pytest.raises(Invalid, match="Dites pourquoi"):
        catalogue.give_up(lyon, "  ", actor=person("bureau"), at=at)
    catalogue.give_up(lyon, "Le professeur référent est muté.", actor=person("bureau"), at=at)
    public.refresh_from_db()
    assert public.academies == ["09"]
    assert Group.objects.get(application=lyon).state == "ended"
    told = Letter.objects.filter(key__startswith=f"result:{lyon.pk}:gave-up")
    assert {"r1.10@exemple.invalid", "inspecteur.commun@exemple.invalid", f"dan.lyon@{DOMAIN}"} <= set(
        told.values_list("to__email", flat=True)
    )
    assert all("muté" in body for body in told.values_list("body", flat=True))


def test_calling_up_opens_the_group_and_joins_the_public_list(campaign: Campaign, at: datetime) -> None:
    announced(campaign, at)
    catalogue.give_up(of(campaign, "10"), "Muté.", actor=person("bureau"), at=at)
    first = of(campaign, "01")
    with pytest.raises(Invalid, match="Dites pourquoi"):
        catalogue.call_up(first, "", actor=person("bureau"), at=at)
    group = catalogue.call_up(first, "Remplace Lyon.", actor=person("bureau"), at=at)
    assert (group.state, group.application) == ("forming", first)
    assert PublicTheme.objects.get(source_key=f"theme:{first.theme_id}").academies == ["01", "09"]
    assert Letter.objects.filter(key__startswith=f"result:{first.pk}:called-up").count() >= 2
    with pytest.raises(Refused):
        catalogue.call_up(first, "Encore.", actor=person("bureau"), at=at)


def test_nobody_is_called_up_over_the_limit(campaign: Campaign, at: datetime) -> None:
    theme = campaign.themes.order_by("pk")[0]
    for academy in ("04", "06", "07", "08"):
        forwarded(theme, academy, "retained")
    announced(campaign, at)
    with pytest.raises(Invalid, match="article B.3"):
        catalogue.call_up(of(campaign, "01"), "Une de plus.", actor=person("bureau"), at=at)
    assert not Group.objects.filter(application=of(campaign, "01")).exists()
