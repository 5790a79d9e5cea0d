"""Files in and out at the step: the same verdict as the form, a fixed point in three formats, nothing half done."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from traam.demo.build import DOMAIN, school_number
from traam.engines import sheets
from traam.engines.workflow import Invalid, Refused
from traam.programme.calls import exports, imports, rules
from traam.programme.calls.models import Application, ColumnHeading, Upload
from traam.programme.calls.queries import open_themes, published_themes
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db
LYON = "10"
FORMS = ["xlsx", "ods", "csv"]
TEXTS = (
    "=SOMME(A1:A2)",
    "-12 élèves",
    "'=déjà protégé",
    "+33 et des signes",
    "@tous",
    ' Une ligne\nune autre ; « guillemets », "droits"\tet tabulation',
)


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.get(state="open")


@pytest.fixture
def dan() -> Person:
    return Person.objects.get(email=f"dan.lyon@{DOMAIN}")


def row(campaign: Campaign, **answers: object) -> dict[str, object]:
    theme = open_themes(campaign)[1]
    return {
        "theme": theme.title,
        "degree": "Second degré",
        "titles": "Écrire avec des sources",
        "axes": ("Axe 1", "Axe 2"),
        "description": "Les élèves vérifient ce qu'ils lisent.",
        "inspector_name": "Inspection",
        "inspector_email": "inspection@ac-exemple.fr",
        "inspector_phone": "01 99 00 00 00",
        "referent_name": "Référent",
        "referent_school": school_number(LYON),
        "referent_email": "nouveau@ac-exemple.fr",
        "referent_phone": "01 99 00 00 01",
        "dasen_agreement": "Non",
        "rank": 1,
        "school_kind": "Collège",
        **answers,
    }


def of_titles(titles: Mapping[str, str], *rows: Mapping[str, object]) -> bytes:
    """A .csv under the titles given by key."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(titles.values())
    for one in rows:
        cells = (one.get(key, "") for key in titles)
        writer.writerow([" ; ".join(cell) if isinstance(cell, tuple) else cell for cell in cells])
    return stream.getvalue().encode()


def text_of(*rows: Mapping[str, object]) -> bytes:
    return of_titles(rules.TITLES, *rows)


def kept(campaign: Campaign, dan: Person, data: bytes, name: str = "c.csv") -> Upload:
    return imports.receive(campaign, LYON, data, filename=name, actor=dan, at=timezone.localtime())


def held() -> list[dict[str, Any]]:
    return [dict(row) for row in Application.objects.order_by("pk").values()]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_and_sent_back_changes_nothing_and_is_exported_the_same(
    campaign: Campaign, dan: Person, form: sheets.Form
) -> None:
    at = timezone.localtime()
    odd = [
        row(campaign, description=text, titles=text, referent_email=f"r{n}@ac-exemple.fr")
        for n, text in enumerate(TEXTS)
    ]
    bare = row(campaign, referent_email="", axes=(), rank="", school_kind="", titles="Sans référent")
    sheet = sheets.write(rules.layout(campaign, published_themes(campaign)), [*odd, bare], title="Essai")
    done = imports.apply(campaign, LYON, sheet, actor=dan, at=at)
    assert done.count("new") == len(TEXTS) + 1, done.problems
    first = exports.workbook(campaign, LYON, form)
    before = held()
    again = imports.apply(campaign, LYON, first, filename=f"c.{form}", actor=dan, at=at + timedelta(hours=1))
    assert again.problems == ()
    assert {change.kind for change in again.changes} == {"unchanged"}
    assert again.absent == ()
    assert held() == before
    assert exports.workbook(campaign, LYON, form) == first
    assert Application.objects.filter(description__startswith="=SOMME").count() == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_same_file_twice_changes_nothing(campaign: Campaign, dan: Person, form: sheets.Form) -> None:
    rows = [row(campaign), row(campaign, referent_email="", titles="Sans référent encore", rank=2)]
    data = sheets.write(rules.layout(campaign, published_themes(campaign)), rows, title="Essai", form=form)
    at = timezone.localtime()
    assert imports.apply(campaign, LYON, data, filename=f"c.{form}", actor=dan, at=at).count("new") == 2
    before, acts = held(), Entry.objects.exclude(verb="import_applications").count()
    done = imports.apply(campaign, LYON, data, filename=f"c.{form}", actor=dan, at=at)
    assert (done.count("new"), done.count("changed"), done.count("unchanged")) == (0, 0, 2)
    assert (held(), Entry.objects.exclude(verb="import_applications").count()) == (before, acts)


