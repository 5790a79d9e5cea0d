"""The figures of a synthesis, each with its definition, and its tables: what the facts say, ready to be shown."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from traam import reference
from traam.programme.catalogue.syntheses.content import Cell, Drawn, Figure
from traam.programme.valorisation.syntheses.counting import Facts


@dataclass(frozen=True)
class Defined:
    """How one figure is said and counted. `key` is what is written in a text between braces."""

    key: str
    one: str
    many: str
    definition: str
    count: Callable[[Facts], int]


DEFINED = (
    Defined(
        "academies",
        "académie engagée",
        "académies engagées",
        "Académies qui ont un groupe sur ces thèmes, terminé ou non ; une académie compte une fois, même pour deux "
        "thèmes.",
        lambda facts: len({team.academy for team in facts.teams}),
    ),
    Defined(
        "equipes",
        "équipe académique",
        "équipes académiques",
        "Groupes ouverts sur ces thèmes, terminés ou non : un pour chaque candidature retenue.",
        lambda facts: len(facts.teams),
    ),
    Defined(
        "personnes",
        "personne dans les équipes",
        "personnes dans les équipes",
        "Personnes qui sont ou ont été membres d'un de ces groupes, inspecteurs et partenaires compris ; chacune "
        "compte une fois, même dans deux groupes ou dans deux fonctions.",
        lambda facts: len(facts.people),
    ),
    Defined(
        "enseignants",
        "enseignant ou professeur référent",
        "enseignants et professeurs référents",
        "Personnes qui ont été enseignants ou professeurs référents d'un de ces groupes ; chacune compte une fois.",
        lambda facts: len(
            frozenset().union(
                *(people for role, people in facts.roles if role in {"Enseignant", "Professeur référent"})
            )
        ),
    ),
    Defined(
        "reunions",
        "réunion d'équipe tenue",
        "réunions d'équipe tenues",
        "Réunions de ces groupes à l'état « tenue », sans celles du groupe national.",
        lambda facts: sum(team.meetings for team in facts.teams),
    ),
    Defined(
        "reunions-nationales",
        "réunion nationale tenue",
        "réunions nationales tenues",
        "Réunions des groupes nationaux de ces thèmes à l'état « tenue ».",
        lambda facts: facts.national_meetings,
    ),
    Defined(
        "scenarios",
        "scénario écrit",
        "scénarios écrits",
        "Scénarios commencés dans ces groupes, quel que soit leur état.",
        lambda facts: len(facts.scenarios),
    ),
    Defined(
        "scenarios-valides",
        "scénario validé",
        "scénarios validés",
        "Scénarios à l'état « validé » le jour du compte.",
        lambda facts: sum(one.validated for one in facts.scenarios),
    ),
    Defined(
        "scenarios-en-ligne",
        "scénario en ligne",
        "scénarios en ligne",
        "Scénarios de ces groupes qui ont une notice publique le jour du compte.",
        lambda facts: sum(one.online for one in facts.scenarios),
    ),
    Defined(
        "tests",
        "test en classe",
        "tests en classe",
        "Tests notés sur ces scénarios, dans l'académie qui les a écrits ou dans une autre.",
        lambda facts: len(facts.tests),
    ),
    Defined(
        "tests-croises",
        "test dans une autre académie",
        "tests dans une autre académie",
        "Tests tenus dans une autre académie que celle du groupe qui a écrit le scénario.",
        lambda facts: sum(one.academy != one.home for one in facts.tests),
    ),
    Defined(
        "scenarios-testes",
        "scénario essayé en classe",
        "scénarios essayés en classe",
        "Scénarios qui ont au moins un test noté.",
        lambda facts: len({one.scenario for one in facts.tests}),
    ),
    Defined(
        "eleves",
        "élève concerné",
        "élèves concernés",
        "Somme des effectifs des tests : une classe qui a essayé deux scénarios compte deux fois.",
        lambda facts: sum(one.pupils for one in facts.tests),
    ),
    Defined(
        "modules",
        "module de formation validé",
        "modules de formation validés",
        "Modules de ces groupes, ou des groupes nationaux de ces thèmes, à l'état « validé ».",
        lambda facts: facts.validated["modules"],
    ),
    Defined(
        "bilans",
        "bilan académique validé",
        "bilans académiques validés",
        "Bilans de ces groupes à l'état « validé ».",
        lambda facts: facts.validated["bilans"],
    ),
    Defined(
        "supports",
        "support de communication validé",
        "supports de communication validés",
        "Supports de ces groupes à l'état « validé ».",
        lambda facts: facts.validated["supports"],
    ),
)
OVER_SEVERAL = (
    "Sur plusieurs thèmes, rien n'est compté deux fois : une personne ou une académie présente dans deux thèmes compte "
    "une fois. Un scénario appartient à un seul groupe, un test à un seul scénario, une réunion à un seul groupe : "
    "leurs nombres s'additionnent."
)


def figures(facts: Facts) -> list[Figure]:
    """The figures one reads first, then those of the levels, the competences and the academies that have some."""
    found = [_said(one.key, one.count(facts), one.one, one.many, one.definition) for one in DEFINED]
    return [*found, *_of_levels(facts), *_of_competences(facts), *_of_academies(facts)]


FIRST = tuple(one.key for one in DEFINED)
"""The keys of the figures that every synthesis defines."""
ESSENTIAL = frozenset(
    {"academies", "equipes", "personnes", "scenarios", "scenarios-en-ligne", "tests", "tests-croises", "eleves"}
)
"""Those that are read before the text."""


def _said(key: str, value: int, one: str, many: str, definition: str) -> Figure:
    return Figure(key, value, one if value < 2 else many, definition)


def _of_levels(facts: Facts) -> Iterator[Figure]:
    for code, label in _levels(facts):
        count = sum(code in one.levels for one in facts.scenarios)
        definition = f"Scénarios dont « {label} » est un des niveaux ; un scénario de deux niveaux compte dans chacun."
        yield _said(f"niveau-{code}", count, f"scénario, {label}", f"scénarios, {label}", definition)


def _of_competences(facts: Facts) -> Iterator[Figure]:
    for code, label in _competences(facts):
        count = sum(code in one.competences for one in facts.scenarios)
        definition = f"Scénarios dont « {label} » (CRCN) est une des compétences ; un scénario compte dans chacune."
        yield _said(f"crcn-{code}", count, f"scénario, {label}", f"scénarios, {label}", definition)


def _of_academies(facts: Facts) -> Iterator[Figure]:
    homes = {team.pk: team.academy for team in facts.teams}
    for code in _academies(facts):
        academy = reference.academies()[code]
        written = sum(homes[one.team] == code for one in facts.scenarios)
        definition = f"Scénarios écrits par les groupes de l'académie {academy.of_name}, quel que soit leur état."
        label = f"académie {academy.of_name}"
        yield _said(f"academie-{academy.slug}", written, f"scénario, {label}", f"scénarios, {label}", definition)


def _academies(facts: Facts) -> list[str]:
    """Those of the teams, by name."""
    known = reference.academies()
    return sorted({team.academy for team in facts.teams}, key=lambda code: known[code].slug)


def _levels(facts: Facts) -> list[tuple[str, str]]:
    """The levels of the scenarios or of the tests, in the order of the vocabulary."""
    found = {code for one in facts.scenarios for code in one.levels} | {one.level for one in facts.tests}
    known = reference.levels()
    order = {code: place for place, code in enumerate(known)}
    return [
        (code, known[code].label if code in known else code)
        for code in sorted(found, key=lambda code: (order.get(code, len(order)), code))
    ]


def _competences(facts: Facts) -> list[tuple[str, str]]:
    return _labelled("CRCN", (code for one in facts.scenarios for code in one.competences))


def _labelled(framework: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    known = reference.competences(framework)
    return [(code, known[code].full_label if code in known else code) for code in sorted(set(codes))]


def tables(facts: Facts) -> list[Drawn]:
    """The tables that have a row, in the order they are read."""
    found = (
        _teams(facts),
        _people(facts),
        _by_level(facts),
        _by_competence(facts),
        _for_teachers(facts),
        _matrix(facts),
    )
    return [table for table in found if table.rows]


def _teams(facts: Facts) -> Drawn:
    homes = {team.pk: team.academy for team in facts.teams}
    rows = []
    for code in _academies(facts):
        teams = [team for team in facts.teams if team.academy == code]
        people = frozenset().union(*(team.people for team in teams))
        scenarios = [one for one in facts.scenarios if homes[one.team] == code]
        tried = sum(one.home == code for one in facts.tests)
        row: tuple[Cell, ...] = (
            reference.academies()[code].name,
            len(teams),
            len(people),
            sum(team.meetings for team in teams),
            len(scenarios),
            sum(one.validated for one in scenarios),
            tried,
        )
        rows.append(row)
    return Drawn(
        "academies",
        "Les académies",
        ("Académie", "Équipes", "Personnes", "Réunions", "Scénarios", "Validés", "Tests de ses scénarios"),
        tuple(rows),
        "Ce que chaque académie a fait sur ces thèmes. Une personne de deux académies compte dans chacune.",
    )


def _people(facts: Facts) -> Drawn:
    rows = tuple((role, len(people)) for role, people in facts.roles)
    return Drawn(
        "personnes",
        "Les personnes, par fonction",
        ("Fonction", "Personnes"),
        rows,
        "Une personne compte une fois dans une fonction ; qui en a tenu deux compte dans chacune.",
        drawn=1,
    )


def _by_level(facts: Facts) -> Drawn:
    rows = tuple((label, sum(code in one.levels for one in facts.scenarios)) for code, label in _levels(facts))
    return Drawn(
        "niveaux",
        "Les scénarios par niveau",
        ("Niveau", "Scénarios"),
        rows,
        "Un scénario de deux niveaux compte dans chacun : la somme peut dépasser le nombre de scénarios.",
        drawn=1,
    )


def _by_competence(facts: Facts) -> Drawn:
    rows = tuple(
        (label, sum(code in one.competences for one in facts.scenarios)) for code, label in _competences(facts)
    )
    return Drawn(
        "competences",
        "Les scénarios par compétence des élèves (CRCN)",
        ("Compétence", "Scénarios"),
        rows,
        "Un scénario compte dans chacune de ses compétences.",
        drawn=1,
    )


def _for_teachers(facts: Facts) -> Drawn:
    codes = (code for one in facts.scenarios for code in one.teacher_competences)
    rows = tuple(
        (label, sum(code in one.teacher_competences for one in facts.scenarios))
        for code, label in _labelled("CRCN-Édu", codes)
    )
    return Drawn(
        "competences-enseignants",
        "Les scénarios par compétence des enseignants (CRCN-Édu)",
        ("Compétence", "Scénarios"),
        rows,
        "Un scénario compte dans chacune de ses compétences.",
        drawn=1,
    )


def _matrix(facts: Facts) -> Drawn:
    known = reference.academies()
    counts: dict[tuple[str, str], int] = {}
    for one in facts.tests:
        counts[one.home, one.academy] = counts.get((one.home, one.academy), 0) + 1
    homes = sorted({home for home, _ in counts}, key=lambda code: known[code].slug)
    testers = sorted({tester for _, tester in counts}, key=lambda code: known[code].slug)
    rows: list[tuple[Cell, ...]] = [
        (known[home].name, *(counts.get((home, tester), 0) for tester in testers)) for home in homes
    ]
    return Drawn(
        "tests",
        "Qui a essayé les scénarios de qui",
        ("Scénarios de", *(known[code].name for code in testers)),
        tuple(rows),
        "Nombre de tests notés : en ligne l'académie qui a écrit le scénario, en colonne celle où il fut essayé.",
        matrix=True,
    )
