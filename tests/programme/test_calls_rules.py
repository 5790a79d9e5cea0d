"""The form and the file ask the same questions and give the same verdict; a draft may wait, a remontée may not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN, school_number
from traam.engines import sheets
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls import actions, imports, policies, queries, rules
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.policies import before_deadline
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.selection.models import Announcement, Decision
from traam.programme.selection.queries import results_for_academy

pytestmark = pytest.mark.django_db
LYON = "10"


def campaign() -> Campaign:
    return Campaign.objects.get(state="open")


def theme() -> Theme:
    return campaign().themes.order_by("pk")[1]


def dan() -> Person:
    return Person.objects.get(email=f"dan.lyon@{DOMAIN}")


def answers(**changed: object) -> dict[str, object]:
    """A complete form, with some answers changed."""
    return {
        "theme": theme().title,
        "degree": "Second degré",
        "titles": "Écrire avec des sources",
        "axes": ["Axe 1"],
        "description": "Les élèves vérifient ce qu'ils lisent.",
        "inspector_name": "Inspecteur de Lyon",
        "inspector_email": "inspecteur@ac-exemple.fr",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": "Professeur référent",
        "referent_school": school_number(LYON),
        "referent_email": "nouveau@ac-exemple.fr",
        "referent_phone": "01 99 00 00 01",
        "dasen_agreement": "Non",
        "rank": "1",
        **changed,
    }


def save(**changed: object) -> Application:
    return actions.save_draft(campaign(), LYON, answers(**changed), actor=dan(), at=timezone.now())


def by_form(raw: Mapping[str, object]) -> list[str]:
    try:
        actions.save_draft(campaign(), LYON, raw, actor=dan(), at=timezone.now())
    except Invalid as invalid:
        return sorted(sentence for several in invalid.errors.values() for sentence in several)
    return []


def by_file(raw: Mapping[str, object]) -> tuple[list[str], imports.Preview]:
    """The sentences for a file of one row, written with the layout of the call."""
    filled = sheets.write(rules.layout_to_fill(campaign(), queries.open_themes(campaign())), [raw], title="Essai")
    preview = imports.read(campaign(), LYON, filled)
    return sorted(problem.sentence for problem in preview.problems), preview


BAD = {
    "unknown theme": {"theme": "Un thème inventé de toutes pièces"},
    "no theme": {"theme": ""},
    "1001 characters": {"description": "x" * 1001},
    "1000 characters and a line end": {"description": "x" * 500 + "\n" + "x" * 500},
    "wrong letter": {"referent_school": "0699901A"},
    "not a school": {"referent_school": "Collège Exemple"},
    "bad inspector e-mail": {"inspector_email": "inspecteur@"},
    "two e-mails": {"referent_email": "a@ac-exemple.fr, b@ac-exemple.fr"},
    "bad phone": {"referent_phone": "01 23"},
    "axis 5 of 3": {"axes": ["Axe 1", "Axe 5"]},
    "axis 7": {"axes": ["Axe 7"]},
    "degree": {"degree": "Troisième degré"},
    "agreement": {"dasen_agreement": "Peut-être"},
    "rank zero": {"rank": "0"},
    "rank in letters": {"rank": "premier"},
    "a name without end": {"referent_name": "x" * 151},
    "several at once": {"referent_phone": "12", "inspector_email": "non", "description": "x" * 1200},
}


@pytest.mark.parametrize("case", BAD)
def test_the_form_and_the_file_give_the_same_verdict(case: str) -> None:
    raw = answers(**BAD[case])
    before = Application.objects.count()
    said = by_form(raw)
    assert said, "this answer is refused"
    assert by_file(raw)[0] == said
    assert Application.objects.count() == before


GOOD = {
    "complete": {},
    "1000 characters": {"description": "x" * 1000},
    "accents and case of the theme": {"theme": "  {theme}  "},
    "phone without spaces": {"referent_phone": "0199000001"},
    "overseas phone": {"referent_phone": "+687 26 00 00"},
    "uai in small letters": {"referent_school": school_number(LYON).lower()},
    "several titles": {"titles": "Un projet\nUn autre ; et un troisième"},
}


@pytest.mark.parametrize("case", GOOD)
def test_the_form_and_the_file_understand_the_same_values(case: str) -> None:
    raw = {k: v.format(theme=theme().title.upper()) if isinstance(v, str) else v for k, v in GOOD[case].items()}
    said, preview = by_file(answers(**raw))
    assert said == []
    written = save(**raw)
    assert rules.stored(written) == preview.changes[0].values


@pytest.mark.parametrize("case", ["description", "referent_email", "referent_phone", "titles", "degree", "axes"])
def test_the_form_and_the_file_miss_the_same_things(case: str) -> None:
    raw = answers(**{case: ""})
    said, preview = by_file(raw)
    assert said == []
    written = save(**{case: ""})
    lacks = rules.lacks(rules.stored(written), campaign())
    assert preview.changes[0].lacks == lacks
    assert case in {lack.field for lack in lacks}


def test_a_closed_theme_gets_the_same_sentence_from_both() -> None:
    raw = answers()
    Theme.objects.filter(pk=theme().pk).update(state="closed")
    said = by_form(raw)
    assert "est fermé aux candidatures" in said[0]
    assert by_file(raw)[0] == said


def test_a_second_application_of_the_same_referent_is_refused() -> None:
    save()
    with pytest.raises(Invalid) as refusal:
        save(titles="Autre chose", referent_email="NOUVEAU@ac-exemple.fr")
    assert "existe déjà" in refusal.value.errors["referent_email"][0]


def test_a_second_draft_without_referent_needs_another_title() -> None:
    save(referent_email="")
    with pytest.raises(Invalid) as refusal:
        save(referent_email="")
    assert "titles" in refusal.value.errors
    save(referent_email="", titles="Un autre projet")


def test_a_draft_without_referent_is_found_again_when_the_file_brings_one() -> None:
    draft = save(referent_email="")
    change = by_file(answers())[1].changes[0]
    assert (change.kind, change.application) == ("changed", draft)
    assert [d.label for d in change.differences] == ["Professeur référent : courriel"]


def test_what_blocks_comes_first_with_its_article() -> None:
    draft = save(description="", referent_name="", referent_phone="", axes=[])
    lacks = rules.lacks(rules.stored(draft), campaign())
    assert [(lack.field, lack.article, lack.blocking) for lack in lacks] == [
        ("referent_name", "B.11", True),
        ("description", "B.2", True),
        ("referent_phone", "B.2", False),
        ("axes", "B.2", False),
    ]


def test_an_incomplete_application_does_not_go_up() -> None:
    draft = save(description="")
    with pytest.raises(Invalid) as refusal:
        actions.forward(draft, actor=dan(), at=timezone.now())
    assert "(article B.2)" in refusal.value.errors["description"][0]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_every_field_an_edition_demands_is_missed_when_empty() -> None:
    """Also in the older editions, whose rules are fewer."""
    blank, _ = rules.settle(campaign(), [], {})
    for edition in ("aam-2008", "traam-2014", "traam-2020", "traam-2022"):
        asked = Campaign(title="Essai", edition_id=edition, first_year=2026)
        missed = {lack.field for lack in rules.lacks(blank, asked) if lack.blocking}
        assert missed >= rules.demanded(asked.edition), edition


def test_all_or_none_are_forwarded_and_the_incomplete_ones_are_named() -> None:
    complete = save()
    Application.objects.filter(academy=LYON, state="submitted").update(inspector_opinion="favourable")
    with pytest.raises(Invalid) as refusal:  # Lyon's draft of the demonstration lacks its description
        actions.forward_all(campaign(), LYON, actor=dan(), at=timezone.now())
    assert len(refusal.value.errors[""]) == 1
    complete.refresh_from_db()
    assert complete.state == "draft"
    Application.objects.filter(academy=LYON, description="").update(description="Décrite.")
    done = actions.forward_all(campaign(), LYON, actor=dan(), at=timezone.now())
    assert complete in done
    assert not queries.drafts_of(campaign(), LYON)


def test_saving_what_is_already_there_writes_nothing() -> None:
    draft = save()
    acts = Entry.objects.count()
    same = actions.save_draft(campaign(), LYON, answers(), application=draft, actor=dan(), at=timezone.now())
    assert (same.revision, Entry.objects.count()) == (draft.revision, acts)


def test_a_save_over_somebody_s_is_refused_with_both_versions() -> None:
    draft = save()
    mine = draft.revision
    actions.save_draft(
        campaign(), LYON, answers(rank="2"), application=draft, revision=mine, actor=dan(), at=timezone.now()
    )
    with pytest.raises(actions.Stale) as stale:
        actions.save_draft(
            campaign(), LYON, answers(rank="3"), application=draft, revision=mine, actor=dan(), at=timezone.now()
        )
    assert stale.value.stored.rank == 2


def test_a_draft_of_a_theme_that_closed_may_move_to_another() -> None:
    draft = save()
    other = campaign().themes.order_by("pk")[0]
    Theme.objects.filter(pk=theme().pk).update(state="closed")
    draft = queries.application(draft.pk)
    assert policies.may_edit(dan(), draft, timezone.now())
    moved = actions.save_draft(
        campaign(), LYON, answers(theme=other.title, axes=[]), application=draft, actor=dan(), at=timezone.now()
    )
    assert moved.theme == other


def test_withdrawing_asks_why() -> None:
    draft = save()
    with pytest.raises(Invalid) as refusal:
        actions.withdraw(draft, actor=dan(), at=timezone.now(), reason="  ")
    assert "reason" in refusal.value.errors
    actions.withdraw(draft, actor=dan(), at=timezone.now(), reason="Le professeur a été muté.")
    save()  # the référent is free again


def test_nothing_is_withdrawn_once_the_call_is_closed() -> None:
    draft = save()
    Campaign.objects.filter(pk=campaign().pk).update(state="closed")
    with pytest.raises(Refused) as refusal:
        actions.withdraw(draft, actor=dan(), at=timezone.now(), reason="Trop tard.")
    assert "L'appel est clos" in refusal.value.verdict.reason


def test_the_last_day_ends_at_midnight_in_paris() -> None:
    call = Campaign(title="Essai", edition_id="traam-2022", calendar={"applications_due": "2027-05-15"})
    assert before_deadline(call, datetime(2027, 5, 15, 21, 59, tzinfo=UTC))
    assert not before_deadline(call, datetime(2027, 5, 15, 22, 0, tzinfo=UTC))


def test_the_academy_knows_no_decision_before_the_announcement() -> None:
    draft, bureau = save(), Person.objects.get(email=f"bureau@{DOMAIN}")
    now = timezone.now()
    Decision.objects.create(application=draft, state="retained", decided_by=bureau, decided_at=now)
    assert results_for_academy(campaign(), LYON) == {}
    Announcement.objects.create(campaign=campaign(), announced_by=bureau, announced_at=now)
    assert results_for_academy(campaign(), LYON) == {draft.pk: "retained"}
    assert results_for_academy(campaign(), "09") == {}


def test_a_file_kept_replaces_the_one_before_and_goes_after_a_week() -> None:
    now = timezone.now()

    def receive(at: datetime) -> int:
        return imports.receive(campaign(), LYON, b"x", filename="a.xlsx", actor=dan(), at=at).pk

    first = receive(now)
    second = receive(now)
    with pytest.raises(LookupError):
        queries.upload(first)
    inspector = Person.objects.get(email=f"inspecteur.lyon@{DOMAIN}")
    imports.receive(campaign(), LYON, b"x", filename="b.xlsx", actor=inspector, at=now + timedelta(days=8))
    with pytest.raises(LookupError):
        queries.upload(second)


def test_the_calendar_of_the_demonstration_is_open() -> None:
    due = campaign().on("applications_due")
    assert isinstance(due, date)
    assert before_deadline(campaign(), timezone.now())
