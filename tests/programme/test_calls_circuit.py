"""The circuit of an application: teacher, inspector, DAN; who may what, who is told, what is never lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN, school_number
from traam.engines import sheets
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls import actions, imports, lookalikes, policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.journal.actions import System
from traam.programme.journal.models import Entry
from traam.programme.letters.actions import invite
from traam.programme.letters.models import Item, Letter
from traam.programme.people.actions import appoint, know
from traam.programme.people.models import Appointment, Person, Role

pytestmark = pytest.mark.django_db
LYON, LILLE = "10", "09"


def campaign() -> Campaign:
    return Campaign.objects.get(state="open")


def theme(n: int = 1) -> Theme:
    return campaign().themes.order_by("pk")[n]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def teacher(name: str = "une.autrice", academy: str = LYON) -> Person:
    found = know(f"{name}@{DOMAIN}", "Une autrice", actor=System(), at=timezone.now())
    appoint(found, Role.TEACHER, academy=academy, actor=System(), at=timezone.now())
    return found


def answers(**changed: object) -> dict[str, object]:
    return {
        "theme": theme().title,
        "degree": "Second degré",
        "titles": "Écrire avec des sources",
        "axes": ["Axe 1"],
        "description": "Les élèves vérifient ce qu'ils lisent.",
        "inspector_name": "Inspecteur de Lyon",
        "inspector_email": f"inspecteur.lyon@{DOMAIN}",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": "Une autrice",
        "referent_school": school_number(LYON),
        "school_kind": "Collège",
        "referent_email": f"une.autrice@{DOMAIN}",
        "referent_phone": "01 99 00 00 01",
        **changed,
    }


def save(actor: Person, application: Application | None = None, **changed: object) -> Application:
    return actions.save_draft(
        campaign(), LYON, answers(**changed), application=application, actor=actor, at=timezone.now()
    )


def do(verb: str, application: Application, who: Person, **more: Any) -> Application:
    done: Application = getattr(actions, verb)(application, actor=who, at=timezone.now(), **more)
    return done


def proposed() -> Application:
    author = teacher()
    return do("submit", save(author), author)


def told() -> list[str]:
    return [item.to.email.split("@")[0] for item in Item.objects.filter(key__contains=":submit:")]


def waiting_for(one: Application) -> list[tuple[str, Person]]:
    """What the next digests tell of it: the kind of line, and whose."""
    told = Item.objects.filter(key__startswith=f"application:{one.pk}:", settled_at=None).order_by("pk")
    return [(item.key.split(":")[2], item.to) for item in told]


def test_the_whole_circuit_and_what_each_is_told() -> None:
    before = Letter.objects.count()
    one = proposed()
    assert waiting_for(one) == [("submit", person("inspecteur.lyon"))]
    with pytest.raises(Refused, match="remonte après l'avis de l'inspecteur"):
        do("forward", one, person("dan.lyon"))
    do("give_inspector_opinion", one, person("inspecteur.lyon"), opinion="favourable")
    assert waiting_for(one) == [("endorse", person("dan.lyon"))], "the inspector is done, the DAN may go on"
    do("give_inspector_opinion", one, person("inspecteur.lyon"), opinion="reserved", comment="À préciser.")
    assert waiting_for(one) == [("endorse", person("dan.lyon"))], "an opinion that changes is told once"
    do("give_inspector_opinion", one, person("inspecteur.lyon"), opinion="favourable")
    done = do("forward", one, person("dan.lyon"))
    assert (done.state, done.inspector_opinion_by) == ("forwarded", person("inspecteur.lyon"))
    assert waiting_for(one) == [("forward", teacher())]
    assert Letter.objects.count() == before, "all of it waits for the digest"


def test_what_its_author_takes_back_is_told_to_nobody() -> None:
    one = proposed()
    do("take_back", one, teacher())
    assert waiting_for(one) == []


def test_what_is_sent_back_says_why_to_its_author_once_for_each_text() -> None:
    one, inspector = proposed(), person("inspecteur.lyon")
    with pytest.raises(Invalid) as refusal:
        do("send_back", one, inspector, reason=" ")
    assert "reason" in refusal.value.errors
    do("send_back", one, inspector, reason="Précisez l'axe.")
    letters = Letter.objects.filter(key__startswith=f"application-send_back:{one.pk}:")
    assert [(x.to, "Précisez l'axe." in x.body) for x in letters] == [(teacher(), True)]
    do("submit", one, teacher())
    do("send_back", one, inspector, reason="Encore.")
    assert letters.all().count() == 2


def test_a_teacher_proposes_only_what_is_complete_on_her_side() -> None:
    author = teacher()
    one = save(author, description="")
    with pytest.raises(Invalid) as refusal:
        do("submit", one, author)
    assert "(article B.2)" in refusal.value.errors["description"][0]
    assert Application.objects.get(pk=one.pk).state == "draft"


def test_a_teacher_cannot_say_what_the_academy_says() -> None:
    author = teacher()
    one = save(author, rank="1", dasen_agreement="Oui")
    assert (one.rank, one.dasen_agreement) == (None, False)
    save(person("dan.lyon"), one, rank="3", dasen_agreement="Oui")
    again = save(author, queries.application(one.pk), description="Autre.", rank="1")
    assert (again.rank, again.dasen_agreement, again.description) == (3, True, "Autre.")


def test_an_opinion_is_explained_unless_favourable_and_asked_again_of_another_text() -> None:
    one, inspector, author = proposed(), person("inspecteur.lyon"), teacher()
    for bad in ({"opinion": "peut-être"}, {"opinion": "reserved"}, {"opinion": "unfavourable", "comment": " "}):
        with pytest.raises(Invalid):
            do("give_inspector_opinion", one, inspector, **bad)
    do("give_inspector_opinion", one, inspector, opinion="reserved", comment="L'axe 2 manque.")
    do("take_back", one, author)
    same = save(author, queries.application(one.pk))
    assert same.inspector_opinion == "reserved", "nothing changed: it still holds"
    changed = save(author, queries.application(one.pk), axes=["Axe 1", "Axe 2"])
    assert (changed.inspector_opinion, changed.inspector_comment, changed.inspector_opinion_by) == ("", "", None)
    assert Entry.objects.filter(object_id=str(one.pk), verb="change").latest("pk").data["opinion_dropped"] == "reserved"


def test_the_inspector_corrects_a_proposed_text_and_her_opinion_stays() -> None:
    one, inspector = proposed(), person("inspecteur.lyon")
    do("give_inspector_opinion", one, inspector, opinion="favourable")
    after = save(inspector, queries.application(one.pk), description="Corrigée.")
    assert (after.state, after.description, after.inspector_opinion) == ("submitted", "Corrigée.", "favourable")


def test_an_opinion_on_a_text_that_changed_is_not_taken() -> None:
    one, inspector = proposed(), person("inspecteur.lyon")
    read = one.revision
    save(person("dan.lyon"), queries.application(one.pk), description="Corrigée.")
    with pytest.raises(Invalid, match="relisez-la"):
        do("give_inspector_opinion", one, inspector, opinion="favourable", revision=read)


def test_who_gives_an_opinion_and_when() -> None:
    one = proposed()
    for who in ("dan.lyon", "inspecteur.lille", "bureau", "expert"):
        with pytest.raises(Refused, match="inspecteurs de son académie"):
            do("give_inspector_opinion", one, person(who), opinion="favourable")
    do("take_back", one, teacher())
    with pytest.raises(Refused, match="écrit encore"):
        do("give_inspector_opinion", one, person("inspecteur.lyon"), opinion="favourable")
    own = save(person("inspecteur.lyon"), titles="Autre projet", referent_email="x@ac-exemple.fr")
    do("give_inspector_opinion", own, person("inspecteur.lyon"), opinion="favourable")
    do("forward", own, person("dan.lyon"))
    with pytest.raises(Refused, match="remontée"):
        do("give_inspector_opinion", own, person("inspecteur.lyon"), opinion="favourable")


def test_what_the_academy_typed_goes_up_without_opinion() -> None:
    assert do("forward", save(person("dan.lyon")), person("dan.lyon")).state == "forwarded"


def test_a_teacher_sees_and_changes_only_what_is_hers() -> None:
    at = timezone.now()
    one, other, foreign = proposed(), teacher("autre"), teacher("ailleurs", LILLE)
    assert policies.may_see(teacher(), one, at)
    for who in (other, foreign, person("referent.lyon")):
        assert not policies.may_see(who, one, at)
        assert not policies.may_edit(who, one, at)
    assert queries.written_by(other, at) == []
    assert queries.written_by(teacher(), at) == [one]
    named = save(person("dan.lyon"), titles="Saisi par le DAN", referent_email=other.email.upper())
    assert queries.written_by(other, at) == [named], "the référent it names is its author too"
    Appointment.objects.filter(person=other).update(until=at.date() - timedelta(days=1))
    assert not policies.may_see(person("autre"), named, at), "no longer a teacher of the academy"


def test_files_and_lists_are_not_a_teachers() -> None:
    at, call = timezone.now(), queries.academy_call("lyon", campaign().pk)
    for may in (policies.may_follow, policies.may_answer, policies.may_forward_call, policies.may_rank):
        assert not may(teacher(), call, at)
    assert policies.may_begin_on(teacher(), call, at)
    assert not policies.may_begin_on(teacher("ailleurs", LILLE), call, at)


def test_nothing_moves_after_the_deadline_and_each_refusal_says_so() -> None:
    one, author = proposed(), teacher()
    late = timezone.now() + timedelta(days=60)
    for verb, who in (("take_back", author), ("send_back", person("dan.lyon")), ("forward", person("dan.lyon"))):
        verdict = policies.may_move(verb, who, one, late)
        assert "date limite" in verdict.reason
    assert "date limite" in policies.may_edit(person("dan.lyon"), one, late).reason
    assert "date limite" in policies.may_give_inspector_opinion(person("inspecteur.lyon"), one, late).reason
    theme().campaign.themes.filter(pk=one.theme_id).update(state="closed")
    closed = queries.application(one.pk)
    assert (
        "est fermé aux candidatures" in policies.may_move("forward", person("dan.lyon"), closed, timezone.now()).reason
    )


def test_all_goes_up_together_but_what_teachers_still_write() -> None:
    Application.objects.filter(academy=LYON, state__in=["draft", "submitted"], theme__campaign=campaign()).delete()
    dan, author = person("dan.lyon"), teacher()
    writing = save(author, titles="En cours", referent_email="y@ac-exemple.fr")
    own = save(dan, titles="Du DAN", referent_email="z@ac-exemple.fr")
    one = proposed()
    with pytest.raises(Invalid) as refusal:
        actions.forward_all(campaign(), LYON, actor=dan, at=timezone.now())
    assert len(refusal.value.errors[""]) == 1
    assert "l'avis de l'inspecteur" in refusal.value.errors[""][0]
    do("give_inspector_opinion", one, person("inspecteur.lyon"), opinion="favourable")
    done = actions.forward_all(campaign(), LYON, actor=dan, at=timezone.now())
    assert {a.pk for a in done} == {own.pk, one.pk}
    assert Application.objects.get(pk=writing.pk).state == "draft"


def test_ranks_are_unique_in_a_theme() -> None:
    dan, at = person("dan.lyon"), timezone.now()
    one, two = (save(dan, titles=f"Projet {n}", referent_email=f"r{n}@ac-exemple.fr") for n in (1, 2))
    elsewhere = save(dan, theme=theme(2).title, titles="Ailleurs", referent_email="r3@ac-exemple.fr", axes=[])
    with pytest.raises(Invalid) as refusal:
        actions.rank(campaign(), LYON, {one.pk: 2, two.pk: 2}, actor=dan, at=at)
    assert refusal.value.errors[f"rank-{one.pk}"] == ["Deux candidatures ont le rang 2 : gardez-le à une seule."]
    actions.rank(campaign(), LYON, {one.pk: 2, two.pk: 1, elsewhere.pk: 1}, actor=dan, at=at)
    assert [a.rank for a in queries.ranked(LYON, theme())][:2] == [1, 2]
    with pytest.raises(Invalid):
        actions.rank(campaign(), LYON, {one.pk: 1}, actor=dan, at=at)  # the other, not named, holds it
    with pytest.raises(Invalid):
        actions.rank(campaign(), LYON, {one.pk: 0}, actor=dan, at=at)
    with pytest.raises(Refused):
        actions.rank(campaign(), LYON, {one.pk: 3}, actor=person("inspecteur.lyon"), at=at)
    foreign = Application.objects.filter(academy=LILLE, theme__campaign=campaign())[0]
    with pytest.raises(Invalid):
        actions.rank(campaign(), LYON, {foreign.pk: 1}, actor=dan, at=at)


def test_one_rank_goes_up_once() -> None:
    dan = person("dan.lyon")
    one, two = (save(dan, titles=f"Projet {n}", referent_email=f"r{n}@ac-exemple.fr", rank="1") for n in (1, 2))
    do("forward", one, dan)
    with pytest.raises(Invalid) as refusal:
        do("forward", two, dan)
    assert "Deux candidatures ont le rang 1" in refusal.value.errors["rank"][0]


def test_what_looks_alike_is_shown_never_refused() -> None:
    dan = person("dan.lyon")
    one = save(dan, titles="Écrire un conte avec les sources du musée", referent_email="a@ac-exemple.fr")
    near = save(
        dan, titles="Écrire un conte avec des sources du musée", referent_name="B", referent_email="b@ac-exemple.fr"
    )
    twice = save(
        dan, theme=theme(2).title, axes=[], titles="Tout autre chose", referent_name="UNE  AUTRICE", referent_email=""
    )
    save(dan, titles="Un projet sans rapport", referent_name="C", referent_email="c@ac-exemple.fr")
    facets = queries.facets(campaign(), LYON)
    found = {alike.other.pk: alike.sentence for alike in lookalikes.of(one.pk, facets)}
    assert found == {near.pk: "intitulé presque identique", twice.pk: "même professeur référent (UNE  AUTRICE)"}
    pairs = {(x.one.pk, x.other.pk) for x in lookalikes.among(facets, 100)}
    assert pairs >= {(one.pk, near.pk), (one.pk, twice.pk)}
    assert len(lookalikes.among(facets, 1)) == 1
    brute = {(x.one.pk, x.other.pk) for f in facets for x in lookalikes.of(f.pk, facets) if x.one.pk < x.other.pk}
    assert pairs == brute, "looking for candidates first forgets none"


def test_a_team_carries_on_once_with_last_years_dossier() -> None:
    dan, at = person("dan.lyon"), timezone.now()
    previous = Application.objects.filter(academy=LYON, decision__state="retained")[0]
    new = theme()
    with pytest.raises(Invalid, match="ne continue pas"):
        actions.draft_from(previous, new, actor=dan, at=at)
    Theme.objects.filter(pk=new.pk).update(continues=previous.theme, year=2, axes=["Un seul axe"])
    new.refresh_from_db()
    with pytest.raises(Refused):
        actions.draft_from(previous, new, actor=person("dan.lille"), at=at)
    one = actions.draft_from(previous, new, actor=dan, at=at)
    assert (one.state, one.renews, one.titles, one.rank) == ("draft", previous, previous.titles, None)
    assert one.axes == [n for n in previous.axes if n <= 1]
    with pytest.raises(Invalid, match="déjà renouvelée"):
        actions.draft_from(previous, new, actor=dan, at=at)


def test_the_stage_in_sql_is_the_one_of_the_policies() -> None:
    proposed()
    save(teacher("autre"), titles="En cours", referent_email="y@ac-exemple.fr")
    save(person("dan.lyon"), titles="Du DAN", referent_email="z@ac-exemple.fr")
    every = list(queries.staged(Application.objects.all()))
    assert {one.stage for one in every} >= {"writing", "draft", "to_endorse", "forwarded"}
    assert {one.stage for one in every} <= states.STAGES.keys()
    for one in every:
        if one.state == "draft":
            assert (one.stage == "writing") == policies.written_by_teacher(one)


def test_who_invites_whom() -> None:
    at = timezone.now()
    dan, inspector, bureau = person("dan.lyon"), person("inspecteur.lyon"), person("bureau")
    for n, (actor, role, academy, allowed) in enumerate(
        (
            (dan, Role.TEACHER, LYON, True),
            (dan, Role.INSPECTOR, LYON, True),
            (dan, Role.TEACHER, LILLE, False),
            (dan, Role.DAN, LYON, False),
            (dan, Role.NATIONAL, "", False),
            (dan, Role.NATIONAL, LYON, False),
            (inspector, Role.TEACHER, LYON, True),
            (inspector, Role.INSPECTOR, LYON, False),
            (inspector, Role.TEACHER, LILLE, False),
            (teacher(), Role.TEACHER, LYON, False),
            (bureau, Role.DAN, LILLE, True),
            (bureau, Role.EXPERT, "", True),
        )
    ):
        email = f"invite{n}@ac-exemple.fr"
        if allowed:
            invited = invite(email, "Quelqu'un", role, academy=academy, actor=actor, at=at)
            assert Letter.objects.filter(to=invited, key__startswith="invitation:").exists()
        else:
            with pytest.raises(Refused, match="Le DAN invite"):
                invite(email, "Quelqu'un", role, academy=academy, actor=actor, at=at)
            assert not Person.objects.filter(email=email).exists()


def test_a_workbook_of_before_the_kind_of_school_does_not_empty_it() -> None:
    one = save(person("dan.lyon"))
    older = replace(rules.layout(campaign(), [theme()]), columns=rules.layout(campaign(), [theme()]).columns[:-1])
    data = sheets.write(older, [{**rules.as_cells(one), "description": "Autre."}], title="Essai", notice=[])
    changes = imports.read(campaign(), LYON, data).changes
    assert [[d.label for d in change.differences] for change in changes] == [["Description"]]


def test_the_kind_of_school_is_asked_by_both_doors() -> None:
    one = save(person("dan.lyon"))
    assert one.school_kind == "college"
    assert rules.as_cells(one)["school_kind"] == "Collège"
    assert "Type d'établissement" in {column.title for column in rules.layout_to_fill(campaign(), [theme()]).columns}
