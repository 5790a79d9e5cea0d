"""Pairs and triples of academies against every way to group them."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.engines.assignment import Member, link, pair
from traam.engines.assignment.values import BadProblem

Groups = tuple[tuple[Member, ...], ...]

members = st.lists(
    st.builds(
        Member,
        academy=st.sampled_from("ABCDEFGH"),
        region=st.sampled_from(("", "nord", "sud")),
        axes=st.frozensets(st.integers(1, 4)),
        school_kind=st.sampled_from(("", "collège", "LP")),
        degree=st.sampled_from(("", "premier", "second")),
    ),
    unique_by=lambda one: one.academy,
    max_size=7,
)
penalties = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")), st.integers(0, 2000), max_size=4
)


def groupings(left: tuple[Member, ...]) -> Iterator[Groups]:
    """Every way to put everyone in a group of two or three."""
    if not left:
        yield ()
    for size in (2, 3):
        for group in combinations(left, size):
            if group[0] == left[0]:
                rest = tuple(one for one in left if one not in group)
                yield from ((group, *others) for others in groupings(rest))


def worth(groups: Groups, already: dict[tuple[str, str], int]) -> Fraction:
    """Mean link × size, as it is published."""
    total = Fraction(0)
    for group in groups:
        links = [link(a, b, already).value for a, b in combinations(group, 2)]
        total += Fraction(sum(links), len(links)) * len(group)
    return total


@settings(max_examples=60, deadline=None, derandomize=True)
@given(members, penalties, st.randoms())
def test_the_pairing_is_the_best_of_all_whatever_the_order(
    given_members: list[Member], already: dict[tuple[str, str], int], chance: object
) -> None:
    found = pair(given_members, already)
    chance.shuffle(given_members)  # type: ignore[attr-defined]
    assert pair(given_members, already) == found
    assert sorted(one for group in found.groups for one in group) == sorted(one.academy for one in given_members)
    if len(given_members) < 2:
        assert (found.value, found.links, found.equals) == (0, (), 0)
        return
    ways = list(groupings(tuple(sorted(given_members, key=lambda one: one.academy))))
    values = [worth(way, already) for way in ways]
    assert found.value == max(values)
    assert found.equals == values.count(max(values)) - 1
    named = [tuple(tuple(one.academy for one in group) for group in way) for way in ways]
    assert found.groups == min(way for way, value in zip(named, values, strict=True) if value == max(values))


def academies(*names: str, **same: object) -> list[Member]:
    return [Member(name, **same) for name in names]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "sizes"),
    [("", []), ("A", [1]), ("AB", [2]), ("ABC", [3]), ("ABCD", [2, 2]), ("ABCDE", [2, 3]), ("ABCDEF", [2, 2, 2])],
)
def test_nobody_is_left_alone_from_two_on(names: str, sizes: list[int]) -> None:
    found = pair(academies(*names))
    assert sorted(len(group) for group in found.groups) == sizes
    assert found.alone == ("A" if names == "A" else "")


def test_a_link_is_what_two_academies_share_and_what_sets_them_apart() -> None:
    lyon = Member("Lyon", "ARA", frozenset({1, 2, 3}), "collège", "second")
    lille = Member("Lille", "HDF", frozenset({2, 3, 4}), "collège", "premier")
    found = link(lyon, lille, {("Lyon", "Lille"): 400})
    assert found.academies == ("Lille", "Lyon")
    assert [(fact.kind, fact.points) for fact in found.facts] == [
        ("axes", 300),
        ("school_kind", 150),
        ("other_degree", 150),
        ("other_region", 100),
        ("already_paired", -400),
    ]
    assert found.facts[0].axes == (2, 3)
    assert found.value == 300
    twin = Member("Lens", "HDF", frozenset({2, 3, 4}), "", "mixte")
    assert [(fact.kind, fact.points) for fact in link(lille, twin).facts] == [("axes", 600), ("other_degree", 150)]
    assert link(Member("A"), Member("B")).facts == ()


def test_a_triple_of_equal_links_weighs_no_more_than_a_pair() -> None:
    six = pair(academies("A", "B", "C", "D", "E", "F", axes=frozenset({1})))
    assert six.value == 6 * 600
    assert six.equals == 15 + 10 - 1, "fifteen ways in pairs, ten in triples, all alike"


def test_among_equals_the_first_in_alphabetical_order_is_kept() -> None:
    axes = {"A": {1}, "B": set(), "C": {1}, "D": {2}, "E": {2}}
    found = pair([Member(name, axes=frozenset(some)) for name, some in axes.items()])
    assert found.groups == (("A", "B", "C"), ("D", "E"))
    assert found.equals == 1, "A with C, and B with D and E"


def test_a_pair_already_made_elsewhere_is_avoided() -> None:
    four = academies("A", "B", "C", "D", axes=frozenset({1}))
    assert pair(four).groups == (("A", "B"), ("C", "D"))
    assert pair(four, {("B", "A"): 1}).groups == (("A", "C"), ("B", "D"))


def test_an_academy_named_twice_and_a_crowd_are_refused() -> None:
    with pytest.raises(BadProblem, match="twice"):
        pair(academies("A", "A"))
    with pytest.raises(BadProblem, match="More than"):
        pair(academies(*map(str, range(15))))
