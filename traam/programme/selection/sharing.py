"""Dossiers shared out between readers: as evenly as can be, never to a reader who has to do with them.

Pure: numbers in, numbers out. The same dossiers and the same readers give the same result, whatever their order.
"""

from collections import deque
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from hashlib import sha256

Pair = tuple[int, int]  # (dossier, reader)


@dataclass(frozen=True)
class Sharing:
    """Who is to be asked to read what. `lacking`: how many readers a dossier still lacks, when there are not enough."""

    pairs: tuple[Pair, ...]
    lacking: dict[int, int]
    loads: dict[int, int]  # what each reader would have in all

    @property
    def stamp(self) -> str:
        """The same for the same sharing: whoever agrees to it agrees to this one."""
        return sha256(repr(self.pairs).encode()).hexdigest()[:16]


def share_out(
    dossiers: Iterable[int], readers: Iterable[int], each: int, barred: Set[Pair], held: Set[Pair] = frozenset()
) -> Sharing:
    """Give every dossier `each` of these readers, counting those it already has (`held`).

    The numbers of dossiers of the readers differ as little as conflicts (`barred`) allow: no dossier could go
    from one reader to another, even through others, and bring two loads nearer. What is held does not move.
    """
    board = _Board(sorted(set(readers)), barred, held)
    wanted = {dossier: each - board.already(dossier) for dossier in sorted(set(dossiers))}
    # Those that few readers may judge choose first.
    for dossier in sorted(wanted, key=lambda one: (len(board.free(one)), one)):
        board.place(dossier, wanted[dossier])
    while board.shift():
        pass
    lacking = {dossier: wanted[dossier] - len(board.given.get(dossier, ())) for dossier in wanted}
    return Sharing(
        tuple(sorted((dossier, reader) for dossier, given in board.given.items() for reader in given)),
        {dossier: count for dossier, count in lacking.items() if count > 0},
        dict(board.loads),
    )


@dataclass
class _Board:
    """The sharing as it is made."""

    readers: list[int]
    barred: Set[Pair]
    held: Set[Pair]
    given: dict[int, set[int]] = field(default_factory=dict)
    loads: dict[int, int] = field(default_factory=dict)
    hands: dict[int, set[int]] = field(default_factory=dict)  # what each reader is given

    def __post_init__(self) -> None:
        self.taken = self.barred | self.held
        self.loads = {reader: sum(holder == reader for _, holder in self.held) for reader in self.readers}
        self.hands = {reader: set() for reader in self.readers}

    def already(self, dossier: int) -> int:
        return sum((dossier, reader) in self.held for reader in self.readers)

    def free(self, dossier: int) -> list[int]:
        """The readers who may still be given this dossier."""
        given = self.given.get(dossier, set())
        return [reader for reader in self.readers if reader not in given and (dossier, reader) not in self.taken]

    def place(self, dossier: int, count: int) -> None:
        for reader in sorted(self.free(dossier), key=lambda one: (self.loads[one], one))[: max(count, 0)]:
            self._give(dossier, reader)

    def _give(self, dossier: int, reader: int) -> None:
        self.given.setdefault(dossier, set()).add(reader)
        self.hands[reader].add(dossier)
        self.loads[reader] += 1

    def _take(self, dossier: int, reader: int) -> None:
        self.given[dossier].remove(reader)
        self.hands[reader].remove(dossier)
        self.loads[reader] -= 1

    def shift(self) -> bool:
        """Bring a dossier, from hand to hand, from a reader to one who has two fewer or less; False when none can."""
        for reader in sorted(self.readers, key=lambda one: (-self.loads[one], one)):
            path = self._path(reader)
            if path:
                for dossier, giver, taker in path:
                    self._take(dossier, giver)
                    self._give(dossier, taker)
                return True
        return False

    def _path(self, start: int) -> list[tuple[int, int, int]]:
        """The moves (dossier, from, to) that take one dossier away from `start`, to the first much less loaded."""
        came: dict[int, tuple[int, int]] = {start: (0, 0)}
        waiting = deque([start])
        while waiting:
            giver = waiting.popleft()
            if self.loads[giver] <= self.loads[start] - 2:
                return self._back(giver, start, came)
            for dossier in sorted(self.hands[giver]):
                for taker in self.free(dossier):
                    if taker not in came:
                        came[taker] = (dossier, giver)
                        waiting.append(taker)
        return []

    def _back(self, end: int, start: int, came: dict[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
        moves = []
        while end != start:
            dossier, giver = came[end]
            moves.append((dossier, giver, end))
            end = giver
        return moves
