"""Each kind of bad file is refused, at its place, with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from traam.engines.rulebook import BadEdition, load

Writer = Callable[..., Path]

TEACHERS = "rule[1]"
DASEN = "rule[2]"


def refused(folder: Path) -> list[str]:
    with pytest.raises(BadEdition) as caught:
        load(folder)
    return [str(problem).replace("\u00a0", " ") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        # the edition
        ('id = "essai-2030"', 'id = "essai-2031"', "edition.id", "n'est pas le nom du dossier, « essai-2030 »"),
        ('pilot = "Un bureau"\n', "", "edition.pilot", "manque (attendu : un texte)"),
        ('pilot = "Un bureau"', 'pilot = " "', "edition.pilot", "est vide"),
        ('pilot = "Un bureau"', "pilot = 3", "edition.pilot", "attendu : un texte"),
        ("duration_years = 2", "duration_years = 3", "edition.duration_years", "un thème dure 1 ou 2 ans"),
        ("duration_years = 2", "duration_years = true", "edition.duration_years", "attendu : un nombre entier"),
        ("renewable = true", 'renewable = "oui"', "edition.renewable", "attendu : true ou false"),
        ("renewable = true", "renewable = true\nrenewabl = 1", "edition.renewabl", "vouliez-vous dire « renewable » ?"),
        # the calendar
        ('when = "03-10"', 'when = "02-30"', "calendar[1].when", "« 02-30 » n'existe pas chaque année"),
        ('when = "03-10"', 'when = "02-29"', "calendar[1].when", "« 02-29 » n'existe pas chaque année"),
        ('when = "03-10"', 'when = "mi-mars"', "calendar[1].when", "par exemple « 03-15 »"),
        ('when = "04-10"', 'when = "01-10"', "calendar[2].when", "tombe avant « call_opens »"),
        ('id = "call_opens"', 'id = "opening"', "calendar", "il manque l'échéance « call_opens »"),
        ('id = "selection"', 'id = "call_opens"', "calendar[3].id", "« call_opens » est déjà pris plus haut"),
        (
            'when = "03-10"\narticle = "A.1"',
            'when = "03-10"\narticle = "Z"',
            "calendar[1].article",
            "« Z » n'existe pas",
        ),
        # the numbers, the form, the productions
        ("value = 4", 'value = "quatre"', "limits.teachers_min.value", "attendu : un nombre entier"),
        ("value = 4", "value = -1", "limits.teachers_min.value", "doit être positif ou nul"),
        ('id = "titles"', 'id = "title"', "application.field[1].id", "vouliez-vous dire « titles » ?"),
        (
            "mandatory = true",
            "mandatory = true\nlimit = 'x'",
            "application.field[1].limit",
            "limite non définie dans [limits]",
        ),
        (
            "value = 2\narticle",
            "value = 9\narticle",
            "limits.academies_min.value",
            "dépasse « academies_max », qui vaut 5",
        ),
        # the selection
        ('[selection]\narticle = "B.2"', '[selection]\narticle = "B.9"', "selection.article", "« B.9 » n'existe pas"),
        ("blind = false", "blind = 0", "selection.blind", "attendu : true ou false"),
        ("blind = false", "blind = false\nblnd = true", "selection.blnd", "vouliez-vous dire « blind » ?"),
        ("readers_min = 2", "readers_min = 0", "selection.readers_min", "au moins un lecteur"),
        ('id = "team"', 'id = "idea"', "selection.criterion[2].id", "« idea » est déjà pris plus haut"),
        ("weight = 2", "weight = 0", "selection.criterion[1].weight", "un poids vaut au moins 1"),
        ("weight = 2", "weight = 1.5", "selection.criterion[1].weight", "attendu : un nombre entier"),
        ("weight = 2", "weigth = 2", "selection.criterion[1].weigth", "vouliez-vous dire « weight » ?"),
        ("tient-elle ?", "tient.", "selection.criterion[1].question", "une question finit par « ? »"),
        ('label = "Oui"', 'label = "Non"', "selection.mark[2].label", "« Non » est déjà pris plus haut"),
        ('value = 2\nlabel = "Oui"', 'value = 1\nlabel = "Oui"', "selection.mark[2].value", "suit 1"),
        ('value = 1\nlabel = "Non"', 'value = -1\nlabel = "Non"', "selection.mark[1].value", "positif ou nul"),
        ('{ limit = "academies_max" }', '{ limit = "x" }', "selection.proposal.academies_most.limit", "non définie"),
        (
            '{ limit = "academies_max" }',
            '{ limit = "academies_max", value = 3 }',
            "selection.proposal.academies_most.value",
            "une limite apporte déjà sa valeur",
        ),
        ("{ value = 3,", "{ value = -3,", "selection.proposal.academies_least.value", "positif ou nul"),
        ("{ value = 3,", "{ value = 6,", "selection.proposal.academies_least", "dépasse « academies_most »"),
        ("per_region_most", "per_region_max", "selection.proposal.per_region_most", "manque (attendu : une table)"),
        ("academies_most =", "academies_mots =", "selection.proposal.academies_mots", "« academies_most » ?"),
        # the topics
        ('renewal = "A.1"', "", "topics.renewal", "manque"),
        ('renewal = "A.1"', 'renewal = "C.1"', "topics.renewal", "l'article « C.1 » n'existe pas"),
        ('renewal = "A.1"', 'renewal = "A.1"\nrenewals = "A.1"', "topics.renewals", "« renewal » ?"),
        # who reads, and in which order
        ('bilan = ["referent", "inspector"]', "", "review.bilan", "manque"),
        ('bilan = ["referent", "inspector"]', 'bilan = ["referent"]', "review.bilan", "il manque « inspector »"),
        ('bilan = ["referent", "inspector"]', 'bilan = ["inspector", "referent"]', "review.bilan", "suivez l'ordre"),
        ('bilan = ["referent", "inspector"]', 'bilan = ["referent", "expret"]', "review.bilan", "« expert » ?"),
        ("support = [", "carnet = []\nsupport = [", "review.carnet", "clé inconnue"),
        # the minutes put on line
        ("[topics]", '[minutes]\narticle = "C.1"\n\n[topics]', "minutes.article", "« C.1 » n'existe pas dans text.md"),
        ("[topics]", "[minutes]\n\n[topics]", "minutes.article", "manque"),
        # the national synthesis
        ("[topics]", '[synthesis]\narticle = "A.1"\n\n[topics]', "synthesis.sent_to", "manque"),
        (
            "[topics]",
            '[synthesis]\narticle = "A.1"\nsent_to = ["dgescos"]\n\n[topics]',
            "synthesis.sent_to",
            "destinataire inconnu",
        ),
        # what the inspector answers
        ("Ouvrez chaque lien.", " ", "control[1].look", "est vide"),
        ('id = "open"', 'id = "open"\nurgent = true', "control[1].urgent", "clé inconnue"),
        ('id = "carnet"', 'id = "Carnet de bord"', "production_kind[1].id", "un identifiant s'écrit en minuscules"),
        # the rules
        ('id = "group-dasen"', 'id = "group-teachers"', f"{DASEN}.id", "« group-teachers » est déjà pris plus haut"),
        ('on = "group"', 'on = "groups"', f"{TEACHERS}.on", "sujet inconnu ; vouliez-vous dire « group » ?"),
        (
            'fact = "teachers"',
            'fact = "teacher"',
            f"{TEACHERS}.fact",
            "fait inconnu ; vouliez-vous dire « teachers » ?",
        ),
        ('check = "at_least"', 'check = "at_last"', f"{TEACHERS}.check", "vouliez-vous dire « at_least » ?"),
        (
            'check = "at_least"',
            'check = "is_true"',
            f"{TEACHERS}.check",
            "ne s'applique pas à « teachers » (nombre entier)",
        ),
        (
            'limit = "teachers_min"',
            'limit = "teacher_min"',
            f"{TEACHERS}.limit",
            "vouliez-vous dire « teachers_min » ?",
        ),
        ('limit = "teachers_min"', "value = 'trois'", f"{TEACHERS}.value", "« at_least » attend un nombre entier"),
        ('limit = "teachers_min"', "", f"{TEACHERS}.value", "« at_least » attend un nombre entier"),
        ('limit = "teachers_min"', 'limit = "teachers_min"\nvalue = 3', f"{TEACHERS}.limit", "pas les deux"),
        ('limit = ["academies_min", "academies_max"]', "value = [5, 2]", "rule[3].value", "le plus petit d'abord"),
        (
            'limit = ["academies_min", "academies_max"]',
            'limit = "academies_min"',
            "rule[3].limit",
            "deux nombres entiers",
        ),
        (
            'limit = ["academies_min", "academies_max"]',
            'limit = ["academies_max", "academies_min"]',
            "rule[3].limit",
            "le plus petit d'abord",
        ),
        (
            'limit = "teachers_min"\narticle = "A.1"',
            'limit = "teachers_min"\narticle = "B.9"',
            f"{TEACHERS}.article",
            "l'article « B.9 » n'existe pas dans text.md",
        ),
        ('severity = "blocking"', 'severity = "block"', f"{TEACHERS}.severity", "vouliez-vous dire « blocking » ?"),
        ('due = "launch"', 'due = "lunch"', f"{TEACHERS}.due", "vouliez-vous dire « launch » ?"),
        (
            "{actual:enseignant|enseignants}",
            "{actuel}",
            f"{TEACHERS}.message",
            "« {actuel} » n'est pas un emplacement connu",
        ),
        ("{value:enseignant|enseignants}", "{actual}", f"{TEACHERS}.label", "il faut « {value} »"),
        ('todo = "Demandez-le."', 'todo = "Demandez-le"', f"{DASEN}.todo", "une phrase finit par un point"),
        ('fact = "degree"', 'fact = "degre"', f"{DASEN}.when[1].fact", "vouliez-vous dire « degree » ?"),
        (
            '["premier", "mixte"]',
            '["primaire"]',
            f"{DASEN}.when[1].value",
            "« primaire » : valeur inconnue pour « degree »",
        ),
        ('["premier", "mixte"]', "[]", f"{DASEN}.when[1].value", "« one_of » attend une liste de mots"),
        ('value = ["carnet"]', 'value = ["carnets"]', "rule[4].value", "vouliez-vous dire « carnet » ?"),
        ('value = "due_on"', 'value = "titles"', "rule[5].value", "le nom d'un autre fait de même type"),
        ('todo = "Demandez-le."', 'todo = "Demandez-le."\npriority = 1', f"{DASEN}.priority", "clé inconnue"),
        ("[[rule]]", "[rule]", "", "n'est pas du TOML"),
    ],
)
def test_a_bad_rules_file(write_edition: Writer, old: str, new: str, key: str, reason: str) -> None:
    sentences = refused(write_edition(("rules.toml", old, new)))
    place = f"rules.toml, {key} : " if key else "rules.toml : "
    assert any(sentence.startswith(place) and reason in sentence for sentence in sentences), sentences


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("### B.2 Les thèmes {#B.2}", "### A.1 Les thèmes {#A.1}", "ligne 7", "« A.1 » est déjà écrit plus haut"),
        ("## A.1 Les groupes {#A.1}", "## Les groupes {#A.1}", "ligne 3", "doit s'écrire « A.1 Titre {#A.1} »"),
        ("## A.1 Les groupes {#A.1}", "## A.1 {#A.1}", "ligne 3", "doit s'écrire"),
    ],
)
def test_a_bad_text(write_edition: Writer, old: str, new: str, place: str, reason: str) -> None:
    sentences = refused(write_edition(("text.md", old, new)))
    assert any(s.startswith(f"text.md, {place} : ") and reason in s for s in sentences), sentences


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('subject = "group"', 'subject = "groups"', "example[1].subject", "vouliez-vous dire « group » ?"),
        ("teachers = 3", "teacher = 3", "example[2].facts.teacher", "vouliez-vous dire « teachers » ?"),
        ("teachers = 3", 'teachers = "3"', "example[2].facts.teachers", "attendu : nombre entier"),
        ('["group-teachers", ', '["group-teacher", ', "example[2].breaches", "vouliez-vous dire « group-teachers » ?"),
        ("breaches = []", "", "example[1].breaches", "manque"),
        ("[complete.theme]", "[complete.themes]", "complete.themes", "sujet inconnu"),
        ("teachers = 4", "teachers = 4.5", "complete.group.teachers", "attendu : nombre entier"),
    ],
)
def test_a_bad_examples_file(write_edition: Writer, old: str, new: str, key: str, reason: str) -> None:
    sentences = refused(write_edition(("examples.toml", old, new)))
    assert any(s.startswith(f"examples.toml, {key} : ") and reason in s for s in sentences), sentences


@pytest.mark.parametrize("name", ["rules.toml", "text.md", "examples.toml"])
def test_a_missing_file(write_edition: Writer, name: str) -> None:
    folder = write_edition()
    (folder / name).unlink()
    assert any(s.startswith(f"{name} : ce fichier manque") for s in refused(folder))


@pytest.mark.parametrize("name", ["rules.toml", "text.md", "examples.toml"])
def test_a_file_that_is_not_utf_8(write_edition: Writer, name: str) -> None:
    folder = write_edition()
    (folder / name).write_bytes("règle".encode("latin-1"))
    assert any(s.startswith(f"{name} : ") and "UTF-8" in s for s in refused(folder))


def test_every_problem_is_told_at_once(write_edition: Writer) -> None:
    folder = write_edition(
        ("rules.toml", 'check = "at_least"', 'check = "at_last"'),
        ("rules.toml", 'due = "launch"', 'due = "lunch"'),
        ("examples.toml", "teachers = 3", "teacher = 3"),
        ("text.md", "### B.2 Les thèmes {#B.2}", "### Les thèmes"),
    )
    sentences = refused(folder)
    for place in ("rule[1].check", "rule[1].due", "rule[3].article", "example[2].facts.teacher"):
        assert any(f", {place} : " in sentence for sentence in sentences), place


def test_a_selection_needs_criteria_and_a_scale(write_edition: Writer) -> None:
    rules = (write_edition() / "rules.toml").read_text(encoding="utf-8")
    rows = rules[rules.index("[[selection.criterion]]") : rules.index("[selection.proposal]")]
    assert any("selection.criterion : manque" in s for s in refused(write_edition(("rules.toml", rows, ""))))
    one = "criterion = []\nmark = [{ value = 1, label = 'Oui' }]\n"
    sentences = refused(write_edition(("rules.toml", rows, one)))
    assert any("selection.criterion : il faut au moins un critère" in s for s in sentences)
    assert any("selection.mark : une échelle compte au moins deux notes" in s for s in sentences)


def test_one_mistake_gives_one_problem(write_edition: Writer) -> None:
    for old, new in (
        ('check = "at_least"', 'check = "at_last"'),
        ('fact = "teachers"', 'fact = "teacher"'),
        ('on = "group"', 'on = "groups"'),
        ('limit = "teachers_min"', 'limit = "teacher_min"'),
        ('due = "launch"', 'due = "lunch"'),
        ("weight = 2", 'weight = "2"'),
        ('{ limit = "academies_max" }', '{ limit = "academies_mx" }'),
        ('renewal = "A.1"', 'renewal = "C.1"'),
    ):
        assert len(refused(write_edition(("rules.toml", old, new)))) == 1, old


def test_the_refusal_names_the_edition(write_edition: Writer) -> None:
    with pytest.raises(BadEdition, match="L'édition « essai-2030 » ne peut pas servir"):
        load(write_edition(("rules.toml", "value = 4", "value = -4")))
