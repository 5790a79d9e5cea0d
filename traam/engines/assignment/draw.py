"""The published order of candidates that separates equal selections: a draw anyone can do again from the seed."""

from hashlib import sha256

from .values import Problem

LOT_BITS = 20


def lot(seed: int, identifier: str, turn: int = 1) -> int:
    """The number drawn by a candidate: the first 64 bits of SHA-256 of « seed:turn:identifier »."""
    return int.from_bytes(sha256(f"{seed}:{turn}:{identifier}".encode()).digest()[:8], "big")


def draw(problem: Problem, turn: int = 1) -> list[int]:
    """The place of each candidate in the draw, from 1, in the order of `problem.candidates`.

    Between equal selections, the one whose places add up to the least is retained; another `turn` is drawn if two
    still add up to the same.
    """
    ids = [one.id for one in problem.candidates]
    places = {name: place for place, name in enumerate(sorted(ids, key=lambda x: (lot(problem.seed, x, turn), x)), 1)}
    return [places[name] for name in ids]