ODD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
ANSWERS = {
    "theme": st.sampled_from([0, 1, "", "Un thème inventé"]),
    "degree": st.sampled_from(["Second degré", "premier degre", "", "Troisième degré"]),
    "titles": st.sampled_from(["Un", "Un ; Deux", "", "é" * 1001]) | ODD,
    "axes": st.lists(st.sampled_from(["Axe 1", "Axe 2", "Axe 5", "Axe 9", "axe 3"]), max_size=3).map(tuple),
    "description": st.sampled_from(["", "Courte.", "é" * 1000, "é" * 1001, "é" * 10_001]) | ODD,
    "inspector_name": st.sampled_from(["", "N" * 150, "N" * 151]) | ODD,
    "inspector_email": st.sampled_from(["", "a@b.fr", "a(at)b.fr", "a@b", "a@b.fr, c@d.fr"]) | ODD,
    "inspector_phone": st.sampled_from(["", "0199000000", "+33 1 99 00 00 00", "12", "quatre"]),
    "referent_school": st.sampled_from(["", "0699901A", "0750655E", "69"]),
    "referent_phone": st.sampled_from(["", "01.99.00.00.00", "0"]),
    "dasen_agreement": st.sampled_from(["Oui", "non", "", "peut-être"]),
    "rank": st.sampled_from(["", "1", "0", "-3", "100", "1,5", "premier", "2e"]),
    "school_kind": st.sampled_from(["", "Collège", "collège", "Université"]),
}


