from collections.abc import Callable
from pathlib import Path

import pytest

from traam.engines.rulebook import Change, Rulebook, amended, compare, load

Writer = Callable[..., Path]


@pytest.fixture
def before(write_edition: Writer) -> Rulebook:
    return load(write_edition())


def test_an_edition_does_not_differ_from_itself(before: Rulebook) -> None:
    assert compare(before, before) == ()


def test_a_number_changes_and_so_does_the_rule_that_uses_it(before: Rulebook, write_edition: Writer) -> None:
    after = load(write_edition(("rules.toml", "value = 4", "value = 3")))
    assert compare(before, after) == (
        Change("Nombre", "Enseignants, au moins", "4", "3"),
        Change(
            "Règle",
            "Au moins 3\u00a0enseignants",
            "Au moins 4\u00a0enseignants (exigé)",
            "Au moins 3\u00a0enseignants (exigé)",
        ),
    )


def test_what_appears_or_disappears_has_an_empty_side(before: Rulebook, write_edition: Writer) -> None:
    kind = '[[production_kind]]\nid = "film"\nlabel = "Film"\narticle = "A.1"\n\n[[production_kind]]'
    after = load(write_edition(("rules.toml", "[[production_kind]]", kind)))
    assert compare(before, after) == (Change("Production", "Film", "", "Film"),)
    assert compare(after, before) == (Change("Production", "Film", "Film", ""),)


def test_a_gravity_that_changes_is_told(before: Rulebook, write_edition: Writer) -> None:
    after = load(write_edition(("rules.toml", 'severity = "expected"', 'severity = "blocking"')))
    (change,) = compare(before, after)
    assert (change.before, change.after) == ("L'accord du DASEN (attendu)", "L'accord du DASEN (exigé)")


def test_a_criterion_that_weighs_more_and_a_blind_reading_are_told(before: Rulebook, write_edition: Writer) -> None:
    after = load(write_edition(("rules.toml", "weight = 1", "weight = 3")))
    team = Change("Lecture", "Équipe", "Équipe (poids 1)", "Équipe (poids 3)")
    assert compare(before, after) == (team,)
    assert compare(before, amended(after, blind=True)) == (team, Change("Lecture", "Lecture à l'aveugle", "non", "oui"))


def test_an_expert_who_reads_last_is_told(before: Rulebook, write_edition: Writer) -> None:
    circuit = 'scenario = ["referent", "inspector"]'
    after = load(write_edition(("rules.toml", circuit, 'scenario = ["referent", "inspector", "expert"]')))
    assert after.circuit("scenario") == ("referent", "inspector", "expert")
    two = "professeur référent, puis inspecteur"
    assert compare(before, after) == (
        Change("Relecture", "Relecture d'un scénario", two, f"{two}, puis expert du thème"),
    )
    with pytest.raises(KeyError, match="scenario"):
        after.circuit("scenarios")


def test_a_control_that_appears_is_told(before: Rulebook, write_edition: Writer) -> None:
    asked = (
        '[[control]]\nid = "names"\nquestion = "Nul nom ?"\nlook = "Partout."\narticle = "A.1"\n\n[[production_kind]]'
    )
    after = load(write_edition(("rules.toml", "[[production_kind]]", asked)))
    assert [control.id for control in after.checklist] == ["open", "names"]
    assert compare(before, after) == (Change("Contrôle", "Nul nom ?", "", "Nul nom ?"),)
