"""Several readers for each dossier: asked, shared out, in conflict, followed."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item
from traam.programme.people.actions import keep_typing
from traam.programme.people.models import Appointment, Person, Role, Typing
from traam.programme.selection import opinions, policies, queries, readers, reading, rules
from traam.programme.selection.models import Announcement, Assignment, Conflict, Decision, Note, Opinion, Pairing

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def theme() -> Theme:
    return find_theme(Theme.objects.filter(campaign__state="open").order_by("pk")[0].pk)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def expert(n: int, academy: str = "") -> Person:
    made = Person.objects.create(email=f"lecteur{n}@exemple.invalid", name=f"Lecteur {n}", created_at=timezone.now())
    Appointment.objects.create(person=made, role=Role.EXPERT, since=date(2020, 1, 1))
    if academy:
        Appointment.objects.create(person=made, role=Role.TEACHER, academy=academy, since=date(2020, 1, 1))
    return made


def dossiers(theme: Theme) -> list[Application]:
    return list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))


def marks(theme: Theme, value: int) -> dict[str, int]:
    return {criterion.id: value for criterion in theme.campaign.edition.selection.criteria}


# --- asked to read


def test_whoever_is_asked_reads_that_dossier_and_no_other(theme: Theme, at: datetime) -> None:
    reader, (first, second, *_) = expert(1), dossiers(theme)
    assert not policies.may_read(reader, first, at) and not policies.may_read_theme(reader, theme, at)
    opinions.assign([first], [reader], actor=person("bureau"), at=at)
    assert policies.may_read(reader, first, at) and policies.may_read_theme(reader, theme, at)
    assert not policies.may_read(reader, second, at)
    seen = reading.viewer(theme, reader, at)
    assert [sheet.number for sheet in reading.Listing(seen, reading.Asked()).all()] == [first.pk]
    opinions.give_opinion(first, marks(theme, 3), "Bien.", actor=reader, at=at)
    with pytest.raises(Refused, match="lecteurs"):
        opinions.give_opinion(second, marks(theme, 3), "Bien.", actor=reader, at=at)


def test_a_reader_whose_appointment_ended_reads_no_more(theme: Theme, at: datetime) -> None:
    reader, first = expert(1), dossiers(theme)[0]
    opinions.assign([first], [reader], actor=person("bureau"), at=at)
    Appointment.objects.filter(person=reader).update(until=(at - timedelta(days=2)).date())
    again = Person.objects.get(pk=reader.pk)
    assert not policies.may_read(again, first, at) and queries.readings(again, at) == []


def test_a_reader_is_told_once_for_all_her_dossiers(theme: Theme, at: datetime) -> None:
    reader = expert(1)
    opinions.assign(dossiers(theme), [reader], actor=person("bureau"), at=at)
    told = Item.objects.get(to=reader)
    assert "lire 3 candidatures du thème" in told.text
    assert told.address == f"/evaluation/themes/{theme.pk}"
    assert opinions.assign(dossiers(theme), [reader], actor=person("bureau"), at=at + timedelta(hours=1)) == []
    assert Item.objects.filter(to=reader).count() == 1
    assert Entry.objects.filter(verb="assign").count() == 1


def test_what_waits_for_whoever_is_asked(theme: Theme, at: datetime) -> None:
    reader, (first, second, _) = expert(1), dossiers(theme)
    opinions.assign([first, second], [reader], actor=person("bureau"), at=at)
    found = queries.waiting_opinions(reader, at)
    assert [(each.theme, each.dossiers, each.without_opinion, each.whole) for each in found] == [(theme, 2, 2, False)]
    opinions.give_opinion(first, marks(theme, 3), "Bien.", actor=reader, at=at)
    assert queries.waiting_opinions(reader, at)[0].without_opinion == 1


def test_the_dashboard_costs_the_same_whatever_is_asked(
    theme: Theme, at: datetime, django_assert_num_queries: object
) -> None:
    reader = expert(1)
    for asked in (dossiers(theme)[:1], dossiers(theme)):
        opinions.assign(asked, [reader], actor=person("bureau"), at=at)
        again = Person.objects.get(pk=reader.pk)
        with django_assert_num_queries(5):  # type: ignore[operator]
            queries.waiting_opinions(again, at)


@pytest.mark.parametrize("name", ["expert", "dan.lyon", "inspecteur.lyon"])
def test_readers_are_asked_by_the_national_team_or_the_general_inspector(theme: Theme, at: datetime, name: str) -> None:
    with pytest.raises(Refused, match="bureau national ou l'inspecteur général"):
        opinions.assign(dossiers(theme), [expert(1)], actor=person(name), at=at)
    assert opinions.assign(dossiers(theme), [expert(2)], actor=person("inspection.generale"), at=at)


def test_only_those_who_judge_elsewhere_may_be_asked(theme: Theme, at: datetime) -> None:
    Appointment.objects.create(person=person("bureau"), role=Role.EXPERT, since=date(2020, 1, 1))
    # Not appointed; reading the whole theme already; deciding, hence not judging.
    for stranger in (person("dan.lyon"), person("expert"), person("bureau")):
        with pytest.raises(Invalid, match="on désigne des experts"):
            opinions.assign(dossiers(theme), [stranger], actor=person("bureau"), at=at)
    assert not Assignment.objects.exists()


def test_nobody_is_asked_to_judge_her_own_academy(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    reader = expert(1, first.academy)
    with pytest.raises(Invalid, match=rf"Conflit d'intérêts.*Lecteur 1 \(dossier n° {first.pk}\)"):
        opinions.assign(dossiers(theme), [reader], actor=person("bureau"), at=at)
    assert not Assignment.objects.exists() and not Item.objects.filter(to=reader).exists()


def test_a_dossier_is_no_longer_asked_unless_it_was_judged(theme: Theme, at: datetime) -> None:
    reader, (first, second, *_) = expert(1), dossiers(theme)
    opinions.assign([first, second], [reader], actor=person("bureau"), at=at)
    opinions.give_opinion(first, marks(theme, 3), "Bien.", actor=reader, at=at)
    with pytest.raises(Invalid, match="a déjà donné son avis"):
        opinions.unassign(first, reader, actor=person("bureau"), at=at)
    assert not Item.objects.filter(to=reader, settled_at__isnull=False).exists(), "the second dossier still waits"
    opinions.unassign(second, reader, actor=person("bureau"), at=at)
    assert not Item.objects.filter(to=reader, settled_at=None).exists()
    assert [row.application_id for row in readers.assignments(theme)] == [first.pk]


# --- shared out


def test_dossiers_are_shared_out_as_they_were_shown(theme: Theme, at: datetime) -> None:
    chosen = [expert(1, dossiers(theme)[0].academy), expert(2), expert(3)]
    shown = readers.sharing(theme, chosen, 2, at)
    done = opinions.spread(theme, chosen, 2, stamp=shown.stamp, actor=person("bureau"), at=at)
    assert done == shown and sorted(done.loads.values()) == [2, 2, 2]
    assert set(Assignment.objects.values_list("application_id", "reader_id")) == set(shown.pairs)
    assert Item.objects.filter(key__startswith="assigned:").count() == 3


def test_a_sharing_that_changed_since_is_not_written(theme: Theme, at: datetime) -> None:
    chosen = [expert(1), expert(2)]
    shown = readers.sharing(theme, chosen, 1, at)
    Appointment.objects.create(
        person=chosen[0], role=Role.TEACHER, academy=dossiers(theme)[0].academy, since=date(2020, 1, 1)
    )
    with pytest.raises(Invalid, match="ont changé depuis l'aperçu"):
        opinions.spread(theme, chosen, 1, stamp=shown.stamp, actor=person("bureau"), at=at)
    assert not Assignment.objects.exists()


def test_an_impossible_sharing_names_the_dossier(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    with pytest.raises(Invalid, match=f"trop peu peuvent juger.*n° {first.pk}"):
        opinions.spread(theme, [expert(1, first.academy), expert(2)], 2, actor=person("bureau"), at=at)


# --- conflicts


def test_a_declared_conflict_closes_the_dossier_and_sets_the_opinion_aside(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    opinions.give_opinion(first, marks(theme, 4), "Parfait.", actor=person("expert"), at=at)
    opinions.give_opinion(first, marks(theme, 1), "Non.", actor=person("inspection.generale"), at=at)
    opinions.declare_conflict(first, "J'ai relu ce dossier.", actor=person("expert"), at=at)
    assert queries.dossier(first).mean == 1  # the opinion set aside does not count
    mine = reading.sheet(reading.viewer(theme, person("expert"), at), first.pk)
    assert mine.mine is not None and mine.mine.aside and mine.others is None and not mine.conflict
    with pytest.raises(Refused, match="vous avez déclaré"):
        opinions.give_opinion(first, marks(theme, 2), "Si.", actor=person("expert"), at=at)
    national = reading.sheet(reading.viewer(theme, person("bureau"), at), first.pk)
    assert national.mean == 100 and [each.aside for each in national.judgments or ()] == [True, False]
    opinions.undeclare_conflict(first, actor=person("expert"), at=at)
    assert queries.dossier(first).mean == 2.5 and Opinion.objects.get(reader=person("expert"), application=first)


def test_the_page_of_a_dossier_judges_as_the_action_does(theme: Theme, at: datetime) -> None:
    """Whoever reads it: an expert, one in conflict, one asked to read, the national team; then once announced."""
    first = dossiers(theme)[0]
    asked, near = expert(1), expert(2, academy=first.academy)
    opinions.assign([first], [asked], actor=person("bureau"), at=at)
    theme.stewards.create(person=near, role="expert")
    opinions.declare_conflict(first, "J'ai relu ce dossier.", actor=person("inspection.generale"), at=at)
    said = set()
    for announced in (False, True):
        if announced:
            Announcement.objects.create(campaign=theme.campaign, announced_by=person("bureau"), announced_at=at)
        for who in (person("expert"), person("inspection.generale"), person("bureau"), asked, near):
            row = reading.dossier(first.pk)
            assert policies.may_read(who, row, at)
            seen = reading.viewer(row.theme, who, at)
            verdict = reading.may_judge(seen, reading.sheet_of(seen, row))
            assert verdict == policies.may_give_opinion(who, row, at), (who, announced)
            said.add(verdict.reason)
    assert len(said) == 5


def test_the_next_that_waits_comes_after_this_one_then_from_the_first(theme: Theme, at: datetime) -> None:
    seen = reading.viewer(theme, person("expert"), at)
    usual = reading.Listing(seen, reading.Asked()).all()
    waiting = [sheet.number for sheet in usual if sheet.waits]
    assert len(waiting) > 2
    for place, sheet in enumerate(usual):
        others = [number for number in waiting if number != sheet.number]
        later = [each.number for each in usual[place + 1 :] if each.waits]
        around = reading.around(seen, sheet)
        assert around.waiting == len(others)
        assert around.next_waiting is not None and around.next_waiting.number == (later or others)[0]


def test_the_others_do_not_learn_who_is_in_conflict(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    opinions.give_opinion(first, marks(theme, 4), "Parfait.", actor=person("inspection.generale"), at=at)
    opinions.declare_conflict(first, "J'ai relu ce dossier.", actor=person("inspection.generale"), at=at)
    opinions.give_opinion(first, marks(theme, 2), "Moyen.", actor=person("expert"), at=at)
    mine = reading.sheet(reading.viewer(theme, person("expert"), at), first.pk)
    assert mine.others == () and mine.mean == 200


def test_a_conflict_is_declared_with_its_reason_by_a_reader_before_the_announcement(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    with pytest.raises(Invalid, match="ce qui vous lie"):
        opinions.declare_conflict(first, "  ", actor=person("expert"), at=at)
    with pytest.raises(Refused, match="lecteurs du dossier"):
        opinions.declare_conflict(first, "Moi.", actor=person("bureau"), at=at)
    Announcement.objects.create(campaign=theme.campaign, announced_by=person("bureau"), announced_at=at)
    with pytest.raises(Refused, match="annoncés"):
        opinions.declare_conflict(first, "Trop tard.", actor=person("expert"), at=at)
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("field", ["created_by", "inspector_opinion_by"])
def test_whoever_wrote_in_a_dossier_does_not_judge_it(theme: Theme, at: datetime, field: str) -> None:
    first = dossiers(theme)[0]
    Application.objects.filter(pk=first.pk).update(**{field: person("expert")})
    with pytest.raises(Refused, match="vous avez écrit dans cette candidature"):
        opinions.give_opinion(dossiers(theme)[0], marks(theme, 4), "Bien.", actor=person("expert"), at=at)
    assert readers.conflicts_of([person("expert")], theme, at)[person("expert").pk] == {first.pk}


# --- progress


def test_progress_counts_what_each_may_judge(theme: Theme, at: datetime) -> None:
    first, second, third = dossiers(theme)
    reader = expert(1)
    Appointment.objects.create(
        person=person("expert"), role=Role.TEACHER, academy=first.academy, since=date(2020, 9, 1)
    )
    opinions.assign([second, third], [reader], actor=person("bureau"), at=at)
    opinions.give_opinion(second, marks(theme, 3), "Bien.", actor=reader, at=at)
    opinions.give_opinion(second, marks(theme, 3), "Bien.", actor=person("expert"), at=at)
    found = {
        each.reader.name: (each.done, each.expected, each.conflicts) for each in readers.following(theme, at).progress
    }
    assert found == {"Expert numérique": (1, 2, 1), "Inspection générale": (0, 3, 0), "Lecteur 1": (1, 2, 0)}
    assert readers.little_read(theme) == readers.following(theme, at).little_read == 2


# --- what is typed


def test_a_note_is_its_author_s(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    opinions.keep_note(first, " À revoir ", actor=person("expert"), at=at)
    assert reading.note(person("expert"), first.pk) == "À revoir"
    assert reading.note(person("bureau"), first.pk) == ""
    opinions.keep_note(first, "", actor=person("expert"), at=at)
    assert not Note.objects.exists()
    with pytest.raises(Refused):
        opinions.keep_note(first, "Indiscret", actor=person("dan.lyon"), at=at)


def test_what_was_being_typed_is_dropped_once_the_opinion_is_given(theme: Theme, at: datetime) -> None:
    first = dossiers(theme)[0]
    keep_typing(opinions.typing_place(first.pk), {"comment": ["Bien"]}, actor=person("expert"), at=at)
    opinions.give_opinion(first, marks(theme, 3), "Bien.", actor=person("expert"), at=at)
    assert not Typing.objects.filter(person=person("expert")).exists()


# --- what the rules of a theme are judged on


def decided(theme: Theme, academy: str, state: str = "retained") -> None:
    day = timezone.now()
    row = Application.objects.create(
        theme=theme, academy=academy, state="forwarded", created_by=person("bureau"), created_at=day, changed_at=day
    )
    Decision.objects.create(application=row, state=state, decided_by=person("bureau"), decided_at=day)


def test_academies_that_go_on_are_those_retained_both_years(theme: Theme) -> None:
    before = Theme.objects.create(campaign=theme.campaign, title="L'an dernier", framing="…")
    theme.year, theme.continues = 2, before
    for academy, state in (("17", "retained"), ("19", "retained"), ("33", "refused")):
        decided(before, academy, state)
        decided(theme, academy)
    facts = rules.theme_facts(theme, 3)
    assert (facts["year"], facts["continuing_academies"]) == (2, 2)
    theme.year, theme.continues = 1, None
    assert rules.theme_facts(theme, 3)["continuing_academies"] is None


def test_associates_are_those_of_the_pairing(theme: Theme, at: datetime) -> None:
    assert rules.theme_facts(theme, 0)["associates_per_academy_min"] is None
    decided(theme, "06")
    Pairing.objects.create(
        theme=theme, pairs=[["17", "19", "33"], ["09", "14"]], decided_by=person("bureau"), decided_at=at
    )
    facts = rules.theme_facts(theme, 6)
    assert (facts["associates_per_academy_min"], facts["associates_per_academy_max"]) == (0, 2)


# --- what a dossier says of itself


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les élèves de LYON argumentent.", "Lyon"),
        ("Avec l'académie de Lyon.", "Lyon"),
        ("Écrire à equipe@ac-exemple.fr pour voir.", "equipe@ac-exemple.fr"),
        ("Au lycée Marie Curie, en seconde.", "lycée Marie Curie"),
        ("Une équipe du collège Les Tilleuls.", "collège Les Tilleuls"),
        ("Établissement 0699901K.", "0699901K"),
        ("Menée par Mme Dujardin, professeure.", "Dujardin"),
        ("En Auvergne-Rhône-Alpes.", "Auvergne-Rhône-Alpes"),
    ],
)
def test_a_dossier_that_names_itself_is_seen(text: str, words: str) -> None:
    application = Application(
        academy="10",
        titles=["Argumenter"],
        description=text,
        referent_name="Camille Dujardin",
        referent_school="0699901K",
    )
    assert words in [found.words for found in rules.names_itself(application)]
    assert all("un lecteur saurait" in found.sentence for found in rules.names_itself(application))


def test_a_dossier_that_says_nothing_of_itself_is_left_alone() -> None:
    application = Application(
        academy="10",
        titles=["Argumenter au lycée professionnel", "Lyonnais"],
        description="Les élèves du collège et du lycée écrivent. Lycée : une heure. Collège, deux.",
        referent_name="Camille Dujardin",
    )
    assert rules.names_itself(application) == []


def test_the_open_call_is_the_one_these_tests_expect() -> None:
    assert Campaign.objects.get(state="open").edition.selection.readers_min == 2
