"""The shortest way from one sequence to another, when it is short enough to be worth telling (Myers, 1986)."""

from collections.abc import Sequence

# Past this many tokens put in or taken out, the two texts are told as two texts: nobody reads such a patchwork, and
# the time grows with the square of it.
MOST_EDITS = 600

Block = tuple[int, int, int, int]  # before[a:b] became after[c:d]


def changed(before: Sequence[str], after: Sequence[str], most: int = MOST_EDITS) -> list[Block]:
    """The stretches that differ, in order. One stretch for the whole when more than `most` tokens changed."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return []
    path = _path(old, new, most) if old and new else None
    if path is None:
        return [(start, start + len(old), start, start + len(new))]
    return [(a + start, b + start, c + start, d + start) for a, b, c, d in _blocks(path, len(old), len(new))]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens both begin with."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _path(old: Sequence[str], new: Sequence[str], most: int) -> list[tuple[int, int]] | None:
    """The pairs of places that match, in order; None when the way is longer than `most`."""
    reach = {1: 0}  # by diagonal, how far in `old`
    steps: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), most) + 1):
        steps.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)
            )
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _back(steps, len(old), len(new))
    return None


def _back(steps: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """Walk back from the end, keeping the pairs that match."""
    pairs = []
    for edits in range(len(steps) - 1, -1, -1):
        reach, diagonal = steps[edits], x - y
        down = diagonal == -edits or (diagonal != edits and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1))
        before = diagonal + 1 if down else diagonal - 1
        start = reach.get(before, 0)
        left, right = start, start - before
        while x > left and y > right and x > 0 and y > 0:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = left, right
    return pairs[::-1]


def _blocks(pairs: list[tuple[int, int]], before: int, after: int) -> list[Block]:
    """What lies between the pairs."""
    blocks, x, y = [], 0, 0
    for left, right in [*pairs, (before, after)]:
        if left > x or right > y:
            blocks.append((x, left, y, right))
        x, y = left + 1, right + 1
    return blocks
