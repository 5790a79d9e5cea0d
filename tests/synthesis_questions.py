"""What a synthesis must say of some themes, asked of the database in SQL, one question for each number.

Nothing here is shared with what counts in the product: neither its queries, nor its lists of rows. Only the labels come
from the same vocabularies. `figures_of` answers every figure by its key, `tables_of` every cell of every table by its
title, its row and its column.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from traam import reference

GROUPS = "FROM groups_group g JOIN calls_application a ON a.id = g.application_id WHERE a.theme_id IN ({themes}) {more}"
IN_THEME = (
    " JOIN groups_group g ON g.id = {of} JOIN calls_application a ON a.id = g.application_id"
    " WHERE a.theme_id IN ({themes}) {more}"
)
MEMBERS = "FROM groups_member m" + IN_THEME.replace("{of}", "m.group_id")
MEETINGS = "FROM groups_meeting r" + IN_THEME.replace("{of}", "r.group_id") + " AND r.state = 'held'"
SCENARIOS = "FROM productions_scenario s" + IN_THEME.replace("{of}", "s.group_id")
TESTS = "FROM productions_classtest t JOIN productions_scenario s ON s.id = t.scenario_id" + IN_THEME.replace(
    "{of}", "s.group_id"
)
ONLINE = (
    "AND EXISTS (SELECT 1 FROM catalogue_notice n WHERE n.source_key = 'scenario:' || s.id AND n.state = 'published')"
)
VALIDATED = "SELECT COUNT(*) FROM {table} p" + IN_THEME.replace("{of}", "p.group_id") + " AND p.state = 'validated'"
QUESTIONS = {
    "academies": "SELECT COUNT(DISTINCT a.academy) " + GROUPS,
    "equipes": "SELECT COUNT(*) " + GROUPS,
    "personnes": "SELECT COUNT(DISTINCT m.person_id) " + MEMBERS,
    "enseignants": "SELECT COUNT(DISTINCT m.person_id) " + MEMBERS + " AND m.role IN ('teacher', 'referent')",
    "reunions": "SELECT COUNT(*) " + MEETINGS,
    "reunions-nationales": "SELECT COUNT(*) FROM groups_meeting r WHERE r.theme_id IN ({themes}) AND r.state = 'held'",
    "scenarios": "SELECT COUNT(*) " + SCENARIOS,
    "scenarios-valides": "SELECT COUNT(*) " + SCENARIOS + " AND s.state = 'validated'",
    "scenarios-en-ligne": "SELECT COUNT(*) " + SCENARIOS + ONLINE,
    "tests": "SELECT COUNT(*) " + TESTS,
    "tests-croises": "SELECT COUNT(*) " + TESTS + " AND t.academy <> a.academy",
    "scenarios-testes": "SELECT COUNT(DISTINCT t.scenario_id) " + TESTS,
    "eleves": "SELECT COALESCE(SUM(t.pupils), 0) " + TESTS,
    "modules": "SELECT COUNT(*) FROM productions_module p WHERE p.theme_id IN ({themes}) AND p.state = 'validated'",
    "bilans": VALIDATED.replace("{table}", "productions_bilan"),
    "supports": VALIDATED.replace("{table}", "productions_support"),
}
"""The questions of the figures that every synthesis has."""
ROLES = {
    "referent": "Professeur référent",
    "teacher": "Enseignant",
    "inspector": "Inspecteur pilote",
    "cardie": "Représentant de la CARDIE",
    "ien_tice": "IEN-TICE ou IEN de la circonscription",
}

Cells = dict[tuple[str, str], int]
"""The numbers of a table, by the label of their row and that of their column."""


def asked(question: str, themes: Sequence[Any], more: str = "") -> int:
    """The one number that answers; `more` is a last condition."""
    return int(rows(question, themes, more)[0][0])


def rows(question: str, themes: Sequence[Any], more: str = "") -> list[tuple[Any, ...]]:
    keys = ", ".join(str(one.pk) for one in themes)
    with connection.cursor() as cursor:
        cursor.execute(question.replace("{themes}", keys).replace("{more}", more))
        return [tuple(row) for row in cursor.fetchall()]


def figures_of(themes: Sequence[Any]) -> dict[str, int]:
    """Every figure that a text may cite."""
    found = {key: asked(question, themes) for key, question in QUESTIONS.items()}
    found |= {f"niveau-{code}": n for code, _, n in _levels(themes)}
    found |= {f"crcn-{code}": n for code, _, n in _competences("CRCN", "competences", themes)}
    return found | {
        f"academie-{reference.academies()[code].slug}": asked(
            "SELECT COUNT(*) " + SCENARIOS, themes, f"AND a.academy = '{code}'"
        )
        for code in _academies(themes)
    }


def tables_of(themes: Sequence[Any]) -> dict[str, Cells]:
    """Every cell of every table that has one, by the title of the table."""
    found = {
        "Les académies": _of_academies(themes),
        "Les personnes, par fonction": _of_roles(themes),
        "Les scénarios par niveau": _column("Scénarios", _levels(themes)),
        "Les scénarios par compétence des élèves (CRCN)": _column(
            "Scénarios", _competences("CRCN", "competences", themes)
        ),
        "Les scénarios par compétence des enseignants (CRCN-Édu)": _column(
            "Scénarios", _competences("CRCN-Édu", "teacher_competences", themes)
        ),
        "Qui a essayé les scénarios de qui": _matrix(themes),
    }
    return {title: cells for title, cells in found.items() if cells}


def _academies(themes: Sequence[Any]) -> list[str]:
    return [code for (code,) in rows("SELECT DISTINCT a.academy " + GROUPS, themes)]


def _holding(column: str, code: str) -> str:
    """Those whose list, kept as JSON, has this code."""
    return f"""AND CAST(s.{column} AS TEXT) LIKE '%"{code}"%'"""


def _levels(themes: Sequence[Any]) -> list[tuple[str, str, int]]:
    """Those that a scenario or a test names: code, label, how many scenarios."""
    found = []
    for code, level in reference.levels().items():
        count = asked("SELECT COUNT(*) " + SCENARIOS, themes, _holding("levels", code))
        if count or asked("SELECT COUNT(*) " + TESTS, themes, f"AND t.level = '{code}'"):
            found.append((code, level.label, count))
    return found


def _competences(framework: str, column: str, themes: Sequence[Any]) -> list[tuple[str, str, int]]:
    counts = [
        (code, one.full_label, asked("SELECT COUNT(*) " + SCENARIOS, themes, _holding(column, code)))
        for code, one in reference.competences(framework).items()
    ]
    return [one for one in counts if one[2]]


def _column(title: str, counted: Sequence[tuple[str, str, int]]) -> Cells:
    return {(label, title): n for _, label, n in counted}


def _of_roles(themes: Sequence[Any]) -> Cells:
    question = "SELECT COUNT(DISTINCT m.person_id) " + MEMBERS
    counts = {label: asked(question, themes, f"AND m.role = '{role}'") for role, label in ROLES.items()}
    return {(label, "Personnes"): n for label, n in counts.items() if n}


def _of_academies(themes: Sequence[Any]) -> Cells:
    columns = {
        "Équipes": "SELECT COUNT(*) " + GROUPS,
        "Personnes": "SELECT COUNT(DISTINCT m.person_id) " + MEMBERS,
        "Réunions": "SELECT COUNT(*) " + MEETINGS,
        "Scénarios": "SELECT COUNT(*) " + SCENARIOS,
        "Validés": "SELECT COUNT(*) " + SCENARIOS + " AND s.state = 'validated'",
        "Tests de ses scénarios": "SELECT COUNT(*) " + TESTS,
    }
    return {
        (reference.academies()[code].name, column): asked(question, themes, f"AND a.academy = '{code}'")
        for code in _academies(themes)
        for column, question in columns.items()
    }


def _matrix(themes: Sequence[Any]) -> Cells:
    """One question for each pair of academies, those that did nothing for one another included."""
    names = {code: one.name for code, one in reference.academies().items()}
    homes = [code for (code,) in rows("SELECT DISTINCT a.academy " + TESTS, themes)]
    testers = [code for (code,) in rows("SELECT DISTINCT t.academy " + TESTS, themes)]
    return {
        (names[home], names[tester]): asked(
            "SELECT COUNT(*) " + TESTS, themes, f"AND a.academy = '{home}' AND t.academy = '{tester}'"
        )
        for home in homes
        for tester in testers
    }
