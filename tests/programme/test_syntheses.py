"""The national synthesis: every figure is that of the facts, citations keep their source, the inspector validates."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from synthesis_questions import QUESTIONS, asked

from traam.demo.build import DOMAIN
from traam.engines.workflow import Invalid, Missing, Refused
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries as public
from traam.programme.groups.models import Group, Meeting
from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry
from traam.programme.letters.models import Item, Letter
from traam.programme.people.actions import appoint
from traam.programme.people.models import Person, Role
from traam.programme.productions import bilan_rules
from traam.programme.productions.actions import bilans, reviewing
from traam.programme.productions.models import Bilan, ClassTest, Review, Scenario
from traam.programme.valorisation.syntheses import (
    actions,
    counting,
    figures,
    policies,
    queries,
    rules,
    sending,
    sources,
)
from traam.programme.valorisation.syntheses.models import Synthesis

pytestmark = pytest.mark.django_db

WORDS = "les élèves ont **vérifié** leurs sources"
WRITTEN = {key: f"Ce que nous retenons ({key})." for key in rules.TITLES}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


@pytest.fixture
def theme() -> Theme:
    """A theme at work, with a group of Lyon, one of Lille, and tests that cross."""
    group = Group.objects.filter(application__academy="10", scenarios__tests__isnull=False).order_by("pk")[0]
    return campaigns.theme(group.application.theme_id)


@pytest.fixture
def crossed(theme: Theme, at: datetime) -> ClassTest:
    """A scenario of Lyon tried in Lille, and somebody in two groups of the theme."""
    lyon = Group.objects.get(application__theme=theme, application__academy="10")
    lille = Group.objects.get(application__theme=theme, application__academy="09")
    scenario = Scenario.objects.filter(group=lyon).order_by("pk")[0]
    member = lyon.members.filter(role="teacher").order_by("pk")[0]
    lille.members.create(person=member.person, role="teacher", since=at.date())
    Meeting.objects.create(theme=theme, on=at.date(), mode="remote", subject="Point", state="held", recorded_at=at)
    return ClassTest.objects.create(
        scenario=scenario,
        version=1,
        group=lille,
        academy="09",
        level=scenario.levels[0],
        on=at.date(),
        pupils=31,
        worked="Les élèves ont su dire d'où venait chaque image.",
        by=member.person,
        recorded_at=at,
    )


def opened(theme: Theme, at: datetime, **sections: str) -> Synthesis:
    """Begun without its policies, whatever the demonstration already holds."""
    made = Synthesis.objects.create(
        review=Review.objects.create(opened_at=at),
        title="Synthèse d'essai",
        created_by=person("expert"),
        created_at=at,
        changed_at=at,
    )
    made.themes.set([theme])
    return written(queries.synthesis(made.pk), at, **sections)


def written(synthesis: Synthesis, at: datetime, **sections: str) -> Synthesis:
    return actions.save_synthesis(
        synthesis,
        WRITTEN | sections,
        title=synthesis.title,
        licence="CC-BY-SA",
        nobody_named=True,
        revision=synthesis.revision,
        actor=person("expert"),
        at=at,
    )


def submitted(theme: Theme, at: datetime, **sections: str) -> Synthesis:
    return actions.move(opened(theme, at, **sections), "submit", actor=person("expert"), at=at)


def validated(theme: Theme, at: datetime, **sections: str) -> Synthesis:
    return actions.move(submitted(theme, at, **sections), "validate", actor=person("inspection.generale"), at=at)


def published(theme: Theme, at: datetime, **sections: str) -> tuple[Synthesis, PublicSynthesis]:
    synthesis = validated(theme, at, **sections)
    return synthesis, actions.publish(synthesis, actor=person("expert"), at=at)


# --- the facts (each figure and each cell: `test_synthesis_figures`)


def test_people_of_two_themes_are_counted_once() -> None:
    themes = queries.themes_at_work()
    alone = [asked(QUESTIONS["personnes"], [theme]) for theme in themes]
    together = asked(QUESTIONS["personnes"], themes)
    assert together < sum(alone)
    counted = {one.key: one.value for one in figures.figures(counting.facts(themes))}
    assert counted["personnes"] == together
    assert counted["scenarios"] == sum(asked(QUESTIONS["scenarios"], [theme]) for theme in themes)


def test_the_facts_cost_the_same_for_one_theme_or_several(theme: Theme) -> None:
    costs = []
    for themes in ([theme], queries.themes_at_work()):
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            figures.figures(counting.facts(themes))
        costs.append(len(asked_for))
    assert costs[0] == costs[1] <= 10


# --- figures in the text


def test_a_figure_in_the_text_is_counted_and_leads_to_its_definition(theme: Theme, at: datetime) -> None:
    synthesis = opened(
        theme, at, work="En tout, {{ tests }} tests et {{EQUIPES}} équipes.\n\n{{ tableau:niveaux }}\n\nFin."
    )
    content = queries.live(synthesis, at.date())
    work = next(section for section in content.sections if section.key == "work")
    tests, teams = (asked(QUESTIONS[key], [theme]) for key in ("tests", "equipes"))
    assert work.blocks[0].text == f"En tout, [{tests}](#chiffre-tests) tests et [{teams}](#chiffre-equipes) équipes."
    assert [block.table for block in work.blocks] == ["", "niveaux", ""] and work.blocks[2].text == "Fin."
    assert {one.key for one in content.figures if one.cited} == {"tests", "equipes"}
    assert "niveaux" not in {one.key for one in content.apart}


def test_what_is_no_figure_keeps_the_synthesis_from_being_submitted(theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at, work="Nous avons {{ essais }} essais et {{ citation:7 }}.")
    with pytest.raises(Invalid) as refused:
        actions.move(synthesis, "submit", actor=person("expert"), at=at)
    told = str(refused.value)
    assert "Dans « Ce que les équipes ont fait », {{ essais }} n'est ni un chiffre" in told and "citation:7" in told
    assert queries.synthesis(synthesis.pk).state == "draft"


def test_a_number_typed_by_hand_is_seen_with_the_figure_to_put_instead(theme: Theme, at: datetime) -> None:
    pupils = asked(QUESTIONS["eleves"], [theme])
    text = f"En 2026, {pupils} élèves, en 3e, ont lu (voir http://x.test/{pupils}).\n\n1. Un\n2. Deux"
    found = rules.typed_by_hand({"work": text}, figures.figures(counting.facts([theme])))
    assert [(one.section, one.number) for one in found] == [("Ce que les équipes ont fait", str(pupils))]
    assert "eleves" in {figure.key for figure in found[0].figures}


@pytest.mark.parametrize("section", [key for key, _, asked_for, _ in rules.SECTIONS if asked_for])
def test_an_empty_section_is_named(section: str, theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at, **{section: " "})
    with pytest.raises(Invalid, match=f"« {rules.TITLES[section]} » est vide"):
        actions.move(synthesis, "submit", actor=person("expert"), at=at)


def test_figures_are_frozen_when_it_is_submitted(theme: Theme, at: datetime, crossed: ClassTest) -> None:
    before = asked(QUESTIONS["tests"], [theme])
    synthesis, copy = published(theme, at, work="{{ tests }} tests.")
    ClassTest.objects.filter(pk=crossed.pk).delete()
    shown = queries.shown(queries.synthesis(synthesis.pk), at)
    assert shown.number == 1 and f"[{before}](#chiffre-tests)" in str(shown.content.sections)
    assert f"[{before}](#chiffre-tests)" in str(public.content(public.public_synthesis(copy.pk)).sections)
    moved = {one.label: (one.before, one.after) for one in queries.moved_since(shown.content, queries.facts(synthesis))}
    assert (before, before - 1) in moved.values()


# --- citations


def bilan_of_lyon(theme: Theme, at: datetime, *, validate: bool = True) -> Bilan:
    group = Group.objects.get(application__theme=theme, application__academy="10")
    referent = person("referent.lyon")
    bilan = bilans.begin(group, actor=referent, at=at)
    texts = {key: f"À propos de {key}." for key in bilan_rules.TITLES} | {"pupils": f"On l'a vu : {WORDS}, sans aide."}
    bilan = bilans.save_bilan(
        bilan, texts, licence="CC-BY-SA", nobody_named=True, revision=bilan.revision, actor=referent, at=at
    )
    bilan = reviewing.move(bilan, "submit", actor=referent, at=at)
    return reviewing.move(bilan, "validate", actor=person("inspecteur.lyon"), at=at) if validate else bilan


def rewritten(bilan: Bilan, text: str, at: datetime) -> None:
    referent = person("referent.lyon")
    bilan = reviewing.move(bilan, "reopen", actor=referent, at=at)
    bilan = bilans.save_bilan(
        bilan,
        {**bilan.sections, "pupils": text},
        licence="CC-BY-SA",
        nobody_named=True,
        revision=bilan.revision,
        actor=referent,
        at=at,
    )
    reviewing.move(bilan, "submit", actor=referent, at=at)


def cited(
    synthesis: Synthesis, bilan: Bilan, at: datetime, words: str = "les élèves ont vérifié leurs sources"
) -> None:
    actions.cite(synthesis, f"bilan:{bilan.pk}", "pupils", words, actor=person("expert"), at=at)


def test_a_citation_keeps_its_source_its_version_and_its_words(theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at, pupils="Un groupe l'écrit.\n\n{{ citation:1 }}")
    cited(synthesis, bilan_of_lyon(theme, at), at)
    content = queries.live(queries.synthesis(synthesis.pk), at.date())
    (quote,) = content.quotes
    assert quote.words == "les élèves ont vérifié leurs sources"
    assert "académie de Lyon" in quote.source and "« Ce que les élèves y ont gagné », version 1" in quote.source
    (checked,) = sources.checked(queries.citations(synthesis))
    assert (checked.note, checked.sound, checked.validated) == ("", True, True)


@pytest.mark.parametrize("words", ["les élèves ont recopié leurs sources", "", "x" * 2001])
def test_words_that_are_not_there_are_not_cited(words: str, theme: Theme, at: datetime) -> None:
    synthesis, bilan = opened(theme, at), bilan_of_lyon(theme, at)
    with pytest.raises(Invalid, match="mot pour mot|Copiez ici|2000 au plus"):
        cited(synthesis, bilan, at, words)
    assert queries.citations(synthesis) == []


@pytest.mark.parametrize(
    ("text", "sound", "told"),
    [(f"Encore : {WORDS}.", True, "y sont toujours"), ("Autre chose.", False, "n'y sont plus")],
)
def test_a_source_that_changed_is_said(text: str, sound: bool, told: str, theme: Theme, at: datetime) -> None:
    synthesis, bilan = opened(theme, at), bilan_of_lyon(theme, at)
    cited(synthesis, bilan, at)
    rewritten(bilan, text, at)
    (checked,) = sources.checked(queries.citations(synthesis))
    assert checked.sound is sound and told in checked.note and "sa version 2" in checked.note


def test_words_of_a_bilan_not_validated_are_not_submitted(theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at, pupils="{{ citation:1 }}")
    cited(synthesis, bilan_of_lyon(theme, at, validate=False), at)
    with pytest.raises(Invalid, match="n'est pas encore validé par son inspecteur"):
        actions.move(queries.synthesis(synthesis.pk), "submit", actor=person("expert"), at=at)


def test_a_return_from_class_is_cited_and_its_change_is_said(theme: Theme, at: datetime, crossed: ClassTest) -> None:
    synthesis = opened(theme, at)
    words = "d'où venait chaque image"
    actions.cite(synthesis, f"test:{crossed.pk}", "worked", words, actor=person("expert"), at=at)
    assert sources.checked(queries.citations(synthesis))[0].note == ""
    ClassTest.objects.filter(pk=crossed.pk).update(worked="Autre chose.")
    assert "n'y sont plus" in sources.checked(queries.citations(synthesis))[0].note
    ClassTest.objects.filter(pk=crossed.pk).delete()
    assert "retirée" in sources.checked(queries.citations(synthesis))[0].note


def test_a_source_of_another_theme_is_not_cited(theme: Theme, at: datetime) -> None:
    other = Theme.objects.exclude(pk=theme.pk).filter(applications__group__isnull=False).distinct()[0]
    synthesis = opened(campaigns.theme(other.pk), at)
    with pytest.raises(Missing, match="n'est pas dans les thèmes"):
        cited(synthesis, bilan_of_lyon(theme, at), at)


# --- who does what


def test_two_people_writing_at_once_see_both_texts(theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at)
    before = queries.synthesis(synthesis.pk)
    written(synthesis, at, findings="Le premier.")
    with pytest.raises(actions.StaleSynthesis) as stale:
        written(before, at, findings="Le second.")
    assert stale.value.stored.sections["findings"] == "Le premier."


@pytest.mark.parametrize("who", ["referent.lyon", "inspection.generale", "dan.lyon", "inspecteur.lyon"])
def test_only_its_authors_write(who: str, theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at)
    with pytest.raises(Refused, match="écrite par les experts"):
        actions.save_synthesis(
            synthesis, WRITTEN, title="x", licence="", nobody_named=True, revision=2, actor=person(who), at=at
        )


def test_the_synthesis_of_a_theme_is_opened_once_at_a_time(theme: Theme, at: datetime) -> None:
    with pytest.raises(Refused, match="par son expert"):
        actions.open_synthesis(theme, actor=person("referent.lyon"), at=at)
    opened(theme, at)
    with pytest.raises(Refused, match="déjà en cours"):
        actions.open_synthesis(theme, actor=person("expert"), at=at)


def test_who_wrote_it_does_not_validate_it(theme: Theme, at: datetime) -> None:
    theme.stewards.create(person=person("expert"), role="general_inspector")
    appoint(person("expert"), Role.GENERAL_INSPECTOR, actor=System(), at=at)
    synthesis = submitted(theme, at)
    with pytest.raises(Refused, match="Qui a écrit la synthèse ne la juge pas"):
        actions.move(synthesis, "validate", actor=person("expert"), at=at)


def test_without_a_general_inspector_the_bureau_validates(theme: Theme, at: datetime) -> None:
    theme.stewards.filter(role="general_inspector").delete()
    synthesis = actions.move(submitted(theme, at), "validate", actor=person("bureau"), at=at)
    assert synthesis.state == "validated"


def test_a_return_says_why_and_leaves_at_once(theme: Theme, at: datetime) -> None:
    synthesis = submitted(theme, at)
    with pytest.raises(Invalid, match="ce qu'il faut reprendre"):
        actions.move(synthesis, "send_back", actor=person("inspection.generale"), at=at)
    actions.move(synthesis, "send_back", comment="Précisez.", actor=person("inspection.generale"), at=at)
    letter = Letter.objects.get(key__startswith=f"synthesis:{synthesis.pk}:send_back")
    assert letter.to == person("expert") and "Précisez." in letter.body
    assert Entry.objects.filter(verb="send_back", object_id=str(synthesis.pk)).exists()


def test_a_remark_of_the_national_group_waits_for_an_answer(theme: Theme, at: datetime) -> None:
    synthesis = opened(theme, at)
    with pytest.raises(Refused):
        actions.remark(synthesis, "work", "", "Qui ?", actor=person("dan.lyon"), at=at)
    said = actions.remark(synthesis, "work", "", "Et Lyon ?", actor=person("referent.lyon"), at=at)
    assert Item.objects.filter(to=person("expert"), text__contains="a fait des remarques").exists()
    with pytest.raises(Invalid, match="Une remarque n'a pas de réponse"):
        actions.move(synthesis, "submit", actor=person("expert"), at=at)
    actions.answer(said, "Ajouté.", actor=person("expert"), at=at)
    actions.move(synthesis, "submit", actor=person("expert"), at=at)
    with pytest.raises(Refused, match="qui l'a faite"):
        actions.close(said, actor=person("expert"), at=at)
    assert actions.close(said, actor=person("inspection.generale"), at=at).closed_at == at


# --- on line, corrected, withdrawn, sent


def test_nobody_is_named_on_line(theme: Theme, at: datetime) -> None:
    synthesis = validated(theme, at, findings="Merci à Professeur référent de Lyon, referent@ac-lyon.fr.")
    with pytest.raises(Invalid) as refused:
        actions.publish(synthesis, actor=person("expert"), at=at)
    assert "Professeur référent de Lyon" in str(refused.value)
    assert "referent@ac-lyon.fr" in str(refused.value)
    assert queries.synthesis(synthesis.pk).state == "validated" and queries.of_public(synthesis) is None


def test_what_is_on_line_stays_while_it_is_written_again(theme: Theme, at: datetime) -> None:
    synthesis, copy = published(theme, at)
    again = actions.move(synthesis, "reopen", actor=person("expert"), at=at)
    again = written(again, at, findings="Tout autre chose.")
    assert "Tout autre chose" not in str(public.public_synthesis(copy.pk).stored)
    actions.move(again, "submit", actor=person("expert"), at=at)
    actions.move(again, "validate", actor=person("inspection.generale"), at=at)
    assert actions.publish(again, actor=person("expert"), at=at).pk == copy.pk
    assert public.public_synthesis(copy.pk).version == 2


def test_an_erratum_and_a_withdrawal_say_why(theme: Theme, at: datetime) -> None:
    synthesis, copy = published(theme, at)
    actions.add_erratum(synthesis, "Lire « Lille ».", actor=person("expert"), at=at)
    assert [text for _, text in public.public_synthesis(copy.pk).dated_errata] == ["Lire « Lille »."]
    with pytest.raises(Invalid, match="Dites pourquoi"):
        actions.withdraw(synthesis, " ", actor=person("bureau"), at=at)
    with pytest.raises(Refused):
        actions.withdraw(synthesis, "Erreur.", actor=person("expert"), at=at)
    actions.withdraw(synthesis, "Erreur.", actor=person("inspection.generale"), at=at)
    assert public.public_synthesis(copy.pk).state == "withdrawn"
    assert copy.pk not in {one.pk for one in public.published()}


def test_it_is_sent_once_to_each(theme: Theme, at: datetime) -> None:
    actions.save_list(
        "dgesco", "DGESCO", "Bureau <bureau.a@dgesco.invalid>\nBUREAU.A@dgesco.invalid", actor=person("bureau"), at=at
    )
    synthesis, copy = published(theme, at)
    found = {one.key: one for one in sending.audiences(synthesis, copy.version)}
    assert set(found) >= {"groups", "igesr", "dgesco", "ih2ef"} and len(found["dgesco"].recipients) == 1
    everyone = [one.email for audience in found.values() for one in audience.recipients]
    assert len(everyone) == len(set(everyone))
    sent = actions.send(synthesis, ["groups", "dgesco"], actor=person("expert"), at=at)
    assert sent == len(found["groups"].recipients) + 1
    with pytest.raises(Invalid, match="ont déjà reçu"):
        actions.send(synthesis, ["groups", "dgesco"], actor=person("expert"), at=at + timedelta(days=1))
    letters = Letter.objects.filter(key__startswith=f"synthesis:{synthesis.pk}:1:")
    assert letters.count() == sent and f"/syntheses/{copy.pk}" in letters[0].body
    again = {one.key: one for one in sending.audiences(synthesis, copy.version)}
    assert again["groups"].waiting == [] and again["igesr"].waiting


def test_a_list_with_a_wrong_line_is_refused_whole(at: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_list("ih2ef", "IH2EF", "a@b.invalid\npas une adresse", actor=person("bureau"), at=at)
    assert "Ligne 2" in str(refused.value)
    with pytest.raises(Refused, match="tenues par le bureau"):
        actions.save_list("ih2ef", "IH2EF", "a@b.invalid", actor=person("expert"), at=at)


def test_a_transversal_synthesis_joins_several_themes(at: datetime) -> None:
    themes = queries.themes_at_work()
    with pytest.raises(Invalid, match="au moins deux thèmes"):
        actions.join_themes(themes[:1], title="IA", actor=person("bureau"), at=at)
    synthesis = actions.join_themes(themes, title="L'IA dans trois disciplines", actor=person("bureau"), at=at)
    content = queries.live(synthesis, at.date())
    assert synthesis.transversal and len(content.themes) == len(themes) and content.notes
    assert {one.key: one.value for one in content.figures}["personnes"] == asked(QUESTIONS["personnes"], themes)
    assert policies.may_edit(person("expert"), synthesis, at)
