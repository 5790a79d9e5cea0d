"""Dossiers shared out between readers, beside every other way of sharing them."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.programme.selection.sharing import Pair, share_out


def every_sharing(dossiers: list[int], readers: list[int], each: int, barred: set[Pair]) -> list[list[int]]:
    """The loads, sorted, of every way to give each dossier as many readers as it can have, up to `each`."""
    choices = []
    for dossier in dossiers:
        free = [reader for reader in readers if (dossier, reader) not in barred]
        choices.append(list(combinations(free, min(each, len(free)))))
    return [sorted(sum(reader in given for given in one) for reader in readers) for one in product(*choices)]


def unevenness(loads: list[int]) -> int:
    return sum(load * load for load in loads)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(1, 2),
    st.sets(st.tuples(st.integers(1, 5), st.integers(101, 104)), max_size=8),
)
def test_no_sharing_is_more_even(count: int, people: int, each: int, barred: set[Pair]) -> None:
    dossiers, readers = list(range(1, count + 1)), list(range(101, 101 + people))
    shared = share_out(dossiers, readers, each, barred)
    best = min(unevenness(loads) for loads in every_sharing(dossiers, readers, each, barred))
    assert unevenness(list(shared.loads.values())) == best
    assert not set(shared.pairs) & barred
    for dossier in dossiers:
        free = sum((dossier, reader) not in barred for reader in readers)
        assert shared.lacking.get(dossier, 0) == max(each - free, 0)
        assert sum(one == dossier for one, _ in shared.pairs) == min(each, free)


def test_the_order_of_what_is_given_changes_nothing() -> None:
    barred = {(1, 101), (4, 102)}
    one = share_out([1, 2, 3, 4, 5], [101, 102, 103], 2, barred)
    other = share_out([5, 3, 1, 4, 2], [103, 101, 102], 2, barred)
    assert one == other and one.stamp == other.stamp


def test_what_is_held_counts_and_does_not_move() -> None:
    shared = share_out([1, 2], [101, 102], 1, set(), {(1, 101)})
    assert shared.pairs == ((2, 102),)
    assert shared.loads == {101: 1, 102: 1}


@pytest.mark.parametrize(("each", "lacking"), [(1, {}), (2, {2: 1})])
def test_what_is_impossible_is_said(each: int, lacking: dict[int, int]) -> None:
    assert share_out([1, 2], [101, 102], each, {(2, 101)}).lacking == lacking


def test_two_thousand_dossiers_are_shared_evenly() -> None:
    readers = list(range(20))
    barred = {(dossier, dossier % 20) for dossier in range(2_000)}
    shared = share_out(range(2_000), readers, 3, barred)
    assert set(shared.loads.values()) == {300} and shared.lacking == {}