@given(st.lists(st.fixed_dictionaries(ANSWERS), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_form_and_the_file_give_the_same_verdict_on_the_same_answers(
    campaign: Campaign, drawn: list[dict[str, object]]
) -> None:
    themes = published_themes(campaign)
    rows = []
    for n, answers in enumerate(drawn):
        theme = answers["theme"]
        named = themes[theme].title if isinstance(theme, int) else theme
        rows.append({**answers, "theme": named, "referent_email": f"p{n}@ac-exemple.fr"})
    told: dict[int, list[str]] = {}
    for problem in imports.read(campaign, LYON, text_of(*rows), filename="c.csv").problems:
        told.setdefault(int("".join(c for c in problem.ref.rpartition("!")[2] if c.isdigit())), []).append(
            problem.sentence
        )
    for number, answers in enumerate(rows, start=2):
        errors = rules.examine(campaign, themes, answers)[1]
        assert sorted(told.get(number, [])) == sorted(s for several in errors.values() for s in several), answers


ASKED = {**rules.TITLES, "referent_email": "Mail du prof", "rank": "Ordre de préférence"}


def test_a_column_is_explained_once_for_the_academy(campaign: Campaign, dan: Person) -> None:
    at = timezone.localtime()
    upload = kept(campaign, dan, of_titles({**ASKED, "note": "Remarques"}, {**row(campaign), "note": "à relire"}))
    found = imports.preview(upload)
    assert found.asks
    assert set(found.missing) == {"referent_email", "rank"}
    columns = imports.columns_of(upload)
    assert [heading.title for heading in columns.unknown] == ["Mail du prof", "Ordre de préférence", "Remarques"]
    answers = {"mail du prof": "referent_email", "ordre de preference": "rank", "remarques": ""}
    assert set(answers) == set(columns.chosen)
    imports.explain(upload, answers, actor=dan, at=at)
    again = imports.preview(upload)
    assert not again.asks
    assert again.problems == ()
    assert again.changes[0].values["referent_email"] == "nouveau@ac-exemple.fr"
    assert any("« Mail du prof » est lue comme" in warning.sentence for warning in again.warnings)
    assert imports.columns_of(upload).chosen == answers
    assert imports.columns_of(upload).remembered

    other = imports.read(campaign, "09", of_titles(ASKED, row(campaign)), filename="c.csv")
    assert other.asks, "what Lyon said is not what Lille says"
    imports.forget_headings(upload, actor=dan, at=at)
    assert imports.preview(upload).asks
    assert not ColumnHeading.objects.exists()


def test_a_mapping_never_takes_the_place_of_a_title_of_the_call(campaign: Campaign, dan: Person) -> None:
    ColumnHeading.objects.create(
        academy=LYON, heading=sheets.fold(rules.TITLES["inspector_email"]), key="referent_email"
    )
    found = imports.read(campaign, LYON, text_of(row(campaign)), filename="c.csv")
    assert found.changes[0].values["inspector_email"] == "inspection@ac-exemple.fr"


@pytest.mark.parametrize(
    ("answers", "wrong", "says"),
    [
        (
            {"mail du prof": "rank", "ordre de preference": "rank"},
            "ordre de preference",
            "est déjà la colonne « Mail du prof »",
        ),
        ({"mail du prof": "inspector_name"}, "mail du prof", "Choisissez une colonne de la liste"),
        ({"mail du prof": "pk"}, "mail du prof", "Choisissez une colonne de la liste"),
    ],
)
def test_a_wrong_explanation_is_refused_and_nothing_is_remembered(
    campaign: Campaign, dan: Person, answers: dict[str, str], wrong: str, says: str
) -> None:
    upload = kept(campaign, dan, of_titles(ASKED, row(campaign)))
    with pytest.raises(Invalid) as refused:
        imports.explain(upload, answers, actor=dan, at=timezone.localtime())
    assert says in refused.value.errors[wrong][0]
    assert not ColumnHeading.objects.exists()


def test_the_drafts_that_left_the_file_are_withdrawn_with_it_when_asked(campaign: Campaign, dan: Person) -> None:
    at = timezone.localtime()
    both = text_of(row(campaign), row(campaign, referent_email="part@ac-exemple.fr"))
    imports.apply(campaign, LYON, both, filename="c.csv", actor=dan, at=at)
    gone = Application.objects.get(referent_email="part@ac-exemple.fr")
    upload = kept(campaign, dan, text_of(row(campaign, rank=3)))
    found = imports.preview(upload)
    assert gone in found.absent
    done = imports.accept(upload, stamp=found.stamp, leaving=[gone.pk], actor=dan, at=at)
    assert done.count("changed") == 1
    gone.refresh_from_db()
    assert gone.state == "withdrawn"
    entry = Entry.objects.filter(verb="withdraw").latest("pk")
    assert entry.reason == imports.ABSENT
    assert Entry.objects.filter(verb="import_applications").latest("pk").data["withdrawn"] == 1


def test_a_withdrawal_that_is_not_the_senders_to_ask_writes_nothing(campaign: Campaign, dan: Person) -> None:
    at = timezone.localtime()
    imports.apply(campaign, LYON, text_of(row(campaign)), filename="c.csv", actor=dan, at=at)
    inspector = Person.objects.get(email=f"inspecteur.lyon@{DOMAIN}")
    hers = Application.objects.get(referent_email="nouveau@ac-exemple.fr")
    another = Application.objects.exclude(academy=LYON).filter(state="draft").first()
    data, before = text_of(row(campaign, referent_email="x@ac-exemple.fr")), held()
    with pytest.raises(Refused):
        imports.apply(campaign, LYON, data, filename="c.csv", leaving=[hers.pk], actor=inspector, at=at)
    for pk in (0, *([another.pk] if another else [])):
        with pytest.raises(Invalid):
            imports.apply(campaign, LYON, data, filename="c.csv", leaving=[pk], actor=dan, at=at)
    assert held() == before
