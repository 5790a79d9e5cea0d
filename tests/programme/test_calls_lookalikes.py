"""Looking for candidates first is quick, and forgets no pair."""

import random

import pytest

from traam.programme.calls import lookalikes
from traam.programme.calls.lookalikes import Facet


def _team(pk: int, title: str, name: str = "", email: str = "") -> Facet:
    return Facet(pk, "Un thème", [title], name, email)


@pytest.mark.parametrize("seed", range(20))
def test_no_pair_is_forgotten(seed: int) -> None:
    chance = random.Random(seed)
    words = ["carte", "sonore", "quartier", "journal", "parlé", "classe", "radio", "conte", "musée"]
    teams = [
        _team(pk, " ".join(chance.sample(words, chance.randint(1, 6))), name=f"Nom {chance.randint(1, 40)}")
        for pk in range(60)
    ]
    brute = {(a.one.pk, a.other.pk) for one in teams for a in lookalikes.of(one.pk, teams) if a.one.pk < a.other.pk}
    assert {(a.one.pk, a.other.pk) for a in lookalikes.among(teams, 10_000)} == brute
    assert brute


def test_what_counts_as_alike() -> None:
    teams = [
        _team(1, "La carte sonore du quartier", "Anne", "a@ac-exemple.fr"),
        _team(2, "LA CARTE SONORE DU QUARTIER", "Bruno"),
        _team(3, "La carte sonore du musée", "Chloé"),
        _team(4, "Tout autre chose", "", "A@ac-exemple.fr"),
        _team(5, "", "", ""),
        _team(6, "", "", ""),
    ]
    said = {(a.one.pk, a.other.pk): a.sentence for a in lookalikes.among(teams, 100)}
    assert said == {(1, 2): "intitulé identique", (1, 4): "même professeur référent (A@ac-exemple.fr)"}
    assert lookalikes.of(99, teams) == []
